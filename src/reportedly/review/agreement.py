"""How far coders agree, field by field, over the reports that they have in common.

The entries of each report are aligned first (`align`); a field is compared where two coders or more have the entry.
docs/reference/codings.md says which measure each field has, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from reportedly.review.align import Unit, align, place_of
from reportedly.review.alpha import Alpha, Distance, alpha, interval, joint, masi, nominal, ratio, unitising
from reportedly.types import Event, Link, Party, Reading, Report, Span, Statement

Coded = tuple[Report, Mapping[str, Reading]]
"""A report with its codings, by coder."""

EFFECTS = ("killed", "injured")
"""The tolls that are measured each on its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field: the alpha of all coders together (`None` where no report was coded by all), and of each pair."""

    group: str
    field: str
    measure: str
    together: Alpha | None
    pairs: tuple[tuple[str, str, Alpha], ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The table, how many reports the coders have in common, and how many entries each has and shares."""

    coders: tuple[str, ...]
    reports: int
    rows: tuple[Row, ...]
    entries: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """How a field is compared. `value` gives what a coder says of an entry, or MISSING."""

    group: str
    name: str
    measure: str
    distance: Distance
    value: Callable[[Any, int, Sequence[Unit]], Hashable]


MISSING = object()
"""A value that a coder doesn't give: left out, because an empty toll is no toll of 0."""


def measure(coded: Sequence[Coded], coders: Sequence[str]) -> Agreed:
    """How far `coders` agree. Reports that fewer than two of them coded are passed over."""
    shared = [(r, {c: m[c] for c in coders if c in m}) for r, m in coded]
    shared = [(r, m) for r, m in shared if len(m) > 1]
    pairs = list(combinations(coders, 2))
    together = _measure(shared, coders) if len(coders) > 2 else {}
    apart = {pair: _measure(shared, pair) for pair in pairs}
    rows = []
    for key in _names():
        both = tuple((a, b, apart[a, b][key]) for a, b in pairs if key in apart[a, b])
        whole = together.get(key) or (both[0][2] if len(pairs) == 1 and both else None)
        rows.append(Row(*key, whole, both))
    return Agreed(tuple(coders), len(shared), tuple(rows), _counts(shared, coders))


Key = tuple[str, str, str]


def _names() -> list[Key]:
    spans = [("statements", name, "stretches") for name in ("said", "cue", "source", "all stretches")]
    spans += [("events", "trigger", "stretches")]
    values = [(f.group, f.name, f.measure) for f in _FIELDS]
    return sorted(spans + values, key=lambda k: k[0], reverse=True)


def _measure(shared: Sequence[Coded], coders: Sequence[str]) -> dict[Key, Alpha]:
    """The alphas of these coders, over the reports that every one of them coded."""
    full = [(r, [m[c] for c in coders]) for r, m in shared if all(c in m for c in coders)]
    if not full:
        return {}
    aligned = [align(readings) for _, readings in full]
    found: dict[Key, Alpha] = {}
    for f in _FIELDS:
        values = [_values(f, unit, units) for units in aligned for unit in units]
        found[f.group, f.name, f.measure] = alpha([v for v in values if len(v) > 1], f.distance)
    marked = {
        ("statements", "said"): lambda r: [x for s in r.statements if s.inside is None for x in s.content],
        ("statements", "cue"): lambda r: [x for s in r.statements for x in s.cue],
        ("statements", "source"): lambda r: [x for s in r.statements for x in s.source],
        ("events", "trigger"): lambda r: [e.trigger for e in r.events],
    }
    parts = {key: _stretches(full, spans) for key, spans in marked.items()}
    found |= {(*key, "stretches"): part for key, part in parts.items()}
    found["statements", "all stretches", "stretches"] = joint([p for k, p in parts.items() if k[0] == "statements"])
    return found


def _values(field: _Field, unit: Unit, units: Sequence[Unit]) -> list[Hashable]:
    wanted = Statement if field.group == "statements" else Event
    found = [field.value(e, n, units) for n, e in enumerate(unit.entries) if isinstance(e, wanted)]
    return [v for v in found if v is not MISSING]


def _stretches(full: Sequence[tuple[Report, list[Reading]]], spans: Callable[[Reading], list[Span]]) -> Alpha:
    """Over all reports, laid end to end."""
    length = 0
    marked: list[list[Span]] = [[] for _ in full[0][1]]
    for report, readings in full:
        for coder, reading in enumerate(readings):
            marked[coder] += [Span(s.start + length, s.end + length) for s in spans(reading)]
        length += len(report.text)
    return unitising(length, marked)


def _counts(shared: Sequence[Coded], coders: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    have, common = dict.fromkeys(coders, 0), dict.fromkeys(coders, 0)
    for _, readings in shared:
        names = list(readings)
        for unit in align([readings[n] for n in names]):
            there = [n for n, e in zip(names, unit.entries, strict=True) if e is not None]
            for name in there:
                have[name] += 1
                common[name] += len(there) > 1
    return tuple((c, have[c], common[c]) for c in coders)


def _plain(name: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    return lambda entry, coder, units: getattr(entry, name)


def _named(name: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    """A name without its case and outer article; not stated is a value."""

    def value(entry: Any, coder: int, units: Sequence[Unit]) -> Hashable:
        found = getattr(entry, name)
        return found.casefold().removeprefix("the ") if found else None

    return value


def _pointed(name: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    """Which unit the entry points to, so that ids need not be the same."""
    return lambda entry, coder, units: place_of(units, coder, getattr(entry, name))


def _day(name: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    def value(entry: Any, coder: int, units: Sequence[Unit]) -> Hashable:
        day = getattr(entry, name)
        return MISSING if day is None else day.toordinal()

    return value


def _parties(name: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    def key(party: Party | Link) -> Hashable:
        if isinstance(party, Link):
            return party.best.id if party.best else party.name.casefold()
        return party.name.casefold() if party.name else party.text

    return lambda entry, coder, units: frozenset(key(p) for p in getattr(entry, name))


def _toll(effect: str) -> Callable[[Any, int, Sequence[Unit]], Hashable]:
    def value(entry: Any, coder: int, units: Sequence[Unit]) -> Hashable:
        lows = [f.low for f in entry.toll if f.effect == effect]
        return sum(lows) if lows else MISSING

    return value


def _effects(entry: Any, coder: int, units: Sequence[Unit]) -> Hashable:
    return frozenset(f.effect for f in entry.toll)


_FIELDS = (
    _Field("statements", "speaker", "nominal", nominal, _named("speaker")),
    _Field("statements", "side", "nominal", nominal, _named("side")),
    _Field("statements", "speaker kind", "nominal", nominal, _plain("speaker_kind")),
    _Field("statements", "stance", "nominal", nominal, _plain("stance")),
    _Field("statements", "inside", "nominal", nominal, _pointed("inside")),
    _Field("events", "kind", "nominal", nominal, _plain("kind")),
    _Field("events", "status", "nominal", nominal, _plain("status")),
    _Field("events", "told by", "nominal", nominal, _pointed("statement")),
    _Field("events", "mentions again", "nominal", nominal, _pointed("same_as")),
    _Field("events", "agents", "sets", masi, _parties("agents")),
    _Field("events", "targets", "sets", masi, _parties("targets")),
    _Field("events", "places", "sets", masi, _parties("places")),
    _Field("events", "first day", "interval", interval, _day("first")),
    _Field("events", "last day", "interval", interval, _day("last")),
    _Field("events", "which tolls", "sets", masi, _effects),
    *(_Field("events", effect, "ratio", ratio, _toll(effect)) for effect in EFFECTS),
)
