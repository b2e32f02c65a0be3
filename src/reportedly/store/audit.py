"""The ledger's part for those who look into the log: newest first, by person, action and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from reportedly.store.entries import LogEntry
from reportedly.store.log import LogTable
from reportedly.store.tables import log


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which entries are meant: what is not given doesn't count. `first` and `last` are days in UTC, both included.

    `action` stands for those below it too: "account" for "account.add".
    """

    by: str | None = None
    action: str | None = None
    subject: str | None = None
    first: date | None = None
    last: date | None = None


class AuditTable(LogTable):
    """The log of a ledger, as pages."""

    def log_page(self, query: LogQuery, *, before: int | None = None, limit: int = 100) -> tuple[LogEntry, ...]:
        """Entries that meet `query`, newest first; with `before`, those older than that number."""
        found = select(log).order_by(log.c.seq.desc()).limit(limit)
        if before is not None:
            found = found.where(log.c.seq < before)
        if query.by is not None:
            found = found.where(log.c.by == query.by)
        if query.subject is not None:
            found = found.where(log.c.subject == query.subject)
        if query.action is not None:
            below = log.c.action.startswith(f"{query.action}.", autoescape=True)
            found = found.where((log.c.action == query.action) | below)
        if query.first is not None:
            found = found.where(log.c.made >= datetime.combine(query.first, time(), UTC))
        if query.last is not None:
            found = found.where(log.c.made < datetime.combine(query.last + timedelta(days=1), time(), UTC))
        with self._reading() as connection:
            return tuple(LogEntry(*row) for row in connection.execute(found))

    def log_actions(self) -> tuple[str, ...]:
        """Every action that the log has, in order."""
        with self._reading() as connection:
            return tuple(connection.scalars(select(log.c.action).distinct().order_by(log.c.action)))
