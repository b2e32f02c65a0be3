"""Passages: what the index of words points at, a report's whole text or one statement in it.

A report is indexed once, with its title as heading; a statement with every reading, its heading the resolved speaker
and side, so that "army" finds what "it" said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from reportedly.store import tables
from reportedly.store.rows import Prepared
from reportedly.store.words import words_of

GAP = " … "
"""Stands between the pieces of a statement that are apart in the text."""

_PIECES = ("source", "cue", "content", "told_to")


def index_readings(connection: Connection, new: Sequence[tuple[int, Prepared]]) -> None:
    """Put these readings, by number, into the index, and their reports where they aren't there."""
    p = tables.passages
    ids = {one.report["id"] for _, one in new}
    there = set(connection.scalars(select(p.c.report).where(p.c.report.in_(ids), p.c.reading.is_(None))))
    made: list[tuple[dict[str, Any], str, str]] = []
    for number, one in new:
        report = one.report["id"]
        if report not in there:
            there.add(report)
            key = {"report": report, "reading": None, "seq": None}
            made.append((key, one.report["title"] or "", one.report["text"]))
        for row in one.statements:
            key = {"report": report, "reading": number, "seq": row["seq"]}
            head = " ".join(filter(None, (row["speaker"], row["side"])))
            made.append((key, head, quoted(row["record"], one.report["text"])))
    if not made:
        return
    numbers = connection.scalars(
        insert(p).returning(p.c.id, sort_by_parameter_order=True), [key for key, _, _ in made]
    ).all()
    passages = [(number, head, body) for number, (_, head, body) in zip(numbers, made, strict=True)]
    words_of(connection.dialect.name).add(connection, passages)


def quoted(record: dict[str, Any], text: str) -> str:
    """The words of a statement, in the order of the text: who says it, how, what and to whom. `record` is its JSON."""
    spans = sorted(tuple(span) for name in _PIECES for span in record.get(name, ()))
    words, last = "", None
    for start, end in spans:
        if last is not None and start < last:
            start = last
        if end <= start:
            continue
        between = text[last:start] if last is not None else ""
        # A comma or a "that" between two pieces belongs to the sentence; more is left out.
        words += (between if len(between) <= len(GAP) + 3 else GAP) + text[start:end]
        last = end
    return words
