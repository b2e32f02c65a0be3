"""Records to the rows of the tables and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from reportedly.errors import LedgerError
from reportedly.store.codec import Shelf, field_from_json, field_to_json, from_json, to_json
from reportedly.types import Claim, Event, Failure, Reading, Report, Run, Span, Statement

Row = dict[str, Any]

_REPORT = tuple(f.name for f in fields(Report))
_CLAIM = tuple(f.name for f in fields(Claim))
_CLAIM_JSON = ("agents", "targets", "toll", "evidence")
_LONGEST_ID = 2000
"""Bytes of a report's id. Ids are indexed, and PostgreSQL indexes nothing that is longer than 2,700."""
_LOOKUPS = ("times", "toponyms", "actors")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one reading, checked. The children still lack `reading`, which the ledger gives."""

    report: Row
    reading: Row
    statements: list[Row]
    events: list[Row]
    claims: list[Row]


def prepare(report: Report, reading: Reading, claims: Sequence[Claim], *, added: datetime) -> Prepared:
    """The rows of a reading. Raises `LedgerError` where a value isn't as its record declares, a span lies outside the
    text, an id comes twice, or reading and claims are not of this report and run.
    """
    shelf = Shelf()
    prepared = Prepared(
        report=_report_row(report, added),
        reading=_reading_row(reading, shelf, added),
        statements=[_statement_row(s, report.id, n, shelf) for n, s in enumerate(reading.statements)],
        events=[_event_row(e, report.id, n, shelf) for n, e in enumerate(reading.events)],
        claims=[_claim_row(c, n, shelf) for n, c in enumerate(claims)],
    )
    _check(report, reading, claims)
    return prepared


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def run_row(run: Run, added: datetime) -> Row:
    record = to_json(run)
    return {"authorities": [], "settings": [], **record, "added": added}


def run_of(row: Mapping[Any, Any]) -> Run:
    return from_json(Run, {f.name: row[f.name] for f in fields(Run)})


def failure_row(failure: Failure, run: str | None, added: datetime) -> Row:
    """The row of a failure; its key is a hash of the rest, so that the same failure of the same run is one row."""
    parts = [failure.where, failure.stage, failure.cause, failure.hint]
    # A cause may quote bytes that are no text; a failure must be recordable whatever it says.
    location, stage, cause, hint = (p.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode() for p in parts)
    key = hashlib.sha256(json.dumps([location, stage, cause, hint, run]).encode("ascii")).hexdigest()[:32]
    return {
        "id": key,
        "location": location,
        "stage": stage,
        "cause": cause,
        "hint": hint,
        "run": run,
        "added": added,
    }


def failure_of(row: Mapping[Any, Any]) -> Failure:
    return Failure(where=row["location"], stage=row["stage"], cause=row["cause"], hint=row["hint"])


def report_of(row: Mapping[Any, Any]) -> Report:
    return Report(**{name: row[name] for name in _REPORT})


def reading_of(
    row: Mapping[Any, Any], statements: Iterable[Any], events: Iterable[Any], *, lookups: bool = True
) -> Reading:
    """The reading of its row and the `record` values of its statements and events, in order.

    Without `lookups` it is without times, toponyms and actors.
    """
    record = row["record"]
    shelf = Shelf(record.get("candidates", ()))
    return Reading(
        report=row["report"],
        run=row["run"],
        statements=tuple(from_json(Statement, s, shelf) for s in statements),
        events=tuple(from_json(Event, e, shelf) for e in events),
        **{name: field_from_json(Reading, name, record.get(name, []), shelf) for name in _LOOKUPS if lookups},
    )


def claim_of(row: Mapping[Any, Any]) -> Claim:
    none = Shelf()
    listed = {name: field_from_json(Claim, name, row[name], none) for name in _CLAIM_JSON}
    return Claim(**{name: row[name] for name in _CLAIM} | listed)


def _check(report: Report, reading: Reading, claims: Sequence[Claim]) -> None:
    if len(report.id.encode("utf-8")) > _LONGEST_ID:
        what = f"its id {report.id[:40]!r}… is longer than {_LONGEST_ID:,} bytes"
        raise LedgerError(what, hint="give the report a shorter id, or none: then one is made of its text")
    if reading.report != report.id:
        raise _refused(report, f"its reading is of {reading.report!r}")
    for claim in claims:
        if (claim.report, claim.run) != (report.id, reading.run):
            raise _refused(report, f"claim {claim.id} is of report {claim.report!r} and run {claim.run!r}")
    for what, ids in (
        ("statement", [s.id for s in reading.statements]),
        ("event", [e.id for e in reading.events]),
        ("claim", [c.id for c in claims]),
    ):
        if len(set(ids)) < len(ids):
            raise _refused(report, f"a {what} id comes twice")
    end = max((s.end for s in _spans(reading, claims)), default=0)
    if end > len(report.text):
        raise _refused(report, f"a span ends at {end}, the text at {len(report.text)}")


def _refused(report: Report, why: str) -> LedgerError:
    return LedgerError(f"{report.id!r}: {why}", hint="reading and claims must come from this report, unaltered")


def _spans(reading: Reading, claims: Sequence[Claim]) -> Iterable[Span]:
    """All spans of the reading and claims that point into the text."""
    for s in reading.statements:
        yield from s.source + s.cue + s.content + s.told_to
    for e in reading.events:
        yield e.trigger
        yield from e.times + e.weapons
        yield from (part.text for part in (*e.agents, *e.targets))
        yield from (place.text for place in e.places)
        yield from (figure.text for figure in e.toll)
        yield from (p.link.text for p in e.agents + e.targets if p.link)
    yield from (w.text for w in reading.times)
    yield from (link.text for link in reading.toponyms + reading.actors)
    for c in claims:
        yield from c.evidence
        yield from (f.text for f in c.toll)


def _report_row(report: Report, added: datetime) -> Row:
    to_json(report)  # for its checks alone: the columns hold the values as they are
    return {name: getattr(report, name) for name in _REPORT} | {
        "text_sha256": text_sha256(report.text),
        "added": added,
    }


def _reading_row(reading: Reading, shelf: Shelf, added: datetime) -> Row:
    record = {
        name: field_to_json(Reading, name, getattr(reading, name), shelf) for name in _LOOKUPS if getattr(reading, name)
    }
    # The list itself, which the events of the reading are still going to add to.
    record["candidates"] = shelf.kept
    return {"report": reading.report, "run": reading.run, "record": record, "added": added}


def _statement_row(s: Statement, report: str, seq: int, shelf: Shelf) -> Row:
    return {
        "seq": seq,
        "id": s.id,
        "report": report,
        "stance": s.stance,
        "speaker": s.speaker,
        "side": s.side,
        "speaker_kind": s.speaker_kind,
        "said_on": s.said_on,
        "inside": s.inside,
        "score": s.score,
        "record": to_json(s, shelf),
    }


def _event_row(e: Event, report: str, seq: int, shelf: Shelf) -> Row:
    record = to_json(e, shelf)
    place = e.places[0] if e.places else None
    best = place.best if place else None
    return {
        "seq": seq,
        "id": e.id,
        "report": report,
        "kind": e.kind,
        "status": e.status,
        "trigger_start": e.trigger.start,
        "trigger_end": e.trigger.end,
        "statement": e.statement,
        "same_as": e.same_as,
        "place": (best.name if best else place.name) if place else None,
        "place_id": best.id if best else None,
        "country": best.country if best else None,
        "lat": best.lat if best else None,
        "lon": best.lon if best else None,
        "first": e.first,
        "last": e.last,
        "score": e.score,
        "record": record,
    }


def _claim_row(claim: Claim, seq: int, shelf: Shelf) -> Row:
    record = to_json(claim, shelf)
    row = {name: getattr(claim, name) for name in _CLAIM} | {name: record[name] for name in _CLAIM_JSON}
    return {**row, "seq": seq}
