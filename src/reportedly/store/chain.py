"""The chain of the log: each entry's hash covers the entry and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reportedly.errors import LedgerError

START = "0" * 64
"""What stands for the hash before the first entry."""

FORM = "reportedly-log-1"
"""Names the form of what is hashed."""


def canonical(value: Any) -> str:
    """The one JSON text of `value`: keys sorted, no blanks, ASCII. Raises `LedgerError` for what JSON hasn't."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise LedgerError(f"is nothing that the log can hold: {error}", where="log") from error


def sha256_of(value: Any) -> str:
    """The SHA-256 of the canonical JSON of `value`, in hex."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def entry_sha256(row: Mapping[str, Any]) -> str:
    """The hash of an entry, a row of `log`: over everything in it but this hash."""
    made: datetime = row["made"]
    utc = (made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)).isoformat(timespec="microseconds")
    rest = [row[name] for name in ("by", "action", "subject", "details", "previous")]
    return sha256_of([FORM, row["seq"], utc, *rest])
