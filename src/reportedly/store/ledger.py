"""The ledger: reports, what each run of the reader found in them, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from reportedly.errors import LedgerError
from reportedly.store import rows, tables
from reportedly.store.base import PAGE, batched, chosen_readings
from reportedly.store.bulk import put
from reportedly.store.codings import CodingTables
from reportedly.store.connect import connect
from reportedly.store.facts import FactTables
from reportedly.store.incidents import IncidentTables
from reportedly.store.passages import index_readings
from reportedly.store.purge import TombstoneTable, removed_of
from reportedly.store.queue import QueueTables
from reportedly.store.releases import ReleaseTables
from reportedly.store.seals import reading_seal, report_seal, run_seal
from reportedly.store.search import SearchTables
from reportedly.store.sessions import SessionTables
from reportedly.store.speakers import SpeakerTables
from reportedly.types import Claim, Entry, Failure, Reading, Report, Run, Tally

Read = tuple[Report, Reading, Sequence[Claim]]
"""What `Ledger.add` takes: a report, one run's reading of it, and the claims made of that."""


class Ledger(
    IncidentTables,
    CodingTables,
    QueueTables,
    FactTables,
    SpeakerTables,
    ReleaseTables,
    SearchTables,
    SessionTables,
    TombstoneTable,
):
    """A store of reports, readings and judgements that only grows, and of the incidents that follow from them.

    A context manager; `close` merges SQLite's side files.

    Several processes may write to one ledger at once, each waiting for its turn. Every method raises `LedgerError`
    where the database refuses (locked for longer than the wait, read-only, disk full); then nothing of the call is
    stored.
    """

    @classmethod
    def open(cls, where: str | Path, *, create: bool = True, wait_s: float = 20.0, by: str | None = None) -> Ledger:
        """The ledger at `where`: the path of a SQLite file, or a URL (`postgresql://…`, `sqlite:///…`).

        With `create` a new one is made where there is none, and one that can't be written to is refused; without,
        a missing ledger is refused, and a read-only one is opened for reading. A ledger of an older schema is
        migrated. `wait_s` is how long any call waits for another process's lock. `by` names the person that the log
        gives as the one who acts; without it, it is the user that this process belongs to.

        Raises `LedgerError` for a folder, a file that is no database, a database that is no ledger, a ledger of a
        newer program, one that is locked, damaged or out of reach.
        """
        return cls(*connect(where, create=create, wait_s=wait_s), by=by)

    def close(self) -> None:
        """Closes the database; a closed ledger must not be used."""
        self._engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # Writing

    def add_run(self, run: Run) -> None:
        """Records a run; one that the ledger has is left as it is."""
        row = rows.run_row(run, _now())

        def work(connection: Connection) -> None:
            if self._insert_new(connection, tables.runs, [row]):
                self._seal(connection, "run", {"runs": {run.id: run_seal(row)}}, subject=run.id)

        self._write(work)

    def add(
        self,
        readings: Sequence[Read],
        failures: Iterable[Failure] = (),
        *,
        run: str | None = None,
        again: bool = False,
    ) -> tuple[Failure, ...]:
        """Stores a batch in one transaction: after it everything is there, before it nothing.

        A reading that the ledger has (same report id, same run) is left as it is, so that adding twice is adding once.
        A report whose id the ledger has with another text, one that was removed for good (unless `again`), or a reading
        that isn't sound (`rows.prepare`) is left out; it is recorded as a failure of stage "store" and returned, and
        the rest of the batch is stored. `failures` are recorded too, under `run` where they name one. Raises
        `LedgerError` where a run was never added (`add_run`).
        """
        ready, unsound = self._sort(readings)
        told = tuple(failures)

        def work(connection: Connection) -> tuple[Failure, ...]:
            self._require_runs(connection, {r.reading["run"] for r in ready} | ({run} if run else set()))
            wanted, removed = (ready, []) if again else _without_removed(connection, ready)
            seals: dict[str, Any] = {}
            kept, clashing, seals["reports"] = self._add_reports(connection, wanted)
            seals["readings"] = self._add_readings(connection, kept)
            refused = (*unsound, *removed, *clashing)
            now = _now()
            lost = [rows.failure_row(f, run, now) for f in (*told, *refused)]
            # In order, as the reports are: no two wait for each other.
            stored = self._insert_new(connection, tables.failures, sorted(lost, key=itemgetter("id")))
            seals["failures"] = sorted(stored)
            self._seal(connection, "readings", seals)
            return refused

        return self._write(work)

    def _sort(self, readings: Sequence[Read]) -> tuple[list[rows.Prepared], list[Failure]]:
        """The rows of what can be stored, and failures for the rest."""
        ready: list[rows.Prepared] = []
        refused: list[Failure] = []
        added = _now()
        for report, reading, made in readings:
            try:
                ready.append(rows.prepare(report, reading, made, added=added))
            except LedgerError as error:
                refused.append(Failure(report.origin or report.id, "store", error.what, error.hint))
        return ready, refused

    def _require_runs(self, connection: Connection, wanted: set[str]) -> None:
        missing = wanted - set(connection.scalars(select(tables.runs.c.id).where(tables.runs.c.id.in_(wanted))))
        if missing:
            raise LedgerError(f"has no run {min(missing)!r}", where=self.name, hint="add_run comes before its readings")

    def _add_reports(
        self, connection: Connection, ready: list[rows.Prepared]
    ) -> tuple[list[rows.Prepared], list[Failure], dict[str, str]]:
        """Stores the reports that are new.

        Gives back what may be read from them, failures for those that clash, and the seals of the new ones.
        """
        first = {r.report["id"]: r.report for r in reversed(ready)}
        # In order of id, so that two processes with the same reports can't each hold a row that the other waits for.
        new = self._insert_new(connection, tables.reports, [first[i] for i in sorted(first)])
        texts = _texts(connection, first)
        kept, clashing = [], []
        for one in ready:
            if texts[one.report["id"]] == one.report["text_sha256"]:
                kept.append(one)
            else:
                clashing.append(_clash(one.report))
        return kept, clashing, {i: report_seal(first[i]) for i in new}

    def _add_readings(self, connection: Connection, kept: list[rows.Prepared]) -> dict[str, dict[str, str]]:
        """Stores the readings that are new, with what belongs to them. Gives back their seals, by run and report."""
        first = {(r.reading["report"], r.reading["run"]): r for r in reversed(kept)}
        if not first:
            return {}
        statement = self._new_only(tables.readings).returning(
            tables.readings.c.id, tables.readings.c.report, tables.readings.c.run
        )
        # Only what this very transaction stored comes back: a reading that is there already has its rows.
        stored = connection.execute(statement, [first[key].reading for key in sorted(first)]).all()
        new = [(row.id, first[row.report, row.run]) for row in stored]
        for table in (tables.statements, tables.events, tables.claims):
            made = [{**row, "reading": number} for number, one in new for row in getattr(one, table.name)]
            put(connection, table, made)
        index_readings(connection, new)
        seals: dict[str, dict[str, str]] = {}
        for _, one in new:
            said, told = ([row["record"] for row in made] for made in (one.statements, one.events))
            seal = reading_seal(one.reading, statements=said, events=told, claims=one.claims)
            seals.setdefault(one.reading["run"], {})[one.reading["report"]] = seal
        return seals

    # Reading

    def known(self, ids: Iterable[str], run_id: str) -> set[str]:
        """Those report ids of `ids` that `run_id` has read."""
        found: set[str] = set()
        with self._reading() as connection:
            for some in batched(ids, PAGE):
                query = select(tables.readings.c.report).where(
                    tables.readings.c.run == run_id, tables.readings.c.report.in_(some)
                )
                found.update(connection.scalars(query))
        return found

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of the text in UTF-8, for those report ids of `ids` that the ledger holds, by id.

        It tells whether a report that comes in again is the same one, without reading the report back.
        """
        with self._reading() as connection:
            return _texts(connection, ids)

    def entry(self, report_id: str, *, run: str | None = None) -> Entry | None:
        """The report with its newest reading, or with that of `run`; None where the ledger has no such report."""
        with self._reading() as connection:
            found = self._entries(connection, select(tables.reports).where(tables.reports.c.id == report_id), run)
        return found[0] if found else None

    def entries(self, *, run: str | None = None) -> Iterator[Entry]:
        """Every report, in order of id, with its newest reading or with that of `run`.

        Reports that come in meanwhile may or may not be among them. The ledger may be written to between two entries.
        """
        last = ""
        while True:
            page = select(tables.reports).where(tables.reports.c.id > last).order_by(tables.reports.c.id).limit(PAGE)
            with self._reading() as connection:
                found = self._entries(connection, page, run)
            yield from found
            if len(found) < PAGE:
                return
            last = found[-1].report.id

    def _entries(
        self, connection: Connection, page: Select[Any], run: str | None, *, events_only: bool = False
    ) -> list[Entry]:
        found = connection.execute(page).mappings().all()
        chosen = chosen_readings(run).where(tables.readings.c.report.in_([row["id"] for row in found]))
        read = {row["report"]: row for row in connection.execute(chosen).mappings()}
        numbers = [row["id"] for row in read.values()]
        said = {} if events_only else _records(connection, tables.statements, numbers)
        told_of = _records(connection, tables.events, numbers)
        entries = []
        for row in found:
            one, reading = read.get(row["id"]), None
            if one:
                parts = (said.get(one["id"], ()), told_of.get(one["id"], ()))
                reading = rows.reading_of(one, *parts, lookups=not events_only)
            entries.append(Entry(rows.report_of(row), row["added"], reading))
        return entries

    def claims(self, *, run: str | None = None) -> Iterator[Claim]:
        """The claims of every report's newest reading, or of the readings of `run`: by report id, then in text order.

        Claims of older readings stay in the ledger (`tally` counts them); name the run to see them.
        """
        c = tables.claims
        last = ""
        while True:
            r = tables.readings.c.report
            page = chosen_readings(run).where(r > last).order_by(r).limit(PAGE)
            with self._reading() as connection:
                chosen = connection.execute(page).mappings().all()
                numbers = [row["id"] for row in chosen]
                query = select(c).where(c.c.reading.in_(numbers)).order_by(c.c.report, c.c.seq)
                found = [rows.claim_of(row) for row in connection.execute(query).mappings()]
            yield from found
            if len(chosen) < PAGE:
                return
            last = chosen[-1]["report"]

    def reads(self, reports: Iterable[str], *, events_only: bool = False) -> Iterator[Read]:
        """Those reports with these ids that were read, in order of id, with their newest readings and their claims.

        With `events_only` the readings are without statements, times, toponyms and actors, which takes half as long.
        """
        for some in batched(sorted(set(reports)), PAGE):
            page = select(tables.reports).where(tables.reports.c.id.in_(some)).order_by(tables.reports.c.id)
            with self._reading() as connection:
                entries = self._entries(connection, page, None, events_only=events_only)
                numbers = chosen_readings(None).where(tables.readings.c.report.in_(some)).subquery()
                query = select(tables.claims).where(tables.claims.c.reading.in_(select(numbers.c.id)))
                claims: dict[str, list[Claim]] = {}
                for row in connection.execute(query.order_by(tables.claims.c.seq)).mappings():
                    claims.setdefault(row["report"], []).append(rows.claim_of(row))
            yield from ((e.report, e.reading, claims.get(e.report.id, [])) for e in entries if e.reading)

    def runs(self) -> tuple[Run, ...]:
        """Every run, oldest first."""
        with self._reading() as connection:
            found = connection.execute(select(tables.runs).order_by(tables.runs.c.added, tables.runs.c.id)).mappings()
            return tuple(rows.run_of(row) for row in found)

    def failures(self) -> tuple[Failure, ...]:
        """Every failure, oldest first; those of one batch by place."""
        with self._reading() as connection:
            order = (tables.failures.c.added, tables.failures.c.location, tables.failures.c.id)
            found = connection.execute(select(tables.failures).order_by(*order)).mappings()
            return tuple(rows.failure_of(row) for row in found)

    def tally(self) -> Tally:
        """How many rows there are of each, readings by older runs included."""
        with self._reading() as connection:
            counts = {
                f.name: connection.scalar(select(func.count()).select_from(tables.metadata.tables[f.name])) or 0
                for f in fields(Tally)
            }
        return Tally(**counts)


def _texts(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    r = tables.reports.c
    texts: dict[str, str] = {}
    for some in batched(ids, PAGE):
        found = connection.execute(select(r.id, r.text_sha256).where(r.id.in_(some)))
        texts |= {row.id: row.text_sha256 for row in found}
    return texts


def _now() -> datetime:
    return datetime.now(UTC)


def _without_removed(connection: Connection, ready: list[rows.Prepared]) -> tuple[list[rows.Prepared], list[Failure]]:
    """Leaves out what was removed for good. Gives back the rest, and failures for these."""
    gone = removed_of(connection, {one.report["id"]: one.report["text_sha256"] for one in ready})
    lost = [
        Failure(
            where=one.report["origin"] or one.report["id"],
            stage="store",
            cause=f"the report was removed from the ledger for good, on {gone[one.report['id']].made:%Y-%m-%d}",
            hint="`--again` takes it in all the same",
        )
        for one in ready
        if one.report["id"] in gone
    ]
    return [one for one in ready if one.report["id"] not in gone], lost


def _clash(report: rows.Row) -> Failure:
    return Failure(
        where=report["origin"] or report["id"],
        stage="store",
        cause=f"the ledger has a report {report['id']!r} with another text",
        hint="give one of the two another id, or keep them in two ledgers",
    )


def _records(connection: Connection, table: Table, numbers: Sequence[int]) -> Mapping[int, list[Any]]:
    """The `record` values of these readings in `table`, in order, by reading."""
    query = select(table.c.reading, table.c.record).where(table.c.reading.in_(numbers))
    found = connection.execute(query.order_by(table.c.reading, table.c.seq))
    return {number: [row.record for row in group] for number, group in groupby(found, key=lambda row: row.reading)}
