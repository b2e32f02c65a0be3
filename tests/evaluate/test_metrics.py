"""Overlaps, pairing, and counts that become scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.coded import pieces
from reportedly.evaluate.metrics import Score, Tally, at_least_half, jaccard, length, pair, shared, touch
from reportedly.types import Span, Spans

QUOTES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4).map(
    lambda ranges: pieces(Span(s, s + n) for s, n in ranges)
)


def points(spans: Spans) -> set[int]:
    return {i for s in spans for i in range(s.start, s.end)}


@given(QUOTES, QUOTES)
def test_overlaps_count_code_points(a: Spans, b: Spans) -> None:
    x, y = points(a), points(b)
    assert (length(a), shared(a, b)) == (len(x), len(x & y))
    assert jaccard(a, b) == (len(x & y) / len(x | y) if x | y else 1.0)
    assert touch(a, b) is (bool(x & y) or not (x or y))
    assert (at_least_half(a, b) > 0) is (jaccard(a, b) >= 0.5)


def test_pieces_that_only_meet_stay_apart() -> None:
    assert pieces([Span(5, 9), Span(0, 5), Span(8, 12)]) == (Span(0, 5), Span(5, 12))


def test_pairs_are_one_to_one_and_best_first() -> None:
    likeness = {("a", "x"): 0.6, ("a", "y"): 0.9, ("b", "y"): 0.8}
    assert pair("ab", "xy", lambda g, p: likeness.get((g, p), 0.0)) == [("a", "y")]
    likeness["b", "x"] = 0.1
    assert pair("ab", "xy", lambda g, p: likeness.get((g, p), 0.0)) == [("a", "y"), ("b", "x")]


def test_counts_become_scores() -> None:
    tally = Tally()
    tally.f1("f", 1, 2, 4)
    tally.f1("f", 1, 2, 0)
    tally.accuracy("a")
    tally.accuracy("a", True, False)
    tally.recall("r", 1, 4)
    tally.f1("nothing", 0, 0, 0)
    f, a, r, nothing = tally.scores()
    assert f == Score("f", "f1", 0.5, 4, precision=0.5, recall=0.5, predicted=4)
    assert a == Score("a", "accuracy", 0.5, 2)
    assert r == Score("r", "recall", 0.25, 4)
    assert nothing.value is None


@pytest.mark.parametrize("spans", [(), (Span(3, 4),)])
def test_a_quote_is_like_itself(spans: Spans) -> None:
    assert jaccard(spans, spans) == 1.0
