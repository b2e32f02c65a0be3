"""The ledger's part for people who read reports: their edits of a reading, what they are to read, and codings done.

An edit never alters what a machine found. A *coding* is one person's view of one report: a reading to start from (the
*base*, named by its run) and that person's edits in their order. All rows are appended; the newest counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select

from reportedly.errors import LedgerError
from reportedly.store.base import PAGE, Database, batched
from reportedly.store.entries import append
from reportedly.store.rows import run_of
from reportedly.store.seals import row_seal
from reportedly.store.tables import readings, runs
from reportedly.store.tables_review import assignments, codings, edits
from reportedly.types import Run

OPS = ("accept", "reject", "set", "put", "drop", "add", "undo")
"""What an edit can do; docs/reference/codings.md says what each needs in its details."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a person made to a reading of a report. `details` is a JSON object as text, its keys sorted."""

    id: str
    made: datetime
    by: str
    report: str
    base: str
    op: str
    details: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """That `person` is to read `report`.

    `blind`: nobody else sees the coding before it is done, and the person sees nobody else's. `scratch`: they start
    from the bare text, not from the newest reading. `standing` is false where the assignment is taken back.
    """

    made: datetime
    by: str
    report: str
    person: str
    blind: bool = False
    scratch: bool = False
    standing: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """That a coding was finished: who read which report, from which base, and how many edits there were.

    `run` is the run of the reading that came of it, `None` for a blind coding, which waits to be curated.
    """

    made: datetime
    by: str
    report: str
    base: str
    edits: int
    blind: bool = False
    scratch: bool = False
    run: str | None = None


def make_edit(*, by: str, report: str, base: str, op: str, details: dict[str, Any]) -> Edit:
    """An edit of this moment; its id follows from all of it."""
    made = datetime.now(UTC)
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    parts = json.dumps([made.isoformat(), by, report, base, op, text]).encode("ascii")
    return Edit("edit-" + hashlib.sha256(parts).hexdigest()[:24], made, by, report, base, op, text)


class CodingTables(Database):
    """Edits, assignments and codings of a ledger."""

    def edit(self, made: Edit) -> None:
        """Appends an edit; one whose id the ledger has is left as it is. Raises `LedgerError` for an unknown `op`."""
        if made.op not in OPS:
            raise LedgerError(f"{made.op!r} is no edit", where=self.name, hint=f"one of {', '.join(OPS)}")
        row: dict[str, Any] = {name: getattr(made, name) for name in ("id", "made", "by", "report", "base", "op")}
        details = {"report": made.report, "op": made.op, "sha256": hashlib.sha256(made.details.encode()).hexdigest()}
        row["details"] = json.loads(made.details)
        with self._writing() as connection:
            if self._insert_new(connection, edits, [row]):
                seq = connection.scalar(select(edits.c.seq).where(edits.c.id == made.id))
                seals = {"edits": {str(seq): {made.report: row_seal("edits", row)}}}
                append(connection, "edit", by=made.by, subject=made.id, details={**details, "seals": seals})

    def edits(self, report: str, *, by: str | None = None, base: str | None = None) -> tuple[Edit, ...]:
        """The edits of a report in the order in which they were made: all, those of one person, or of one base."""
        query = select(edits).where(edits.c.report == report).order_by(edits.c.seq)
        if by is not None:
            query = query.where(edits.c.by == by)
        if base is not None:
            query = query.where(edits.c.base == base)
        with self._reading() as connection:
            return tuple(_edit_of(row) for row in connection.execute(query))

    def assign(self, made: Sequence[Assignment]) -> None:
        """Appends assignments in one transaction."""
        names = ("made", "by", "report", "person", "blind", "scratch", "standing")
        if not made:
            return
        with self._writing() as connection:
            for a in made:
                row = {n: getattr(a, n) for n in names}
                seq = connection.scalar(insert(assignments).values(row).returning(assignments.c.seq))
                seals = {"assignments": {str(seq): {a.report: row_seal("assignments", row)}}}
                details = {"person": a.person, "blind": a.blind, "scratch": a.scratch, "standing": a.standing}
                append(connection, "assign", by=a.by, subject=a.report, details={**details, "seals": seals})

    def assignments(self, *, person: str | None = None, report: str | None = None) -> tuple[Assignment, ...]:
        """The standing assignments, the newest of each person and report, oldest first."""
        newest = select(func.max(assignments.c.seq)).group_by(assignments.c.report, assignments.c.person)
        if person is not None:
            newest = newest.where(assignments.c.person == person)
        if report is not None:
            newest = newest.where(assignments.c.report == report)
        query = select(assignments).where(assignments.c.seq.in_(newest), assignments.c.standing)
        with self._reading() as connection:
            found = connection.execute(query.order_by(assignments.c.seq))
            return tuple(Assignment(*row[1:]) for row in found)

    def finish(self, done: Done) -> None:
        """Appends that a coding is done. A coding can be taken up and finished again; the newest counts."""
        names = ("made", "by", "report", "base", "edits", "blind", "scratch", "run")
        with self._writing() as connection:
            row = {n: getattr(done, n) for n in names}
            seq = connection.scalar(insert(codings).values(row).returning(codings.c.seq))
            seals = {"codings": {str(seq): {done.report: row_seal("codings", row)}}}
            details = {"base": done.base, "edits": done.edits, "blind": done.blind, "run": done.run}
            append(connection, "code", by=done.by, subject=done.report, details={**details, "seals": seals})

    def codings(self, *, report: str | None = None, by: str | None = None) -> tuple[Done, ...]:
        """The finished codings, the newest of each person and report, in the order in which they were finished."""
        return self._codings(report, by, None)

    def codings_of(self, reports: Iterable[str]) -> tuple[Done, ...]:
        """The finished codings of these reports, the newest of each person and report."""
        return tuple(d for some in batched(sorted(set(reports)), PAGE) for d in self._codings(None, None, some))

    def runs_of(self, report: str) -> tuple[Run, ...]:
        """The runs that read this report, the oldest reading first."""
        query = select(runs).join(readings, readings.c.run == runs.c.id).where(readings.c.report == report)
        with self._reading() as connection:
            return tuple(run_of(row) for row in connection.execute(query.order_by(readings.c.id)).mappings())

    def _codings(self, report: str | None, by: str | None, among: Sequence[str] | None) -> tuple[Done, ...]:
        newest: Select[Any] = select(func.max(codings.c.seq)).group_by(codings.c.report, codings.c.by)
        if report is not None:
            newest = newest.where(codings.c.report == report)
        if by is not None:
            newest = newest.where(codings.c.by == by)
        if among is not None:
            newest = newest.where(codings.c.report.in_(among))
        query = select(codings).where(codings.c.seq.in_(newest)).order_by(codings.c.seq)
        with self._reading() as connection:
            return tuple(Done(*row[1:]) for row in connection.execute(query))


def _edit_of(row: Row[Any]) -> Edit:
    details = json.dumps(row.details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Edit(row.id, row.made, row.by, row.report, row.base, row.op, details)
