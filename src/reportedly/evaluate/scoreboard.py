"""The scoreboard: the reader on each corpus, beside the aim, human agreement and the best published figure."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from reportedly.errors import CorpusError
from reportedly.evaluate.coded import score_readings
from reportedly.evaluate.corpora.coded import read_coded
from reportedly.evaluate.corpus import Corpus, Result
from reportedly.evaluate.metrics import Miss, Score, Tally
from reportedly.types import Failure, Reading, Report

Read = Callable[[Sequence[Report]], Sequence[tuple[Report, Reading] | Failure]]
"""Reads reports: one result for each, in the same order. `Pipeline.read` is one."""

BATCH = 16
FAILED = "failed"
"""The run of the empty reading that stands for a report that could not be read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores on one corpus. A report that could not be read counts as an empty reading, and is in `failures`."""

    corpus: str
    reports: int
    result: Result
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A corpus that is not there."""

    corpus: str
    cause: str


@dataclass(frozen=True, slots=True)
class Published:
    """What stands beside a score; see published.toml."""

    aim: float | None = None
    people: float | None = None
    best: float | None = None
    best_by: str | None = None
    note: str | None = None


def measure(
    corpus: Corpus, folder: Path, *, split: str, read: Read, advance: Callable[[int], None] = lambda _: None
) -> Measured | Skipped:
    """Reads the corpus's texts and scores them. `advance` is told how many reports each batch had.

    Raises `CorpusError` where the corpus is damaged.
    """
    try:
        items = corpus.items(folder, split)
    except FileNotFoundError as error:
        return Skipped(corpus.name, f"not there: {corpus.name}/{Path(str(error.filename)).name}")
    except (KeyError, TypeError, IndexError) as error:
        what = f"is not in the form that is expected: {type(error).__name__} {error}"
        raise CorpusError(what, where=str(folder / corpus.name), hint="see docs/reference/evaluate.md") from error
    pairs: list[tuple[Any, Reading]] = []
    failures: list[Failure] = []
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        for (report, gold), got in zip(batch, read([r for r, _ in batch]), strict=True):
            if isinstance(got, Failure):
                failures.append(got)
            pairs.append((gold, Reading(report.id, FAILED) if isinstance(got, Failure) else got[1]))
        advance(len(batch))
    return Measured(corpus.name, len(items), corpus.score(pairs), tuple(failures))


def compare(gold: Path, predicted: Path) -> Measured:
    """Scores predicted coded reports, of whatever system, against gold ones, paired by id; files, or folders of files.

    A report that isn't predicted counts as an empty reading. Raises `CorpusError` where a text is not the gold text.
    """
    try:
        found = {report.id: (report, reading) for report, reading in read_coded(predicted)}
        items = read_coded(gold)
    except OSError as error:
        raise CorpusError(
            f"can't be read: {error.strerror}", where=str(error.filename), hint="check the path"
        ) from error
    triples = []
    for report, reading in items:
        other, its = found.get(report.id, (report, Reading(report.id, FAILED)))
        if other.text != report.text:
            raise CorpusError(
                f"the text of {report.id} is not the gold text",
                where=other.origin,
                hint="offsets hold for the text as it came in: print it unchanged",
            )
        triples.append((report.text, reading, its))
    tally = Tally()
    misses = score_readings(triples, tally)
    return Measured(str(gold), len(items), Result(tally.scores(), tuple(misses)))


def load_published() -> dict[tuple[str, str], Published]:
    """What is known for each (corpus, score)."""
    raw = resources.files("reportedly.evaluate").joinpath("published.toml").read_text(encoding="utf-8")
    figures: list[dict[str, Any]] = tomllib.loads(raw)["figure"]
    return {(f.pop("corpus"), f.pop("score")): Published(**f) for f in figures}


def count_misses(misses: Iterable[Miss]) -> list[tuple[str, str, str, int]]:
    """(what, gold label, predicted label, how often), the commonest first; "–" is for nothing there."""
    counts = Counter((m.what, m.gold or "–", m.predicted or "–") for m in misses)
    return [(*labels, n) for labels, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def figure(score: Score, value: float | None) -> str:
    """A value as it is shown: three decimals, an error with one."""
    if value is None:
        return "–"
    return f"{value:,.1f}" if score.measure == "error" else f"{value:.3f}"


def as_json(measured: Sequence[Measured], skipped: Sequence[Skipped]) -> dict[str, Any]:
    """Scores by corpus and name, for `--json`."""
    return {
        "corpora": {
            m.corpus: {
                "reports": m.reports,
                "failed": len(m.failures),
                "scores": {s.name: _score(s) for s in m.result.scores},
            }
            for m in measured
        },
        "skipped": {s.corpus: s.cause for s in skipped},
    }


def _score(s: Score) -> dict[str, Any]:
    value = None if s.value is None else round(s.value, 4)
    if s.measure != "f1":
        return {s.measure: value, "n": s.of}
    extra = {"precision": s.precision, "recall": s.recall}
    return {
        s.measure: value,
        **{k: round(v, 4) for k, v in extra.items() if v is not None},
        "gold": s.of,
        "predicted": s.predicted,
    }


def as_markdown(
    measured: Sequence[Measured], skipped: Sequence[Skipped], *, split: str, commit: str, model: str
) -> str:
    """The scoreboard as a page; it tells nothing of the machine that it was made on."""
    published = load_published()
    lines = [
        "# Scoreboard",
        "",
        f"Made by `reportedly evaluate --split {split} --write docs/scoreboard.md` at commit `{commit}`, model "
        f"`{model[:16]}`. Do not edit by hand. What each score means: [evaluate](reference/evaluate.md).",
    ]
    for m in measured:
        lines += ["", *_section(m, published)]
    if skipped:
        lines += ["", "Not measured: " + "; ".join(f"{s.corpus} ({s.cause})" for s in skipped) + "."]
    return "\n".join(lines) + "\n"


def _section(m: Measured, published: dict[tuple[str, str], Published]) -> Iterator[str]:
    failed = f", {len(m.failures)} of them could not be read" if m.failures else ""
    yield f"## {m.corpus}"
    yield ""
    yield f"{m.reports} texts{failed}."
    yield ""
    yield "| score | measure | ours | precision | recall | aim | two people | best other | of |"
    yield "|---|---|---|---|---|---|---|---|---|"
    notes = []
    for s in m.result.scores:
        p = published.get((m.corpus, s.name), Published())
        best = f"{figure(s, p.best)} ({p.best_by})" if p.best is not None else "–"
        ours = figure(s, s.value)
        ours = f"**{ours}**" if p.aim is not None and s.value is not None and s.value >= p.aim else ours
        cells = [s.name, s.measure, ours, figure(s, s.precision), figure(s, s.recall), figure(s, p.aim)]
        yield "| " + " | ".join([*cells, figure(s, p.people), best, str(s.of)]) + " |"
        notes += [p.note] if p.note else []
    for note in notes:
        yield ""
        yield note
