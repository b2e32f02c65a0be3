"""The ledger's part for releases: what was published, numbered, with the hash of every file and row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from reportedly.store import tables
from reportedly.store.base import Database
from reportedly.store.entries import append
from reportedly.store.seals import row_seal


@dataclass(frozen=True, slots=True)
class Release:
    """What was published. `settings` are profile, rule, filter and formats; `counts` what is in it and what is not.

    `files` has the SHA-256 of each file by its path in the release, `rows` that of each incident's row by its id, as
    the profile shows it: two releases differ in an incident where these differ.
    """

    number: int
    made: datetime
    by: str
    title: str
    settings: Mapping[str, Any]
    counts: Mapping[str, Any]
    files: Mapping[str, str]
    rows: Mapping[str, str]


class ReleaseTables(Database):
    """Releases of a ledger."""

    def add_release(
        self,
        *,
        by: str,
        title: str,
        settings: Mapping[str, Any],
        counts: Mapping[str, Any],
        files: Mapping[str, str],
        rows: Mapping[str, str],
        archive: bytes,
    ) -> Release:
        """Records a release, which gets the next number; the log tells of it, with the hashes of its files.

        `archive` is a zip file with all of them.
        """
        made = datetime.now(UTC)

        def work(connection: Connection) -> Release:
            r = tables.releases.c
            number = (connection.scalar(select(func.max(r.number))) or 0) + 1
            kept = {"files": dict(files), "rows": dict(rows)}
            values = {"settings": dict(settings), "counts": dict(counts), "manifest": kept}
            row = {"made": made, "by": by, "title": title, **values}
            connection.execute(insert(tables.releases).values(number=number, **row))
            connection.execute(insert(tables.release_archives).values(number=number, content=archive))
            seals = {"releases": {str(number): row_seal("releases", row)}}
            append(connection, "release", by=by, subject=str(number), details={"files": dict(files), "seals": seals})
            return Release(number, made, by, title, dict(settings), dict(counts), dict(files), dict(rows))

        return self._write(work)

    def release(self, number: int) -> Release | None:
        """The release with this number, None where there is none."""
        with self._reading() as connection:
            row = connection.execute(_all().where(tables.releases.c.number == number)).first()
        return _release(row) if row else None

    def release_archive(self, number: int) -> bytes | None:
        """The zip file of the release with this number, None where there is none."""
        a = tables.release_archives.c
        with self._reading() as connection:
            content: bytes | None = connection.scalar(select(a.content).where(a.number == number))
            return content

    def releases(self) -> tuple[Release, ...]:
        """Every release, the newest first."""
        with self._reading() as connection:
            return tuple(_release(row) for row in connection.execute(_all()))


def _all() -> Select[Any]:
    return select(tables.releases).order_by(tables.releases.c.number.desc())


def _release(row: Any) -> Release:
    files, rows = row.manifest.get("files", {}), row.manifest.get("rows", {})
    return Release(row.number, row.made, row.by, row.title, row.settings, row.counts, files, rows)
