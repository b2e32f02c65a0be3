"""The ledger's part for pages: facts of incidents, counted and filtered by the database, and who tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, delete, exists, func, select

from reportedly.store import server, tables
from reportedly.store.base import PAGE, Database, batched
from reportedly.store.bulk import put
from reportedly.store.filter import Filter, settled, tests_of
from reportedly.types import Judgement

ORDERS = ("day", "killed", "origins", "reports", "added", "score")
"""What incidents can be put in the order of, the most or the latest first; `score` puts the least sure first."""

VERDICTS = ("disputed", "revised", "acknowledged", "corroborated", "single")
"""The verdicts of `link.agreement`, which the ledger doesn't know; each has a column."""

REVIEWED = ("no", "part", "yes")
"""Whether nobody, or somebody but not for all of it, or somebody for all of it accepted or rejected its claims."""

_RECENT = 500
"""Judgements, so many that no older one can be on its way still."""


@dataclass(frozen=True, slots=True)
class TollTold:
    """A toll of an incident: the lowest, the chosen and the highest figure told; `open`: the highest was "at least"."""

    effect: str
    low: int
    best: int
    high: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells of an incident: the speaker, or the outlet where the report says it itself (`own_voice`).

    `side` is "" where it speaks for none that is known. `alone`: nobody else tells of it. `denies`: something of it is
    denied. `last` is the latest day on which it was said.
    """

    who: str
    side: str
    speaker_kind: str
    own_voice: bool
    claims: int
    alone: bool
    denies: bool
    last: date | None


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What a list shows of an incident: its facts by the rule "best", its verdicts, who tells it, what was reviewed.

    `verdict` is that on whether it happened, None where nobody says so; `verdicts` are those on every fact. `killed`
    repeats the chosen toll of that effect. `rejected` counts rejected claims. `score` is the reader's least confidence.
    `added` is when the newest of its reports came in.
    """

    incident: str
    kind: str
    status: str
    first: date | None
    last: date | None
    place: str | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: str | None
    radius_km: float | None
    agents: tuple[str, ...]
    targets: tuple[str, ...]
    tolls: tuple[TollTold, ...]
    killed: int | None
    verdict: str | None
    verdicts: tuple[tuple[str, str], ...]
    claims: int
    reports: int
    origins: int
    reviewed: str
    rejected: int
    score: float | None
    added: datetime
    actors: tuple[str, ...] = ()
    tellers: tuple[Teller, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """How many incidents lie at one point, by kind, and one of them."""

    lat: float
    lon: float
    kind: str
    place: str | None
    country: str | None
    incidents: int
    disputed: int
    incident: str


@dataclass(frozen=True, slots=True)
class FactsBasis:
    """What facts follow from: when the ledger was last linked, and the numbers of the newest judgements."""

    linked: datetime | None
    judged: frozenset[int]


class FactTables(Database):
    """Facts of incidents."""

    def facts_basis(self) -> FactsBasis:
        """What facts that are made now are made from."""
        with self._reading() as connection:
            return _basis(connection)

    def save_facts(self, made: Sequence[IncidentFacts], *, basis: FactsBasis | None = None) -> bool:
        """Stores the facts of these incidents in place of what there was.

        `basis` is what they were made from: facts of incidents that somebody has judged since are left out, and where
        the ledger was linked since, nothing is stored, and it gives back False.
        """

        def work(connection: Connection) -> bool:
            server.take_turn(connection, server.FACTS)
            good = made
            if basis is not None:
                if _basis(connection).linked != basis.linked:
                    return False
                judged = _judged_since(connection, basis)
                good = [one for one in made if one.incident not in judged]
            _remove(connection, [one.incident for one in good])
            put(connection, tables.incident_facts, (_row(one) for one in good))
            actors = ({"incident": one.incident, "name": name} for one in good for name in one.actors)
            put(connection, tables.incident_actors, actors)
            tellers = (_teller_row(one, teller) for one in good for teller in one.tellers)
            put(connection, tables.incident_tellers, tellers)
            return True

        return self._write(work)

    def without_facts(self) -> list[str]:
        """The ids of the incidents that have no facts yet, or none any more, in order."""
        t, f = tables.linked.c, tables.incident_facts.c
        missing = (
            select(t.incident).where(t.incident.is_not(None), ~exists().where(f.incident == t.incident)).distinct()
        )
        with self._reading() as connection:
            return list(connection.scalars(missing.order_by(t.incident)))

    def facts_named(self, ids: Iterable[str]) -> dict[str, IncidentFacts]:
        """The facts of these incidents, by id; those without facts are left out. `actors` and `tellers` are empty."""
        found: dict[str, IncidentFacts] = {}
        f = tables.incident_facts
        with self._reading() as connection:
            for some in batched(ids, PAGE):
                rows = connection.execute(select(f).where(f.c.incident.in_(some))).mappings()
                found |= {row["incident"]: _facts_of(row) for row in rows}
        return found

    def find_incidents(
        self, wanted: Filter, *, order: str = "day", limit: int = 50, skip: int = 0
    ) -> tuple[IncidentFacts, ...]:
        """Facts of incidents that are meant, `limit` after the first `skip`. `actors` and `tellers` are empty.

        Raises `SettingsError` for words that can't be looked for, as all that take a filter do.
        """
        f = tables.incident_facts
        with self._reading() as connection:
            query = select(f).where(*tests_of(wanted, connection)).order_by(*_order(order)).limit(limit).offset(skip)
            return tuple(_facts_of(row) for row in connection.execute(query).mappings())

    def tellers_of(self, incident: str) -> tuple[Teller, ...]:
        """Who tells of this incident, in order of their names."""
        t = tables.incident_tellers
        columns = [t.c[f.name] for f in fields(Teller)]
        with self._reading() as connection:
            found = connection.execute(select(*columns).where(t.c.incident == incident).order_by(t.c.who, t.c.side))
            return tuple(Teller(*row) for row in found)

    def ids_of(self, wanted: Filter) -> list[str]:
        """The ids of all incidents that are meant, in order."""
        f = tables.incident_facts.c
        with self._reading() as connection:
            return list(
                connection.scalars(select(f.incident).where(*tests_of(wanted, connection)).order_by(f.incident))
            )

    def claims_of(self, wanted: Filter) -> set[str]:
        """The ids of the claims of all incidents that are meant."""
        f, t = tables.incident_facts.c, tables.linked.c
        with self._reading() as connection:
            meant = select(f.incident).where(*tests_of(wanted, connection))
            return set(connection.scalars(select(t.claim).where(t.incident.in_(meant))))

    def count_found(self, wanted: Filter) -> dict[str, int]:
        """How many incidents are meant: in all, disputed … single, by review (no, part, yes), and their claims."""
        f = tables.incident_facts.c
        columns = [func.count().label("incidents"), func.coalesce(func.sum(f.claims), 0).label("claims")]
        columns += [_count_if(f[verdict]).label(verdict) for verdict in VERDICTS]
        columns += [_count_if(f.reviewed == state).label(f"reviewed_{state}") for state in REVIEWED]
        columns += [_count_if(f.lat.is_(None)).label("nowhere"), _count_if(f.first.is_(None)).label("undated")]
        with self._reading() as connection:
            row = connection.execute(select(*columns).where(*tests_of(wanted, connection))).mappings().one()
        return {name: int(value) for name, value in row.items()}

    def count_kinds(self, wanted: Filter) -> dict[str, int]:
        """How many incidents are meant, by kind, most first."""
        f = tables.incident_facts.c
        with self._reading() as connection:
            number = func.count().label("number")
            query = select(f.kind, number).where(*tests_of(wanted, connection)).group_by(f.kind)
            return {row.kind: row.number for row in connection.execute(query.order_by(number.desc(), f.kind))}

    def settle(self, wanted: Filter) -> Filter:
        """The same filter with its words looked for, once, for asking several things of it."""
        with self._reading() as connection:
            return settled(wanted, connection)

    def count_days(
        self, wanted: Filter, *, kinds: Sequence[str] | None = None, months: bool = False
    ) -> list[tuple[str, str, int]]:
        """How many incidents are meant, by first day (ISO form) and kind, in order.

        Kinds that aren't among `kinds` are one, "". With `months` they are counted by month, as on its first day.
        """
        f = tables.incident_facts.c
        day: ColumnElement[str] = cast(f.first, String)
        day = func.substr(day, 1, 7) + "-01" if months else day
        kind: ColumnElement[str] = f.kind if kinds is None else case((f.kind.in_(kinds), f.kind), else_="")
        with self._reading() as connection:
            tests = [*tests_of(wanted, connection), f.first.is_not(None)]
            named = select(day.label("day"), kind.label("kind")).where(*tests).subquery().c
            query = select(named.day, named.kind, func.count()).group_by(named.day, named.kind)
            return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(named.day, named.kind))]

    def count_facts(self) -> int:
        """How many incidents have facts."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(tables.incident_facts)) or 0

    def distinct_days(self) -> int:
        """On how many days something is said to have happened first."""
        days = select(tables.incident_facts.c.first).distinct().subquery()
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(days)) or 0

    def points(self, wanted: Filter, *, limit: int = 2500) -> list[Point]:
        """Where the incidents that are meant lie: a point for each place and kind, those with the most first."""
        f = tables.incident_facts.c
        number = func.count().label("number")
        columns = (
            *(f.lat, f.lon, f.kind, func.min(f.place), func.min(f.country)),
            *(number, _count_if(f.disputed), func.min(f.incident)),
        )
        with self._reading() as connection:
            tests = [*tests_of(wanted, connection), f.lat.is_not(None), f.precision != "country"]
            query = select(*columns).where(*tests).group_by(f.lat, f.lon, f.kind)
            rows = connection.execute(query.order_by(number.desc(), f.lat, f.lon, f.kind).limit(limit))
            return [Point(*row) for row in rows]

    def names_told(self, role: str, *, letters: str = "", limit: int = 20) -> list[tuple[str, int]]:
        """The names of actors ("actor") or tellers ("speaker") that have `letters` in them, with how many incidents."""
        column = tables.incident_actors.c.name if role == "actor" else tables.incident_tellers.c.who
        number = func.count().label("number")
        query = select(column, number).group_by(column).order_by(number.desc(), column).limit(limit)
        if letters:
            query = query.where(column.icontains(letters, autoescape=True))
        with self._reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def arrivals(self, reports: Iterable[str]) -> dict[str, tuple[date | None, datetime]]:
        """When each of these reports was published and when it came in, by id."""
        r = tables.reports.c
        found: dict[str, tuple[date | None, datetime]] = {}
        with self._reading() as connection:
            for some in batched(sorted(set(reports)), PAGE):
                rows = connection.execute(select(r.id, r.published, r.added).where(r.id.in_(some)))
                found |= {row.id: (row.published, row.added) for row in rows}
        return found

    def newest_added(self) -> datetime | None:
        """When the newest report that tells of an incident came in."""
        with self._reading() as connection:
            newest: datetime | None = connection.scalar(select(func.max(tables.incident_facts.c.added)))
            return newest


def _basis(connection: Connection) -> FactsBasis:
    linked = connection.scalar(select(func.max(tables.linking.c.made)))
    j = tables.judgements.c.seq
    return FactsBasis(linked, frozenset(connection.scalars(select(j).order_by(j.desc()).limit(_RECENT))))


def _judged_since(connection: Connection, basis: FactsBasis) -> set[str]:
    """The incidents that somebody has judged since facts were made from `basis`.

    A number is given to a judgement when it is made and seen when it is committed, so a lower one may come later: those
    that count as known are named one by one, as far back as can matter.
    """
    j = tables.judgements.c
    oldest = min(basis.judged) if len(basis.judged) == _RECENT else 0
    query = select(j.action, j.subjects).where(j.seq >= oldest, j.seq.not_in(basis.judged))
    return {
        incident
        for row in connection.execute(query).all()
        for incident in _judged(connection, row.action, {str(s) for s in row.subjects})
    }


def forget_facts(connection: Connection, incidents: Sequence[str] | None) -> None:
    """Removes the facts of these incidents, or of all: they no longer hold, or are about to be stored anew."""
    server.take_turn(connection, server.FACTS)
    _remove(connection, incidents)


def forget_facts_of(connection: Connection, claims: Select[Any]) -> None:
    """Removes the facts of the incidents that these claims, a query of ids, belong to."""
    server.take_turn(connection, server.FACTS)
    t = tables.linked.c
    _remove(connection, list(connection.scalars(select(t.incident).where(t.claim.in_(claims)).distinct())))


def forget_judged(connection: Connection, judgement: Judgement) -> None:
    """Removes the facts of the incidents that a judgement is about; for undo, that the undone ones are about.

    Several may judge at the same time; they wait for each other only where they judge the same incident.
    """
    server.take_turn(connection, server.FACTS, shared=True)
    incidents = sorted(_judged(connection, judgement.action, set(judgement.subjects)))
    f = tables.incident_facts.c.incident
    for some in batched(incidents, PAGE):
        # All in one order, so that no two wait for each other. (SQLite has one writer at a time.)
        connection.execute(select(f).where(f.in_(some)).order_by(f).with_for_update()).all()
    _remove(connection, incidents)


def _judged(connection: Connection, action: str, subjects: set[str]) -> set[str]:
    """The incidents that a judgement is about: its subjects, and those that they belong to."""
    if action == "undo":
        j = tables.judgements.c
        undone = connection.execute(select(j.id, j.action, j.subjects).where(j.id.in_(sorted(subjects)))).all()
        subjects = {str(s) for row in undone for s in row.subjects}
        # What an undone undo had undone counts again.
        again = {str(s) for row in undone if row.action == "undo" for s in row.subjects}
        subjects |= {
            str(s) for r in connection.execute(select(j.subjects).where(j.id.in_(sorted(again)))) for s in r[0]
        }
    t = tables.linked.c
    found = set(subjects)
    for some in batched(sorted(subjects), PAGE):
        found.update(connection.scalars(select(t.incident).where(t.claim.in_(some), t.incident.is_not(None))))
    return found


def _remove(connection: Connection, incidents: Sequence[str] | None) -> None:
    for table in (tables.incident_facts, tables.incident_actors, tables.incident_tellers):
        if incidents is None:
            connection.execute(delete(table))
            continue
        for some in batched(incidents, PAGE):
            connection.execute(delete(table).where(table.c.incident.in_(some)))


def _count_if(test: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((test, 1), else_=0)), 0)


def _order(order: str) -> Iterator[Any]:
    f = tables.incident_facts.c
    first = {"killed": f.killed, "origins": f.origins, "reports": f.reports, "added": f.added}.get(order)
    if first is not None:
        yield first.desc().nulls_last()
    if order == "score":
        yield f.score.asc().nulls_last()
    yield f.first.desc().nulls_last()
    yield f.incident


_OWN = tuple(f.name for f in fields(IncidentFacts) if f.name not in ("actors", "tellers"))


def _row(one: IncidentFacts) -> dict[str, Any]:
    said = {verdict for _, verdict in one.verdicts}
    row = {name: getattr(one, name) for name in _OWN} | {verdict: verdict in said for verdict in VERDICTS}
    row |= {"agents": list(one.agents), "targets": list(one.targets), "verdicts": [list(v) for v in one.verdicts]}
    return row | {"tolls": [[t.effect, t.low, t.best, t.high, t.open] for t in one.tolls]}


def _facts_of(row: Mapping[Any, Any]) -> IncidentFacts:
    lists = {
        "agents": tuple(row["agents"]),
        "targets": tuple(row["targets"]),
        "tolls": tuple(TollTold(*toll) for toll in row["tolls"]),
        "verdicts": tuple((fact, verdict) for fact, verdict in row["verdicts"]),
    }
    return IncidentFacts(**{name: row[name] for name in _OWN} | lists)


def _teller_row(one: IncidentFacts, teller: Teller) -> dict[str, Any]:
    said = {verdict for _, verdict in one.verdicts}
    own = {f.name: getattr(teller, f.name) for f in fields(Teller)}
    return {"incident": one.incident, **own, "disputed": "disputed" in said, "acknowledged": "acknowledged" in said}
