from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.store.incidents import linked_now
from reportedly.types import Claim, Incident
from tests.cli.command import status_of
from tests.store.records import RUN, read


def kept(store: Ledger, number: int, published: date, *, denied_by: str | None = None) -> Claim:
    """Keep a report of that day in which the army tells of shelling, or somebody denies it; the claim."""
    report, reading, _ = read(number)
    report = replace(report, published=published, title=f"Report {number}")
    event = replace(reading.events[0], status="denied" if denied_by else "asserted")
    said = replace(reading.statements[0], speaker=denied_by or "the army")
    reading = replace(reading, statements=(said,), events=(event,))
    claims = make_claims(report, reading)
    store.add([(report, reading, claims)])
    return claims[0]


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """Two incidents: one told on 2 May and denied on 9 May, one told on 8 May only."""
    path = str(tmp_path / "war.db")
    with Ledger.open(path) as store:
        store.add_run(RUN)
        told = [kept(store, 1, date(2024, 5, 2)), kept(store, 2, date(2024, 5, 9), denied_by="a nurse")]
        other = kept(store, 3, date(2024, 5, 8))
        late = kept(store, 4, date(2024, 6, 8))
        incidents = [Incident("i1", tuple(c.id for c in told)), Incident("i2", (other.id, late.id))]
        ids = [claim.id for claim in (*told, other, late)]
        store.save_linking(
            linked_now("x", 0), neighbourhoods={i: i for i in ids}, incidents=incidents, origins=[], stale=None
        )
    return path


def test_a_digest_is_two_files(ledger: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out" / "may"
    status = status_of("digest", ledger, "--since", "2024-05-08", "--until", "2024-05-09", "--out", str(folder))
    out, err = capsys.readouterr()
    assert status == 0
    assert sorted(p.name for p in folder.iterdir()) == ["war-digest-2024-05-09.html", "war-digest-2024-05-09.md"]
    assert out.startswith("1 new incident, 1 incident told of again, ")
    assert " dispute opened" in out or " disputes opened" in out
    assert str(folder / "war-digest-2024-05-09.html") in err
    text = (folder / "war-digest-2024-05-09.md").read_text("utf-8")
    assert "## Disputes opened" in text
    assert "the army" in text
    assert "8 Jun 2024" not in text, "what was told later is not in it"


def test_what_a_profile_withholds_is_not_in_it(ledger: str, tmp_path: Path) -> None:
    options = ["--since", "2024-05-01", "--until", "2024-05-09", "--out", str(tmp_path), "--profile", "public"]
    assert status_of("digest", ledger, *options) == 0
    text = (tmp_path / "war-digest-2024-05-09.md").read_text("utf-8")
    assert "Profile public" in text
    assert "Incidents left out by the profile: 2." in text


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--since", "2024-05-08", "--until", "2024-05-01"], 2, "swap them"),
        (["--since", "2024-05-08", "--profile", "friends"], 2, "no profile"),
        (["--since", "yesterday"], 2, "yesterday"),
        ([], 2, "--since"),
        (["--since", "2024-05-08", "--out", "war.db/x"], 2, "can't be written"),
    ],
)
def test_what_goes_wrong_is_told(
    ledger: str,
    options: list[str],
    status: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(Path(ledger).parent)
    assert status_of("digest", ledger, *options) == status
    assert message in capsys.readouterr().err


def test_a_ledger_that_was_never_linked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "new.db")
    Ledger.open(path).close()
    assert status_of("digest", path, "--since", "2024-05-08") == 1
    assert "was never linked" in capsys.readouterr().err
    assert status_of("find", path, "--verdict", "disputed") == 1
    assert "was never linked" in capsys.readouterr().err


def test_verdicts_are_found(ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("find", ledger, "shelling", "--verdict", "disputed") == 0
    out = capsys.readouterr().out
    assert "Report 1" in out
    assert "Report 2" in out
    assert "Report 3" not in out
    assert status_of("find", ledger, "--verdict", "true") == 2
    assert "e.g. " in capsys.readouterr().err
