"""Learns the weights of linking: python training/link.py --corpora DIR [--write]

Logistic regression over the named bins of `link.features`, so that a weight is a log odds and a score their sum. Claims
of one report are learnt from `coded/train` and `invented/train` (`same_as` and `incident`), tellings of several reports
from `invented/train`. Prints what the issue asks for: cross-validation over the stories of `invented/train`, and `dev`.
With --write the weights go to src/reportedly/data/link/link.toml. Nothing is random.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from reportedly.evaluate.linking import Marked, incident_figures, mention_figures, origin_figures, read_marked
from reportedly.link.clusters import groups
from reportedly.link.columns import NO_DAY, Codes, Columns, columns_of, pairs_within
from reportedly.link.facts import OPEN, Facts, facts_of, merge
from reportedly.link.features import Feature, Pairs, across, within
from reportedly.link.linker import Linker
from reportedly.link.names import Names, load_names
from reportedly.link.score import load_weights
from reportedly.ontology import load_ontology

FAMILIES = {
    "violence": "attack clash shelling air_strike bombing shooting killing abuse destruction",
    "moves": "advance capture withdrawal deployment siege",
    "custody": "abduction arrest release trial",
    "people": "displacement evacuation aid deprivation",
    "peace": "ceasefire talks agreement",
    "street": "protest riot",
    "arms": "arms",
    "sanction": "sanction",
}

WITHIN_AT, ACROSS_AT = -0.1, -3.0
"""Scores from which joining gave the best groups in cross-validation; the bases are moved so that they become 0."""

STRENGTH = 0.5
"""Inverse strength of the penalty on weights (scikit-learn's C)."""

BY_HAND = {
    "within": {
        "reader": {"the reader takes one as a further mention": 2.5},
        "part of the day": {"other parts of the day": -2.0},
    },
    "across": {
        "places": {"places side by side": 0.5, "places far from each other": -3.0},
        "countries": {"other countries": -4.0},
        "part of the day": {"other parts of the day": -3.0},
        "days": {"days that can't be one": -4.0},
    },
}
"""Weights that the corpora can't teach: gold has no coordinates, and every story of it plays in one country. A weight
here is the most that the learnt one may be (or, above 0, what it is)."""

KINDS = tuple(load_ontology().kinds)


def facts(marked: Sequence[Marked], names: Names) -> list[list[Facts]]:
    return [facts_of(*m.read, names) for m in marked]


def labels(m: Marked) -> list[str]:
    """For each event its incident, or, where it has none, its first mention in the report."""
    return [m.incidents[e.id] or f"{m.report.id} {m.first_mentions[e.id]}" for e in m.reading.events]


def bins(features: Sequence[Feature], columns: Columns, left: np.ndarray, right: np.ndarray) -> csr_matrix:
    pairs = Pairs(columns, left, right, FAMILY)
    offsets = np.cumsum([0, *(len(f.bins) for f in features)])
    at = np.stack([f.of(pairs).astype(np.int64) + o for f, o in zip(features, offsets[:-1], strict=True)], axis=1)
    rows = np.repeat(np.arange(len(left)), len(features))
    return csr_matrix((np.ones(at.size), (rows, at.ravel())), shape=(len(left), offsets[-1]))


def learn(features: Sequence[Feature], x: csr_matrix, y: np.ndarray) -> tuple[float, dict[str, dict[str, float]]]:
    """The base and the weights by feature and bin."""
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(x, y)
    found, start = {}, 0
    seen = np.asarray(x.sum(axis=0)).ravel()
    for f in features:
        own = model.coef_[0][start : start + len(f.bins)]
        listed = {
            b: round(float(w), 3) for b, w, n in zip(f.bins, own, seen[start:], strict=False) if n and abs(w) >= 0.01
        }
        found[f.name] = listed
        start += len(f.bins)
    return round(float(model.intercept_[0]), 3), found


FAMILY = np.array(
    [next(n for n, listed in enumerate(FAMILIES.values()) if k in listed.split()) for k in KINDS] + [-1], dtype=np.int32
)


def learn_within(marked: Sequence[Marked], names: Names) -> tuple[float, dict[str, dict[str, float]]]:
    listed = [f for own in facts(marked, names) for f in own]
    gold = np.array([hash_of(m, label) for m in marked for label in labels(m)])
    columns = columns_of(listed, names, KINDS)
    left, right = pairs_within(columns)
    features = within(KINDS)
    base, weights = learn(features, bins(features, columns, left, right), gold[left] == gold[right])
    return round(base - WITHIN_AT, 3), weights


def hash_of(m: Marked, label: str) -> str:
    return f"{m.report.id}|{label}"


def tellings(marked: Sequence[Marked], names: Names, scored: dict | None) -> list[tuple[Facts, str, str]]:
    """Facts, report and gold label of each telling: as people grouped them, or as the weights `scored` do."""
    made = []
    features = within(KINDS)
    for m, own in zip(marked, facts(marked, names), strict=True):
        gold = labels(m)
        if scored is None:
            grouped = [[n for n, g in enumerate(gold) if g == label] for label in dict.fromkeys(gold)]
        elif own:
            columns = columns_of(own, names, KINDS, Codes())
            left, right = pairs_within(columns)
            at = bins(features, columns, left, right)
            score = at @ flat(features, scored["weights"]) + scored["base"]
            pairs = dict(zip(zip(left.tolist(), right.tolist(), strict=True), score.tolist(), strict=True))
            grouped = groups(len(own), pairs, limit=0.0, unknown=-4.0)
        else:
            grouped = []
        for group in grouped:
            most = Counter(gold[n] for n in group).most_common(1)[0][0]
            made.append((merge([own[n] for n in group]), m.report.id, most))
    return made


def shadow(made: list[tuple[Facts, str, str]], how: int) -> list[tuple[Facts, str, str]]:
    """The same tellings as if of other happenings, alike but for days, places, tolls, hours and rare words.

    The stories of `invented` teach what belongs together; these teach what doesn't: the next day's strike on the same
    town, the same day's on the next town, that evening's after that morning's.
    """
    found = []
    for n, (f, report, label) in enumerate(made):
        mark = f"shadow {how} "
        later = (1, 2, 4, 1)[n % 4] if how in (0, 1) else 0
        changed = replace(
            f,
            first=None if f.first is None else f.first + later,
            last=None if f.last is None else f.last + later,
            published=None if f.published is None else f.published + later,
            places=f.places if how in (0, 2) else tuple(mark + p if k == 0 else p for k, p in enumerate(f.places)),
            tolls=tuple(
                (effect, low + 3 + low // 2, OPEN if high == OPEN else high + 3 + high // 2)
                for effect, low, high in f.tolls
            ),
            words=tuple(w if k % 3 == 0 else mark + w for k, w in enumerate(f.words)),
            parts=("night",) if how == 2 else f.parts,
        )
        found.append((replace(changed, report=mark + f.report), mark + report, mark + label))
        if how == 2:
            made[n] = (replace(f, parts=("morning",)), report, label)
    return found


def flat(features: Sequence[Feature], weights: dict[str, dict[str, float]]) -> np.ndarray:
    return np.array([weights.get(f.name, {}).get(b, 0.0) for f in features for b in f.bins])


def learn_across(marked: Sequence[Marked], names: Names, scored: dict) -> tuple[float, dict[str, dict[str, float]]]:
    """From tellings as people group them and as we do: the second teaches what to make of the first step's faults."""
    features = across(KINDS)
    xs, ys = [], []
    sets = [tellings(marked, names, None), tellings(marked, names, scored)]
    for how in range(4):
        plain = tellings(marked, names, None)
        sets.append([*shadow(plain, how), *plain])
    for made in sets:
        columns = columns_of([f for f, _, _ in made], names, KINDS)
        left, right = np.triu_indices(len(made), 1)
        day = np.where(columns.first == NO_DAY, columns.published, columns.first)
        use = (columns.report[left] != columns.report[right]) & (np.abs(day[left] - day[right]) <= 40)
        if any(label.startswith("shadow") for _, _, label in made):
            # Of shadows only pairs with their originals, or each would be learnt from again and again.
            real = np.array([not label.startswith("shadow") for _, _, label in made])
            home = np.array([story_of(report.split(" ")[-1]) for _, report, _ in made])
            use &= (real[left] != real[right]) & (home[left] == home[right])
        left, right = left[use], right[use]
        gold = np.array([label for _, _, label in made])
        xs.append(bins(features, columns, left, right))
        ys.append(gold[left] == gold[right])
    from scipy.sparse import vstack

    base, weights = learn(features, vstack(xs), np.concatenate(ys))
    return round(base - ACROSS_AT, 3), weights


def taught(near: Sequence[Marked], far: Sequence[Marked], names: Names) -> str:
    """The file of weights learnt from `near` (claims of one report) and `far` (tellings of several)."""
    base, own = learn_within(near, names)
    base_across, others = learn_across(far, names, {"base": base, "weights": own})
    for section, weights in (("within", own), ("across", others)):
        for feature, listed in BY_HAND[section].items():
            for name, value in listed.items():
                learnt = weights.setdefault(feature, {}).get(name, 0.0)
                weights[feature][name] = value if value > 0 else min(value, learnt)
    return as_toml({"within": (base, own), "across": (base_across, others)})


def as_toml(scorers: dict[str, tuple[float, dict[str, dict[str, float]]]]) -> str:
    lines = [
        "# Weights of linking, in natural-log odds, by feature and bin: what each is and how they were learnt is in",
        "# docs/how-it-decides/incidents.md. Made by training/link.py; a bin that isn't listed weighs 0.",
        "",
        "[thresholds]",
        "join_within = 0.0    # claims of one report are one telling where the mean score of their pairs is above this",
        "join_across = 0.0    # tellings are one incident where the mean score of their pairs is above this",
        "near = 0.0           # tellings are weighed together where one score in a chain between them is above this",
        "unknown = -1.0       # the score of a pair that nothing brought together",
        f"other_telling = {WITHIN_AT - ACROSS_AT:.1f}  # added to scores within a report, beside those of several",
        "most_days = 10       # a toll of killing over more days sums several happenings, and is linked to nothing",
        "",
        "[families]  # kinds that go together",
        *(f"{name} = {listed.split()!r}".replace("'", '"') for name, listed in FAMILIES.items()),
    ]
    for section, (base, weights) in scorers.items():
        lines += ["", f"[{section}]", f"base = {base}"]
        for feature, listed in weights.items():
            lines += ["", f'[{section}."{feature}"]']
            lines += [f'"{name}" = {round(value, 3)}' for name, value in listed.items()]
    return "\n".join(lines) + "\n"


def linker_of(toml: str, names: Names, folder: Path) -> Linker:
    path = folder / "link.toml"
    path.write_text(toml, encoding="utf-8")
    return Linker(load_weights(KINDS, path), names)


def story_of(report: str) -> str:
    """The stories of `invented` are in the ids: "x-03-b" is the second report of x-03."""
    return re.sub(r"-?[a-z]$", "", report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp"))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    asked = parser.parse_args()
    names = load_names()
    coded, invented = (read_marked(asked.corpora / c / "train.jsonl") for c in ("coded", "invented"))
    stories = sorted({story_of(m.report.id) for m in invented})
    total: list[tuple[float, int]] = []
    for k in range(asked.folds):
        held = [m for m in invented if stories.index(story_of(m.report.id)) % asked.folds == k]
        rest = [m for m in invented if stories.index(story_of(m.report.id)) % asked.folds != k]
        figure = incident_figures(held, linker_of(taught([*coded, *rest], rest, names), names, asked.scratch))
        print(
            f"invented/train, fold {k}: {figure.name} F1 {figure.f1:.3f} P {figure.precision:.3f} R {figure.recall:.3f}"
        )
        total.append((figure.f1, figure.of))
    if total:
        print(f"invented/train, cross-validated: F1 {sum(f * n for f, n in total) / sum(n for _, n in total):.3f}")
    toml = taught([*coded, *invented], invented, names)
    linker = linker_of(toml, names, asked.scratch)
    for split in ("train", "dev"):
        figure = origin_figures(read_marked(asked.corpora / "invented" / f"{split}.jsonl"))
        print(f"invented/{split}: {figure.name} F1 {figure.f1:.3f} P {figure.precision:.3f} R {figure.recall:.3f}")
    figure = incident_figures(read_marked(asked.corpora / "invented" / "dev.jsonl"), linker)
    print(f"invented/dev: {figure.name} F1 {figure.f1:.3f} P {figure.precision:.3f} R {figure.recall:.3f}")
    figure = mention_figures(read_marked(asked.corpora / "coded" / "dev.jsonl"), linker)
    print(f"coded/dev: {figure.name} F1 {figure.f1:.3f} P {figure.precision:.3f} R {figure.recall:.3f}")
    if asked.write:
        Path("src/reportedly/data/link/link.toml").write_text(toml, encoding="utf-8")


if __name__ == "__main__":
    main()
