"""Folding: a reading and a person's edits give the reading as that person sees it.

A pure function of text, base, edits and their order. An edit that can't be applied (what it names was rejected or its
making undone) is passed over and listed, so folding always succeeds; `apply` says why one can't be.

What each edit does
    accept   {"ids": […]}: these entries were looked at and are right. Nothing else changes.
    reject   {"id"}: the entry goes. What a rejected statement told is told by the statement around it, or by the report
             itself; of mentions of a rejected event, the first takes its place.
    set      {"id", "field", "value"}: one field of an entry.
    put      {"id", "field", "text", …}: an agent, target, place, time, weapon or toll of an event is added, or the one
             with the same words is changed. What the report's other mentions with these words were taken for, a new
             place or party is taken for, too.
    drop     {"id", "field", "text", "effect"?}: one of these goes.
    add      {"what", "id", …}: a statement (its `content`) or an event (its `trigger`) that is missed.
    undo     {"edit"}: an earlier edit of the same person is taken back. An undo can be undone.

Entries that a person added, changed or accepted have no score: the model's confidence is not about them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from reportedly.errors import EditError
from reportedly.ontology import Ontology
from reportedly.review.values import Values
from reportedly.store.codings import Edit
from reportedly.types import Event, Link, Party, Reading, Report, Span, Statement

SPANS = ("source", "cue", "content", "told_to")
PARTS = ("agents", "targets", "places", "times", "weapons", "toll")
"""The fields of an event that are lists: `put` and `drop` are for these."""

E = TypeVar("E", Statement, Event)

STATEMENT_FIELDS = (*SPANS, "stance", "speaker_kind", "speaker", "side", "said_on", "inside")
EVENT_FIELDS = ("trigger", "kind", "status", "statement", "same_as", "first", "last")


@dataclass(frozen=True, slots=True)
class Coding:
    """A reading as a person sees it. `touched` are the ids of entries that they accepted, changed or added.

    `rejected` are entries of the base that they took out, `standing` the edits that count, `passed` those that could
    not be applied, with why.
    """

    reading: Reading
    touched: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    rejected: tuple[Statement | Event, ...] = ()
    standing: tuple[Edit, ...] = ()
    passed: tuple[tuple[Edit, str], ...] = ()


@dataclass
class _Draft:
    """A coding in the making."""

    values: Values
    places: tuple[Link, ...]
    actors: tuple[Link, ...]
    statements: dict[str, Statement]
    events: dict[str, Event]
    touched: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    rejected: list[Statement | Event] = field(default_factory=list)


def fold(report: Report, base: Reading, edits: Sequence[Edit], *, ontology: Ontology) -> Coding:
    """`base` with `edits` (all of one person and base, in the order in which they were made) folded in."""
    draft = _draft(report, base, ontology)
    standing: list[Edit] = []
    passed: list[tuple[Edit, str]] = []
    for edit in standing_edits(edits):
        try:
            _apply(draft, edit.op, json.loads(edit.details))
        except EditError as error:
            passed.append((edit, str(error)))
        else:
            standing.append(edit)
    return Coding(
        reading=replace(
            base,
            statements=tuple(sorted(draft.statements.values(), key=_statement_order)),
            events=tuple(sorted(draft.events.values(), key=_event_order)),
        ),
        touched=frozenset(draft.touched),
        added=frozenset(draft.added),
        rejected=tuple(draft.rejected),
        standing=tuple(standing),
        passed=tuple(passed),
    )


def apply(report: Report, coding: Coding, op: str, details: dict[str, Any], *, ontology: Ontology) -> None:
    """Tries one more edit on a coding. Raises `EditError` where it can't be applied; returns nothing."""
    if op == "undo":
        if details.get("edit") not in {e.id for e in coding.standing}:
            raise EditError("there is no such edit to undo", where="undo", hint="the page may be out of date")
        return
    draft = _draft(report, coding.reading, ontology)
    _apply(draft, op, details)


