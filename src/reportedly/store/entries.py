"""Adding to the log: the end of the chain, and who is named where nobody is."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

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
