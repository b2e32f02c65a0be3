"""The filter that overview, export, publish and API share, read from the address that says it.

An address is the whole state of a view: whoever is given it sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from reportedly.errors import SettingsError
from reportedly.link.agreement import VERDICTS
from reportedly.ontology import Ontology
from reportedly.store.facts import REVIEWED
from reportedly.store.filter import Box as Box
from reportedly.store.filter import Filter as Filter


def read_filter(query: Mapping[str, str] | Iterable[tuple[str, str]], ontology: Ontology) -> Filter:
    """The filter that an address says; other parameters are passed over, empty ones too.

    Raises `SettingsError` for a day, box or label that there is not.
    """
    pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    first, last, since = (day_of(given.get(name, [""])[-1], name) for name in ("first", "last", "since"))
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


def day_of(value: str | None, name: str) -> date | None:
    """The day that the parameter `name` says, `None` for nothing. Raises `SettingsError` for what is no day."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise SettingsError(f"{value[:40]!r} is no day", where=name, hint="e.g. 2024-03-05") from error


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
