"""Which incidents are meant: one record, the address that says it, and the SQL that finds them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select

from reportedly.store.conditions import Query, listed
from reportedly.store.search import Search
from reportedly.store.tables import claims, incident_actors, incident_facts, incident_tellers, linked, readings
from reportedly.store.words import read_terms

LISTS = ("kinds", "actors", "speakers", "verdicts", "reviewed")
_NAMES = {"kinds": "kind", "actors": "actor", "speakers": "speaker", "verdicts": "verdict"}
"""What the lists are called in an address, where they stand once for each value."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west is greater than east where the box crosses the 180th meridian."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents are meant. What is not given doesn't count; all that is given must be met.

    `first` and `last`: days, both included, that the happening touches. `box`: where its point lies; a country as a
    whole lies nowhere. Of `kinds`, `actors` (agents or targets), `speakers` (who says it, or the side they speak for),
    `verdicts` (on any of its facts) and `reviewed` (no, part, yes) any one is enough. `words` stand in a report that
    tells of it. `since`: something of it came into the ledger on this day (UTC) or later.
    """

    words: str = ""
    first: date | None = None
    last: date | None = None
    box: Box | None = None
    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    since: date | None = None
    among: frozenset[str] | None = None
    """Ids of incidents, one of which it must be: what `settled` makes of the words. It is in no address."""

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def address(self) -> str:
        """The filter as a query string, without the question mark; "" for everything."""
        return urlencode(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The parts of the address in a fixed order."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            if field.name == "among":
                continue
            value: Any = getattr(self, field.name)
            if field.name in LISTS:
                found += [(_NAMES.get(field.name, field.name), v) for v in value]
            elif field.name == "box" and value:
                found.append(("box", ",".join(f"{v:g}" for v in value)))
            elif value:
                found.append((field.name, str(value)))
        return found

    def without(self, name: str, value: str | None = None) -> Filter:
        """The filter less one field, or less one value of a list."""
        less: Any = getattr(Filter(), name) if value is None else tuple(v for v in getattr(self, name) if v != value)
        return replace(self, **{name: less})


def tests_of(wanted: Filter, connection: Connection) -> list[ColumnElement[bool]]:
    """The conditions on `incident_facts`. Raises `SettingsError` for words that can't be looked for."""
    f, dialect = incident_facts.c, connection.dialect.name
    tests: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        tests.append(f.last >= wanted.first)
    if wanted.last is not None:
        tests.append(f.first <= wanted.last)
    if wanted.box is not None:
        tests += _inside(wanted.box)
    if wanted.kinds:
        tests.append(f.kind.in_(wanted.kinds))
    if wanted.actors:
        a = incident_actors.c
        tests.append(f.incident.in_(select(a.incident).where(a.name.in_(wanted.actors))))
    if wanted.speakers:
        t = incident_tellers.c
        told = or_(t.who.in_(wanted.speakers), t.side.in_(wanted.speakers))
        tests.append(f.incident.in_(select(t.incident).where(told)))
    if wanted.verdicts:
        tests.append(or_(false(), *(incident_facts.c[verdict] for verdict in wanted.verdicts)))
    if wanted.reviewed:
        tests.append(f.reviewed.in_(wanted.reviewed))
    if wanted.since is not None:
        tests.append(f.added >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.among is not None:
        tests.append(f.incident.in_(listed(wanted.among, dialect)))
    elif wanted.words.strip():
        tests.append(f.incident.in_(_with_words(wanted.words, connection)))
    return tests


def settled(wanted: Filter, connection: Connection) -> Filter:
    """The same with its words looked for once and for all: for asking several things of one filter."""
    if not wanted.words.strip() or wanted.among is not None:
        return wanted
    found = connection.scalars(_with_words(wanted.words, connection))
    return replace(wanted, among=frozenset(found))


def _inside(box: Box) -> list[ColumnElement[bool]]:
    west, south, east, north = box
    lon = incident_facts.c.lon
    across = and_(lon >= west, lon <= east) if west <= east else or_(lon >= west, lon <= east)
    lat = incident_facts.c.lat
    return [lat >= south, lat <= north, across, incident_facts.c.precision != "country"]


def _with_words(words: str, connection: Connection) -> Select[Any]:
    """The incidents that a report with these words tells of."""
    reports = Search(connection, Query(words=words), read_terms(words)).with_words()
    # By reading, of which there is an index.
    own = select(readings.c.id).where(readings.c.report.in_(reports))
    told = linked.join(claims, claims.c.id == linked.c.claim)
    return select(linked.c.incident).select_from(told).where(claims.c.reading.in_(own), linked.c.incident.is_not(None))
