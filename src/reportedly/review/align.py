"""Which entries of several codings of one report are the same: units, each with at most one entry a coder.

Events are the same where their triggers share words, statements where their cues do or where most of what is said is
the same. Of several that fit, the likest go together first. The result doesn't depend on the order of the coders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from reportedly.types import Event, Reading, Spans, Statement

T = TypeVar("T", Statement, Event)

ALIKE = 0.8
"""The share of code points in common from which two statements without a common cue are the same."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement or event as each coder has it, in the order of the coders; None where a coder has none."""

    statements: tuple[Statement | None, ...] = ()
    events: tuple[Event | None, ...] = ()

    @property
    def entries(self) -> tuple[Statement | Event | None, ...]:
        """What the coders have, whichever of the two it is."""
        return self.statements or self.events

    @property
    def start(self) -> int:
        """Where it stands in the text: the earliest of the coders' words for it."""
        return min(start_of(e) for e in self.entries if e is not None)


def align(readings: Sequence[Reading]) -> tuple[Unit, ...]:
    """The units of these codings, in text order, a statement before an event at the same place."""
    statements = _clusters([r.statements for r in readings])
    events = _clusters([r.events for r in readings])
    units = [Unit(statements=tuple(c)) for c in statements] + [Unit(events=tuple(c)) for c in events]
    return tuple(sorted(units, key=lambda u: (u.start, bool(u.events), sorted(e.id for e in u.entries if e))))


def place_of(units: Sequence[Unit], coder: int, name: str | None) -> int | None:
    """The number of the unit in which this coder has the entry with this id; None where there is none."""
    if name is None:
        return None
    return next((n for n, u in enumerate(units) if (e := u.entries[coder]) is not None and e.id == name), None)


def _clusters(codings: Sequence[Sequence[T]]) -> list[list[T | None]]:
    """Each with one entry a coder, or None."""
    clusters: list[list[T | None]] = [[None] * len(codings) for coding in codings for _ in coding]
    of: dict[tuple[int, str], int] = {}
    for coder, coding in enumerate(codings):
        for entry in coding:
            number = len(of)
            clusters[number][coder] = entry
            of[coder, entry.id] = number
    for _, a, b in _pairs(codings):
        one, other = of[a], of[b]
        if one == other or any(x and y for x, y in zip(clusters[one], clusters[other], strict=True)):
            continue
        clusters[one] = [x or y for x, y in zip(clusters[one], clusters[other], strict=True)]
        clusters[other] = []
        of = {key: one if number == other else number for key, number in of.items()}
    return [c for c in clusters if c]


Key = tuple[int, str]


def _pairs(codings: Sequence[Sequence[T]]) -> list[tuple[tuple[float, ...], Key, Key]]:
    """Entries of two coders that may be the same, the likest first; ties in the order of the text."""
    found = []
    for (a, one), (b, other) in combinations(enumerate(codings), 2):
        for x in one:
            for y in other:
                like = _alike(x, y)
                if like > 0:
                    first, last = sorted((start_of(x), start_of(y)))
                    found.append(((-like, first, last), (a, x.id), (b, y.id)))
    return sorted(found)


def _alike(one: Statement | Event, other: Statement | Event) -> float:
    """How alike two entries are; 0 where they aren't the same."""
    if isinstance(one, Event) and isinstance(other, Event):
        if not one.trigger.touches(other.trigger):
            return 0.0
        return overlap((one.trigger,), (other.trigger,)) + (0.5 if one.kind == other.kind else 0.0)
    if isinstance(one, Statement) and isinstance(other, Statement):
        if not any(a.touches(b) for a in one.content for b in other.content):
            return 0.0
        said = overlap(one.content, other.content)
        if any(a.touches(b) for a in one.cue for b in other.cue):
            return 1.0 + said if said else 0.0
        return said if said >= ALIKE else 0.0
    return 0.0


def start_of(entry: Statement | Event) -> int:
    """Where the entry stands in the text: the first of its own words."""
    if isinstance(entry, Event):
        return entry.trigger.start
    return min(s.start for s in entry.source + entry.cue + entry.content)


def overlap(one: Spans, other: Spans) -> float:
    """Code points in common as a share of all that either covers; 0 where neither covers any."""
    mine = {i for s in one for i in range(s.start, s.end)}
    theirs = {i for s in other for i in range(s.start, s.end)}
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 0.0
