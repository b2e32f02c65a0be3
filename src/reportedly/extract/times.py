"""Time expressions: where they are, and which days they mean.

`find_times` and `read_times` share one grammar (`extract.timegrammar`) and one calendar (`extract.timevalues`); what
is here follows the text from the first expression to the last, since "the next day" means what came before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from reportedly.extract.timegrammar import Form, grammar
from reportedly.extract.timevalue import Reference, Value
from reportedly.extract.timevalues import Values
from reportedly.language import load_language
from reportedly.types import Sentence, Span, When

_HEAD = 250
"""Code points at the start of a report in which its own date line may stand."""
_TOP = 80
"""Code points within which a date needs no mark beside it to be a date line."""
_CUES = 90
"""Code points before an expression in which the tense of its clause is looked for."""
_ASIDE = 20
"""Years between a date and the middle one of a history that make it an aside ("in 2005 it was revealed …")."""
_LINK = re.compile(r"\s*(?:[-–—]|to|and|until|through|or)\s*(?:the\s|in\s|early\s|late\s)?", re.IGNORECASE)
_FAR = 2
"""Years between a date and the report's day that make it one of another time."""


def find_times(text: str) -> list[Span]:
    """The time expressions of `text`, in order, none touching another."""
    return [Span(form.start, form.end) for form in grammar().forms(text)]


def report_day(text: str, published: date | None) -> date | None:
    """The day that a report speaks from: its date line's, where it has one, else `published`.

    A date line is a full date in the first lines that no preposition ties to a sentence ("15 Apr 2017 The attack …",
    "Reuters Sunday 12 Jun 2016", "KABUL, Oct. 6, 2012 —"). It wins over `published`, as the annotation guide says.
    """
    return _report_day(grammar().forms(text), text, published)


def read_times(
    text: str, spans: Sequence[Span], *, published: date | None, sentences: Sequence[Sentence]
) -> tuple[When, ...]:
    """What each of `spans` means, in the order given.

    A span that holds several expressions ("between 27 April and 18 May") runs from the first day of the first to the
    last day of the last; "since" before an expression stretches it to the report's day. Where the rules find no
    expression in a span its fields stay `None`.
    """
    forms = grammar().forms(text)
    day = _report_day(forms, text, published)
    values = _follow(text, forms, day, sentences)
    ends = [form.end for form, _ in values]
    return tuple(_when(text, span, _inside(span, values, ends), day) for span in spans)


@cache
def _values(code: str = "en") -> Values:
    return Values(load_language(code))


@cache
def _cue_pattern(code: str = "en") -> re.Pattern[str]:
    words = load_language(code).time_words
    future, past = (r"\b(?:" + "|".join(map(re.escape, words[name])) + r")\b" for name in ("future", "past"))
    endings = "|".join(words["past_endings"])
    return re.compile(f"(?P<future>{future})|(?P<past>{past}|\\w{{3,}}(?:{endings})\\b)", re.IGNORECASE)


def _report_day(forms: Sequence[Form], text: str, published: date | None) -> date | None:
    small = load_language("en").time_words
    for form in forms:
        if form.end > _HEAD:
            break
        if form.kind not in {"date", "iso"} or (form.kind == "date" and form.day is None):
            continue
        before = text[max(0, form.start - 20) : form.start]
        marked = before.rstrip(" ")[-1:] in {"\n", "(", "—", "–", "-", ",", "|", ":"} or form.start == 0
        words = before.split()
        sentence = bool(words) and words[-1].lower() in small["in_sentence"]
        if sentence or (form.start > _TOP and not marked):
            continue
        year = form.year or (None if form.kind == "iso" or not marked else _year_of(text, published))
        if year is None and form.kind == "date":
            continue
        value = _values().of(form if form.kind == "iso" else replace(form, year=year), Reference(None))
        if value is not None and value.days is not None:
            return value.days[0]
    return published


def _year_of(text: str, published: date | None) -> int | None:
    """The year of a date line that has none: the one that the report's own number or date has ("2010-08-CA-042")."""
    if published is not None:
        return published.year
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    return int(max(years, key=years.count)) if years else None


