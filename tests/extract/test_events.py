"""Events out of scored words: later mentions."""

from __future__ import annotations

from reportedly.extract.events import first_mentions


def test_later_mentions_point_to_the_first() -> None:
    assert first_mentions([None, 0, None, 1, 2, 3]) == [0, 0, 2, 0, 2, 0]
