"""Removing a report for good. What is left is a tombstone: its id and hashes, who removed it, when and why.

A report is removed with all that was made of it: readings, statements, events, claims, edits and codings, words in the
index, the incidents that it took part in (linking makes them anew of what is left), failures that name it. The log
keeps hashes, from which nobody gets back to the words.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from reportedly.errors import LedgerError
from reportedly.store import server, tables
from reportedly.store.base import PAGE, batched
from reportedly.store.connect import told
from reportedly.store.entries import append
from reportedly.store.facts import forget_facts
from reportedly.store.held import held
from reportedly.store.log import LogTable
from reportedly.store.passages import stored_passages
from reportedly.store.schema import metadata
from reportedly.store.seals import report_seal, tombstone_seal
from reportedly.store.words import words_of


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a report was removed. `held` has its seals as the log has them, and the ids of its claims and failures."""

    report: str
    made: datetime
    by: str
    reason: str
    text_sha256: str
    received_sha256: str | None
    held: Mapping[str, Any]


class TombstoneTable(LogTable):
    """The removal of reports, and what is known of those that were removed."""

    def purge(self, reports: Sequence[str], *, reason: str, by: str | None = None) -> tuple[Tombstone, ...]:
        """Removes these reports with all that was made of them, in one transaction, and leaves a tombstone of each.

        `scrub` must follow: until then the words may stand in parts of the database that are no longer used. Raises
        `LedgerError` for a report that there is not; then nothing is removed.
        """
        wanted = sorted(set(reports))

        def work(connection: Connection) -> tuple[Tombstone, ...]:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            server.take_turn(connection, server.LINKING)
            made = [self._tombstone(connection, report, reason, by or self.by) for report in wanted]
            for stone in made:
                _empty_archives(connection, stone)
            for some in batched(wanted, PAGE):
                _loosen(connection, some)
                _remove_words(connection, some)
                _remove_rows(connection, some)
            # A linking that is at work elsewhere must not bring back what it has read of these.
            connection.execute(update(tables.linking).values(made=datetime.now(UTC)))
            for stone in made:
                _bury(connection, stone)
            return tuple(made)

        return self._write(work)

    def _tombstone(self, connection: Connection, report: str, reason: str, by: str) -> Tombstone:
        r, f = tables.reports, tables.failures.c
        found = connection.execute(select(r).where(r.c.id == report)).mappings().first()
        if found is None:
            gone = connection.scalar(select(tables.tombstones.c.made).where(tables.tombstones.c.report == report))
            what = f"the report {report!r} was removed on {gone:%Y-%m-%d}" if gone else f"there is no report {report!r}"
            raise LedgerError(what, where=self.name, hint="nothing of this call was removed")
        readings = held(connection, [report]).get(report, [])
        places = [place for place in (found["origin"], report) if place]
        return Tombstone(
            report=report,
            made=datetime.now(UTC),
            by=by,
            reason=reason,
            text_sha256=found["text_sha256"],
            received_sha256=found["received_sha256"],
            held={
                "report": report_seal(dict(found)),
                "readings": {one.reading["run"]: one.seal() for one in readings},
                "claims": [row["id"] for one in readings for row in one.claims],
                "failures": sorted(connection.scalars(select(f.id).where(f.location.in_(places)))),
            },
        )

    def scrub(self) -> None:
        """Writes the database anew, so that nothing removed is left in unused parts of its files.

        Takes as much free disk as the ledger has, and waits for those who read. Raises `LedgerError` where somebody
        keeps the ledger open for so long that it can't be done; then it can be called again.
        """
        if self._engine.dialect.name == "sqlite":
            self._scrub_file()
        else:
            with told(self.name), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in metadata.tables:
                    quoted = connection.dialect.identifier_preparer.quote(table)
                    connection.exec_driver_sql(f"VACUUM FULL {quoted}")

    def _scrub_file(self) -> None:
        with told(self.name), self._engine.connect() as connection:
            raw = connection.connection.cursor()
            try:
                raw.execute("PRAGMA secure_delete=ON")
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (busy, *_) = raw.fetchone() or (1,)
            finally:
                raw.close()
        if busy:
            hint = "close the other programs that have it open, and give the same command again"
            raise LedgerError("is in use, so removed words may be left in its -wal file", where=self.name, hint=hint)

    def tombstones(self) -> Iterator[Tombstone]:
        """Every tombstone, in order of report id."""
        t = tables.tombstones
        last = ""
        while True:
            with self._reading() as connection:
                found = connection.execute(select(t).where(t.c.report > last).order_by(t.c.report).limit(PAGE)).all()
            yield from (Tombstone(*row) for row in found)
            if len(found) < PAGE:
                return
            last = found[-1].report

    def count_removed(self) -> int:
        """How many reports were removed for good, and have not been taken in again."""
        t = tables.tombstones.c
        query = select(func.count()).select_from(tables.tombstones)
        with self._reading() as connection:
            return connection.scalar(query.where(t.report.not_in(select(tables.reports.c.id)))) or 0

    def removed(self, reports: Mapping[str, str]) -> dict[str, Tombstone]:
        """Those of these reports, ids with the hashes of their texts, that were removed: by id, or as the same text."""
        with self._reading() as connection:
            return removed_of(connection, reports)


