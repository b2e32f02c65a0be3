"""Times that name a year, a month, a season or a feast of their own: which days they mean."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from reportedly.extract.calendar import (
    SEASONS,
    feast_days,
    hijri_month_days,
    hijri_year,
    month_days,
    season_days,
    shift,
)
from reportedly.extract.timegrammar import Form
from reportedly.extract.timevalue import Reference, Value, closest_year, edged, period, with_part
from reportedly.language import Language

_DAY = timedelta(days=1)
_ISO = re.compile(r"(\d+)[-/.](\d+)[-/.](\d+)|(\d{4})(\d\d)(\d\d)")


_SLIP = timedelta(days=20)
"""How far ahead a day may lie that is told as past: outlets stamp reports with the day of an earlier version."""


_AHEAD = 8
"""Months ahead that a date without a year may lie where the words look ahead."""


class NamedTimes:
    """Resolves forms that name a time. Each method takes a form and its place, and is `None` where no time is meant."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def _base(self, form: Form, ref: Reference) -> date | None:
        """The day that a relative time is counted from."""
        return ref.anchor or ref.day if form.anchored or ref.narrative else ref.day

    def _basis(self, ref: Reference) -> str:
        return "text" if ref.narrative or ref.near or ref.day is None else "report"

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
            return Value("DATE", f"{year:04d}-{month:02d}", edged(days, form), basis, days[0], "MO")
        try:
            exact = date(year, month, day)
        except ValueError:
            return None
        return with_part(exact, form.part, (exact, exact), basis, form.clock)

    def _beyond(self, base: date, month: int, step: int) -> int:
        if step < 0:
            return base.year if month < base.month else base.year - 1
        return base.year if month > base.month else base.year + 1

    def _year(self, month: int, day: int | None, ref: Reference) -> int | None:
        """The year of a date that names none."""
        if ref.anchor is not None and (ref.narrative or ref.near):
            if ref.grain == "Y":
                return self._year_near(month, day, ref.exact) or ref.anchor.year
            return closest_year(ref.anchor, month, day, ahead=6)
        if ref.day is None:
            return None
        base = ref.day
        months = (month - base.month) % 12
        ahead = ref.future and months <= _AHEAD
        if (month, day or base.day) <= (base.month, base.day):
            return base.year + 1 if ahead and month < base.month else base.year
        soon = date(base.year, month, min(day or 28, 28)) - base
        slipped = day is not None and timedelta(0) < soon <= _SLIP
        if ahead or slipped or (months <= 1 and not ref.past):
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
        return Value("DATE", f"{year:04d}", edged(days, form), "text", days[0], "Y")

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
        return Value("DATE", f"{year:04d}"[:3], edged(days, form), "text", days[0], "DE")

    def _century(self, form: Form, ref: Reference) -> Value | None:
        number = (form.ordinal or 1) - 1
        if form.bc:
            return Value("DATE", f"BC{number:02d}")
        return Value("DATE", f"{number:02d}", None, "text", None, "CE")

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
                year = base.year if ref.grain == "Y" else closest_year(base, start, 1, ahead=8)
            elif form.step == 1:
                year = self._beyond(base, start, 1)
            elif form.step == -1:
                year = base.year if start + 2 < base.month else base.year - 1
            elif form.step is None and start > base.month and not ref.future:
                year = base.year - 1
        if not 1 <= year <= 9998:
            return None
        days = season_days(year, season)
        return Value("DATE", f"{year:04d}-{season}", edged(days, form), self._basis(ref), days[0], "MO")

    def _weekof(self, form: Form, ref: Reference) -> Value | None:
        """ "the first week of July": seven days of the month, from its start or back from its end."""
        length = period(Fraction(1), form.unit or "D")
        month = self._date(replace(form, ordinal=None, unit=None, kind="date"), ref)
        if month is None or month.days is None or form.unit not in {"W", "D"}:
            return Value("DURATION", length)
        first, last = month.days
        number, size = form.ordinal or 1, 7 if form.unit == "W" else 1
        start = last - _DAY * (size - 1) if number < 1 else first + _DAY * size * (number - 1)
        if start > last:
            return None
        end = min(start + _DAY * (size - 1), last)
        return Value("DURATION", length, (start, end), month.basis, start)
