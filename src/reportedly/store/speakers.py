"""The ledger's part for speakers: who spoke, for whom, how often and about what. No measure of honesty comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from reportedly.store import tables
from reportedly.store.base import Database
from reportedly.store.codec import from_json
from reportedly.types import Statement

SPEAKER_ORDERS = ("incidents", "name", "last")
"""What speakers can be put in the order of. How often they are contradicted is none: it is no measure of anybody."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who tells, and for which side ("" for none that is known): of how many incidents, in how many claims.

    `alone` counts the incidents that nobody else tells of, `disputed` and `acknowledged` those with such a fact,
    `denies` those of which they deny something.
    """

    who: str
    side: str
    speaker_kind: str
    own_voice: bool
    incidents: int
    claims: int
    alone: int
    disputed: int
    acknowledged: int
    denies: int
    last: date | None
    first: date | None = None


class SpeakerTables(Database):
    """Who tells what is in a ledger."""

    def speakers(
        self, *, words: str = "", kind: str = "", order: str = "incidents", limit: int = 50, skip: int = 0
    ) -> tuple[int, tuple[Speaker, ...]]:
        """How many speakers there are, and `limit` of them after the first `skip`.

        `words` stand in the name or the side, `kind` is a kind of speaker.
        """
        t = tables.incident_tellers.c
        tests: list[ColumnElement[bool]] = []
        if words.strip():
            named = (column.icontains(words.strip(), autoescape=True) for column in (t.who, t.side))
            tests.append(or_(*named))
        if kind:
            tests.append(t.speaker_kind == kind)
        grouped = _grouped().where(*tests)
        orders: dict[str, list[Any]] = {
            "incidents": [func.count().desc()],
            "name": [],
            "last": [func.max(t.last).desc().nulls_last()],
        }
        with self._reading() as connection:
            page = grouped.add_columns(func.count().over()).order_by(*orders[order], t.who, t.side)
            rows = connection.execute(page.limit(limit).offset(skip)).all()
            if skip and not rows:
                return connection.scalar(select(func.count()).select_from(grouped.subquery())) or 0, ()
            return (int(rows[0][-1]) if rows else 0), tuple(Speaker(*row[:-1]) for row in rows)

    def speaker(self, who: str) -> tuple[Speaker, ...]:
        """Everything that is told under this name, by the side that it speaks for."""
        with self._reading() as connection:
            found = connection.execute(_grouped().where(tables.incident_tellers.c.who == who))
            return tuple(Speaker(*row) for row in found)

    def kinds_told(self, who: str) -> dict[str, int]:
        """About which kinds of happenings they speak, most first."""
        t, f = tables.incident_tellers.c, tables.incident_facts.c
        number = func.count(f.incident.distinct()).label("number")
        query = (
            select(f.kind, number)
            .select_from(tables.incident_facts.join(tables.incident_tellers, f.incident == t.incident))
            .where(t.who == who)
            .group_by(f.kind)
            .order_by(number.desc(), f.kind)
        )
        with self._reading() as connection:
            return {row.kind: row.number for row in connection.execute(query)}

    def statements_of(self, who: str, *, limit: int = 20) -> tuple[int, list[tuple[str, Statement]]]:
        """How many statements of newest readings are theirs, and some of them, the latest first, with their reports."""
        s, r, other = tables.statements.c, tables.reports.c, tables.readings.c
        newest = select(func.max(other.id)).where(other.report == s.report).scalar_subquery()
        said = (
            select(s.report, s.record)
            .select_from(tables.statements.join(tables.reports, r.id == s.report))
            .where(s.speaker == who, s.reading == newest)
        )
        with self._reading() as connection:
            total = connection.scalar(select(func.count()).select_from(said.subquery())) or 0
            latest = func.coalesce(s.said_on, r.published).desc().nulls_last()
            page = said.order_by(latest, s.report, s.seq).limit(limit)
            return total, [(row.report, from_json(Statement, row.record)) for row in connection.execute(page)]


def _grouped() -> Select[Any]:
    t = tables.incident_tellers.c

    def count(test: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((test, 1), else_=0)), 0)

    return (
        select(
            t.who,
            t.side,
            func.min(t.speaker_kind),
            func.min(case((t.own_voice, 1), else_=0)) == 1,
            func.count(),
            func.sum(t.claims),
            count(t.alone),
            count(t.disputed),
            count(t.acknowledged),
            count(t.denies),
            func.max(t.last),
            func.min(t.last),
        )
        .select_from(tables.incident_tellers)
        .group_by(t.who, t.side)
    )
