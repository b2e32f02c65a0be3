"""Time expressions: where they are found, what they mean, and what must hold for any text."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.extract.times import find_times, read_times, report_day
from reportedly.text import split_sentences
from reportedly.types import Span, When

PUBLISHED = date(2023, 11, 8)
"""A Wednesday."""


def read(text: str, published: date | None = PUBLISHED) -> tuple[When, ...]:
    return read_times(text, find_times(text), published=published, sentences=split_sentences(text))


def days(text: str, published: date | None = PUBLISHED) -> tuple[str, str] | None:
    """First and last day of the last expression of `text`."""
    when = read(text, published)[-1]
    return None if when.first is None or when.last is None else (when.first.isoformat(), when.last.isoformat())


def values(text: str, published: date | None = PUBLISHED) -> list[str | None]:
    return [when.value for when in read(text, published)]


ONE_DAY = [
    # Dates in full, in the ways that outlets write them.
    ("The shelling of 9 April 2021", "2021-04-09"),
    ("It fell on April 9, 2021.", "2021-04-09"),
    ("on the 25th of August 2020", "2020-08-25"),
    ("on Oct 6 2012 it fell", "2012-10-06"),
    ("on 2021-04-09 it fell", "2021-04-09"),
    ("on 21.02.2015 it fell", "2015-02-21"),
    ("on 09/04/2021 it fell", "2021-04-09"),
    # Days relative to the report's.
    ("Guards were shot today.", "2023-11-08"),
    ("Guards were shot yesterday.", "2023-11-07"),
    ("Guards were shot last night.", "2023-11-07"),
    ("Guards were shot this morning.", "2023-11-08"),
    ("Guards were shot two days ago.", "2023-11-06"),
    ("The two sides will meet tomorrow.", "2023-11-09"),
    ("They met the day before yesterday.", "2023-11-06"),
    # Weekdays: the last one, the day itself included, unless the words look ahead.
    ("A mine exploded on Tuesday.", "2023-11-07"),
    ("A mine exploded early on Tuesday morning.", "2023-11-07"),
    ("A mine exploded on Wednesday.", "2023-11-08"),
    ("A mine exploded late Sunday.", "2023-11-05"),
    ("A mine exploded last Wednesday.", "2023-11-01"),
    ("The two sides will meet on Friday.", "2023-11-10"),
    ("The two sides meet next Friday.", "2023-11-10"),
    ("Wednesday's ruling would hold.", "2023-11-08"),
    ("Tuesdays bombing was the third.", "2023-11-07"),
    # Dates without a year.
    ("The mine exploded on 3 March.", "2023-03-03"),
    ("The mine exploded on December 19.", "2022-12-19"),
    ("The talks will open on December 19.", "2023-12-19"),
    ("The mine exploded on the 3rd.", "2023-11-03"),
    ("The mine exploded on the 3rd of this month.", "2023-11-03"),
    # Other calendars and feasts.
    ("on 9 Nisan 2021", "2021-04-09"),
    ("on 1 Ramadan 1444", "2023-03-23"),
    ("Shells fell on Christmas Day 2022.", "2022-12-25"),
    ("Shells fell on Good Friday 2023.", "2023-04-07"),
]  # fmt: skip

SPANS = [
    ("the fighting of March 2021", ("2021-03-01", "2021-03-31")),
    ("In March the fighting spread.", ("2023-03-01", "2023-03-31")),
    ("In December the fighting spread.", ("2022-12-01", "2022-12-31")),
    ("last September", ("2023-09-01", "2023-09-30")),
    ("in October last year", ("2022-10-01", "2022-10-31")),
    ("in 2015 it fell", ("2015-01-01", "2015-12-31")),
    ("in the 1990s", ("1990-01-01", "1999-12-31")),
    ("early October", ("2023-10-01", "2023-10-10")),
    ("in mid-October", ("2023-10-11", "2023-10-20")),
    ("late October", ("2023-10-21", "2023-10-31")),
    ("in early 2021", ("2021-01-01", "2021-03-31")),
    ("at the end of last year", ("2022-10-01", "2022-12-31")),
    ("last week", ("2023-10-30", "2023-11-05")),
    ("It began this week.", ("2023-11-06", "2023-11-08")),
    ("last month", ("2023-10-01", "2023-10-31")),
    ("last year", ("2022-01-01", "2022-12-31")),
    ("earlier this month", ("2023-11-01", "2023-11-08")),
    ("at the weekend", ("2023-11-04", "2023-11-05")),
    ("the summer of 2021", ("2021-06-01", "2021-08-31")),
    ("in the past 24 hours", ("2023-11-07", "2023-11-08")),
    ("over the last three days", ("2023-11-05", "2023-11-08")),
    ("during the past month", ("2023-10-08", "2023-11-08")),
    ("the first week of July", ("2023-07-01", "2023-07-07")),
    ("the first half of this year", ("2023-01-01", "2023-06-30")),
    ("They fled overnight.", ("2023-11-07", "2023-11-08")),
    ("since April 15", ("2023-04-15", "2023-11-08")),
    ("since Monday", ("2023-11-06", "2023-11-08")),
    ("since mid-March 2011", ("2011-03-15", "2023-11-08")),
    ("since 2011", ("2011-01-01", "2023-11-08")),
    ("Eid al-Fitr 2023", ("2023-04-21", "2023-04-23")),
    ("in Ramadan", ("2023-03-23", "2023-04-20")),
]


@pytest.mark.parametrize(("text", "day"), ONE_DAY)
def test_one_day(text: str, day: str) -> None:
    assert days(text) == (day, day)


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_several_days(text: str, expected: tuple[str, str]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    "text",
    ["in recent weeks", "for two months", "over the past few days", "They now hold it.",
     "every Thursday they march two days after the raid on the camp"],
)  # fmt: skip
def test_no_day_follows(text: str) -> None:
    assert days(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on Tuesday evening", "2023-11-07TEV"),
        ("at 7:55 p.m. on Friday", "2023-11-03T19:55"),
        ("on April 9, 2021 at 10:30", "2021-04-09T10:30"),
        ("last week", "2023-W44"),
        ("at the weekend", "2023-W44-WE"),
        ("in the third quarter of 2021", "2021-Q3"),
        ("for two months", "P2M"),
        ("for two and a half years", "P2.5Y"),
        ("a 10-hour battle", "PT10H"),
        ("in recent weeks", "PXW"),
        ("in the past 24 hours", "P1D"),
        ("in the 1990s", "199"),
        ("in the 19th century", "18"),
        ("in 480 BC", "BC0480"),
        ("the winter of 1920", "1920-WI"),
        ("They now hold it.", "PRESENT_REF"),
        ("nineteen ninety-one", "1991"),
        ("daily flights", "P1D"),
        ("two years ago", "2021"),
    ],
)
def test_timex_values(text: str, value: str) -> None:
    assert values(text)[-1] == value


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.",
        "Rebels march on the town in force.",
        "May they rest in peace.",
        "The sun rose; a mon and a sat.",
        "Some 2000 people fled.",
        "It killed 12 people of one family.",
        "A 33-year-old woman and the fall of the town.",
        "Troops spring into action and fall back.",
        "Brigade 1502 took Hill 1881 people say.",
    ],
)
def test_other_words_are_no_times(text: str) -> None:
    assert find_times(text) == []


def test_later_times_count_from_earlier_ones() -> None:
    text = "The town fell on 3 May 2021. Two days later the army returned. The next morning it left again."
    assert values(text) == ["2021-05-03", "2021-05-05", "2021-05-06TMO"]


def test_since_then_is_since_the_time_told_last() -> None:
    text = "The town fell in March 2021. Since then it has been empty."
    assert days(text) == ("2021-03-01", "2023-11-08")


def test_where_words_look_ahead_a_month_is_the_next_but_not_the_one_just_past() -> None:
    assert days("The draft would condemn the raid of 30 October.") == ("2023-10-30", "2023-10-30")
    assert days("The talks will open on 30 March.") == ("2024-03-30", "2024-03-30")


def test_a_history_is_read_in_its_own_time() -> None:
    text = (
        "The war began on 4 March 1861. In July the first battle followed. On 8 March 1862 two ships met, and the next "
        "day they met again. In May the port fell. On 17 September 1862 came the worst day. In December 1863 the siege "
        "was lifted. In 1864 and 1865 the end drew near. The truce of April 1865 ended it. By June all had gone home."
    )
    assert values(text, date(2009, 12, 19))[1:5] == ["1861-07", "1862-03-08", "1862-03-09", "1862-05"]
    assert values(text, date(2009, 12, 19))[-1] == "1865-06"


def test_both_ends_of_a_range_have_its_month_and_year() -> None:
    assert values("from 26 June to 4 August 1952") == ["1952-06-26", "1952-08-04"]
    assert values("on Feb. 16 and 18, 2020") == ["2020-02-16", "2020-02-18"]
    assert values("in 1915-17") == ["1915", "1917"]


def test_a_span_over_several_expressions_runs_from_the_first_to_the_last() -> None:
    text = "It was held between April 27 and May 18, 2021, they said."
    start, end = text.index("between"), text.index(", they")
    [when] = read_times(text, [Span(start, end)], published=PUBLISHED, sentences=())
    assert (when.first, when.last) == (date(2021, 4, 27), date(2021, 5, 18))


@pytest.mark.parametrize(
    "text",
    [
        "6 September 2016 Ten people were killed.",
        "Last updated at Sep 62016 Ten people were killed.",
        "Reuters Tuesday 6 Sep 2016 Ten people were killed.",
        "PORT AMA, Sept. 6, 2016 — Ten people were killed.",
        "PORT AMA, Examplia (Sept. 6) - Ten people were killed. Release 2016-09-CA-042",
        "06.09.2016 Ten people were killed.",
    ],
)
@pytest.mark.parametrize("published", [None, date(2016, 9, 9)])
def test_a_date_line_tells_the_report_s_day(text: str, published: date | None) -> None:
    assert report_day(text, published) == date(2016, 9, 6)


def test_a_date_in_the_first_sentence_is_no_date_line() -> None:
    assert report_day("On 3 March 2011 the war began.", PUBLISHED) == PUBLISHED
    assert report_day("On 3 March 2011 the war began.", None) is None


def test_without_a_day_of_its_own_a_report_gives_weekdays_none() -> None:
    [when] = read("A mine exploded on Tuesday.", None)
    assert (when.value, when.first) == ("XXXX-WXX-2", None)


def test_impossible_dates_mean_no_day() -> None:
    assert all(when.first is None for when in read("on 31 February 2021 and 99/99/2021"))


def test_offsets_are_code_points_whatever_stands_before() -> None:
    text = "İstanbul 🚨 e\u0301\r\nA mine exploded on Tuesday.\r\n"
    [span] = find_times(text)
    assert span.of(text) == "Tuesday"


@given(st.dates(date(1950, 1, 1), date(2070, 12, 31)), st.integers(0, 400))
def test_days_ago_count_back_from_the_report(published: date, back: int) -> None:
    [when] = read(f"It fell {back} days ago." if back != 1 else "It fell a day ago.", published)
    assert when.first == when.last == published - timedelta(days=back)


@given(st.dates(date(1950, 1, 1), date(2070, 12, 31)), st.sampled_from("Monday Tuesday Friday Sunday".split()))
def test_a_weekday_is_within_the_week_before(published: date, weekday: str) -> None:
    [when] = read(f"A mine exploded on {weekday}.", published)
    assert when.first is not None
    assert when.first.strftime("%A") == weekday
    assert timedelta(0) <= published - when.first < timedelta(days=7)


@given(st.dates(date(1950, 1, 1), date(2070, 12, 31)))
def test_a_full_date_is_read_back_in_any_style(day: date) -> None:
    month = day.strftime("%B")
    for text in (f"on {day.day} {month} {day.year}", f"on {month} {day.day}, {day.year}", f"on {day.isoformat()} ."):
        assert days(text) == (day.isoformat(), day.isoformat())


WORDS = """on in the of a last next two 12 3rd 2015 Monday March May early late night ago later days week since to and
- , . ( ) 5:30 p.m. ' ’s 1990s BC Ramadan Easter first quarter half few more than \n\n 99/99/9999 31""".split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.one_of(st.none(), st.dates()))
def test_any_mix_of_time_words_is_read_without_fault(words: list[str], published: date | None) -> None:
    text = " ".join(words)
    spans = find_times(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for when in read(text, published):
        assert (when.first is None) == (when.last is None)
        assert when.first is None or when.last is None or when.first <= when.last


def test_a_year_in_words_is_read_without_fault() -> None:
    assert find_times("first next to two BC 31")


@given(st.text(max_size=120))
def test_any_text_is_read_without_fault(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in find_times(text))


def test_time_is_linear_in_the_text() -> None:
    start = time.process_time()
    for words in ("the ", "one ", "12/", "a few of ", "the last ", "Monday ", "mid-", "and a half "):
        text = words * 5000
        read_times(text, find_times(text), published=PUBLISHED, sentences=())
    assert time.process_time() - start < 10
