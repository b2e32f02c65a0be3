"""The table of UCDP's Georeferenced Event Dataset: 49 columns, one row a deadly incident.

Ids of conflicts, dyads and actors are UCDP's to give, so those columns are empty. `low <= best <= high` always, and the
four columns of deaths by side sum to `best`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.codebooks import (
    LOST,
    Coded,
    admin,
    cells,
    coded_rows,
    country,
    degrees,
    joined,
    outlets,
    people,
    reports,
    telling,
)
from reportedly.export.coding import OF_STATES, STATE, Party, party_of
from reportedly.export.records import Actor, Count, Place
from reportedly.export.schemas import GED
from reportedly.types import Figure, Part

FILE = "ged.csv"
ONE_SIDED = "3"
_WHERE_PREC: Mapping[str | None, str] = {
    "exact": "1", "near": "2", "district": "3", "province": "4", "route": "5", "country": "6", "wide": "7",
}  # fmt: skip


class GedExport:
    """The format `ged`."""

    title: ClassVar[str] = "the 49 columns of UCDP GED"
    files: ClassVar[tuple[str, ...]] = (FILE,)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {FILE: GED}
    happened: ClassVar[bool] = True
    losses: ClassVar[Sequence[Lost]] = (
        *LOST,
        Lost("ids of UCDP", "only UCDP gives them: those columns are empty, and so are its names of conflicts"),
        Lost("injured, missing, captured and displaced people", "GED counts the killed alone"),
        Lost("whether those killed were meant", "unarmed people alone among those hit make violence one-sided"),
    )

    def write(self, book: Book, out: Output) -> None:
        """Write `ged.csv`."""
        with out.text(FILE) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(column.name for column in GED)
            for coded in coded_rows(book, out, "ucdp"):
                killed = coded.row.facts.toll("killed")
                if killed is None or killed.high < 1:
                    out.leave(coded.row, "nobody was killed: UCDP GED holds only events with a death")
                else:
                    writer.writerow(cells(ged_row(coded, killed)))


def ged_row(coded: Coded, killed: Count) -> dict[str, str]:
    """The cells of one row, by column, in GED's order."""
    kind = coded.codes[0]
    sides = sides_of(coded)
    named = [_side_name(side) for side in sides]
    if kind == ONE_SIDED:
        named[1] = "Civilians"
    clear = coded.days == 1 and coded.place is not None and coded.place.precision in ("exact", "near", "district")
    made = {
        "relid": coded.row.incident.id,
        "year": str(coded.first.year),
        "type_of_violence": kind,
        "dyad_name": " - ".join(named),
        "side_a": named[0],
        "side_b": named[1],
        **_sources(coded),
        **_where(coded),
        "event_clarity": "1" if clear else "2",
        "date_prec": date_prec(coded.days),
        "date_start": coded.first.isoformat(),
        "date_end": coded.last.isoformat(),
        **split_deaths(coded, killed, sides),
        "best": str(killed.best),
        "high": str(killed.high),
        "low": str(killed.low),
        "gwnoa": _state_number(sides[0]),
        "gwnob": "" if kind == ONE_SIDED else _state_number(sides[1]),
    }
    return {column.name: made.get(column.name, "") for column in GED}


def date_prec(days: int) -> str:
    """UCDP's precision of a span of days."""
    bounds = ((1, "1"), (6, "2"), (7, "3"), (31, "4"))
    return next((code for most, code in bounds if days <= most), "5")


