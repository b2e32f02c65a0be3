"""Where the fields of a pair differ. Neither side is taken for the truth: a difference is said, not judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reportedly.export.compare.match import Pair, days_between, shared_sides, shares_a_name
from reportedly.export.compare.records import Happening

NEAR_KM = 25.0
"""How far apart two places may be that count as the same."""


class Field(StrEnum):
    """What is compared."""

    DAY = "day"
    PLACE = "place"
    TYPE = "type"
    KILLED = "killed"
    SIDES = "sides"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a pair. `agrees` is `None` where one side doesn't say; `how` is the difference in words."""

    field: Field
    ours: str
    theirs: str
    agrees: bool | None
    how: str = ""


def differences(pair: Pair) -> tuple[Difference, ...]:
    """Every field of the pair, those that agree included, in the order of `Field`."""
    return _day(pair), _place(pair), _type(pair), _killed(pair), _sides(pair)


def _day(pair: Pair) -> Difference:
    apart = days_between(pair.ours, pair.theirs)
    how = f"{apart} day{'s' if apart > 1 else ''} apart" if apart else ""
    return Difference(Field.DAY, days(pair.ours), days(pair.theirs), not apart, how)


def _place(pair: Pair) -> Difference:
    ours, theirs = (next(iter(h.where.names), "") for h in (pair.ours, pair.theirs))
    same = shares_a_name(pair.ours.where, pair.theirs.where)
    agrees = same or pair.km <= NEAR_KM if pair.km is not None else same or None
    how = f"{pair.km:.0f} km apart" if pair.km is not None and not agrees else ""
    return Difference(Field.PLACE, ours, theirs, agrees, how)


def _type(pair: Pair) -> Difference:
    ours, theirs = (" · ".join(h.codes) for h in (pair.ours, pair.theirs))
    if not pair.ours.codes:
        return Difference(Field.TYPE, "", theirs, None, "nobody says what it takes to decide")
    return Difference(Field.TYPE, ours, theirs, pair.ours.codes == pair.theirs.codes)


def _killed(pair: Pair) -> Difference:
    one, other = pair.ours, pair.theirs
    if one.best is None or other.best is None:
        return Difference(Field.KILLED, killed(one), killed(other), None)
    if one.low is not None and other.high is not None and one.low > other.high:
        agrees, how = False, f"ours is higher by {one.low - other.high} at least"
    elif one.high is not None and other.low is not None and one.high < other.low:
        agrees, how = False, f"theirs is higher by {other.low - one.high} at least"
    else:
        agrees, how = True, "" if one.best == other.best else "the ranges meet, the best figures differ"
    return Difference(Field.KILLED, killed(one), killed(other), agrees, how)


def _sides(pair: Pair) -> Difference:
    shared = shared_sides(pair.ours.sides, pair.theirs.sides)
    ours, theirs = ("; ".join(h.sides) for h in (pair.ours, pair.theirs))
    agrees = None if shared is None else shared == 1
    return Difference(Field.SIDES, ours, theirs, agrees, "some names only" if shared and not agrees else "")


def days(one: Happening) -> str:
    """The day, or the first and the last."""
    return one.first.isoformat() if one.first == one.last else f"{one.first} to {one.last}"


def killed(one: Happening) -> str:
    """The best figure with its range, "" where there is none."""
    if one.best is None:
        return ""
    return str(one.best) if one.low == one.high else f"{one.best} ({one.low} to {one.high})"
