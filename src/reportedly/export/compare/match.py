"""Pairs our incidents with their events: by day, distance and kind, helped by tolls and sides; one to one.

A pair's score is the sum of five named features, each a weight times how well the two agree:

days (.30)
    1 where the days that either may have happened on overlap, less for each day between them; less, too, where one of
    the two is dated to more than a week, since much then overlaps by chance.
distance (.30)
    1 where the points lie no further apart than both may be off, down to 0 at the limit; less where a place is known to
    a province or country only. Without a point on both sides an equal name of a place counts four fifths.
kind (.10)
    1 for the same type and sub-type, .7 for the same type, .4 for two kinds of violence or where ours is undecided.
toll (.20)
    the lesser best figure as a part of the greater; half way from there to 1 where the ranges meet, since a wide range
    meets much; .5 where one side gives none.
sides (.10)
    how many of the fewer names share a word that tells ("Syrian Armed Forces", "Government of Syria"); .5 where one
    side names nobody.

Weights and limits were set by hand on a sample, by looking at the pairs. How many pairs there would be by chance is
counted with the days of one side shifted (`by_chance`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.errors import SettingsError
from reportedly.export.compare.records import Happening, Where, key

_WEIGHTS = {"days": 0.30, "distance": 0.30, "kind": 0.10, "toll": 0.20, "sides": 0.10}
_VIOLENT = frozenset({"Battles", "Explosions/Remote violence", "Violence against civilians", "Riots"})
_PLAIN = frozenset(
    "of and unidentified group groups state states republic democratic people islamic movement front brigade brigades "
    "national union".split()
)
"""Words of sides that tell nobody apart."""

_STATE = frozenset("government military army armed forces force police soviet".split())
"""Words of a side that say that it is a state's; the words beside them then name the state."""

_SHIFTS = (-91, -63, 63, 91)
"""Days by which one side is shifted to see how many pairs chance makes: whole weeks, two and three months."""

_WEEK, _EARTH_KM, _FAR_KM = 7, 12742.0, 50.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How far apart the two of a pair may be: days between them, kilometres beyond what both may be off, and the least
    score. Raises `SettingsError` for what is no limit."""

    days: int = 2
    km: float = 50.0
    score: float = 0.70

    def __post_init__(self) -> None:
        if not 0 <= self.days <= 366:
            raise SettingsError(f"{self.days} days", where="--days", hint="0 to 366")
        if not 0 < self.km <= 20_000:
            raise SettingsError(f"{self.km:g} km", where="--km", hint="more than 0, at most 20000")
        if not 0 <= self.score <= 1:
            raise SettingsError(f"a score of {self.score:g}", where="--score", hint="0 to 1")


@dataclass(frozen=True, slots=True)
class Pair:
    """An incident of ours and an event of theirs that may be the same; `features` sum to `score`."""

    ours: Happening
    theirs: Happening
    score: float
    features: tuple[tuple[str, float], ...]
    km: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was paired and what was not, each side in its own order.

    `beside` are the ids of those in `only_ours` that could be paired with an event of theirs which fits another
    incident better: an event of theirs may be the sum of several of ours.
    """

    pairs: tuple[Pair, ...]
    only_ours: tuple[Happening, ...]
    only_theirs: tuple[Happening, ...]
    beside: frozenset[str]


def compare(ours: Sequence[Happening], theirs: Sequence[Happening], limits: Limits) -> Comparison:
    """Pairs one to one, the highest score first, equal scores by the order of both sides: the same result each time."""
    index = _Index(theirs)
    found = sorted(
        ((pair, i, j) for i, one in enumerate(ours) for j, pair in _pairs(one, index, limits)),
        key=lambda f: (-f[0].score, f[1], f[2]),
    )
    kept: list[tuple[Pair, int]] = []
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    for pair, i, j in found:
        if i not in taken_ours and j not in taken_theirs:
            taken_ours.add(i)
            taken_theirs.add(j)
            kept.append((pair, i))
    return Comparison(
        pairs=tuple(pair for pair, _ in sorted(kept, key=lambda k: k[1])),
        only_ours=tuple(one for i, one in enumerate(ours) if i not in taken_ours),
        only_theirs=tuple(one for j, one in enumerate(theirs) if j not in taken_theirs),
        beside=frozenset(ours[i].id for _, i, _ in found if i not in taken_ours),
    )


def by_chance(ours: Sequence[Happening], theirs: Sequence[Happening], limits: Limits) -> float:
    """How many pairs there are on average where the days of theirs are shifted by months, so that none can be true."""
    counts = [len(compare(ours, [_shifted(one, days) for one in theirs], limits).pairs) for days in _SHIFTS]
    return sum(counts) / len(counts)


def _shifted(one: Happening, days: int) -> Happening:
    first, last = (_clipped(day.toordinal() + days) for day in (one.first, one.last))
    return replace(one, first=first, last=last)


