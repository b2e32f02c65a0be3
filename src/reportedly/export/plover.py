"""PLOVER events as JSON: one list, an event a line, with the fields of the PLOVER manual."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from reportedly import __version__
from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.codebooks import LOST, Coded, agreed, coded_rows, geonameid, people, reports, telling
from reportedly.export.coding import Party
from reportedly.export.records import Place, Told
from reportedly.export.schemas import PLOVER

FILE = "plover.json"
CODER = f"reportedly {__version__}"

QUADS: Mapping[str, int] = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}
"""Quad of each type. The manual has SANCTION as 4 in its section and as 3 in its table of quads: here it is 4."""

_SIZES = (("dead", "killed"), ("injured", "injured"), ("arrested", "captured"))
_RESOLUTION: Mapping[str | None, int] = {"exact": 4, "near": 4, "district": 3, "province": 2, "country": 1}


class PloverExport:
    """The format `plover`."""

    title: ClassVar[str] = "PLOVER events as JSON"
    files: ClassVar[tuple[str, ...]] = (FILE,)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {FILE: PLOVER}
    happened: ClassVar[bool] = True
    losses: ClassVar[Sequence[Lost]] = (
        *LOST,
        Lost("contexts", "reports are not read for them"),
        Lost("the range of a toll", "`size` has one number"),
        Lost("missing and displaced people", "`size` has dead, injured and arrested alone"),
    )

    def write(self, book: Book, out: Output) -> None:
        """Write `plover.json`: `[`, an event a line, `]`."""
        with out.text(FILE) as file:
            file.write("[")
            for number, coded in enumerate(coded_rows(book, out, "plover")):
                file.write(",\n" if number else "\n")
                file.write(json.dumps(plover_event(coded), ensure_ascii=False))
            file.write("\n]\n")


def plover_event(coded: Coded) -> dict[str, Any]:
    """One event; what nobody says has no key."""
    kind, mode = coded.codes
    facts, first = coded.row.facts, telling(coded.row)[0]
    agents, others = (people(side) for side in coded.scene.sides())
    sizes = {name: count.best for name, effect in _SIZES if (count := facts.toll(effect)) is not None}
    event: dict[str, Any] = {
        "id": coded.row.incident.id,
        "date": coded.first.isoformat(),
        "enddate": coded.last.isoformat() if coded.last != coded.first else None,
        "actor": [_entity(p) for p in agents],
        "recipient": [_entity(p) for p in others],
        "event": kind,
        "mode": mode,
        "quad_code": QUADS.get(kind),
        "event_scale": {"size": sizes} if sizes else None,
        "event_loc": _location(coded.place),
        "event_text": first.trigger,
        "text": first.quote,
        "text_info": _text_info(first),
        "cite_info": [_citation(told) for told in reports(coded.row)],
        "coder": CODER,
        "comment": agreed(coded.row),
    }
    return {key: value for key, value in event.items() if value or key == "actor"}


def _entity(party: Party) -> dict[str, str]:
    """`code` is PLOVER's: the country, then the sector; the sector alone where the country isn't known."""
    sector = party.class_.code("plover") if party.class_ else ""
    cells = {
        "code": f"{party.actor.country or ''}{sector}",
        "sector": sector,
        "entity_text": party.actor.words,
        "identifier_id": party.actor.id,
        "identifier_text": party.name,
    }
    return {key: value for key, value in cells.items() if value}


def _location(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    cells = {
        "resolved_place": place.name,
        "geonameid": geonameid(place),
        "lat": place.lat,
        "lon": place.lon,
        "country_code": place.country,
        "feature_code": place.kind,
        "resolution": _RESOLUTION.get(place.precision),
    }
    return {key: value for key, value in cells.items() if value is not None}


def _text_info(told: Told) -> dict[str, int] | None:
    cells = {
        "sequence": told.sentence,
        "start": told.quoted.start if told.quoted else None,
        "end": told.quoted.end if told.quoted else None,
    }
    return {key: value for key, value in cells.items() if value is not None} or None


def _citation(told: Told) -> dict[str, str]:
    report = told.report
    cells = {
        "publication": report.outlet,
        "title": report.title,
        "url": report.url,
        "language": report.lang,
        "citation": report.published.isoformat() if report.published else None,
    }
    return {key: value for key, value in cells.items() if value}
