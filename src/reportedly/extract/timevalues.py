"""From what a time expression says to the days that it means.

A `Reference` knows when the report was published and what day its text was last talking of; `Values.of` turns one
`Form` into a TIMEX3 type and value and its first and last day. docs/how-it-decides/times.md tells the rules in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from reportedly.extract.calendar import (
    SEASONS,
    Days,
    edge_days,
    feast_days,
    hijri_month_days,
    hijri_year,
    month_days,
    season_days,
    shift,
    unit_days,
)
from reportedly.extract.timegrammar import Form
from reportedly.language import Language

_DAY = timedelta(days=1)
_UNIT_LETTERS = {
    "MO": "M",
    "W": "W",
    "D": "D",
    "Y": "Y",
    "Q": "Q",
    "H": "H",
    "M": "M",
    "S": "S",
    "F": "W",
    "CE": "CE",
    "DE": "DE",
}
_CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.]\s?(\d\d)|(\d\d))?(?::\d\d)?\s*([ap])?")
_ISO = re.compile(r"(\d+)[-/.](\d+)[-/.](\d+)|(\d{4})(\d\d)(\d\d)")


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
    its own, so that a bare "March" follows on the last date told. `near` says that the last date told, with a year of
    its own, is in this sentence. `exact` is the last day or month told. `bc` is the year before Christ that the text is in, `quarter` the
    quarter that it named last. `future` says that the words before speak of what is to come.
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


class Values:
    """Resolves forms with the words of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._rules: dict[str, Callable[[Form, Reference], Value | None]] = {
            name[1:]: getattr(self, name)
            for name in (
                "_iso", "_date", "_hijri", "_feast", "_half", "_quarter", "_lastn", "_firstn", "_recent", "_yearago",
                "_shift", "_beside", "_rel", "_season", "_decade", "_century", "_today", "_weekday", "_partof",
                "_clock",
                "_set", "_daily", "_duration", "_ofunit", "_some", "_bareyear", "_part", "_now", "_weekof", "_dom",
            )
        }  # fmt: skip

    def of(self, form: Form, ref: Reference) -> Value | None:
        """The value of a form at its place, or `None` where its words make no time (30 February)."""
        return self._rules[form.kind](form, ref)

    # Dates that name a month, a year or a day of their own.

    def _iso(self, form: Form, ref: Reference) -> Value | None:
        match = _ISO.match(form.word or "")
        if match is None:
            return None
        a, b, c = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[3:]))
        if a > 31:
            year, month, day = a, b, c
        else:
            year, month, day = c, b, a
            if month > 12:
                month, day = day, month
        if year < 100:
            year += 2000 if year < 40 else 1900
        return self._date_value(form, ref, year, month, day, own_year=True)

    def _date(self, form: Form, ref: Reference) -> Value | None:
        if form.bc:
            rest = (f"-{form.month:02d}" if form.month else "") + (f"-{form.day:02d}" if form.day else "")
            return Value("DATE", f"BC{form.year or 0:04d}{rest}")
        if form.month is None:
            return self._bareyear(form, ref)
        if form.year is None and ref.bc is not None:
            return self._date(replace(form, year=ref.bc, bc=True), ref)
        year, own = form.year, form.year is not None
        if year is None and form.step is not None:
            base = ref.anchor if form.anchored and ref.anchor else ref.day or ref.anchor
            if base is not None:
                year = base.year + form.step
                if form.unit is None:  # "last March", "next June": the nearest that way
                    year = base.year if form.step == 0 else self._beyond(base, form.month, form.step)
        if year is None:
            year = self._year(form.month, form.day, ref)
        if year is None:
            day = f"-{form.day:02d}" if form.day else ""
            return Value("DATE", f"XXXX-{form.month:02d}{day}")
        return self._date_value(form, ref, year, form.month, form.day, own_year=own)

    def _date_value(
        self, form: Form, ref: Reference, year: int, month: int, day: int | None, *, own_year: bool
    ) -> Value | None:
        basis = "text" if own_year else self._basis(ref)
        if not (1 <= month <= 12 and 1 <= year <= 9998):
            return None
        if day is None:
            days = month_days(year, month)
            return Value("DATE", f"{year:04d}-{month:02d}", _edged(days, form), basis, days[0], "MO")
        try:
            exact = date(year, month, day)
        except ValueError:
            return None
        return _with_part(exact, form.part, (exact, exact), basis, form.clock)

    def _beyond(self, base: date, month: int, step: int) -> int:
        if step < 0:
            return base.year if month < base.month else base.year - 1
        return base.year if month > base.month else base.year + 1

    def _year(self, month: int, day: int | None, ref: Reference) -> int | None:
        """The year of a date that names none."""
        if ref.anchor is not None and (ref.narrative or ref.near):
            if ref.grain == "Y":
                return self._year_near(month, day, ref.exact) or ref.anchor.year
            return _closest_year(ref.anchor, month, day, ahead=6)
        if ref.day is None:
            return None
        base = ref.day
        same = (month, day or base.day) > (base.month, base.day)
        if not same:
            ahead = base.year + 1
            return ahead if ref.future and not ref.past and month < base.month else base.year
        months = (month - base.month) % 12
        if ref.future or months <= 1:
            return base.year
        return base.year - 1

    def _year_near(self, month: int, day: int | None, exact: date | None) -> int | None:
        """The year that makes a date go on from the last exact one, within six weeks; a bare year was an aside then."""
        if exact is None or not 3 < exact.year < 9990:
            return None
        for year in (exact.year, exact.year + 1):
            gap = (date(year, month, min(day or 15, 28)) - exact).days
            if -10 <= gap <= 42:
                return year
        return None

    def _bareyear(self, form: Form, ref: Reference) -> Value | None:
        year = form.year or 0
        if form.bc:
            return Value("DATE", f"BC{year:04d}")
        if not 1 <= year <= 9998:
            return None
        days = date(year, 1, 1), date(year, 12, 31)
        return Value("DATE", f"{year:04d}", _edged(days, form), "text", days[0], "Y")

    def _hijri(self, form: Form, ref: Reference) -> Value | None:
        base = ref.anchor if ref.narrative else ref.day
        month = form.month or 1
        years = [form.year] if form.year else []
        if not years and base is not None:
            around = hijri_year(base)
            years = [around + step for step in (-1, 0, 1)] if around else []
        found = [days for days in (hijri_month_days(year, month) for year in years) if days]
        if not found:
            return Value("DATE", None)
        past = [days for days in found if base is None or days[0] <= base]
        first, last = (past or found)[-1] if not ref.future else found[-1]
        if form.day:
            first = last = first + _DAY * (form.day - 1)
        value = first.isoformat() if form.day else f"{first.isoformat()}/{last.isoformat()}"
        return Value("DATE", value, (first, last), "text" if form.year else "report", first, "D" if form.day else "MO")

    def _feast(self, form: Form, ref: Reference) -> Value | None:
        rule = self._language.feasts[form.word or ""]
        base = ref.anchor if ref.narrative else ref.day or ref.anchor
        if form.year is None and base is None:
            return Value("DATE", None)
        years = [form.year] if form.year else [base.year + step for step in (-1, 0, 1) if base is not None]
        found = [days for year in years if 1 < year < 9998 for days in feast_days(rule, year)]
        if not found:
            return Value("DATE", None)
        nearest = min(found, key=lambda days: abs((days[0] - base).days) if base is not None else 0)
        return Value("DATE", nearest[0].isoformat(), nearest, "text" if form.year else "report", nearest[0])

    def _dom(self, form: Form, ref: Reference) -> Value | None:
        """ "the 14th", "the 10th of this month": of the month that the text is in, or the last one that has it."""
        base = ref.anchor or ref.day
        if base is None or form.day is None:
            return Value("DATE", None)
        month = shift(base.replace(day=1), "MO", form.step or 0) or base
        later = form.step is None and ref.day is not None and not ref.narrative and not ref.future
        if later and ref.day is not None and month.replace(day=1) == ref.day.replace(day=1) and form.day > ref.day.day:
            month = shift(month, "MO", -1) or month
        try:
            day = month.replace(day=form.day)
        except ValueError:
            return None
        return Value("DATE", day.isoformat(), (day, day), self._basis(ref), day)

    def _decade(self, form: Form, ref: Reference) -> Value | None:
        digits = re.sub(r"\D", "", form.word or "")
        if form.bc:
            return Value("DATE", f"BC{int(digits):04d}"[:-1])
        year = int(digits) if len(digits) > 2 else 1900 + int(digits)
        if not 1 <= year <= 9980:
            return None
        days = date(year, 1, 1), date(year + 9, 12, 31)
        return Value("DATE", f"{year:04d}"[:3], _edged(days, form), "text", days[0], "DE")

    def _century(self, form: Form, ref: Reference) -> Value | None:
        number = (form.ordinal or 1) - 1
        if form.bc:
            return Value("DATE", f"BC{number:02d}")
        return Value("DATE", f"{number:02d}", None, "text", None, "CE")

    # Quarters, halves and seasons.

    def _quarter(self, form: Form, ref: Reference) -> Value | None:
        base = self._base(form, ref)
        number, year = form.ordinal, form.year
        if form.how is not None and base is not None:  # "the year-ago quarter"
            number = number or (ref.anchor.month - 1) // 3 + 1 if ref.anchor and ref.grain == "Q" else number
            year = base.year - 1
        if number is None or not 1 <= number <= 4:
            return Value("DATE", f"{base.year if base else 'XXXX'}-QX")
        if year is None and base is not None:
            year = base.year + (form.step or 0)
            if form.step is None and 3 * number - 2 > base.month + 3:
                year -= 1
        if year is None or not 1 <= year <= 9998:
            return Value("DATE", f"XXXX-Q{number}")
        days = date(year, 3 * number - 2, 1), month_days(year, 3 * number)[1]
        return Value("DATE", f"{year:04d}-Q{number}", days, self._basis(ref), days[0], "Q")

    def _half(self, form: Form, ref: Reference) -> Value | None:
        base = self._base(form, ref)
        year = form.year or (base.year + (form.step or 0) if base else None)
        if year is None or form.ordinal not in (1, 2) or not 1 <= year <= 9998 or form.unit not in (None, "Y"):
            return Value("DATE", None)
        days = (date(year, 1, 1), date(year, 6, 30)) if form.ordinal == 1 else (date(year, 7, 1), date(year, 12, 31))
        return Value("DATE", f"{year:04d}-H{form.ordinal}", days, "text", days[0], "MO")

    def _season(self, form: Form, ref: Reference) -> Value | None:
        season = form.season or "SU"
        base = self._base(form, ref)
        year = form.year
        if form.bc or (year is None and ref.bc is not None):
            return Value("DATE", f"BC{year or ref.bc or 0:04d}-{season}")
        if year is None:
            if base is None:
                return Value("DATE", f"XXXX-{season}")
            start = SEASONS[season]
            year = base.year
            if ref.narrative and form.step is None:
                year = base.year if ref.grain == "Y" else _closest_year(base, start, 1, ahead=8)
            elif form.step == 1:
                year = self._beyond(base, start, 1)
            elif form.step == -1:
                year = base.year if start + 2 < base.month else base.year - 1
            elif form.step is None and start > base.month and not ref.future:
                year = base.year - 1
        if not 1 <= year <= 9998:
            return None
        days = season_days(year, season)
        return Value("DATE", f"{year:04d}-{season}", _edged(days, form), self._basis(ref), days[0], "MO")

    # Times counted from another.

    def _base(self, form: Form, ref: Reference) -> date | None:
        """The day that a relative time is counted from."""
        return ref.anchor or ref.day if form.anchored or ref.narrative else ref.day

    def _basis(self, ref: Reference) -> str:
        return "text" if ref.narrative or ref.near or ref.day is None else "report"

    def _rel(self, form: Form, ref: Reference) -> Value | None:
        unit, step = form.unit or "D", form.step or 0
        base = self._base(form, ref)
        if form.step is None and form.edge and ref.anchor and ref.near:
            base = ref.anchor  # "the end of the month": of the month just named
        if unit in {"H", "M", "S"}:
            return self._span(form, ref, Fraction(1))
        if unit == "Q" and form.word in self._language.time_words["latest"] and base is not None:
            base = ref.quarter or shift(base, "Q", -1)
        if base is None:
            return Value("DATE", None)
        if form.word in self._language.time_words["past_span"] and unit not in {"D"}:
            start = shift(base, unit, -1)
            return Value("DURATION", _period(Fraction(1), unit), (start, base) if start else None, self._basis(ref))
        moved = shift(base, unit, step)
        if moved is None:
            return None
        days = unit_days(moved, unit)
        if form.loose and step == 0 and not form.anchored and days[0] <= base <= days[1] and unit != "D":
            part = (days[0], base) if form.edge == "START" else (base, days[1])
        elif unit in {"W", "Y"} and form.edge is None and step == 0 and not ref.future and base is ref.day:
            part = (days[0], base)  # "this week", told in the past tense: up to now
        else:
            part = _edged(days, form)
        value = _unit_value(moved, unit)
        if unit == "D" and ref.anchor is not None and base is ref.anchor and ref.grain == "MO":
            value = value[:7] + "-XX"
            part = days = unit_days(base, "MO")
        grain = unit if unit in {"D", "W", "MO", "Q", "Y", "DE"} else "D"
        return Value("DATE", value, part, self._basis(ref), days[0], grain)

    def _lastn(self, form: Form, ref: Reference) -> Value | None:
        if form.amount is None or form.unit is None:
            return Value("DURATION", _period(None, form.unit or "D"))
        return self._span(form, ref, form.amount)

    def _span(self, form: Form, ref: Reference, amount: Fraction) -> Value:
        """The last or next N units, up to or from the day they are counted from."""
        unit = form.unit or "D"
        base, step = self._base(form, ref), form.step or 0
        days: Days | None = None
        if base is not None and step:
            whole, small = amount, unit
            if unit in {"H", "M", "S"}:
                whole = Fraction(-(-amount // 24)) if unit == "H" else Fraction(0)
                small = "D"
            other = shift(base, small, step * int(whole))
            days = None if other is None else (min(base, other), max(base, other))
        return Value("DURATION", _period(amount, unit), days, self._basis(ref))

    def _firstn(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", _period(form.amount, form.unit or "D"))

    def _recent(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", _period(None, form.unit or "D"))

    def _yearago(self, form: Form, ref: Reference) -> Value | None:
        return self._moved(form, ref, Fraction(1), -1)

    def _shift(self, form: Form, ref: Reference) -> Value | None:
        step = 1 if form.how in {"after", "hence"} else -1
        if form.amount is None:
            base = self._base(form, ref)
            if form.unit in {"H", "M", "S"} and ref.anchor is not None and form.how != "ago":
                return Value("TIME", None, (ref.anchor, ref.anchor) if ref.grain == "D" else None, "text")
            if form.how == "after" and base is not None and form.unit in {"D", "W", "MO"}:
                return Value("DATE", "FUTURE_REF")
            return Value("DATE", "PAST_REF" if step < 0 else "FUTURE_REF")
        return self._moved(form, ref, form.amount, step)

    def _moved(self, form: Form, ref: Reference, amount: Fraction, step: int) -> Value | None:
        """A time `amount` units before or after another; as exact as the unit it is counted in."""
        unit = form.unit or "D"
        base = ref.day if form.how == "ago" and not ref.narrative else ref.anchor or ref.day
        if base is None:
            return Value("DATE", None)
        if unit in {"H", "M", "S"}:
            near = shift(base, "D", step * int(amount // 24)) if unit == "H" else base
            return Value("TIME", None, (near, near) if near else None, self._basis(ref), near)
        if amount.denominator != 1:
            unit, amount = {"Y": ("MO", amount * 12), "MO": ("D", amount * 30)}.get(unit, ("D", amount * 7))
        if ref.quarter is not None and unit == "Y" and amount == 1 and not ref.narrative:
            moved = shift(ref.quarter, "Y", step)
            return None if moved is None else Value("DATE", _unit_value(moved, "Q"), unit_days(moved, "Q"), "text")
        moved = shift(base, unit, step * int(amount))
        if moved is None:
            return None
        if unit == "D" and base is ref.anchor and ref.grain in {"MO", "Y", "Q"}:
            return Value("DATE", f"{moved.year:04d}-XX-XX", None, "text")
        days = (moved, moved) if unit in {"D", "W", "F"} else unit_days(moved, unit)
        return Value(
            "DATE", _unit_value(moved, unit), None if form.vague or form.clause else days, self._basis(ref), moved, unit
        )

    def _weekof(self, form: Form, ref: Reference) -> Value | None:
        """ "the first week of July": seven days of the month, from its start or back from its end."""
        period = _period(Fraction(1), form.unit or "D")
        month = self._date(replace(form, ordinal=None, unit=None, kind="date"), ref)
        if month is None or month.days is None or form.unit not in {"W", "D"}:
            return Value("DURATION", period)
        first, last = month.days
        number, size = form.ordinal or 1, 7 if form.unit == "W" else 1
        start = last - _DAY * (size - 1) if number < 1 else first + _DAY * size * (number - 1)
        if start > last:
            return None
        end = min(start + _DAY * (size - 1), last)
        return Value("DURATION", period, (start, end), month.basis, start)

    def _beside(self, form: Form, ref: Reference) -> Value | None:
        step = form.step if form.step is not None else 1 if form.how == "after" else -1
        unit = form.unit or "D"
        base = ref.anchor or ref.day
        moved = shift(base, unit, step) if base else None
        if moved is None:
            return Value("DATE", None)
        days = unit_days(moved, unit)
        return Value("DATE", _unit_value(moved, unit), days, "text", days[0], unit)

    def _ofunit(self, form: Form, ref: Reference) -> Value | None:
        unit = form.unit or "D"
        base = self._base(form, ref)
        if unit == "WE" and base is not None:
            saturday = base - timedelta(days=(base.weekday() - 5) % 7)
            if ref.future:
                saturday += timedelta(days=7)
            return Value("DATE", _unit_value(saturday, "WE"), (saturday, saturday + _DAY), self._basis(ref), saturday)
        if unit == "Q" and ref.anchor is not None and ref.grain == "Q":
            return Value("DATE", _unit_value(ref.anchor, "Q"), unit_days(ref.anchor, "Q"), "text", ref.anchor, "Q")
        if unit in {"MO", "W", "Y"} or base is None:
            return Value("DURATION", _period(Fraction(1), unit))
        return Value("DATE", _unit_value(base, unit), None, self._basis(ref))

    # Days of the week, parts of the day, clock times.

    def _today(self, form: Form, ref: Reference) -> Value | None:
        base = ref.anchor if ref.narrative and ref.anchor else ref.day
        steps = int(form.amount or 0)
        if form.how is not None:  # "the day before yesterday"
            steps += 1 if form.how == "after" else -1
        if base is None:
            return Value("DATE", "PRESENT_REF")
        day = base + _DAY * steps
        first = day
        if form.word is None and form.part == "NI" and steps == 0 and not ref.future:
            first = day - _DAY  # overnight, as told the day after
        return _with_part(day, form.part, (first, day), self._basis(ref))

    def _weekday(self, form: Form, ref: Reference) -> Value | None:
        weekday = form.weekday or 0
        base = self._base(form, ref)
        if base is None:
            return Value("DATE", f"XXXX-WXX-{weekday + 1}")
        back = (base.weekday() - weekday) % 7
        if (form.anchored and form.step == 0) or form.step == 0:
            day = base - timedelta(days=base.weekday() - weekday)
        elif form.step == -1:
            day = base - timedelta(days=back or 7)
        elif form.step == 1 or (ref.narrative and ref.grain == "D"):
            day = base + timedelta(days=(-back % 7) or 7)
        elif ref.future and not ref.past and back:
            day = base + timedelta(days=7 - back)
        else:
            day = base - timedelta(days=back)
        return _with_part(day, form.part, (day, day), self._basis(ref), form.clock)

    def _partof(self, form: Form, ref: Reference) -> Value | None:
        base = self._base(form, ref)
        if base is None or (form.anchored and ref.grain != "D" and ref.anchor is not None):
            return Value("TIME", None)
        day = base + _DAY * (form.step or 0)
        return _with_part(day, form.part, (day, day), self._basis(ref))

    def _part(self, form: Form, ref: Reference) -> Value | None:
        if ref.anchor is not None and ref.grain == "D" and (ref.near or ref.narrative):
            return _with_part(ref.anchor, form.part, (ref.anchor, ref.anchor), "text")
        if ref.narrative or ref.day is None:
            return Value("TIME", f"XXXX-XX-XXT{form.part}")
        return Value("TIME", f"{ref.day.isoformat()}T{form.part}", None, "report")

    def _clock(self, form: Form, ref: Reference) -> Value | None:
        clock = _clock_time(form.word or "")
        if clock is None:
            return None
        told = ref.anchor is not None and ref.grain == "D" and (ref.near or ref.narrative)
        base = ref.anchor if told else ref.day
        day = base.isoformat() if base else "XXXX-XX-XX"
        days = (base, base) if base and told else None
        return Value("TIME", f"{day}T{clock}", days, self._basis(ref))

    # Sets, durations and words without a day.

    def _set(self, form: Form, ref: Reference) -> Value | None:
        return Value("SET", _period(Fraction(1), form.unit or "D"))

    def _daily(self, form: Form, ref: Reference) -> Value | None:
        return Value("SET", form.word)

    def _duration(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", _period(form.amount, form.unit or "D"))

    def _some(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", _period(None, form.unit or "D"))

    def _now(self, form: Form, ref: Reference) -> Value | None:
        return Value("DATE", form.word)


def _edged(days: Days, form: Form) -> Days:
    return edge_days(days, form.edge) if form.edge else days


def _with_part(day: date, part: str | None, days: Days, basis: str, clock: str | None = None) -> Value:
    at = _clock_time(clock) if clock else "12:00" if part == "MI" else part
    if at is None:
        return Value("DATE", day.isoformat(), days, basis, day)
    return Value("TIME", f"{day.isoformat()}T{at}", days, basis, day)


def _clock_time(words: str) -> str | None:
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


def _closest_year(anchor: date, month: int, day: int | None, *, ahead: int) -> int:
    """The year that puts a month nearest to `anchor`: at most `ahead` months after it, else before."""
    months = (month - anchor.month) % 12
    later = anchor + relativedelta(months=months)
    return later.year if months <= ahead else later.year - 1


def _unit_value(day: date, unit: str) -> str:
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


def _period(amount: Fraction | None, unit: str) -> str:
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