def sides_of(coded: Coded) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Sides A and B: the agents' and the other; a state's side is A unless both or neither are."""
    first, second = (people(side) for side in coded.scene.sides())
    armed = coded.scene.armed_sides()
    if armed and not any(p.armed for p in second):
        # Nobody is named as hit, but the toll says that armed people were.
        second = armed[1]
    if coded.codes[0] == "1" and not _of_state(first) and _of_state(second):
        return second, first
    return first, second


def split_deaths(coded: Coded, killed: Count, sides: tuple[tuple[Party, ...], tuple[Party, ...]]) -> dict[str, str]:
    """The deaths by side, which sum to `best`. `sides` are A and B.

    The figures are those of the claim that `best` comes from. Each is put down to the side that has a party of the same
    name or class, or to civilians where it counts unarmed people; what is left is unknown. People of whom nothing more
    is said are civilians only in one-sided violence. Where the figures don't fit into `best`, all of it is unknown.
    """
    told = next((t for t in coded.row.told if t.claim.id == killed.claim), None)
    figures = [f for f in told.claim.toll if f.effect == "killed" and not f.running] if told else []
    if len(figures) < 2:
        # One figure, of which a rule may have taken either end.
        who = figures[0].who if figures else killed.who
        column = _column(who, coded, sides)
        counted = _by_column(_parts(killed), coded, sides) if column == "deaths_unknown" else {column: killed.best}
        if sum(counted.values()) > killed.best:
            counted = {}
    else:
        counted = _by_column(figures, coded, sides)
        if sum(counted.values()) > killed.best:
            # A total and its parts: where all are on one side, so is the total.
            counted = dict.fromkeys(counted, killed.best) if len(counted) == 1 else {}
    unknown = killed.best - sum(n for column, n in counted.items() if column != "deaths_unknown")
    names = ("deaths_a", "deaths_b", "deaths_civilians")
    return {**{name: str(counted.get(name, 0)) for name in names}, "deaths_unknown": str(unknown)}


def _parts(killed: Count) -> list[Part]:
    """The sub-figures that name a side or civilians; women and children where nobody says how many civilians."""
    named = {p.group for p in killed.parts}
    sorts = ("civilians", "combatants") if "civilians" in named else ("women", "children", "combatants")
    return [replace(p, who="civilians") if p.group in ("women", "children") else p
            for p in killed.parts if p.group in sorts]  # fmt: skip


def _by_column(figures: Sequence[Figure | Part], coded: Coded, sides: Sequence[tuple[Party, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for figure in figures:
        column = _column(figure.who, coded, sides)
        if column != "deaths_unknown":
            found[column] = found.get(column, 0) + figure.low
    return found


def _column(who: str | None, coded: Coded, sides: Sequence[tuple[Party, ...]]) -> str:
    counted = party_of(Actor(who), coded.scene.ontology) if who else None
    if counted is not None:
        for side, name in zip(sides, ("deaths_a", "deaths_b"), strict=True):
            if any(counted.name.lower() in (p.name.lower(), (p.actor.words or "").lower()) for p in side if p.armed):
                return name
        if counted.armed:
            return _armed_column(counted, sides)
    if coded.codes[0] == ONE_SIDED:
        # Nobody armed is among those hit, else the row would be of another type.
        return "deaths_civilians" if counted is None or counted.unarmed else "deaths_unknown"
    if counted is not None and counted.unarmed and not counted.is_one_of(("people",)):
        return "deaths_civilians"
    return "deaths_unknown"


def _armed_column(counted: Party, sides: Sequence[tuple[Party, ...]]) -> str:
    """The one side whose armed people are of the same sort: a state's or not."""
    state = counted.is_one_of(OF_STATES)
    fits = [
        name
        for side, name in zip(sides, ("deaths_a", "deaths_b"), strict=True)
        if any(p.armed and p.is_one_of(OF_STATES) is state for p in side)
    ]
    return fits[0] if len(fits) == 1 else "deaths_unknown"


def _of_state(side: Sequence[Party]) -> bool:
    return any(p.is_one_of((*STATE, "government")) for p in side)


def _side_name(side: Sequence[Party]) -> str:
    """UCDP's way of naming a side: forces of a state are its government; several parties are parted by commas."""
    return joined((party_name(p) for p in side if p.armed or p.is_one_of(("government",))), ", ") or joined(
        (p.name for p in side), ", "
    )


def party_name(party: Party) -> str:
    state = country(party.actor.country).ged_name if party.is_one_of((*STATE, "government")) else ""
    return f"Government of {state}" if state else party.name


def _state_number(side: Sequence[Party]) -> str:
    numbers = (country(p.actor.country).gwno for p in side if p.is_one_of((*STATE, "government")))
    return next(filter(None, numbers), "")


def _sources(coded: Coded) -> dict[str, str]:
    told = reports(coded.row)
    articles = (
        joined((t.report.outlet, str(t.report.published or "") or None, t.report.title), ",").replace('"', "'")
        for t in told
    )
    return {
        "number_of_sources": str(len(told)),
        "source_article": ";".join(f'"{article}"' for article in articles if article),
        "source_office": joined(outlets(coded.row), ";"),
        "source_date": ";".join(str(t.report.published) for t in told if t.report.published),
        "source_headline": joined((t.report.title for t in told), ";"),
        "source_original": joined((t.claim.speaker for t in telling(coded.row)), ";"),
    }


def _where(coded: Coded) -> dict[str, str]:
    place, state = coded.place, coded.country
    named = (p.name for t in telling(coded.row) for p in t.places)
    return {
        "where_prec": _WHERE_PREC.get(place.precision, "") if place else "",
        "where_coordinates": place.name if place else "",
        "where_description": joined(named),
        "adm_1": admin(place, "province"),
        "adm_2": admin(place, "district"),
        "latitude": degrees(place.lat if place else None),
        "longitude": degrees(place.lon if place else None),
        **_point(place),
        "country": state.ged_name,
        "country_id": state.ged_id,
        "region": state.ged_region,
    }


def _point(place: Place | None) -> dict[str, str]:
    if place is None or place.lat is None or place.lon is None:
        return {}
    return {
        "geom_wkt": f"POINT ({degrees(place.lon)} {degrees(place.lat)})",
        "priogrid_gid": str(priogrid(place.lat, place.lon)),
    }


def priogrid(lat: float, lon: float) -> int:
    """The PRIO-GRID cell of a point: half degrees, counted from 1 in the south-west, row by row eastward."""
    row = min(math.floor((lat + 90) * 2), 359)
    column = min(math.floor((lon + 180) * 2), 719)
    return row * 720 + column + 1