def removed_of(connection: Connection, reports: Mapping[str, str]) -> dict[str, Tombstone]:
    """See `TombstoneTable.removed`."""
    t = tables.tombstones
    found: dict[str, Tombstone] = {}
    for some in batched(reports.items(), PAGE):
        ids, texts = [report for report, _ in some], [digest for _, digest in some]
        query = select(t).where(or_(t.c.report.in_(ids), t.c.text_sha256.in_(texts)))
        stones = [Tombstone(*row) for row in connection.execute(query)]
        for report, digest in some:
            own = [s for s in stones if report == s.report or digest == s.text_sha256]
            if own:
                found[report] = max(own, key=lambda s: s.report == report)
    return found


def _bury(connection: Connection, stone: Tombstone) -> None:
    """Stores and logs the tombstone, which takes the place of an older one, and removes failures that name the report.

    The log gets counts and hashes, for what is in it can't be removed.
    """
    row = {name: getattr(stone, name) for name in stone.__slots__}
    connection.execute(delete(tables.tombstones).where(tables.tombstones.c.report == stone.report))
    connection.execute(insert(tables.tombstones), [row])
    connection.execute(delete(tables.failures).where(tables.failures.c.id.in_(stone.held["failures"])))
    details = {"seal": tombstone_seal(row), "held": {**stone.held, "claims": len(stone.held["claims"])}}
    append(connection, "purge", by=stone.by, subject=stone.report, details=details)


def _empty_archives(connection: Connection, stone: Tombstone) -> None:
    """Removes the kept files of releases in which the report may be; what was released, with hashes, stays listed."""
    a = tables.release_archives.c
    t = tables.linked.c
    claims = list(stone.held["claims"])
    told = select(t.incident).where(t.claim.in_(claims), t.incident.is_not(None)).distinct()
    needles = [name.encode() for name in (stone.report, *claims, *connection.scalars(told))]
    for number in list(connection.scalars(select(a.number))):
        content = connection.scalar(select(a.content).where(a.number == number))
        if content is not None and _holds(content, needles):
            connection.execute(delete(tables.release_archives).where(a.number == number))


def _holds(content: bytes, needles: Sequence[bytes]) -> bool:
    """Whether one of these ids is in the files of an archive; so too where that can't be told."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                data = archive.read(name)
                if name.endswith(".parquet") or any(needle in data for needle in needles):
                    return True
    except (BadZipFile, ValueError, OSError, zlib.error):
        return True
    return False


def _loosen(connection: Connection, reports: Sequence[str]) -> None:
    """Takes the claims of these reports, and all that were weighed with them, out of incidents and origins."""
    t, k, o = tables.linked.c, tables.links, tables.origins
    own = select(tables.claims.c.id).where(tables.claims.c.report.in_(reports))
    areas = select(t.neighbourhood).where(t.claim.in_(own)).distinct()
    touched = select(t.incident).where(t.neighbourhood.in_(areas), t.incident.is_not(None)).distinct()
    incidents = list(connection.scalars(touched))
    forget_facts(connection, incidents)
    for some in batched(incidents, PAGE):
        connection.execute(delete(k).where(k.c.incident.in_(some)))
    for few in batched(list(connection.scalars(areas)), PAGE):
        connection.execute(delete(tables.linked).where(t.neighbourhood.in_(few)))
    alike = list(connection.scalars(select(o.c.origin).where(o.c.report.in_(reports)).distinct()))
    connection.execute(delete(o).where(o.c.origin.in_(alike)))


def _remove_words(connection: Connection, reports: Sequence[str]) -> None:
    passages = stored_passages(connection, tables.passages.c.report.in_(reports))
    words_of(connection.dialect.name).remove(connection, passages)


def _remove_rows(connection: Connection, reports: Sequence[str]) -> None:
    """Removes the reports, and the rows of all tables that name one of them or a reading of one."""
    numbers = select(tables.readings.c.id).where(tables.readings.c.report.in_(reports))
    for table in reversed(metadata.sorted_tables):
        if table is tables.tombstones:
            continue
        if "report" in table.c:
            connection.execute(delete(table).where(table.c.report.in_(reports)))
        elif "reading" in table.c:
            connection.execute(delete(table).where(table.c.reading.in_(numbers)))
    connection.execute(delete(tables.reports).where(tables.reports.c.id.in_(reports)))
