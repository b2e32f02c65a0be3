"""The log: entries in a chain, whole whoever writes, and never changed."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from reportedly.errors import LedgerError
from reportedly.store import Ledger, tables
from reportedly.store.chain import START, entry_sha256
from reportedly.store.seals import reading_seal
from reportedly.types import Failure, Judgement
from tests.store.older import take_back
from tests.store.records import LATER, RUN, read


def whole(ledger: Ledger) -> int:
    """How many entries there are; fails where the chain is broken."""
    last, count = START, 0
    for count, entry in enumerate(ledger.log_entries(), start=1):
        row = {name: getattr(entry, name) for name in entry.__slots__}
        assert (entry.seq, entry.previous, entry.sha256) == (count, last, entry_sha256(row))
        last = entry.sha256
    return count


def test_entries_come_back_in_order_and_chained(ledger: Ledger) -> None:
    before = whole(ledger)
    first = ledger.log("export", by="Amina", subject="csv", details={"files": {"b": "2", "a": "ä"}, "n": None})
    second = ledger.log("login", by="Boris")
    assert whole(ledger) == before + 2
    assert list(ledger.log_entries(after=before)) == [first, second]
    assert list(ledger.log_entries(after=before, limit=1)) == [first]
    assert list(ledger.log_entries(actions=["login"])) == [second]
    assert ledger.log_head() == second
    assert first.details == {"files": {"b": "2", "a": "ä"}, "n": None}
    assert datetime.now(UTC) - first.made < timedelta(minutes=1)


def test_more_entries_than_a_page(ledger: Ledger) -> None:
    before = whole(ledger)
    for number in range(450):
        ledger.log("login", by="Amina", subject=str(number))
    assert whole(ledger) == before + 450
    assert [e.subject for e in ledger.log_entries(after=before, limit=250)] == [str(n) for n in range(250)]


def test_without_a_name_it_is_the_system_user(ledger: Ledger) -> None:
    assert ledger.log("copy").by


def test_what_is_no_json_is_refused(ledger: Ledger) -> None:
    before = whole(ledger)
    with pytest.raises(LedgerError, match="the log can hold"):
        ledger.log("copy", details={"at": datetime.now(UTC)})
    with pytest.raises(LedgerError, match="the log can hold"):
        ledger.log("copy", details={"x": float("nan")})
    assert whole(ledger) == before


def test_many_writers_keep_the_chain_whole(place: str) -> None:
    ledgers = [Ledger.open(place) for _ in range(6)]

    def write(ledger: Ledger) -> None:
        for number in range(25):
            ledger.log("login", by=str(number))

    with ThreadPoolExecutor(len(ledgers)) as pool:
        list(pool.map(write, ledgers))
    assert whole(ledgers[0]) == 150
    for ledger in ledgers:
        ledger.close()


@pytest.mark.parametrize("sql", ["UPDATE log SET by = 'someone'", "DELETE FROM log"])
def test_the_database_itself_refuses_changes(ledger: Ledger, sql: str) -> None:
    ledger.log("login", by="Amina")
    with pytest.raises(LedgerError, match="only added to"), ledger._writing() as connection:
        connection.execute(text(sql.replace(" by ", ' "by" ')))
    assert whole(ledger)


def test_an_older_ledger_begins_its_log_with_the_migration(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        take_back(raw, "0003")
    with Ledger.open(path) as ledger:
        ledger.log("login", by="Amina")
        assert next(e.action for e in ledger.log_entries()) == "migration"
        assert whole(ledger) > 1


def seals(ledger: Ledger) -> dict[str, Any]:
    """All seals in the log: of readings by run and report, of the rest by id."""
    found: dict[str, Any] = {}
    for entry in ledger.log_entries():
        for kind, some in entry.details.get("seals", {}).items():
            for key, seal in some.items() if isinstance(some, dict) else [(i, "") for i in some]:
                if isinstance(seal, dict):
                    found.setdefault(kind, {}).setdefault(key, {}).update(seal)
                else:
                    found.setdefault(kind, {})[key] = seal
    return found


def test_what_is_stored_is_sealed_once(ledger: Ledger) -> None:
    lost = Failure("in/x.txt", "source", "no text", "")
    ledger.add([read(1), read(2)], [lost], run=RUN.id)
    before = whole(ledger)
    ledger.add([read(1), read(2)], [lost], run=RUN.id)
    ledger.add_run(RUN)
    assert whole(ledger) == before
    ledger.add([read(1, run=LATER)])
    made = Judgement("judgement-1", datetime(2024, 5, 3, tzinfo=UTC), "Amina", "accept", ("claim-1",))
    ledger.judge(made)
    ledger.judge(made)
    assert whole(ledger) == before + 2
    found = seals(ledger)
    assert {kind: set(some) for kind, some in found.items()} == {
        "runs": {RUN.id, LATER.id},
        "reports": {"report-0001", "report-0002"},
        "readings": {RUN.id, LATER.id},
        "failures": set(found["failures"]),
        "judgements": {"judgement-1"},
    }
    assert set(found["readings"][RUN.id]) == {"report-0001", "report-0002"}
    entry = ledger.log_head()
    assert entry is not None
    assert (entry.by, entry.subject) == ("Amina", "judgement-1")


def test_what_an_older_ledger_holds_is_sealed_as_it_would_be_today(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add_run(LATER)
        ledger.add([read(n) for n in range(450)], [Failure("in/x.txt", "source", "no text", "")])
        ledger.add([read(n, run=LATER) for n in range(150, 250)])
        ledger.judge(Judgement("judgement-1", datetime(2024, 5, 3, 1, 2, 3, 4, UTC), "Amina", "accept", ("claim-1",)))
        today = seals(ledger)
    with closing(sqlite3.connect(path)) as raw, raw:
        take_back(raw, "0003")
    with Ledger.open(path) as ledger:
        assert seals(ledger) == today


@pytest.mark.parametrize("number", [0.0, -0.0, 1, 1e-300, -3.25])
def test_a_seal_is_the_same_before_and_after_storing(place: str, number: float) -> None:
    report, reading, claims = read(1)
    changed = [replace(c, score=number, lat=number) for c in claims]
    with Ledger.open(place) as ledger:
        ledger.add_run(RUN)
        ledger.add([(report, reading, changed)])
        told = seals(ledger)["readings"][RUN.id][report.id]
        with ledger._reading() as connection:
            row = connection.execute(select(tables.readings)).mappings().one()
            said, events = (
                list(connection.scalars(select(t.c.record).order_by(t.c.seq)))
                for t in (tables.statements, tables.events)
            )
            made = connection.execute(select(tables.claims).order_by(tables.claims.c.seq)).mappings().all()
        assert reading_seal(dict(row), statements=said, events=events, claims=[dict(c) for c in made]) == told
