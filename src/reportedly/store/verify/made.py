"""What follows from other rows: references, incidents and origins, the index of words; and the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from reportedly.store import tables
from reportedly.store.passages import stored_passages
from reportedly.store.schema import metadata
from reportedly.store.verify.view import Fault, View
from reportedly.store.words import words_of

SHOWN = 20
"""Rows that one check names."""

PAGE = 500


def check_file(view: View) -> Iterator[Fault]:
    """What SQLite says of its file. A server looks after its own."""
    if view.connection.dialect.name == "sqlite":
        for (line,) in view.connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})"):
            if line != "ok":
                yield Fault("file", line)


def check_references(view: View) -> Iterator[Fault]:
    """Every row that names another: that one is there."""
    for table in metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            for element in constraint.elements:
                own, other = element.parent, element.column
                lost = select(cast(own, String)).where(own.is_not(None), ~exists().where(other == own))
                yield from _named(view, lost, table.name, f"its {own.name} is not in {other.table.name}")
    yield from _subjects(view)


def _subjects(view: View) -> Iterator[Fault]:
    """The claims and judgements that judgements are about. Incidents are made anew, so their ids come and go."""
    removed = {str(c) for held in view.connection.scalars(select(tables.tombstones.c.held)) for c in held["claims"]}
    j = tables.judgements.c
    for row in view.connection.execute(select(j.id, j.action, j.subjects).order_by(j.seq)).all():
        own, table = (j.id, "judgements") if row.action == "undo" else (tables.claims.c.id, "claims")
        wanted = {str(s) for s in row.subjects if not str(s).startswith("incident-")} - removed
        there = set(view.connection.scalars(select(own).where(own.in_(wanted))))
        for subject in sorted(wanted - there):
            yield Fault(f"judgements {row.id}", f"is about {subject}, which is not in {table}")


def check_incidents(view: View) -> Iterator[Fault]:
    """What linking made: of claims and reports that are there, each link within one incident."""
    t, k, o, c = tables.linked.c, tables.links.c, tables.origins.c, tables.claims.c
    view.counted["incidents"] = view.connection.scalar(select(func.count(t.incident.distinct()))) or 0
    lost = select(t.claim).where(~exists().where(c.id == t.claim))
    yield from _named(view, lost, "linked", "there is no such claim")
    for side in (k.left, k.right):
        inside = exists().where(and_(t.claim == side, t.incident == k.incident))
        yield from _named(view, select(side).where(~inside), "links", f"its {side.name} claim is not of its incident")
    yield from _named(view, select(o.report).where(~exists().where(tables.reports.c.id == o.report)), "origins",
                      "there is no such report")  # fmt: skip
    twice = select(t.incident).where(t.incident.is_not(None)).group_by(t.incident, t.seq).having(func.count() > 1)
    yield from _named(view, twice, "linked", "two of its claims have one place")
    for table in (tables.incident_facts, tables.incident_actors, tables.incident_tellers):
        own = table.c.incident
        yield from _named(view, select(own).where(~exists().where(t.incident == own)), table.name,
                          "there is no such incident")  # fmt: skip


def check_words(view: View) -> Iterator[Fault]:
    """The index of words: a passage for each report that was read and each statement, under its very words."""
    p, s, r = tables.passages.c, tables.statements.c, tables.readings.c
    whole = exists().where(and_(p.report == r.report, p.reading.is_(None)))
    yield from _named(view, select(r.report).distinct().where(~whole), "passages", "the report is not in the index")
    said = exists().where(and_(p.reading == s.reading, p.seq == s.seq))
    yield from _named(view, select(s.report + " " + s.id).where(~said), "passages", "the statement is not in the index")
    yield from _strays(view)
    yield from _words(view)


def _strays(view: View) -> Iterator[Fault]:
    p, s = tables.passages.c, tables.statements.c
    own = exists().where(and_(p.reading == s.reading, p.seq == s.seq, p.report == s.report))
    stray = or_(and_(p.reading.is_not(None), ~own), and_(p.reading.is_(None), p.seq.is_not(None)))
    yield from _named(view, select(cast(p.id, String)).where(stray), "passages", "it is of no statement")
    other = aliased(tables.passages).c
    again = exists().where(
        and_(other.id < p.id, other.report == p.report, other.reading.is_not_distinct_from(p.reading),
             other.seq.is_not_distinct_from(p.seq))
    )  # fmt: skip
    yield from _named(view, select(cast(p.id, String)).where(again), "passages", "the same is in the index twice")


def _words(view: View) -> Iterator[Fault]:
    words = words_of(view.connection.dialect.name)
    total = view.connection.scalar(select(func.count()).select_from(tables.passages)) or 0
    last = 0
    while found := stored_passages(view.connection, tables.passages.c.id > last, limit=PAGE):
        for number in words.wrong(view.connection, found):
            passage = dict(found)[number]
            yield Fault(f"passages {number}", f"the index has other words for it than {passage.report} has")
        last = found[-1][0]
        view.counted["passages"] += len(found)
        view.advance("words", view.counted["passages"], total)


def _named(view: View, lost: Select[Any], table: str, what: str) -> Iterator[Fault]:
    """A fault for each row that `lost` finds; past `SHOWN` one that says how many more there are."""
    found = list(view.connection.scalars(lost.limit(SHOWN + 1)))
    for key in found[:SHOWN]:
        yield Fault(f"{table} {key}", what)
    if len(found) > SHOWN:
        count = view.connection.scalar(select(func.count()).select_from(lost.subquery())) or 0
        yield Fault(table, f"{count - SHOWN:,} more: {what}")
