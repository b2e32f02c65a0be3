"""A database that holds a ledger: transactions for reading and for writing, and rows that are stored once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, func, select
from sqlalchemy.dialects import sqlite

from reportedly.errors import LedgerError
from reportedly.store import tables
from reportedly.store.connect import WRITE, InTheWayError, told
from reportedly.store.entries import append, system_user

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

T = TypeVar("T")

TRIES = 8
"""How often a transaction is begun before it is given up because of others."""

PAGE = 200
"""Reports a page, and ids a query: memory stays flat, and no transaction stays open."""


class Database:
    """What the parts of the ledger share."""

    def __init__(self, engine: Engine, name: str, *, by: str | None = None) -> None:
        self._engine = engine
        self.name = name
        # SQLite reads like that anyway.
        server = engine.dialect.name == "postgresql"
        self._steady = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if server else {}
        self._held: Connection | None = None
        self.by = by or system_user()
        """Who the log gives as the one who acts, where a call names nobody."""

    def _insert_new(self, connection: Connection, table: Table, made: list[dict[str, Any]]) -> list[str]:
        """Stores the rows whose key isn't there yet, and gives back the ids of those."""
        if not made:
            return []
        return list(connection.scalars(self._new_only(table).returning(table.c.id), made))

    def _seal(
        self, connection: Connection, action: str, seals: Mapping[str, Any], *, by: str | None = None, **entry: Any
    ) -> None:
        """Logs, as the last step of a transaction, the `seals` of what it stored; nothing where it stored nothing."""
        there = {name: found for name, found in seals.items() if found}
        if there:
            append(connection, action, by=by or self.by, details={"seals": there}, **entry)

    def _new_only(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that passes over rows whose key is there already."""
        if self._engine.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # a sixth of the time to open, and seldom needed

            return postgresql.insert(table).on_conflict_do_nothing()
        return sqlite.insert(table).on_conflict_do_nothing()

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """The same ledger as it is at this moment: whatever others write meanwhile, all that is read from it fits
        together. It is for reading, by one thread, and ends with the block."""
        with self._reading() as connection:
            seen = copy(self)
            seen._held = connection
            yield seen

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A transaction that sees the ledger as it is at one moment, whatever others write meanwhile."""
        if self._held is not None:
            with told(self.name):
                yield self._held
            return
        with (
            told(self.name),
            self._engine.connect().execution_options(**self._steady) as connection,
            connection.begin(),
        ):
            yield connection

    def _write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, done in one transaction; done again where another program's stood in its way.

        SQLite lets one write at a time, so it happens on PostgreSQL alone, where two may wait for each other.
        """
        for left in reversed(range(TRIES)):
            try:
                with self._writing() as connection:
                    return work(connection)
            except InTheWayError:
                if not left:
                    raise
                time.sleep(random.uniform(0, 0.05 * (TRIES - left)))
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._held is not None:
            raise LedgerError("is only looked at here", where=self.name, hint="write to the ledger, not its snapshot")
        with (
            told(self.name),
            self._engine.connect().execution_options(**{WRITE: True}) as connection,
            connection.begin(),
        ):
            yield connection


def chosen_readings(run: str | None) -> Select[Any]:
    """The readings of `run`, or the newest of each report; at most one a report."""
    r = tables.readings
    if run is not None:
        return select(r).where(r.c.run == run)
    other = r.alias()
    newest = select(func.max(other.c.id)).where(other.c.report == r.c.report).scalar_subquery()
    return select(r).where(r.c.id == newest)


def batched(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """`values` in tuples of `size`, the last one shorter."""
    # itertools.batched came with Python 3.12.
    left = iter(values)
    while some := tuple(islice(left, size)):
        yield some
