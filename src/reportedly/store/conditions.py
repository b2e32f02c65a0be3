"""The conditions of a search as SQL: which claims, statements and reports meet them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from reportedly.store.globe import within
from reportedly.store.tables import claims, readings, reports, statements

WIDE_KM = 50.0
"""A place whose own radius is larger than this, and than the circle, lies nowhere in particular: it is not "near"."""


@dataclass(frozen=True, slots=True)
class Near:
    """Within `km` kilometres of a point."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Query:
    """What to find. A condition that is not given doesn't count; those that are given must all be met.

    `words` as people type them (`words.read_terms`). `first` and `last`: days, both included, that the happening, or
    else the saying, or else the report, touches. `kinds` and `stances` as in the ontology: any of them. `actors`: agent
    or target is one of these names. `speaker`: words in the name of who says it, of its side, or, for the report's own
    voice, of the outlet. `claims`: ids; what is found is among them.
    """

    words: str = ""
    first: date | None = None
    last: date | None = None
    near: Near | None = None
    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    speaker: str | None = None
    stances: tuple[str, ...] = ()
    claims: frozenset[str] | None = None

    @property
    def of_events(self) -> bool:
        """Whether only a claim can meet it."""
        return bool(self.near or self.kinds or self.actors or self.claims is not None)

    @property
    def of_saying(self) -> bool:
        """Whether it asks how or by whom something is said."""
        return bool(self.speaker or self.stances)

    @property
    def of_days(self) -> bool:
        """Whether it asks when."""
        return self.first is not None or self.last is not None

    @property
    def of_claims(self) -> bool:
        """Whether it asks anything but words."""
        return self.of_events or self.of_saying or self.of_days


class Conditions:
    """The conditions of one query, for one connection."""

    def __init__(self, connection: Connection, query: Query) -> None:
        self._connection = connection
        self._query = query
        self._dialect = connection.dialect.name
        self.newest: CTE = select(func.max(readings.c.id).label("id")).group_by(readings.c.report).cte("newest")
        """The newest reading of each report."""
        self._tests = self._told()
        c = claims.c
        self.told: CTE = self.claims_that_fit(c.id, c.report, c.reading, c.statement).cte("told")
        """Claims of newest readings that meet all conditions: `id`, `report`, `reading`, `statement`."""

    def claims_that_fit(self, *columns: Any) -> Select[Any]:
        """Claims of newest readings that meet all conditions."""
        joined = claims.join(reports, reports.c.id == claims.c.report)
        return select(*columns).select_from(joined).where(self.is_newest(claims.c.reading), *self._tests)

    def is_newest(self, reading: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether the column `reading` names the newest reading of its report."""
        return reading.in_(select(self.newest.c.id))

    def report_fits(self) -> ColumnElement[bool]:
        """A condition on `reports`."""
        told = reports.c.id.in_(select(self.told.c.report))
        if self._query.of_events or self._query.of_saying:
            return told
        if self._query.of_days:
            return or_(self._in_days(reports.c.published, reports.c.published), told)
        return true()

    def statement_fits(self) -> ColumnElement[bool]:
        """A condition on `statements` joined with their `reports`."""
        q, s = self._query, statements.c
        told = tuple_(s.reading, s.id).in_(select(self.told.c.reading, self.told.c.statement))
        if q.of_events:
            return told
        day = func.coalesce(s.said_on, reports.c.published)
        tests = [self._in_days(day, day)]
        tests += [s.stance.in_(q.stances)] if q.stances else []
        tests += [or_(self._names_speaker(s.speaker), self._names_speaker(s.side))] if q.speaker else []
        return or_(and_(*tests), told) if q.of_days else and_(*tests)

    def _told(self) -> list[ColumnElement[bool]]:
        c, q = claims.c, self._query
        said = func.coalesce(c.said_on, reports.c.published)
        tests = [self._in_days(func.coalesce(c.first, c.last, said), func.coalesce(c.last, c.first, said))]
        tests += [c.kind.in_(q.kinds)] if q.kinds else []
        tests += [c.stance.in_(q.stances)] if q.stances else []
        tests += [c.id.in_(listed(q.claims, self._dialect))] if q.claims is not None else []
        if q.near is not None:
            at = (q.near.lat, q.near.lon)
            tests.append(within(c.lat, c.lon, of=at, km=q.near.km, dialect=self._dialect))
            tests.append(func.coalesce(c.radius_km, 0) <= max(q.near.km, WIDE_KM))
        if q.actors:
            tests.append(or_(self._names_actor(c.agents), self._names_actor(c.targets)))
        if q.speaker:
            own = and_(c.statement.is_(None), self._names_speaker(c.outlet))
            tests.append(or_(self._names_speaker(c.speaker), self._names_speaker(c.side), own))
        return tests

    def _in_days(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether the days from `first` to `last` touch those that are asked for; unknown days don't."""
        tests: list[ColumnElement[bool]] = [true()]
        if self._query.first is not None:
            tests.append(last >= self._query.first)
        if self._query.last is not None:
            tests.append(first <= self._query.last)
        return and_(*tests)

    def _names_actor(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether one of the names in the JSON list `column` is one that is asked for; "A and B" are two."""
        wanted = {name.casefold() for name in self._query.actors}

        def fits(listed: str) -> bool:
            names = [str(name).casefold() for name in json.loads(listed)]
            return any(name in wanted or wanted.intersection(name.split(" and ")) for name in names)

        return self._among(cast(column, String), fits)

    def _names_speaker(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        wanted = (self._query.speaker or "").casefold()
        return self._among(column, lambda name: wanted in name.casefold())

    def _among(self, column: ColumnElement[Any], fits: Callable[[str], bool]) -> ColumnElement[bool]:
        """Whether `column` has a value that fits. The few values that there are get compared here, not in the database,
        which knows nothing of upper and lower case past ASCII."""
        values = self._connection.scalars(select(column).where(column.is_not(None)).distinct())
        return column.in_(listed((value for value in values if fits(value)), self._dialect))


def listed(values: Iterable[str], dialect: str) -> Select[Any]:
    """Any number of values as a subquery; a query takes a limited number of parameters."""
    array: Any = literal(json.dumps(sorted(values)), String)
    if dialect == "sqlite":
        rows = func.json_each(array).table_valued("value")
    else:
        rows = func.json_array_elements_text(cast(array, JSON)).table_valued("value")
    return select(cast(rows.c.value, String))
