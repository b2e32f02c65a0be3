"""Who the agents and targets of an event are: a known actor, a place, or a plain description in the guide's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.party_spans import whole_party
from reportedly.resolve.scene import Scene
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

    start: int
    name: str
    actor: Actor | None
    role: str


class PartyResolver:
    """Names agents and targets. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords) -> None:
        self._table = table
        self._words = words

    def resolve(self, scene: Scene, events: Sequence[Event], places: Mapping[Span, Link]) -> tuple[Event, ...]:
        """The events with their parties named; order kept. `places` are the links of the report's place mentions."""
        seen: list[Seen] = []
        named: dict[str, Event] = {}
        for event in sorted(events, key=lambda e: e.trigger.start):
            event = replace(event, kind=self._kind(scene.text, event))
            agents = tuple(self._party(scene, p, event, "agent", seen, places) for p in event.agents)
            targets = tuple(self._party(scene, p, event, "target", seen, places) for p in event.targets)
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

    def _party(
        self, scene: Scene, party: Party, event: Event, role: str, seen: list[Seen], places: Mapping[Span, Link]
    ) -> Party:
        span = whole_party(scene, party.text, event.trigger, self._words)
        tokens = scene.within(span)
        if not tokens:
            return Party(span, span.of(scene.text))
        if len(tokens) == 1 and tokens[0].folded in self._words.pronouns and not tokens[0].word.isupper():
            return self._pronoun(scene, span, tokens[0], role, seen)
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
            seen.append(Seen(span.start, name, actors[0], role))
            return Party(span, name, self._link(span, name, actors[0] if len(actors) == 1 else None))
        place = places.get(span)
        if place is not None and place.best is not None:
            return Party(span, place.name, place)
        name = self._describe(scene.text, span, tokens)
        group = self._group_before(scene, span, tokens) if name in FIGHTERS else None
        if group is not None:
            seen.append(Seen(span.start, group.name, group, role))
            return Party(span, group.name, self._link(span, group.name, group))
        seen.append(Seen(span.start, name, None, role))
        return Party(span, name)

    def _pronoun(self, scene: Scene, span: Span, token: Token, role: str, seen: Sequence[Seen]) -> Party:
        """ "They" is the last party in the same role, then the last known actor; "we" is the publisher of the text."""
        who = self._words.pronouns[token.folded]
        if who in ("we", "i"):
            name = scene.publisher or span.of(scene.text)
            return Party(span, name, self._link(span, name, scene.outlet if scene.publisher else None))
        before = [s for s in seen if s.start < span.start]
        apt = [s for s in before if s.role == role] or [s for s in before if s.actor is not None] or before
        if not apt:
            return Party(span, span.of(scene.text))
        return Party(span, apt[-1].name, self._link(span, apt[-1].name, apt[-1].actor))

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
