"""The sheet: a report as one person works on it, gathered from the ledger.

Which reading it starts from (the base): that of the person's unfinished edits, if there are any; for a blind coding the
newest that a machine made; else the newest. From scratch means that its statements and events are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportedly import __version__
from reportedly.errors import LedgerError
from reportedly.ids import run_id
from reportedly.ontology import Ontology
from reportedly.review.fold import Coding, fold
from reportedly.store import Ledger
from reportedly.store.codings import Assignment, Done, Edit
from reportedly.types import Entry, Reading, Report, Run

PERSON = "person:"
"""How `Run.model` begins for a reading that a person made, followed by their name."""

CURATED = "curated:"
"""The same for one that an editor made of several codings."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report, the reading it is worked on from, the person's edits of that, and what they come to.

    `runs` are those that read the report, oldest first. `done` is the person's finished coding of this very base, if
    nothing was edited since. `others` are finished codings of others that the person may see.
    """

    report: Report
    base: Reading
    base_run: Run
    edits: tuple[Edit, ...]
    coding: Coding
    runs: tuple[Run, ...]
    assignment: Assignment | None
    done: Done | None
    others: tuple[Done, ...]

    @property
    def blind(self) -> bool:
        """Whether this coding is blind to others, and they to it."""
        return bool(self.assignment and self.assignment.blind)


def open_sheet(ledger: Ledger, report_id: str, person: str, *, ontology: Ontology) -> Sheet | None:
    """The sheet of a person; None where the ledger has no such report or nothing has read it."""
    entry = ledger.entry(report_id)
    if entry is None or entry.reading is None:
        return None
    runs = ledger.runs_of(report_id)
    assignment = next(iter(ledger.assignments(report=report_id, person=person)), None)
    finished = ledger.codings(report=report_id)
    mine = next((d for d in finished if d.by == person), None)
    edits = ledger.edits(report_id, by=person)
    base_run = _base_run(runs, edits, mine, blind=bool(assignment and assignment.blind))
    base = _reading(ledger, entry, base_run.id)
    if assignment and assignment.scratch:
        base = replace(base, statements=(), events=())
    own = tuple(e for e in edits if e.base == base_run.id)
    done = mine if mine and mine.base == base_run.id and mine.edits == len(own) else None
    hidden = assignment is not None and assignment.blind and done is None
    return Sheet(
        report=entry.report,
        base=base,
        base_run=base_run,
        edits=own,
        coding=fold(entry.report, base, own, ontology=ontology),
        runs=runs,
        assignment=assignment,
        done=done,
        others=() if hidden else tuple(d for d in finished if d.by != person),
    )


def coding_of(ledger: Ledger, report: Report, done: Done, *, ontology: Ontology) -> Coding:
    """A finished coding: its base with the edits that there were when it was finished."""
    entry = ledger.entry(report.id, run=done.base)
    if entry is None or entry.reading is None:
        raise LedgerError(f"has no reading of {report.id!r} by {done.base!r}", where=ledger.name)
    base = replace(entry.reading, statements=(), events=()) if done.scratch else entry.reading
    edits = ledger.edits(report.id, by=done.by, base=done.base)[: done.edits]
    return fold(report, base, edits, ontology=ontology)


def is_done(assignment: Assignment, finished: Iterable[Done]) -> bool:
    """Whether one of these codings of the assigned report is what was asked for: by that person, and since then."""
    return any(d.by == assignment.person and d.made >= assignment.made for d in finished)


def by_machine(run: Run) -> bool:
    """Whether a machine made the readings of this run."""
    return not run.model.startswith((PERSON, CURATED))


def person_run(model: str, base: str, edits: Sequence[Edit] | str, *, ontology: Ontology) -> Run:
    """The run of a reading that a person made: `model` says who, the settings from what.

    `edits` are those that were folded in, or, of a curated reading, a text that tells what was chosen.
    """
    listed = edits if isinstance(edits, str) else json.dumps([[e.id, e.op, e.details] for e in edits])
    settings = (("base", base), ("edits", hashlib.sha256(listed.encode()).hexdigest()))
    name = run_id(version=__version__, model=model, ontology=ontology.sha256, settings=settings)
    return Run(name, __version__, model, ontology.sha256, (), settings)


def _base_run(runs: Sequence[Run], edits: Sequence[Edit], mine: Done | None, *, blind: bool) -> Run:
    known = {run.id: run for run in runs}
    last = edits[-1].base if edits else ""
    if last in known:
        made = sum(e.base == last for e in edits)
        unfinished = mine is None or mine.base != last or mine.edits != made
        later = runs[list(known).index(last) + 1 :]
        curated = any(run.model.startswith(CURATED) for run in later)
        if unfinished or (mine and mine.blind and not curated):
            return known[last]
    machine = [run for run in runs if by_machine(run)]
    return machine[-1] if blind and machine else runs[-1]


def _reading(ledger: Ledger, entry: Entry, run: str) -> Reading:
    if entry.reading is not None and entry.reading.run == run:
        return entry.reading
    other = ledger.entry(entry.report.id, run=run)
    if other is None or other.reading is None:
        raise LedgerError(f"has no reading of {entry.report.id!r} by {run!r}", where=ledger.name)
    return other.reading
