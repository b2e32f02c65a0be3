"""Origins: reports that are one text, copied or rewritten, and so one witness.

A copy shares long runs of words; a rewrite hardly any, but it keeps names, numbers and many pairs of words, and tells
little that is new. So two measures are taken of two reports, each as a share of the shorter one's, so that a copy that
was cut short is still a copy: of the pairs of neighbouring words, and of the rarer words. The two are one origin
where they came out within a week and the two shares add up to `ALIKE` or more. Two reporters who write of the same
press conference may come as close; docs/how-it-decides/incidents.md says how often.

Only reports that share a part of their sketch (MinHash over the rarer words, Broder 1997) are compared.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reportedly.ids import origin_id
from reportedly.link.clusters import connected
from reportedly.link.names import Names, fold, load_names, stem
from reportedly.types import Origin, Report

ALIKE = 0.76
"""Share of word pairs plus share of rarer words from which two reports are one text."""

RARE = 0.3
"""Words that weigh less (`Names.weight`) are not counted among the rarer ones."""

LEAST = 12
"""Rarer words that a text must have to be compared: of a headline alone nothing follows."""

WEEK = 7
"""Days within which a text is copied."""

BANDS, ROWS = 128, 2
"""The sketch: so many bands of so many least hashes each. Texts with a Jaccard index of 0.2 share one with 99 %."""

MANY = 10_000_000
"""Pairs that are held before those that came twice are dropped."""

_WORD = re.compile(r"\w+")

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Sketch:
    """What is compared of one report: word pairs and rarer words as sorted hashes, and the bands."""

    report: str
    day: int
    pairs: Hashes
    rare: Hashes
    bands: Hashes


def find_origins(reports: Iterable[Report], names: Names | None = None) -> list[Origin]:
    """The origins of `reports`, each report in exactly one, in order of id. The order of `reports` doesn't matter."""
    known = names or load_names()
    return origins_of([sketch(r, known) for r in reports])


def sketch(report: Report, names: Names) -> Sketch:
    """What is compared of a report."""
    words = [stem(fold(w)) for w in _WORD.findall(report.text)]
    hashes = np.array([_hash(w) for w in words], dtype=np.uint64)
    rare = np.unique(hashes[[names.weight(w) >= RARE for w in words]]) if words else hashes
    with np.errstate(over="ignore"):
        pairs = np.unique(_scatter(hashes[:-1] * np.uint64(0x9E3779B97F4A7C15) + hashes[1:]))
    day = report.published.toordinal() if report.published else 0
    return Sketch(report.id, day, pairs, rare, _bands(rare))


def origins_of(sketches: Iterable[Sketch]) -> list[Origin]:
    """As `find_origins`, from sketches."""
    ordered = sorted(sketches, key=lambda s: (s.day or 10**7, s.report))
    same = [(a, b) for a, b in _close(ordered) if alike(ordered[a], ordered[b]) >= ALIKE]
    return _origins([s.report for s in ordered], same)


def renew_origins(known: Iterable[Origin], near: Iterable[Sketch], days: Mapping[str, int | None]) -> list[Origin]:
    """All origins, from the `known` ones and sketches of the reports that came since and of those `near` them.

    `days` gives the day of every report, an ordinal. Reports that are near: those published within `WEEK` days.
    """
    ordered = sorted(days, key=lambda r: (days[r] or 10**7, r))
    place = {r: n for n, r in enumerate(ordered)}
    groups = [o.reports for o in (*known, *origins_of(near))]
    tied = [[place[r] for r in g if r in place] for g in groups]
    return _origins(ordered, [(t[0], n) for t in tied for n in t[1:]])


def _origins(ordered: Sequence[str], same: Iterable[tuple[int, int]]) -> list[Origin]:
    group: dict[int, list[str]] = {}
    for n, first in enumerate(connected(len(ordered), same)):
        group.setdefault(first, []).append(ordered[n])
    return sorted((Origin(origin_id(g[0]), tuple(g)) for g in group.values()), key=lambda o: o.id)


def alike(a: Sketch, b: Sketch) -> float:
    """The shares of word pairs and of rarer words that both have, of the one that has fewer: 0 to 2."""
    if abs(a.day - b.day) > WEEK or min(len(a.rare), len(b.rare)) < LEAST:
        return 2.0 if len(a.pairs) and np.array_equal(a.pairs, b.pairs) else 0.0
    return _share(a.pairs, b.pairs) + _share(a.rare, b.rare)


def _share(a: Hashes, b: Hashes) -> float:
    least = min(len(a), len(b))
    return float(len(np.intersect1d(a, b, assume_unique=True)) / least) if least else 0.0


def _close(ordered: list[Sketch]) -> Iterator[tuple[int, int]]:
    """The pairs of reports within a week of each other that share a band, each once; the same texts of any time."""
    count = len(ordered)
    whole: dict[bytes, list[int]] = {}
    for n, one in enumerate(ordered):
        whole.setdefault(hashlib.blake2b(one.pairs.tobytes(), digest_size=16).digest(), []).append(n)
    same = [members[0] * count + b for members in whole.values() for b in members[1:]]
    found = [np.array(same, dtype=np.int64)]
    have = np.array([n for n, one in enumerate(ordered) if len(one.bands)], dtype=np.int64)
    if len(have):
        days = np.array([one.day for one in ordered], dtype=np.int64)
        bands = np.stack([ordered[n].bands for n in have.tolist()])
        for band in range(bands.shape[1]):
            found.append(_sharing(bands[:, band], have, days, count))
            if sum(map(len, found)) > MANY:
                found = [np.unique(np.concatenate(found))]
    for code in np.unique(np.concatenate(found)).tolist():
        yield divmod(code, count)


def _sharing(values: Hashes, members: Numbers, days: Numbers, count: int) -> Numbers:
    """The pairs a, b of `members` with the same value and within a week, each as a * count + b with a before b."""
    order = np.argsort(values, kind="stable")
    values, members = values[order], members[order]
    left, step = np.arange(len(values)), 0
    found = []
    while len(left):
        # Each with the one that stands `step` places after it, as long as there is one that is close enough.
        step += 1
        left = left[left + step < len(values)]
        left = left[values[left] == values[left + step]]
        left = left[days[members[left + step]] - days[members[left]] <= WEEK]
        found.append(members[left] * count + members[left + step])
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _scatter(values: Hashes) -> Hashes:
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))


def _bands(rare: Hashes) -> Hashes:
    """The least value under each of `BANDS` × `ROWS` hash functions, those of a band mixed into one."""
    if len(rare) < LEAST:
        return np.empty(0, dtype=np.uint64)
    seeds = _scatter(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64))
    least = _scatter(rare[None, :] ^ seeds[:, None]).min(axis=1).reshape(BANDS, ROWS)
    with np.errstate(over="ignore"):
        return _scatter(least[:, 0] * np.uint64(0x9E3779B97F4A7C15) + least[:, 1])
