"""`reportedly check corpus` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportedly.cli import main

CORPUS = Path(__file__).parents[2] / "corpus"
SOUND = {"id": "r1", "text": "The mayor said so.", "statements": [], "events": []}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["check", "corpus", *arguments])
    return int(caught.value.code or 0)


def test_the_corpus_of_the_project_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(CORPUS / "train.jsonl"), str(CORPUS / "dev.jsonl")) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "161 reports, 0 faults\n"


def test_faults_are_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(SOUND), "{broken", json.dumps(SOUND), json.dumps(SOUND | {"id": "r2", "published": "May"})]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run(str(path)) == 1
    out, err = capsys.readouterr()
    first, second, third = out.splitlines()
    assert first.startswith(f"{path}:2: is no JSON")
    assert second == f"{path}:3: r1: id: is also that of {path}:1"
    assert third == f"{path}:4: r2: published: not an ISO date: 'May'"
    assert err == "4 reports, 3 faults\n"


def test_hand_form_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = {"id": "s1", "source": "The mayor", "cue": "said", "content": "so", "stance": "say"}
    by_hand = SOUND | {"statements": [statement | {"speaker_kind": "government"}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps([by_hand, SOUND | {"id": "r2", "events": [{"id": "e1"}]}], indent=1), encoding="utf-8")
    assert run(str(path)) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{path}#2: r2: e1.trigger: no quote: None"
    assert len(out) == 3


def test_nothing_to_check_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n", encoding="utf-8")
    assert run(str(path)) == 1
    assert "no coded report in these files" in capsys.readouterr().err
    path.write_bytes(b"\xff\xfe\x00")
    assert run(str(path)) == 1
    assert f"{path}:1: is no JSON" in capsys.readouterr().out
    assert run(str(tmp_path / "b.jsonl")) == 1
    assert "b.jsonl: is not a file that is there" in capsys.readouterr().err


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(SOUND), encoding="utf-8-sig")
    assert run(str(path)) == 0
