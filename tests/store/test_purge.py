"""A report that is removed leaves no word behind, and everything else stays sound."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reportedly.claims import make_claims
from reportedly.errors import LedgerError
from reportedly.store import Ledger
from reportedly.store.codings import make_edit
from reportedly.store.conditions import Query
from reportedly.store.incidents import linked_now
from reportedly.store.rows import text_sha256
from reportedly.types import ClaimLink, Failure, Incident, Origin
from tests.store.records import LATER, RUN, TEXT, Read, read
from tests.store.test_log import seals, whole
from tests.store.test_verify import publish

SECRET = "zanzibarite"


def secret(number: int) -> Read:
    """A report with a word of its own in its text, title, outlet, origin, and in what was read of it."""
    report, reading, claims = read(number, text=TEXT.replace("Residents", f"The {SECRET} residents"))
    report = replace(report, title=f"{SECRET} title", outlet=f"{SECRET} outlet", origin=f"in/{SECRET}.txt")
    report = replace(report, url=f"https://{SECRET}.example")
    said = tuple(replace(s, speaker=f"{SECRET} speaker", side=f"{SECRET} side") for s in reading.statements)
    reading = replace(reading, statements=said)
    claims = [replace(c, speaker=f"{SECRET} speaker", agents=(f"{SECRET} agent",)) for c in claims]
    return report, reading, [replace(c, outlet=report.outlet) for c in claims]


def in_files(path: Path) -> list[str]:
    """The files of a SQLite ledger in whose bytes the word stands."""
    stem = SECRET[:10].encode()  # what the index of words has of it
    return [p.name for p in path.parent.iterdir() if p.name.startswith(path.name) and stem in p.read_bytes()]


def test_no_trace_of_the_words_is_left_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1)], [Failure(f"in/{SECRET}.txt", "source", f"{SECRET} line 3", "")])
        ledger.add([secret(2), read(3)])
        ledger.edit(make_edit(by="Amina", report="report-0002", base=RUN.id, op="set", details={"x": SECRET}))
        assert in_files(path)
        ledger.purge(["report-0002"], reason="a witness asked for it", by="Amina")
        ledger.scrub()
        assert in_files(path) == []
        assert ledger.find(Query(SECRET)).total == 0
        assert ledger.find(Query("shelling")).total == 2
        assert [e.report.id for e in ledger.entries()] == ["report-0001", "report-0003"]
        assert ledger.failures() == ()
        assert whole(ledger)
    assert in_files(path) == []
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_tombstone_is_left(ledger: Ledger) -> None:
    ledger.add([secret(2), read(3)])
    ledger.add([read(2, run=LATER, text=secret(2)[0].text)])
    before = seals(ledger)
    (stone,) = ledger.purge(["report-0002"], reason="a witness asked for it", by="Amina")
    assert list(ledger.tombstones()) == [stone]
    assert (stone.report, stone.by, stone.reason) == ("report-0002", "Amina", "a witness asked for it")
    assert stone.text_sha256 == text_sha256(secret(2)[0].text)
    assert stone.held["report"] == before["reports"]["report-0002"]
    assert stone.held["readings"] == {run: before["readings"][run]["report-0002"] for run in (RUN.id, LATER.id)}
    assert len(stone.held["claims"]) == 4
    assert ledger.count_removed() == 1
    entry = ledger.log_head()
    assert entry is not None
    assert (entry.action, entry.by, entry.subject) == ("purge", "Amina", "report-0002")
    assert "witness" not in str(entry.details), "why stands in the tombstone, which can still be altered"


def test_scrubbing_changes_nothing_that_is_left(ledger: Ledger) -> None:
    ledger.add([secret(2), read(3)])
    ledger.purge(["report-0002"], reason="asked for")
    ledger.scrub()
    ledger.scrub()
    assert ledger.verify(make_claims, version="0.1.0").faults == ()
    assert ledger.find(Query("shelling")).total == 1


def test_a_removed_report_is_not_taken_in_again_by_chance(ledger: Ledger) -> None:
    ledger.add([secret(2), read(3)])
    ledger.purge(["report-0002"], reason="asked for")
    same_text = (replace(secret(2)[0], id="report-0009"), *read(9, text=secret(2)[0].text)[1:])
    assert len(ledger.add([secret(2), same_text, read(4)])) == 2
    assert [e.report.id for e in ledger.entries()] == ["report-0003", "report-0004"]
    assert set(ledger.removed({"report-0002": "", "other": text_sha256(secret(2)[0].text), "new": "x"})) == {
        "report-0002",
        "other",
    }
    assert ledger.add([secret(2)], again=True) == ()
    assert ledger.count_removed() == 0
    assert ledger.find(Query(SECRET)).total == 1
    ledger.purge(["report-0002"], reason="once more")
    (stone,) = ledger.tombstones()
    assert stone.reason == "once more"


def test_what_is_not_there_is_refused_and_nothing_removed(ledger: Ledger) -> None:
    ledger.add([read(1), read(2)])
    with pytest.raises(LedgerError, match="there is no report 'report-0007'"):
        ledger.purge(["report-0001", "report-0007"], reason="asked for")
    assert ledger.tally().reports == 2
    ledger.purge(["report-0001"], reason="asked for")
    with pytest.raises(LedgerError, match="was removed on"):
        ledger.purge(["report-0001"], reason="asked for")


def test_incidents_that_it_took_part_in_are_made_anew(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        ledger.add([read(number)])
    made = {n: [c.id for c in read(n)[2]] for n in (1, 2, 3)}
    together = Incident("incident-1", (made[1][0], made[2][0]), (ClaimLink(made[1][0], made[2][0], 3.0, (), SECRET),))
    alone = Incident("incident-2", (made[3][0],))
    ledger.save_linking(
        linked_now("test", 0),
        neighbourhoods={made[1][0]: "a", made[2][0]: "a", made[3][0]: "b"},
        incidents=[together, alone],
        origins=[Origin("origin-1", ("report-0001", "report-0002")), Origin("origin-3", ("report-0003",))],
        stale=None,
    )
    ledger.purge(["report-0001"], reason="asked for")
    assert list(ledger.incidents()) == [alone]
    assert set(ledger.neighbourhoods()) == {made[3][0]}, "the others are new to the next linking"
    assert list(ledger.origins()) == [Origin("origin-3", ("report-0003",))]


def test_a_first_linking_brings_nothing_back(ledger: Ledger) -> None:
    """It was worked out before the report was removed, and is stored after."""
    ledger.add([read(1), read(2)])
    one, other = read(1)[2][0].id, read(2)[2][0].id
    ledger.purge(["report-0002"], reason="asked for")
    ledger.save_linking(
        linked_now("test", 0),
        neighbourhoods={one: "a", other: "a"},
        incidents=[Incident("incident-1", (one, other), (ClaimLink(one, other, 3.0, (), SECRET),))],
        origins=[Origin("origin-1", ("report-0001", "report-0002"))],
        stale=None,
        knew=None,
    )
    assert list(ledger.incidents()) == [Incident("incident-1", (one,))]
    assert ledger.verify(make_claims, version="0.1.0").faults == ()


def test_kept_files_of_releases_that_name_it_go_too(ledger: Ledger) -> None:
    ledger.add([secret(2), read(3)])
    publish(ledger, b"report-0002: a quote")
    publish(ledger, b"report-0003: a quote")
    publish(ledger, f"{secret(2)[2][0].id}: a quote".encode())
    ledger.purge(["report-0002"], reason="asked for")
    assert [ledger.release_archive(n) is None for n in (1, 2, 3)] == [True, False, True]
    assert len(ledger.releases()) == 3


def test_a_ledger_in_use_is_not_called_clean(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path, wait_s=0.2) as ledger:
        ledger.add_run(RUN)
        ledger.add([secret(2)])
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM reports").fetchone()
            ledger.purge(["report-0002"], reason="asked for")
            with pytest.raises(LedgerError, match=r"in use|locked"):
                ledger.scrub()
        ledger.scrub()
        assert in_files(path) == []
