"""Killing the process at any moment loses at most the batch in hand, and reading again finishes the rest."""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from reportedly.store import Ledger, bulk
from reportedly.store import ledger as ledger_module
from reportedly.types import Failure, Tally
from tests.store.records import RUN, TEXT, Read, read

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")

# Two megabytes of text a batch: more than SQLite keeps in memory, so that it has written pages of the batch to disk
# before the transaction ends.
LONG = TEXT + " The road stayed closed." * 5_000
BATCHES = [[read(n, text=LONG) for n in range(start, start + 20)] for start in (0, 20, 40)]
LOST = [Failure("in/broken.html", "source", "is empty", "leave it out")]

MOMENTS = ["reports", "readings", "statements", "events", "claims", "failures", "commit", "after"]
"""Where the second batch is killed: before it writes to a table, before it commits, or just after it has."""


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def add_two_and_die(place: str, moment: str) -> None:
    ledger = Ledger.open(place)
    ledger.add_run(RUN)
    ledger.add(BATCHES[0])

    def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(f"INSERT INTO {moment} "):
            kill()

    def put_or_die(connection: Any, table: Any, made: Any) -> None:
        if table.name == moment:
            kill()
        bulk.put(connection, table, made)

    event.listen(ledger._engine, "before_cursor_execute", before)
    pytest.MonkeyPatch().setattr(ledger_module, "put", put_or_die)  # COPY is no statement that the event tells of
    if moment == "commit":
        event.listen(ledger._engine, "commit", lambda _: kill())
    ledger.add(BATCHES[1], LOST)
    kill()


def everything(ledger: Ledger) -> list[Read]:
    claims = list(ledger.claims())
    read = [(e.report, e.reading) for e in ledger.entries() if e.reading]
    return [(report, reading, tuple(c for c in claims if c.report == report.id)) for report, reading in read]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_batch_is_wholly_there_or_not_at_all(place: str, moment: str) -> None:
    child = get_context("fork").Process(target=add_two_and_die, args=(place, moment))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL

    whole = BATCHES[0] + (BATCHES[1] if moment == "after" else [])
    with Ledger.open(place) as ledger:
        assert everything(ledger) == whole
        assert len(ledger.failures()) == (moment == "after")
        known = ledger.known([report.id for batch in BATCHES for report, _, _ in batch], RUN.id)
        assert known == {report.id for report, _, _ in whole}

        for batch in BATCHES:
            ledger.add([one for one in batch if one[0].id not in known], LOST)
        assert everything(ledger) == [one for batch in BATCHES for one in batch]
        assert ledger.failures() == tuple(LOST)
        tally = ledger.tally()
        assert (tally.reports, tally.readings, tally.statements, tally.events, tally.claims) == (60, 60, 60, 120, 120)


def test_a_batch_that_is_refused_midway_leaves_nothing(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.add_run(RUN)

        def refuse(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith("INSERT INTO claims "):
                raise KeyboardInterrupt

        event.listen(ledger._engine, "before_cursor_execute", refuse)
        with pytest.raises(KeyboardInterrupt):
            ledger.add(BATCHES[0], LOST)
        event.remove(ledger._engine, "before_cursor_execute", refuse)
        assert ledger.tally() == Tally(reports=0, readings=0, statements=0, events=0, claims=0, runs=1, failures=0)
        ledger.add(BATCHES[0], LOST)
        assert everything(ledger) == BATCHES[0]
