"""`reportedly evaluate` from the command line, with a reader that knows the answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportedly.cli import main
from reportedly.evaluate.corpora.coded import read_coded
from reportedly.pipeline import Pipeline, make_run
from reportedly.settings import Settings
from reportedly.types import Reading, Report, Run

CORPUS = Path(__file__).parents[2] / "corpus"


@dataclass(frozen=True)
class Oracle:
    """Stands for the pipeline: gives the gold readings, without their last statement."""

    run: Run
    gold: dict[str, Reading]

    def read(self, reports: Sequence[Report]) -> list[tuple[Report, Reading]]:
        return [(r, self.reading(r.id)) for r in reports]

    def reading(self, report: str) -> Reading:
        gold = self.gold[report]
        return Reading(report, self.run.id, gold.statements[:-1], gold.events)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of corpora with `invented` alone, and the oracle in the pipeline's place."""
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented" / "dev.jsonl").write_bytes((CORPUS / "dev.jsonl").read_bytes())
    gold = {report.id: reading for report, reading in read_coded(CORPUS / "dev.jsonl")}

    def load(settings: Settings) -> Oracle:
        return Oracle(make_run(model="0123456789abcdef0", ontology="o", authorities=()), gold)

    monkeypatch.setattr(Pipeline, "load", load)
    return tmp_path


def run(*arguments: str) -> int:
    try:
        main(["evaluate", *arguments])
    except SystemExit as error:
        return int(error.code or 0)
    return 0


@pytest.mark.parametrize("columns", ["80", "140"])
def test_the_board_shows_what_is_there_and_names_what_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert run("--corpora", str(folder), "--only", "invented, polnear", "--misses") == 0
    out, err = capsys.readouterr()
    assert "skipped polnear: not there: polnear/dev.jsonl" in err
    lines = out.splitlines()
    assert "invented (24 texts)" in [line.strip() for line in lines]
    row = next(line for line in lines if line.startswith("statement  "))
    assert row.split()[1:4] == ["0.916", "1.000", "0.845"]
    assert ("best is by" in out) is (columns == "140")
    assert "…" not in out
    assert "invented: missed, wrong or too much" in out


def test_another_place_index(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Path | None] = []
    standing = Pipeline.load

    def load(settings: Settings) -> Pipeline:
        asked.append(settings.places)
        return standing(settings)

    monkeypatch.setattr(Pipeline, "load", load)
    index = folder / "places.sqlite"
    assert run("--corpora", str(folder), "--only", "invented", "--places", str(index)) != 0
    assert "the places file is not there" in capsys.readouterr().err
    index.touch()
    assert run("--corpora", str(folder), "--only", "invented", "--places", str(index)) == 0
    assert asked == [index]


def test_json_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--corpora", str(folder), "--only", "invented", "--json") == 0
    scores = json.loads(capsys.readouterr().out)["corpora"]["invented"]["scores"]
    assert scores["statement"]["precision"] == 1.0
    assert scores["statement"]["recall"] < 1.0
    assert scores["event"]["f1"] == 1.0


def test_the_page_is_written_only_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "scoreboard.md"
    assert run("--corpora", str(folder), "--only", "invented") == 0
    assert not page.exists()
    assert run("--corpora", str(folder), "--only", "invented", "--write", str(page)) == 0
    text = page.read_text(encoding="utf-8")
    assert "model `0123456789abcdef`" in text
    assert str(folder) not in text
    capsys.readouterr()


def test_nothing_measured_is_no_success(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--corpora", str(folder / "nowhere"), "--only", "invented") == 1
    assert run("--corpora", str(folder), "--only", "nonesuch") == 2
    assert "no corpus is called 'nonesuch'" in capsys.readouterr().err


def test_any_systems_file_is_scored_without_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Pipeline, "load")
    gold = str(CORPUS / "dev.jsonl")
    assert run("--gold", gold, "--predicted", gold, "--json", "--misses") == 0
    loaded = json.loads(capsys.readouterr().out)["corpora"][gold]
    assert loaded["scores"]["record"]["f1"] == 1.0
    assert loaded["misses"] == []
    assert run("--predicted", gold) == 2
    assert "--predicted needs --gold" in capsys.readouterr().err
    assert run("--gold", gold, "--predicted", str(tmp_path / "none.jsonl")) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_the_reader_is_measured_on_ones_own_annotated_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--gold", str(folder / "invented"), "--json") == 0
    scores = json.loads(capsys.readouterr().out)["corpora"][str(folder / "invented")]["scores"]
    assert scores["event"]["f1"] == 1.0
    assert scores["statement"]["gold"] == 155
    assert run("--gold", str(folder / "nowhere")) == 2
