"""Edits, assignments, codings and the queue, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reportedly.claims import make_claims
from reportedly.desk.facts import renew_facts
from reportedly.desk.linking import link_ledger
from reportedly.errors import LedgerError
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.store import Ledger
from reportedly.store.codings import Assignment, Done, Edit, make_edit
from reportedly.store.queue import NEEDS
from reportedly.types import Event, Figure, Party, Reading, Report, Run, Span, Statement
from tests.store.records import RUN

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
TEXT = "Residents said gunmen shelled Old Tarim, killing 40 people. The Lake Army denied it."
PERSON = Run("run-person", "1", "person:ana", "o", (), (("base", RUN.id),))


@pytest.fixture
def read(ledger: Ledger) -> Ledger:
    """A ledger with four reports that tell of one thing or another."""
    reads = []
    for n, (killed, score) in enumerate([(None, 0.9), (4, 0.2), (40, 0.8), (1, None)]):
        report = Report(
            f"r{n}", TEXT + f" {n}", outlet=f"Paper {n}", published=date(2024, 3, 2 + 9 * n), title=f"Title {n}"
        )
        said = Statement("s1", (Span(0, 9),), (Span(10, 14),), (Span(15, 58),), "say", "witness", score=0.95)
        toll = (Figure("killed", Span(49, 58), killed, killed),) if killed else ()
        told = Event(
            id="e1",
            trigger=Span(22, 29),
            kind="shelling",
            status="asserted",
            agents=(Party(Span(15, 21), "unidentified gunmen"),),
            toll=toll,
            statement="s1",
            first=date(2024, 3, 1 + 9 * n),
            last=date(2024, 3, 1 + 9 * n),
            score=score,
        )
        reading = Reading(report.id, RUN.id, (said,), (told,))
        reads.append((report, reading, make_claims(report, reading)))
    assert ledger.add(reads) == ()
    link_ledger(ledger, Linker.load(load_ontology()))
    renew_facts(ledger)
    return ledger


def test_edits_are_kept_in_their_order_and_once(read: Ledger) -> None:
    made = [
        make_edit(by=by, report="r0", base=RUN.id, op="accept", details={"ids": [f"e{n}", "é\U0001f600"]})
        for n, by in enumerate(("ana", "ben", "ana"))
    ]
    for one in (*made, made[0]):
        read.edit(one)
    assert read.edits("r0") == tuple(made)
    assert read.edits("r0", by="ana", base=RUN.id) == (made[0], made[2])
    assert read.edits("r1") == ()
    assert [e.subject for e in read.log_entries(actions=["edit"])] == [e.id for e in made]


@pytest.mark.parametrize("wrong", [{"op": "burn"}, {"report": "none"}, {"base": "none"}])
def test_an_edit_of_nothing_is_refused(read: Ledger, wrong: dict[str, str]) -> None:
    sound = Edit("edit-1", NOW, "ana", "r0", RUN.id, "accept", "{}")
    with pytest.raises(LedgerError):
        read.edit(replace(sound, **wrong))  # type: ignore[arg-type]
    assert read.edits("r0") == ()
    assert list(read.log_entries(actions=["edit"])) == []


def test_the_newest_assignment_and_coding_count(read: Ledger) -> None:
    read.assign([Assignment(NOW, "ed", "r0", p, blind=True) for p in ("ana", "ben")])
    read.assign([Assignment(NOW, "ed", "r0", "ana", standing=False), Assignment(NOW, "ed", "r1", "ana", scratch=True)])
    assert [(a.report, a.person, a.blind, a.scratch) for a in read.assignments()] == [
        ("r0", "ben", True, False),
        ("r1", "ana", False, True),
    ]
    assert [a.report for a in read.assignments(person="ana")] == ["r1"]
    assert read.assignments(report="r2") == ()
    read.add_run(PERSON)
    first = Done(NOW, "ben", "r0", RUN.id, 2, blind=True)
    again = replace(first, made=NOW + timedelta(hours=1), edits=3, blind=False, run=PERSON.id)
    for one in (first, again, replace(first, by="ana")):
        read.finish(one)
    assert read.codings() == (again, replace(first, by="ana"))
    assert read.codings(by="ben", report="r0") == read.codings_of(["r0", "r1"])[:1] == (again,)
    assert [e.action for e in read.log_entries(actions=["assign", "code"])] == ["assign"] * 4 + ["code"] * 3


def test_the_runs_of_a_report_stand_in_the_order_of_its_readings(read: Ledger) -> None:
    entry = read.entry("r1")
    assert entry
    assert entry.reading
    read.add_run(PERSON)
    read.add([(entry.report, replace(entry.reading, run=PERSON.id), ())])
    assert [run.id for run in read.runs_of("r1")] == [RUN.id, PERSON.id]
    assert read.newest_runs(["r0", "r1", "none"]) == {"r0": RUN.id, "r1": PERSON.id}


def test_the_queue_is_a_sum_of_needs(read: Ledger) -> None:
    rows = {w.report: w for w in read.queue(today=date(2024, 4, 15))}
    assert set(rows) == {"r0", "r1", "r2", "r3"}
    for row in rows.values():
        assert sum(worth for _, worth in row.needs) == pytest.approx(row.score)
        assert {name for name, _ in row.needs} <= set(NEEDS)
        assert row.title == f"Title {row.report[1]}"
        assert row.kind == "shelling"
    needs = {report: dict(row.needs) for report, row in rows.items()}
    assert needs["r1"]["doubt"] == pytest.approx(2.4)
    assert needs["r0"]["doubt"] == pytest.approx(0.3)
    assert [needs[f"r{n}"].get("toll") for n in range(4)] == [None, 1.0, 2.0, 0.5]
    assert [needs[f"r{n}"].get("due") for n in range(4)] == [2.0, 2.0, 1.0, 1.0]
    order = sorted(rows.values(), key=lambda w: (-w.score, w.incident))
    assert read.queue(today=date(2024, 4, 15), limit=2, skip=1) == tuple(order[1:3])
    assert "r2" not in {w.report for w in read.queue(today=date(2024, 4, 15), leave_out=["r2"])}
    assert read.count_unreviewed() == 4


def test_a_purge_takes_a_persons_work_along(read: Ledger) -> None:
    read.edit(make_edit(by="ana", report="r0", base=RUN.id, op="accept", details={"ids": ["e1"]}))
    read.assign([Assignment(NOW, "ed", "r0", "ana")])
    read.finish(Done(NOW, "ana", "r0", RUN.id, 1))
    read.purge(["r0"], reason="asked for")
    assert read.edits("r0") == ()
    assert read.assignments() == ()
    assert read.codings() == ()
    assert "r0" not in {w.report for w in read.queue(today=date(2024, 4, 15))}
