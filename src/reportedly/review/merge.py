"""Curation: several codings of one report merged into one, an editor choosing where they differ.

What all coders have alike is merged already. For the rest there are questions: whether an entry is in at all where not
all have it, and whose value a field takes where those who have it differ. Each has a default: what most people say; of
equals what most coders say, the machine among them; of equals the first one's. Fields that point to other entries are
compared by what they point to, not by ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportedly.errors import EditError
from reportedly.review.align import Unit, place_of
from reportedly.types import Event, Link, Party, Reading, Report, Span, Statement

FIELDS = {
    "statement": (
        *("source", "cue", "content", "told_to", "speaker", "side", "speaker_kind", "stance", "said_on", "inside"),
    ),
    "event": (
        *("trigger", "kind", "status", "statement", "agents", "targets", "places", "times", "weapons", "toll"),
        *("first", "last", "same_as"),
    ),
}
AROUND = 90
"""Characters that are shown on either side of an entry."""

POINTERS = ("inside", "statement", "same_as")


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a field may take: by whom (numbers of coders), in words; `coder` is the first of them."""

    coder: int
    coders: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which coders differ: what each says, and the coder whose value is taken unless one chooses."""

    field: str
    options: tuple[Option, ...]
    default: int


@dataclass(frozen=True, slots=True)
class Question:
    """A unit that not all coders have alike. `present` are the coders that have it; `kept`: it is in by default.

    `before` and `after` are what stands around its `words`.
    """

    number: int
    what: str
    words: str
    before: str
    after: str
    present: tuple[int, ...]
    kept: bool
    choices: tuple[Choice, ...]


def questions(report: Report, units: Sequence[Unit], coders: int, *, people: int) -> tuple[Question, ...]:
    """What an editor has to settle, in text order; none where all agree. The first `people` coders are people."""
    found = []
    for number, unit in enumerate(units):
        present = tuple(n for n, e in enumerate(unit.entries) if e is not None)
        choices = tuple(c for c in (_choice(report, units, number, f, people) for f in FIELDS[what_of(unit)]) if c)
        if choices or len(present) < coders:
            around = _around(report, next(e for e in unit.entries if e is not None))
            found.append(Question(number, what_of(unit), *around, present, _kept(unit, people), choices))
    return tuple(found)


def merged(
    base: Reading,
    units: Sequence[Unit],
    *,
    people: int,
    kept: Mapping[int, bool],
    chosen: Mapping[tuple[int, str], int],
) -> Reading:
    """The reading that comes of it; `kept` and `chosen` (unit and field to coder) answer the questions.

    Entries get new ids in text order, and have no score. What pointed to an entry that is out points to nothing.
    Raises `EditError` where a day ends before it starts or a statement comes to lie inside itself.
    """
    inside = [n for n, u in enumerate(units) if kept.get(n, _kept(u, people))]
    names: dict[int, str] = {}
    for what, letter in (("statement", "s"), ("event", "e")):
        same = [n for n in inside if what_of(units[n]) == what]
        names |= {n: f"{letter}{k}" for k, n in enumerate(same, 1)}
    made = [_entry(units, n, names, chosen, people) for n in inside]
    statements = tuple(e for e in made if isinstance(e, Statement))
    events = tuple(e for e in made if isinstance(e, Event))
    _check(statements, events)
    return replace(base, statements=statements, events=events)


def what_of(unit: Unit) -> str:
    """Whether the unit is a statement or an event."""
    return "statement" if unit.statements else "event"


def _kept(unit: Unit, people: int) -> bool:
    """Whether most people have it; where half of them do, whether most coders do."""
    there = [e is not None for e in unit.entries]
    for votes in (there[:people], there):
        if 2 * sum(votes) != len(votes):
            return 2 * sum(votes) > len(votes)
    return True


def _choice(report: Report, units: Sequence[Unit], number: int, name: str, people: int) -> Choice | None:
    """The choice that a field leaves; None where all who have the entry say the same."""
    said = _said(units, number, name)
    if len(said) < 2:
        return None
    options = tuple(
        Option(c[0], tuple(c), _shown(report, units, c[0], units[number].entries[c[0]], name)) for c in said.values()
    )
    return Choice(name, options, _usual(said, people))


def _said(units: Sequence[Unit], number: int, name: str) -> dict[Any, list[int]]:
    """Which coders say what of a field, by what they say (`_key`)."""
    said: dict[Any, list[int]] = {}
    for coder, entry in enumerate(units[number].entries):
        if entry is not None:
            said.setdefault(_key(units, coder, entry, name), []).append(coder)
    return said


def _usual(said: Mapping[Any, Sequence[int]], people: int) -> int:
    """The first coder of those who say what most say: people first, then all; of equals the first."""
    return min(said.values(), key=lambda c: (-sum(n < people for n in c), -len(c), c[0]))[0]


def _key(units: Sequence[Unit], coder: int, entry: Statement | Event, name: str) -> Any:
    """What a field says, so that the same is equal: without links and scores, and pointers as units."""
    value = getattr(entry, name)
    if name in POINTERS:
        return place_of(units, coder, value)
    if name in ("agents", "targets"):
        return frozenset((p.text, p.name) for p in value)
    if name == "places":
        return frozenset((p.text, p.best.id if p.best else p.name) for p in value)
    if name in ("times", "weapons", "toll"):
        return frozenset(value)
    return value


def _shown(report: Report, units: Sequence[Unit], coder: int, entry: Any, name: str) -> str:
    value = getattr(entry, name)
    if name in POINTERS:
        place = place_of(units, coder, value)
        target = units[place].entries[coder] if place is not None else None
        if target is None:
            return {"statement": "the report itself", "inside": "no other", "same_as": "nothing earlier"}[name]
        return f"“{_quote(report, target)}”"
    if isinstance(value, Span):
        return value.of(report.text)
    if isinstance(value, tuple):
        return "; ".join(_one(report, v) for v in value) or "–"
    return str(value).replace("_", " ") if value is not None else "–"


def _one(report: Report, value: Any) -> str:
    if isinstance(value, Span):
        return value.of(report.text)
    words = value.text.of(report.text)
    if isinstance(value, Party):
        return f"{words} ({value.name})" if value.name and value.name != words else words
    if isinstance(value, Link):
        return f"{words} ({value.best.name})" if value.best and value.best.name != words else words
    high = "" if value.high == value.low else f"–{'…' if value.high is None else value.high}"
    return f"{words} ({value.low}{high} {value.effect})"


def _quote(report: Report, entry: Statement | Event) -> str:
    spans = (entry.trigger,) if isinstance(entry, Event) else entry.content
    words = " ".join(" … ".join(s.of(report.text) for s in spans).split())
    return words if len(words) < 120 else words[:118].rpartition(" ")[0] + "…"


def _around(report: Report, entry: Statement | Event) -> tuple[str, str, str]:
    """The words of an entry, and some whole words before and after them in the same paragraph."""
    spans = (entry.trigger,) if isinstance(entry, Event) else entry.content
    before = report.text[max(0, spans[0].start - AROUND) : spans[0].start].rpartition("\n")[2]
    after = report.text[spans[-1].end : spans[-1].end + AROUND].partition("\n")[0]
    if len(before) == AROUND:
        before = before.partition(" ")[2]
    if len(after) == AROUND:
        after = after.rpartition(" ")[0]
    return _quote(report, entry), before, after


def _entry(
    units: Sequence[Unit],
    number: int,
    names: Mapping[int, str],
    chosen: Mapping[tuple[int, str], int],
    people: int,
) -> Statement | Event:
    unit = units[number]
    first = next(e for e in unit.entries if e is not None)
    values: dict[str, Any] = {"id": names[number], "score": None}
    for name in FIELDS[what_of(unit)]:
        coder = chosen.get((number, name), _usual(_said(units, number, name), people))
        entry = unit.entries[coder] if 0 <= coder < len(unit.entries) else None
        if entry is None:
            raise EditError("nobody with that number has it", where=f"{names[number]}.{name}", hint="reload the page")
        value = getattr(entry, name)
        if name in POINTERS:
            place = place_of(units, coder, value)
            value = names.get(place) if place is not None else None
        values[name] = value
    if isinstance(first, Event):
        basis = {e.when_basis for e in unit.events if e and (e.first, e.last) == (values["first"], values["last"])}
        values["when_basis"] = min((b for b in basis if b), default=None)
    return replace(first, **values)


def _check(statements: Sequence[Statement], events: Sequence[Event]) -> None:
    outer = {s.id: s.inside for s in statements}
    first = {e.id: e.same_as for e in events}
    for pointers, what in ((outer, "lies inside itself"), (first, "mentions itself again")):
        for start in pointers:
            seen, at = {start}, pointers[start]
            while at is not None and at not in seen:
                seen.add(at)
                at = pointers.get(at)
            if at == start:
                raise EditError(what, where=start, hint="choose what one coder says for all of these")
    for event in events:
        if event.first and event.last and event.last < event.first:
            raise EditError(f"{event.last} is before {event.first}", where=event.id, hint="take both days of one coder")
