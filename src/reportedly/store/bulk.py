"""Many rows at once: COPY on PostgreSQL, where that is several times as fast as INSERT; many to an INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Table, insert
from sqlalchemy.exc import DBAPIError

from reportedly.store.codec import dumps
from reportedly.store.schema import UtcTime

_BATCH = 20_000
"""Rows an INSERT: as many as are quick to make without filling the memory."""

Change = Callable[[Any], Any]


def put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Stores new rows, each with a value for the same columns, in the transaction of `connection`.

    They may come one by one from a stream: no more than a batch of them is held.
    """
    left = iter(rows)
    first = next(left, None)
    if first is None:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, first, left)
        return
    some: list[Mapping[str, Any]] = [first]
    while some:
        some += islice(left, _BATCH - len(some))
        connection.execute(insert(table), some)
        some = list(islice(left, _BATCH))


def _copy(connection: Connection, table: Table, first: Mapping[str, Any], rest: Iterable[Mapping[str, Any]]) -> None:
    names = list(first)
    changes = [_change(table, name) for name in names]
    quote = connection.dialect.identifier_preparer.quote
    sql = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    raw: Any = connection.connection.driver_connection
    dialect: Any = connection.dialect
    try:
        with raw.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write_row([c(first[n]) if c else first[n] for n, c in zip(names, changes, strict=True)])
            for row in rest:
                copy.write_row([c(row[n]) if c else row[n] for n, c in zip(names, changes, strict=True)])
    except dialect.dbapi.Error as error:
        raise DBAPIError.instance(sql, None, error, dialect.dbapi.Error, dialect=dialect) from error


def _change(table: Table, name: str) -> Change | None:
    """How a value of the column is told to COPY, where it isn't told as it is."""
    kind = table.c[name].type
    if isinstance(kind, JSON):
        return dumps
    if isinstance(kind, UtcTime):
        return _naive
    return None


def _naive(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC).replace(tzinfo=None) if value else None
