"""Who the agents and targets of an event are: a known actor, a place, or a plain description in the guide's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.cast import Cast, Known
from reportedly.resolve.coreference import Coreference, Pointing
from reportedly.resolve.party_spans import whole_party
from reportedly.resolve.scene import Heard, Scene
from reportedly.resolve.words import NameWords
from reportedly.types import Event, Link, Party, Span

_AND = re.compile(r"\b(?:and|or|versus|vs)\b|,|/")

FIGHTERS = ("unidentified armed group", "unidentified gunmen", "unidentified attackers", "unidentified suicide bomber")
"""Names for fighters whom the words don't name; "the militants" may still point back to a group."""

REACH = 400
"""How many characters back "the militants" looks for a group."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A party named before: where, as what, and in which role."""

    span: Span
    name: str
    actor: Actor | None
    role: str


@dataclass(frozen=True, slots=True)
class _Report:
    """The report that is gone through: its words and places, who is named and heard in it, and the parties so far."""

    scene: Scene
    places: Mapping[Span, Link]
    cast: Callable[[], Cast]
    heard: Sequence[Heard]
    seen: list[Seen]


class PartyResolver:
    """Names agents and targets. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords, coreference: Coreference) -> None:
        self._coreference = coreference
        self._table = table
        self._words = words

    def resolve(
        self, scene: Scene, events: Sequence[Event], places: Mapping[Span, Link], *,
        cast: Callable[[], Cast], heard: Sequence[Heard] = (),
    ) -> tuple[Event, ...]:  # fmt: skip
        """The events with their parties named; order kept. `places` are the links of the report's place mentions,
        `heard` its speakers in text order."""
        report = _Report(scene, places, cast, heard, [])
        named: dict[str, Event] = {}
        for given in sorted(events, key=lambda e: e.trigger.start):
            event = replace(given, kind=self._kind(scene.text, given))
            agents = tuple(self._party(report, p, event, "agent") for p in event.agents)
            targets = tuple(self._party(report, p, event, "target") for p in event.targets)
            named[event.id] = replace(event, agents=agents, targets=targets)
        return tuple(named[e.id] for e in events)

    def _kind(self, text: str, event: Event) -> str:
        """An attack by aircraft is an air strike, one by guns shelling, where doer, weapon or the words for it tell."""
        if event.kind != "attack":
            return event.kind
        told = [self._folded(text, (*event.weapons, event.trigger))]
        told += [self._folded(text, (party.text,)) for party in event.agents]
        if any(words & self._words.downed for words in told):
            return event.kind
        for kind, tools in (("air_strike", self._words.aircraft), ("shelling", self._words.guns)):
            if told[0] & tools or (told[1:] and all(words & tools for words in told[1:])):
                return kind
        return event.kind

    def _folded(self, text: str, spans: Sequence[Span]) -> frozenset[str]:
        return frozenset(t.folded for span in spans for t in tokens_of(text, span.start, span.end))

    def _party(self, report: _Report, party: Party, event: Event, role: str) -> Party:
        scene, seen = report.scene, report.seen
        span = whole_party(scene, party.text, event.trigger, self._words)
        tokens = scene.within(span)
        if not tokens:
            return Party(span, span.of(scene.text))
        if len(tokens) == 1 and tokens[0].folded in self._words.pronouns and not tokens[0].word.isupper():
            return self._pronoun(report, span, event, role, who=self._words.pronouns[tokens[0].folded])
        if tokens[0].folded == "our" and scene.publisher is not None and role == "agent":
            return Party(span, scene.publisher, self._link(span, scene.publisher, scene.outlet))
        if " ".join(t.folded for t in tokens) in self._words.both:
            sides = [self._party_of(actor, event, "agent") for actor in scene.two_sides(span.start)]
            if sides:
                return Party(span, " and ".join(actor.name for actor in sides))
        matches = self._telling(tokens, role, scene)
        actors = self._actors(scene, tokens, matches, event, role)
        if actors:
            name = " and ".join(dict.fromkeys(a.name for a in actors))
            seen.append(Seen(span, name, actors[0], role))
            return Party(span, name, self._link(span, name, actors[0] if len(actors) == 1 else None))
        place = report.places.get(span)
        if place is not None and place.best is not None:
            return Party(span, place.name, place)
        name = self._describe(scene.text, span, tokens)
        group = self._group_before(scene, span, tokens) if name in FIGHTERS else None
        if group is not None:
            seen.append(Seen(span, group.name, group, role))
            return Party(span, group.name, self._link(span, group.name, group))
        seen.append(Seen(span, name, None, role))
        return Party(span, name)

    def _pronoun(self, report: _Report, span: Span, event: Event, role: str, *, who: str) -> Party:
        """ "They" is the likeliest of all who are named before; "we" is the publisher of the text."""
        scene = report.scene
        if who in ("we", "i"):
            name = scene.publisher or span.of(scene.text)
            return Party(span, name, self._link(span, name, scene.outlet if scene.publisher else None))
        pointing = Pointing(
            start=span.start, form="party", head=who, plural=who == "they", telling=frozenset(), speaks_as="",
            outer=None, side=None, into=None, content=(), role=role,
            seen=tuple((one.span, one.role) for one in report.seen if one.span.start < span.start),
        )  # fmt: skip
        cast = report.cast()
        heard = [one for one in report.heard if one.start < span.start]
        known = self._coreference.choose(pointing, cast.known(heard), cast)
        if known is None:
            return Party(span, span.of(scene.text))
        name, actor = self._name_of(report, known, event, role)
        report.seen.append(Seen(span, name, actor, role))
        return Party(span, name, self._link(span, name, actor))

    def _name_of(self, report: _Report, known: Known, event: Event, role: str) -> tuple[str, Actor | None]:
        """What a party is called who is `known` in the text."""
        if known.actor is not None and known.kind != "person":
            actor = self._party_of(known.actor, event, role)
            return actor.name, actor
        if known.span is not None:
            before = next((one for one in reversed(report.seen) if one.span.touches(known.span)), None)
            if before is not None:
                return before.name, before.actor
            return self._describe(report.scene.text, known.span, report.scene.within(known.span)), None
        if known.kind == "description":
            words = known.name.removeprefix("unnamed ").split()
            for size in (3, 2, 1):
                plain = self._words.parties.get(" ".join(words[-size:]).lower())
                if plain:
                    return plain, None
            return " ".join(words), None
        return known.name, None

    def _telling(self, tokens: Sequence[Token], role: str, scene: Scene) -> list[Match]:
        """The matches that name a party: no bare body that is a thing hit or an unknown fighter, no people's state."""
        found = []
        last = tokens[-1].folded
        for match in self._table.matches(tokens, focus=scene.focus, published=scene.published):
            words = " ".join(t.folded for t in tokens[match.first : match.last])
            if match.how == "bare body" and (
                words in self._words.parties or (role == "target" and words in self._words.equipment)
            ):
                continue
            if match.how == "bare body" and match.first and tokens[match.first - 1].folded == "suicide":
                continue
            if match.actor.kind == "person" and match.last - match.first == 1 and len(tokens) > 2:
                continue  # a surname alone among other words is as often another word ("gallant troops")
            if match.actor.kind == "state" and self._words.parties.get(last) in ("civilians", "people", "children"):
                continue
            found.append(match)
        return found

    def _group_before(self, scene: Scene, span: Span, tokens: Sequence[Token]) -> Actor | None:
        """The armed group named last before "the militants": in the same sentence or the two before it."""
        if tokens[0].folded not in ("the", "these", "those"):
            return None
        for match in reversed(scene.matches):
            start = scene.start_of(match)
            if start < span.start and match.actor.kind in ("armed_group", "coalition"):
                return match.actor if span.start - start < REACH else None
        return None

    def _link(self, span: Span, name: str, actor: Actor | None) -> Link | None:
        return Link(span, name, actor.candidate("alias")) if actor else None

    def _actors(
        self, scene: Scene, tokens: Sequence[Token], matches: Sequence[Match], event: Event, role: str
    ) -> list[Actor]:
        """The actors that the mention means: one, or those that "and" joins."""
        found: list[Actor] = []
        named = [t for t in tokens if t.folded not in self._words.dropped]
        if not matches and role == "agent" and len(named) == 1:
            state = self._table.states.by_metonym.get(named[0].word.lower())
            actor = self._table.get(f"state:{state}") if state else None
            return [self._party_of(actor, event, role)] if actor else []
        for number, match in enumerate(matches):
            if (
                match.how == "bare body"
                and number
                and not _AND.search(scene.text[tokens[matches[number - 1].last - 1].end : tokens[match.first].start])
            ):
                continue
            found.append(self._party_of(match.actor, event, role))
        if len(found) > 1 and not _AND.search(scene.text[tokens[0].start : tokens[-1].end]):
            strong = [a for a in found if a.kind not in ("state", "person")] or found
            found = strong[-1:]
        return found

    def _party_of(self, actor: Actor, event: Event, role: str) -> Actor:
        armed = event.kind in self._words.armed_kinds
        if actor.kind == "person" and armed and role == "agent" and (actor.parent or "").startswith("state:"):
            return self._table.get(f"army:{actor.country}") or actor
        if actor.kind == "state" and armed and role == "agent":
            return self._table.get(f"army:{actor.country}") or actor
        if actor.id.startswith("gov:") and armed and role == "agent":
            return self._table.get(f"army:{actor.country}") or actor
        return actor

    def _describe(self, text: str, span: Span, tokens: Sequence[Token]) -> str:
        """The guide's words for unnamed fighters and civilians, or the head noun with the word before it."""
        plain = [t for t in tokens if t.folded not in self._words.dropped and not t.folded[0].isdigit()]
        end = next((i for i, t in enumerate(plain) if i and t.folded in self._words.belonging), len(plain))
        plain = plain[:end]
        for size in (3, 2, 1):
            if len(plain) >= size:
                known = self._words.parties.get(" ".join(t.folded for t in plain[-size:]))
                if known:
                    return known
        if not plain:
            number = all(t.folded[0].isdigit() or t.folded in self._words.dropped for t in tokens)
            return "people" if number else span.of(text)
        return _bare(text[plain[max(0, len(plain) - 2)].start : plain[-1].end])


def _bare(words: str) -> str:
    return re.sub(r"['’]s?$", "", words)
