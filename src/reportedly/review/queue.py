"""The queue: what most needs a person first, what is assigned to whom, and which codings wait to be curated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from reportedly.errors import SettingsError
from reportedly.export.profiles import PROFILES
from reportedly.review.people import Editor, Person, Reviewer
from reportedly.review.report import Form, report_href
from reportedly.review.sheet import is_done
from reportedly.review.site import Site
from reportedly.store import Ledger
from reportedly.store.accounts import ROLES
from reportedly.store.codings import Assignment, Done
from reportedly.store.queue import NEEDS, Waiting

PAGE = 30


@dataclass(frozen=True, slots=True)
class Task:
    """A report that somebody is to read, or whose codings are to be curated. `people` are the coders, who are done."""

    report: str
    title: str
    outlet: str | None
    published: date | None
    blind: bool = False
    scratch: bool = False
    people: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """Where it is read."""
        return report_href(self.report)


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/queue")
    def queue(request: Request, person: Reviewer, page: int = Query(1, ge=1, le=10_000)) -> Response:
        return site.pages.render(request, "queue.html", **_view(site.ledger, person, page))

    @routes.post("/assign")
    def assign(person: Editor, form: Form) -> Response:
        made = _assigned(site.ledger, form, person.name)
        site.ledger.assign(made)
        return RedirectResponse("/queue", status_code=303)

    return routes


def embargo_days() -> int:
    """How long public exports hold incidents back."""
    return PROFILES["public"].embargo_days


def may_code(ledger: Ledger, person: Person) -> tuple[str, ...]:
    """Who can be assigned a report: the accounts that may review, and whoever asks."""
    accounts = [a.name for a in ledger.accounts() if ROLES.index(a.role) >= ROLES.index("reviewer")]
    return tuple(dict.fromkeys([*accounts, person.name]))


def to_curate(ledger: Ledger) -> tuple[tuple[str, tuple[Done, ...]], ...]:
    """Reports whose blind codings are all done, with the finished codings of each.

    Curating a report takes its assignments back, so that it no longer waits.
    """
    finished: dict[str, list[Done]] = {}
    for done in ledger.codings():
        finished.setdefault(done.report, []).append(done)
    blind = [a for a in ledger.assignments() if a.blind]
    unfinished = {a.report for a in blind if not is_done(a, finished.get(a.report, []))}
    ready = {a.report for a in blind} - unfinished
    return tuple((r, tuple(finished[r])) for r in sorted(ready))


def _view(ledger: Ledger, person: Person, page: int) -> dict[str, Any]:
    mine = ledger.assignments(person=person.name)
    finished = ledger.codings_of([a.report for a in mine])
    todo = [a for a in mine if not is_done(a, [d for d in finished if d.report == a.report])]
    read = _read_already(ledger, person)
    waiting = ledger.queue(
        today=datetime.now(UTC).date(),
        embargo_days=embargo_days(),
        limit=PAGE + 1,
        skip=(page - 1) * PAGE,
        leave_out=read | {a.report for a in todo},
    )
    curate = to_curate(ledger) if person.may("editor") else ()
    assigned: dict[str, list[Assignment]] = {}
    for a in ledger.assignments() if person.may("editor") else ():
        assigned.setdefault(a.report, []).append(a)
    about = ledger.reports_about([*(a.report for a in todo), *(r for r, _ in curate), *assigned])
    return {
        "todo": [_task(a.report, about, blind=a.blind, scratch=a.scratch) for a in todo],
        "curate": [_task(r, about, people=tuple(d.by for d in done)) for r, done in curate],
        "rows": [(w, report_href(w.report) + f"?claim={w.claim}", _parts(w)) for w in waiting[:PAGE]],
        "assigned": {r: [a.person for a in listed] for r, listed in assigned.items()},
        "people": may_code(ledger, person) if person.may("editor") else (),
        "needs": NEEDS,
        "unreviewed": ledger.count_unreviewed(),
        "page": page,
        "more": len(waiting) > PAGE,
        "may_assign": person.may("editor"),
        "embargo": embargo_days(),
    }


def _read_already(ledger: Ledger, person: Person) -> set[str]:
    """Reports that the person has coded, unless something read them anew since."""
    finished = ledger.codings(by=person.name)
    newest = ledger.newest_runs(d.report for d in finished)
    return {d.report for d in finished if newest.get(d.report) in (d.run, d.base)}


def _task(report: str, about: dict[str, Any], **more: Any) -> Task:
    title, outlet, published = about.get(report, (report, None, None))
    return Task(report, title, outlet, published, **more)


def _parts(waiting: Waiting) -> list[tuple[str, str, float]]:
    """The parts of the score in short words, the largest first."""
    words = {
        "disputed": "disputed",
        "doubt": "doubtful reading",
        "toll": f"{waiting.killed} killed",
        "due": "due for release",
        "unseen": "never reviewed",
    }
    return [(name, words[name], worth) for name, worth in sorted(waiting.needs, key=lambda n: -n[1])]


def _assigned(ledger: Ledger, form: dict[str, list[str]], by: str) -> list[Assignment]:
    """The assignments that the form asks for. Raises `SettingsError` for a person or report that there is not."""
    reports = [r for r in dict.fromkeys(form.get("report", [])) if r]
    people = [p.strip() for p in dict.fromkeys(form.get("person", [])) if p.strip()]
    if not reports or not people:
        raise SettingsError("nobody or nothing is chosen", where="assign", hint="tick reports, and who is to read them")
    known = ledger.reports_about(reports)
    missing = [r for r in reports if r not in known]
    if missing:
        raise SettingsError(f"there is no report {missing[0]!r}", where="assign", hint="the page may be out of date")
    accounts = {a.name for a in ledger.accounts()}
    strangers = [p for p in people if accounts and p not in accounts]
    if strangers:
        raise SettingsError(f"there is no account {strangers[0]!r}", where="assign", hint="an admin makes accounts")
    now = datetime.now(UTC)
    blind, scratch, standing = (name in form for name in ("blind", "scratch", "standing"))
    return [
        Assignment(now, by, report, person, blind=blind, scratch=scratch, standing=standing)
        for report in reports
        for person in people
    ]
