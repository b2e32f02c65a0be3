"""Ledgers of older schemas, made from new ones."""

from __future__ import annotations

import sqlite3

from reportedly.store.tables import VERSION_TABLE

_MADE = {
    "0001": ("reports", "runs", "readings", "statements", "events", "claims", "failures", VERSION_TABLE),
    "0002": ("judgements", "linking", "linked", "links", "origins"),
    "0003": ("passages", "passage_words"),
}
"""The tables that each of the first schemas brought."""


def take_back(raw: sqlite3.Connection, revision: str) -> None:
    """Take from a SQLite ledger all tables that `revision` (0001 to 0003) did not have yet."""
    kept = {name for number, names in _MADE.items() if number <= revision for name in names}
    raw.execute("PRAGMA foreign_keys=OFF")
    for name, sql in raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        inside = name.startswith("sqlite_") or (name.startswith("passage_words_") and sql)
        if name not in kept and not inside:
            raw.execute(f'DROP TABLE "{name}"')
    raw.execute("DROP INDEX IF EXISTS ix_statements_speaker")
    raw.execute(f"UPDATE {VERSION_TABLE} SET version_num = ?", (revision,))
