from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.sources.days import read_day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-04-02", date(2021, 4, 2)),
        ("2021-04-02T23:30:00-08:00", date(2021, 4, 2)),
        ("20210402", date(2021, 4, 2)),
        (20210402, date(2021, 4, 2)),
        ("2021/4/2", date(2021, 4, 2)),
        ("02.04.2021", date(2021, 4, 2)),
        ("14/02/2021", date(2021, 2, 14)),
        ("02/14/2021", date(2021, 2, 14)),
        ("04/02/2021", None),
        ("Oct. 6, 2012", date(2012, 10, 6)),
        ("6th of October, 2012", date(2012, 10, 6)),
        ("Fri, 02 Apr 2021 10:15:00 GMT", date(2021, 4, 2)),
        ("Sunday, April 4, 2021 at 10 pm", date(2021, 4, 4)),
        ("5-Sept-2017", date(2017, 9, 5)),
        ("4 FEB 90", date(1990, 2, 4)),
        ("4 Feb 12", date(2012, 2, 4)),
        (1617350400, date(2021, 4, 2)),
        ("1617350400000", date(2021, 4, 2)),
        (datetime(2021, 4, 2, 23, tzinfo=UTC), date(2021, 4, 2)),
        (date(2021, 4, 2), date(2021, 4, 2)),
        ("31 Feb 2020", None),
        ("2021-04", None),
        ("0001-01-01", None),
        ("tomorrow", None),
        ("", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (["2021-04-02"], None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    assert read_day(value) == day


@given(st.text(max_size=40) | st.integers() | st.floats() | st.from_regex(r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,14}"))
def test_anything_gives_a_day_or_none(value: object) -> None:
    day = read_day(value)
    assert day is None or 1900 <= day.year <= 2100


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_written_days_come_back(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%b. %d, %Y", "%a %d %b %Y", "%d.%m.%Y"):
        written = day.strftime(form) if day.year >= 1000 else ""
        assert read_day(written) == day, written
