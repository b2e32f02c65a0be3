"""Passages: what the index of words points at, a report's whole text or one statement in it.

A report is indexed once, with its title as heading; a statement with every reading, its heading the resolved speaker
and side, so that "army" finds what "it" said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, text, true

from reportedly.store import tables
from reportedly.store.rows import Prepared
from reportedly.store.words import Passage, words_of

GAP = " … "
"""Stands between the pieces of a statement that are apart in the text."""

_SOME = 1000
"""Passages that are indexed at once."""

_PIECES = ("source", "cue", "content", "told_to")


def index_readings(connection: Connection, new: Sequence[tuple[int, Prepared]]) -> None:
    """Put these readings, by number, into the index, and their reports where they aren't there."""
    p = tables.passages
    ids = {one.report["id"] for _, one in new}
    there = set(connection.scalars(select(p.c.report).where(p.c.report.in_(ids), p.c.reading.is_(None))))
    made: list[Passage] = []
    for number, one in new:
        report = one.report["id"]
        if report not in there:
            there.add(report)
            made.append(Passage(report, None, None, one.report["title"] or "", one.report["text"]))
        for row in one.statements:
            head, body = headed(row["speaker"], row["side"]), quoted(row["record"], one.report["text"])
            made.append(Passage(report, number, row["seq"], head, body))
    words_of(connection.dialect.name).add(connection, made)


def index_missing(connection: Connection, *, after: int = 0) -> int:
    """Index the words of the passages that are stored without (all of SQLite's), and give back how many there are.

    SQLite's index doesn't say what is in it: there, only passages with a number above `after` are taken.
    """
    words = words_of(connection.dialect.name)
    lacking = text("words IS NULL") if connection.dialect.name == "postgresql" else true()
    count = 0
    while made := stored_passages(connection, tables.passages.c.id > after, lacking, limit=_SOME):
        words.index(connection, made)
        count += len(made)
        after = made[-1][0]
    return count


def stored_passages(connection: Connection, *tests: Any, limit: int | None = None) -> list[tuple[int, Passage]]:
    """The passages that meet `tests`, by number and in order of it, with the words that the index has, or should."""
    p, r, s = tables.passages.c, tables.reports.c, tables.statements.c
    joined = tables.passages.join(tables.reports, r.id == p.report).outerjoin(
        tables.statements, (s.reading == p.reading) & (s.seq == p.seq)
    )
    query = select(p.id, p.report, p.reading, p.seq, r.title, r.text, s.speaker, s.side, s.record).select_from(joined)
    made = []
    for row in connection.execute(query.where(*tests).order_by(p.id).limit(limit)):
        if row.reading is None:
            head, body = row.title or "", row.text
        else:
            head, body = headed(row.speaker, row.side), quoted(row.record or {}, row.text)
        made.append((row.id, Passage(row.report, row.reading, row.seq, head, body)))
    return made


def headed(speaker: str | None, side: str | None) -> str:
    """The heading of a statement: who says it, and for which side."""
    return " ".join(filter(None, (speaker, side)))


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
