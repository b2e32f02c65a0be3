"""Whether an undated event happened on the day of a dated neighbour.

A sum of the named features below, each with its weight; above zero the event takes its neighbour's days. The weights
were fitted by logistic regression to the coded reports that `docs/how-it-decides/times.md` names and rounded; a
reviewer can read each as "speaks for" or "against".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from reportedly.language import load_language
from reportedly.types import Event

_VIOLENT = frozenset("clash air_strike shelling bombing shooting attack".split())
_EFFECTS = frozenset("killing destruction".split())
_STEPS = frozenset("advance capture withdrawal arrest release abduction abuse protest riot evacuation trial".split())


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A dated event beside an undated one: its days, how many sentences lie between, and the words around."""

    donor: Event
    days: tuple[date, date]
    report_day: date | None
    gap: int
    paragraphs: int
    clause: str
    """The text of the event's sentence up to its trigger."""
    between: str
    """The text between the two triggers, the nearer 200 code points of it."""
    after: bool
    """Whether the event comes after the donor."""
    places: bool
    """Whether the two share a place or a target by its words."""
    share: float
    """The share of the report's dated events that have the donor's days."""
    number: int
    """The event's sentence, from 0."""
    trigger: str
    """The event's own words."""


def features(event: Event, beside: Neighbour) -> Iterator[str]:
    """The names of the features that hold."""
    donor = beside.donor
    length = (beside.days[1] - beside.days[0]).days
    yield "bias"
    yield f"gap {min(beside.gap, 4)}"
    if beside.gap == 0 and not beside.after:
        yield "before it"
    if beside.paragraphs:
        yield "other paragraph"
    yield "one day" if length == 0 else "few days" if length < 8 else "long time"
    if beside.report_day is not None and length == 0:
        back = (beside.report_day - beside.days[1]).days
        yield (
            "report's day" if back == 0 else "day before" if back == 1 else "this week" if 0 < back < 8 else "long ago"
        )
    yield "same teller" if event.statement == donor.statement else "other teller"
    yield f"kind {_class(event.kind)}"
    yield f"beside {_class(donor.kind)}"
    if event.kind == donor.kind:
        yield "same kind"
    yield "only day" if beside.share > 0.99 else "main day" if beside.share >= 0.5 else "one day of many"
    if beside.number < 2:
        yield "lead"
    cues = _cues()
    if cues.was.search(beside.clause):
        yield "was"
    elif beside.trigger.endswith("ed") or beside.trigger in cues.pasts:
        yield "past"
    elif beside.trigger.endswith("ing"):
        yield "ing"
    else:
        yield "noun"
    if event.toll:
        yield "toll"
        if any(figure.low > 2000 for figure in event.toll):
            yield "great toll"
    if event.status != "asserted":
        yield f"status {event.status}"
    if beside.places:
        yield "same place"
    for name, pattern in cues.tenses:
        if pattern.search(beside.clause):
            yield name
    for name, pattern in cues.words:
        if pattern.search(beside.clause):
            yield f"{name} clause"
        if pattern.search(beside.between):
            yield f"{name} between"


@dataclass(frozen=True, slots=True)
class _Cues:
    """The word lists of a language's `[dating]` as patterns."""

    was: re.Pattern[str]
    pasts: frozenset[str]
    tenses: tuple[tuple[str, re.Pattern[str]], ...]
    words: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _cues(code: str = "en") -> _Cues:
    lists = load_language(code).dating

    def before_trigger(name: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(lists[name])})\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE)

    def anywhere(name: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(lists[name])})\b", re.IGNORECASE)

    return _Cues(
        was=before_trigger("was"),
        pasts=frozenset(lists["pasts"]),
        tenses=tuple((name, before_trigger(name)) for name in ("perfect", "pluperfect", "present", "coming")),
        words=tuple((name, anywhere(name)) for name in ("general", "apart", "also")),
    )


def _class(kind: str) -> str:
    if kind in _VIOLENT:
        return "violent"
    if kind in _EFFECTS:
        return "effect"
    return "step" if kind in _STEPS else "lasting"


WEIGHTS: Mapping[str, float] = {
    "report's day": 1.2,
    "day before": 0.6,
    "kind effect": 0.6,
    "was": 0.6,
    "toll": 0.5,
    "gap 1": 0.4,
    "this week": 0.4,
    "also between": 0.3,
    "few days": 0.3,
    "gap 0": 0.3,
    "other paragraph": 0.3,
    "same kind": 0.3,
    "same place": 0.3,
    "one day": 0.2,
    "pluperfect": 0.2,
    "coming": -0.2,
    "gap 2": -0.2,
    "gap 3": -0.2,
    "great toll": -0.2,
    "kind step": -0.2,
    "main day": -0.2,
    "same teller": -0.2,
    "before it": -0.3,
    "beside step": -0.3,
    "kind violent": -0.3,
    "beside lasting": -0.5,
    "general clause": -0.5,
    "one day of many": -0.5,
    "other teller": -0.5,
    "noun": -0.6,
    "apart between": -0.7,
    "bias": -0.7,
    "ing": -0.7,
    "kind lasting": -0.8,
    "present": -0.9,
    "gap 4": -1.0,
    "general between": -1.0,
    "long ago": -1.1,
    "long time": -1.2,
    "status possible": -1.3,
    "status demanded": -1.7,
    "perfect": -1.9,
    "status planned": -2.0,
}


def joins(event: Event, beside: Neighbour) -> bool:
    """Whether the event takes its neighbour's days."""
    return sum(WEIGHTS.get(name, 0.0) for name in features(event, beside)) > 0
