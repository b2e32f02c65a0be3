"""Pictures of a digest as SVG: where things are said to have happened, and when. Nothing is loaded from anywhere.

The map has lines of latitude and longitude and no borders: borders are what many of these incidents are about. Marks
carry the number of their incident; their shape says as much as their colour.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape

from reportedly.digest.summary import Digest, Item
from reportedly.digest.wording import day_words

WIDTH = 720
_HEIGHT = 400
_EDGE = 46
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 45)
_COLOURS = {"new": "#b3261e", "disputed": "#8a5a00", "other": "#4a5a6a"}
_COLUMNS = 45
"""Columns of the timeline at most; where there are more days, a column is several."""

_BEFORE = timedelta(days=31)
"""How long before the days of the digest the timeline begins: what happened earlier is background."""


def draw(digest: Digest) -> list[tuple[str, str]]:
    """The pictures that there is something for, each with its name."""
    timeline = draw_timeline(digest.items, since=digest.since, until=digest.until)
    return [(name, picture) for name, picture in (("map", draw_map(digest.items)), ("timeline", timeline)) if picture]


def draw_map(items: Sequence[Item]) -> str | None:
    """The map of the items that have a point, or None where none has."""
    placed = [(item, item.lat, item.lon) for item in items if item.lat is not None and item.lon is not None]
    if not placed:
        return None
    view = _View([lat for _, lat, _ in placed], [lon for _, _, lon in placed])
    parts = [*_graticule(view)]
    # The greatest numbers first, so that the first incidents lie on top.
    for item, lat, lon in reversed(placed):
        x, y = view.at(lat, lon)
        parts.append(_mark(item, x, y))
    parts += _labels(placed, view)
    count = f"{len(placed)} of {len(items)} incidents have a place that can be drawn"
    return _svg("Where: " + count, _HEIGHT, parts)


def _labels(placed: Sequence[tuple[Item, float, float]], view: _View) -> Iterator[str]:
    """The names of places beside their marks, as long as none lies on another."""
    taken: list[tuple[float, float, float]] = []
    for item, lat, lon in placed:
        x, y = view.at(lat, lon)
        wide = 6.2 * len(item.place)
        anchor, start = ("end", x - 13) if x + wide > WIDTH - _EDGE else ("start", x + 13)
        left = start - wide if anchor == "end" else start
        free = all(abs(y - other) > 12 or left > right or left + wide < begin for other, begin, right in taken)
        if item.place and free:
            taken.append((y, left, left + wide))
            yield _text(item.place, start, y + 4, anchor=anchor, size=11)


class _View:
    """Which part of the globe is drawn, in equal degrees, narrowed by the cosine of the middle latitude."""

    def __init__(self, lats: Sequence[float], lons: Sequence[float]) -> None:
        turned = [lon % 360 for lon in lons]
        # Over the date line degrees from 0 to 360 make the smaller map.
        self._turned = max(turned) - min(turned) < max(lons) - min(lons)
        lons = turned if self._turned else lons
        self._squeeze = max(0.2, math.cos(math.radians((min(lats) + max(lats)) / 2)))
        high = max(max(lats) - min(lats), 1.0) * 1.25
        wide = max((max(lons) - min(lons)) * self._squeeze, 1.0) * 1.25
        self.scale = min((_HEIGHT - 2 * _EDGE) / high, (WIDTH - 2 * _EDGE) / wide)
        self.north = (min(lats) + max(lats)) / 2 + (_HEIGHT - 2 * _EDGE) / self.scale / 2
        self.west = (min(lons) + max(lons)) / 2 - (WIDTH - 2 * _EDGE) / self.scale / self._squeeze / 2
        self.south = self.north - (_HEIGHT - 2 * _EDGE) / self.scale
        self.east = self.west + (WIDTH - 2 * _EDGE) / self.scale / self._squeeze

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point is drawn."""
        lon = lon % 360 if self._turned else lon
        return _EDGE + (lon - self.west) * self.scale * self._squeeze, _EDGE + (self.north - lat) * self.scale


