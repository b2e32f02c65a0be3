"""One event of either side, in the same form: what can be compared, and no more."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "the"})


@dataclass(frozen=True, slots=True)
class Where:
    """Where it happened: names from the narrowest, the point if known and how many kilometres it may be off."""

    names: tuple[str, ...] = ()
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float = 0.0

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, `None` where one of them isn't known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Happening:
    """An incident of ours or an event of theirs, in the terms of their code book.

    `first` and `last` are the days that it may have happened on. `codes` are type and sub-type (ACLED) or type of
    violence (GED); `()` where our mapping can't decide. `low`, `best` and `high` count the killed: all or none of them
    are `None`. `country` of `where` is ISO 3166-1 alpha-3. `sources` are outlets.
    """

    id: str
    first: date
    last: date
    where: Where
    codes: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    low: int | None = None
    best: int | None = None
    high: int | None = None
    sources: tuple[str, ...] = ()


def key(name: str) -> str:
    """A name without case, diacritics, apostrophes and Arabic articles, for telling whether two are the same."""
    bare = re.sub(r"['’‘`ʿʾʼ´]", "", unicodedata.normalize("NFKD", name.casefold()))
    words = _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))
    return " ".join([w for w in words if w not in _ARTICLES] or words)
