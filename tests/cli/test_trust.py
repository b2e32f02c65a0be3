"""`reportedly verify` and `purge`, and what reading and exporting make of what was removed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reportedly.store import Ledger
from tests.cli.command import status_of

TEXT = "A nurse said that shells killed nine people in Er Rahad. Police arrested two men after shelling of the town."
SECRET = "Zanzibarite"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ledger() -> str:
    """Four reports, read and linked; the second has a word of its own."""
    texts = [f"{TEXT} {SECRET if n == 1 else n}" for n in range(4)]
    lines = [json.dumps({"id": f"r{n}", "text": t, "published": "2024-05-02"}) for n, t in enumerate(texts)]
    Path("in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert status_of("read", "in.jsonl", "--ledger", "war.db") == 0
    assert status_of("link", "war.db") == 0
    return "war.db"


def test_a_ledger_that_was_read_and_linked_is_sound(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert status_of("verify", ledger) == 0
    out = capsys.readouterr().out
    assert "Sound." in out
    with Ledger.open(ledger) as store:
        head = store.log_head()
        assert head is not None
        assert [e.action for e in store.log_entries()] == ["run", "readings", "link"]
    assert head.sha256 in out
    assert status_of("verify", ledger, "--head", head.sha256) == 0
    assert status_of("verify", ledger, "--head", "0" * 64) == 1


def test_what_was_altered_is_named(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(ledger)) as raw, raw:
        raw.execute("UPDATE reports SET text = replace(text, 'nine', 'four') WHERE id = 'r2'")
    capsys.readouterr()
    assert status_of("verify", ledger) == 1
    out = capsys.readouterr().out
    assert "reports r2: its text is not the one that was read" in out
    assert "Not sound" in out


def test_purge_removes_and_says_so(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert SECRET.encode() in Path(ledger).read_bytes()
    assert status_of("purge", ledger, "r1", "--reason", "a witness asked for it", "--by", "Amina") == 0
    assert "r1: removed" in capsys.readouterr().out
    for path in Path().glob("war.db*"):
        assert SECRET.lower().encode() not in path.read_bytes().lower()
    assert status_of("verify", ledger) == 0
    assert status_of("link", ledger, "--anew") == 0
    assert status_of("verify", ledger) == 0
    with Ledger.open(ledger) as store:
        (stone,) = store.tombstones()
    assert (stone.report, stone.by, stone.reason) == ("r1", "Amina", "a witness asked for it")


def test_purge_may_be_said_twice(ledger: str) -> None:
    assert status_of("purge", ledger, "r1", "--reason", "asked for") == 0
    assert status_of("purge", ledger, "r1", "--reason", "asked for") == 0
    assert status_of("purge", ledger, "r9", "--reason", "asked for") == 1
    assert status_of("purge", ledger, "r2", "--reason", " ") == 2


def test_what_was_removed_is_passed_over_unless_again(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("purge", ledger, "r1", "--reason", "asked for") == 0
    capsys.readouterr()
    assert status_of("read", "in.jsonl", "--ledger", ledger) == 0
    assert "skipped as removed for good" in capsys.readouterr().out
    assert status_of("read", "in.jsonl", "--ledger", ledger, "--again") == 0
    with Ledger.open(ledger) as store:
        assert store.tally().reports == 4
    assert status_of("verify", ledger) == 0


def test_exports_count_what_was_removed_and_are_logged(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("export", ledger, "--to", "jsonl", "--out", "before") == 0
    assert "removed from the ledger" not in Path("before/NOTES.md").read_text(encoding="utf-8")
    assert status_of("purge", ledger, "r1", "--reason", "asked for") == 0
    assert "the log tells of 1." in capsys.readouterr().err
    assert status_of("export", ledger, "--to", "jsonl", "--out", "after") == 0
    notes = Path("after/NOTES.md").read_text(encoding="utf-8")
    assert "Reports removed from the ledger for good, of which nothing is here: 1." in notes
    with Ledger.open(ledger) as store:
        entry = list(store.log_entries(actions=["export"]))[-1]
    assert entry.subject == "jsonl"
    assert entry.details["files"].keys() == {p.name for p in Path("after").iterdir()}
    assert status_of("verify", ledger) == 0
