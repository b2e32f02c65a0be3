"""Learns whom pronouns and descriptions point to: python training/coref.py --corpora DIR [--write]

A log-linear choice over the features of `resolve.coreference`: the likelihood of the speaker or party that annotators
named, of all who are named in the report and of nobody (whose score is 0). Learnt from `coded/train` and
`invented/train` with gold statements and events; since the reader's speaker kinds are not always right, a share of them
(NOISE) is replaced by chance, with fixed seeds. Prints the share of right choices, cross-validated over reports and on
`dev`, and how often the shipped weights name pronouns right on the entity clusters of `wikievents/dev`, which nothing
here was learnt from. With --write the weights go to src/reportedly/data/coref/coref.toml first.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from reportedly.evaluate.coded import same_name
from reportedly.evaluate.corpora.coded import read_coded
from reportedly.extract import Reader
from reportedly.resolve import Resolver
from reportedly.resolve.actors import ActorTable
from reportedly.resolve.cast import Cast, Known
from reportedly.resolve.coreference import PRONOUNS as PRONOUN_FORMS
from reportedly.resolve.coreference import Coreference, Pointing
from reportedly.resolve.scene import position
from reportedly.types import Extraction, Party, Reading, Report, Statement

NOISE = {"pronoun": 0.35, "other": 0.12}
"""The share of statements whose speaker kind the reader gets wrong (dev), by their source."""

SUBJECTS = frozenset("he she it they".split())
PRONOUNS = frozenset("he she it they who him her his its their them".split())
SEEDS = (7, 8, 9, 10)
"""Each report is learnt from once for each of these, with other speaker kinds replaced."""

STRENGTH = 0.7 * len(SEEDS)
"""Weight of the squared weights against the likelihood."""

LEAST = 3 * len(SEEDS)
"""Choices that must hold a feature for it to be learnt."""

FOR = ("told: yes title", "told and kind: yes person", "sign: title person title", "sign and form: title the")
"""Features that never speak against one, however few the examples: a person who holds the title that is named."""

OUT = Path(__file__).parents[1] / "src/reportedly/data/coref/coref.toml"


@dataclass(frozen=True)
class Choice:
    """One choice: the features of each candidate, which of them are right, and whether nobody is."""

    form: str
    head: str
    options: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    nobody: bool


class Recorder(Coreference):
    """Writes choices down, and answers with the right candidate where there is one."""

    def __init__(self, shipped: Coreference, table: ActorTable) -> None:
        super().__init__(shipped.weights, shipped._words)
        self._table = table
        self.gold: dict[int, tuple[str, str]] = {}
        self.choices: list[Choice] = []

    def choose(self, pointing: Pointing, known: Sequence[Known], cast: Cast) -> Known | None:
        weighed = self.weigh(pointing, known, cast)
        if pointing.start not in self.gold:
            return super().choose(pointing, known, cast)
        speaker, source = self.gold[pointing.start]
        right = tuple(any(same_name(speaker, name) for name in self._names(w.known, pointing.form)) for w in weighed)
        nobody = pointing.form not in PRONOUN_FORMS and (
            same_name(speaker, source) or (not any(right) and "unnamed" in speaker)
        )
        if any(right) or nobody:
            options = tuple(w.features for w in weighed)
            self.choices.append(Choice(pointing.form, pointing.head, options, right, nobody))
        found = [w for w, is_right in zip(weighed, right, strict=True) if is_right]
        return max(found, key=lambda w: w.score).known if found else None

    def _names(self, known: Known, form: str) -> list[str]:
        """What annotators may have called one who is known."""
        if form == "party":
            words = (known.heard.speaker if known.heard else known.name).removeprefix("unnamed ").lower().split()
            plain = [self._words.parties.get(" ".join(words[-size:])) for size in (3, 2, 1)]
            country = known.actor.country if known.actor and known.actor.kind in ("state", "government") else None
            army = self._table.get(f"army:{country}") if country else None
            return [" ".join(words), *filter(None, plain), *([army.name] if army else [])]
        if known.heard is not None:
            return [known.heard.speaker]
        if known.kind == "state" and known.actor is not None and known.actor.country:
            body = self._table.get(f"gov:{known.actor.country}")
            return [body.name if body else known.name]
        return [f"unnamed {known.name}" if known.kind == "description" else known.name]


def noisy(statement: Statement, text: str, kinds: Sequence[str], chance: random.Random) -> Statement:
    source = " ".join(s.of(text) for s in statement.source).lower()
    share = NOISE["pronoun" if source in PRONOUNS else "other"]
    kind = chance.choice(kinds) if chance.random() < share else statement.speaker_kind
    return replace(statement, speaker=None, side=None, speaker_kind=kind)


def choices_of(
    read: Sequence[tuple[Report, Reading]], seen: Sequence[Extraction], seeds: Sequence[int | None]
) -> list[list[Choice]]:
    """The choices of each report, once for each seed of noise (`None`: no noise)."""
    found = [_choices_of(read, seen, seed) for seed in seeds]
    return [[choice for part in parts for choice in part] for parts in zip(*found, strict=True)]


def _choices_of(
    read: Sequence[tuple[Report, Reading]], seen: Sequence[Extraction], seed: int | None
) -> list[list[Choice]]:
    resolver = Resolver.load()
    recorder = Recorder(resolver._speakers._coreference, resolver._table)
    resolver._speakers._coreference = resolver._parties._coreference = recorder
    chance = random.Random(seed)
    kinds = [s.speaker_kind for _, reading in read for s in reading.statements]
    found = []
    for (report, reading), extraction in zip(read, seen, strict=True):
        said = [noisy(s, report.text, kinds, chance) if seed is not None else s for s in reading.statements]
        recorder.gold = {
            position(s): (s.speaker, " ".join(span.of(report.text) for span in s.source))
            for s in reading.statements
            if s.speaker
        }
        recorder.choices = []
        for event in reading.events:
            for party in (*event.agents, *event.targets):
                if party.text and party.name and party.text.of(report.text).lower() in PRONOUNS:
                    recorder.gold.setdefault(party.text.start, (party.name, ""))
        parties = tuple(replace(e, agents=_bare(e.agents), targets=_bare(e.targets), places=()) for e in reading.events)
        resolver.resolve(report, replace(extraction, statements=tuple(said), events=parties), run="r")
        found.append(recorder.choices)
    return found


def _bare(parties: Sequence[Party]) -> tuple[Party, ...]:
    return tuple(Party(p.text) for p in parties if p.text)


def learn(choices: Sequence[Choice]) -> dict[str, float]:
    counts = Counter(f for c in choices for f in {f for o in c.options for f in o})
    names = sorted(f for f, n in counts.items() if n >= LEAST)
    at = {f: i for i, f in enumerate(names)}
    rows, columns, right, starts, row = [], [], [], [0], 0
    for c in choices:
        for option, is_right in zip(c.options, c.right, strict=True):
            columns += [at[f] for f in option if f in at]
            rows += [row] * sum(f in at for f in option)
            right.append(is_right)
            row += 1
        if c.form not in PRONOUN_FORMS:
            right.append(c.nobody)  # an option without features: its score is 0
            row += 1
        starts.append(row)
    x = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(row, len(names)))
    group = np.repeat(np.arange(len(choices)), np.diff(starts))
    gold, begin = np.array(right), np.array(starts[:-1])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ w
        score -= np.maximum.reduceat(score, begin)[group]
        power = np.exp(score)
        total, good = np.add.reduceat(power, begin), np.add.reduceat(power * gold, begin)
        slope = power / total[group] - power * gold / good[group]
        return float(np.log(total / good).sum() + STRENGTH / 2 * (w @ w)), x.T @ slope + STRENGTH * w

    bounds = [(0.0 if f.startswith(FOR) else None, None) for f in names]
    done = minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400})
    return {f: float(w) for f, w in zip(names, done.x, strict=True)}


def is_right(choice: Choice, weights: dict[str, float]) -> bool:
    scores = [sum(weights.get(f, 0.0) for f in option) for option in choice.options]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    if best is None or (scores[best] <= 0 and choice.form not in PRONOUN_FORMS):
        return choice.nobody
    return choice.right[best]


def tell(name: str, scored: Sequence[tuple[Choice, bool]]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for choice, good in scored:
        kind = {"party": f"party {choice.head}", "pronoun": choice.head}.get(choice.form, choice.form)
        for group in ("all", kind):
            groups[group].append(good)
    print(name, "  ".join(f"{g} {sum(v)}/{len(v)}={sum(v) / len(v):.3f}" for g, v in sorted(groups.items())))


def crossed(choices: Sequence[Sequence[Choice]], folds: int = 10) -> Iterator[tuple[Choice, bool]]:
    for fold in range(folds):
        weights = learn([c for i, cs in enumerate(choices) if i % folds != fold for c in cs])
        yield from ((c, is_right(c, weights)) for i, cs in enumerate(choices) if i % folds == fold for c in cs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    reader = Reader.load()
    parts = {}
    for name in ("coded/train", "invented/train", "coded/dev", "invented/dev"):
        read = read_coded(options.corpora / f"{name}.jsonl")
        seeds = SEEDS if name.endswith("train") else (None,)
        parts[name] = choices_of(read, reader.extract([report for report, _ in read]), seeds)
    train = [*parts["coded/train"], *parts["invented/train"]]
    tell("cross-validated", list(crossed(train)))
    weights = learn([c for cs in train for c in cs])
    for name in ("coded/dev", "invented/dev"):
        tell(name, [(c, is_right(c, weights)) for cs in parts[name] for c in cs])
    if options.write:
        write(weights)
    cluster_figures(options.corpora, reader)


def cluster_figures(corpora: Path, reader: Reader) -> None:
    """Prints how often a pronoun that speaks or takes part is named by a word of a mention of its cluster."""
    resolver, right = Resolver.load(), Counter[tuple[str, bool]]()
    for line in (corpora / "wikievents/dev.jsonl").read_text("utf-8").splitlines():
        doc = json.loads(line)
        report, mentions = Report(doc["id"], doc["text"]), {e["id"]: e for e in doc["entities"]}
        named: dict[int, list[str]] = {}
        for ids in doc["entity_clusters"]:
            texts = [mentions[i]["text"] for i in ids if mentions[i]["text"].lower() not in PRONOUNS]
            named.update((mentions[i]["start"], texts) for i in ids if texts)
        reading = resolver.resolve(report, reader.extract([report])[0], run="r")
        found = [("speaker", s.source[0], s.speaker) for s in reading.statements if s.source]
        found += [("party", p.text, p.name) for e in reading.events for p in (*e.agents, *e.targets)]
        for what, span, name in found:
            if span.of(report.text).lower() in SUBJECTS and span.start in named:
                words = _words(name or "")
                right[what, any(words & _words(text) for text in named[span.start])] += 1
    for what in ("speaker", "party"):
        print(f"wikievents/dev {what} {right[what, True]}/{right[what, True] + right[what, False]}")


def _words(name: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"\w+", name.lower())} - {"the", "a", "an", "of", "unnamed"}


def write(weights: dict[str, float]) -> None:
    sections: dict[str, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        feature, bin_ = name.split(": ", 1)
        if abs(weight) >= 0.01:
            sections[feature].append(f'"{bin_}" = {weight:.2f}')
    head = "# Learnt by training/coref.py; do not edit by hand. A weight above 0 speaks for being meant."
    body = "\n\n".join(f'["{feature}"]\n' + "\n".join(lines) for feature, lines in sections.items())
    OUT.write_text(f"{head}\n\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
