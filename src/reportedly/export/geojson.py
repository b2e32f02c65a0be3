"""GeoJSON (RFC 7946): one feature an incident, longitude first, no geometry rather than a false point."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.fields import INCIDENT, columns, values
from reportedly.export.records import Row

_GEOMETRY = ("lat", "lon")


class GeojsonExport:
    """`incidents.geojson`."""

    title: ClassVar[str] = "GeoJSON: one feature an incident"
    files: ClassVar[tuple[str, ...]] = ("incidents.geojson",)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "incidents.geojson": (
            Column("geometry", "a Point [longitude, latitude] in WGS 84, or null where no coordinates are known"),
            *(c for c in columns(INCIDENT) if c.name not in _GEOMETRY),
            Column("tellers", "who tells it: the speakers, or outlets in their own voice (list)"),
        )
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("each claim's own version", "a feature is an incident; jsonl and csv have the claims"),
        Lost("the area that a place covers", "a point and precision and radius_km as properties stand for it"),
        Lost("statements", "they have no place of their own; csv and parquet have them"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """One pass; one feature a line."""
        with out.text("incidents.geojson") as file:
            file.write('{"type":"FeatureCollection","features":[')
            for number, row in enumerate(book.rows()):
                if row.facts.place is None or row.facts.place.lat is None:
                    out.lost("the place of an incident on the map", "nobody names one, or no gazetteer knows it")
                made = json.dumps(feature(row), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
                file.write((",\n" if number else "\n") + made)
            file.write("\n]}\n")


def feature(row: Row) -> dict[str, Any]:
    """A row as a GeoJSON feature."""
    place = row.facts.place
    point = None
    if place and place.lat is not None and place.lon is not None:
        point = {"type": "Point", "coordinates": [place.lon, place.lat]}
    properties = {name: v for name, v in values(INCIDENT, row).items() if name not in _GEOMETRY}
    tellers = sorted({told.teller for told in row.told if told.teller})
    return {
        "type": "Feature",
        "id": row.incident.id,
        "geometry": point,
        "properties": {n: v.isoformat() if isinstance(v, date) else v for n, v in properties.items()}
        | {"tellers": tellers},
    }
