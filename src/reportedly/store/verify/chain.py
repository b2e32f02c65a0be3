"""The log: that each entry follows from the one before, and what the entries seal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from reportedly.store.chain import START, entry_sha256
from reportedly.store.tables import log
from reportedly.store.verify.view import Fault, Sealed, View

PAGE = 500


def check_log(view: View) -> Iterator[Fault]:
    """The chain, entry by entry; on the way the seals are noted."""
    total = view.connection.scalar(select(func.count()).select_from(log)) or 0
    number, last = 0, START
    if not total:
        yield Fault("log", "is empty: nothing vouches for what the ledger holds")
    for row in _entries(view):
        number += 1
        where = f"log {row['seq']}"
        if row["seq"] != number:
            yield Fault(f"log {number}", f"is missing; the next entry is {row['seq']}")
            number = row["seq"]
        elif row["previous"] != last:
            yield Fault(where, "doesn't follow from the entry before it")
        if entry_sha256(row) != row["sha256"]:
            yield Fault(where, "was altered: its hash doesn't follow from what it says")
        last = row["sha256"]
        yield from note(view.sealed, row)
        view.counted["log"] += 1
        view.advance("log", view.counted["log"], total)


def _entries(view: View) -> Iterator[dict[str, Any]]:
    after = -1
    while True:
        query = select(log).where(log.c.seq > after).order_by(log.c.seq).limit(PAGE)
        found = [dict(row) for row in view.connection.execute(query).mappings()]
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1]["seq"]


def note(sealed: Sealed, row: Mapping[str, Any]) -> Iterator[Fault]:
    """Note what an entry seals, and forget what it removes."""
    details = row["details"] if isinstance(row["details"], dict) else {}
    for kind, key, part, seal in _seals(details.get("seals")):
        before = sealed.put(kind, key, part, seal, row["seq"])
        if before is not None:
            yield Fault(f"log {row['seq']}", f"tells of {kind} {key} a second time, after entry {before}")
    if row["action"] == "purge" and row["subject"]:
        yield from _note_purge(sealed, row, details)


def _note_purge(sealed: Sealed, row: Mapping[str, Any], details: Mapping[str, Any]) -> Iterator[Fault]:
    report, held = row["subject"], details.get("held")
    held = held if isinstance(held, dict) else {}
    removed = sealed.take("reports", [report]) | sealed.take("readings", [report])
    told = {(report, ""): held.get("report")}
    told |= {(report, run): seal for _, run, _, seal in _seals({"": held.get("readings")})}
    if removed != told:
        yield Fault(f"log {row['seq']}", f"removed {report}, which was not what had been stored")
    for kind in ("edits", "assignments", "codings"):
        sealed.take(kind, [report])
    sealed.take("failures", [str(key) for key in held.get("failures", ())])
    sealed.put("tombstones", report, "", str(details.get("seal")), row["seq"])


def _seals(seals: Any) -> Iterator[tuple[str, str, str, str]]:
    """Kind, key, part and hash of all that the details of an entry seal; whatever has another form is passed over."""
    for kind, some in seals.items() if isinstance(seals, dict) else ():
        if isinstance(some, list):
            yield from ((kind, str(key), "", "") for key in some)
        for key, seal in some.items() if isinstance(some, dict) else ():
            if isinstance(seal, dict):  # of a report: by run or number, then by report
                yield from ((kind, report, key, str(one)) for report, one in seal.items())
            else:
                yield kind, key, "", str(seal)
