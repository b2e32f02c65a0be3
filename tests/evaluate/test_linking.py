"""Measures of linking, by hand; and what linking must reach on the project's own corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportedly.evaluate.linked import main
from reportedly.evaluate.linking import (
    b_cubed,
    incident_figures,
    mention_figures,
    origin_figures,
    pairwise,
    read_marked,
)
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


def test_the_figures_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for corpus in ("invented", "coded"):
        (tmp_path / corpus).mkdir()
        (tmp_path / corpus / "dev.jsonl").write_bytes((CORPUS / "dev.jsonl").read_bytes())
    main(["--corpora", str(tmp_path)])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["invented/dev"] * 2 + ["coded/dev"]
