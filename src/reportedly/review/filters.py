"""The filter that overview, export, publish and API share: one record, and the address that says it.

An address is the whole state of a view: whoever is given it sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from reportedly.errors import SettingsError
from reportedly.link.agreement import VERDICTS
from reportedly.ontology import Ontology

REVIEWED = ("no", "part", "yes")
"""Whether nobody, or somebody but not for all of it, or somebody has accepted or rejected the incident's claims."""

LISTS = ("kinds", "actors", "speakers", "verdicts", "reviewed")
_NAMES = {"kinds": "kind", "actors": "actor", "speakers": "speaker", "verdicts": "verdict"}
"""What the lists are called in an address, where they stand once for each value."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west is greater than east where the box crosses the 180th meridian."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which incidents are meant. What is not given doesn't count; all that is given must be met.

    `first` and `last`: days, both included, that the happening touches. `box`: where its point lies. Of `kinds`,
    `actors` (agents or targets), `speakers` (who says it, or the side they speak for), `verdicts` (on any of its facts)
    and `reviewed` any one is enough. `words` stand in a report that tells of it. `since`: something of it came into the
    ledger on this day or later.
    """

    words: str = ""
    first: date | None = None
    last: date | None = None
    box: Box | None = None
    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    since: date | None = None

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def address(self) -> str:
        """The filter as a query string, without the question mark; "" for everything."""
        return urlencode(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The parts of the address in a fixed order."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value: Any = getattr(self, field.name)
            if field.name in LISTS:
                found += [(_NAMES.get(field.name, field.name), v) for v in value]
            elif field.name == "box" and value:
                found.append(("box", ",".join(f"{v:g}" for v in value)))
            elif value:
                found.append((field.name, str(value)))
        return found

    def without(self, name: str, value: str | None = None) -> Filter:
        """The filter less one field, or less one value of a list."""
        less: Any = getattr(Filter(), name) if value is None else tuple(v for v in getattr(self, name) if v != value)
        return replace(self, **{name: less})


def read_filter(query: Mapping[str, str] | Iterable[tuple[str, str]], ontology: Ontology) -> Filter:
    """The filter that an address says; other parameters are passed over, empty ones too.

    Raises `SettingsError` for a day, box or label that there is not.
    """
    pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    first, last, since = (_day(given, name) for name in ("first", "last", "since"))
    if first and last and first > last:
        raise SettingsError("the first day is after the last", where=f"{first} and {last}", hint="swap them")
    return Filter(
        words=" ".join(given.get("words", [])),
        first=first,
        last=last,
        box=_box(given.get("box", [])),
        kinds=_labels(given.get("kind", []), tuple(ontology.kinds), "kind"),
        actors=tuple(dict.fromkeys(given.get("actor", []))),
        speakers=tuple(dict.fromkeys(given.get("speaker", []))),
        verdicts=_labels(given.get("verdict", []), VERDICTS, "verdict"),
        reviewed=_labels(given.get("reviewed", []), REVIEWED, "reviewed"),
        since=since,
    )


def _day(given: Mapping[str, Sequence[str]], name: str) -> date | None:
    value = given.get(name, [""])[-1]
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise SettingsError(f"{value!r} is no day", where=name, hint="e.g. 2024-03-05") from error


def _box(values: Sequence[str]) -> Box | None:
    if not values:
        return None
    try:
        west, south, east, north = (float(v) for v in values[-1].split(","))
    except ValueError as error:
        raise SettingsError(f"{values[-1]!r} is no box", where="box", hint="west,south,east,north") from error
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise SettingsError(f"{values[-1]!r} is not on the globe", where="box", hint="west,south,east,north in degrees")
    return west, south, east, north


def _labels(given: Iterable[str], known: Sequence[str], name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(g.lower().replace(" ", "_").replace("-", "_") for g in given))
    for label in found:
        if label not in known:
            raise SettingsError(f"there is no {label!r}", where=name, hint=f"one of {', '.join(known)}")
    return found
