"""What was stored: reports and readings, runs, failures, what people decided; each against its seal in the log."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Table, func, select

from reportedly.errors import ReportedlyError
from reportedly.store import rows, tables
from reportedly.store.held import Held, held
from reportedly.store.seals import judgement_seal, report_seal, row_seal, run_seal, tombstone_seal
from reportedly.store.verify.view import Fault, View

PAGE = 100
MADE = ("statements", "events", "claims")

Seals = Mapping[tuple[str, str], str]
_SEALS = {"runs": run_seal, "judgements": judgement_seal, "tombstones": tombstone_seal}
_MALFORMED = (ReportedlyError, ValueError, TypeError, AttributeError, KeyError, IndexError)
"""What reading a row that somebody altered by hand may come to."""


def check_reports(view: View) -> Iterator[Fault]:
    """Every report with its readings."""
    total = view.connection.scalar(select(func.count()).select_from(tables.reports)) or 0
    done = 0
    last = ""
    key = tables.reports.c.id
    while ids := list(view.connection.scalars(select(key).where(key > last).order_by(key).limit(PAGE))):
        seals = view.sealed.take("reports", ids), view.sealed.take("readings", ids)
        try:
            faults = list(_page(view, ids, *seals))
        except _MALFORMED:
            # A column of one of them can't even be decoded: which one is told by asking for each alone.
            faults = [fault for one in ids for fault in _alone(view, one, *seals)]
        yield from faults
        last = ids[-1]
        done += len(ids)
        view.advance("reports", done, total)


def _alone(view: View, report: str, own: Seals, read: Seals) -> Iterator[Fault]:
    mine = {key: seal for key, seal in read.items() if key[0] == report}
    try:
        yield from list(_page(view, [report], own, mine))
    except _MALFORMED as error:
        yield Fault(f"reports {report}", f"it, or a reading of it, can't be decoded: {error}")


def _page(view: View, ids: Sequence[str], own: Seals, read: Seals) -> Iterator[Fault]:
    query = select(tables.reports).where(tables.reports.c.id.in_(ids)).order_by(tables.reports.c.id)
    found = [dict(row) for row in view.connection.execute(query).mappings()]
    readings = held(view.connection, ids)
    left = dict(read)
    for row in found:
        yield from _report(row, own.get((row["id"], "")))
        view.counted["reports"] += 1
        for one in readings.get(row["id"], ()):
            yield from _reading(view, row, one, left.pop((row["id"], one.reading["run"]), None))
    for report, run in left:
        yield Fault(f"readings {report} {run}", "is in the log, but not in the ledger")


def _report(row: rows.Row, seal: str | None) -> Iterator[Fault]:
    where = f"reports {row['id']}"
    if rows.text_sha256(row["text"]) != row["text_sha256"]:
        yield Fault(where, "its text is not the one that was read: the hash is another")
    yield from unsealed(where, seal, report_seal(row))


def unsealed(where: str, seal: str | None, now: str) -> Iterator[Fault]:
    """A fault where something is not in the log, or was altered since."""
    if seal is None:
        yield Fault(where, "the log knows nothing of it")
    elif seal != now:
        yield Fault(where, "was altered since it was stored")


def _reading(view: View, row: rows.Row, one: Held, seal: str | None) -> Iterator[Fault]:
    where = f"readings {row['id']} {one.reading['run']}"
    yield from unsealed(where, seal, one.seal())
    try:
        report, reading = rows.report_of(row), one.record()
        claims = [rows.claim_of(c) for c in one.claims]
        made = rows.prepare(report, reading, claims, added=datetime.now(UTC))
    except _MALFORMED as error:
        yield Fault(where, f"is not sound: {getattr(error, 'what', error)}")
        return
    for name in MADE:
        yield from _columns(name, row["id"], getattr(one, name), getattr(made, name))
        view.counted[name] += len(getattr(one, name))
    view.counted["readings"] += 1
    if view.versions.get(reading.run) != view.version:
        view.counted["claims of other versions"] += len(claims)
        return
    try:
        again = list(view.make(report, reading))
    except ReportedlyError as error:
        yield Fault(where, f"no claims can be made of it: {error.what}")
        return
    if again != claims:
        odd = next((str(c.id) for c, d in zip(claims, again, strict=False) if c != d), "their number")
        yield Fault(f"claims {row['id']} {reading.run}", f"don't follow from the reading: {odd}")


def _columns(name: str, report: str, stored: Sequence[rows.Row], made: Sequence[rows.Row]) -> Iterator[Fault]:
    """Columns repeat what the records say."""
    if [row["seq"] for row in stored] != list(range(len(made))):
        yield Fault(f"{name} {report}", "some of them are missing, or out of order")
    for row, other in zip(stored, made, strict=False):
        for column, value in other.items():
            if row[column] != value:
                yield Fault(f"{name} {report} {other['id']}", f"its {column!r} doesn't follow from its record")


def check_few(view: View) -> Iterator[Fault]:
    """Runs, failures, tombstones, and what people did: judgements, edits, assignments, codings, releases."""
    for table in (tables.runs, tables.judgements, tables.tombstones):
        for row in _rows(view, table):
            key = row["report" if table is tables.tombstones else "id"]
            seal = view.sealed.take(table.name, [key]).get((key, ""))
            yield from unsealed(f"{table.name} {key}", seal, _SEALS[table.name](row))
    for table in (tables.edits, tables.assignments, tables.codings, tables.releases):
        number = next(iter(table.primary_key.columns)).name
        for row in _rows(view, table):
            key, part = (row["report"], str(row[number])) if "report" in row else (str(row[number]), "")
            seal = view.sealed.take(table.name, [key], part).get((key, part))
            yield from unsealed(f"{table.name} {row[number]}", seal, row_seal(table.name, row))
    yield from _archives(view)
    for row in _rows(view, tables.failures):
        where = f"failures {row['id']}"
        again = rows.failure_row(rows.failure_of(row), row["run"], row["added"])
        if again["id"] != row["id"]:
            yield Fault(where, "was altered since it was stored")
        if not view.sealed.take("failures", [row["id"]]):
            yield Fault(where, "the log knows nothing of it")
    for kind, key, part, seq in view.sealed.left():
        yield Fault(f"{kind} {key} {part}".rstrip(), f"is in the log (entry {seq}), but not in the ledger")


def _archives(view: View) -> Iterator[Fault]:
    """The files of releases, as far as they are kept: each has the hash that the release says."""
    told = {row["number"]: row["manifest"] for row in _rows(view, tables.releases)}
    for number, manifest in told.items():
        a = tables.release_archives.c
        content = view.connection.scalar(select(a.content).where(a.number == number))
        if content is None:
            continue
        wanted = manifest.get("files", {})
        try:
            with ZipFile(BytesIO(content)) as archive:
                found = {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        except (BadZipFile, ValueError, OSError, zlib.error):
            found = {}
        if any(found.get(name) != digest for name, digest in wanted.items()):
            yield Fault(f"release_archives {number}", "its files are not those that were released")


def _rows(view: View, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table in order of its key, a page at a time."""
    key = next(iter(table.primary_key.columns))
    last: Any = None
    while True:
        query = select(table).order_by(key).limit(PAGE)
        found = [
            dict(r) for r in view.connection.execute(query if last is None else query.where(key > last)).mappings()
        ]
        for row in found:
            view.counted[table.name] += 1
            yield row
        if len(found) < PAGE:
            return
        last = found[-1][key.name]
