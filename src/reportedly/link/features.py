"""What two tellings share and where they differ: each feature puts a pair into one of a few named bins.

A feature looks at one side of the matter (days, places, kinds …) and its bins shut each other out, so that a pair has
one bin a feature, and its score is the sum of their weights (`score`). Features are computed for arrays of pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.link.columns import NO_DAY, Bools, Columns, Floats, Ints

Rows = NDArray[np.int64]
Bins = NDArray[np.int16]


@dataclass(frozen=True)
class Pairs:
    """Rows `left[k]` and `right[k]` of `columns`, to be compared. `families` gives each kind its family, by number."""

    columns: Columns
    left: Rows
    right: Rows
    families: Ints

    def both(self, name: str) -> tuple[Ints, Ints]:
        column = getattr(self.columns, name)
        return column[self.left], column[self.right]

    def lists(self, name: str) -> tuple[Ints, Ints]:
        column = self.columns.lists[name]
        return column[self.left], column[self.right]


@dataclass(frozen=True)
class Feature:
    """`bins` are named as they are read out: "same day". `of` gives, for each pair, the place of its bin in `bins`."""

    name: str
    bins: tuple[str, ...]
    of: Callable[[Pairs], Bins]


def _choose(count: int, *tests: tuple[Bools, int], otherwise: int) -> Bins:
    """The first test that holds decides."""
    out = np.full(count, otherwise, dtype=np.int16)
    for holds, value in reversed(tests):
        out[holds] = value
    return out


def _steps(values: NDArray[Any], steps: Sequence[float]) -> Bins:
    """How many of `steps` each value has reached."""
    found: Bins = np.searchsorted(np.array(steps), values, side="right").astype(np.int16)
    return found


def _share(left: Ints, right: Ints) -> Bools:
    """Whether two padded lists have an entry in common."""
    found: Bools = ((left[:, :, None] == right[:, None, :]) & (left[:, :, None] >= 0)).any(axis=(1, 2))
    return found


def _days(p: Pairs) -> Bins:
    (a, b), (c, d) = p.both("first"), p.both("last")
    no_a, no_b = a == NO_DAY, b == NO_DAY
    long_a, long_b = c - a, d - b
    gap = np.maximum(np.maximum(a - d, b - c), 0)
    single = (long_a == 0) & (long_b == 0)
    return _choose(
        len(a),
        (no_a & no_b, 8),
        (no_a | no_b, 7),
        (single & (a == b), 0),
        ((a == b) & (c == d), 1),
        ((gap == 0) & (np.minimum(long_a, long_b) <= 3) & (np.maximum(long_a, long_b) <= 7), 2),
        (gap == 0, 3),
        (gap == 1, 4),
        (gap <= 3, 5),
        otherwise=6,
    )


DAYS = (
    "same day",
    "same days",
    "days that overlap",
    "days inside a longer time",
    "one day apart",
    "two or three days apart",
    "days that can't be one",
    "one has no day",
    "neither has a day",
)


def _places(p: Pairs) -> Bins:
    a, b = p.lists("places")
    exact_a, exact_b = a[:, 0], b[:, 0]
    none_a, none_b = exact_a < 0, exact_b < 0
    nested = _share(a[:, :1], b) | _share(a, b[:, :1])
    km = _km(p)
    return _choose(
        len(a),
        (none_a & none_b, 8),
        (none_a | none_b, 7),
        (exact_a == exact_b, 0),
        (nested, 1),
        (km <= 10, 2),
        (_share(a, b), 3),
        (km <= 40, 4),
        (km > 40, 6),
        otherwise=5,
    )


PLACES = (
    "same place",
    "one place lies in the other",
    "places side by side",
    "places in the same area",
    "places in reach of each other",
    "places of other names",
    "places far from each other",
    "one has no place",
    "neither has a place",
)


def _km(p: Pairs) -> Floats:
    """Kilometres between the points beyond both radii, NaN where a point is missing."""
    a, b = p.columns.point[p.left], p.columns.point[p.right]
    lat_a, lat_b = np.radians(a[:, 0]), np.radians(b[:, 0])
    half = np.sin((lat_a - lat_b) / 2) ** 2
    half += np.cos(lat_a) * np.cos(lat_b) * np.sin(np.radians(a[:, 1] - b[:, 1]) / 2) ** 2
    apart: Floats = 12742.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    with np.errstate(invalid="ignore"):
        left: Floats = np.maximum(apart - np.maximum(a[:, 2], b[:, 2]), 0)
    return left


def _families(p: Pairs) -> tuple[Ints, Ints]:
    a, b = p.both("kind")
    return p.families[a], p.families[b]


def _kinds(p: Pairs) -> Bins:
    a, b = p.lists("kinds")
    family_a, family_b = _families(p)
    return _choose(
        len(a),
        (a[:, 0] == b[:, 0], 0),
        (_share(a, b), 1),
        ((family_a == family_b) & (family_a >= 0), 2),
        otherwise=3,
    )


KINDS = ("same kind", "a kind in common", "kinds that go together", "kinds that don't go together")


def _sides(p: Pairs, name: str, related: str) -> Bins:
    a, b = p.lists(name)
    none_a, none_b = a[:, 0] < 0, b[:, 0] < 0
    return _choose(
        len(a),
        (none_a & none_b, 4),
        (none_a | none_b, 3),
        (_share(a, b), 0),
        (_share(*p.lists(related)), 1),
        otherwise=2,
    )


def _agents(p: Pairs) -> Bins:
    return _sides(p, "agents", "related")


def _targets(p: Pairs) -> Bins:
    return _sides(p, "targets", "struck")


AGENTS = ("same agent", "related agents", "other agents", "one names no agent", "neither names an agent")
TARGETS = ("same target", "related targets", "other targets", "one names no target", "neither names a target")


def _turned(p: Pairs) -> Bins:
    (agents_a, agents_b), (targets_a, targets_b) = p.lists("agents"), p.lists("targets")
    turned = _share(agents_a, targets_b) | _share(targets_a, agents_b)
    return _choose(len(turned), (turned, 0), otherwise=1)


def _toll(p: Pairs, which: int) -> Bins:
    a, b = p.columns.tolls[p.left, which], p.columns.tolls[p.right, which]
    none_a, none_b = a[:, 0] < 0, b[:, 0] < 0
    apart = np.maximum(a[:, 0] - b[:, 1], b[:, 0] - a[:, 1])
    least, most = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
    return _choose(
        len(a),
        (none_a & none_b, 5),
        (none_a | none_b, 4),
        ((a == b).all(axis=1), 0),
        (apart <= 0, 1),
        ((most <= 2 * least) | (most - least <= 2), 2),
        otherwise=3,
    )


def _killed(p: Pairs) -> Bins:
    return _toll(p, 0)


def _injured(p: Pairs) -> Bins:
    return _toll(p, 1)


def _others(p: Pairs) -> Bins:
    return _toll(p, 2)


def _toll_bins(what: str) -> tuple[str, ...]:
    return (
        f"same number {what}",
        f"numbers {what} that can be one",
        f"numbers {what} not far apart",
        f"numbers {what} far apart",
        f"one counts no {what}",
        f"neither counts {what}",
    )


def _words(p: Pairs) -> Bins:
    """How much the rarer words weigh that both sentences have."""
    a, b = p.lists("words")
    same = ((a[:, :, None] == b[:, None, :]) & (a[:, :, None] >= 0)).any(axis=2)
    shared = (p.columns.weights[p.left] * same).sum(axis=1)
    return _steps(shared, (0.25, 1.0, 2.0, 3.5, 6.0))


WORDS = (
    "no rare words in common",
    "hardly a rare word in common",
    "a rare word in common",
    "a few rare words in common",
    "rare words in common",
    "many rare words in common",
)


def _triggers(p: Pairs) -> Bins:
    a, b = p.both("trigger")
    definite = p.columns.definite[p.right] | p.columns.definite[p.left]
    return _choose(len(a), ((a == b) & definite, 0), (a == b, 1), (definite, 2), otherwise=3)


TRIGGERS = ("the same word, pointing back", "the same word", "a word that points back", "other words")


def _weapons(p: Pairs) -> Bins:
    a, b = p.lists("weapons")
    none = (a[:, 0] < 0) | (b[:, 0] < 0)
    return _choose(len(a), (none, 2), (_share(a, b), 0), otherwise=1)


def _parts(p: Pairs) -> Bins:
    a, b = p.lists("parts")
    none = (a[:, 0] < 0) | (b[:, 0] < 0)
    return _choose(len(a), (none, 2), (_share(a, b), 0), otherwise=1)


def _statuses(p: Pairs) -> Bins:
    (denied_a, denied_b), (unreal_a, unreal_b) = p.both("denied"), p.both("unreal")
    return _choose(
        len(denied_a),
        ((denied_a != 0) & (denied_b != 0), 3),
        ((denied_a != 0) | (denied_b != 0), 2),
        ((unreal_a != 0) & (unreal_b != 0), 4),
        ((unreal_a != 0) | (unreal_b != 0), 1),
        otherwise=0,
    )


STATUSES = ("both told as done", "one only planned or possible", "one denies", "both deny", "both planned or possible")


def _told(p: Pairs) -> Bins:
    a, b = p.both("statement")
    return _choose(len(a), ((a < 0) & (b < 0), 2), (a == b, 0), ((a < 0) | (b < 0), 3), otherwise=1)


TOLD = ("in the same statement", "in two statements", "both in the report's voice", "one in a statement")


def _apart(p: Pairs) -> Bins:
    a, b = p.both("sentence")
    return _steps(np.abs(a - b), (1, 2, 4, 9))


APART = ("in one sentence", "in the next sentence", "two or three sentences on", "further on", "much further on")


def _order(p: Pairs) -> Bins:
    a, b = p.both("order")
    return _steps(np.abs(a - b), (2, 4))


def _lead(p: Pairs) -> Bins:
    a, b = p.both("order")
    return _choose(len(a), (np.minimum(a, b) == 0, 0), otherwise=1)


def _reader(p: Pairs) -> Bins:
    """Whether the reader holds the one to mention the other again, or both to mention a third one again."""
    c = p.columns
    again_a, again_b = p.both("again")
    own_a, own_b = c.own[p.left], c.own[p.right]
    tied = (again_a == own_b) | (again_b == own_a) | ((again_a == again_b) & (again_a >= 0))
    return _choose(len(tied), (tied, 0), otherwise=1)


def _reports(p: Pairs) -> Bins:
    a, b = p.both("published")
    gap = np.abs(a - b)
    none = (a == NO_DAY) | (b == NO_DAY)
    return _choose(len(a), (none, 4), (gap <= 1, 0), (gap <= 4, 1), (gap <= 14, 2), otherwise=3)


REPORTS = (
    "reports of the same days",
    "reports a few days apart",
    "reports within two weeks",
    "reports long apart",
    "a report without a day",
)


def _countries(p: Pairs) -> Bins:
    a, b = p.both("country")
    return _choose(len(a), ((a < 0) | (b < 0), 1), (a == b, 0), otherwise=2)


def kind_pairs(kinds: Sequence[str]) -> Feature:
    """Which two kinds meet: a bin for each pair of an ontology's kinds, and a last one for others."""
    n = len(kinds)
    names = [f"{kinds[i]} and {kinds[j]}" for i in range(n) for j in range(n)]

    def of(p: Pairs) -> Bins:
        a, b = p.both("kind")
        found = np.minimum(a, b) * n + np.maximum(a, b)
        bins: Bins = np.where(np.minimum(a, b) < 0, n * n, found).astype(np.int16)
        return bins

    return Feature("pair of kinds", (*names, "a kind of another ontology"), of)


