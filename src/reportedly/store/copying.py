"""A whole ledger from one database to another: every table that there is, every number and id as it was.

What is copied is seen as it is at one moment, so that a ledger can be copied while it is used; it arrives in one
transaction, so that a copy that is cut short leaves an empty ledger. Both sides are counted and hashed, and the copy is
kept only where they agree. A hash is a sum over the rows, so that it doesn't depend on their order, and the same on
every database. The index of words isn't copied but made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    func,
    literal,
    select,
    text,
    type_coerce,
)

from reportedly.errors import LedgerError
from reportedly.store.base import Database
from reportedly.store.bulk import put
from reportedly.store.connect import told
from reportedly.store.entries import append
from reportedly.store.passages import index_missing
from reportedly.store.schema import UtcTime, metadata
from reportedly.store.tables import version

_SOME = 1000
"""Rows that are fetched at once."""

_CACHE_KIB = 256 * 1024
"""How much of a SQLite file is kept in memory while it is filled."""

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Counted:
    """A table's rows, and a hash of what is in them, whatever their order."""

    table: str
    rows: int
    sha256: str


def copy_ledger(source: Database, target: Database) -> tuple[Counted, ...]:
    """Copies everything in `source` to the empty ledger `target`; what each table held, in the order of copying.

    The target's log gets an entry of it, after what came with the copy. Raises `LedgerError` where the target isn't
    empty, or doesn't hold afterwards what the source does; it is left empty then.
    """
    with source._reading() as there, target._writing() as here, _roomy(here):
        _require_empty(here, target.name)
        counted = tuple(_copy(there, here, table, name=source.name) for table in _tables())
        _count_on(here)
        indexed = index_missing(here)
        for one, table in zip(counted, _tables(), strict=True):
            found = _count(here, table)
            if found != one:
                what = f"{one.table} arrived as {found.rows:,} rows, not {one.rows:,}"
                what = what if found.rows != one.rows else f"{one.table} arrived with other values than it left with"
                raise LedgerError(what, where=target.name, hint="nothing was kept; try again")
        passages = next(c.rows for c in counted if c.table == "passages")
        if indexed != passages:
            what = f"{indexed:,} of {passages:,} passages could be indexed"
            raise LedgerError(what, where=target.name, hint="`reportedly verify` of the source tells what is missing")
        held = {c.table: {"rows": c.rows, "sha256": c.sha256} for c in counted}
        append(here, "copy", by=target.by, subject=source.name, details={"tables": held})
    if target._engine.dialect.name == "postgresql":
        with target._writing() as here:
            here.exec_driver_sql("ANALYZE")
    return counted


def count_ledger(ledger: Database) -> tuple[Counted, ...]:
    """What each table holds, as `copy_ledger` tells it."""
    with ledger._reading() as connection:
        return tuple(_count(connection, table) for table in _tables())


def _tables() -> list[Table]:
    """The tables of a ledger, those that others point to first."""
    return [table for table in metadata.sorted_tables if table is not version]


def _require_empty(connection: Connection, name: str) -> None:
    for table in _tables():
        if connection.execute(select(literal(1)).select_from(table).limit(1)).first():
            rows = connection.scalar(select(func.count()).select_from(table))
            hint = "a copy needs a new file or an empty database; to add to a ledger, read the reports into it"
            raise LedgerError(f"isn't empty: its table {table.name} has {rows:,} rows", where=name, hint=hint)


def _copy(there: Connection, here: Connection, table: Table, *, name: str) -> Counted:
    total = _Sum(table)

    def passing() -> Iterator[Mapping[str, Any]]:
        with told(name):
            for row in _rows(there, table):
                total.add(row)
                yield row

    put(here, _plain(table), passing())
    return total.counted()


def _count(connection: Connection, table: Table) -> Counted:
    total = _Sum(table)
    for row in _rows(connection, table):
        total.add(row)
    return total.counted()


def _rows(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    """The rows with plain values: JSON as the text that it is kept as, times without a zone."""
    query = _all_of(table, connection.dialect.name)
    found = connection.execute(query, execution_options={"yield_per": _SOME})
    names = table.c.keys()
    for row in found:
        yield dict(zip(names, row, strict=True))


def _all_of(table: Table, dialect: str) -> Select[Any]:
    columns: list[Any] = []
    for column in table.c:
        if isinstance(column.type, JSON):
            columns.append(cast(column, Text) if dialect == "postgresql" else type_coerce(column, Text))
        elif isinstance(column.type, UtcTime):
            columns.append(type_coerce(column, DateTime))
        else:
            columns.append(column)
    query = select(*columns)
    # In the order of their numbers rows lie beside those that they point to; other orders would only cost time.
    key = list(table.primary_key)
    return query.order_by(*key) if key and all(isinstance(c.type, Integer) for c in key) else query


def _plain(table: Table) -> Table:
    """The table as one of plain values, as `_rows` gives them."""

    def kind(column: Column[Any]) -> Any:
        if isinstance(column.type, JSON):
            return Text()
        return DateTime() if isinstance(column.type, UtcTime) else column.type

    return Table(table.name, MetaData(), *(Column(c.name, kind(c)) for c in table.c))


class _Sum:
    """Adds up the hashes of rows."""

    def __init__(self, table: Table) -> None:
        self._table = table.name
        self._names = sorted(table.c.keys())
        self._rows = 0
        self._sum = 0

    def add(self, row: Mapping[str, Any]) -> None:
        said = json.dumps([_said(row[name]) for name in self._names], ensure_ascii=True, separators=(",", ":"))
        self._rows += 1
        self._sum += int.from_bytes(hashlib.sha256(said.encode("ascii")).digest(), "big")

    def counted(self) -> Counted:
        return Counted(self._table, self._rows, f"{self._sum % _MODULUS:064x}")


def _said(value: Any) -> Any:
    if isinstance(value, float):
        return value + 0.0  # SQLite keeps no minus before a zero
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _count_on(connection: Connection) -> None:
    """Has PostgreSQL number new rows after those that came with a number; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in _tables():
        for column in table.c:
            asked = {"table": quote(table.name), "column": column.name}
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), asked)
            if sequence:
                highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, highest, False)))


@contextmanager
def _roomy(connection: Connection) -> Iterator[None]:
    """Lets SQLite keep more of a file in memory: rows come in other orders than indexes want them."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")