def _follow(
    text: str, forms: Sequence[Form], day: date | None, sentences: Sequence[Sentence]
) -> list[tuple[Form, Value]]:
    """Every form with its value, each resolved against the report's day and what was told before it."""
    ref = Reference(day, narrative=_is_narrative(forms, day))
    ends = [sentence.span.end for sentence in sentences]
    found: list[tuple[Form, Value]] = []
    told_in, sentence = -9, 0
    own_year = False
    years = sorted(form.year for form in forms if form.year is not None and not form.bc)
    middle = years[len(years) // 2] if years else None
    for form in _with_years(text, forms):
        while sentence < len(ends) - 1 and ends[sentence] <= form.start:
            sentence += 1
        ref.near = (
            ref.anchor is not None
            and sentence == told_in
            and (own_year or form.kind in {"part", "clock"} or (form.kind == "rel" and ref.grain != "D"))
        )
        ref.future, ref.past = _tense(text, form)
        value = _values().of(form, ref)
        if value is None:
            continue
        found.append((form, value))
        if value.grain == "Q" and form.kind == "quarter":
            ref.quarter = value.anchor
        if form.year is not None:
            ref.bc = form.year if form.bc else None
        if value.anchor is None or not _goes_on(text, form, value.anchor, ref, middle):
            continue
        own_year = form.year is not None and (ref.day is None or value.anchor.year != ref.day.year)
        told_in = sentence
        if value.grain == "Y" and ref.anchor is not None and ref.anchor.year == value.anchor.year:
            continue  # a bare year that the text is in already says nothing new
        ref.anchor, ref.grain = value.anchor, value.grain
        if value.grain in {"D", "MO"}:
            ref.exact = value.anchor
    return found


def _with_years(text: str, forms: Sequence[Form]) -> list[Form]:
    """The forms, with the year of the second end of a range on the first: "26 June – 4 August 1952"."""
    result = list(forms)
    for at in range(len(result) - 2, -1, -1):
        form, after = result[at], result[at + 1]
        if (
            form.kind not in {"date", "season"}
            or form.kind != after.kind
            or form.year is not None
            or form.step is not None
        ):
            continue
        if after.year is not None and _LINK.fullmatch(text, form.end, after.start):
            later = (form.month or 0) > (after.month or 0) and not after.bc
            result[at] = replace(form, year=after.year - later, bc=after.bc)
    return result


def _goes_on(text: str, form: Form, anchor: date, ref: Reference, middle: int | None) -> bool:
    """Whether the text goes on from a time: not from what is to come, from the end of something or an aside."""
    if not ref.narrative:
        return ref.day is None or anchor <= ref.day
    words = text[max(0, form.start - 12) : form.start].split()
    if words and words[-1].lower() in load_language("en").time_words["ends"]:
        return False
    return middle is None or abs(anchor.year - middle) <= _ASIDE


def _is_narrative(forms: Sequence[Form], day: date | None) -> bool:
    """Whether a text is a history, not news: most years are of other times than the report's, and weekdays few."""
    years = [form.year for form in forms if form.year is not None and form.kind in {"date", "bareyear", "season"}]
    far = sum(day is None or abs(year - day.year) >= _FAR for year in years)
    spoken = sum(form.kind in {"weekday", "today"} for form in forms)
    mostly = (len(years) >= 6 and far >= 0.75 * len(years)) or (len(years) >= 8 and far >= 0.5 * len(years))
    return mostly and 3 * spoken <= len(years)


def _tense(text: str, form: Form) -> tuple[bool, bool]:
    """Whether the nearest cue of tense speaks of the future, or of the past: the last before, else the first behind."""
    start = max(0, form.start - _CUES)
    cut = max(text.rfind(". ", start, form.start), text.rfind("\n", start, form.start))
    last = None
    if text.startswith(("'s", "’s"), form.end):
        return False, True  # "Wednesday's ruling" has been given
    words = text[start : form.start].split()
    if words and words[-1].lower() in load_language("en").time_words["deadline"]:
        return True, False
    for match in _cue_pattern().finditer(text, max(start, cut), form.start):
        last = match.lastgroup
    if last is None and (after := _cue_pattern().search(text, form.end, _clause_end(text, form.end))) is not None:
        last = after.lastgroup
    return last == "future", last == "past"


def _clause_end(text: str, start: int) -> int:
    ends = [at for mark in (". ", "\n") if (at := text.find(mark, start, start + _CUES)) >= 0]
    return min(ends, default=min(start + _CUES, len(text)))


def _inside(span: Span, values: Sequence[tuple[Form, Value]], ends: Sequence[int]) -> list[tuple[Form, Value]]:
    """The forms that touch a span; forms are in order and touch nobody."""
    found = []
    at = bisect_right(ends, span.start)
    while at < len(values) and values[at][0].start < span.end:
        found.append(values[at])
        at += 1
    return found


def _when(text: str, span: Span, inside: Sequence[tuple[Form, Value]], day: date | None) -> When:
    if not inside:
        return When(span)
    main = max(inside, key=lambda pair: min(pair[0].end, span.end) - max(pair[0].start, span.start))[1]
    dated = [value.days for _, value in inside if value.days is not None]
    first = min((days[0] for days in dated), default=None)
    last = max((days[1] for days in dated), default=None)
    if first is not None and last is not None and day is not None and first <= day and _since(text, span):
        if (first.day, last.day) == (11, 20):
            first = first.replace(day=15)  # "since mid-March" is since the 15th
        last = day
    return When(span, main.timex, main.value, first, last, main.basis)


def _since(text: str, span: Span) -> bool:
    words = load_language("en").time_words["since"]
    inside = span.of(text).lower().split()
    before = text[max(0, span.start - 12) : span.start].lower().split()
    return (inside[:1] != [] and inside[0] in words) or (before[-1:] != [] and before[-1] in words)
