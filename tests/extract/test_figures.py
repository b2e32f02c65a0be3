"""Tolls in words: the annotation guide's table, and what must hold for any words."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.extract.figures import read_figure

TABLE = [
    # The guide's own table.
    ("12", (12, 12)),
    ("at least 12", (12, None)),
    ("more than 12", (13, None)),
    ("up to 12", (0, 12)),
    ("10 to 12", (10, 12)),
    ("dozens", (24, 99)),
    ("scores", (40, 99)),
    ("hundreds", (200, 999)),
    ("thousands", (2000, 9999)),
    ("millions", (2000000, 9999999)),
    ("several", (3, 9)),
    ("a few", (3, 5)),
    ("a soldier", (1, 1)),
    ("one", (1, 1)),
    ("villagers", (2, None)),
    ("about 40 people", (40, 40)),
    ("numerous herders", (2, None)),
    ("a number of drivers", (2, None)),
    # Number words.
    ("twenty-one miners", (21, 21)),
    ("thirty one miners", (31, 31)),
    ("two hundred and fifty", (250, 250)),
    ("a dozen fishermen", (12, 12)),
    ("half a dozen children", (6, 6)),
    ("two dozen", (24, 24)),
    ("more than a dozen", (13, None)),
    ("several dozen wounded", (36, 99)),
    ("several hundred", (300, 900)),
    ("tens of thousands of people", (20000, 99999)),
    ("hundreds of thousands", (200000, 999999)),
    ("both guards", (2, 2)),
    # Digits.
    ("1,250 people", (1250, 1250)),
    ("at least 3, 812 people", (3812, None)),
    ("1.9 million others", (1900000, 1900000)),
    ("2-1/2 million", (2500000, 2500000)),
    ("half a million", (500000, 500000)),
    ("a quarter of a million people", (250000, 250000)),
    ("half of the district's population of about 40,000", (20000, 20000)),
    ("two-thirds of the 60 men", (40, 40)),
    ("a third of 90 guards", (30, 30)),
    ("40 per cent of the 200 guards", (80, 80)),
    ("a third of the dead", None),
    ("half of the guards", None),
    # Ordinals, units and ages count nobody.
    ("a guard with the 13th battalion", (1, 1)),
    ("a Brigade 55 commander", (1, 1)),
    ("his three-year-old daughter", (1, 1)),
    ("a squad of 12 men", (12, 12)),
    # Bounds before and after, with other words between.
    ("no fewer than 30", (30, None)),
    ("no more than 30", (0, 30)),
    ("as many as 1,300 people", (0, 1300)),
    ("fewer than 10", (0, 9)),
    ("20 or more", (20, None)),
    ("125 fighters at least", (125, None)),
    ("at least some 40 men", (40, None)),
    ("well over 1,000 families", (1001, None)),
    # Ranges.
    ("between 500 and 1,300 people", (500, 1300)),
    ("20,000-30,000 people", (20000, 30000)),
    ("12 – 15", (12, 15)),
    ("thirty or forty men", (30, 40)),
    # Lists are summed; parts of what came before are not.
    ("12 men and two women", (14, 14)),
    ("a woman and her three children as well as another child", (5, 5)),
    ("an 8-month-old baby and his mother", (2, 2)),
    ("a father a mother and a son", (3, 3)),
    ("10 people, including 3 men and 2 women", (10, 10)),
    ("15 people, three of them children", (15, 15)),
    ("ten soldiers (7 officers, 3 recruits)", (10, 10)),
    # Ages are not tolls.
    ("a 33-year-old teacher", (1, 1)),
    ("a girl of six", (1, 1)),
    ("a family of seven", (7, 7)),
    # Singular and plural by the words alone.
    ("his wife", (1, 1)),
    ("the driver", (1, 1)),
    ("police", (2, None)),
    ("the wounded", (2, None)),
    ("members of the Blue Brigade", (2, None)),
    # Nothing counted.
    ("no civilians", None),
    ("nobody", None),
    ("40 per cent of the houses", None),
    ("40%", None),
    ("", None),
    ("…", None),
]


@pytest.mark.parametrize(("words", "expected"), TABLE)
def test_table(words: str, expected: tuple[int, int | None] | None) -> None:
    assert read_figure(words) == expected


def test_the_page_shows_what_is_so() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-it-decides" / "figures.md"
    rows = re.findall(r"^\| (.+) \| (\d+) \| (\d+|–) \|$", page.read_text("utf-8"), re.M)
    assert len(rows) > 20
    shown = {words: (int(low), None if high == "–" else int(high)) for words, low, high in rows}
    assert {words: read_figure(words) for words in shown} == shown


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_range_in_digits_is_read_back(one: int, other: int) -> None:
    low, high = sorted((one, other + 1))
    expected = (low, high) if low < high else (low, low)
    assert read_figure(f"between {low} and {high} people" if low < high else f"{low} people") == expected


@given(st.integers(2, 10**9))
def test_bounds_hold_for_any_number(number: int) -> None:
    assert read_figure(f"at least {number:,} people") == (number, None)
    assert read_figure(f"more than {number:,} people") == (number + 1, None)
    assert read_figure(f"up to {number:,} people") == (0, number)


@given(st.text(max_size=200))
def test_any_text_gives_a_range_in_order(words: str) -> None:
    figure = read_figure(words)
    assert figure is None or (figure[0] >= 0 and (figure[1] is None or figure[0] <= figure[1]))


@given(st.lists(st.sampled_from("at least a few dozen and 12 to of the , - half thousand no 3.5 people % two".split())))
def test_any_mix_of_number_words_gives_a_range_in_order(words: list[str]) -> None:
    figure = read_figure(" ".join(words))
    assert figure is None or (figure[0] >= 0 and (figure[1] is None or figure[0] <= figure[1]))


def test_a_long_mention_costs_no_more() -> None:
    start = time.process_time()
    for words in ("one hundred and ", "12, ", "((((", "a few of ", "at least "):
        read_figure(words * 20000)
    assert time.process_time() - start < 1
