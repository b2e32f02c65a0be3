"""Points that words give: "three kilometres east of X", "2 km into X", "between A and B", "the road from A to B"."""

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

ROAD_MOST = 600.0
"""Kilometres that two places may lie apart for "the road from A to B"."""

ROADS = "road|roads|highway|motorway|route|track|line|railway|railroad|corridor|axis|pipeline"

DOUBT = 0.5
"""Radius over distance where a direction is named: "north of" takes in an eighth of the circle on either side."""

LEAST_RADIUS = 5.0
BESIDE = 15.0
"""Kilometres around the town that a river or a road is near."""

BEFORE, BEHIND = 70, 110
POINTS = ("exact", "near", "district")
"""Precisions of places that are small enough to measure a distance from."""


@dataclass(frozen=True, slots=True)
class Offset:
    """`km` away, in direction `bearing` (degrees from north, clockwise), or in any (`None`); or so far `inside`."""

    km: float
    bearing: float | None
    inside: bool = False


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
        into = rf"{number}[\s-]?(?P<unit>{units})\b(?:\s*\([^)]{{1,30}}\))?\s+(?:deep\s+)?(?:into|inside|within)"
        name = r"(?:al-|el-|ash-|ad-|ar-)?[A-Z][\w’'-]*(?:\s+(?:al-|el-|de\s|ez-)?[A-Z][\w’'-]*){0,2}"
        # What stands between "of" and the name: "the city of", "the IS-held town of".
        between = r"(?:\s+[a-z]+|\s+\w+-held)*"
        self._unit = re.compile(rf"(?:{units})\b", re.IGNORECASE)
        self._before = re.compile(rf"(?<![\w.,]){offset}{between}\s*$", re.IGNORECASE)
        self._inside = re.compile(rf"^{offset}\b", re.IGNORECASE)
        self._into = re.compile(rf"(?<![\w.,]){into}{between}\s*$", re.IGNORECASE)
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
        if match is not None:
            return self._offset(match)
        into = self._into.search(tail)
        return self._offset(into) if into else None

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
        if not 0 < km <= FARTHEST:
            return None
        if match.re is self._into:
            return Offset(km, None, inside=True)
        return Offset(km, self._words.bearings.get((match["side"] or "").lower()))


def moved(link: Link, offset: Offset) -> Link:
    """`link` at that distance from its place: the point moved where a direction is named, the radius made as wide as
    the words leave it. Countries, provinces and routes stay as they are: nobody knows from where in them it counts. "So
    far inside" moves nothing, as the tables hold no borders; the link says how far, and a town's radius takes it in."""
    best = link.best
    if best is not None and offset.inside:
        told = replace(best, features=(*best.features, ("kilometres inside", round(offset.km, 1))))
        if link.precision in POINTS:
            return replace(link, best=told, precision="near", radius_km=max(link.radius_km or 0.0, _radius(offset.km)))
        return replace(link, best=told)
    if best is None or best.lat is None or best.lon is None or link.precision not in POINTS:
        return link
    features = (*best.features, ("kilometres off", round(offset.km, 1)))
    if offset.bearing is None:
        return replace(link, best=replace(best, features=features), precision="near", radius_km=_radius(offset.km))
    lat, lon = shifted(best.lat, best.lon, offset.km, offset.bearing)
    best = replace(best, lat=lat, lon=lon, features=(*features, ("bearing", offset.bearing)))
    return replace(link, best=best, precision="near", radius_km=_radius(offset.km * DOUBT))


def midway(link: Link, other: Candidate, *, road: bool = False) -> Link:
    """`link` at the middle of its place and `other`, with half of their distance for a radius; unchanged where they lie
    too far apart. On a `road` the precision is that of a route."""
    best = link.best
    if best is None or best.lat is None or best.lon is None or other.lat is None or other.lon is None:
        return link
    km = kilometres(best.lat, best.lon, other.lat, other.lon)
    if not 0 < km <= (ROAD_MOST if road else BETWEEN_MOST):
        return link
    lat, lon = (best.lat + other.lat) / 2, (best.lon + other.lon) / 2
    best = replace(best, lat=round(lat, 4), lon=round(lon, 4), features=(*best.features, ("between", round(km, 1))))
    return replace(link, best=best, precision="route" if road else "near", radius_km=_radius(km / 2))


