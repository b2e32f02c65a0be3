"""Tolls of an incident: the figures that its claims give, and the one that a rule chooses.

No figure is made up: `best` is an end of a figure that somebody told. Which figure a claim gives
    Of several figures for one effect in one claim ("three soldiers and two civilians") a claim's figure is the sum,
    unless one of them counts people in general and is no less than the rest together: then it is the total, and the
    others are parts of it.

    A running total ("2,000 killed since 2011") is the toll of no incident, and left out. Sub-figures ("including 3
    children") go with their figure, and are never added to it.

What is a part of a toll and no version of it
    One or two dead or hurt, told by nobody who speaks for a side, in a report that tells of at least three times as
    many: "two of them died overnight", "a tea seller who lost her brother". What a side says is always a version of its
    own. A part is left out of low, best and high; the claim itself is shown like any other.

What a range counts as
    Its low end: what the teller surely said ("dozens" is 24, "at least nine" is 9). Under `highest` it is the high end
    where one was told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from reportedly.export.records import Count, Told, independent
from reportedly.types import Figure, Part

_GENERAL = frozenset({"people", "persons", "individuals", "casualties", "victims", "lives", "dead", "wounded", "total"})

_FEW, _TIMES = 2, 3
"""A part of a toll is at most so many people, and the whole at least so many times as large."""


@dataclass(frozen=True, slots=True)
class Toll:
    """The figure of one effect that one claim gives. `high` is `None` for "at least"."""

    told: Told
    low: int
    high: int | None
    who: str | None
    parts: tuple[Part, ...] = ()

    @property
    def key(self) -> tuple[int, int | None]:
        """Two claims with the same key give the same figure."""
        return self.low, self.high

    @property
    def top(self) -> int:
        """The highest number that it names."""
        return self.low if self.high is None else self.high

    @property
    def width(self) -> float:
        """How unspecific it is; "at least" is wider than any range."""
        return float("inf") if self.high is None else self.high - self.low

    @property
    def newest(self) -> tuple[int, str]:
        """Sorts the newest first; claims of one day by id."""
        return -(self.told.day or date.min).toordinal(), self.told.claim.id


def count_toll(effect: str, told: Sequence[Told], rule: str) -> Count | None:
    """The toll of `effect` over these claims by `rule`, a key of `RULES`; `None` where none of them gives a figure."""
    tolls = _without_parts([t for t in (toll_of(one, effect) for one in told) if t is not None])
    if not tolls:
        return None
    chosen = RULES[rule](tolls)
    top = max(tolls, key=lambda t: (t.top, t.high is None))
    return Count(
        effect=effect,
        low=min(t.low for t in tolls),
        best=chosen.top if rule == "highest" else chosen.low,
        high=top.top,
        claim=chosen.told.claim.id,
        claims=tuple(t.told.claim.id for t in tolls),
        open=top.high is None,
        who=chosen.who,
        parts=chosen.parts,
    )


def toll_of(told: Told, effect: str) -> Toll | None:
    """The figure for `effect` that this claim gives, by the rule at the head of the file."""
    figures = [f for f in told.claim.toll if f.effect == effect and not f.running]
    if not figures:
        return None
    largest = max(figures, key=lambda f: f.low)
    rest = sum(f.low for f in figures) - largest.low
    if len(figures) == 1 or (_general(largest) and largest.low >= rest):
        return Toll(told, largest.low, largest.high, largest.who, largest.parts)
    highs = [f.high for f in figures if f.high is not None]
    who = " and ".join(dict.fromkeys(f.who for f in figures if f.who))
    high = sum(highs) if len(highs) == len(figures) else None
    parts = tuple(p for f in figures for p in f.parts)
    return Toll(told, sum(f.low for f in figures), high, who or None, parts)


def _without_parts(tolls: Sequence[Toll]) -> list[Toll]:
    most: dict[str, int] = {}
    for toll in tolls:
        report = toll.told.report.id
        most[report] = max(most.get(report, 0), toll.low)
    return [t for t in tolls if t.told.claim.side or not _FEW >= t.top > 0 or most[t.told.report.id] < _TIMES * t.top]


def _general(figure: Figure) -> bool:
    return figure.who is None or figure.who.casefold().split()[-1:][0] in _GENERAL


def _lowest(tolls: Sequence[Toll]) -> Toll:
    return min(tolls, key=lambda t: (t.low, t.top, t.newest))


def _highest(tolls: Sequence[Toll]) -> Toll:
    return min(tolls, key=lambda t: (-t.top, -t.low, t.newest))


def _latest(tolls: Sequence[Toll]) -> Toll:
    return min(tolls, key=lambda t: (t.newest[0], t.width, t.newest))


def _median(tolls: Sequence[Toll]) -> Toll:
    """The middle one of what the voices last said, the lower of two: who is quoted twice doesn't weigh twice."""
    last: dict[tuple[str, str | None], Toll] = {}
    for toll in sorted(tolls, key=lambda t: t.newest, reverse=True):
        told = toll.told
        last[(told.voice, None) if told.voice else (told.origin, told.teller)] = toll
    ordered = sorted(last.values(), key=lambda t: (t.low, t.top, t.newest))
    return ordered[(len(ordered) - 1) // 2]


def _best(tolls: Sequence[Toll]) -> Toll:
    """Corroborated first (by the most origins), then the most specific, then the latest."""
    told: dict[tuple[int, int | None], list[Told]] = {}
    for toll in tolls:
        told.setdefault(toll.key, []).append(toll.told)
    origins = {key: independent(same) for key, same in told.items()}
    return min(tolls, key=lambda t: (-origins[t.key], t.width, t.newest))


RULES: Mapping[str, Callable[[Sequence[Toll]], Toll]] = MappingProxyType(
    {"lowest": _lowest, "highest": _highest, "median": _median, "latest": _latest, "best": _best}
)

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "lowest": "the lowest figure that anyone gives",
        "highest": "the highest figure that anyone gives",
        "median": "the middle one of the figures that the tellers last gave, one a voice, the lower of two",
        "latest": "the figure given last, by the day of saying, else of publication",
        "best": "the figure that the most independent origins give, then the most specific, then the latest",
    }
)
"""What each rule does, in the words of an export's notes."""
