from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reportedly.store import Ledger
from tests.cli.command import status_of

ROOT = Path(__file__).parents[2]
TEXT = "A nurse said that shells killed nine people in Er Rahad. Police arrested two men after shelling of the town."


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_jsonl(name: str, *reports: dict[str, object]) -> str:
    lines = "\n".join(json.dumps({"id": f"r{number:03}", "text": TEXT, **r}) for number, r in enumerate(reports))
    Path(name).write_text(lines + "\n", encoding="utf-8")
    return name


def numbered(count: int, text: str = TEXT) -> list[dict[str, object]]:
    return [{"text": f"{text} {number}"} for number in range(count)]


def program(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.command", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def counts(printed: str) -> dict[str, int]:
    """The closing table as name and number."""
    rows = [line.rsplit(maxsplit=1) for line in printed.splitlines()]
    return {row[0].strip(): int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}


def test_reading_ends_with_a_table_and_a_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("read", write_jsonl("in.jsonl", {}, {})) == 0
    table = counts(capsys.readouterr().out)
    assert table == {"reports read": 2, "skipped as already known": 0, "failed": 0, "statements": 2, "events": 4}
    with Ledger.open("reportedly.db") as ledger:
        tally = ledger.tally()
    assert (tally.reports, tally.readings, tally.statements, tally.events, tally.claims) == (2, 2, 2, 4, 4)


def test_what_is_known_is_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", {}, {})
    assert status_of("read", path) == 0
    capsys.readouterr()
    assert status_of("read", path, path) == 0
    assert counts(capsys.readouterr().out)["skipped as already known"] == 4


def test_failures_are_told_kept_and_set_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", {}, {"text": TEXT + " ODD"}, {})
    assert status_of("read", path, "missing.txt") == 1
    out, err = capsys.readouterr()
    assert counts(out)["reports read"] == 2
    assert counts(out)["failed"] == 2
    assert "in.jsonl:2: ValueError: nobody expects an odd text" in err
    assert "missing.txt: no such file" in err
    with Ledger.open("reportedly.db") as ledger:
        assert {failure.where for failure in ledger.failures()} == {"in.jsonl:2", "missing.txt"}


def test_strict_stops_at_the_first_failure_and_keeps_what_came_before(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jsonl("in.jsonl", {}, {"text": TEXT + " ODD"}, {}, {"text": TEXT + " BROKEN"})
    assert status_of("read", path, "--strict") == 1
    table = counts(capsys.readouterr().out)
    assert (table["reports read"], table["failed"]) == (1, 1)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_jsonl_gives_every_report_in_order_and_nothing_else(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "\ufeffא Ministry 🕊 said that e\u0301tat\r\nof siege began [bold]here[/bold]. " + TEXT
    path = write_jsonl("in.jsonl", {"text": text}, {"text": TEXT + " ODD"}, *numbered(40))
    assert status_of("read", path, "--format", "jsonl", "--jobs", jobs) == 1
    out, err = capsys.readouterr()
    coded = [json.loads(line) for line in out.splitlines()]
    assert [report["id"] for report in coded] == ["r000", *(f"r{n:03}" for n in range(2, 42))]
    assert coded[0]["text"] == text
    assert "reports read" in err

    assert status_of("read", path, "--format", "jsonl") == 1
    assert capsys.readouterr().out == out, "what is known comes from the ledger, the same to the byte"


def test_format_none_prints_failures_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("read", write_jsonl("in.jsonl", {}), "missing.txt", "--format", "none") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_two_texts_under_one_id_are_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    first = write_jsonl("one.jsonl", {})
    second = write_jsonl("two.jsonl", {"text": TEXT + " Or so it was told."})
    assert status_of("read", first, second) == 1
    assert "two.jsonl:1: another report came with the same id" in capsys.readouterr().err
    assert status_of("read", second) == 1, "nor may it take the place of what the ledger has"
    assert "two.jsonl:1: another report came with the same id" in capsys.readouterr().err


def test_columns_are_mapped(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in.jsonl").write_text(json.dumps({"id": "r", "stuff": TEXT}), encoding="utf-8")
    assert status_of("read", "in.jsonl", "--map", "text=stuff", "--format", "jsonl") == 0
    assert json.loads(capsys.readouterr().out)["text"] == TEXT


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["read", "x", "--jobs", "0"],
        ["read", "x", "--map", "text"],
        ["read", "x", "--map", "words=text"],
        ["read", "x", "--model", "nowhere"],
        ["raed", "x"],
    ],
)
def test_usage_errors_have_status_2_and_no_traceback(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_a_ledger_that_cannot_be_opened_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("not.db").write_text("this is a letter, not a ledger " * 40)
    assert status_of("read", write_jsonl("in.jsonl", {}), "--ledger", "not.db") == 1
    err = capsys.readouterr().err
    assert err.startswith("reportedly: not.db: ")
    assert err.count("\n") == 1


def test_a_broken_pipe_is_quiet() -> None:
    path = write_jsonl("in.jsonl", *numbered(48, TEXT + " Nothing else was told." * 100))
    process = program("read", path, "--format", "jsonl")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    assert process.wait(30) != 0
    assert err == ""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_leaves_a_sound_ledger_and_says_so(jobs: str) -> None:
    path = write_jsonl("in.jsonl", *numbered(160, TEXT + " SLOW"))
    process = program("read", path, "--jobs", jobs, "--ledger", "kept.db")
    wait_for_readings("kept.db")
    process.send_signal(signal.SIGINT)
    out, err = (stream.decode() for stream in process.communicate(timeout=30))
    assert process.returncode == 130
    assert err == "Stopped. kept.db is sound and holds all that is counted above; the same command reads the rest.\n"
    with Ledger.open("kept.db") as ledger:
        assert 0 < ledger.tally().readings == counts(out)["reports read"] < 160


def wait_for_readings(path: str) -> None:
    for _ in range(300):
        if Path(path).exists():
            with Ledger.open(path) as ledger:
                if ledger.tally().readings:
                    return
        time.sleep(0.1)
    raise AssertionError("nothing was read")
