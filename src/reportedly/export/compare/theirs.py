"""Reading a file of events that people coded: ACLED's columns or UCDP GED's, as CSV, tab-separated or JSON Lines."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from reportedly.errors import SettingsError
from reportedly.export.codebooks import countries
from reportedly.export.compare.records import Happening, Where

_ACLED, _GED = frozenset({"event_date", "event_type"}), frozenset({"date_start", "date_end", "type_of_violence"})
_ACLED_KM = {"1": 5.0, "2": 25.0, "3": 100.0}
_GED_KM = {"1": 5.0, "2": 25.0, "3": 30.0, "4": 100.0, "5": 100.0, "6": 400.0, "7": 400.0}
_ACLED_DAYS = {"2": 3, "3": 15}
"""Days on either side of ACLED's day by its precision: a week, a month."""

_SEPARATORS = re.compile(r"\s*;\s*")


@dataclass(frozen=True, slots=True)
class Theirs:
    """A file of events: `book` is acled or ucdp. `unread` counts the rows that could not be read, by the reason."""

    book: str
    events: tuple[Happening, ...]
    unread: Mapping[str, int]


def read_events(path: Path) -> Theirs:
    """The events of the file, in its order. Raises `SettingsError` where it can't be read or is of neither form."""
    events: list[Happening] = []
    unread: Counter[str] = Counter()
    book = ""
    for row in _rows(path):
        book = book or _book(row, path)
        try:
            events.append(_acled(row) if book == "acled" else _ged(row))
        except ValueError as error:
            unread[str(error)] += 1
    if not book:
        raise SettingsError("holds no event", where=str(path), hint="give a file with ACLED's or GED's columns")
    return Theirs(book, tuple(events), dict(unread))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() in (".jsonl", ".ndjson"):
                for line in file:
                    if line.strip():
                        yield _strings(json.loads(line))
            else:
                head = file.readline()
                file.seek(0)
                separator = max(",;\t", key=head.count)
                yield from (_strings(row) for row in csv.DictReader(file, delimiter=separator))
    except (OSError, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise SettingsError(f"can't be read: {error}", where=str(path), hint="UTF-8, CSV or JSON Lines") from error


def _strings(row: object) -> dict[str, str]:
    """Cells as strings, by column in small letters; a whole number never with ".0"."""
    if not isinstance(row, dict):
        return {}
    cells = {str(k).strip().lower(): "" if v is None else str(v).strip() for k, v in row.items() if k is not None}
    return {k: re.sub(r"^(-?\d+)\.0$", r"\1", v) for k, v in cells.items()}


def _book(row: Mapping[str, str], path: Path) -> str:
    if set(row) >= _GED:
        return "ucdp"
    if set(row) >= _ACLED:
        return "acled"
    hint = f"ACLED has {', '.join(sorted(_ACLED))}, UCDP GED {', '.join(sorted(_GED))}"
    raise SettingsError("has the columns of neither ACLED nor UCDP GED", where=str(path), hint=hint)


def _acled(row: Mapping[str, str]) -> Happening:
    day = _day(row["event_date"])
    spread = timedelta(days=_ACLED_DAYS.get(row.get("time_precision", ""), 0))
    killed = _whole(row.get("fatalities", ""))
    names = tuple(filter(None, (row.get(c, "") for c in ("location", "admin3", "admin2", "admin1"))))
    sides = (row.get(c, "") for c in ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2"))
    return Happening(
        id=row.get("event_id_cnty") or row.get("data_id") or row.get("id", ""),
        first=day - spread,
        last=day + spread,
        where=_where(row, names, _ACLED_KM.get(row.get("geo_precision", ""), 25.0)),
        codes=tuple(filter(None, (row["event_type"], row.get("sub_event_type", "")))),
        sides=tuple(side for cell in sides for side in _SEPARATORS.split(cell) if side),
        low=killed,
        best=killed,
        high=killed,
        sources=tuple(filter(None, _SEPARATORS.split(row.get("source", "")))),
    )


def _ged(row: Mapping[str, str]) -> Happening:
    first, last = _day(row["date_start"]), _day(row["date_end"])
    if last < first:
        raise ValueError("its end is before its start")
    best = _whole(row.get("best", ""))
    low, high = (best if (n := _whole(row.get(c, ""))) is None else n for c in ("low", "high"))
    numbers = (low, best, high) if best is not None else (None, None, None)
    names = tuple(filter(None, (row.get(c, "") for c in ("where_coordinates", "where_description", "adm_2", "adm_1"))))
    return Happening(
        id=row.get("id", ""),
        first=first,
        last=last,
        where=_where(row, names, _GED_KM.get(row.get("where_prec", ""), 25.0)),
        codes=(row["type_of_violence"],),
        sides=tuple(side for c in ("side_a", "side_b") for side in re.split(r"\s*,\s*", row.get(c, "")) if side),
        low=numbers[0],
        best=numbers[1],
        high=numbers[2],
        sources=tuple(filter(None, _SEPARATORS.split(row.get("source_office", "")))),
    )


def _where(row: Mapping[str, str], names: tuple[str, ...], radius_km: float) -> Where:
    lat, lon = _degrees(row.get("latitude", ""), 90), _degrees(row.get("longitude", ""), 180)
    if lat is None or lon is None:
        lat = lon = None
    return Where(names, _by_name().get(row.get("country", "").casefold()), lat, lon, radius_km)


def _day(value: str) -> date:
    for form, length in (("%Y-%m-%d", 10), ("%d %B %Y", None), ("%d-%b-%Y", None), ("%d/%m/%Y", None)):
        try:
            return datetime.strptime(value[:length], form).date()
        except ValueError:
            continue
    raise ValueError("its day can't be read")


def _whole(value: str) -> int | None:
    """A count; `None` for what is none. Codes below 0 mean that it isn't known."""
    try:
        number = int(float(value))
    except (ValueError, OverflowError):
        return None
    return number if number >= 0 else None


def _degrees(value: str, most: int) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if -most <= number <= most else None


@cache
def _by_name() -> dict[str, str]:
    """ISO 3166-1 alpha-3 by the names that ACLED, UCDP and we give to countries, in small letters."""
    found: dict[str, str] = {}
    # Palestine last: UCDP counts it to Israel, whose name it must not take.
    for country in sorted(countries().values(), key=lambda c: c.ged_id != c.gwno):
        for name in (country.name, country.acled_name, country.ged_name, country.iso3):
            found.setdefault(name.casefold(), country.iso3)
            found.setdefault(name.split(" (")[0].casefold(), country.iso3)
    return found
