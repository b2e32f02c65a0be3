"""The measures against the worked examples that were published for them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.review.alpha import (
    Alpha,
    _apart,
    _gaps,
    alpha,
    interval,
    joint,
    masi,
    nominal,
    ratio,
    unitising,
)
from reportedly.types import Span

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C:
# four observers, twelve units, values missing.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [[v for v in column if v is not None] for column in zip(*FOUR, strict=True)]


@pytest.mark.parametrize(
    ("distance", "published"),
    [
        (nominal, 0.743),
        (interval, 0.849),
        (ratio, 0.797),
    ],
)
def test_values_as_published(distance: Any, published: float) -> None:
    measured = alpha(UNITS, distance)
    assert measured.value == pytest.approx(published, abs=0.0006)
    assert measured.units == 11


def test_two_observers_as_published() -> None:
    """The same paper, part A: binary data of two observers, and part B: nominal data."""
    one, two = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha(list(zip(one, two, strict=True))).value == pytest.approx(0.095, abs=0.0005)
    ben, gerry = "aabbdcccedda", "babbbcccedddd"[:12]
    measured = alpha(list(zip(ben, gerry, strict=True)))
    assert measured.value == pytest.approx(0.692, abs=0.0005)


# Krippendorff, Content Analysis (2004), page 254: two observers, a continuum from 150 to 450, two kinds of stretch.
C = ([Span(75, 145), Span(220, 250)], [Span(70, 150), Span(205, 225), Span(250, 270)])
K = ([Span(30, 90), Span(150, 200)], [Span(30, 90), Span(150, 200)])


def test_stretches_as_published() -> None:
    c, k = unitising(300, C), unitising(300, K)
    assert c.observed == pytest.approx(0.0144, abs=0.0001)
    assert c.expected == pytest.approx(0.0532, abs=0.0001)
    assert c.value == pytest.approx(0.7286, abs=0.0001)
    assert k.expected == pytest.approx(0.0490, abs=0.0001)
    assert k.value == 1.0
    assert joint([c, k]).value == pytest.approx(0.8591, abs=0.0005)


@pytest.mark.parametrize(
    ("one", "other", "observed"),
    [
        ([(2, 10), (14, 20)], [(4, 8), (15, 17)], 0.03125),
        ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)], 0.02777),
        ([(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)], [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)], 0.38715),
    ],
)
def test_observed_disagreement_as_published_in_1995(one: Any, other: Any, observed: float) -> None:
    spans = [[Span(a, b) for a, b in listed] for listed in (one, other)]
    assert unitising(24, spans).observed == pytest.approx(observed, abs=0.00001)


def test_sets_as_published() -> None:
    """Passonneau (2006): equal, one within the other, overlapping, apart."""
    a, ab, abc, bcd = frozenset("a"), frozenset("ab"), frozenset("abc"), frozenset("bcd")
    assert masi(ab, ab) == 0
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(abc, bcd) == pytest.approx(1 - 2 / 4 * 1 / 3)
    assert masi(a, bcd) == 1
    assert masi(frozenset(), a) == 1


def test_nothing_to_compare_is_no_number() -> None:
    assert alpha([["a"], []]) == Alpha(None, 0, 0.0, 0.0)
    assert alpha([["a", "a"], ["a", "a"]]).value is None
    assert unitising(100, [[], []]).value is None
    assert unitising(100, [[Span(0, 5)]]).value is None


def test_stretches_that_overlap_in_one_coding_are_cut() -> None:
    assert unitising(50, [[Span(0, 10), Span(5, 20)], [Span(0, 10), Span(10, 20)]]).value == 1.0


@given(st.integers(20, 60), st.data())
def test_the_walk_finds_what_trying_everything_finds(length: int, data: st.DataObject) -> None:
    """Against the formulas written out, pair by pair."""
    ends = st.integers(0, length)
    spans = st.lists(st.tuples(ends, ends), max_size=6)
    coders = [
        [Span(min(p), max(p)) for p in data.draw(spans) if p[0] != p[1]] for _ in range(data.draw(st.integers(2, 3)))
    ]
    marked = [_apart(c) for c in coders]
    gaps = [_gaps(c, length) for c in marked]
    observed = 0
    for a, b in combinations(range(len(marked)), 2):
        observed += sum(
            (x.start - y.start) ** 2 + (x.end - y.end) ** 2 for x in marked[a] for y in marked[b] if x.touches(y)
        )
        for mine, theirs in ((marked[a], gaps[b]), (marked[b], gaps[a])):
            observed += sum((x.end - x.start) ** 2 for x in mine if any(g.holds(x) for g in theirs))
    found, m, sizes = unitising(length, coders), len(marked), [x.end - x.start for c in marked for x in c]
    if not sizes:
        assert found.value is None
        return
    assert found.observed == pytest.approx(2 * observed / (m * (m - 1) * length**2))
    total = 0.0
    for size in sizes:
        total += (len(sizes) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        total += size**2 * sum(g.end - g.start - size + 1 for c in gaps for g in c if g.end - g.start >= size)
    among = m * length * (m * length - 1) - sum(s * (s - 1) for s in sizes)
    assert found.expected == pytest.approx(2 / length * total / among)
