"""Many facts as arrays, so that a million pairs are compared at once.

Strings become numbers: only whether two are equal counts. Lists become rows of a fixed width, padded with -1.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.link.facts import Facts
from reportedly.link.names import Names

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

NO_DAY = -(10**6)
"""Stands for a day that isn't known."""

WIDTHS = {
    "places": 5,
    "agents": 3,
    "targets": 4,
    "related": 6,
    "struck": 6,
    "weapons": 3,
    "words": 24,
    "kinds": 4,
    "parts": 2,
}
"""How many entries of each list are kept; they stand in order of weight."""

EFFECTS = ("killed", "injured")
"""The tolls that are compared one by one; the others count as one more."""


@dataclass(frozen=True)
class Columns:
    """`Facts`, one a row. Lists are padded with -1; days that aren't known are `NO_DAY`, points NaN, tolls -1.

    `kind` is the place of the first kind in the ontology, -1 for one that isn't in it.
    """

    kind: Ints
    report: Ints
    order: Ints
    sentence: Ints
    published: Ints
    first: Ints
    last: Ints
    trigger: Ints
    country: Ints
    statement: Ints
    own: Ints
    again: Ints
    definite: Bools
    denied: Bools
    unreal: Bools
    point: Floats
    """(n, 3): latitude, longitude, radius in km."""
    tolls: Ints
    """(n, 3, 2): lowest and highest number of killed, injured, others."""
    lists: dict[str, Ints]
    weights: Floats
    """(n, words): how rare each word is."""
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)


class Codes:
    """Numbers for strings, the same for the same one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, word: str | None) -> int:
        return -1 if word is None else self._numbers.setdefault(word, len(self._numbers))


def columns_of(facts: Iterable[Facts], names: Names, kinds: Sequence[str], codes: Codes | None = None) -> Columns:
    """The columns of `facts`, in their order. Reads them one by one and keeps none."""
    maker = _Maker(names, {k: n for n, k in enumerate(kinds)}, codes or Codes())
    for one in facts:
        maker.add(one)
    return maker.made()


class _Maker:
    def __init__(self, names: Names, kinds: dict[str, int], codes: Codes) -> None:
        self.names, self.kinds, self.codes = names, kinds, codes
        self.keys: list[str] = []
        self.plain, self.flags, self.points, self.tolls = array("i"), array("b"), array("f"), array("i")
        self.lists = {name: array("i") for name in WIDTHS}
        self.weights = array("f")
        self.nan = (float("nan"),) * 3

    def add(self, f: Facts) -> None:
        code = self.codes
        self.keys.append(f.key)
        self.plain.extend(
            (
                self.kinds.get(f.kinds[0], -1),
                code(f.report),
                f.order,
                f.sentence,
                NO_DAY if f.published is None else f.published,
                NO_DAY if f.first is None else f.first,
                NO_DAY if f.last is None else f.last,
                code(f.trigger),
                code(f.country),
                code(None if f.statement is None else f"{f.report} {f.statement}"),
                code(f.key),
                code(f.mentions_again),
            )
        )
        self.flags.extend((f.definite, f.denied, f.unreal))
        self.points.extend(f.point or self.nan)
        self.tolls.extend(_tolls(f))
        self._add_lists(f)

    def _add_lists(self, f: Facts) -> None:
        related = dict.fromkeys(r for a in f.agents for r in self.names.related(a))
        struck = dict.fromkeys(r for a in f.targets for r in self.names.related(a))
        weighed = sorted(((self.names.weight(w), w) for w in f.words), key=lambda p: (-p[0], p[1]))[: WIDTHS["words"]]
        for name, values in (
            ("places", f.places),
            ("agents", f.agents),
            ("targets", f.targets),
            ("related", related),
            ("struck", struck),
            ("weapons", f.weapons),
            ("kinds", f.kinds),
            ("parts", f.parts),
            ("words", [w for _, w in weighed]),
        ):
            width = WIDTHS[name]
            numbers = [self.codes(v) for v in list(values)[:width]]
            self.lists[name].extend(numbers + [-1] * (width - len(numbers)))
        self.weights.extend([w for w, _ in weighed] + [0.0] * (WIDTHS["words"] - len(weighed)))

    def made(self) -> Columns:
        n = len(self.keys)
        plain = np.array(self.plain, dtype=np.int32).reshape(n, 12)
        flags = np.array(self.flags, dtype=np.bool_).reshape(n, 3)
        names = (
            "kind",
            "report",
            "order",
            "sentence",
            "published",
            "first",
            "last",
            "trigger",
            "country",
            "statement",
            "own",
            "again",
        )
        numbers: dict[str, Any] = {name: np.ascontiguousarray(plain[:, k]) for k, name in enumerate(names)}
        truths: dict[str, Any] = {
            name: np.ascontiguousarray(flags[:, k]) for k, name in enumerate(("definite", "denied", "unreal"))
        }
        return Columns(
            **numbers,
            **truths,
            point=np.array(self.points, dtype=np.float32).reshape(n, 3),
            tolls=np.array(self.tolls, dtype=np.int32).reshape(n, 3, 2),
            lists={k: np.array(v, dtype=np.int32).reshape(n, WIDTHS[k]) for k, v in self.lists.items()},
            weights=np.array(self.weights, dtype=np.float32).reshape(n, WIDTHS["words"]),
            keys=tuple(self.keys),
        )


def _tolls(f: Facts) -> tuple[int, ...]:
    """Lowest and highest number of killed, injured and others; -1, -1 where none is told."""
    found: list[int] = []
    for wanted in (*EFFECTS, None):
        own = [t for t in f.tolls if (t[0] == wanted if wanted else t[0] not in EFFECTS)]
        found += [min(t[1] for t in own), max(t[2] for t in own)] if own else [-1, -1]
    return tuple(found)


def pairs_within(columns: Columns, reach: int = 150) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of rows of one report, at most `reach` rows apart, the earlier one first. Rows of a report adjoin."""
    report = columns.report
    left: list[NDArray[np.int64]] = []
    right: list[NDArray[np.int64]] = []
    rows = np.arange(len(report))
    for step in range(1, reach + 1):
        same = rows[: len(rows) - step][report[: len(rows) - step] == report[step:]]
        if not len(same):
            break
        left.append(same)
        right.append(same + step)
    if not left:
        none = np.empty(0, dtype=np.int64)
        return none, none
    return np.concatenate(left), np.concatenate(right)
