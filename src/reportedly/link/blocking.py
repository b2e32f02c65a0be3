"""Which tellings are compared at all: those that share a time and something else, so that no two are met in vain.

A telling stands in a block for each pair of a *time* and an *anchor*.

Time: its day, in two overlapping buckets of two days, so that any two days in a row share one. A telling without a day
uses the days on which reports of it would come out, a telling over a longer time the bucket of its first day, of a
width that grows with its length.
Anchor: its most exact places by name, the h3 cells that it is in or close to, the agents and targets that are names,
the rarest words of its sentences, and its family of kinds together with its country or its number of dead.

In a block of more than `MOST` tellings not all pairs are met: its tellings are put in order, like beside like, and each
is compared with the `STEPS` after it. So the work grows with the number of tellings, not with its square.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reportedly.link.columns import NO_DAY, Columns, Ints
from reportedly.link.features import Rows

MOST = 32
"""Tellings in a block in which every pair is met."""

STEPS = 6
"""How many of those that follow each telling is compared with in a larger block."""

CELL = 4
"""The h3 resolution: cells some 45 km across."""

CLOSE = 0.06
"""Degrees, some 6 km: how near the edge of the next cell a point counts as in that cell too."""

RARE = 0.6
"""Words that weigh less are no anchor."""

WORDS = 4
"""How many of a telling's rarest words are anchors."""

Keys = NDArray[np.uint64]

_NONE: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Blocks:
    """Keys and the rows that stand under them, sorted by key; the rows of one key like beside like."""

    keys: Keys
    rows: Rows


def blocks_of(columns: Columns, families: Ints) -> Blocks:
    """The blocks of all rows of `columns`."""
    times = times_of(columns.first, columns.last, columns.published)
    keys: list[Keys] = []
    rows: list[Rows] = []
    for anchors, holds in _anchors(columns, families):
        for time, timed in times:
            use = np.flatnonzero(holds & timed)
            keys.append(_mix(anchors[use], time[use]))
            rows.append(use)
    key, row = np.concatenate(keys), np.concatenate(rows)
    order = np.lexsort((_rank(columns, families)[row], key))
    key, row = key[order], row[order]
    fresh = np.ones(len(key), dtype=np.bool_)
    fresh[1:] = (key[1:] != key[:-1]) | (row[1:] != row[:-1])
    return Blocks(key[fresh], row[fresh])


def _rank(columns: Columns, families: Ints) -> Rows:
    """The place of each row in an order in which tellings of one family with like tolls stand together."""
    order = np.lexsort(
        (np.arange(len(columns)), columns.tolls[:, 1, 0], columns.tolls[:, 0, 0], families[columns.kind])
    )
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def pairs_of(blocks: Blocks, report: Ints) -> tuple[Rows, Rows]:
    """Every pair of rows of two reports that are to be compared; each once, the lesser first."""
    starts = np.flatnonzero(np.r_[True, blocks.keys[1:] != blocks.keys[:-1]]) if len(blocks.keys) else _NONE
    sizes = np.diff(np.r_[starts, len(blocks.keys)])
    reach = np.where(sizes <= MOST, sizes - 1, STEPS)
    total = max(1, len(report))
    seen: list[Rows] = [_NONE]
    for step in range(1, int(reach.max(initial=0)) + 1):
        # The pairs that stand `step` apart in their blocks, for all blocks at once.
        enough = reach >= step
        firsts, counts = starts[enough], sizes[enough] - step
        at = np.repeat(firsts - np.r_[0, np.cumsum(counts)[:-1]], counts) + np.arange(int(counts.sum()))
        a, b = blocks.rows[at], blocks.rows[at + step]
        use = report[a] != report[b]
        seen.append(np.minimum(a, b)[use] * total + np.maximum(a, b)[use])
        if sum(map(len, seen)) > 20_000_000:  # the same pair meets in many blocks
            seen = [np.unique(np.concatenate(seen))]
    pairs = np.unique(np.concatenate(seen))
    return pairs // total, pairs % total


def crowded(blocks: Blocks, rows: NDArray[np.bool_]) -> Rows:
    """The rows in a block of more than `MOST` that holds one of `rows`: who meets whom there may change."""
    if not len(blocks.keys):
        return _NONE
    fresh = np.r_[True, blocks.keys[1:] != blocks.keys[:-1]]
    number = np.cumsum(fresh) - 1
    sizes = np.bincount(number)
    with_one = np.bincount(number, weights=rows[blocks.rows]) > 0
    return np.unique(blocks.rows[((sizes > MOST) & with_one)[number]])


