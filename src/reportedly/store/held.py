"""Readings as rows, with all that belongs to them: what seals are made of, and what is removed with a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, select

from reportedly.store import tables
from reportedly.store.rows import Row, reading_of
from reportedly.store.seals import reading_seal
from reportedly.types import Reading


@dataclass(frozen=True, slots=True)
class Held:
    """A reading and its statements, events and claims, rows as they are stored, in their order."""

    reading: Row
    statements: list[Row]
    events: list[Row]
    claims: list[Row]

    def seal(self) -> str:
        """The seal of what is stored."""
        said, told = ([row["record"] for row in made] for made in (self.statements, self.events))
        return reading_seal(self.reading, statements=said, events=told, claims=self.claims)

    def record(self) -> Reading:
        """The reading itself. Raises `LedgerError` where the rows make none."""
        said, told = ([row["record"] for row in made] for made in (self.statements, self.events))
        return reading_of(self.reading, said, told)


def held(connection: Connection, reports: Sequence[str]) -> dict[str, list[Held]]:
    """The readings of these reports, oldest first, by report."""
    r = tables.readings
    query = select(r).where(r.c.report.in_(reports)).order_by(r.c.report, r.c.id)
    found = [dict(row) for row in connection.execute(query).mappings()]
    numbers = [row["id"] for row in found]
    parts: list[dict[int, list[Row]]] = []
    for table in (tables.statements, tables.events, tables.claims):
        own = select(table).where(table.c.reading.in_(numbers)).order_by(table.c.reading, table.c.seq)
        listed = [dict(row) for row in connection.execute(own).mappings()]
        parts.append({number: list(group) for number, group in groupby(listed, key=itemgetter("reading"))})
    return {
        report: [Held(row, *(part.get(row["id"], []) for part in parts)) for row in group]
        for report, group in groupby(found, key=itemgetter("report"))
    }
