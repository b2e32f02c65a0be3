"""Events out of scored words: tolls and later mentions."""

from __future__ import annotations

from reportedly.extract.events import first_mentions, tolls
from reportedly.types import Figure, Span


def test_later_mentions_point_to_the_first() -> None:
    assert first_mentions([None, 0, None, 1, 2, 3]) == [0, 0, 2, 0, 2, 0]


def test_a_quote_that_counts_nothing_is_no_toll() -> None:
    text = "at least nine people and no soldiers"
    assert tolls("killed", (Span(0, 20), Span(25, 36)), text) == [Figure("killed", Span(0, 20), 9, None)]
