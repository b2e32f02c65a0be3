"""Scores to ranges of words: the best BIO path of many sequences at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from reportedly.model.shape import B, I, O

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]

Found = tuple[int, int, float]
"""A half-open range of positions, and its confidence: the least probability of its labels, 0 to 1."""


def log_softmax(x: Floats) -> Floats:
    """Over the last axis."""
    x = x - x.max(-1, keepdims=True)
    return np.asarray(x - np.log(np.exp(x).sum(-1, keepdims=True)), dtype=np.float32)


def best_paths(logp: Floats) -> Ints:
    """The likeliest labels (sequences, length) under "no inside without a begin", by log-probability (…, length, 3)."""
    count, length, _ = logp.shape
    any_back = np.zeros((length, count), dtype=np.int8)
    in_back = np.zeros((length, count), dtype=np.int8)
    rows = np.arange(count)
    value = logp[:, 0].copy()
    value[:, I] = -1e9
    for t in range(1, length):
        best = value.argmax(1)
        into = np.where(value[:, I] > value[:, B], I, B)
        any_back[t], in_back[t] = best, into
        top = value[rows, best]
        following = logp[:, t].copy()
        following[:, O] += top
        following[:, B] += top
        following[:, I] += value[rows, into]
        value = following
    labels = np.zeros((count, length), dtype=np.intp)
    now = value.argmax(1)
    for t in range(length - 1, -1, -1):
        labels[:, t] = now
        if t:
            now = np.where(now == I, in_back[t], any_back[t])
    return labels


def find_ranges(logits: Floats, lengths: Ints, *, bias: float | Floats = 0.0) -> list[list[Found]]:
    """The ranges in each of many sequences, in order. `logits` (sequences, longest, 3); past a length they are ignored.

    `bias` is added to "outside", a number or one a sequence. Sequences in which no word is likelier in than out are
    settled without the search.
    """
    found: list[list[Found]] = [[] for _ in lengths]
    if not len(lengths) or logits.shape[1] == 0:
        return found
    scores = np.array(logits, dtype=np.float32)
    scores[..., O] += np.reshape(np.asarray(bias, dtype=np.float32), (-1, 1))
    scores[np.arange(logits.shape[1])[None, :] >= lengths[:, None]] = (1e4, 0.0, 0.0)
    # Where no word is likelier in than out, "outside" throughout is the best path.
    busy = np.flatnonzero((np.maximum(scores[..., B], scores[..., I]) > scores[..., O]).any(1))
    if not len(busy):
        return found
    longest = int(lengths[busy].max())
    logp = log_softmax(scores[busy, :longest])
    labels = best_paths(logp)
    sure = np.exp(np.take_along_axis(logp, labels[..., None], 2)[..., 0])
    starts = labels == B
    for row, begin in zip(*np.nonzero(starts), strict=True):
        end = begin + 1
        while end < longest and labels[row, end] == I:
            end += 1
        found[busy[row]].append((int(begin), int(end), float(sure[row, begin:end].min())))
    return found
