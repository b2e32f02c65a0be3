"""The checks in their order, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import Connection, select

from reportedly.store.tables import log, runs
from reportedly.store.verify.chain import check_log
from reportedly.store.verify.made import check_file, check_incidents, check_references, check_words
from reportedly.store.verify.stored import check_few, check_reports
from reportedly.store.verify.view import Advance, Fault, Maker, Sealed, View

MOST = 1000
"""Faults that are kept; the rest are counted."""

CHECKS = (check_file, check_log, check_reports, check_few, check_references, check_incidents, check_words)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, counted by kind of row; the faults, in the order of the checks; the newest entry of the log.

    `found` counts all faults, `faults` holds the first of them. `head` is the number and the hash of the entry.
    """

    counted: Mapping[str, int]
    faults: tuple[Fault, ...]
    found: int
    head: tuple[int, str] | None


def verify(
    connection: Connection, make: Maker, *, version: str, noted: str | None = None, advance: Advance
) -> Verified:
    """Checks the ledger behind `connection`, whose transaction must see it as it is at one moment.

    `make` makes claims of a reading. `noted` is a hash of the log's head that was written down earlier: then an entry
    of the log must have it, so that nobody can have written the whole chain anew. Raises `LedgerError` where the
    database can't be read.
    """
    faults: list[Fault] = []
    found = 0
    with closing(Sealed()) as sealed:
        of = {row.id: row.version for row in connection.execute(select(runs.c.id, runs.c.version))}
        view = View(connection, sealed, make, version, of, advance)
        for fault in _all(view, noted):
            found += 1
            if len(faults) < MOST:
                faults.append(fault)
    last = connection.execute(select(log.c.seq, log.c.sha256).order_by(log.c.seq.desc()).limit(1)).first()
    return Verified(dict(view.counted), tuple(faults), found, (last.seq, last.sha256) if last else None)


def _all(view: View, noted: str | None) -> Iterator[Fault]:
    for check in CHECKS:
        view.advance(check.__name__.removeprefix("check_"), 0, 0)
        yield from check(view)
        if check is check_log and noted is not None:
            there = view.connection.scalar(select(log.c.seq).where(log.c.sha256 == noted.strip().lower()))
            if there is None:
                yield Fault("log", f"has no entry with the hash that was noted, {noted}")
