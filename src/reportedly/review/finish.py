"""A coding that is done becomes a reading of its own: stored with its claims, those checked accepted, linked anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from reportedly.claims import make_claims
from reportedly.errors import LedgerError
from reportedly.ids import claim_id, judgement_id
from reportedly.link.judged import standing
from reportedly.review.sheet import PERSON, Sheet, person_run
from reportedly.review.site import Site
from reportedly.store import Ledger
from reportedly.store.codings import Done
from reportedly.types import Judgement, Reading, Report, Run


def finish(site: Site, sheet: Sheet, person: str) -> Run | None:
    """Marks the coding as done. A blind one waits to be curated; of any other comes a reading, whose run is given back.

    Nothing that has been finished is finished again.
    """
    if sheet.done is not None:
        return None
    base, scratch = sheet.base_run.id, bool(sheet.assignment and sheet.assignment.scratch)
    run = None
    if not sheet.blind:
        run = person_run(f"{PERSON}{person}", base, sheet.coding.standing, ontology=site.ontology)
        store_reading(site.ledger, sheet.report, sheet.coding.reading, run)
        accept(site.ledger, sheet.report.id, run=run.id, events=_checked(sheet), by=person)
        carry_over(site.ledger, sheet, run.id)
    made = datetime.now(UTC)
    site.ledger.finish(
        Done(
            made=made,
            by=person,
            report=sheet.report.id,
            base=base,
            edits=len(sheet.edits),
            blind=sheet.blind,
            scratch=scratch,
            run=run.id if run else None,
        )
    )
    return run


def store_reading(ledger: Ledger, report: Report, reading: Reading, run: Run) -> None:
    """Stores `reading` as that of `run`, with its claims. Raises `LedgerError` where the ledger refuses it."""
    made = replace(reading, run=run.id)
    ledger.add_run(run)
    refused = ledger.add([(report, made, make_claims(report, made))])
    if refused:
        raise LedgerError(refused[0].cause, where=ledger.name, hint=refused[0].hint)


def accept(ledger: Ledger, report: str, *, run: str, events: list[str], by: str, note: str | None = None) -> None:
    """Records that a person holds the claims of these events to be rightly read."""
    if events:
        _judge(ledger, "accept", tuple(claim_id(report, run, e) for e in events), by, note)


def carry_over(ledger: Ledger, sheet: Sheet, run: str) -> None:
    """What was decided about claims of the base holds for the same events of the new reading, unless they were checked.

    It is said again in the name of whoever decided it.
    """
    own = set(_checked(sheet))
    kept = [e.id for e in sheet.coding.reading.events if e.id not in own]
    old = {claim_id(sheet.report.id, sheet.base_run.id, e): e for e in kept}
    last: dict[str, Judgement] = {}
    for judgement in standing(ledger.judgements()):
        if judgement.action in ("accept", "reject"):
            last |= {old[s]: judgement for s in judgement.subjects if s in old}
    for event, judgement in last.items():
        note = f"carried over from {judgement.id}"
        _judge(ledger, judgement.action, (claim_id(sheet.report.id, run, event),), judgement.by, note)


def relink(site: Site) -> None:
    """Brings incidents and their facts up to date with the newest readings."""
    site.decisions.follow()


def _checked(sheet: Sheet) -> list[str]:
    return [e.id for e in sheet.coding.reading.events if e.id in sheet.coding.touched]


def _judge(ledger: Ledger, action: str, subjects: tuple[str, ...], by: str, note: str | None) -> None:
    made = datetime.now(UTC)
    name = judgement_id(made.isoformat(), by, action, subjects)
    ledger.judge(Judgement(name, made, by, action, subjects, note))