class _Index:
    """Their events by the months that they touch."""

    def __init__(self, theirs: Sequence[Happening]) -> None:
        self.theirs = theirs
        self._by_month: dict[int, list[int]] = defaultdict(list)
        for j, one in enumerate(theirs):
            for month in range(_month(one.first), _month(one.last) + 1):
                self._by_month[month].append(j)

    def near(self, one: Happening, days: int) -> Iterator[int]:
        """The places in `theirs` of those that lie no more than `days` from `one`."""
        first, last = one.first.toordinal() - days, one.last.toordinal() + days
        months = range(_month(_clipped(first)), _month(_clipped(last)) + 1)
        for j in sorted({j for month in months for j in self._by_month.get(month, ())}):
            if self.theirs[j].last.toordinal() >= first and self.theirs[j].first.toordinal() <= last:
                yield j


def _pairs(one: Happening, index: _Index, limits: Limits) -> Iterator[tuple[int, Pair]]:
    for j in index.near(one, limits.days):
        pair = _pair(one, index.theirs[j], limits)
        if pair is not None and pair.score >= limits.score:
            yield j, pair


def _pair(one: Happening, other: Happening, limits: Limits) -> Pair | None:
    near, km = _nearness(one.where, other.where, limits.km)
    alike = _likeness(one.codes, other.codes)
    if near is None or alike is None:
        return None
    agree = {
        "days": _overlap(one, other, limits.days),
        "distance": near,
        "kind": alike,
        "toll": _tolls(one, other),
        "sides": shared_sides(one.sides, other.sides),
    }
    features = tuple((name, round(_WEIGHTS[name] * (0.5 if v is None else v), 4)) for name, v in agree.items())
    return Pair(one, other, round(sum(v for _, v in features), 4), features, km)


def days_between(one: Happening, other: Happening) -> int:
    """Days from the end of the one to the beginning of the other, 0 where they overlap."""
    return max((other.first - one.last).days, (one.first - other.last).days, 0)


def _overlap(one: Happening, other: Happening, most: int) -> float:
    longest = max((h.last - h.first).days + 1 for h in (one, other))
    return (1 - days_between(one, other) / (most + 1)) * min(1.0, _WEEK / longest)


def _nearness(one: Where, other: Where, most: float) -> tuple[float | None, float | None]:
    """How near, 0 to 1, `None` where it is too far or nothing is known; and the kilometres between the points."""
    if one.point and other.point:
        km = kilometres(one.point, other.point)
        off = one.radius_km + other.radius_km
        beyond = max(0.0, km - off)
        return (None if beyond > most else (1 - beyond / most) * min(1.0, _FAR_KM / max(off, 1.0))), km
    if one.country and other.country and one.country != other.country:
        return None, None
    return (0.8 if shares_a_name(one, other) else None), None


def shares_a_name(one: Where, other: Where) -> bool:
    """Whether a place that the one names is named by the other."""
    names = {key(name) for name in one.names} - {""}
    return any(f" {name} " in f" {key(theirs)} " for theirs in other.names for name in names)


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """How well two kinds go together, `None` where they don't."""
    if not one or not other:
        return 0.4
    if one == other:
        return 1.0
    if one[0] == other[0]:
        return 0.7
    # UCDP's types are all violence, and so are most of ACLED's.
    violent = all(codes[0] in _VIOLENT or codes[0].isdigit() for codes in (one, other))
    return 0.4 if violent else None


def _tolls(one: Happening, other: Happening) -> float | None:
    if one.low is None or one.best is None or one.high is None:
        return None
    if other.low is None or other.best is None or other.high is None:
        return None
    lesser, greater = sorted((one.best, other.best))
    ratio = lesser / greater if greater else 1.0
    meet = one.low <= other.high and other.low <= one.high
    return (1 + ratio) / 2 if meet else ratio


def shared_sides(ours: Iterable[str], theirs: Iterable[str]) -> float | None:
    """What part of the fewer names shares a telling word with one of the other side, `None` where one side has no name.

    Two words are the same from five equal letters on ("Syria", "Syrian"), but a state's forces are not those who fight
    them ("Syrian insurgents").
    """
    one, other = ([_telling(name) for name in names] for names in (ours, theirs))
    if not one or not other:
        return None
    fewer, more = sorted((one, other), key=len)
    return sum(any(words & others for others in more) for words in fewer) / len(fewer)


def _telling(name: str) -> frozenset[tuple[bool, str]]:
    words = key(name).split()
    state = any(w in _STATE for w in words)
    left = [w for w in words if w not in _PLAIN and w not in _STATE] or words
    return frozenset((state, w[:5]) for w in left)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between two points, latitude first."""
    a, b = math.radians(one[0]), math.radians(other[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _clipped(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
