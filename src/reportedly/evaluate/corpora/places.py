"""Place names and the places that they mean: TR-News, GeoWebNews.

toponym         F1; one-to-one, names overlap by half or more; common nouns that GeoWebNews marks are left out
within 161 km   accuracy over the toponyms found that have gold coordinates; one without a place counts as wrong
same id         accuracy over the toponyms found that have a GeoNames id
median km       over the toponyms found for which both have coordinates
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from reportedly.coded import GEONAMES
from reportedly.evaluate.corpus import Result, read_lines, report_from, span_from
from reportedly.evaluate.metrics import Score, Tally, at_least_half, pair
from reportedly.types import Link, Reading, Report, Span

NEAR_KM = 161.0
"""A hundred miles: the usual measure."""

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Toponym:
    """A gold place name; `point` is latitude and longitude, `id` the GeoNames id in our form."""

    text: Span
    point: tuple[float, float] | None
    id: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """A folder with `toponyms` on each line."""

    name: str

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[Toponym, ...]]]:
        """Every text."""
        return [
            (report_from(obj, where), tuple(_toponym(t) for t in obj["toponyms"] if _is_name(t)))
            for where, obj in read_lines(folder / self.name / f"{split}.jsonl")
        ]

    def score(self, pairs: Sequence[tuple[tuple[Toponym, ...], Reading]]) -> Result:
        """Recognition over all names, resolution over those found, and both together (end to end).

        A place is right with the same GeoNames id or a point within 161 km; no answer is wrong.
        """
        tally = Tally()
        distances: list[float] = []
        for gold, reading in pairs:
            found = pair(gold, reading.toponyms, lambda g, p: at_least_half((g.text,), (p.text,)))
            tally.f1("toponym", len(found), len(gold), len(reading.toponyms))
            tally.accuracy("right place")
            tally.accuracy("within 161 km")
            tally.accuracy("same id")
            right = 0
            for g, p in found:
                far = distance(g.point, _point(p))
                near, same = far is not None and far <= NEAR_KM, p.best is not None and p.best.id == g.id
                if g.point or g.id:
                    tally.accuracy("right place", near or same)
                    right += near or same
                distances += [] if far is None else [far]
                if g.point:
                    tally.accuracy("within 161 km", near)
                if g.id:
                    tally.accuracy("same id", same)
            placed = sum(bool(g.point or g.id) for g in gold)
            tally.f1("end to end", right, placed, len(reading.toponyms))
        middle = Score("median km", "error", median(distances) if distances else None, len(distances))
        return Result((*tally.scores(), middle))


def distance(a: tuple[float, float] | None, b: tuple[float, float] | None) -> float | None:
    """Kilometres along a great circle between two (latitude, longitude); `None` where one isn't known."""
    if a is None or b is None:
        return None
    lat_a, lon_a, lat_b, lon_b = (math.radians(x) for x in (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _point(link: Link) -> tuple[float, float] | None:
    best = link.best
    return (best.lat, best.lon) if best and best.lat is not None and best.lon is not None else None


def _is_name(t: dict[str, Any]) -> bool:
    kind = t.get("type") or ""
    return not kind.endswith("_Expression") and kind != "Non_Toponym"


def _toponym(t: dict[str, Any]) -> Toponym:
    known = t.get("lat") is not None and t.get("lon") is not None
    number = t.get("geonameid")
    return Toponym(
        span_from(t), (float(t["lat"]), float(t["lon"])) if known else None, f"{GEONAMES}{number}" if number else None
    )


TRNEWS = Places("trnews")
GEOWEBNEWS = Places("geowebnews")
