from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.types import Candidate, Event, Figure, Link, Party, Reading, Report, Run, Span, Statement
from tests.cli.command import status_of

TEXT = "The army said that shells had hit the market of Sarmada. [bold]Nine[/bold] \x1b[31mtraders\x1b[0m died."


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a ledger with one report, which holds what a terminal would obey."""
    monkeypatch.setenv("COLUMNS", "200")
    best = Candidate("geonames:1", "Sarmada", 1.0, country="SYR", lat=36.18, lon=36.72)
    place = Link(span("Sarmada"), "Sarmada", best)
    content = (span("that shells had hit the market of Sarmada"),)
    said = Statement("s1", (span("The army"),), (span("said"),), content, "say", "military",
                     speaker="Syrian Armed Forces", side="Syria", said_on=date(2024, 4, 29))  # fmt: skip
    hit = Event("e1", span("hit"), "shelling", "asserted", agents=(Party(span("The army"), "Syrian Armed Forces"),),
                places=(place,), statement="s1", first=date(2024, 4, 29), last=date(2024, 4, 29))  # fmt: skip
    died = Event("e2", span("died"), "killing", "asserted", toll=(Figure("killed", span("Nine"), 9, 9, "traders"),))
    report = Report("r1", TEXT, "The Courier", date(2024, 5, 2), title="Shells on a market")
    reading = Reading("r1", "run", (said,), (hit, died))
    path = str(tmp_path / "ledger.db")
    with Ledger.open(path) as store:
        store.add_run(Run("run", "0", "m", "conflict"))
        store.add([(report, reading, make_claims(report, reading))])
    return path


def test_a_statement_is_shown_with_who_says_it_and_what_it_tells(
    ledger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("find", ledger, "shelling", "--near", "Sarmada", "--actor", "Syria", "--speaker", "syrian") == 0
    out, err = capsys.readouterr()
    lines = [line.strip() for line in out.splitlines()]
    assert lines[:2] == ["Shells on a market", "The Courier · 2 May 2024 · r1"]
    assert lines[2] == "Syrian Armed Forces (Syria, military) – says, 29 Apr 2024"
    assert lines[4] == "shelling · Syrian Armed Forces · Sarmada (SYR) · 29 Apr 2024"
    assert "reportedly show" in out
    assert "Within 25 km of Sarmada (SYR, 36.1" in err


def test_what_the_report_holds_cannot_move_the_cursor(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("find", ledger, "nine", "--kind", "killing") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[bold]Nine[/bold]" in out
    assert "killing · 9 killed (traders)  by The Courier" in out


def test_json_is_one_document(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("find", ledger, "market", "--from", "2024-04-29", "--to", "2024-04-29", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["total"] == 1
    (hit,) = found["hits"]
    (said,) = hit["statements"]
    assert (hit["report"], hit["published"]) == ("r1", "2024-05-02")
    assert said["content"] == [[span("that shells").start, span("Sarmada").end]]
    assert [piece["text"] for piece in said["words"] if piece["marked"]] == ["market"]
    assert [claim["kind"] for claim in hit["claims"]] == ["shelling"]


def test_nothing_found_is_no_error(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("find", ledger, "zebra", "--stance", "deny") == 0
    assert capsys.readouterr().out == "Nothing in the ledger meets this.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--kind", "shellin"], "e.g. shelling"),
        (["--stance", "shout"], "e.g. "),
        (["--near", "Xqzzw"], "no such place"),
        (["--near", "Sudan"], "whole country"),
        (["--near", "99,200"], "no point"),
        (["--near", " "], "names no place"),
        (["--from", "2024-05-02", "--to", "2024-05-01"], "swap them"),
        (["--", "-shells"], "no word to find"),
    ],
)
def test_what_is_asked_wrongly_is_one_line(
    ledger: str, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("find", ledger, *options) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_point_is_a_place(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("find", ledger, "--near", "36.2, 36.7", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1
    assert status_of("find", ledger, "--near", "-36.2,36.7", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"] == 0
