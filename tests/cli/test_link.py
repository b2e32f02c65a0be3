"""`reportedly link`, `incidents`, `judge`: from a ledger to incidents, and what people decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from reportedly.desk.linking import link_ledger
from reportedly.link.linker import Read
from reportedly.store import Ledger
from reportedly.types import Run
from tests.cli.command import status_of
from tests.link.stories import Told, linker, read
from tests.link.test_linker import NEXT, day, many

RUN = Run("run-1", "0.1.0", "model-a", "conflict")


def ledger_of(path: Path, reads: Sequence[Read]) -> str:
    with Ledger.open(path) as store:
        store.add_run(RUN)
        store.add_run(Run("run-2", "0.1.0", "model-b", "conflict"))
        assert store.add(reads) == ()
    return str(path)


def incidents_of(path: str) -> set[tuple[str, ...]]:
    with Ledger.open(path) as store:
        return {i.claims for i in store.incidents()}


def test_linking_as_reports_arrive_gives_what_linking_all_gives(tmp_path: Path) -> None:
    reads = [*many(9), *day()]
    whole = ledger_of(tmp_path / "whole.db", reads)
    grown = str(tmp_path / "grown.db")
    with Ledger.open(whole) as store:
        assert link_ledger(store, linker()).anew
    for start in range(0, len(reads), 4):
        ledger_of(Path(grown), reads[start : start + 4])
        with Ledger.open(grown) as store:
            made = link_ledger(store, linker())
    assert not made.anew
    with Ledger.open(whole) as a, Ledger.open(grown) as b:
        assert list(a.incidents()) == list(b.incidents())
        assert list(a.origins()) == list(b.origins())
        assert a.neighbourhoods() == b.neighbourhoods()
        assert link_ledger(b, linker()).compared == 0


def test_a_report_read_again_keeps_what_people_decided(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "war.db", day())
    assert status_of("link", path) == 0
    claims = {f"{r.id} {c.event}": c.id for r, _, made in day() for c in made}
    assert status_of("judge", path, "split", claims["a e1"], claims["b e1"], "--by", "Ann") == 0
    assert status_of("link", path) == 0
    assert not any({claims["a e1"], claims["b e1"]} <= set(i) for i in incidents_of(path))
    told = [
        Told(
            "Warplanes struck the market of Sarmada on Thursday morning, killing nine.",
            "struck",
            "air_strike",
            date(2024, 5, 2),
            place="Sarmada",
        )
    ]
    again = read("b", told, published=NEXT, outlet="The Bay Tribune", run="run-2")
    with Ledger.open(path) as store:
        text = next(r for r, _, _ in day() if r.id == "b")
        store.add([(text, again[1], [*again[2]])])
    assert status_of("link", path) == 0
    newest = again[2][0].id
    assert any(newest in i for i in incidents_of(path))
    assert claims["b e1"] not in {c for i in incidents_of(path) for c in i}
    assert not any({claims["a e1"], newest} <= set(i) for i in incidents_of(path))


def test_incidents_are_listed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger_of(tmp_path / "war.db", day())
    assert status_of("incidents", path) == 1
    assert "was never linked" in capsys.readouterr().err
    assert status_of("link", path) == 0
    assert "incidents" in capsys.readouterr().out
    assert status_of("incidents", path) == 0
    assert "Sarmada" in capsys.readouterr().out
    with Ledger.open(path) as store:
        largest = max(store.incidents(), key=lambda i: len(i.claims))
    assert status_of("incidents", path, largest.id.removeprefix("incident-")[:10]) == 0
    shown = capsys.readouterr().out
    assert "happened: " in shown
    assert "same day" in shown
    assert status_of("incidents", path, "nothing") == 1


def test_judgements_are_checked_and_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger_of(tmp_path / "war.db", day())
    status_of("link", path)
    before = incidents_of(path)
    claims = {f"{r.id} {c.event}": c.id for r, _, made in day() for c in made}
    assert status_of("judge", path, "merge", "nothing", claims["a e1"], "--by", "Ann") == 1
    assert status_of("judge", path, "merge", claims["a e1"], "--by", "Ann") == 2
    capsys.readouterr()
    assert status_of("judge", path, "merge", claims["a e1"], claims["c e1"], "--by", "Ann", "--note", "one raid") == 0
    name = capsys.readouterr().out.split(";")[0]
    status_of("link", path)
    assert any({claims["a e1"], claims["c e1"]} <= set(i) for i in incidents_of(path))
    assert status_of("judge", path, "undo", name, "--by", "Ben") == 0
    status_of("link", path)
    assert incidents_of(path) == before
    with Ledger.open(path) as store:
        assert [j.action for j in store.judgements()] == ["merge", "undo"]
