"""Groups by mean score: they don't chain, and people's decisions bind them."""

from __future__ import annotations

from reportedly.link.clusters import connected, groups, spanning


def test_one_close_pair_does_not_join_two_groups() -> None:
    scores = {(0, 1): 3.0, (2, 3): 3.0, (1, 2): 2.0, (0, 2): -4.0, (0, 3): -4.0, (1, 3): -4.0}
    assert groups(4, scores, limit=0, unknown=-2) == [[0, 1], [2, 3]]


def test_pairs_never_compared_count_as_unknown() -> None:
    chain = {(0, 1): 1.0, (1, 2): 0.9, (2, 3): 0.8}
    assert groups(4, chain, limit=0, unknown=-2) == [[0, 1], [2, 3]]


def test_decisions_bind() -> None:
    scores = {(0, 1): 5.0, (1, 2): -5.0, (0, 2): -5.0}
    assert groups(3, scores, limit=0, unknown=-2, apart=[(0, 1)]) == [[0], [1], [2]]
    assert groups(3, scores, limit=0, unknown=-2, together=[(1, 2)], apart=[(0, 1)]) == [[0], [1, 2]]
    # Merged with both, parted from one another: the split counts.
    assert groups(3, {}, limit=0, unknown=-2, together=[(0, 1), (0, 2)], apart=[(1, 2)]) == [[0, 1], [2]]


def test_connected_and_spanning() -> None:
    assert connected(5, [(3, 4), (1, 3)]) == [0, 1, 2, 1, 1]
    assert spanning([0, 1, 2], {(0, 1): 1.0, (1, 2): 2.0, (0, 2): 0.5}) == [(1, 2), (0, 1)]
