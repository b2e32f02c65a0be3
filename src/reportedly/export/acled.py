"""ACLED's table: 31 columns, one row an incident.

A row is an incident by the ontology's mapping to ACLED; what ACLED has no type for is left out and counted. ACLED codes
an unknown actor, an unknown toll and an unknown place as something; here a cell stays empty where nobody says.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.codebooks import (
    LOST,
    Coded,
    admin,
    agreed,
    cells,
    coded_rows,
    degrees,
    joined,
    outlets,
    people,
    published,
    tellings,
)
from reportedly.export.coding import STATE, Party, is_abroad
from reportedly.export.schemas import ACLED

FILE = "acled.csv"

INTER = (
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
)
"""Kinds of actor in the order of their old numbers, in which an interaction names them."""

_GEO_PRECISION: Mapping[str | None, str] = {"exact": "1", "near": "2", "district": "2", "route": "2"}
_LONGEST = 31
"""Days: ACLED dates an event to a month at the least."""


class AcledExport:
    """The format `acled`."""

    title: ClassVar[str] = "ACLED's 31 columns"
    files: ClassVar[tuple[str, ...]] = (FILE,)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {FILE: ACLED}
    happened: ClassVar[bool] = True
    losses: ClassVar[Sequence[Lost]] = (
        *LOST,
        Lost("whether an armed group is a rebel group or a militia", "named groups are all `Rebel group`"),
        Lost("provinces and districts of a town", "the gazetteer knows them as codes only"),
        Lost("injured, missing, captured and displaced people", "ACLED counts the killed alone"),
        Lost("the range of a toll", "ACLED has one figure"),
    )

    def write(self, book: Book, out: Output) -> None:
        """Write `acled.csv`."""
        with out.text(FILE) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(column.name for column in ACLED)
            for coded in coded_rows(book, out, "acled"):
                if coded.days > _LONGEST:
                    out.leave(coded.row, "over more than a month: ACLED dates an event to a month at the least")
                else:
                    writer.writerow(cells(acled_row(coded)))


def acled_row(coded: Coded) -> dict[str, str]:
    """The cells of one row, by column, in ACLED's order."""
    event_type, sub_event_type = coded.codes
    place, country = coded.place, coded.country
    killed = coded.row.facts.toll("killed")
    days = published(coded.row)
    made = {
        "event_id_cnty": coded.row.incident.id,
        "event_date": coded.first.isoformat(),
        "year": str(coded.first.year),
        "time_precision": "1" if coded.days == 1 else "2" if coded.days <= 7 else "3",
        "disorder_type": disorder_type(event_type, sub_event_type),
        "event_type": event_type,
        "sub_event_type": sub_event_type,
        **_actors(coded, event_type),
        "iso": country.iso_numeric,
        "region": country.acled_region,
        "country": country.acled_name,
        "admin1": admin(place, "province"),
        "admin2": admin(place, "district"),
        "location": place.name if place else "",
        "latitude": degrees(place.lat if place else None),
        "longitude": degrees(place.lon if place else None),
        "geo_precision": _GEO_PRECISION.get(place.precision, "3") if place else "",
        "source": joined(outlets(coded.row)),
        "notes": tellings(coded.row),
        "fatalities": str(killed.best) if killed else "",
        "tags": agreed(coded.row),
        "timestamp": _seconds(days[-1]) if days else "",
    }
    return {column.name: made.get(column.name, "") for column in ACLED}


def disorder_type(event_type: str, sub_event_type: str) -> str:
    """ACLED's grouping of its sub-event types."""
    if sub_event_type == "Excessive force against protesters":
        return "Political violence; Demonstrations"
    if event_type == "Protests" or sub_event_type == "Violent demonstration":
        return "Demonstrations"
    return event_type if event_type == "Strategic developments" else "Political violence"


def _actors(coded: Coded, event_type: str) -> dict[str, str]:
    first, second = (people(side) for side in coded.scene.sides())
    inter1, inter2 = (_inter(side[0], coded, event_type) if side else "" for side in (first, second))
    found = sorted(filter(None, (inter1, inter2)), key=INTER.index)
    main = second[0] if second else None
    targeting = inter2 == "Civilians" or (event_type == "Protests" and inter2 == "Protesters")
    violent = event_type in ("Violence against civilians", "Explosions/Remote violence", "Riots", "Protests")
    return {
        "actor1": first[0].name if first else "",
        "assoc_actor_1": joined(p.name for p in first[1:]),
        "inter1": inter1,
        "actor2": main.name if main else "",
        "assoc_actor_2": joined(p.name for p in second[1:]),
        "inter2": inter2,
        "interaction": "-".join(found) if len(found) > 1 else "".join(f"{kind} only" for kind in found),
        "civilian_targeting": "Civilian targeting" if targeting and violent else "",
    }


def _inter(party: Party, coded: Coded, event_type: str) -> str:
    """What kind of actor a party is to ACLED; "" where its class is not known."""
    if party.class_ is None:
        return ""
    crowd = {"Protests": "Protesters", "Riots": "Rioters"}.get(event_type)
    if crowd and not party.armed and not party.is_one_of(("government",)) and party in coded.scene.agents:
        return crowd
    if party.is_one_of(STATE) and is_abroad(party, coded.scene.country):
        return "External/Other forces"
    code = party.class_.code("acled")
    return code if code in INTER else ""


def _seconds(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
