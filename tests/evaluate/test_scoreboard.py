"""Measuring with a reader, comparing files, and the pages that come of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportedly.errors import CorpusError
from reportedly.evaluate.corpora.coded import INVENTED, Coded
from reportedly.evaluate.corpora.polnear import POLNEAR
from reportedly.evaluate.corpus import registered
from reportedly.evaluate.metrics import Miss
from reportedly.evaluate.scoreboard import (
    BATCH,
    Measured,
    Skipped,
    as_json,
    as_markdown,
    compare,
    count_misses,
    load_published,
    measure,
)
from reportedly.types import Failure, Reading, Report

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of corpora in which only `invented` is there."""
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "dev.jsonl").write_bytes((CORPUS / "dev.jsonl").read_bytes())
    return tmp_path


def read_gold(folder: Path) -> dict[str, Reading]:
    return {report.id: reading for report, (_, reading) in INVENTED.items(folder, "dev")}


def test_reports_come_in_batches_and_in_order(folder: Path) -> None:
    gold = read_gold(folder)
    sizes: list[int] = []
    told: list[int] = []

    def read(reports: Sequence[Report]) -> list[tuple[Report, Reading] | Failure]:
        sizes.append(len(reports))
        return [(r, gold[r.id]) for r in reports]

    measured = measure(INVENTED, folder, split="dev", read=read, advance=told.append)
    assert isinstance(measured, Measured)
    assert (measured.reports, measured.failures) == (24, ())
    assert {s.value for s in measured.result.scores} == {1.0}
    assert sizes == told == [BATCH, 24 - BATCH]


def test_a_report_that_fails_counts_as_nothing_found(folder: Path) -> None:
    gold = read_gold(folder)
    first = next(iter(gold))

    def read(reports: Sequence[Report]) -> list[tuple[Report, Reading] | Failure]:
        return [Failure(r.id, "model", "too odd", "") if r.id == first else (r, gold[r.id]) for r in reports]

    measured = measure(INVENTED, folder, split="dev", read=read)
    assert isinstance(measured, Measured)
    assert [f.cause for f in measured.failures] == ["too odd"]
    statement = measured.result.scores[0]
    assert statement.precision == 1.0
    assert statement.of - (statement.predicted or 0) == len(gold[first].statements)


def test_what_is_not_there_is_skipped(folder: Path) -> None:
    assert measure(POLNEAR, folder, split="dev", read=lambda _: []) == Skipped(
        "polnear", "not there: polnear/dev.jsonl"
    )
    assert isinstance(measure(INVENTED, folder, split="test", read=lambda _: []), Skipped)


def test_a_damaged_corpus_is_an_error(folder: Path) -> None:
    (folder / "polnear").mkdir()
    (folder / "polnear" / "dev.jsonl").write_text('{"id": "x", "text": "A."}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="attributions"):
        measure(POLNEAR, folder, split="dev", read=lambda _: [])


def test_files_are_paired_by_id(tmp_path: Path) -> None:
    lines = (CORPUS / "dev.jsonl").read_text(encoding="utf-8").split("\n")
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text("\n".join(reversed(lines[1:])), encoding="utf-8")
    measured = compare(CORPUS / "dev.jsonl", predicted)
    statement = measured.result.scores[0]
    first = json.loads(lines[0])
    assert statement.precision == 1.0
    assert statement.of - (statement.predicted or 0) == len(first["statements"])
    assert {m.report for m in measured.result.misses} == {first["id"]}


def test_another_text_is_refused(tmp_path: Path) -> None:
    first = json.loads((CORPUS / "dev.jsonl").read_text(encoding="utf-8").split("\n")[0])
    first["text"] += " "
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text(json.dumps(first), encoding="utf-8")
    with pytest.raises(CorpusError, match=f"the text of {first['id']} is not the gold text"):
        compare(CORPUS / "dev.jsonl", predicted)


def test_pages_say_what_was_measured(folder: Path) -> None:
    gold = read_gold(folder)
    (folder / "coded").symlink_to(folder / "invented")
    measured = measure(Coded("coded"), folder, split="dev", read=lambda rs: [(r, gold[r.id]) for r in rs])
    assert isinstance(measured, Measured)
    skipped = [Skipped("polnear", "not there: polnear/dev.jsonl")]
    page = as_markdown([measured], skipped, split="dev", commit="abc", model="f" * 64)
    assert "| statement | f1 | **1.000** | 1.000 | 1.000 | 0.860 | 0.950 | 0.590 (GenderGapTracker's rules) |" in page
    assert "commit `abc`, model `ffffffffffffffff`" in page
    assert "Not measured: polnear (not there: polnear/dev.jsonl)." in page
    assert str(folder) not in page
    loaded = as_json([measured], skipped)
    assert loaded["corpora"]["coded"]["scores"]["event"]["f1"] == 1.0
    assert loaded["corpora"]["coded"]["scores"]["stance"] == {"accuracy": 1.0, "n": 155}
    assert loaded["skipped"] == {"polnear": "not there: polnear/dev.jsonl"}


def test_misses_are_counted_the_commonest_first() -> None:
    misses = [Miss("r", "e1", "event", "clash", None), Miss("r", "e2", "event", "siege", "clash")]
    misses.append(Miss("q", "e1", "event", "clash", None))
    assert count_misses(misses) == [("event", "clash", "–", 2), ("event", "siege", "clash", 1)]


def test_published_figures_belong_to_registered_corpora_and_are_shares() -> None:
    names = {c.name for c in registered()}
    for (corpus, _), published in load_published().items():
        assert corpus in names
        assert (published.best is None) is (published.best_by is None)
        for value in (published.aim, published.people):
            assert value is None or 0 < value < 1