def crossed(one: Feature, other: Feature) -> Feature:
    """The bins of two features taken together: what each says may weigh more, or less, beside the other."""

    def of(p: Pairs) -> Bins:
        both: Bins = (one.of(p) * len(other.bins) + other.of(p)).astype(np.int16)
        return both

    names = tuple(f"{a} + {b}" for a in one.bins for b in other.bins)
    return Feature(f"{one.name} and {other.name}", names, of)


_DAYS = Feature("days", DAYS, _days)
_PLACES = Feature("places", PLACES, _places)
_KINDS = Feature("kinds", KINDS, _kinds)
_AGENTS = Feature("agents", AGENTS, _agents)
_TARGETS = Feature("targets", TARGETS, _targets)
_TRIGGERS = Feature("triggers", TRIGGERS, _triggers)

SHARED = (
    _DAYS,
    _PLACES,
    _KINDS,
    _AGENTS,
    _TARGETS,
    Feature("sides", ("sides the other way round", "sides not turned"), _turned),
    Feature("killed", _toll_bins("killed"), _killed),
    Feature("injured", _toll_bins("injured"), _injured),
    Feature("others", _toll_bins("missing, captured or displaced"), _others),
    Feature("words", WORDS, _words),
    _TRIGGERS,
    Feature("weapons", ("same weapon", "other weapons", "weapons not both named"), _weapons),
    Feature("part of the day", ("same part of the day", "other parts of the day", "no part of the day"), _parts),
    Feature("status", STATUSES, _statuses),
    Feature("countries", ("same country", "country not told", "other countries"), _countries),
)

