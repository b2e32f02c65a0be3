"""GDELT 2.0's two tables: events (61 columns) and mentions (16), tab-separated, without a header.

A mention is a claim. Numbers of events count from 1 within the file: they are none of GDELT's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar, TextIO

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.codebooks import (
    LOST,
    Coded,
    cells,
    coded_rows,
    degrees,
    outlets,
    people,
    published,
    reports,
    telling,
)
from reportedly.export.coding import Party
from reportedly.export.records import Place, Told
from reportedly.export.schemas import GDELT_EVENTS, GDELT_MENTIONS

EVENTS, MENTIONS = "gdelt.export.CSV", "gdelt.mentions.CSV"
_UNSAFE = {**dict.fromkeys([*range(32), 127], " "), ord('"'): "'"}


class GdeltExport:
    """The format `gdelt`."""

    title: ClassVar[str] = "GDELT 2.0 events and mentions"
    files: ClassVar[tuple[str, ...]] = (EVENTS, MENTIONS)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {EVENTS: GDELT_EVENTS, MENTIONS: GDELT_MENTIONS}
    happened: ClassVar[bool] = True
    losses: ClassVar[Sequence[Lost]] = (
        *LOST,
        Lost("tolls", "GDELT has no column for them"),
        Lost("the last day", "GDELT has one day"),
        Lost("all but the first actor of each side", "GDELT has one actor a side"),
        Lost("tone", "reports are not read for it"),
        Lost("numbers of places", "GDELT's are of another gazetteer"),
    )

    def write(self, book: Book, out: Output) -> None:
        """Write the events and, for each, its mentions."""
        with out.text(EVENTS) as events, out.text(MENTIONS) as mentions:
            for coded in coded_rows(book, out, "cameo"):
                _write(events, cells(gdelt_event(coded)))
                for mention in gdelt_mentions(coded):
                    _write(mentions, cells(mention))


def gdelt_event(coded: Coded) -> dict[str, str]:
    """The cells of one event, by column, in GDELT's order."""
    code, goldstein = coded.codes
    day, row = coded.first, coded.row
    agents, others = (people(side) for side in coded.scene.sides())
    told = reports(row)
    made = {
        "GLOBALEVENTID": str(row.number),
        "SQLDATE": f"{day:%Y%m%d}",
        "MonthYear": f"{day:%Y%m}",
        "Year": f"{day:%Y}",
        "FractionDate": f"{day.year + (day.month * 30 + day.day) / 365:.4f}",
        **_actor(agents, "Actor1"),
        **_actor(others, "Actor2"),
        "IsRootEvent": "1" if any(t.sentence == 1 for t in telling(row)) else "0",
        "EventCode": code,
        "EventBaseCode": code[:3],
        "EventRootCode": code[:2],
        "QuadClass": quad_class(code),
        "GoldsteinScale": goldstein,
        "NumMentions": str(len(telling(row))),
        "NumSources": str(len(outlets(row))),
        "NumArticles": str(len(told)),
        "Actor1Geo_Type": "0",
        "Actor2Geo_Type": "0",
        **_where(coded.place, coded.country.fips, coded.country.name),
        "DATEADDED": _added(coded),
        "SOURCEURL": next((t.report.url for t in told if t.report.url), ""),
    }
    return {column.name: made.get(column.name, "") for column in GDELT_EVENTS}


def gdelt_mentions(coded: Coded) -> Iterator[dict[str, str]]:
    """The cells of each mention of one event, by column, in GDELT's order."""
    for told in telling(coded.row):
        made = {
            "GLOBALEVENTID": str(coded.row.number),
            "EventTimeDate": _added(coded),
            "MentionTimeDate": _moment(told.report.published),
            "MentionType": "1" if told.report.url else "2",
            "MentionSourceName": told.report.outlet or "",
            "MentionIdentifier": told.report.url or told.report.id,
            "SentenceID": str(told.sentence or ""),
            "ActionCharOffset": _offset(told),
            "InRawText": "1",
            "Confidence": "" if told.claim.score is None else f"{told.claim.score * 100:.0f}",
        }
        yield {column.name: made.get(column.name, "") for column in GDELT_MENTIONS}


def quad_class(code: str) -> str:
    """GDELT's class of a CAMEO code, by its root."""
    root = int(code[:2])
    return next(quad for last, quad in ((5, "1"), (8, "2"), (13, "3"), (20, "4")) if root <= last)


def _actor(parties: Sequence[Party], role: str) -> dict[str, str]:
    if not parties:
        return {}
    first = parties[0]
    kind = first.class_.code("cameo") if first.class_ else ""
    return {
        f"{role}Code": f"{first.actor.country or ''}{kind}",
        f"{role}Name": first.name.upper(),
        f"{role}CountryCode": first.actor.country or "",
        f"{role}Type1Code": kind,
    }


def _where(place: Place | None, fips: str, name: str) -> dict[str, str]:
    if place is None or place.lat is None or place.lon is None:
        return {"ActionGeo_Type": "0"}
    kind = {"country": "1", "province": "5"}.get(place.precision or "", "4")
    return {
        "ActionGeo_Type": kind,
        "ActionGeo_FullName": place.name if kind == "1" or not name else f"{place.name}, {name}",
        "ActionGeo_CountryCode": fips,
        "ActionGeo_Lat": degrees(place.lat),
        "ActionGeo_Long": degrees(place.lon),
    }


def _added(coded: Coded) -> str:
    return _moment(next(iter(published(coded.row)), None))


def _moment(day: date | None) -> str:
    return f"{day:%Y%m%d}000000" if day else ""


def _offset(told: Told) -> str:
    """Where the trigger begins: `evidence` lists it first."""
    return str(told.claim.evidence[0].start) if told.claim.evidence else ""


def _write(file: TextIO, line: Iterable[str]) -> None:
    """One line. GDELT's files quote nothing: white space becomes a blank and a double quotation mark a single one."""
    file.write("\t".join(" ".join(cell.translate(_UNSAFE).split()) for cell in line) + "\n")
