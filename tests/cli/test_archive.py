"""`read --out` and `load`: a folder of readings in between, and nothing lost or twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportedly.store import Ledger
from tests.cli.command import status_of
from tests.cli.test_read import TEXT, counts, numbered, write_jsonl


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_out_and_load_give_the_ledger_that_read_gives(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", *numbered(300), {"text": " "}, {"text": f"{TEXT} ODD"})
    assert status_of("read", path, "--ledger", "straight.db") == 1
    assert status_of("read", path, "--out", "out") == 1
    said = counts(capsys.readouterr().out.rpartition("Read into")[2])
    assert (said["reports read"], said["failed"], said["events"]) == (300, 2, 600)
    assert status_of("load", "out", "--ledger", "loaded.db") == 0
    said = counts(capsys.readouterr().out)
    assert (said["reports read"], said["failed"]) == (300, 2)
    with Ledger.open("straight.db") as one, Ledger.open("loaded.db") as other:
        assert [(e.report, e.reading) for e in one.entries()] == [(e.report, e.reading) for e in other.entries()]
        assert list(one.claims()) == list(other.claims())
        assert one.failures() == other.failures()


def test_what_is_there_is_neither_read_nor_loaded_again(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", *numbered(3))
    assert [status_of("read", path, "--out", "out") for _ in range(2)] == [0, 0]
    assert counts(capsys.readouterr().out.rpartition("Read into")[2])["skipped as already known"] == 3
    assert [status_of("load", "out") for _ in range(2)] == [0, 0]
    assert counts(capsys.readouterr().out.rpartition("Read into")[2])["skipped as already known"] == 3
    with Ledger.open("reportedly.db") as ledger:
        assert ledger.tally().readings == 3


def test_a_folder_for_another_input_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("read", write_jsonl("a.jsonl", {}), "--out", "out") == 0
    assert status_of("read", write_jsonl("b.jsonl", {}), "--out", "out") == 2
    assert "holds the readings of another input" in capsys.readouterr().err


def test_a_damaged_part_is_told_and_the_rest_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", *numbered(300))
    assert status_of("read", path, "--out", "out") == 0
    Path("out/part-00000-00000.parquet").write_bytes(b"PAR1")
    assert status_of("load", "out") == 1
    assert "part-00000-00000.parquet" in capsys.readouterr().err
    with Ledger.open("reportedly.db") as ledger:
        assert ledger.tally().readings == 300 - 256


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "ray"], "needs --out"),
        (["--out", "out", "--format", "jsonl"], "goes with none of --strict"),
        (["--out", "out", "--engine", "cloud"], "no engine 'cloud'"),
        (["--copies", "twice"], "copies is 'twice'"),
    ],
)
def test_what_can_not_be(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("read", write_jsonl("in.jsonl", {}), *arguments) == 2
    assert said in re.sub(r"[\s│]+", " ", capsys.readouterr().err)


def test_copies_are_read_once_and_each_outlet_keeps_its_row() -> None:
    story = "\n".join(
        [
            "A nurse said that shells killed nine people in Er Rahad.",
            "Millet, sorghum and groundnuts from the Ardoum plateau are sold in Tillabar and in Port Ismara.",
            "The merchants' guild put the damage at ninety sacks; its treasurer, Salome Okande, asked for patience.",
            "The governor, Idris Maro, told reporters at the airfield that an inquiry under judge Halima Sow was open.",
        ]
    )
    path = write_jsonl(
        "in.jsonl",
        {"text": story, "outlet": "River Post"},
        {"text": f"{story}\nPolice arrested two men.", "outlet": "Lake Times"},
    )
    assert status_of("read", path, "--copies", "once") == 0
    with Ledger.open("reportedly.db") as ledger:
        told = [(claim.outlet, claim.kind) for claim in ledger.claims()]
        (run,) = ledger.runs()
    assert told == [("River Post", "killing"), ("Lake Times", "killing"), ("Lake Times", "arrest")]
    assert run.settings == (("copies", "once"),)
