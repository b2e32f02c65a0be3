"""The log: entries in a chain, whole whoever writes, and never changed."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from reportedly.errors import LedgerError
from reportedly.store import Ledger
from reportedly.store.chain import START, entry_sha256
from tests.store.older import take_back


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
        assert [e.action for e in ledger.log_entries()][0] == "migration"
        assert whole(ledger) > 1
