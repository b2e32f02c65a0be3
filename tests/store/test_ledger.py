"""The contract of a ledger: what was added is there, exactly and once, whichever database keeps it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from reportedly.errors import LedgerError
from reportedly.store import Ledger, tables
from reportedly.types import Failure, Reading, Run, Span, Tally
from tests.store.records import LATER, RUN, TEXT, Read, read, readings

NOTHING = Tally(reports=0, readings=0, statements=0, events=0, claims=0, runs=2, failures=0)
NUMBERS = itertools.count()


def counts(reports: int, *, failures: int = 0) -> Tally:
    """The tally of so many reports of `records.read`."""
    return replace(
        NOTHING,
        reports=reports,
        readings=reports,
        statements=reports,
        events=2 * reports,
        claims=2 * reports,
        failures=failures,
    )


def held(ledger: Ledger) -> list[tuple[object, object]]:
    return [(e.report, e.reading) for e in ledger.entries()]


def pairs(batch: Sequence[Read]) -> list[tuple[object, object]]:
    return [(report, reading) for report, reading, _ in batch]


def test_a_reading_comes_back_equal(ledger: Ledger) -> None:
    report, reading, claims = read(1)
    before = datetime.now(UTC)
    assert ledger.add([(report, reading, claims)]) == ()
    entry = ledger.entry(report.id)
    assert entry is not None
    assert (entry.report, entry.reading) == (report, reading)
    assert timedelta() <= entry.added - before < timedelta(minutes=1)
    assert tuple(ledger.claims()) == claims
    assert ledger.tally() == counts(1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_reading_holds_comes_back_equal(ledger: Ledger, data: st.DataObject) -> None:
    batch = [data.draw(readings(f"{next(NUMBERS):08d}", RUN.id)) for _ in range(2)]
    assert ledger.add(batch) == ()
    for report, reading, _ in batch:
        entry = ledger.entry(report.id)
        assert entry is not None
        assert (entry.report, entry.reading) == (report, reading)
    ids = {report.id for report, _, _ in batch}
    assert [c for c in ledger.claims() if c.report in ids] == [c for _, _, claims in batch for c in claims]


def test_adding_twice_is_adding_once(ledger: Ledger) -> None:
    batch = [read(n) for n in range(5)]
    ledger.add(batch[:3])
    ledger.add(batch)
    ledger.add([*batch, *batch])
    assert ledger.tally() == counts(5)
    assert held(ledger) == pairs(batch)


def test_an_empty_reading_is_a_reading(ledger: Ledger) -> None:
    report, _, _ = read(1)
    ledger.add([(report, Reading(report.id, RUN.id), ())])
    assert ledger.known([report.id], RUN.id) == {report.id}
    assert held(ledger) == [(report, Reading(report.id, RUN.id))]
    assert list(ledger.claims()) == []


def test_an_empty_batch_is_nothing(ledger: Ledger) -> None:
    assert ledger.add([]) == ()
    assert ledger.tally() == NOTHING
    assert list(ledger.entries()) == []
    assert ledger.entry("report-0001") is None


def test_the_first_of_a_reading_stays(ledger: Ledger) -> None:
    report, reading, claims = read(1)
    ledger.add([(report, reading, claims)])
    ledger.add([(replace(report, title="New title"), replace(reading, events=()), ())])
    assert held(ledger) == [(report, reading)]
    assert tuple(ledger.claims()) == claims


def test_the_same_id_with_another_text_is_a_failure_and_the_rest_is_stored(ledger: Ledger) -> None:
    ledger.add([read(1)])
    refused = ledger.add([read(0), read(1, text=TEXT + " More."), read(2), read(2, text="Less. " + TEXT)])
    assert [(f.where, f.stage) for f in refused] == [("in/1.txt", "store"), ("in/2.txt", "store")]
    assert "'report-0001' with another text" in refused[0].cause
    assert ledger.tally() == counts(3, failures=2)
    assert held(ledger) == pairs([read(0), read(1), read(2)])
    assert ledger.failures() == refused


def test_a_reading_that_is_not_sound_is_a_failure_and_the_rest_is_stored(ledger: Ledger) -> None:
    report, reading, claims = read(1)
    statement, event = reading.statements[0], reading.events[0]
    beyond = Span(0, len(report.text) + 1)
    unsound: list[Read] = [
        (replace(report, text="\ud83d"), reading, claims),
        (replace(report, id="other"), reading, claims),
        (report, replace(reading, run=LATER.id), claims),
        (report, replace(reading, events=(event, event)), claims),
        (report, replace(reading, statements=(statement, replace(statement, id="s2", content=(beyond,)))), claims),
        (report, reading, (replace(claims[0], evidence=(beyond,)),)),
        (report, reading, (claims[0], claims[0])),
    ]
    refused = ledger.add([read(0), *unsound, read(2)])
    assert [f.stage for f in refused] == ["store"] * len(unsound)
    assert held(ledger) == pairs([read(0), read(2)])


def test_another_run_adds_a_reading_and_the_newest_counts(ledger: Ledger) -> None:
    old, new = [read(n) for n in range(3)], [read(n, run=LATER) for n in range(2)]
    ledger.add(old)
    ledger.add(new)
    assert held(ledger) == pairs([*new, old[2]])
    assert [c.run for c in ledger.claims()] == [LATER.id] * 4 + [RUN.id] * 2
    assert [e.reading for e in ledger.entries(run=RUN.id)] == [reading for _, reading, _ in old]
    assert list(ledger.claims(run=RUN.id)) == [c for _, _, claims in old for c in claims]
    assert ledger.tally() == replace(counts(5), reports=3)
    entry = ledger.entry("report-0002", run=LATER.id)
    assert entry is not None
    assert entry.reading is None


def test_known_tells_what_a_run_has_read(ledger: Ledger) -> None:
    ledger.add([read(n) for n in range(450)])
    ledger.add([read(1, run=LATER)])
    ids = [f"report-{n:04d}" for n in range(440, 460)] + [f"report-{n:04d}" for n in range(440)]
    assert ledger.known(ids, RUN.id) == set(ids) - {f"report-{n:04d}" for n in range(450, 460)}
    assert ledger.known(iter(ids), LATER.id) == {"report-0001"}
    assert ledger.known([], RUN.id) == set()


def test_texts_tells_reports_apart_by_their_hash(ledger: Ledger) -> None:
    ledger.add([read(n) for n in range(201)] + [read(300, text="é " + TEXT)])
    found = ledger.texts([f"report-{n:04d}" for n in range(400)])
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert found.pop("report-0300") == hashlib.sha256(f"é {TEXT}".encode()).hexdigest()
    assert found == {f"report-{n:04d}": digest for n in range(201)}


def test_everything_comes_in_order_over_many_pages(ledger: Ledger) -> None:
    batch = [read(n) for n in range(401)]
    for start in range(0, 401, 50):
        ledger.add(list(reversed(batch[start : start + 50])))
    assert held(ledger) == pairs(batch)
    assert list(ledger.claims()) == [c for _, _, claims in batch for c in claims]


def test_the_ledger_may_grow_while_it_is_read(ledger: Ledger) -> None:
    ledger.add([read(n) for n in range(3)])
    seen = []
    for n, entry in enumerate(ledger.entries()):
        seen.append(entry.report.id)
        ledger.add([read(100 + n)])
    assert seen[:3] == ["report-0000", "report-0001", "report-0002"]


def test_a_run_is_recorded_once_and_must_come_first(ledger: Ledger) -> None:
    ledger.add_run(RUN)
    assert ledger.runs() == (RUN, LATER)
    bare = Run("bare", "0.1.0", "m", "o")
    with pytest.raises(LedgerError, match="no run 'bare'"):
        ledger.add([read(0), read(1, run=bare)])
    with pytest.raises(LedgerError, match="no run 'bare'"):
        ledger.add([], [Failure("a", "source", "b", "c")], run="bare")
    assert ledger.tally() == NOTHING
    ledger.add_run(bare)
    assert bare in ledger.runs()


def test_failures_are_recorded_once_a_run(ledger: Ledger) -> None:
    broken = Failure("in/a.jsonl:17", "source", "is no JSON: line 17, column 4", "mend the line")
    odd = Failure("in/\udcff.txt", "source", "holds a \0", "export it again")
    ledger.add([read(1)], [broken, odd, broken])
    ledger.add([], iter([broken]))
    stored = replace(odd, where="in/\\udcff.txt", cause="holds a \\0")
    assert set(ledger.failures()) == {broken, stored}
    ledger.add([], [broken], run=RUN.id)
    assert ledger.failures().count(broken) == 2


def add_all(place: str, numbers: Sequence[int], start: Barrier) -> None:
    with Ledger.open(place) as ledger:
        start.wait(30)  # a process that fails before this must not keep the others waiting
        ledger.add_run(RUN)
        ledger.add_run(LATER)
        for n in range(0, len(numbers), 4):
            ledger.add([read(m) for m in numbers[n : n + 4]])


def test_several_processes_write_at_once(place: str) -> None:
    """They make the same new ledger and add the same reports in different orders; everything is there once."""
    context = get_context("spawn")
    start = context.Barrier(3)
    numbers = list(range(60))
    orders = [numbers, numbers[::-1], numbers[30:] + numbers[:30]]
    children = [context.Process(target=add_all, args=(place, order, start)) for order in orders]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    with Ledger.open(place) as ledger:
        assert ledger.tally() == counts(60)
        assert held(ledger) == pairs([read(n) for n in numbers])


def test_the_columns_answer_queries(ledger: Ledger) -> None:
    """What people ask in SQL is in columns, beside the exact record."""
    ledger.add([read(1)])
    events, statements, claims = tables.events.c, tables.statements.c, tables.claims.c
    with ledger._engine.connect() as connection:
        row = connection.execute(
            select(events.id, events.country, events.place_id, events.lat, events.trigger_start).where(
                events.report == "report-0001", events.kind == "shelling", events.place == "Sarmada"
            )
        ).one()
        assert tuple(row) == ("e1", "SYR", "geonames:1", 36.184, TEXT.index("shelling"))
        said = select(statements.id).where(statements.speaker == "the army", statements.said_on.is_not(None))
        assert connection.scalars(said).all() == ["s1"]
        own_voice = select(claims.kind).where(claims.run == RUN.id, claims.speaker.is_(None))
        assert connection.scalars(own_voice).all() == ["displacement"]
