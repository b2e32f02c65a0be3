"""The ledger's part for the queue: which reports most need a person, in the order of a named sum.

A report needs what its most needful incident needs. The score of an incident is the sum of its `needs`; incidents that
are reviewed whole need nothing. All of it is worked out by the database from the facts of incidents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal, select

from reportedly.store import tables
from reportedly.store.base import PAGE, Database, batched

NEEDS = {
    "disputed": "3 where tellers contradict one another",
    "doubt": "up to 3, the lower the reader's confidence: three times what its least score lacks to 1",
    "toll": "0.5 from 1 killed, 1 from 3, 1.5 from 10, 2 from 30, 3 from 100",
    "due": "2 where the embargo of public exports has passed and only a review is missing, 1 in the two weeks before",
    "unseen": "1 where nobody has reviewed anything of it",
}
"""The parts of the score; the pages show these words."""

TOLLS = ((100, 3.0), (30, 2.0), (10, 1.5), (3, 1.0), (1, 0.5))
SOON = timedelta(days=14)
OPENING = 80
"""Characters of a text that stand for a title where there is none."""

_CHUNK = 400
"""Incidents that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for a person: why (`needs`, which sum to `score`), and the claim that it is about.

    `title` is the beginning of the text where the report has none.
    """

    report: str
    title: str
    outlet: str | None
    published: date | None
    incident: str
    claim: str
    kind: str
    place: str | None
    killed: int | None
    score: float
    needs: tuple[tuple[str, float], ...]


class QueueTables(Database):
    """What waits for a person."""

    def queue(
        self, *, today: date, embargo_days: int = 30, limit: int = 50, skip: int = 0, leave_out: Iterable[str] = ()
    ) -> tuple[Waiting, ...]:
        """`limit` reports after the first `skip`, the most needful first; each once, with its most needful incident.

        `leave_out` are ids of reports that are passed over. An embargo of `embargo_days` counts from an incident's
        last day.
        """
        needs = _needs(today, embargo_days)
        f = tables.incident_facts.c
        score = sum((column for column in needs.values()), literal(0.0)).label("need")
        columns = (f.incident, f.kind, f.place, f.killed, score, *(c.label(f"need_{n}") for n, c in needs.items()))
        query = select(*columns).where(f.reviewed != "yes").order_by(score.desc(), f.incident)
        seen, found = set(leave_out), list[tuple[str, str, Row[Any]]]()
        at = 0
        with self._reading() as connection:
            while len(found) < skip + limit:
                some = connection.execute(query.limit(_CHUNK).offset(at)).all()
                told = self._told(connection, [row.incident for row in some])
                for row in some:
                    for report, claim in told.get(row.incident, ()):
                        if report not in seen:
                            seen.add(report)
                            found.append((report, claim, row))
                at += _CHUNK
                if len(some) < _CHUNK:
                    break
            page = found[skip : skip + limit]
            about = self._about(connection, [report for report, _, _ in page])
        return tuple(_waiting(about[report], claim, row, list(needs)) for report, claim, row in page)

    def count_unreviewed(self) -> int:
        """How many incidents are not reviewed whole."""
        f = tables.incident_facts.c
        with self._reading() as connection:
            return connection.scalar(select(func.count()).where(f.reviewed != "yes")) or 0

    def _told(self, connection: Any, incidents: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """The reports that tell of each incident, with the first claim of each, in the order of its claims."""
        t, c = tables.linked.c, tables.claims.c
        found: dict[str, list[tuple[str, str]]] = {}
        for some in batched(incidents, PAGE):
            query = select(t.incident, c.report, c.id).join(tables.claims, c.id == t.claim)
            for row in connection.execute(query.where(t.incident.in_(some)).order_by(t.incident, t.seq)):
                listed = found.setdefault(row.incident, [])
                if all(row.report != report for report, _ in listed):
                    listed.append((row.report, row.id))
        return found

    def _about(self, connection: Any, reports: Sequence[str]) -> dict[str, Row[Any]]:
        r = tables.reports.c
        found: dict[str, Row[Any]] = {}
        for some in batched(reports, PAGE):
            title = func.coalesce(func.nullif(r.title, ""), func.substr(r.text, 1, OPENING)).label("title")
            query = select(r.id, title, r.outlet, r.published).where(r.id.in_(some))
            found |= {row.id: row for row in connection.execute(query)}
        return found

    def reports_about(self, reports: Iterable[str]) -> dict[str, tuple[str, str | None, date | None]]:
        """Title (or beginning), outlet and day of these reports, by id."""
        with self._reading() as connection:
            found = self._about(connection, sorted(set(reports)))
        return {name: (" ".join(row.title.split()), row.outlet, row.published) for name, row in found.items()}

    def newest_runs(self, reports: Iterable[str]) -> dict[str, str]:
        """The run of the newest reading of each of these reports."""
        r = tables.readings.c
        found: dict[str, str] = {}
        with self._reading() as connection:
            for some in batched(sorted(set(reports)), PAGE):
                newest = select(func.max(r.id)).where(r.report.in_(some)).group_by(r.report)
                found |= {
                    row.report: row.run for row in connection.execute(select(r.report, r.run).where(r.id.in_(newest)))
                }
        return found


def _needs(today: date, embargo_days: int) -> dict[str, ColumnElement[float]]:
    """The parts of the score as the database works them out; `NEEDS` says them in words."""
    f = tables.incident_facts.c
    passed = today - timedelta(days=embargo_days)
    day = func.coalesce(f.last, f.first)
    return {
        "disputed": case((f.disputed, 3.0), else_=0.0),
        "doubt": case((f.score.is_(None), 0.0), else_=3.0 * (1.0 - f.score)),
        "toll": case(*((f.killed >= least, worth) for least, worth in TOLLS), else_=0.0),
        "due": case((day <= passed, 2.0), (day <= passed + SOON, 1.0), else_=0.0),
        "unseen": case((f.reviewed == "no", 1.0), else_=0.0),
    }


def _waiting(about: Row[Any], claim: str, row: Row[Any], needs: Sequence[str]) -> Waiting:
    parts = tuple((name, float(row._mapping[f"need_{name}"])) for name in needs)
    return Waiting(
        report=about.id,
        title=" ".join(about.title.split()),
        outlet=about.outlet,
        published=about.published,
        incident=row.incident,
        claim=claim,
        kind=row.kind,
        place=row.place,
        killed=row.killed,
        score=float(row.need),
        needs=tuple(p for p in parts if p[1]),
    )
