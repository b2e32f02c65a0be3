"""The page of a report: its text with statements and events marked, who says what beside it, and edits of it all.

Every change is a form, so the page works without its script; with it, what changed comes back as a fragment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from reportedly.errors import EditError
from reportedly.review.asked import Asked, edits_asked, entry_of, last_undone
from reportedly.review.finish import finish, relink
from reportedly.review.fold import PARTS, apply, fold
from reportedly.review.notes import ROLES, Layout, lay_out, words_of
from reportedly.review.people import Person, Reader, Reviewer
from reportedly.review.sheet import Sheet, by_machine, open_sheet
from reportedly.review.site import Site
from reportedly.store.codings import make_edit
from reportedly.types import Event, Span, Statement

FRAGMENT = "x-fragment"
"""The header by which the page's script asks for what changed instead of the whole page."""


async def form_values(request: Request) -> dict[str, list[str]]:
    """What the form that was sent says, every value of a name in order."""
    form = await request.form()
    return {name: [str(v) for v in form.getlist(name)] for name in form}


Form = Annotated[dict[str, list[str]], Depends(form_values)]


def report_href(report: str, at: str | None = None) -> str:
    """The address of a report's page, with the entry that it opens at."""
    return f"/report/{quote(report, safe='')}" + (f"?at={quote(at, safe='')}" if at else "")


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    def sheet_of(report: str, person: Person) -> Sheet:
        sheet = open_sheet(site.ledger, report, person.name, ontology=site.ontology)
        if sheet is None:
            raise HTTPException(404, "there is no such report, or nothing has read it yet")
        return sheet

    @routes.get("/report/{report:path}")
    def show(request: Request, report: str, person: Reader, at: str = "", claim: str = "") -> Response:
        sheet = sheet_of(report, person)
        if claim and not at:
            found = site.ledger.claims_named([claim]).get(claim)
            at = found.event if found else ""
        return site.pages.render(request, "report.html", **_page(site, sheet, at, person))

    @routes.get("/entry/{report:path}")
    def entry(request: Request, report: str, person: Reader, at: str = "") -> Response:
        sheet = sheet_of(report, person)
        return site.pages.render(request, "report_entry.html", **_entry(site, sheet, at, person))

    @routes.post("/edits/{report:path}")
    def edit(request: Request, report: str, person: Reviewer, values: Form) -> Response:
        sheet = sheet_of(report, person)
        at = values.get("at", [""])[-1]
        try:
            made = _make(site, sheet, values, person)
        except EditError as error:
            if FRAGMENT in request.headers:
                return PlainTextResponse(str(error), status_code=422)
            raise
        added = next((d["id"] for op, d in made if op == "add"), None)
        if FRAGMENT not in request.headers:
            return RedirectResponse(report_href(report, added or at), status_code=303)
        return site.pages.render(
            request, "report_work.html", **_page(site, sheet_of(report, person), added or at, person)
        )

    @routes.post("/done/{report:path}")
    def done(request: Request, report: str, person: Reviewer, later: BackgroundTasks) -> Response:
        sheet = sheet_of(report, person)
        run = finish(site, sheet, person.name)
        if run is not None:
            later.add_task(relink, site)
        return RedirectResponse(report_href(report), status_code=303, background=later)

    return routes


def _make(site: Site, sheet: Sheet, values: Mapping[str, list[str]], person: Person) -> list[Asked]:
    """Stores the edits that the form asks for, each checked against what those before it came to."""
    base = values.get("base", [""])[-1]
    if base != sheet.base_run.id:
        hint = "reload the page: what you see is older than what the ledger has"
        raise EditError("the report was read anew meanwhile", where=sheet.report.id, hint=hint)
    asked = edits_asked(sheet, values)
    coding, made = sheet.coding, []
    for op, details in asked:
        apply(sheet.report, coding, op, details, ontology=site.ontology) if op != "undo" else None
        one = make_edit(by=person.name, report=sheet.report.id, base=base, op=op, details=details)
        made.append(one)
        coding = fold(sheet.report, sheet.base, (*sheet.edits, *made), ontology=site.ontology)
    for one in made:
        site.ledger.edit(one)
    return asked


