"""What only PostgreSQL does: how it is reached and refused, its own orders and limits, and who waits for whom."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, func, insert, inspect, make_url, select, text

from reportedly.errors import LedgerError
from reportedly.store import Ledger, migrate, tables
from reportedly.store.base import TRIES
from reportedly.store.conditions import Query
from reportedly.store.connect import InTheWayError
from reportedly.store.rows import run_row
from reportedly.store.server import CONFIGURATION
from reportedly.types import Reading, Report, Run
from tests.store.conftest import emptied
from tests.store.records import LATER, RUN, Read, read

RUNS = tables.runs
ROW = {**run_row(RUN, datetime(2024, 5, 3, tzinfo=UTC)), "id": "another"}


@pytest.fixture
def url(postgres: str) -> str:
    """An empty database."""
    return emptied(postgres)


@pytest.fixture
def store(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as made:
        made.add_run(RUN)
        made.add_run(LATER)
        yield made


def changed(url: str, **parts: Any) -> str:
    return make_url(url)._replace(**parts).render_as_string(hide_password=False)


def test_ids_come_in_the_order_of_their_bytes(store: Ledger) -> None:
    """Though the tests' server sorts as English does."""
    ids = ["b", "B", "a", "Z", "_", "é", "-a", "a-b", "ab", "a b", "𝄞", "ﬁ"]
    reports = [Report(i, f"Text of {i}.") for i in ids]
    store.add([(r, Reading(r.id, RUN.id), ()) for r in reports])
    assert [e.report.id for e in store.entries()] == sorted(ids)
    with store._reading() as connection:
        server_says = connection.scalar(text("SELECT 'a' COLLATE \"C\" > 'B' COLLATE \"C\""))
    assert server_says


@pytest.mark.parametrize("form", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_the_url_may_be_written_in_three_ways(url: str, form: str) -> None:
    with Ledger.open(form + url.split("://")[1]) as ledger:
        assert ledger.tally().reports == 0
        assert ledger.name == changed(url, password=None)


def test_a_service_file_and_the_environment_are_read(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = make_url(url)
    lines = f"[ours]\nhost={asked.host}\nport={asked.port}\nuser={asked.username}\ndbname={asked.database}\n"
    (tmp_path / "service.conf").write_text(lines)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "service.conf"))
    monkeypatch.setenv("PGPASSWORD", str(asked.password))
    with Ledger.open("postgresql+psycopg:///?service=ours") as ledger:
        ledger.add_run(RUN)
        assert ledger.name == "postgresql+psycopg:///?service=ours"
    with Ledger.open(changed(url, password=None), create=False) as ledger:
        assert ledger.runs() == (RUN,)


def test_what_stands_in_the_way_of_opening_is_told_without_the_password(url: str) -> None:
    for wrong, message in (
        (changed(url, password="sesame"), "refuses this user or password"),
        (changed(url, username="nobody"), "refuses this user or password"),
        (changed(url, database="nowhere"), "no such database"),
        (changed(url, port=1), "is out of reach"),
        (url + "?password=sesame&options=-csearch_path", "refuses this user or password|is out of reach"),
    ):
        with pytest.raises(LedgerError, match=message) as raised:
            Ledger.open(wrong, wait_s=2)
        assert raised.value.hint
        for secret in ("sesame", str(make_url(url).password)):
            assert secret not in str(raised.value)


def test_an_empty_database_or_somebody_elses_is_told(url: str) -> None:
    with pytest.raises(LedgerError, match="is an empty database"):
        Ledger.open(url, create=False)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE reports (a text)"))
    with pytest.raises(LedgerError, match="has a table 'reports'"):
        Ledger.open(url)
    engine.dispose()


def test_a_driver_that_is_missing_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"driver is missing .*reportedly\[postgresql\]"):
        Ledger.open(url)