def times_of(first: Ints, last: Ints, published: Ints) -> list[tuple[Rows, NDArray[np.bool_]]]:
    """Buckets of time, each with the rows that stand in it; rows without a bucket in common share no block.

    Days are ordinals, `NO_DAY` where there is none. Buckets of days are even numbers above 0.
    """
    dated, came_out = first != NO_DAY, published != NO_DAY
    start, end, out = (c.astype(np.int64) for c in (first, last, published))
    long = dated & (end - start > 6)
    short, undated = dated & ~long, ~dated & came_out
    # A longer time: its first day, in buckets as wide as its length by powers of two, marked off by the power.
    power = np.ceil(np.log2(np.where(long, end - start + 1, 2).astype(np.float64))).astype(np.int64)
    wide = np.left_shift(1, power)
    return [
        (start // 2 * 2, short),
        ((start + 1) // 2 * 2, short),
        ((out - 1) // 2 * 2, undated),
        (out // 2 * 2, undated),
        ((out + 1) // 2 * 2, undated),
        (np.zeros_like(start), ~dated & ~came_out),
        (-(2 * (start // wide)) * 64 - power, long),
        (-(2 * ((start + wide // 2) // wide) + 1) * 64 - power, long),
    ]


def _anchors(columns: Columns, families: Ints) -> list[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Anchors as numbers, each with the rows that have it."""
    lists = columns.lists
    found: list[NDArray[np.int64]] = []
    names = [lists["places"][:, :3], lists["related"][:, :3], lists["struck"][:, :3]]
    marks = (1, 2, 2)
    for mark, name in zip(marks, names, strict=True):
        found += [np.where(name[:, k] >= 0, name[:, k].astype(np.int64) * 8 + mark, -1) for k in range(name.shape[1])]
    rare = np.where(columns.weights[:, :WORDS] >= RARE, lists["words"][:, :WORDS], -1)
    found += [np.where(rare[:, k] >= 0, rare[:, k].astype(np.int64) * 8 + 3, -1) for k in range(WORDS)]
    cells = _cells(columns)
    found += [cells[:, k] for k in range(cells.shape[1])]
    family = families[columns.kind].astype(np.int64)
    country = columns.country.astype(np.int64)
    found.append(np.where((country >= 0) & (family >= 0), (country * 64 + family) * 8 + 4, -1))
    killed = columns.tolls[:, 0, 0].astype(np.int64)
    found.append(np.where((killed >= 3) & (family >= 0), (killed * 64 + family) * 8 + 5, -1))
    return [(f, f >= 0) for f in found]


def _cells(columns: Columns) -> NDArray[np.int64]:
    """(n, 4): the h3 cells that each row is in or close to, as numbers; padded with -1."""
    out = np.full((len(columns), 4), -1, dtype=np.int64)
    has = np.flatnonzero(~np.isnan(columns.point[:, 0]) & (columns.point[:, 2] <= 60))
    if len(has):
        points, where = np.unique(columns.point[has, :2], axis=0, return_inverse=True)
        found = np.array([_close_to(float(lat), float(lon)) for lat, lon in points], dtype=np.int64)
        out[has] = found[where.ravel()]
    return out


@lru_cache(maxsize=100_000)
def _close_to(lat: float, lon: float) -> tuple[int, ...]:
    """The cell of a point and those that begin within `CLOSE` degrees of it, at most four, padded with -1."""
    import h3  # only where a ledger has points

    steps = ((0, 0), (CLOSE, 0), (-CLOSE, 0), (0, CLOSE), (0, -CLOSE))
    cells = (h3.latlng_to_cell(max(-90.0, min(90.0, lat + a)), lon + b, CELL) for a, b in steps)
    numbers = [h3.str_to_int(c) for c in dict.fromkeys(cells)]
    return tuple((numbers + [-1] * 4)[:4])


def _mix(anchor: NDArray[np.int64], time: NDArray[np.int64]) -> Keys:
    """One number for an anchor and a time. Two that differ give the same one once in 10^19: a needless comparison."""
    with np.errstate(over="ignore"):
        x = anchor.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ time.astype(np.uint64) * np.uint64(
            0xC2B2AE3D27D4EB4F
        )
        x ^= x >> np.uint64(29)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        mixed: Keys = x ^ (x >> np.uint64(32))
        return mixed
