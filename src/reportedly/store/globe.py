"""Distances on the globe, for queries: a Python function that SQLite calls, an expression that PostgreSQL works out."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, func, or_, type_coerce

EARTH_KM = 6371.0088
SQLITE_FUNCTION = "reportedly_km"
"""The name under which every SQLite connection knows `kilometres`."""


def kilometres(lat: float | None, lon: float | None, other_lat: float, other_lon: float) -> float | None:
    """The great-circle distance between two points in degrees; None where there is no first one."""
    if lat is None or lon is None:
        return None
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def within(lat: Any, lon: Any, *, of: tuple[float, float], km: float, dialect: str) -> ColumnElement[bool]:
    """Whether the point in the columns `lat` and `lon` lies within `km` of the point `of`."""
    return and_(_box(lat, lon, of, km), _distance(lat, lon, of, dialect) <= km)


def _box(lat: Any, lon: Any, of: tuple[float, float], km: float) -> ColumnElement[bool]:
    """Degrees that hold the circle, so that an index can pass over most of the world."""
    up = math.degrees(km / EARTH_KM) + 0.01
    inside = [lat.between(of[0] - up, of[0] + up)]
    if abs(of[0]) + up < 89:
        turned = math.sin(min(km / EARTH_KM, math.pi / 2)) / math.cos(math.radians(of[0]))
        side = math.degrees(math.asin(min(1.0, turned)))
        west, east = of[1] - side - 0.01, of[1] + side + 0.01
        if east - west < 360:
            # Over the date line the box has two parts.
            parts = [lon.between(west + turn, east + turn) for turn in (-360, 0, 360)]
            inside.append(or_(*parts))
    return and_(*inside)


def _distance(lat: Any, lon: Any, of: tuple[float, float], dialect: str) -> ColumnElement[float]:
    if dialect == "sqlite":
        return type_coerce(getattr(func, SQLITE_FUNCTION)(lat, lon, *of), Float)
    a, b = func.radians(lat), math.radians(of[0])
    half = func.power(func.sin((b - a) / 2), 2) + func.cos(a) * math.cos(b) * func.power(
        func.sin(func.radians(of[1] - lon) / 2), 2
    )
    return type_coerce(2 * EARTH_KM * func.asin(func.sqrt(func.least(1.0, half))), Float)
