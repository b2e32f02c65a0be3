"""The command that the review app starts to read an order."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import reportedly.batch
from reportedly.cli import ordered
from reportedly.store import Ledger
from tests.cli.command import fake_readers
from tests.sources.site import article, running_site

STORY = "Residents said that the army shelled the bridge of Er Rahad on Tuesday and killed a trader, number {}."


class Input:
    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reportedly.batch, "open_readers", fake_readers)
    folder = tmp_path / "order"
    folder.mkdir()
    monkeypatch.chdir(folder)
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    return place


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **order: Any
) -> tuple[int, list[Any], str]:
    """Its status, what it told, and what it said when it failed."""
    monkeypatch.setattr("sys.stdin", Input(json.dumps({"by": "ed", **order})))
    status = ordered.main()
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_files_are_read_linked_and_logged(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(6):
        Path(f"{number}.txt").write_text(STORY.format(number))
    Path("empty.txt").write_text("")
    names = [*(f"{n}.txt" for n in range(6)), "empty.txt", "gone.txt"]
    status, told, _ = run(monkeypatch, capsys, ledger=str(ledger), files=names)
    assert status == 0
    assert [t["stage"] for t in told if "stage" in t] == ["looking", "loading", "reading", "linking"]
    assert [t["done"] for t in told if "done" in t] == [4, 8, 8]
    last = next(t for t in reversed(told) if "read" in t)
    assert (last["total"], last["read"], last["failed"], last["events"]) == (8, 6, 2, 12)
    assert {t["failure"]["where"]: t["failure"]["hint"] != "" for t in told if "failure" in t} == {
        "empty.txt": True,
        "gone.txt": True,
    }
    with Ledger.open(ledger) as store:
        assert {e.report.origin for e in store.entries()} == {f"{n}.txt" for n in range(6)}, "no folder's name"
        assert store.linking() is not None
        entry = next(e for e in store.log_entries(actions=["import"]))
        assert (entry.by, entry.details["read"], entry.details["failed"]) == ("ed", 6, 2)
    _, told, _ = run(monkeypatch, capsys, ledger=str(ledger), files=["0.txt"])
    assert next(t for t in reversed(told) if "read" in t)["known"] == 1


def test_where_nothing_can_be_read_the_model_stays_out(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise AssertionError("no model is needed")

    monkeypatch.setattr(reportedly.batch, "open_readers", none)
    status, told, _ = run(monkeypatch, capsys, ledger=str(ledger), url="http://127.0.0.1:9/a")
    assert status == 0
    assert [t["failure"]["cause"] for t in told if "failure" in t] == ["lies in a private network"]
    with Ledger.open(ledger) as store:
        assert [f.cause for f in store.failures()] == ["lies in a private network"]


def test_a_page_is_fetched_and_read(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reportedly.sources.fetch.look_up", lambda address, allow_private: "127.0.0.1")
    monkeypatch.setattr(ordered, "_PACE_S", 0.0)
    with running_site(story=article(1, STORY.format(1))) as site:
        status, _, _ = run(monkeypatch, capsys, ledger=str(ledger), url=f"{site.url}/story")
        assert status == 0
        with Ledger.open(ledger) as store:
            (entry,) = store.entries()
            assert entry.report.url == f"{site.url}/story"
            assert next(e for e in store.log_entries(actions=["import"])).subject == f"{site.url}/story"


@pytest.mark.parametrize("name", ["../ledger.db", "/etc/passwd", "..", ""])
def test_no_file_outside_the_folder_is_read(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    status, told, said = run(monkeypatch, capsys, ledger=str(ledger), files=[name])
    assert (status, told) == (1, [])
    assert "no file of the order's folder" in said


def test_a_ledger_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, said = run(monkeypatch, capsys, ledger=str(tmp_path / "no.db"), files=[])
    assert status == 1
    assert said.startswith("reportedly: ")
    assert "there is no ledger" in said
