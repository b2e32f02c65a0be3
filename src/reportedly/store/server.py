"""A PostgreSQL server that keeps a ledger: how it is reached, what it must offer, and what its errors mean.

Two things are settled beside the tables, whenever they are made or changed (`settle`). Texts compare by their bytes, so
that ids come in the same order as on SQLite, whatever language the database sorts by. And words are looked up by a
configuration of our own, which finds the same words as SQLite's index does.
"""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from reportedly.errors import LedgerError
from reportedly.store.codec import dumps
from reportedly.store.schema import metadata

DRIVER = "postgresql+psycopg"
OLDEST = 13
"""The oldest PostgreSQL that is known to work."""

CONFIGURATION = "reportedly"
"""The text search configuration, and its dictionary."""

LOCK = 0x7265706F7274  # "report"
"""The advisory lock that lets one process at a time make or change the tables."""

LINKING = 0x7265706C696E  # "replin"
"""The lock of whoever replaces what linking made."""

FACTS = 0x726570666163  # "repfac"
"""The lock of whoever makes or removes facts of incidents. It is taken after all rows that a transaction waits for, so
that nobody who has it waits for one who wants it; the end of the log comes after it."""

AGAIN = ("40001", "40P01")
"""SQLSTATEs of a transaction that stood in another's way and may be tried again: serialization failure, deadlock."""

_NAMES = (("incident_actors", "name"), ("incident_tellers", "who"))
"""The names that people look for by some letters in them (`FactTables.names_told`)."""

_ACCESS = "check user and password; PGPASSWORD, ~/.pgpass and a service file are read"
_CAUSES = {
    "28": ("refuses this user or password", _ACCESS),
    "3D000": ("there is no such database", "make it first, e.g. with createdb"),
    "25006": ("is read-only", "give the URL of the primary server"),
    "42501": ("this user may not do that", "reading takes SELECT; a new ledger, CREATE on the schema"),
    "53100": ("can't grow: the server's disk is full", "free some space there and try again; what was stored stays"),
    "53300": ("has no connection left", "raise max_connections, or stop programs that hold some"),
    "55P03": ("is locked by another program", "wait until that one is done, or stop it"),
    "57P": ("was shut down", "start the server, and try again; what was stored stays"),
    **dict.fromkeys(AGAIN, ("other programs stood in the way again and again", "try again")),
}


def is_server(where: str) -> bool:
    """Whether `where` is a URL of PostgreSQL, in one of the ways in which people write it."""
    scheme = where.partition("://")[0]
    return scheme == "postgres" or scheme.partition("+")[0] == "postgresql"


def public_name(url: URL) -> str:
    """The URL for messages: without the password, and without the options, which may hold one."""
    shown = {key: value for key, value in url.query.items() if key in ("host", "port", "service")}
    return url._replace(password=None).set(query=shown).render_as_string()


def open_server(url: URL, *, wait_s: float) -> Engine:
    """An engine on the server. Raises `LedgerError` where the driver is missing."""
    asked = dict(url.query)
    options: dict[str, Any] = {}
    if "options" not in asked and not os.environ.get("PGOPTIONS"):
        # Whoever waits for another's lock gives up some time and says so, as on SQLite.
        options["options"] = f"-c lock_timeout={max(1, int(wait_s * 1000))} -c timezone=UTC"
    if "connect_timeout" not in asked and not os.environ.get("PGCONNECT_TIMEOUT"):
        options["connect_timeout"] = max(2, int(wait_s))
    if "application_name" not in asked:
        options["fallback_application_name"] = "reportedly"
    try:
        return create_engine(
            url,
            connect_args=options,
            isolation_level="READ COMMITTED",
            json_serializer=dumps,
            max_overflow=25,
            pool_pre_ping=True,
            pool_timeout=wait_s,
        )
    except (ImportError, NoSuchModuleError) as error:
        hint = "pip install 'reportedly[postgresql]'"
        raise LedgerError("PostgreSQL's driver is missing", where=public_name(url), hint=hint) from error