def _page(site: Site, sheet: Sheet, at: str, person: Person) -> dict[str, Any]:
    layout = lay_out(sheet.report, sheet.coding)
    return {
        **_entry(site, sheet, at, person),
        "layout": layout,
        "rejected": [_rejected(sheet, r) for r in sheet.coding.rejected],
        "passed": sheet.coding.passed,
        "undoable": bool(sheet.coding.standing),
        "redoable": last_undone(sheet.edits) is not None,
        "machine": by_machine(sheet.base_run),
        "names": _names(sheet, layout),
        "total": len(layout.order),
        "lang": sheet.report.lang if (sheet.report.lang or "").isalpha() else None,
    }


def _entry(site: Site, sheet: Sheet, at: str, person: Person) -> dict[str, Any]:
    """What the inspector shows: the entry at hand, if there is one, with what can be chosen for it."""
    entry, text = entry_of(sheet, at), sheet.report.text
    reading = sheet.coding.reading
    shown = isinstance(entry, Statement)
    return {
        "sheet": sheet,
        "report": sheet.report,
        "address": quote(sheet.report.id, safe=""),
        "at": entry.id if entry else "",
        "entry": entry,
        "is_statement": shown,
        "may_edit": person.may("reviewer"),
        "may_curate": person.may("editor"),
        "ontology": site.ontology,
        "statements": [(s.id, _line(s, text)) for s in reading.statements if s.id != at],
        "earlier": [(e.id, f"{e.id}: {e.trigger.of(text)}") for e in reading.events if e.id != at],
        "told": [e for e in reading.events if shown and entry and e.statement == entry.id],
        "pieces": _pieces(entry, text) if entry else (),
        "parts": _parts(entry, text) if isinstance(entry, Event) else (),
        "roles": ROLES,
        "touched": bool(entry and entry.id in sheet.coding.touched),
    }


def _line(s: Statement, text: str) -> str:
    who = s.speaker or words_of(s.source, text, most=40) or "nobody named"
    return f"{s.id}: {who}, “{words_of(s.content, text, most=40)}”"


def _pieces(entry: Statement | Event, text: str) -> tuple[tuple[str, str, str], ...]:
    """The words of an entry that can be set anew: field, what it is called, and the words."""
    if isinstance(entry, Event):
        return (("trigger", "words that name it", entry.trigger.of(text)),)
    named = (("content", "what is said"), ("cue", "cue"), ("source", "source"), ("told_to", "told to"))
    return tuple((name, label, words_of(getattr(entry, name), text, most=400)) for name, label in named)


def _parts(event: Event, text: str) -> tuple[dict[str, Any], ...]:
    """The agents, targets, places … of an event, one line each."""
    found: list[dict[str, Any]] = []
    for name in PARTS:
        for one in getattr(event, name):
            span = one if isinstance(one, Span) else one.text
            line: dict[str, Any] = {"field": name, "text": f"{span.start}-{span.end}", "words": span.of(text)}
            if name in ("agents", "targets"):
                line["name"] = one.name
            elif name == "places":
                known = [c for c in (one.best, *one.rivals) if c]
                line |= {"name": one.best.name if one.best else one.name, "best": one.best, "known": known[:8]}
            elif name == "toll":
                line["figure"] = one
            found.append(line)
    return tuple(found)


def _names(sheet: Sheet, layout: Layout) -> dict[str, list[str]]:
    """Names that the report's entries have already, to choose from when another one is named."""
    reading = sheet.coding.reading
    parties = {p.name for e in reading.events for p in e.agents + e.targets if p.name}
    return {
        "speakers": sorted({s.speaker for s in reading.statements if s.speaker}),
        "sides": sorted({s.side for s in reading.statements if s.side} | {v.side for v in layout.voices if v.side}),
        "parties": sorted(parties),
    }


def _rejected(sheet: Sheet, entry: Statement | Event) -> tuple[str, str, str | None]:
    """What was rejected: its id, its words, and the edit that did it."""
    text = sheet.report.text
    words = entry.trigger.of(text) if isinstance(entry, Event) else words_of(entry.content, text, most=60)
    done = (e.id for e in sheet.coding.standing if e.op == "reject" and f'"{entry.id}"' in e.details)
    return entry.id, words, next(done, None)
