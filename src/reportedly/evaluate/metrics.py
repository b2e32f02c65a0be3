"""Overlaps of spans, one-to-one pairing, and counts that become scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from reportedly.types import Spans

G = TypeVar("G")
P = TypeVar("P")

HALF = 0.499
"""Subtracted from a likeness that must be at least one half, so that nought means "no pair"."""


def length(spans: Spans) -> int:
    """Code points covered; the pieces must not touch each other."""
    return sum(s.end - s.start for s in spans)


def shared(a: Spans, b: Spans) -> int:
    """Code points covered by both."""
    return sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)


def jaccard(a: Spans, b: Spans) -> float:
    """Shared code points over all code points, 0 to 1; two empty quotes are alike."""
    both = shared(a, b)
    either = length(a) + length(b) - both
    return both / either if either else 1.0


def touch(a: Spans, b: Spans) -> bool:
    """Whether the two share a code point, or both are empty."""
    return shared(a, b) > 0 or not (a or b)


def at_least_half(a: Spans, b: Spans) -> float:
    """A likeness for `pair`: above nought where the Jaccard index is one half or more."""
    return max(jaccard(a, b) - HALF, 0.0)


def pair(gold: Sequence[G], predicted: Sequence[P], likeness: Callable[[G, P], float]) -> list[tuple[G, P]]:
    """One-to-one pairs, best likeness first, the later entries first among equals; likeness 0 is no pair."""
    scored = sorted(((likeness(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(predicted)), reverse=True)
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for value, i, j in scored:
        if value > 0 and i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            pairs.append((gold[i], predicted[j]))
    return pairs


@dataclass(frozen=True, slots=True)
class Score:
    """One figure. `measure` is f1, recall, accuracy, correlation, distance or error; `of` counts what it is over.

    `value` is `None` where there is nothing to measure. Values are 0 to 1, a correlation -1 to 1; an error (shown with
    one decimal) or distance (with three) is in the unit that its name or corpus tells.
    """

    name: str
    measure: str
    value: float | None
    of: int
    precision: float | None = None
    recall: float | None = None
    predicted: int | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is not as people have it. `entry` is the gold entry's id, the predicted one's where gold has none.

    `what` is the thing or the field that was missed; `gold` and `predicted` are labels, `None` for nothing there.
    """

    report: str
    entry: str
    what: str
    gold: str | None
    predicted: str | None


@dataclass(slots=True)
class Tally:
    """Counts by name, in the order in which the names first come."""

    counts: dict[str, tuple[str, int, int, int]] = field(default_factory=dict)

    def f1(self, name: str, right: int, gold: int, predicted: int) -> None:
        """Adds `right` of `gold` and of `predicted`."""
        self._add(name, "f1", right, gold, predicted)

    def recall(self, name: str, right: int, gold: int) -> None:
        """Adds `right` of `gold`, where what else is predicted can't be judged."""
        self._add(name, "recall", right, gold, 0)

    def accuracy(self, name: str, *right: bool) -> None:
        """Adds pairs that are right or not; none at all gives the name its place in the order."""
        self._add(name, "accuracy", sum(right), len(right), 0)

    def _add(self, name: str, measure: str, right: int, gold: int, predicted: int) -> None:
        _, r, g, p = self.counts.get(name, (measure, 0, 0, 0))
        self.counts[name] = (measure, r + right, g + gold, p + predicted)

    def scores(self) -> tuple[Score, ...]:
        """One score a name."""
        return tuple(_score(name, *counts) for name, counts in self.counts.items())


def _score(name: str, measure: str, right: int, gold: int, predicted: int) -> Score:
    if measure != "f1":
        return Score(name, measure, right / gold if gold else None, gold)
    return Score(
        name,
        measure,
        2 * right / (gold + predicted) if gold + predicted else None,
        gold,
        precision=right / predicted if predicted else 0.0,
        recall=right / gold if gold else 0.0,
        predicted=predicted,
    )
