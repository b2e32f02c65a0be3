"""Opening: a new ledger, an old one, and everything that is none, each with a message that says what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from reportedly.errors import LedgerError
from reportedly.store import Ledger
from reportedly.store.tables import VERSION_TABLE
from reportedly.types import Failure
from tests.store.records import RUN, read


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        for statement in statements:
            raw.execute(statement)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The file of a closed ledger with one report."""
    path = tmp_path / "filled.db"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1)])
    return path


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Permissions hold for everyone but root; as root, be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed_to_writing(filled: Path) -> Iterator[Path]:
    """The ledger in a folder where neither the file nor its neighbours can be written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        path.write_bytes(filled.read_bytes())
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (str, "a ledger, 100%? #1 é.db"),
        (Path, "a ledger, 100%? #1 é.db"),
        (lambda p: f"sqlite:///{p}", "a ledger, 100% é.db"),
    ],
)
def test_a_ledger_is_one_file_wherever_it_is_named(
    tmp_path: Path, where: Callable[[Path], str | Path], name: str
) -> None:
    path = tmp_path / name
    with Ledger.open(where(path)) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(1)])
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with Ledger.open(where(path), create=False) as ledger:
        assert ledger.tally().reports == 1
        assert ledger.name == str(path)


def test_a_new_ledger_uses_a_write_ahead_log(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_file_becomes_a_ledger_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(LedgerError, match="is an empty database"):
        Ledger.open(path, create=False)
    Ledger.open(path).close()
    Ledger.open(path, create=False).close()


def make_text(path: Path) -> None:
    path.write_text("Shelling near Sarmada killed nine people, residents said.")


def make_other_database(path: Path) -> None:
    run_sql(path, "CREATE TABLE bookmarks (url TEXT)")


def make_other_alembic(path: Path) -> None:
    run_sql(path, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('0001')")


def make_newer(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")


def make_damaged(path: Path) -> None:
    Ledger.open(path).close()
    raw = path.read_bytes()
    path.write_bytes(raw[:100] + b"\xff" * (len(raw) - 100))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Path.mkdir, "is a folder .*give a file in it"),
        (make_text, "is no database .*ledger"),
        (make_other_database, "is a database, but no ledger: it has a table 'bookmarks'"),
        (make_other_alembic, "is a database, but no ledger: it has a table 'alembic_version'"),
        (make_newer, r"was made by a newer reportedly \(its schema is 9999\) \(upgrade reportedly\)"),
        (make_damaged, "is a damaged database"),
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_what_is_no_ledger_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], message: str, create: bool
) -> None:
    path = tmp_path / "thing"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError, match=message) as raised:
        Ledger.open(path, create=create)
    assert raised.value.where == str(path)
    assert raised.value.hint
    assert before == (path.read_bytes() if path.is_file() else None)


@pytest.mark.parametrize(
    ("where", "create", "message"),
    [
        ("none.db", False, "there is no ledger .*reportedly read"),
        ("no/such/folder/a.db", True, "its folder doesn't exist"),
        ("", True, "is no file"),
        (":memory:", True, "is no file"),
        ("sqlite://", True, "names no file"),
        ("mysql://somebody:secret@localhost/a", True, "mysql can't hold a ledger"),
        ("postgresql+nosuch://somebody:secret@localhost/a", True, "is no way to reach a ledger .use postgresql"),
        ("postgresql://somebody:secret@localhost:port/a", True, "is no database URL"),
        ("http://somebody:secret@example.org/a", True, "http can't hold a ledger"),
        ("://secret", True, "is no database URL"),
    ],
)
def test_a_place_where_no_ledger_can_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, create: bool, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=message) as raised:
        Ledger.open(where, create=create)
    assert "secret" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_ledger_can_be_read_but_not_written(closed_to_writing: Path) -> None:
    with ordinary_user():
        with pytest.raises(LedgerError, match="is read-only"):
            Ledger.open(closed_to_writing)
        with Ledger.open(closed_to_writing, create=False) as ledger:
            assert [e.report for e in ledger.entries()] == [read(1)[0]]
            with pytest.raises(LedgerError, match="is read-only"):
                ledger.add([read(2)])


def test_a_file_that_must_not_be_read_is_refused(closed_to_writing: Path) -> None:
    closed_to_writing.chmod(0)
    with ordinary_user(), pytest.raises(LedgerError, match="can't be read"):
        Ledger.open(closed_to_writing, create=False)


def test_a_folder_that_forbids_a_new_ledger_is_told(closed_to_writing: Path) -> None:
    with ordinary_user(), pytest.raises(LedgerError, match="can't be opened"):
        Ledger.open(closed_to_writing.with_name("new.db"))


def test_a_lock_is_waited_for_and_then_told(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as other, Ledger.open(filled, wait_s=0.05) as ledger:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="is locked by another program"):
            ledger.add([read(2)], [Failure("a", "source", "b", "c")])
        assert ledger.tally().reports == 1  # readers go on
        other.execute("ROLLBACK")
        ledger.add([read(2)])
        assert ledger.tally().reports == 2


def test_a_ledger_that_another_program_keeps_to_itself_is_told(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="is locked by another program"):
            Ledger.open(filled, wait_s=0.05)


def test_a_failed_open_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    make_newer(path)
    with pytest.raises(LedgerError):
        Ledger.open(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_opening_imports_no_alembic(tmp_path: Path) -> None:
    """It would double the time to open; new ledgers are made without it, and old ones seldom need it."""
    code = (
        "import sys; from reportedly.store import Ledger; Ledger.open(sys.argv[1]).close();"
        "Ledger.open(sys.argv[1]).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.db")], timeout=60).returncode == 0
