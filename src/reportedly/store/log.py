"""The log of a ledger: what was done, when and by whom, each entry chained to the one before.

An entry is added inside the transaction that does what it tells of, as its last step: then it is there exactly when
that is, and no writer waits for another while it holds the end of the chain.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from reportedly.store.base import PAGE, Database
from reportedly.store.chain import START, canonical, entry_sha256
from reportedly.store.tables import log

_LOCK = 0x7265706C6F67  # "replog"
"""The PostgreSQL advisory lock of whoever adds to the end of the chain; SQLite has one writer at a time anyway."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `subject` is the id or name of what was acted on; `details` depend on the action.

    `previous` is the hash of the entry before, `sha256` that of this one (`chain.entry_sha256`). `made` is UTC.
    """

    seq: int
    made: datetime
    by: str
    action: str
    subject: str | None
    details: Mapping[str, Any]
    previous: str
    sha256: str


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

        `by` is a person or a program; without it the user that this process belongs to. `details` are JSON data, and
        never words of a report: what is logged can't be removed. Raises `LedgerError` where they are no JSON.
        """
        with self._writing() if connection is None else nullcontext(connection) as at:
            return append(at, action, by=by or system_user(), subject=subject, details=details or {})

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

    def log_head(self) -> LogEntry | None:
        """The newest entry: its hash vouches for all before it. None where nothing was ever done."""
        with self._reading() as connection:
            found = connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
        return LogEntry(*found) if found else None


def append(
    connection: Connection, action: str, *, by: str, subject: str | None = None, details: Mapping[str, Any]
) -> LogEntry:
    """Adds an entry at the end of the chain, in the transaction of `connection`."""
    plain = json.loads(canonical(details))
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(select(log.c.seq, log.c.sha256).order_by(log.c.seq.desc()).limit(1)).first()
    row: dict[str, Any] = {
        "seq": last.seq + 1 if last else 1,
        "made": datetime.now(UTC),
        "by": by,
        "action": action,
        "subject": subject,
        "details": plain,
        "previous": last.sha256 if last else START,
    }
    row["sha256"] = entry_sha256(row)
    connection.execute(insert(log), [row])
    return LogEntry(**row)


def system_user() -> str:
    """The name of the user that this process belongs to; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # before Python 3.13 a missing name is a KeyError
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
