"""Days: what a year, a season, a week, a Hijri month or a feast covers, first and last day included."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from dateutil.easter import EASTER_ORTHODOX, easter
from dateutil.relativedelta import relativedelta
from hijridate import Gregorian, Hijri

Days = tuple[date, date]
"""First and last day, both included."""

SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 1}
"""The month of the year that each (northern) season is told by; winter begins in the December before."""
_FEAST = re.compile(r"(?:(hijri) )?(\d\d)-(\d\d)(?: (\d+))?|(easter|orthodox)([+-]\d+)")
_STEPS = {
    "D": relativedelta(days=1), "W": relativedelta(weeks=1), "F": relativedelta(weeks=2), "MO": relativedelta(months=1),
    "Q": relativedelta(months=3), "HY": relativedelta(months=6), "Y": relativedelta(years=1),
    "DE": relativedelta(years=10), "CE": relativedelta(years=100), "WE": relativedelta(weeks=1),
}  # fmt: skip


def month_days(year: int, month: int) -> Days:
    """The first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def shift(day: date, unit: str, amount: int) -> date | None:
    """`amount` units (TIMEX3 letters of `data/languages`) from `day`; `None` outside the years 1 to 9999."""
    step = _STEPS.get(unit)
    if step is None:
        return day
    if abs(amount) > 10_000_000:
        return None
    try:
        moved: date = day + step * amount
        return moved
    except (ValueError, OverflowError):
        return None


def unit_days(day: date, unit: str) -> Days:
    """The calendar unit that holds `day`: its week (from Monday), month, quarter, year …; else the day itself."""
    if unit == "W":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "WE":
        saturday = day - timedelta(days=day.weekday()) + timedelta(days=5)
        return saturday, saturday + timedelta(days=1)
    if unit == "MO":
        return month_days(day.year, day.month)
    if unit == "Q":
        first = 3 * ((day.month - 1) // 3) + 1
        return date(day.year, first, 1), month_days(day.year, first + 2)[1]
    if unit == "Y":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if unit == "DE":
        first_year = max(day.year // 10 * 10, 1)
        return date(first_year, 1, 1), date(first_year + 9, 12, 31)
    return day, day


def season_days(year: int, season: str) -> Days:
    """The three months of a season; the winter of a year begins in the December before."""
    first = date(year - 1, 12, 1) if season == "WI" and year > 1 else date(year, SEASONS[season], 1)
    last = first + relativedelta(months=2)
    return first, month_days(last.year, last.month)[1]


def edge_days(days: Days, edge: str) -> Days:
    """The early, middle or late part of a longer time.

    Of a month the days 1–10, 11–20, 21 to the end (the annotation guide's rule); of a year three months (January,
    June, October); of anything else a third.
    """
    first, last = days
    length = (last - first).days + 1
    if length < 3:
        return days
    if 28 <= length <= 31 and first.day == 1:
        cuts = {"START": (1, 10), "MID": (11, 20), "END": (21, last.day)}[edge]
        return first.replace(day=cuts[0]), first.replace(day=cuts[1])
    if length in (365, 366) and first.month == 1:
        month = {"START": 1, "MID": 6, "END": 10}[edge]
        return date(first.year, month, 1), month_days(first.year, month + 2)[1]
    third = length // 3
    if edge == "START":
        return first, first + timedelta(days=third - 1)
    if edge == "MID":
        return first + timedelta(days=third), last - timedelta(days=third)
    return last - timedelta(days=third - 1), last


def hijri_month_days(year: int, month: int) -> Days | None:
    """A month of the Umm al-Qura calendar; `None` outside the years that it is known for (1343 to 1500)."""
    try:
        first = Hijri(year, month, 1)
        day = first.to_gregorian()
    except (ValueError, OverflowError):
        return None
    start = date(day.year, day.month, day.day)
    return start, start + timedelta(days=first.month_length() - 1)


def hijri_year(day: date) -> int | None:
    """The Hijri year that `day` falls in, if it is known."""
    try:
        return int(Gregorian(day.year, day.month, day.day).to_hijri().year)
    except (ValueError, OverflowError):
        return None


def feast_days(rule: str, year: int) -> list[Days]:
    """The days of a feast that begin in the Gregorian `year`; `rule` is as in `data/languages`. Mostly one."""
    match = _FEAST.fullmatch(rule)
    if match is None:
        return []
    hijri, month, day, length, church, offset = match.groups()
    more = timedelta(days=int(length or 1) - 1)
    if church:
        if not 1583 <= year <= 4099:
            return []
        sunday = easter(year, EASTER_ORTHODOX) if church == "orthodox" else easter(year)
        start = sunday + timedelta(days=int(offset))
        return [(start, start)]
    if not hijri:
        return [(date(year, int(month), int(day)), date(year, int(month), int(day)) + more)]
    around = hijri_year(date(year, 7, 1))
    if around is None:
        return []
    months = (hijri_month_days(h, int(month)) for h in (around - 1, around, around + 1))
    starts = (days[0] + timedelta(days=int(day) - 1) for days in months if days is not None)
    return [(start, start + more) for start in starts if start.year == year]
