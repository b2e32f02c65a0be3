"""POLECAT's table: 40 columns, tab-separated with a header, `None` for what isn't known, as POLECAT writes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from reportedly import __version__
from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.codebooks import (
    LOST,
    Coded,
    admin,
    cells,
    coded_rows,
    country,
    degrees,
    geonameid,
    joined,
    outlets,
    people,
    published,
    reports,
    telling,
)
from reportedly.export.coding import Party
from reportedly.export.plover import QUADS
from reportedly.export.records import Place
from reportedly.export.schemas import POLECAT

FILE = "polecat.tsv"
UNKNOWN = "None"

QUAD_NAMES = ("VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")


class PolecatExport:
    """The format `polecat`."""

    title: ClassVar[str] = "POLECAT's 40 columns"
    files: ClassVar[tuple[str, ...]] = (FILE,)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {FILE: POLECAT}
    happened: ClassVar[bool] = True
    losses: ClassVar[Sequence[Lost]] = (
        *LOST,
        Lost("intensity and contexts", "scales of POLECAT's makers; reports are not read for them"),
        Lost("tolls", "POLECAT has no column for them"),
        Lost("the last day", "POLECAT has one day"),
    )

    def write(self, book: Book, out: Output) -> None:
        """Write `polecat.tsv`."""
        with out.text(FILE) as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(column.name for column in POLECAT)
            for coded in coded_rows(book, out, "plover"):
                writer.writerow(cells(polecat_row(coded)))


def polecat_row(coded: Coded) -> dict[str, str]:
    """The cells of one row, by column, in POLECAT's order."""
    kind, mode = coded.codes
    agents, others = (people(side) for side in coded.scene.sides())
    days = published(coded.row)
    made = {
        "Event ID": coded.row.incident.id,
        "Event Date": coded.first.isoformat(),
        "Event Type": kind,
        "Event Mode": mode,
        "Quad Code": QUAD_NAMES[QUADS[kind] - 1] if kind in QUADS else "",
        **_actors(agents, "Actor"),
        **_actors(others, "Recipient"),
        **_where(coded),
        "Source": joined(outlets(coded.row)),
        "Publication Date": days[0].isoformat() if days else "",
        "Story Organizations": joined(t.claim.side for t in telling(coded.row)),
        "Story Locations": joined(p.name for t in telling(coded.row) for p in t.places),
        "Language": next((t.report.lang for t in reports(coded.row) if t.report.lang), ""),
        "Version": f"reportedly {__version__}",
    }
    return {column.name: made.get(column.name) or UNKNOWN for column in POLECAT}


def _actors(parties: Sequence[Party], role: str) -> dict[str, str]:
    sectors = [p.class_.code("plover") for p in parties if p.class_]
    return {
        f"{role} Name": joined(p.name for p in parties),
        f"{role} Country": joined(p.actor.country for p in parties),
        f"{role} COW": joined(country(p.actor.country).cow for p in parties),
        f"Primary {role} Sector": sectors[0] if sectors else "",
        f"{role} Sectors": joined(sectors),
        f"{role} Name Raw": joined(p.actor.words for p in parties),
    }


def _where(coded: Coded) -> dict[str, str]:
    place = coded.place
    if place is None:
        return {}
    number = geonameid(place)
    return {
        "Placename": place.name,
        "City": place.name if place.precision in ("exact", "near") else "",
        "District": admin(place, "district"),
        "Province": admin(place, "province"),
        "Country": place.country or "",
        "Latitude": degrees(place.lat),
        "Longitude": degrees(place.lon),
        "GeoNames ID": "" if number is None else str(number),
        "Raw Placename": joined(_raw(coded, place)),
        "Feature Type": place.kind or "",
    }


def _raw(coded: Coded, place: Place) -> Iterator[str]:
    """The place as the claims name it."""
    for told in telling(coded.row):
        if told.claim.place and told.places and told.places[0].id == place.id:
            yield told.claim.place