def _graticule(view: _View) -> Iterator[str]:
    step = next((s for s in _STEPS if (view.north - view.south) / s <= 6), _STEPS[-1])
    for number in range(math.ceil(view.south / step), math.floor(view.north / step) + 1):
        _, y = view.at(number * step, 0)
        yield _rule(_EDGE, y, WIDTH - _EDGE, y)
        yield _text(_degrees(number * step, "N", "S"), _EDGE - 4, y + 3, anchor="end")
    wide = next((s for s in _STEPS if (view.east - view.west) / s <= 8), _STEPS[-1])
    for number in range(math.ceil(view.west / wide), math.floor(view.east / wide) + 1):
        lon = number * wide
        x = _EDGE + (lon - view.west) / (view.east - view.west) * (WIDTH - 2 * _EDGE)
        yield _rule(x, _EDGE, x, _HEIGHT - _EDGE)
        yield _text(_degrees((lon + 180) % 360 - 180, "E", "W"), x, _HEIGHT - _EDGE + 14, anchor="middle")
    yield (
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{WIDTH - 2 * _EDGE}" height="{_HEIGHT - 2 * _EDGE}" '
        'fill="none" stroke="#8a94a0"/>'
    )


def _degrees(value: float, plus: str, minus: str) -> str:
    return f"{abs(value):.4g}°{plus if value > 0 else minus if value < 0 else ''}"


def draw_timeline(items: Sequence[Item], *, since: date, until: date) -> str | None:
    """The items that happened from a month before `since` to `until`, stacked by the day, or None where none did."""
    begin = since - _BEFORE
    dated = [(item, item.first) for item in items if item.first is not None and begin <= item.first <= until]
    if not dated:
        return None
    begin = min(since, min(day for _, day in dated))
    days = (until - begin).days + 1
    each = math.ceil(days / _COLUMNS)
    columns: dict[int, list[Item]] = defaultdict(list)
    for item, day in dated:
        columns[(day - begin).days // each].append(item)
    tallest = max(map(len, columns.values()))
    pace = min(22.0, 300 / tallest)
    height = int(tallest * pace) + 92
    count = math.ceil(days / each)
    wide = (WIDTH - 2 * _EDGE) / max(count, 8)
    parts = [_rule(_EDGE, height - 40, WIDTH - _EDGE, height - 40)]
    for column, stacked in sorted(columns.items()):
        x = _EDGE + (column + 0.5) * wide
        parts += [_mark(item, x, height - 52 - n * pace) for n, item in enumerate(stacked)]
    for column in _labelled(count):
        day = begin + timedelta(days=column * each)
        parts.append(_text(_short(day, begin), _EDGE + (column + 0.5) * wide, height - 24, anchor="middle"))
    span = f"a column is {each} days" if each > 1 else "a column is a day"
    caption = f"When: {len(dated)} of {len(items)} incidents have a day from {day_words(begin)} on; {span}"
    return _svg(caption, height, parts)


def _labelled(count: int) -> range:
    return range(0, count, max(1, math.ceil(count / 8)))


def _short(day: date, begin: date) -> str:
    words = day_words(day)
    return words if day == begin else words.rsplit(" ", 1)[0]


def _mark(item: Item, x: float, y: float) -> str:
    """A disc for what is new, a diamond for what is in dispute, a square for the rest; on it the number."""
    sort = "disputed" if item.disputed else "new" if item.new else "other"
    fill = f'fill="{_COLOURS[sort]}" stroke="#fff"'
    if sort == "new":
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" {fill}/>'
    elif sort == "disputed":
        shape = f'<path d="M{x:.1f} {y - 11:.1f}l11 11l-11 11l-11 -11z" {fill}/>'
    else:
        shape = f'<rect x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" {fill}/>'
    number = f'<text x="{x:.1f}" y="{y + 3:.1f}" text-anchor="middle" fill="#fff" font-size="9">{item.number}</text>'
    return f"<g><title>{_clean(f'{item.number}. {item.head}')}</title>{shape}{number}</g>"


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#c9d0d8" stroke-width="0.7"/>'


def _text(words: str, x: float, y: float, *, anchor: str = "start", size: int = 10) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="#3b4652" '
        f'stroke="#fbfcfd" stroke-width="3" paint-order="stroke">{_clean(words)}</text>'
    )


def _clean(words: str) -> str:
    """Words from outside as XML may have them: no control characters, no lone surrogates, all markup escaped."""
    kept = "".join(c if c.isprintable() or c == " " else "\ufffd" for c in words)
    return escape(kept.encode("utf-8", "replace").decode())


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" font-family="sans-serif"><title>{_clean(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfcfd"/>'
        f"{_text(title, _EDGE, 24, size=12)}{''.join(parts)}</svg>"
    )
