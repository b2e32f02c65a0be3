"""A ledger that was copied is the same ledger, wherever it went and wherever it came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from reportedly import __version__
from reportedly.claims import make_claims
from reportedly.errors import LedgerError
from reportedly.store import Ledger, bulk, copying
from reportedly.store.conditions import Query
from reportedly.store.copying import copy_ledger, count_ledger
from reportedly.store.incidents import linked_now
from reportedly.store.schema import metadata
from reportedly.store.tables import version
from reportedly.types import ClaimLink, Failure, Incident, Judgement, Origin
from tests.store.conftest import emptied
from tests.store.records import LATER, RUN, TEXT, read

NOON = datetime(2024, 5, 3, 12, 0, 0, 123456, tzinfo=UTC)


def fill(ledger: Ledger) -> None:
    """Something of everything, numbers with gaps included."""
    ledger.add([read(n) for n in range(5)], [Failure("a", "source", "b", "c\n\t\\.")], run=RUN.id)
    ledger.add([read(9, text=TEXT + "\n\\N \\. \t tabs, \x01 and 𝄞")])
    ledger.add([read(2, run=LATER)])
    claims = [c.id for c in ledger.claims()]
    ledger.judge(Judgement("j1", NOON, "Ann", "merge", (claims[0], claims[2]), "é\n\\N"))
    left, right = sorted((claims[0], claims[2]))
    link = ClaimLink(left, right, 1.5, (("days", 2.0), ("kinds", -0.5)), "same day", "j1")
    ledger.save_linking(
        linked_now("linker", 1),
        neighbourhoods={claims[0]: "n", claims[2]: "n", claims[1]: "m"},
        incidents=[Incident("i1", (claims[0], claims[2]), (link,))],
        origins=[Origin("o1", ("report-0000", "report-0001"))],
        stale=None,
    )


def everything(ledger: Ledger) -> list[Any]:
    found = ledger.find(Query("army shelling")).hits
    whole: list[Any] = [list(ledger.entries()), list(ledger.claims()), ledger.runs(), ledger.failures()]
    whole += [ledger.judgements(), list(ledger.incidents()), list(ledger.origins()), ledger.linking()]
    return [*whole, {hit.report.id: (hit.statements, hit.claims, hit.words) for hit in found}]


def test_a_copy_is_the_same_ledger_there_and_back(ledger: Ledger, postgres: str, tmp_path: Path) -> None:
    """From `ledger` to a file and, where `ledger` is a file, by way of PostgreSQL."""
    fill(ledger)
    before, counted = everything(ledger), count_ledger(ledger)
    log = list(ledger.log_entries())
    places = [str(tmp_path / "a.db")]
    if ledger._engine.dialect.name == "sqlite":
        places += [emptied(postgres), str(tmp_path / "b.db")]
    last = ledger
    for number, place in enumerate(places, 1):
        copy = Ledger.open(place)
        made = copy_ledger(last, copy)
        assert everything(copy) == before
        faults = [one.verify(make_claims, version=__version__).faults for one in (last, copy)]
        assert faults[0] == faults[1]
        assert [c for c in made if c.table != "log"] == [c for c in counted if c.table != "log"]
        entries = list(copy.log_entries())
        assert entries[: len(log)] == log
        assert [e.action for e in entries[len(log) :]] == ["copy"] * number
        assert entries[-1].details["tables"]["claims"]["rows"] == 14
        if last is not ledger:
            last.close()
        last = copy
    last.judge(Judgement("j2", NOON, "Ben", "accept", ("i1",)))
    last.add([read(20), read(3, run=LATER)])
    assert last.tally().readings == 9, "new rows are numbered after those that came"
    last.close()


def test_every_table_is_copied(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    with Ledger.open(tmp_path / "copy.db") as copy:
        made = copy_ledger(ledger, copy)
    assert {c.table for c in made} == set(metadata.tables) - {version.name}


def test_hashes_tell_values_apart_and_orders_not(place: str, tmp_path: Path) -> None:
    with Ledger.open(place) as one, Ledger.open(tmp_path / "other.db") as other:
        for ledger, order in ((one, (1, 2, 3)), (other, (3, 1, 2))):
            ledger.add_run(RUN)
            for n in order:
                ledger.add([read(n)])
        origins = [Origin("o", ("r1", "r2"))]
        for ledger in (one, other):
            ledger.save_linking(linked_now("l", 0), neighbourhoods={}, incidents=[], origins=origins, stale=None)
        same = {c.table for c in set(count_ledger(one)) & set(count_ledger(other))}
        assert "origins" in same
        assert "reports" not in same, "they were added at another time"
        other.save_linking(
            linked_now("l", 0), neighbourhoods={}, incidents=[], origins=[Origin("o", ("r2", "r1"))], stale=None
        )
        assert "origins" not in {c.table for c in set(count_ledger(one)) & set(count_ledger(other))}


def test_a_target_that_holds_something_is_refused_and_left_alone(place: str, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "from.db") as source, Ledger.open(place) as target:
        source.add_run(RUN)
        target.add_run(LATER)
        with pytest.raises(LedgerError, match="isn't empty"):
            copy_ledger(source, target)
        assert target.runs() == (LATER,)


def test_a_copy_that_arrives_otherwise_is_not_kept(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bulk.put

    def careless(connection: Any, table: Any, rows: Any) -> None:
        changed = ({**row, "hint": "lost"} if table.name == "failures" else row for row in rows)
        real(connection, table, changed)

    monkeypatch.setattr(copying, "put", careless)
    with Ledger.open(tmp_path / "from.db") as source, Ledger.open(place) as target:
        source.add_run(RUN)
        source.add([read(1)], [Failure("a", "source", "b", "c")])
        with pytest.raises(LedgerError, match="failures arrived with other values"):
            copy_ledger(source, target)
        assert target.tally() == replace(source.tally(), **dict.fromkeys(vars_of(source.tally()), 0))
        assert target.log_head() is None


def vars_of(tally: Any) -> list[str]:
    return list(tally.__dataclass_fields__)


def test_the_source_may_grow_meanwhile(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is copied is the ledger of one moment."""
    real = bulk.put

    with Ledger.open(place) as source, Ledger.open(tmp_path / "to.db") as target:
        source.add_run(RUN)
        source.add([read(1)])

        def meanwhile(connection: Any, table: Any, rows: Any) -> None:
            if table.name == "readings":
                source.add([read(2)])
            real(connection, table, rows)

        monkeypatch.setattr(copying, "put", meanwhile)
        copy_ledger(source, target)
        assert target.tally().reports == 1
        assert source.tally().reports == 2


def test_rows_of_every_kind_of_column_survive(ledger: Ledger, tmp_path: Path) -> None:
    """Also those of tables that nothing here knows how to fill: by their columns' types alone."""
    fill(ledger)
    values: dict[str, Any] = {"JSON": {"a": [1, 2.5, "é"]}, "UtcTime": NOON, "DATE": NOON.date(), "BOOLEAN": True}
    values |= {"DOUBLE": 0.1, "INTEGER": 7, "VARCHAR": "x", "TEXT": "x", "BLOB": b"\0\xff\\x"}
    with ledger._writing() as connection:
        for table in metadata.sorted_tables:
            if table is version or connection.execute(select(table).limit(1)).first():
                continue
            row = {}
            for column in table.c:
                kind = type(column.type).__name__
                row[column.name] = values[kind if kind in values else str(column.type).split("(")[0]]
                for key in column.foreign_keys:
                    row[column.name] = connection.scalar(select(key.column).limit(1))
            connection.execute(insert(table), [row])
    with Ledger.open(tmp_path / "copy.db") as copy:
        copy_ledger(ledger, copy)
        with copy._reading() as connection:
            for table in metadata.sorted_tables:
                assert connection.execute(select(table).limit(1)).first(), table.name
