"""The best BIO path, against trying all of them."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reportedly.model.decode import best_paths, find_ranges
from reportedly.model.shape import N_DISTANCES, B, I, O, distance_buckets

LOGITS = arrays(np.float32, (2, 5, 3), elements=st.floats(-4, 4, width=16))


def allowed(path: tuple[int, ...]) -> bool:
    return all(now != I or before != O for before, now in zip((O, *path), path, strict=False))


@settings(max_examples=50, deadline=None)
@given(LOGITS)
def test_the_best_path_is_the_best_of_all_allowed(logits: np.ndarray) -> None:
    for row, found in zip(logits, best_paths(logits), strict=True):
        value = {p: sum(row[t, label] for t, label in enumerate(p)) for p in product((O, B, I), repeat=5) if allowed(p)}
        assert allowed(tuple(found))
        assert value[tuple(found)] >= max(value.values()) - 1e-4


def test_ranges_stop_at_each_length_and_heed_the_bias() -> None:
    logits = np.zeros((2, 4, 3), dtype=np.float32)
    logits[:, :, O] = 1.0
    logits[:, 1, B] = logits[:, 2, I] = logits[:, 3, B] = 3.0
    [first, second] = find_ranges(logits, np.asarray([4, 2]))
    assert [(b, e) for b, e, _ in first] == [(1, 3), (3, 4)]
    assert [(b, e) for b, e, _ in second] == [(1, 2)]
    assert all(0 < p <= 1 for _, _, p in first + second)
    assert find_ranges(logits, np.asarray([4, 2]), bias=9.0) == [[], []]


def test_nothing_in_nothing_out() -> None:
    assert find_ranges(np.zeros((0, 0, 3), dtype=np.float32), np.zeros(0, dtype=np.intp)) == []


def test_distances_have_their_buckets_in_order() -> None:
    buckets = distance_buckets(np.arange(-300, 301))
    assert buckets.min() == 0
    assert buckets.max() == N_DISTANCES - 1
    assert (np.diff(buckets) >= 0).all()
    assert distance_buckets(np.asarray([0]))[0] == N_DISTANCES // 2
