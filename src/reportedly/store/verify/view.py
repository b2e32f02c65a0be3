"""What the checks share: the ledger at one moment, the seals that its log has, and what was counted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from reportedly.types import Claim, Reading, Report

Maker = Callable[[Report, Reading], Sequence[Claim]]
"""Makes the claims of a reading; the ledger itself doesn't know how."""

Advance = Callable[[str, int, int], None]
"""Told what is being checked, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that isn't as it should be: where (a table, and which row of it) and what about it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Sealed:
    """The seals that the log has, by kind (a table), key (a report's id, or the row's own) and part (a run, an edit).

    Kept in a file that vanishes with the program: of a large ledger they are too many for the memory.
    """

    def __init__(self) -> None:
        self._raw = sqlite3.connect("", isolation_level=None)
        self._raw.execute("PRAGMA journal_mode=OFF")
        self._raw.execute(
            "CREATE TABLE seals (kind TEXT, key TEXT, part TEXT, sha256 TEXT, seq INTEGER,"
            " PRIMARY KEY (kind, key, part)) WITHOUT ROWID"
        )
        self._raw.execute("BEGIN")

    def put(self, kind: str, key: str, part: str, sha256: str, seq: int) -> int | None:
        """Note a seal of entry `seq`. Gives back the number of an earlier entry that had sealed the same."""
        row = (kind, key, part)
        there = self._raw.execute("SELECT seq FROM seals WHERE kind = ? AND key = ? AND part = ?", row).fetchone()
        self._raw.execute("INSERT OR REPLACE INTO seals VALUES (?, ?, ?, ?, ?)", (*row, sha256, seq))
        return int(there[0]) if there else None

    def take(self, kind: str, keys: Iterable[str], part: str | None = None) -> dict[tuple[str, str], str]:
        """The seals of these keys (of one part, where it is given), by key and part; they are no longer waited for."""
        listed = list(keys)
        marks = ", ".join("?" * len(listed))
        one, own = ("", []) if part is None else (" AND part = ?", [part])
        gone = f"DELETE FROM seals WHERE kind = ? AND key IN ({marks}){one} RETURNING key, part, sha256"
        found = self._raw.execute(gone, [kind, *listed, *own]).fetchall()
        return {(key, part): sha256 for key, part, sha256 in found}

    def left(self) -> Iterator[tuple[str, str, str, int]]:
        """Kind, key, part and entry of every seal that nobody took."""
        yield from self._raw.execute("SELECT kind, key, part, seq FROM seals ORDER BY seq, kind, key, part")

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


@dataclass(frozen=True, slots=True)
class View:
    """What a check is given.

    `version` is this program's, `versions` those that the runs were of: claims of another one's are not made again.
    """

    connection: Connection
    sealed: Sealed
    make: Maker
    version: str
    versions: Mapping[str, str]
    advance: Advance
    counted: Counter[str] = field(default_factory=Counter)
