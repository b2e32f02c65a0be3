"""The score of a pair: a sum of named weights, learnt from annotated reports (`training/link.py`).

A score is in natural-log odds that two tellings tell one happening, moved so that above 0 they are better joined.
`data/link/link.toml` holds the weights by feature and bin; a bin that isn't listed weighs 0.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.errors import SettingsError
from reportedly.link.columns import Columns, Ints
from reportedly.link.features import SILENT, Feature, Pairs, Rows, across, within

Scores = NDArray[np.float64]

CHUNK = 100_000
"""Pairs that are compared at once: enough to be quick, few enough to stay small."""

TELLING = 0.15
"""A weight of less is not worth saying in words."""


@dataclass(frozen=True)
class Scorer:
    """Features with the weights of their bins. `base` is the score of a pair before anything is known of it."""

    features: tuple[Feature, ...]
    weights: tuple[Scores, ...]
    base: float
    families: Ints

    def score(self, columns: Columns, left: Rows, right: Rows) -> Scores:
        """The scores of the pairs of rows `left[k]`, `right[k]`."""
        out = np.empty(len(left), dtype=np.float64)
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            pairs = Pairs(columns, left[part], right[part], self.families)
            total = np.full(len(pairs.left), self.base)
            for feature, weights in zip(self.features, self.weights, strict=True):
                total += weights[feature.of(pairs)]
            out[part] = total
        return out

    def explain(self, columns: Columns, left: Rows, right: Rows) -> Iterator[Explained]:
        """For each pair the named parts of its score, which sum to it, and the same in words: for it, against it.

        Each part is "feature: bin", the first one "base". Parts of weight 0 are left out.
        """
        names = [
            [(f"{f.name}: {b}", float(w)) for b, w in zip(f.bins, ws, strict=True)]
            for f, ws in zip(self.features, self.weights, strict=True)
        ]
        said = [n for n, f in enumerate(self.features) if "+" not in f.bins[0] and f.name != "pair of kinds"]
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            pairs = Pairs(columns, left[part], right[part], self.families)
            bins = np.stack([f.of(pairs) for f in self.features], axis=1).tolist()
            for row in bins:
                parts = (("base", self.base), *(n[at] for n, at in zip(names, row, strict=True) if n[at][1]))
                singles = [(self.features[n].bins[row[n]], names[n][row[n]][1]) for n in said]
                yield parts, in_words([s for s in singles if s[0] not in SILENT])


Explained = tuple[tuple[tuple[str, float], ...], str]
"""The named parts of a score, and the same in words."""


def in_words(singles: Sequence[tuple[str, float]]) -> str:
    """`[("same day", 1.2), ("other agents", -0.7)]` as "same day; against it: other agents", heaviest first."""
    ordered = sorted(singles, key=lambda s: (-abs(s[1]), s[0]))
    speaking = [words for words, weight in ordered if weight >= TELLING]
    against = [words for words, weight in ordered if weight <= -TELLING]
    said = ", ".join(speaking) or "nothing in particular"
    return f"{said}; against it: {', '.join(against)}" if against else said


@dataclass(frozen=True)
class Weights:
    """Everything that linking was taught or told. `sha256` is the hash of the file."""

    within: Scorer
    across: Scorer
    join_within: float
    """Claims of one report are joined where the mean score of their pairs is above this."""
    join_across: float
    """Tellings of several reports are joined where the mean score of their pairs is above this."""
    near: float
    """Tellings are weighed together where one score in a chain between them is above this."""
    other_telling: float
    """Added to scores of claims of one report where they stand beside those of tellings of several."""
    unknown: float
    """The score of a pair that was never compared, because nothing brought the two together."""
    most_days: int
    """A toll over more days sums several happenings and is linked to nothing."""
    kinds: tuple[str, ...]
    sha256: str


def load_weights(kinds: Sequence[str], path: Path | None = None) -> Weights:
    """The weights at `path`, or those that are shipped, for an ontology's kinds. Raises `SettingsError` for a fault."""
    raw = path.read_bytes() if path else resources.files("reportedly").joinpath("data/link/link.toml").read_bytes()
    where = str(path) if path else "link.toml"
    try:
        loaded = tomllib.loads(raw.decode("utf-8"))
        limits = loaded["thresholds"]
        families = _families(kinds, loaded["families"])
        return Weights(
            within=_scorer(within(kinds), loaded["within"], families, where),
            across=_scorer(across(kinds), loaded["across"], families, where),
            join_within=float(limits["join_within"]),
            join_across=float(limits["join_across"]),
            near=float(limits["near"]),
            other_telling=float(limits["other_telling"]),
            unknown=float(limits["unknown"]),
            most_days=int(limits["most_days"]),
            kinds=tuple(kinds),
            sha256=hashlib.sha256(raw).hexdigest(),
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        hint = "compare it with the file that is shipped, data/link/link.toml"
        raise SettingsError(f"is no file of weights: {error!r}", where=where, hint=hint) from error


def _scorer(features: tuple[Feature, ...], listed: dict[str, Any], families: Ints, where: str) -> Scorer:
    weights = []
    for feature in features:
        own = dict(listed.get(feature.name, {}))
        weights.append(np.array([float(own.pop(b, 0.0)) for b in feature.bins]))
        if own and feature.name != "pair of kinds":  # those name the kinds of one ontology
            hint = f"its bins are: {', '.join(feature.bins)}"
            raise SettingsError(f"{feature.name!r} has no bin {min(own)!r}", where=where, hint=hint)
    return Scorer(features, tuple(weights), float(listed["base"]), families)


def _families(kinds: Sequence[str], listed: dict[str, list[str]]) -> Ints:
    """The family of each kind by number, -1 for none; the last entry is for a kind that isn't in the ontology."""
    of = {kind: n for n, family in enumerate(listed.values()) for kind in family}
    return np.array([of.get(kind, -1) for kind in kinds] + [-1], dtype=np.int32)