def free_id(what: str, base: Reading, edits: Iterable[Edit]) -> str:
    """An id for an entry to be added ("statement" or "event") that no entry has or ever had in this coding."""
    letter = what[:1]
    taken = {s.id for s in base.statements} | {e.id for e in base.events}
    taken |= {str(json.loads(e.details).get("id")) for e in edits if e.op == "add"}
    number = 1 + max((_number(i) for i in taken if i[:1] == letter), default=0)
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def standing_edits(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that no later one has undone, in their order; undos themselves left out."""
    undone: set[str] = set()
    kept: list[Edit] = []
    for edit in reversed(edits):
        if edit.id in undone:
            continue
        if edit.op == "undo":
            undone.add(str(json.loads(edit.details).get("edit")))
        else:
            kept.append(edit)
    kept.reverse()
    return kept


def _draft(report: Report, reading: Reading, ontology: Ontology) -> _Draft:
    statements, events = {s.id: s for s in reading.statements}, {e.id: e for e in reading.events}
    return _Draft(Values(report.text, ontology), reading.toponyms, reading.actors, statements, events)


def _apply(draft: _Draft, op: str, details: dict[str, Any]) -> None:
    steps = {"accept": _accept, "reject": _reject, "set": _set, "put": _put, "drop": _drop, "add": _add}
    if op not in steps:
        raise EditError(f"{op!r} is no edit", where="op", hint=f"one of {', '.join(steps)}")
    steps[op](draft, details)


def _accept(draft: _Draft, details: dict[str, Any]) -> None:
    ids = details.get("ids")
    if not isinstance(ids, list) or not ids:
        raise EditError("names nothing", where="accept", hint="give the ids of statements and events")
    entries = [_entry(draft, i) for i in ids]
    for one in entries:
        _store(draft, one)


def _reject(draft: _Draft, details: dict[str, Any]) -> None:
    gone = _entry(draft, details.get("id"))
    draft.rejected.append(gone)
    draft.touched.discard(gone.id)
    draft.added.discard(gone.id)
    if isinstance(gone, Statement):
        del draft.statements[gone.id]
        for s in draft.statements.values():
            if s.inside == gone.id:
                draft.statements[s.id] = replace(s, inside=gone.inside)
        for e in draft.events.values():
            if e.statement == gone.id:
                draft.events[e.id] = replace(e, statement=gone.inside)
        return
    del draft.events[gone.id]
    again = sorted((e for e in draft.events.values() if e.same_as == gone.id), key=lambda e: (e.trigger, e.id))
    if gone.same_as is None and again:
        heir = again.pop(0)
        draft.events[heir.id] = replace(heir, same_as=None)
    else:
        heir = None
    for e in again:
        draft.events[e.id] = replace(e, same_as=heir.id if heir else gone.same_as)


def _set(draft: _Draft, details: dict[str, Any]) -> None:
    entry, name = _entry(draft, details.get("id")), str(details.get("field"))
    where, value = f"{entry.id}.{name}", details.get("value")
    if isinstance(entry, Statement):
        _store(draft, _with(entry, name, _statement_value(draft, entry, name, value)))
        return
    changed = _with(entry, name, _event_value(draft, entry, name, value))
    if name in ("first", "last"):
        changed = replace(changed, when_basis=None)  # it followed from no words
    if changed.first and changed.last and changed.last < changed.first:
        what = f"{changed.last} is before {changed.first}"
        raise EditError(what, where=where, hint="set the earlier day first, or leave one empty")
    _store(draft, changed)


def _statement_value(draft: _Draft, entry: Statement, name: str, value: object) -> object:
    v, where = draft.values, f"{entry.id}.{name}"
    if name in SPANS:
        return v.spans(where, value, least=1 if name == "content" else 0)
    if name == "stance":
        return v.label(where, value, "stances")
    if name == "speaker_kind":
        return v.label(where, value, "speaker_kinds")
    if name in ("speaker", "side"):
        return v.words(where, value)
    if name == "said_on":
        return v.day(where, value)
    if name == "inside":
        outer = _reference(draft.statements, where, value)
        if entry.id in _chain(outer, {s.id: s.inside for s in draft.statements.values()}):
            raise EditError("a statement can't lie inside itself", where=where, hint="choose another one")
        return outer
    raise EditError("is no field of a statement", where=where, hint=f"one of {', '.join(STATEMENT_FIELDS)}")


def _event_value(draft: _Draft, entry: Event, name: str, value: object) -> object:
    v, where = draft.values, f"{entry.id}.{name}"
    if name == "trigger":
        return v.span(where, value)
    if name == "kind":
        return v.label(where, value, "kinds")
    if name == "status":
        return v.label(where, value, "statuses")
    if name in ("first", "last"):
        return v.day(where, value)
    if name == "statement":
        return _reference(draft.statements, where, value)
    if name == "same_as":
        first = _reference(draft.events, where, value)
        if entry.id in _chain(first, {e.id: e.same_as for e in draft.events.values()}):
            raise EditError("an event can't mention itself again", where=where, hint="choose an earlier event")
        return first
    raise EditError("is no field of an event", where=where, hint=f"one of {', '.join(EVENT_FIELDS)}")


def _chain(at: str | None, after: Mapping[str, str | None]) -> list[str]:
    """`at`, what it points to, what that points to … each once."""
    seen: list[str] = []
    while at is not None and at not in seen:
        seen.append(at)
        at = after.get(at)
    return seen


def _reference(known: dict[str, Any], where: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in known:
        raise EditError(f"there is no {value!r}", where=where, hint="it may have been rejected")
    return value


def _put(draft: _Draft, details: dict[str, Any]) -> None:
    event, name = _event(draft, details)
    where, v = f"{event.id}.{name}", draft.values
    span = v.span(where, details.get("text"))
    listed: tuple[Any, ...] = getattr(event, name)
    place = _find(listed, span, details.get("effect"))
    old = listed[place] if place is not None else None
    if name in ("agents", "targets"):
        new: Any = v.party(where, details, old or _known_party(draft, span, details.get("name")))
    elif name == "places":
        new = v.place(where, details, old or _known(draft.places, span, v.text))
    elif name == "toll":
        new = v.figure(where, details, old)
    else:
        new = span
    changed = (*listed, new) if place is None else (*listed[:place], new, *listed[place + 1 :])
    _store(draft, _with(event, name, changed))


def _known(links: Iterable[Link], span: Span, text: str) -> Link | None:
    """What the report's mentions with the same words were looked up as."""
    words = span.of(text).casefold()
    return next((k for k in links if k.text == span or k.text.of(text).casefold() == words), None)


def _known_party(draft: _Draft, span: Span, name: object) -> Party | None:
    link = _known(draft.actors, span, draft.values.text)
    best = link.best if link else None
    if link is None or best is None or name not in (None, best.name):
        return None
    return Party(span, best.name if name else None, replace(link, text=span))


def _drop(draft: _Draft, details: dict[str, Any]) -> None:
    event, name = _event(draft, details)
    where = f"{event.id}.{name}"
    listed: tuple[Any, ...] = getattr(event, name)
    place = _find(listed, draft.values.span(where, details.get("text")), details.get("effect"))
    if place is None:
        raise EditError("has no entry with these words", where=where, hint="the page may be out of date")
    _store(draft, _with(event, name, listed[:place] + listed[place + 1 :]))


def _find(listed: Sequence[Any], span: Span, effect: object) -> int | None:
    """The place of the entry with these words (and, of tolls, this effect)."""
    for place, one in enumerate(listed):
        text = one if isinstance(one, Span) else one.text
        if text == span and getattr(one, "effect", effect) == effect:
            return place
    return None


def _add(draft: _Draft, details: dict[str, Any]) -> None:
    what, name, v = details.get("what"), details.get("id"), draft.values
    rejected = {r.id for r in draft.rejected}
    if not isinstance(name, str) or not name or name in draft.statements or name in draft.events or name in rejected:
        raise EditError(f"{name!r} is no new id", where="add", hint="take one that no entry has")
    if what == "statement":
        content = v.spans(f"{name}.content", details.get("content"), least=1)
        draft.statements[name] = Statement(
            id=name,
            source=v.spans(f"{name}.source", details.get("source", [])),
            cue=v.spans(f"{name}.cue", details.get("cue", [])),
            content=content,
            stance=v.label(f"{name}.stance", details.get("stance", "say"), "stances"),
            speaker_kind=v.label(f"{name}.speaker_kind", details.get("speaker_kind", "unknown"), "speaker_kinds"),
            inside=_reference(draft.statements, f"{name}.inside", details.get("inside")),
            speaker=v.words(f"{name}.speaker", details.get("speaker")),
            side=v.words(f"{name}.side", details.get("side")),
        )
    elif what == "event":
        draft.events[name] = Event(
            id=name,
            trigger=v.span(f"{name}.trigger", details.get("trigger")),
            kind=v.label(f"{name}.kind", details.get("kind"), "kinds"),
            status=v.label(f"{name}.status", details.get("status", "asserted"), "statuses"),
            statement=_reference(draft.statements, f"{name}.statement", details.get("statement")),
        )
    else:
        raise EditError(f"{what!r} can't be added", where="add", hint="add a statement or an event")
    draft.added.add(name)
    draft.touched.add(name)


def _event(draft: _Draft, details: dict[str, Any]) -> tuple[Event, str]:
    entry, name = _entry(draft, details.get("id")), str(details.get("field"))
    if not isinstance(entry, Event) or name not in PARTS:
        raise EditError(f"has no list {name!r}", where=entry.id, hint=f"an event has {', '.join(PARTS)}")
    return entry, name


def _entry(draft: _Draft, name: object) -> Statement | Event:
    found = draft.statements.get(str(name)) or draft.events.get(str(name))
    if found is None:
        raise EditError(f"there is no {name!r}", where="id", hint="it may have been rejected")
    return found


def _store(draft: _Draft, entry: Statement | Event) -> None:
    """Puts the entry in the place of the one with its id, as looked at by a person."""
    entry = replace(entry, score=None)
    if isinstance(entry, Statement):
        draft.statements[entry.id] = entry
    else:
        draft.events[entry.id] = entry
    draft.touched.add(entry.id)


def _with(entry: E, name: str, value: Any) -> E:
    changes: dict[str, Any] = {name: value}
    return replace(entry, **changes)


def _statement_order(s: Statement) -> tuple[int, int, str]:
    """In text order by the first of its words, an outer statement before those inside it."""
    return min(p.start for p in s.source + s.cue + s.content), _number(s.id), s.id


def _event_order(e: Event) -> tuple[int, int, int, str]:
    return e.trigger.start, e.trigger.end, _number(e.id), e.id


def _number(name: str) -> int:
    return int(name[1:]) if name[1:].isascii() and name[1:].isdigit() else 0
