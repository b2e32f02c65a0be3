"""The day that a piece of metadata names: "2021-04-02", "Oct. 6, 2012", "Fri, 02 Apr 2021 10:15:00 GMT"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
"""A month's name, whole or cut short."""

_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
WORDED = (
    rf"(?:{_ORDINAL}\s+(?:of\s+)?{MONTH},?\s+(?:\d{{4}}|['’]?\d{{2}})"
    rf"|{MONTH}\s+{_ORDINAL},?\s+\d{{4}})"
)
"""A day with the month in words and a year: "6 October 2012", "4 FEB 90", "Oct. 6, 2012"."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?![\d/.])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?$")
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?({MONTH}),?[\s-]+(\d{{4}}|['’]?\d{{2}})(?!\d)", re.I
)
_MONTH_FIRST = re.compile(rf"({MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.I)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_STAMP = re.compile(r"(\d{10})(\d{3})?$")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.I)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PIVOT = 69


def read_day(value: object) -> date | None:
    """The day that `value` (text, a number of seconds or milliseconds since 1970, a date) begins with, or `None`.

    A time of day and a time zone after it are ignored: it is the day where the report was published. Of "04/02/2021"
    nobody can say whether it is April or February, so that is `None`; with a dot the day comes first, as in Europe. Two
    digits of a year mean 1969 to 2068.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        value = f"{value:.0f}"
    if not isinstance(value, str):
        return None
    text = _WEEKDAY.sub("", value[:100].strip(), count=1) if value else ""
    for reader in (_numbered, _worded, _numeric, _stamped):
        found = reader(text)
        if found is not None:
            return found
    return None


def _numbered(text: str) -> date | None:
    match = _ISO.match(text) or _SLASHED.match(text) or _COMPACT.match(text)
    return _day(match[1], match[2], match[3]) if match else None


def _worded(text: str) -> date | None:
    if match := _DAY_FIRST.match(text):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.match(text):
        return _day(match[3], _month(match[1]), match[2])
    return None


def _numeric(text: str) -> date | None:
    match = _NUMERIC.match(text)
    if match is None:
        return None
    first, mark, second, year = match.groups()
    if mark == "." or int(first) > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if int(second) > 12 else None


def _stamped(text: str) -> date | None:
    match = _STAMP.match(text)
    found = datetime.fromtimestamp(int(match[1]), UTC).date() if match else None
    return found if found is not None and found.year <= _LAST_YEAR else None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day(year: str, month: str | int, day: str) -> date | None:
    digits = year.lstrip("'’")
    number = int(digits)
    if len(digits) == 2:
        number += 1900 if number >= _PIVOT else 2000
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
