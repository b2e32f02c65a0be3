"""Looking things up: places, actors, speakers and dates. `Resolver` makes a reading of an extraction."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Self

from reportedly.extract.times import find_times, read_times
from reportedly.resolve.actors import ActorTable
from reportedly.resolve.authority import PlaceIndex
from reportedly.resolve.cast import cast_of
from reportedly.resolve.coreference import Coreference
from reportedly.resolve.dates import date_reading
from reportedly.resolve.event_places import EventPlaces
from reportedly.resolve.parties import PartyResolver
from reportedly.resolve.places import PlaceResolver
from reportedly.resolve.scene import Scene, read_scene
from reportedly.resolve.speaker_kinds import settle_kinds
from reportedly.resolve.speakers import SpeakerResolver, told_by
from reportedly.resolve.states import countries_named, load_states, outlet_states
from reportedly.resolve.toponyms import ToponymFinder
from reportedly.resolve.words import NameWords, load_words
from reportedly.types import Event, Extraction, Link, Reading, Report, Span

__all__ = ["Resolver"]


class Resolver:
    """Fills in what an extraction leaves open: names, links and dates. Immutable; safe in several processes."""

    def __init__(self, index: PlaceIndex, actors: ActorTable, *, words: NameWords, places: PlaceResolver,
                 speakers: SpeakerResolver, parties: PartyResolver, finder: ToponymFinder,
                 coreference: Coreference) -> None:  # fmt: skip
        self._places = places
        self._speakers = speakers
        self._parties = parties
        self._finder = finder
        self._event_places = EventPlaces(words, actors.states)
        self._table = actors
        self._words = words
        self._authorities = ((index.id, index.sha256), (actors.id, actors.sha256), ("names", words.sha256),
                             ("coreference", coreference.sha256))  # fmt: skip

    @classmethod
    def load(cls, places: Path | None = None) -> Self:
        """The shipped authorities, or the place index at `places`. Raises `AuthorityError` where one can't be used."""
        index, states, words = PlaceIndex(places), load_states(), load_words()
        coreference = Coreference.load(words)
        actors = ActorTable(states, words)
        return cls(
            index,
            actors,
            words=words,
            places=PlaceResolver(index, states, words),
            speakers=SpeakerResolver(actors, words, coreference),
            parties=PartyResolver(actors, words, coreference),
            finder=ToponymFinder(index.known, states, words),
            coreference=coreference,
        )

    @property
    def authorities(self) -> tuple[tuple[str, str], ...]:
        """Id and SHA-256 of each authority, for the run."""
        return self._authorities

    def resolve(self, report: Report, extraction: Extraction, *, run: str) -> Reading:
        """The reading of `report`: ids and order are the extraction's; toponyms and actors are in text order."""
        text = report.text
        mentions = _place_spans(extraction)
        counts = countries_named(text, self._table.states)
        if report.outlet:
            counts.update(outlet_states(report.outlet, self._table.states))
        links = self._places.resolve(text, mentions, states_named=counts)
        focus = _focus(counts, links)
        scene = read_scene(report, table=self._table, words=self._words, focus=focus)
        toponyms = self._toponyms(scene, links, counts)
        settled = self._event_places.settle(text, extraction.events, [link.text for link in toponyms])
        links |= {link.text: link for link in toponyms if link.text not in links}
        links = self._with(links, (span for spans in settled for span in spans), text=text, counts=counts)
        placed = zip(extraction.events, settled, strict=True)
        events = tuple(replace(event, places=tuple(links[span] for span in spans)) for event, spans in placed)
        cast = cache(partial(cast_of, scene, self._words, extraction))
        named = self._speakers.resolve(scene, extraction.statements, cast)
        events = self._parties.resolve(scene, events, links, cast=cast, heard=tuple(named.values()))
        statements = settle_kinds(told_by(extraction.statements, named), self._table, scene=scene, words=self._words)
        times = _time_spans(text, events)
        whens = read_times(text, times, published=report.published, sentences=extraction.sentences)
        statements, events = date_reading(report, statements, events, whens, extraction.sentences)
        return Reading(
            report=report.id, run=run, statements=statements, events=events, times=whens,
            toponyms=toponyms, actors=_actor_links(scene),
        )  # fmt: skip

    def _with(
        self, links: Mapping[Span, Link], spans: Iterable[Span], *, text: str, counts: Counter[str]
    ) -> dict[Span, Link]:
        """`links`, and those of `spans` that lack one."""
        found = dict(links)
        new = sorted(set(spans) - found.keys())
        if new:
            around = counts + Counter(link.best.country for link in links.values() if link.best and link.best.country)
            found |= self._places.resolve(text, new, states_named=around)
        return found

    def _toponyms(self, scene: Scene, mentions: Mapping[Span, Link], counts: Counter[str]) -> tuple[Link, ...]:
        """Every place name in text order: those that the rules find, and the model's mentions that hold none of them
        but a name. What `mentions` are linked to stays; it helps to place the others."""
        named = self._finder.find(scene, tuple(mentions), counts)
        starts = [span.start for span in named]
        for span in mentions:
            at = bisect_right(starts, span.start)
            covered = any(span.touches(near) for near in named[max(at - 1, 0) : at + 1])
            if not covered and any(t.word[0].isupper() for t in scene.within(span)):
                named.append(span)
        around = counts + Counter(link.best.country for link in mentions.values() if link.best and link.best.country)
        found = dict(mentions)
        alike: dict[tuple[str, str], list[Span]] = {}
        for span in sorted(set(named) - mentions.keys()):
            behind = scene.text[span.end : span.end + 20].split(maxsplit=1)
            kind = behind[0] if behind and behind[0] in self._words.place_classes else ""
            alike.setdefault((span.of(scene.text), kind), []).append(span)
        first = self._places.resolve(scene.text, [spans[0] for spans in alike.values()], states_named=around)
        for spans in alike.values():  # a name means one thing in a report, so each is looked up once
            found.update((span, replace(first[spans[0]], text=span)) for span in spans)
        return tuple(found[span] for span in sorted(set(named)))


def _time_spans(text: str, events: Sequence[Event]) -> list[Span]:
    """The time expressions that the rules find, and what events have for a time that holds none of them."""
    found = find_times(text)
    starts = [span.start for span in found]
    for span in {span for event in events for span in event.times}:
        at = bisect_right(starts, span.start)
        if not any(span.touches(near) for near in found[max(at - 1, 0) : at + 1]):
            found.append(span)
    return sorted(found)


def _place_spans(extraction: Extraction) -> tuple[Span, ...]:
    mentions = {m.span for m in extraction.mentions if m.kind == "place"}
    return tuple(sorted(mentions | {p.text for e in extraction.events for p in e.places}))


def _focus(counts: Counter[str], links: Mapping[Span, Link]) -> str | None:
    """The state that the report is about: where its places lie, then which it names most. Ties go by the alphabet."""
    found = Counter(counts)
    for link in links.values():
        if link.best is not None and link.best.country and link.precision != "country":
            found[link.best.country] += 2
    return min(found, key=lambda iso3: (-found[iso3], iso3)) if found else None


def _actor_links(scene: Scene) -> tuple[Link, ...]:
    """Every mention of a known actor; a state only where a body of it is meant."""
    found = []
    for match in scene.matches:
        if match.actor.kind == "state":
            continue
        span = Span(scene.tokens[match.first].start, scene.tokens[match.last - 1].end)
        found.append(Link(span, match.actor.name, match.actor.candidate(match.how)))
    return tuple(found)
