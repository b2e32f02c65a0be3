"""Measures of linking, by hand; and what linking must reach on the project's own corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportedly.evaluate.corpora.linking import GVA, INVENTED
from reportedly.evaluate.linking import (
    b_cubed,
    incident_figures,
    mention_figures,
    origin_figures,
    pairwise,
    read_marked,
)
from reportedly.types import Reading
from tests.link.stories import linker

CORPUS = Path(__file__).parents[2] / "corpus"


def test_b_cubed_by_hand() -> None:
    found = b_cubed("x", [("a", 1), ("a", 1), ("a", 2), ("b", 2)])
    assert found.precision == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.of == 4


def test_pairwise_by_hand() -> None:
    found = pairwise("x", [("a", 1), ("a", 1), ("a", 2), ("b", 2)])
    assert (found.precision, found.recall, found.of) == (1 / 2, 1 / 3, 3)


def test_linking_reaches_what_the_page_says() -> None:
    dev = read_marked(CORPUS / "dev.jsonl")
    assert incident_figures(dev, linker()).f1 > 0.85
    assert mention_figures(dev, linker()).f1 > 0.6
    assert origin_figures(dev).f1 > 0.95


def test_same_as_is_hidden_from_linking() -> None:
    marked = read_marked(CORPUS / "dev.jsonl")
    assert any(e.same_as for m in marked for e in m.reading.events)
    assert not any(e.same_as for m in marked for e in m.read[1].events)


def test_on_the_scoreboard_gold_read_as_such_scores_as_high_as_gold(tmp_path: Path) -> None:
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "dev.jsonl").write_bytes((CORPUS / "dev.jsonl").read_bytes())
    pairs = [(gold, gold.reading) for _, gold in INVENTED.items(tmp_path, "dev")]
    scores = {s.name: s.value or 0 for s in INVENTED.score(pairs).scores}
    assert list(scores) == ["incidents", "incidents, as read", "further mentions", "origins"]
    # `same_as` is hidden from the first, and tells the second more.
    assert scores["incidents, as read"] >= scores["incidents"] > 0.85


def test_reports_about_one_incident_each(tmp_path: Path) -> None:
    (tmp_path / "gva").mkdir()
    line = {"id": "g1", "text": "A man was shot dead in Lake Town.", "dct": "2024-03-05", "incident_id": 7}
    (tmp_path / "gva" / "dev.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    [(report, gold)] = GVA.items(tmp_path, "dev")
    assert (str(report.published), gold[1]) == ("2024-03-05", "7")
    [score] = GVA.score([(gold, Reading("g1", "run"))]).scores
    assert (score.name, score.value, score.of) == ("reports", 1.0, 1)
