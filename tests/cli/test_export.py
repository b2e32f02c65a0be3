"""`reportedly export` on a ledger that was linked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reportedly.cli.exporting import short_name
from reportedly.store import Ledger
from reportedly.store.incidents import Linking
from reportedly.types import Incident, Judgement, Origin, Run
from tests.cli.command import status_of
from tests.export.village import INCIDENTS, Village, read

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The village in a ledger: three incidents, and the copy and its original as one origin."""
    path = tmp_path / "village.db"
    village = Village()
    # The protest is left without an incident, as a summary would be.
    incidents = [Incident(i.id, i.claims) for i in village.incidents() if i.id != "incident-3"]
    with Ledger.open(path) as store:
        store.add_run(Run("gold", "0.1.0", "none", "conflict"))
        store.add(read())
        store.save_linking(
            Linking("test", 0, LATER),
            neighbourhoods={c.id: c.id for c in village.claims.values()},
            incidents=incidents,
            origins=[Origin("origin-1", ("report-00000000000000000002", "report-00000000000000000003"))],
            stale=None,
        )
    return path


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "incidents.jsonl").read_text(encoding="utf-8").splitlines()]


def test_export(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert status_of("export", str(ledger), "--to", "jsonl", "--out", str(out)) == 0
    first = lines(out)[0]
    assert (first["id"], first["reports"]) == ("incident-1", 4)
    assert first["origins"] == 3, "the copy is no origin of its own, and a denial tells of no happening"
    (happened,) = [f for f in first["findings"] if f["fact"] == "happened"]
    assert happened["verdict"] == "disputed"
    (denied,) = [v for v in happened["versions"] if v["value"] != "it happened"]
    assert [holder["who"] for holder in denied["holders"]] == ["Idris Bakr"]
    assert "2 incidents" in capsys.readouterr().err
    loss = (out / "LOSS.md").read_text(encoding="utf-8")
    assert "| of no one incident: a summary over many happenings | 1 |" in loss
    assert str(tmp_path) not in (out / "NOTES.md").read_text(encoding="utf-8")


def test_rules_are_chosen_at_export(ledger: Path, tmp_path: Path) -> None:
    for toll, best in (("lowest", 15), ("highest", 30)):
        out = tmp_path / toll
        assert status_of("export", str(ledger), "--to", "jsonl", "--toll", toll, "--out", str(out)) == 0
        (killed,) = [line["toll"]["killed"]["best"] for line in lines(out) if line["id"] == "incident-1"]
        assert killed == best


def test_statements_come_with_their_claims(ledger: Path, tmp_path: Path) -> None:
    assert status_of("export", str(ledger), "--to", "csv", "--out", str(tmp_path / "out")) == 0
    statements = (tmp_path / "out" / "statements.csv").read_text(encoding="utf-8").splitlines()
    assert len(statements) == 1 + sum(len(reading.statements) for _, reading, _ in read())
    assert sum("claim-" in line for line in statements) == 6


def test_public_needs_judgements(ledger: Path, tmp_path: Path) -> None:
    arguments = ("export", str(ledger), "--to", "jsonl", "--profile", "public", "--as-of", "2024-06-01")
    assert status_of(*arguments, "--out", str(tmp_path / "before")) == 0
    assert lines(tmp_path / "before") == []
    with Ledger.open(ledger) as store:
        store.judge(Judgement("judgement-1", LATER, "R. Eviewer", "accept", ("incident-1",)))
        store.judge(Judgement("judgement-2", LATER, "R. Eviewer", "accept", ("incident-2",)))
        store.judge(Judgement("judgement-3", LATER, "R. Eviewer", "undo", ("judgement-2",)))
    assert status_of(*arguments, "--out", str(tmp_path / "after")) == 0
    assert [line["id"] for line in lines(tmp_path / "after")] == ["incident-1"]
    text = (tmp_path / "after" / "incidents.jsonl").read_text(encoding="utf-8")
    assert "Yusuf" not in text
    assert "Eviewer" not in text


def test_a_ledger_that_was_never_linked_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger.open(tmp_path / "new.db") as store:
        store.add_run(Run("gold", "0.1.0", "none", "conflict"))
    assert status_of("export", str(tmp_path / "new.db"), "--to", "csv", "--out", str(tmp_path / "out")) == 1
    assert "reportedly link" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--to", "xls"),
        ("--to", "csv", "--toll", "mean"),
        ("--to", "csv", "--preset", "x"),
        ("--to", "csv", "--profile", "x"),
        ("--to", "csv", "--embargo-days", "-1"),
    ],
)
def test_wrong_options(ledger: Path, options: tuple[str, ...], tmp_path: Path) -> None:
    assert status_of("export", str(ledger), *options, "--out", str(tmp_path / "out")) == 2
    assert not (tmp_path / "out").exists()


def test_list(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("export", str(ledger), "--to", "list") == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("csv", "parquet", "jsonl", "geojson", "hxl", "ftm", "prov"))
    assert len(INCIDENTS) == 3


@pytest.mark.parametrize(
    ("ledger_name", "name"),
    [("war.db", "war"), ("/home/a/war.db", "war"), ("postgresql://u:secret@host:5432/war?x=1", "war"), ("a/", "a")],
)
def test_short_name(ledger_name: str, name: str) -> None:
    assert short_name(ledger_name) == name