def beside(link: Link, other: Candidate) -> Link:
    """A river or road at the point of the town that the words put it near."""
    best = link.best
    if best is None or best.lat is None or best.lon is None or other.lat is None or other.lon is None:
        return link
    km = kilometres(best.lat, best.lon, other.lat, other.lon)
    best = replace(best, lat=other.lat, lon=other.lon, features=(*best.features, ("beside", round(km, 1))))
    return replace(link, best=best, precision="near", radius_km=BESIDE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Two mentions that are the ends of a stretch of land or, with `road`, of a road."""

    one: Span
    other: Span
    road: bool


def stretches(text: str, links: Mapping[Span, Link]) -> list[Stretch]:
    """Mentions that stand as "between A and B" or "the road from A to B", both small enough to be ends of such."""
    spans = [span for span, link in sorted(links.items()) if link.best is not None and link.precision in POINTS]
    found = []
    for one, other in pairwise(spans):
        before, gap = text[max(0, one.start - 60) : one.start], text[one.end : other.start]
        road = _ROAD_FROM.search(before) is not None
        if (road and _TO.fullmatch(gap)) or (_AND.fullmatch(gap) and _BETWEEN.search(before)):
            found.append(Stretch(one, other, road))
    return found


def is_stretch(words: str) -> bool | None:
    """Whether one mention names both ends: `True` for a road, `False` for land between, `None` for neither."""
    if _ROAD_IN.search(words):
        return True
    return False if " between " in f" {words} " else None


def road_ends(words: str) -> tuple[str, str] | None:
    """The two names of "the Kalima-Harir highway"."""
    match = _NAMED_ROAD.match(words)
    return (match["one"], match["other"]) if match else None


TOWN_BESIDE = re.compile(
    r"(?:\s+[Rr]iver|\s+[Rr]oad|\s+[Cc]anal)?\s+(?:near|at|outside|opposite|by|in)\s+(?:the\s+(?:town|city|village)\s+of\s+)?"
    r"(?P<name>(?:al-|el-|ash-|ad-|ar-)?[A-Z][\w’'-]*(?:\s+(?:al-|el-|de\s|ez-)?[A-Z][\w’'-]*){0,2})"
)
"""The town behind a river or road: "… near A"."""

_BETWEEN = re.compile(r"\bbetween(?:\s+[a-z]+|\s+\w+-held)*\s+$")
_AND = re.compile(r"(?:\s+[a-z]+){0,2}\s+and\s+(?:(?:[a-z]+|\w+-held)\s+){0,4}")
_TO = re.compile(r"(?:\s+[a-z]+){0,2}\s+(?:to|and|with|towards?)\s+(?:(?:[a-z]+|\w+-held)\s+){0,4}")
_ROAD_FROM = re.compile(
    rf"\b(?:{ROADS})\b(?:\s+(?:that|which|running|leading|runs|leads))*\s+(?:from|between|linking|links|connecting|connects)"
    r"(?:\s+[a-z]+|\s+\w+-held)*\s+$"
)
_ROAD_IN = re.compile(rf"\b(?:{ROADS})\b.{{0,20}}\s(?:from|between|linking|connecting)\s")
_END = r"(?:al-|el-|ash-|ad-|ar-|Al-|El-)?[A-Z][\w’']*(?:\s(?:al-|el-|ez-)?[A-Z][\w’']*){0,2}"
_NAMED_ROAD = re.compile(
    rf"(?:[Tt]he\s+)?(?:[a-z]+\s+)?(?P<one>{_END})\s?[-–—]\s?(?P<other>{_END})(?:\s+[a-z]+)?\s+(?:{ROADS})\b"
)


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
