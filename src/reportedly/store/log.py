"""The log of a ledger: what was done, when and by whom, each entry chained to the one before.

An entry is added inside the transaction that does what it tells of, as its last step: then it is there exactly when
that is, and no writer waits for another while it holds the end of the chain.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, not_, select

from reportedly.store.base import PAGE, Database
from reportedly.store.entries import LogEntry, append
from reportedly.store.tables import log

if TYPE_CHECKING:
    from reportedly.store.verify import Verified
    from reportedly.store.verify.view import Advance, Maker


class LogTable(Database):
    """The log of a ledger."""

    def log(
        self,
        action: str,
        *,
        by: str | None = None,
        subject: str | None = None,
        details: Mapping[str, Any] | None = None,
        connection: Connection | None = None,
    ) -> LogEntry:
        """Adds an entry: in the transaction of `connection`, as its last step, or else in one of its own.

        `by` is a person or a program; without it whom `Ledger.open` was told. `details` are JSON data, and
        never words of a report: what is logged can't be removed. Raises `LedgerError` where they are no JSON.
        """
        with self._writing() if connection is None else nullcontext(connection) as at:
            return append(at, action, by=by or self.by, subject=subject, details=details or {})

    def log_entries(
        self, *, after: int = 0, limit: int | None = None, actions: Iterable[str] | None = None
    ) -> Iterator[LogEntry]:
        """Entries in order, those after number `after`; `limit` of them, and only of these `actions`, where given.

        The ledger may be written to between two entries.
        """
        query = select(log).order_by(log.c.seq)
        if actions is not None:
            query = query.where(log.c.action.in_(sorted(set(actions))))
        left = limit
        while left is None or left > 0:
            size = PAGE if left is None else min(left, PAGE)
            with self._reading() as connection:
                found = connection.execute(query.where(log.c.seq > after).limit(size)).all()
            yield from (LogEntry(*row) for row in found)
            if len(found) < size:
                return
            after = found[-1].seq
            left = None if left is None else left - size

    def may_log(self) -> bool:
        """Whether entries can be added: not where the file, or the user of the database, may only be read."""
        if self._engine.dialect.name == "sqlite":
            return os.access(self.name, os.W_OK)
        may = and_(func.has_table_privilege(log.name, "INSERT"), not_(func.pg_is_in_recovery()))
        with self._reading() as connection:
            return bool(connection.scalar(select(may)))

    def verify(
        self, make: Maker, *, version: str, noted: str | None = None, advance: Advance = lambda what, done, total: None
    ) -> Verified:
        """Checks the whole ledger; see `store.verify`. Writes nothing."""
        from reportedly.store.verify import verify

        with self._reading() as connection:
            return verify(connection, make, version=version, noted=noted, advance=advance)

    def log_head(self) -> LogEntry | None:
        """The newest entry: its hash vouches for all before it. None where nothing was ever done."""
        with self._reading() as connection:
            found = connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
        return LogEntry(*found) if found else None
