"""Seals: the hash of what a row, or a reading with all that belongs to it, says.

The log keeps the seal of all that is stored, so that a row that was altered, left out or slipped in shows. What is NULL
is not part of a seal: a column that a later schema adds changes none. Columns that repeat a record for queries are not
part of it either; they follow from the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from reportedly.store.chain import sha256_of

_REPORT = ("id", "text_sha256", "outlet", "published", "title", "url", "lang", "origin", "received_sha256")
_RUN = ("id", "version", "model", "ontology", "authorities", "settings")
_JUDGEMENT = ("id", "made", "by", "action", "subjects", "note")
_TOMBSTONE = ("report", "made", "by", "reason", "text_sha256", "received_sha256", "held")


def report_seal(row: Mapping[str, Any]) -> str:
    """The seal of a row of `reports`; the text is in it by its hash."""
    return sha256_of(["report", _said(row, _REPORT)])


def run_seal(row: Mapping[str, Any]) -> str:
    """The seal of a row of `runs`."""
    return sha256_of(["run", _said(row, _RUN)])


def judgement_seal(row: Mapping[str, Any]) -> str:
    """The seal of a row of `judgements`."""
    return sha256_of(["judgement", _said(row, _JUDGEMENT)])


def tombstone_seal(row: Mapping[str, Any]) -> str:
    """The seal of a row of `tombstones`."""
    return sha256_of(["tombstone", _said(row, _TOMBSTONE)])


def row_seal(table: str, row: Mapping[str, Any]) -> str:
    """The seal of a row of another table, its own number left out: for what people do in review."""
    return sha256_of([table, _said(row, sorted(name for name in row if name not in ("seq", "number")))])


def reading_seal(
    row: Mapping[str, Any],
    *,
    statements: Sequence[Any],
    events: Sequence[Any],
    claims: Sequence[Mapping[str, Any]],
) -> str:
    """The seal of a row of `readings`, the records of its statements and events, and the rows of its claims, in order.

    The reading's number is not in it: what was read is the same in whatever order it came in.
    """
    made = [_said(c, [name for name in c if name != "reading"]) for c in claims]
    return sha256_of(["reading", row["report"], row["run"], row["record"], list(statements), list(events), made])


def _said(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in names if row[name] is not None}


def _plain(value: Any) -> Any:
    """A value of a column as JSON data, the same before it is stored and after."""
    if isinstance(value, datetime):
        utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int) and not isinstance(value, bool):
        # A whole number may come back as a float, and SQLite keeps no minus before a zero.
        return float(value) + 0.0
    return value
