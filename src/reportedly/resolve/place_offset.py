"""Points that words give: "three kilometres east of X", "12 miles from X", "between A and B"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from reportedly.extract.figures import read_figure
from reportedly.resolve.words import NameWords
from reportedly.types import Candidate, Link, Span

FARTHEST = 300.0
"""Kilometres; more is no way of saying where something is."""

BETWEEN_MOST = 150.0
"""Kilometres that two places may lie apart for "between A and B" to be a stretch of land, not a relation."""

DOUBT = 0.5
"""Radius over distance where a direction is named: "north of" takes in an eighth of the circle on either side."""

LEAST_RADIUS = 5.0
BEFORE, BEHIND = 70, 110
POINTS = ("exact", "near", "district")
"""Precisions of places that are small enough to measure a distance from."""


@dataclass(frozen=True, slots=True)
class Offset:
    """`km` away, in direction `bearing` (degrees from north, clockwise), or in any (`None`)."""

    km: float
    bearing: float | None


class OffsetReader:
    """Finds offsets in the words before, in and behind a place mention."""

    def __init__(self, words: NameWords) -> None:
        self._words = words
        units = "|".join(sorted(map(re.escape, words.distance_units), key=len, reverse=True))
        sides = "|".join(sorted(map(re.escape, words.bearings), key=len, reverse=True))
        small = "|".join(sorted(map(re.escape, words.distance_fillers), key=len, reverse=True))
        number = r"(?P<number>\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?)"
        offset = (
            rf"{number}[\s-]?(?P<unit>{units})\b(?:\s*\([^)]{{1,30}}\))?"
            rf"(?:\s+(?:{small}))*(?:\s+(?P<side>{sides}))?\s+(?:of|from)"
        )
        name = r"(?:al-|el-|ash-|ad-|ar-)?[A-Z][\w’'-]*(?:\s+(?:al-|el-|de\s|ez-)?[A-Z][\w’'-]*){0,2}"
        # What stands between "of" and the name: "the city of", "the IS-held town of".
        between = r"(?:\s+[a-z]+|\s+\w+-held)*"
        self._unit = re.compile(rf"(?:{units})\b", re.IGNORECASE)
        self._before = re.compile(rf"(?<![\w.,]){offset}{between}\s*$", re.IGNORECASE)
        self._inside = re.compile(rf"^{offset}\b", re.IGNORECASE)
        self._behind = re.compile(
            rf"^(?:\s+[a-z]+)?(?:,\s+{name})?,?\s+(?:(?:{small})\s+)*(?i:{offset}){between}\s+(?P<name>{name})"
        )  # fmt: skip

    def at(self, text: str, span: Span) -> Offset | None:
        """What moves the mention's own place: "three kilometres east of [X]", "[15 km north of the city]"."""
        before = text[max(0, span.start - BEFORE) : span.start]
        if not self._unit.search(before + span.of(text)):
            return None
        tail = re.split(r"[.;:!?]\s", before)[-1]
        match = self._before.search(tail) or self._inside.search(span.of(text))
        return self._offset(match) if match else None

    def behind(self, text: str, span: Span) -> tuple[Offset, str] | None:
        """What places the mention by another: "[a village] 50 km east of Homs"."""
        after = text[span.end : span.end + BEHIND]
        match = self._behind.match(after) if self._unit.search(after) else None
        found = self._offset(match) if match else None
        return (found, match["name"]) if match and found else None

    def _offset(self, match: re.Match[str]) -> Offset | None:
        word = match["number"].lower()
        if word[0].isdigit():
            number = float(word.replace(",", ".") if re.fullmatch(r"\d+,\d\d?", word) else word.replace(",", ""))
        else:
            low, high = read_figure(word) or (0, None)
            number = (low + (high or low)) / 2
        km = number * self._words.distance_units[match["unit"].lower()]
        side = self._words.bearings.get((match["side"] or "").lower())
        return Offset(km, side) if 0 < km <= FARTHEST else None


def moved(link: Link, offset: Offset) -> Link:
    """`link` at that distance from its place: the point moved where a direction is named, the radius made as wide as
    the words leave it. Countries, provinces and routes stay as they are: nobody knows from where in them it counts."""
    best = link.best
    if best is None or best.lat is None or best.lon is None or link.precision not in POINTS:
        return link
    features = (*best.features, ("kilometres off", round(offset.km, 1)))
    if offset.bearing is None:
        return replace(link, best=replace(best, features=features), precision="near", radius_km=_radius(offset.km))
    lat, lon = shifted(best.lat, best.lon, offset.km, offset.bearing)
    best = replace(best, lat=lat, lon=lon, features=(*features, ("bearing", offset.bearing)))
    return replace(link, best=best, precision="near", radius_km=_radius(offset.km * DOUBT))


def midway(link: Link, other: Candidate) -> Link:
    """`link` at the middle of its place and `other`, with half of their distance for a radius; unchanged where they lie
    too far apart."""
    best = link.best
    if best is None or best.lat is None or best.lon is None or other.lat is None or other.lon is None:
        return link
    km = kilometres(best.lat, best.lon, other.lat, other.lon)
    if not 0 < km <= BETWEEN_MOST:
        return link
    lat, lon = (best.lat + other.lat) / 2, (best.lon + other.lon) / 2
    best = replace(best, lat=round(lat, 4), lon=round(lon, 4), features=(*best.features, ("between", round(km, 1))))
    return replace(link, best=best, precision="near", radius_km=_radius(km / 2))


def between_pairs(text: str, links: Mapping[Span, Link]) -> list[tuple[Span, Span]]:
    """Mentions that stand as "between A and B", both of them small enough to be the ends of a stretch."""
    spans = [span for span, link in sorted(links.items()) if link.best is not None and link.precision in POINTS]
    pairs = []
    for one, other in pairwise(spans):
        if not _AND.fullmatch(text[one.end : other.start]):
            continue
        if _BETWEEN.search(text[max(0, one.start - 40) : one.start]):
            pairs.append((one, other))
    return pairs


_BETWEEN = re.compile(r"\bbetween(?:\s+[a-z]+|\s+\w+-held)*\s+$")
_AND = re.compile(r"(?:\s+[a-z]+){0,2}\s+and\s+(?:(?:[a-z]+|\w+-held)\s+){0,4}")


def _radius(km: float) -> float:
    return max(LEAST_RADIUS, round(km, 1))


def shifted(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    """The point `km` from another in direction `bearing`; on a plane, which is near enough for such distances."""
    north = km * math.cos(math.radians(bearing)) / 111.2
    east = km * math.sin(math.radians(bearing)) / (111.2 * max(0.05, math.cos(math.radians(lat))))
    return round(max(-90.0, min(90.0, lat + north)), 4), round((lon + east + 180) % 360 - 180, 4)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(half)))
