"""A ledger that was made at once and one that grew by migrations have the same tables."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from reportedly.errors import LedgerError
from reportedly.store import Ledger, connect, migrate
from reportedly.store.conditions import Query
from reportedly.store.tables import REVISIONS, VERSION_TABLE, metadata
from tests.store.older import take_back
from tests.store.records import RUN, read


def schema(path: Path) -> dict[str, str]:
    """What SQLite says that it made, by name."""
    with closing(sqlite3.connect(path)) as raw:
        return dict(raw.execute("SELECT name, sql FROM sqlite_master"))


def not_of_fts5(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """FTS5's tables are what SQLAlchemy doesn't know of; `schema` compares them."""
    return kind != "table" or not (name or "").startswith("passage_words")


def test_migrations_make_the_tables_that_the_program_makes(tmp_path: Path) -> None:
    made, grown = tmp_path / "made.db", tmp_path / "grown.db"
    Ledger.open(made).close()
    engine = create_engine(f"sqlite:///{grown}")
    with engine.begin() as connection:
        migrate.upgrade(connection)
    with engine.connect() as connection:
        opts = {"version_table": VERSION_TABLE, "compare_type": True, "include_name": not_of_fts5}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISIONS[-1]
    engine.dispose()
    assert schema(grown) == schema(made)
    Ledger.open(grown).close()


def test_the_program_knows_every_migration_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([script.revision for script in scripts])) == REVISIONS


def test_what_was_kept_before_the_search_is_indexed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1), read(2)])
        before = ledger.find(Query("army shelling"))
    with closing(sqlite3.connect(path)) as raw, raw:
        passages = raw.execute("SELECT report, reading, seq FROM passages ORDER BY id").fetchall()
        take_back(raw, "0002")
    with Ledger.open(path) as ledger:
        assert ledger.find(Query("army shelling")) == before
        assert before.total == 2
        ledger.add([read(3)])
        assert ledger.find(Query("army shelling")).total == 3
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT report, reading, seq FROM passages ORDER BY id LIMIT 4").fetchall() == passages


def test_upgrading_a_new_ledger_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()
    before = schema(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate.upgrade(connection)
    engine.dispose()
    assert schema(path) == before


NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{REVISIONS[-1]}"


def upgrade() -> None:
    op.add_column("reports", sa.Column("colour", sa.String))
"""


def test_an_older_ledger_is_migrated_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a made-up schema after the newest."""
    path, folder = tmp_path / "ledger.db", tmp_path / "migrations"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1)])
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "r9999_colour.py").write_text(NEXT)
    monkeypatch.setattr(connect, "REVISIONS", (*REVISIONS, "9999"))
    monkeypatch.setattr(migrate, "upgrade", partial(migrate.upgrade, folder=folder))
    with Ledger.open(path, create=False) as ledger:
        assert [e.report for e in ledger.entries()] == [read(1)[0]]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT id, colour FROM reports").fetchall() == [("report-0001", None)]
        assert raw.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall() == [("9999",)]
    monkeypatch.undo()
    with pytest.raises(LedgerError, match="newer reportedly"):
        Ledger.open(path)
