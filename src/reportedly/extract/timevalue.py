"""What a time means, what it is resolved against, and how TIMEX3 writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from reportedly.extract.calendar import Days, edge_days
from reportedly.extract.timegrammar import Form

_UNIT_LETTERS = {unit: unit for unit in ("D", "W", "Q", "Y", "H", "M", "S", "DE", "CE")} | {"MO": "M", "F": "W"}
_CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.]\s?(\d\d)|(\d\d))?(?::\d\d)?\s*([ap])?")


@dataclass(slots=True)
class Value:
    """What a form means: TIMEX3 type and value, first and last day, and what it was resolved against.

    `anchor` is the day (the first, of a longer time) that what follows may be counted from; `grain` how exact it is.
    """

    timex: str
    value: str | None
    days: Days | None = None
    basis: str = "text"
    anchor: date | None = None
    grain: str = "D"


@dataclass(slots=True)
class Reference:
    """What times are resolved against, at one place of a text; the only thing here that changes.

    `day` is the report's day, `None` where nobody knows it. `narrative` says that the text tells of other times than
    its own, so that a bare "March" follows on `anchor`, the last date told (as exact as its `grain`). `near` says that
    this date is in the same sentence and has a year of its own. `exact` is the last day or month told, `bc` the year
    before Christ that the text is in, `quarter` the quarter that it named last. `future` and `past` say which of the
    two the words before speak of.
    """

    day: date | None
    narrative: bool = False
    anchor: date | None = None
    grain: str = "D"
    near: bool = False
    exact: date | None = None
    bc: int | None = None
    quarter: date | None = None
    future: bool = False
    past: bool = False


def edged(days: Days, form: Form) -> Days:
    return edge_days(days, form.edge) if form.edge else days


def with_part(day: date, part: str | None, days: Days, basis: str, clock: str | None = None) -> Value:
    at = clock_time(clock) if clock else "12:00" if part == "MI" else part
    if at is None:
        return Value("DATE", day.isoformat(), days, basis, day)
    return Value("TIME", f"{day.isoformat()}T{at}", days, basis, day)


def clock_time(words: str) -> str | None:
    """ "7:55 p.m.", "1600 GMT", "5pm" as "HH:MM"; `None` for what no clock shows."""
    match = _CLOCK.match(words)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    if match[4] == "p" and hour < 12:
        hour += 12
    elif match[4] == "a" and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if hour <= 24 and minute <= 59 else None


def closest_year(anchor: date, month: int, day: int | None, *, ahead: int) -> int:
    """The year that puts a month nearest to `anchor`: at most `ahead` months after it, else before."""
    months = (month - anchor.month) % 12
    later = anchor + relativedelta(months=months)
    return later.year if months <= ahead else later.year - 1


def unit_value(day: date, unit: str) -> str:
    """The TIMEX3 value of the calendar unit that holds `day`."""
    iso = day.isocalendar()
    if unit in {"W", "F"}:
        return f"{iso.year:04d}-W{iso.week:02d}"
    if unit == "WE":
        return f"{iso.year:04d}-W{iso.week:02d}-WE"
    if unit == "MO":
        return f"{day.year:04d}-{day.month:02d}"
    if unit == "Q":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if unit == "HY":
        return f"{day.year:04d}-H{1 if day.month < 7 else 2}"
    if unit == "Y":
        return f"{day.year:04d}"
    if unit == "DE":
        return f"{day.year:04d}"[:3]
    if unit in {"CE", "ML"}:
        return f"{day.year:04d}"[:2]
    return day.isoformat()


def period(amount: Fraction | None, unit: str) -> str:
    """A TIMEX3 period: "P3M", "PT24H", "PXD" for some days; a day for 24 hours, years for decades."""
    if unit == "DE" and amount is not None:
        unit, amount = "Y", amount * 10
    if unit == "F" and amount is not None:
        amount *= 2
    if unit == "WE":
        return "PXWE" if amount is None else f"P{amount}WE"
    if unit == "H" and amount is not None and amount >= 24 and amount % 24 == 0:
        unit, amount = "D", amount / 24
    number = "X" if amount is None else str(amount) if amount.denominator == 1 else f"{float(amount):g}"
    letter = _UNIT_LETTERS.get(unit, "X")
    return f"P{'T' if unit in {'H', 'M', 'S'} else ''}{number}{letter}"
