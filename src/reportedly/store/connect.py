"""Opening a ledger's database: which one is meant, whether it is a ledger, and of which version."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from reportedly.errors import LedgerError
from reportedly.store import server
from reportedly.store.codec import dumps
from reportedly.store.globe import SQLITE_FUNCTION, kilometres
from reportedly.store.tables import REVISIONS, metadata, version

WRITE = "reportedly_write"
"""The execution option of a connection that is going to write: its transaction takes SQLite's lock at once, not halfway
through, where a lock that another process holds could no longer be waited for."""

_MAGIC = b"SQLite format 3\0"

_CAUSES = {
    "SQLITE_BUSY": ("is locked by another program", "wait until that one is done, or stop it"),
    "SQLITE_LOCKED": ("is locked by another program", "wait until that one is done, or stop it"),
    "SQLITE_READONLY": ("is read-only", "allow writing to the file and its folder, or copy it elsewhere"),
    "SQLITE_CANTOPEN": ("can't be opened", "the folder must exist and allow writing, for SQLite's own side files"),
    "SQLITE_NOTADB": ("is no database", "give the path of a ledger, or of a file that doesn't exist yet"),
    "SQLITE_CORRUPT": ("is a damaged database", "restore it from a copy, or read the reports into a new ledger"),
    "SQLITE_FULL": ("can't grow: the disk is full", "free some space and read again; what was stored stays"),
    "SQLITE_IOERR": ("can't be read or written: the disk reports an error", "check the disk"),
}


def connect(where: str | Path, *, create: bool, wait_s: float) -> tuple[Engine, str]:
    """An engine on the ledger at `where`, a path or a database URL, and its name for messages (no password in it).

    A new database gets the tables, an older one is migrated. Raises `LedgerError` as `Ledger.open` says.
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        name = str(url.database)
        engine = _sqlite(Path(name), create=create, wait_s=wait_s)
    else:
        name = server.public_name(url)
        engine = server.open_server(url, wait_s=wait_s)
    try:
        with told(name):
            _prepare(engine, name, create=create, deadline=time.monotonic() + wait_s)
    except LedgerError:
        engine.dispose()
        raise
    return engine, name


class InTheWayError(LedgerError):
    """Another transaction stood in the way of this one, which may be tried again."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turns the database's errors inside the block into a `LedgerError` about the ledger `name`."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise LedgerError("was asked for what is no text", where=name, hint="a lone half of a character") from error
    except SQLAlchemyError as error:
        if meant := server.explained(error):
            kind = InTheWayError if server.state_of(error) in server.AGAIN else LedgerError
            raise kind(meant[0], where=name, hint=meant[1]) from error
        cause = getattr(error, "orig", None) or error
        code = str(getattr(cause, "sqlite_errorname", ""))
        for prefix, (what, hint) in _CAUSES.items():
            if code.startswith(prefix):
                raise LedgerError(what, where=name, hint=hint) from error
        raise LedgerError(
            f"the database refused: {cause}", where=name, hint="nothing of this call is stored"
        ) from error


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        if not str(where) or str(where) == ":memory:":
            raise LedgerError("is no file", where=repr(str(where)), hint="a ledger is kept: give the path of a file")
        return URL.create("sqlite", database=str(where))
    if server.is_server(where):
        return _server_url(where)
    try:
        url = make_url(where)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # Only its beginning is shown: the rest may hold a password.
        raise LedgerError("is no database URL", where=where.split("://")[0], hint="e.g. sqlite:///x.db") from error
    if backend not in ("sqlite", "postgresql"):
        raise LedgerError(f"{backend} can't hold a ledger", where=backend, hint=f"use a file, or {server.DRIVER}://…")
    if backend == "sqlite" and not url.database:
        raise LedgerError("names no file", where=where, hint="e.g. sqlite:///reportedly.db")
    return url


def _server_url(where: str) -> URL:
    scheme = where.partition("://")[0]
    if scheme not in ("postgres", "postgresql", server.DRIVER):
        raise LedgerError(f"{scheme} is no way to reach a ledger", where=scheme, hint=f"use {server.DRIVER}://…")
    try:
        return make_url(where).set(drivername=server.DRIVER)
    except (ArgumentError, ValueError) as error:
        hint = f"e.g. {server.DRIVER}://user@host/database"
        raise LedgerError("is no database URL", where=scheme, hint=hint) from error


def _sqlite(path: Path, *, create: bool, wait_s: float) -> Engine:
    writable = _look(path, create=create)
    uri = f"file:{quote(str(path))}"
    if not writable:
        # Without side files there is nothing to recover, and SQLite need not create any in a folder that forbids it.
        lone = not path.with_name(path.name + "-wal").exists()
        uri += "?mode=ro" + ("&immutable=1" if lone else "")
    elif not create:
        uri += "?mode=rw"

    def open_file() -> sqlite3.Connection:
        # isolation_level=None: transactions begin where `_begin` says so, not where the driver guesses.
        raw = sqlite3.connect(uri, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False)
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA synchronous=FULL")
        raw.create_function(SQLITE_FUNCTION, 4, kilometres, deterministic=True)
        return raw

    engine = create_engine("sqlite://", creator=open_file, poolclass=QueuePool, json_serializer=dumps)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _look(path: Path, *, create: bool) -> bool:
    """Whether the file may be written to; refuses what can't be a ledger before SQLite makes anything of it."""
    if path.is_dir():
        raise LedgerError("is a folder", where=str(path), hint=f"give a file in it, e.g. {path / 'reportedly.db'}")
    if not path.exists():
        if not create:
            raise LedgerError("there is no ledger", where=str(path), hint="`reportedly read` makes one")
        if not path.absolute().parent.is_dir():
            raise LedgerError("its folder doesn't exist", where=str(path), hint=f"make {path.absolute().parent} first")
        return True
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise LedgerError(f"can't be read: {error.strerror}", where=str(path), hint="check its permissions") from error
    if head and head != _MAGIC:
        what, hint = _CAUSES["SQLITE_NOTADB"]
        raise LedgerError(what, where=str(path), hint=hint)
    try:
        path.open("r+b").close()
    except OSError as error:
        if create:
            what, hint = _CAUSES["SQLITE_READONLY"]
            raise LedgerError(what, where=str(path), hint=hint) from error
        return False
    return True


