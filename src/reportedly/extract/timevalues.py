"""From what a time expression says to the days that it means.

A `Reference` knows when the report was published and what day its text was last talking of; `Values.of` turns one
`Form` into a TIMEX3 type and value and its first and last day. docs/how-it-decides/times.md tells the rules in words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

from reportedly.extract.calendar import Days, shift, unit_days
from reportedly.extract.timegrammar import Form
from reportedly.extract.timenamed import NamedTimes
from reportedly.extract.timevalue import Reference, Value, clock_time, edged, period, unit_value, with_part
from reportedly.language import Language

_DAY = timedelta(days=1)


class Values(NamedTimes):
    """Resolves forms with the words of one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
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

    # Times counted from another.

    def _rel(self, form: Form, ref: Reference) -> Value | None:
        unit, step = form.unit or "D", form.step or 0
        base = self._base(form, ref)
        if step == 1 and unit == "D":
            base = ref.anchor or ref.day  # "the next day" follows the day told
        elif form.step is None and form.edge and ref.anchor and ref.near:
            base = ref.anchor  # "the end of the month": of the month just named
        if unit in {"H", "M", "S"}:
            return self._span(form, ref, Fraction(1))
        if unit == "Q" and form.word in self._language.time_words["latest"] and base is not None:
            base = ref.quarter or shift(base, "Q", -1)
        if base is None:
            return Value("DATE", None)
        if form.word in self._language.time_words["past_span"] and unit not in {"D"}:
            start = shift(base, unit, -1)
            return Value("DURATION", period(Fraction(1), unit), (start, base) if start else None, self._basis(ref))
        moved = shift(base, unit, step)
        if moved is None:
            return None
        days = unit_days(moved, unit)
        if form.loose and step == 0 and not form.anchored and days[0] <= base <= days[1] and unit != "D":
            part = (days[0], base) if form.edge == "START" else (base, days[1])
        elif unit in {"W", "Y"} and form.edge is None and step == 0 and not ref.future and base is ref.day:
            part = (days[0], base)  # "this week", told in the past tense: up to now
        else:
            part = edged(days, form)
        value = unit_value(moved, unit)
        if unit == "D" and ref.anchor is not None and base is ref.anchor and ref.grain == "MO":
            value = value[:7] + "-XX"
            part = days = unit_days(base, "MO")
        grain = unit if unit in {"D", "W", "MO", "Q", "Y", "DE"} else "D"
        return Value("DATE", value, part, self._basis(ref), days[0], grain)

    def _lastn(self, form: Form, ref: Reference) -> Value | None:
        if form.amount is None or form.unit is None:
            return Value("DURATION", period(None, form.unit or "D"))
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
        return Value("DURATION", period(amount, unit), days, self._basis(ref))

    def _firstn(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", period(form.amount, form.unit or "D"))

    def _recent(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", period(None, form.unit or "D"))

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
            return None if moved is None else Value("DATE", unit_value(moved, "Q"), unit_days(moved, "Q"), "text")
        moved = shift(base, unit, step * int(amount))
        if moved is None:
            return None
        if unit == "D" and base is ref.anchor and ref.grain in {"MO", "Y", "Q"}:
            return Value("DATE", f"{moved.year:04d}-XX-XX", None, "text")
        days = (moved, moved) if unit in {"D", "W", "F"} else unit_days(moved, unit)
        return Value(
            "DATE", unit_value(moved, unit), None if form.vague or form.clause else days, self._basis(ref), moved, unit
        )

    def _beside(self, form: Form, ref: Reference) -> Value | None:
        step = form.step if form.step is not None else 1 if form.how == "after" else -1
        unit = form.unit or "D"
        base = ref.anchor or ref.day
        moved = shift(base, unit, step) if base else None
        if moved is None:
            return Value("DATE", None)
        days = unit_days(moved, unit)
        return Value("DATE", unit_value(moved, unit), days, "text", days[0], unit)

    def _ofunit(self, form: Form, ref: Reference) -> Value | None:
        unit = form.unit or "D"
        base = self._base(form, ref)
        if unit == "WE" and base is not None:
            saturday = base - timedelta(days=(base.weekday() - 5) % 7)
            if ref.future:
                saturday += timedelta(days=7)
            return Value("DATE", unit_value(saturday, "WE"), (saturday, saturday + _DAY), self._basis(ref), saturday)
        if unit == "Q" and ref.anchor is not None and ref.grain == "Q":
            return Value("DATE", unit_value(ref.anchor, "Q"), unit_days(ref.anchor, "Q"), "text", ref.anchor, "Q")
        if unit in {"MO", "W", "Y"} or base is None:
            return Value("DURATION", period(Fraction(1), unit))
        return Value("DATE", unit_value(base, unit), None, self._basis(ref))

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
        return with_part(day, form.part, (first, day), self._basis(ref))

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
        return with_part(day, form.part, (day, day), self._basis(ref), form.clock)

    def _partof(self, form: Form, ref: Reference) -> Value | None:
        base = ref.anchor or ref.day if form.step == 1 else self._base(form, ref)
        if base is None or ((form.anchored or form.step == 1) and ref.grain != "D" and ref.anchor is not None):
            return Value("TIME", None)
        day = base + _DAY * (form.step or 0)
        return with_part(day, form.part, (day, day), self._basis(ref))

    def _part(self, form: Form, ref: Reference) -> Value | None:
        if ref.anchor is not None and ref.grain == "D" and (ref.near or ref.narrative):
            return with_part(ref.anchor, form.part, (ref.anchor, ref.anchor), "text")
        if ref.narrative or ref.day is None:
            return Value("TIME", f"XXXX-XX-XXT{form.part}")
        return Value("TIME", f"{ref.day.isoformat()}T{form.part}", None, "report")

    def _clock(self, form: Form, ref: Reference) -> Value | None:
        clock = clock_time(form.word or "")
        if clock is None:
            return None
        told = ref.anchor is not None and ref.grain == "D" and (ref.near or ref.narrative)
        base = ref.anchor if told else ref.day
        day = base.isoformat() if base else "XXXX-XX-XX"
        days = (base, base) if base and told else None
        return Value("TIME", f"{day}T{clock}", days, self._basis(ref))

    # Sets, durations and words without a day.

    def _set(self, form: Form, ref: Reference) -> Value | None:
        return Value("SET", period(Fraction(1), form.unit or "D"))

    def _daily(self, form: Form, ref: Reference) -> Value | None:
        return Value("SET", form.word)

    def _duration(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", period(form.amount, form.unit or "D"))

    def _some(self, form: Form, ref: Reference) -> Value | None:
        return Value("DURATION", period(None, form.unit or "D"))

    def _now(self, form: Form, ref: Reference) -> Value | None:
        if form.word == "SINCE_REF":
            if ref.anchor is None:
                return Value("DATE", "PAST_REF")
            return Value("DATE", unit_value(ref.anchor, ref.grain), unit_days(ref.anchor, ref.grain))
        return Value("DATE", form.word)