def test_a_database_that_is_not_utf8_is_refused(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS latin"))
        made = "ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(text(f"CREATE DATABASE latin {made}"))
    engine.dispose()
    with pytest.raises(LedgerError, match="keeps its texts in LATIN1"):
        Ledger.open(changed(url, database="latin"))


def described(url: str) -> dict[str, object]:
    """Columns with their types and collations, keys and indexes of every table."""
    engine = create_engine(url)
    sql = (
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, collation_name"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    with engine.connect() as connection:
        found: dict[str, object] = {"columns": [tuple(row) for row in connection.execute(text(sql))]}
        indexes = text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        found["indexes"] = [tuple(row) for row in connection.execute(indexes)]
        inspector = inspect(connection)
        for name in inspector.get_table_names():
            keys = sorted(inspector.get_foreign_keys(name), key=lambda key: str(key["name"]))
            found[name] = (inspector.get_pk_constraint(name), keys)
        triggers = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        found["triggers"] = list(connection.scalars(triggers))
    engine.dispose()
    return found


def upgrade_to(url: str, revision: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_migrations_make_the_tables_that_the_program_makes(postgres: str) -> None:
    url = emptied(postgres)
    Ledger.open(url).close()
    made = described(url)
    emptied(url)
    upgrade_to(url, "0001")
    Ledger.open(url).close()
    assert described(url) == made


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_older_ledger_is_migrated_with_what_it_holds(url: str, tmp_path: Path, revision: str) -> None:
    with Ledger.open(tmp_path / "filled.db") as filled:
        filled.add_run(RUN)
        filled.add_run(LATER)
        filled.add([read(n) for n in (3, 1, 2)])
        filled.add([read(2, run=LATER)])
        upgrade_to(url, revision)
        engine = create_engine(url)
        old = MetaData()
        old.reflect(engine)
        names = ("reports", "runs", "readings", "statements", "events", "claims", "failures")
        with filled._reading() as there, engine.begin() as here:
            now = MetaData()
            now.reflect(there, only=names)
            for name in names:
                columns = [now.tables[name].c[c.name] for c in old.tables[name].c if c.name in now.tables[name].c]
                rows = [dict(row) for row in there.execute(select(*columns)).mappings()]
                if rows:
                    here.execute(insert(old.tables[name]), rows)
            here.execute(text("SELECT setval('readings_id_seq', (SELECT max(id) FROM readings))"))
            if revision == "0003":
                said = "SELECT report, reading, seq FROM statements"
                here.execute(text(f"INSERT INTO passages (report, reading, seq) {said}"))
                here.execute(text("INSERT INTO passages (report) SELECT id FROM reports"))
                here.execute(text("UPDATE passages SET words = to_tsvector('english', 'the old way')"))
        engine.dispose()
        with Ledger.open(url, create=False) as ledger:
            assert list(ledger.entries()) == list(filled.entries())
            assert list(ledger.claims()) == list(filled.claims())
            assert ledger.runs() == filled.runs()
            assert ledger.find(Query("army shelling")).total == 3
            assert ledger.find(Query("old way")).total == 0
            ledger.add([read(4)])
            assert ledger.find(Query("army shelling")).total == 4
            assert ledger.log_head() is not None


def long_text(words: int) -> str:
    return "Beginning. " + " ".join(f"w{n:x}é" for n in range(words)) + " Ending."


def test_a_text_with_more_words_than_an_index_holds_is_stored_and_found(store: Ledger) -> None:
    report = Report("long", long_text(300_000))
    assert store.add([(report, Reading("long", RUN.id), ())]) == ()
    entry = store.entry("long")
    assert entry is not None
    assert entry.report == report
    assert store.find(Query("beginning")).total == 1


def test_an_id_that_no_index_holds_is_a_failure(store: Ledger) -> None:
    def named(name: str) -> Read:
        return Report(name, "Text."), Reading(name, RUN.id), ()

    (failure,) = store.add([named("é" * 1001), named("é" * 1000), read(1)])
    assert "longer than 2,000 bytes" in failure.cause
    assert store.tally().reports == 2


def test_who_waits_too_long_is_told(store: Ledger, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as other, Ledger.open(url, wait_s=0.2) as hurried:
        other.execute(text("LOCK TABLE runs IN EXCLUSIVE MODE"))
        with pytest.raises(LedgerError, match="is locked by another program"):
            hurried.add_run(replace(RUN, id="new"))
        assert hurried.runs() == (RUN, LATER), "readers go on"
    engine.dispose()


def test_two_that_wait_for_each_other_both_come_through(store: Ledger, url: str) -> None:
    """The server ends one of them, which begins anew."""
    meet = threading.Barrier(2, timeout=20)
    tries: list[int] = []

    def work(first: int, second: int) -> None:
        met: list[bool] = []

        def locks(connection: Connection) -> None:
            tries.append(first)
            connection.execute(select(func.pg_advisory_xact_lock(first)))
            if not met:
                met.append(True)
                meet.wait()
            connection.execute(select(func.pg_advisory_xact_lock(second)))
            store._insert_new(connection, RUNS, [{**ROW, "id": f"run {first}"}])

        store._write(locks)

    threads = [threading.Thread(target=work, args=pair) for pair in ((101, 102), (102, 101))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {"run 101", "run 102"} <= {run.id for run in store.runs()}
    assert len(tries) == 3


def test_who_is_in_the_way_for_ever_is_told(store: Ledger) -> None:
    tries = []

    def never(connection: Connection) -> None:
        tries.append(1)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(InTheWayError, match="again and again"):
        store._write(never)
    assert len(tries) == TRIES


def test_nothing_is_written_while_reading(store: Ledger) -> None:
    with pytest.raises(LedgerError, match="is read-only"), store._reading() as connection:
        store._insert_new(connection, RUNS, [ROW])
    with store.snapshot() as seen, pytest.raises(LedgerError, match="only looked at"):
        seen.add_run(Run("x", "0", "m", "o"))


def test_the_search_configuration_is_the_ledgers_own(store: Ledger) -> None:
    with store._reading() as connection:
        asked = text(f"SELECT to_tsvector('{CONFIGURATION}', 'the shelling of and')::text")
        assert connection.scalar(asked) == "'and':4 'of':3 'shell':2 'the':1"


def test_names_are_indexed_by_their_parts_where_that_can_be_had(store: Ledger) -> None:
    with store._reading() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")):
            pytest.skip("the server has no pg_trgm")
        made = connection.scalars(text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")).all()
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked = "EXPLAIN SELECT who FROM incident_tellers WHERE lower(who) LIKE '%' || lower('army') || '%'"
        plan = " ".join(connection.scalars(text(asked)))
    assert sorted(made) == ["ix_incident_actors_name_parts", "ix_incident_tellers_who_parts"]
    assert "ix_incident_tellers_who_parts" in plan


def test_a_user_who_may_make_no_extension_has_a_ledger_all_the_same(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP EXTENSION IF EXISTS pg_trgm CASCADE"))
        if not _knows(connection, "plain"):
            connection.execute(text("CREATE ROLE plain LOGIN PASSWORD 'plain'"))
        connection.execute(text("GRANT CREATE, USAGE ON SCHEMA public TO plain"))
    with Ledger.open(changed(url, username="plain", password="plain")) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1)])
        assert ledger.find(Query("army")).total == 1
    with engine.begin() as connection:
        if not _knows(connection, "reader"):
            connection.execute(text("CREATE ROLE reader LOGIN PASSWORD 'reader'"))
        connection.execute(text("GRANT USAGE ON SCHEMA public TO reader"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
    with Ledger.open(changed(url, username="reader", password="reader"), create=False) as ledger:
        assert ledger.tally().reports == 1
        assert ledger.find(Query("army")).total == 1
        with pytest.raises(LedgerError, match="may not do that"):
            ledger.add_run(LATER)
    engine.dispose()


def _knows(connection: Connection, role: str) -> bool:
    return bool(connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}))