def _prepare(engine: Engine, name: str, *, create: bool, deadline: float) -> None:
    revision = _revision(engine, name)
    if revision == REVISIONS[-1]:
        return
    if revision is None:
        if not create:
            raise LedgerError("is an empty database", where=name, hint="`reportedly read` makes a ledger of it")
        _create(engine, name, deadline)
    elif revision in REVISIONS:
        from reportedly.store.migrate import upgrade  # Alembic takes long to import and is seldom needed

        with _alone(engine) as connection:
            upgrade(connection)
            if connection.dialect.name == "postgresql":
                from reportedly.store.passages import index_missing

                server.settle(connection)
                index_missing(connection)
    else:
        raise LedgerError(
            f"was made by a newer reportedly (its schema is {revision})", where=name, hint="upgrade reportedly"
        )


def _revision(engine: Engine, name: str) -> str | None:
    """The revision of the ledger, None of an empty database. Raises `LedgerError` for someone else's."""
    with engine.connect() as connection:
        return _revision_of(connection, name)


def _revision_of(connection: Connection, name: str) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if version.name in tables:
        found = connection.scalar(select(version.c.version_num))
        return None if found is None else str(found)
    ours = tables & set(metadata.tables) if connection.dialect.name != "sqlite" else tables
    if ours:
        raise LedgerError(
            f"is a database, but no ledger: it has a table {min(ours)!r}",
            where=name,
            hint="give another file or database",
        )
    return None


def _create(engine: Engine, name: str, deadline: float) -> None:
    """Makes the tables, unless another process has done so meanwhile."""
    if engine.dialect.name == "sqlite":
        _use_wal(engine, deadline)
    with _alone(engine) as connection:
        if _revision_of(connection, name) is None:
            if connection.dialect.name == "postgresql":
                server.require_fit(connection, name)
            metadata.create_all(connection, checkfirst=False)
            if connection.dialect.name == "postgresql":
                server.settle(connection)
            connection.execute(version.insert().values(version_num=REVISIONS[-1]))


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no other process makes or changes the tables."""
    with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(server.LOCK)))
        yield connection


def _use_wal(engine: Engine, deadline: float) -> None:
    """Write-ahead logging: readers and one writer at once. The file remembers it."""
    raw = engine.raw_connection()
    try:
        while True:
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # Two processes that create the same ledger meet here, and SQLite doesn't wait in this one place.
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                    raise LedgerError("is locked by another program", hint="try again") from error
                time.sleep(0.01)
    finally:
        raw.close()