def state_of(error: SQLAlchemyError) -> str:
    """The SQLSTATE of what the server says; "" where it says none."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def explained(error: SQLAlchemyError) -> tuple[str, str] | None:
    """What an error of the server means, and what to do; None where there is nothing to add to its own words."""
    state = state_of(error)
    for prefix, told in _CAUSES.items():
        if state and state.startswith(prefix):
            return told
    cause = getattr(error, "orig", None)
    said = str(cause)
    if type(cause).__module__.startswith("psycopg") and type(cause).__name__ == "OperationalError":
        # While a connection is made the server's answer comes as words alone.
        if "password" in said or "authentication" in said or "pg_hba" in said:
            return _CAUSES["28"]
        if "does not exist" in said:
            return _CAUSES["3D000"]
        if "too many clients" in said or "remaining connection slots" in said:
            return _CAUSES["53300"]
        return f"is out of reach: {' '.join(said.split())[:200]}", "is the server running, and are host and port right?"
    return None


def take_turn(connection: Connection, lock: int, *, shared: bool = False) -> None:
    """Waits until no other transaction holds the lock (or, `shared`, none that doesn't share it), and holds it to the
    end of this one. SQLite has one lock for all writing, which a transaction holds from its beginning."""
    if connection.dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        connection.execute(select(take(lock)))


def require_fit(connection: Connection, name: str) -> None:
    """Raises `LedgerError` for a server that can't keep a ledger."""
    number = int((connection.dialect.server_version_info or (0,))[0])
    if number < OLDEST:
        raise LedgerError(f"is PostgreSQL {number}", where=name, hint=f"it takes {OLDEST} or newer")
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise LedgerError(f"keeps its texts in {encoding}", where=name, hint="make a database with the encoding UTF8")


def settle(connection: Connection) -> None:
    """What a ledger needs on PostgreSQL beside its tables. Changes nothing where it is there already."""
    _by_bytes(connection)
    _index_parts_of_names(connection)
    if _configure(connection):
        # Words that were indexed in another way are none that can be found.
        connection.exec_driver_sql("UPDATE passages SET words = NULL WHERE words IS NOT NULL")


def _by_bytes(connection: Connection) -> None:
    """Has every column of text compare by its bytes; the rows stay as they are, indexes are made anew."""
    found = connection.execute(
        text(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation o ON o.oid = a.attcollation"
            " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0"
            " AND NOT a.attisdropped AND o.collname <> 'C' ORDER BY 1, 2"
        )
    ).all()
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind in found:
        if table in metadata.tables:
            altered = f"ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)}"
            connection.exec_driver_sql(f'{altered} TYPE {kind} COLLATE "C"')


def _index_parts_of_names(connection: Connection) -> None:
    """Indexes names by their trigrams, where PostgreSQL's own extension for it can be had and may be made."""
    if not connection.scalar(text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")):
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for table, column in _NAMES:
                made = f"CREATE INDEX IF NOT EXISTS ix_{table}_{column}_parts ON {table}"
                connection.exec_driver_sql(f"{made} USING gin (lower({column}) gin_trgm_ops)")
    except DBAPIError as error:
        # Not for this user, or not in the folder of types that this database looks into: it works without.
        if state_of(error) not in ("42501", "42704", "42P01", "0A000"):
            raise


def _configure(connection: Connection) -> bool:
    """Makes the text search configuration: word stems as SQLite's, and no word so common that it is passed over.

    Whether it wasn't there before.
    """
    there = connection.scalar(
        text("SELECT 1 FROM pg_ts_config WHERE cfgname = :name AND cfgnamespace = current_schema()::regnamespace"),
        {"name": CONFIGURATION},
    )
    if there:
        return False
    for sql in (
        f"CREATE TEXT SEARCH DICTIONARY {CONFIGURATION} (TEMPLATE = snowball, Language = porter)",
        f"CREATE TEXT SEARCH CONFIGURATION {CONFIGURATION} (PARSER = pg_catalog.default)",
        f"ALTER TEXT SEARCH CONFIGURATION {CONFIGURATION} ADD MAPPING FOR asciiword, word, numword, int, uint, float,"
        f" sfloat, version WITH {CONFIGURATION}",
    ):
        connection.exec_driver_sql(sql)
    return True
