"""Codings side by side: how far coders agree, and one reading made of several by an editor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from reportedly.errors import EditError
from reportedly.review.agreement import Agreed, Coded, measure
from reportedly.review.align import Unit, align
from reportedly.review.finish import accept, relink, store_reading
from reportedly.review.merge import merged, questions, what_of
from reportedly.review.notes import words_of
from reportedly.review.people import Editor, Person, Reviewer
from reportedly.review.report import Form, report_href
from reportedly.review.sheet import CURATED, by_machine, coding_of, is_done, person_run
from reportedly.review.site import Site
from reportedly.store.codings import Done
from reportedly.types import Event, Reading, Report

MACHINE = "machine"
"""What the machine is called among the coders. Should one of them have this name, it gets a longer one."""


MOST = 300
"""Finished codings that agreement is measured over at most, the last ones: a page answers in a few seconds."""


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/agreement")
    def agreement(request: Request, person: Editor) -> Response:
        return site.pages.render(request, "agreement.html", **_agreement(site, request.query_params.getlist("coder")))

    @routes.get("/curate/{report:path}")
    def show(request: Request, report: str, person: Reviewer) -> Response:
        return site.pages.render(request, "curate.html", **_page(site, report, person))

    @routes.post("/curate/{report:path}")
    def settle(report: str, person: Editor, form: Form, later: BackgroundTasks) -> Response:
        _settle(site, report, person, form)
        later.add_task(relink, site)
        return RedirectResponse(report_href(report), status_code=303, background=later)

    return routes


def coders_of(site: Site, report: Report, finished: Sequence[Done]) -> dict[str, Reading]:
    """The codings of a report by coder, the machine's newest reading among them, people first."""
    found = {d.by: coding_of(site.ledger, report, d, ontology=site.ontology).reading for d in finished}
    machine = [run for run in site.ledger.runs_of(report.id) if by_machine(run)]
    entry = site.ledger.entry(report.id, run=machine[-1].id) if machine else None
    if entry and entry.reading:
        found[_machine(found)] = entry.reading
    return found


def _machine(people: dict[str, Any]) -> str:
    return MACHINE if MACHINE not in people else f"{MACHINE} (the program)"


def _agreement(site: Site, wanted: Sequence[str]) -> dict[str, Any]:
    finished: dict[str, list[Done]] = {}
    for done in site.ledger.codings()[-MOST:]:
        finished.setdefault(done.report, []).append(done)
    coded: list[Coded] = []
    for report in site.ledger.reports_named(finished):
        coded.append((report, coders_of(site, report, finished[report.id])))
    everyone = sorted({c for _, codings in coded for c in codings}, key=lambda c: (c.startswith(MACHINE), c))
    chosen = [c for c in everyone if c in wanted] if len(set(wanted) & set(everyone)) > 1 else everyone
    found: Agreed | None = measure(coded, chosen[:6]) if len(chosen) > 1 else None
    return {"agreed": found, "everyone": everyone, "chosen": chosen[:6], "most": MOST}


def _gather(site: Site, name: str, person: Person) -> tuple[Report, tuple[str, ...], list[Reading], tuple[Done, ...]]:
    """The report, its coders and their codings. Whoever codes it blind sees it when they are done."""
    entry = site.ledger.entry(name)
    if entry is None:
        raise HTTPException(404, "there is no such report")
    finished = site.ledger.codings(report=name)
    own = [a for a in site.ledger.assignments(report=name, person=person.name) if a.blind]
    if own and not is_done(own[0], finished):
        raise HTTPException(403, "you code this report blind: finish your coding first")
    if not finished:
        raise HTTPException(404, "nobody has finished a coding of this report")
    codings = coders_of(site, entry.report, finished)
    return entry.report, tuple(codings), list(codings.values()), finished


def _page(site: Site, name: str, person: Person) -> dict[str, Any]:
    report, coders, readings, finished = _gather(site, name, person)
    units = align(readings)
    asked = questions(report, units, len(coders), people=len(finished))
    open_ = {q.number for q in asked}
    return {
        "report": report,
        "href": report_href(name),
        "address": quote(name, safe=""),
        "coders": coders,
        "questions": asked,
        "agreed": [(what_of(u), _line(report, u)) for n, u in enumerate(units) if n not in open_],
        "state": _state(report, readings),
        "unfinished": _unfinished(site, name, finished),
        "may_settle": person.may("editor"),
        "measured": measure([(report, dict(zip(coders, readings, strict=True)))], coders),
    }


def _unfinished(site: Site, name: str, finished: Sequence[Done]) -> list[str]:
    """Those who have still to code the report."""
    return [a.person for a in site.ledger.assignments(report=name) if not is_done(a, finished)]


def _line(report: Report, unit: Unit) -> str:
    entry = next(e for e in unit.entries if e is not None)
    if isinstance(entry, Event):
        return f"{entry.kind.replace('_', ' ')}: “{entry.trigger.of(report.text)}”"
    return f"{entry.speaker or 'nobody named'}: “{words_of(entry.content, report.text, most=90)}”"


def _state(report: Report, readings: Sequence[Reading]) -> str:
    """What tells whether the codings are still those that the page showed."""
    return hashlib.sha256(repr([(r.run, r.statements, r.events) for r in readings]).encode()).hexdigest()[:16]


def _settle(site: Site, name: str, person: Person, form: dict[str, list[str]]) -> None:
    report, coders, readings, finished = _gather(site, name, person)
    if form.get("state", [""])[-1] != _state(report, readings):
        hint = "go back and reload: a coding changed since you opened the page"
        raise EditError("the codings are no longer those", where=name, hint=hint)
    units = align(readings)
    kept, chosen = _answers(form, len(units))
    reading = merged(readings[-1], units, people=len(finished), kept=kept, chosen=chosen)
    told = json.dumps([coders, sorted(kept.items()), sorted(chosen.items()), _state(report, readings)])
    base = site.ledger.runs_of(name)[-1].id
    run = person_run(f"{CURATED}{person.name}", base, told, ontology=site.ontology)
    store_reading(site.ledger, report, reading, run)
    note = "curated from the codings of " + ", ".join(coders)
    accept(site.ledger, name, run=run.id, events=[e.id for e in reading.events], by=person.name, note=note)
    now = datetime.now(UTC)
    standing = site.ledger.assignments(report=name)
    site.ledger.assign([replace(a, made=now, by=person.name, standing=False) for a in standing])


def _answers(form: dict[str, list[str]], units: int) -> tuple[dict[int, bool], dict[tuple[int, str], int]]:
    """What the form says: `in.3` = yes or no, `take.3.kind` = the number of a coder."""
    kept: dict[int, bool] = {}
    chosen: dict[tuple[int, str], int] = {}
    for name, values in form.items():
        what, _, rest = name.partition(".")
        number, _, field = rest.partition(".")
        if what not in ("in", "take") or not (number.isascii() and number.isdigit()) or int(number) >= units:
            continue
        if what == "in":
            kept[int(number)] = values[-1] == "yes"
        elif values[-1].isascii() and values[-1].isdigit():
            chosen[int(number), field] = int(values[-1])
    return kept, chosen
