"""What a form of the report page asks for, as edits.

A form is a list of names and values. `op` says what it is: one of the edits of `fold`, or

    fields   every field of an entry at once, as `f.NAME`; those that differ from the coding become `set` edits.
    span     words of an entry set anew from `pieces` ("12-20,25-31"), or `mode=more`, added to.
    redo     the newest undo is undone.

Spans are written `start-end`, in code points.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reportedly.errors import EditError
from reportedly.review.fold import EVENT_FIELDS, SPANS, STATEMENT_FIELDS, free_id
from reportedly.review.sheet import Sheet
from reportedly.store.codings import Edit
from reportedly.types import Event, Statement

Asked = tuple[str, dict[str, Any]]
"""An edit to be made: its op and its details."""


def edits_asked(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    """The edits that the form asks for, in order; none where it changes nothing. Raises `EditError`."""
    op = _one(form, "op")
    steps = {"fields": _fields, "span": _span, "add": _add, "undo": _undo, "redo": _redo, "put": _put, "drop": _drop}
    if op in steps:
        return steps[op](sheet, form)
    if op == "accept":
        return [("accept", {"ids": _unchecked(sheet) if _one(form, "all") else list(form.get("id", []))})]
    if op == "reject":
        return [("reject", {"id": _one(form, "id")})]
    raise EditError(f"{op!r} is no edit", where="op", hint="the page may be out of date")


def pieces_of(value: str) -> list[list[int]]:
    """ "12-20,25-31" as [[12, 20], [25, 31]]."""
    found = []
    for part in filter(None, value.split(",")):
        start, dash, end = part.partition("-")
        if not (dash and start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(part) < 24):
            raise EditError(f"{part!r} is no part of the text", where="pieces", hint="write start-end")
        found.append([int(start), int(end)])
    return found


def last_undone(edits: Sequence[Edit]) -> Edit | None:
    """The newest undo that still counts and that nothing but undos came after: what a redo takes back."""
    undone: set[str] = set()
    for edit in reversed(edits):
        if edit.op != "undo":
            if edit.id not in undone:
                return None
            continue
        if edit.id not in undone:
            target = str(json.loads(edit.details)["edit"])
            if not any(e.id == target and e.op == "undo" for e in edits):
                return edit
            undone.add(target)
    return None


def entry_of(sheet: Sheet, name: str) -> Statement | Event | None:
    """The statement or event with this id, as the coding has it."""
    reading = sheet.coding.reading
    return next((s for s in reading.statements if s.id == name), None) or next(
        (e for e in reading.events if e.id == name), None
    )


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return form[name][-1] if form.get(name) else ""


def _known(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> Statement | Event:
    name = _one(form, "id")
    entry = entry_of(sheet, name)
    if entry is None:
        raise EditError(f"there is no {name!r}", where="id", hint="it may have been rejected; reload the page")
    return entry


def _unchecked(sheet: Sheet) -> list[str]:
    reading = sheet.coding.reading
    ids = [s.id for s in reading.statements] + [e.id for e in reading.events]
    return [i for i in ids if i not in sheet.coding.touched]


def _fields(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    entry = _known(sheet, form)
    allowed = STATEMENT_FIELDS if isinstance(entry, Statement) else EVENT_FIELDS
    asked: list[Asked] = []
    for name in (n for n in allowed if f"f.{n}" in form and n not in (*SPANS, "trigger")):
        value = " ".join(_one(form, f"f.{name}").split())
        old = getattr(entry, name)
        old = old.isoformat() if isinstance(old, date) else old or ""
        if value != old:
            asked.append(("set", {"id": entry.id, "field": name, "value": value or None}))
    # Of two days the one that makes room for the other goes first.
    if isinstance(entry, Event) and entry.last and any(d["field"] == "first" for _, d in asked):
        first = next(d["value"] for _, d in asked if d["field"] == "first")
        if first and first > entry.last.isoformat():
            asked.sort(key=lambda a: a[1]["field"] != "last")
    return asked


def _span(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    entry, name = _known(sheet, form), _one(form, "field")
    pieces: Any = pieces_of(_one(form, "pieces"))
    if name == "trigger":
        pieces = pieces[0] if pieces else None
    elif name in SPANS and _one(form, "mode") == "more":
        pieces = [*([s.start, s.end] for s in getattr(entry, name, ())), *pieces]
    return [("set", {"id": entry.id, "field": name, "value": pieces})]


def _put(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    details: dict[str, Any] = {"id": _one(form, "id"), "field": _one(form, "field"), "text": _text(form)}
    for name in ("name", "who", "low", "high", "effect", "candidate"):
        if name in form:
            details[name] = _one(form, name) or None
    return [("put", details)]


def _drop(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    details: dict[str, Any] = {"id": _one(form, "id"), "field": _one(form, "field"), "text": _text(form)}
    if _one(form, "effect"):
        details["effect"] = _one(form, "effect")
    return [("drop", details)]


def _text(form: Mapping[str, Sequence[str]]) -> list[int]:
    pieces = pieces_of(_one(form, "text"))
    if len(pieces) != 1:
        raise EditError("no words are selected", where="text", hint="select the words in the text first")
    return pieces[0]


def _add(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    what, pieces = _one(form, "what"), pieces_of(_one(form, "pieces"))
    if not pieces:
        raise EditError("no words are selected", where="add", hint="select the words in the text first")
    details: dict[str, Any] = {"what": what, "id": free_id(what, sheet.base, sheet.edits)}
    details |= {"content": pieces} if what == "statement" else {"trigger": pieces[0]}
    for name in ("kind", "status", "stance", "speaker_kind", "speaker", "side", "statement", "inside"):
        if _one(form, name):
            details[name] = _one(form, name)
    return [("add", details)]


def _undo(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    ids = {e.id for e in sheet.coding.standing} | {e.id for e, _ in sheet.coding.passed}
    last = next((e.id for e in reversed(sheet.edits) if e.id in ids), None)
    wanted = _one(form, "edit") or last
    if wanted is None:
        raise EditError("there is nothing to undo", where="undo", hint="")
    return [("undo", {"edit": wanted})]


def _redo(sheet: Sheet, form: Mapping[str, Sequence[str]]) -> list[Asked]:
    undo = last_undone(sheet.edits)
    if undo is None:
        raise EditError("there is nothing to do again", where="redo", hint="")
    return [("undo", {"edit": undo.id})]