_WITHIN = (
    *SHARED,
    Feature("told", TOLD, _told),
    Feature("distance", APART, _apart),
    Feature("order", ("near in the report", "some way on", "far on"), _order),
    Feature("reader", ("the reader takes one as a further mention", "not tied by the reader"), _reader),
    Feature("lead", ("one is what the report begins with", "neither opens the report"), _lead),
    crossed(_DAYS, _KINDS),
    crossed(_TRIGGERS, _KINDS),
    crossed(_TARGETS, _KINDS),
)

_ACROSS = (*SHARED, Feature("reports", REPORTS, _reports), crossed(_DAYS, _PLACES))


SILENT = frozenset(
    {
        *("one has no day", "neither has a day", "one has no place", "neither has a place"),
        *("one names no agent", "neither names an agent", "one names no target", "neither names a target"),
        *("weapons not both named", "no part of the day", "country not told", "same country", "sides not turned"),
        *("both told as done", "not tied by the reader", "neither opens the report", "a report without a day"),
        *("other words", "no rare words in common", "hardly a rare word in common", "some way on"),
        *(b for what in ("killed", "injured", "missing, captured or displaced") for b in _toll_bins(what)[4:]),
    }
)
"""Bins that only say that something isn't told or isn't so: they weigh, but are no reason to give in words."""


def within(kinds: Sequence[str]) -> tuple[Feature, ...]:
    """The features of two claims of one report, for an ontology's kinds."""
    return (*_WITHIN, kind_pairs(kinds))


def across(kinds: Sequence[str]) -> tuple[Feature, ...]:
    """The features of tellings in two reports."""
    return (*_ACROSS, kind_pairs(kinds))
