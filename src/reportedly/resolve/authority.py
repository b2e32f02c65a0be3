"""Authorities: lists of known things that mentions are looked up in. One interface; places are an SQLite index."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

from reportedly.errors import AuthorityError
from reportedly.resolve.gazetteer import index_hash, likeness, loose_key, place_key
from reportedly.types import Candidate

ALIKE = 0.35
"""The least likeness of a name that a loose key finds."""

REBUILD = "install the package again: that builds it"


class Authority(Protocol):
    """A list of known things. `id` names it, `sha256` is the hash of the files it was made from."""

    @property
    def id(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        """Everything that `name` may mean, likeliest first by the authority alone; empty for nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer, found under a name. `rank`: 0 by its main name, 1 by another one, 2 by a loose key.

    `likeness` is how alike the asked and the found name are spelt, 0 to 1. `code` is the GeoNames feature code (PPL,
    ADM1, PCLI …) or a kind of the hand list; `admin1` and `admin2` are GeoNames codes within the country.
    """

    id: str
    name: str
    lat: float | None
    lon: float | None
    code: str
    country: str | None
    admin1: str | None
    admin2: str | None
    population: int
    rank: int
    likeness: float = 1.0

    def candidate(self, features: tuple[tuple[str, float], ...]) -> Candidate:
        """This place as a candidate whose score is the sum of `features`."""
        return Candidate(
            id=self.id,
            name=self.name,
            score=round(sum(value for _, value in features), 4),
            kind=self.code,
            country=self.country,
            lat=self.lat,
            lon=self.lon,
            features=features,
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What the gazetteer has under a name, in short: how many places, the most people of one, and their codes."""

    places: int
    population: int
    codes: frozenset[str]
    countries: frozenset[str]
    main: bool


def shipped_places() -> Path:
    """Where the package keeps its place index."""
    return Path(str(resources.files("reportedly").joinpath("data/authorities/places.sqlite")))


class PlaceIndex:
    """The gazetteer's index, read only. A connection belongs to one process and thread, and opens when first asked."""

    _QUERY = (
        "SELECT p.id, p.name, p.lat, p.lon, p.code, p.country, p.admin1, p.admin2, p.population, n.rank, n.spelt "
        "FROM name n JOIN place p ON p.number = n.place WHERE n.key = ? ORDER BY p.population DESC, p.id LIMIT 60"
    )

    _KNOWN = (
        "SELECT n.key, count(*), max(p.population), group_concat(DISTINCT p.code), group_concat(DISTINCT p.country), "
        "min(n.rank) FROM name n JOIN place p ON p.number = n.place WHERE n.key IN ({}) GROUP BY n.key"
    )

    def __init__(self, path: Path | None = None) -> None:
        hint = REBUILD if path is None else "build it again with `reportedly fetch gazetteer`"
        self._path = path = path or shipped_places()
        self._local = threading.local()
        found = index_hash(path)
        if found is None:
            raise AuthorityError(
                "is missing, damaged or of another version",
                where=str(path),
                hint=hint,
            )
        self._sha256 = found

    @property
    def id(self) -> str:
        return "places"

    @property
    def sha256(self) -> str:
        return self._sha256

    def __getstate__(self) -> Path:
        return self._path

    def __setstate__(self, path: Path) -> None:
        PlaceIndex.__init__(self, path)

    def find(self, name: str) -> tuple[Place, ...]:
        """The places called `name`, most people first; by the loose key where the key finds none."""
        key = place_key(name)
        if len(key) < 2:
            return ()
        return self._rows(key, key) or self._rows(loose_key(key), key)

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        """What is known under each of `keys` (as `place_key` makes them), in one question; keys without a place are
        left out, and loose keys are not tried."""
        asked = list(keys)
        found: dict[str, Known] = {}
        try:
            for at in range(0, len(asked), 500):
                some = asked[at : at + 500]
                query = self._KNOWN.format(",".join("?" * len(some)))
                for key, places, people, codes, countries, rank in self._connection().execute(query, some):
                    found[key] = Known(
                        places, people, frozenset(codes.split(",")), frozenset((countries or "").split(",")), rank == 0
                    )
        except sqlite3.Error as error:
            raise AuthorityError(f"can't be read: {error}", where=str(self._path), hint=REBUILD) from error
        return found

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        return tuple(place.candidate((("population", float(place.population)),)) for place in self.find(name))

    def _rows(self, asked: str, key: str) -> tuple[Place, ...]:
        try:
            rows = self._connection().execute(self._QUERY, (asked,)).fetchall() if asked else []
        except sqlite3.Error as error:
            raise AuthorityError(f"can't be read: {error}", where=str(self._path), hint=REBUILD) from error
        alike = (1.0 if spelt is None else likeness(key, spelt) for *_, spelt in rows)
        places = (Place(*(*row[:10], how_alike)) for row, how_alike in zip(rows, alike, strict=True))
        return tuple(place for place in places if place.likeness >= ALIKE)

    def _connection(self) -> sqlite3.Connection:
        held: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if held is None or held[0] != os.getpid():
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            held = (os.getpid(), sqlite3.connect(uri, uri=True, cached_statements=8))
            self._local.held = held
        return held[1]
