"""The page of an incident: who says what, how its numbers were made, why its claims are held together; decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from reportedly.desk.agreeing import make_judge
from reportedly.desk.holdings import LedgerHoldings
from reportedly.errors import SettingsError
from reportedly.export.records import Case
from reportedly.export.rules import PRESETS, Rule, choose_facts, make_rule, refusal
from reportedly.export.tolls import MEANINGS
from reportedly.link.judged import standing
from reportedly.review.filters import Filter
from reportedly.review.people import Reviewer
from reportedly.review.site import Site
from reportedly.review.versions import (
    FACTS,
    HEADS,
    effects_of,
    group_by_side,
    paragraphs_around,
    reckon,
    timeline,
)
from reportedly.store.facts import IncidentFacts
from reportedly.types import Incident, Judgement

NEAR_DAYS = 3
NEAR_DEGREES = 0.5
ALIKE = 8
"""Incidents offered to be joined with this one: so near in time and place, and so many."""

WAIT_S = 3.0
"""So long a page waits until a decision is followed; where it takes longer, it says that it is not done yet."""


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/incidents/{incident}")
    def show(request: Request, incident: str, toll: str = "", preset: str = "") -> Response:
        found = find(site, incident)
        rule = make_rule(preset or None, toll=toll or None)
        return site.pages.render(request, "incident.html", **_page(site, found, rule))

    @routes.get("/claims/{claim}/words")
    def words(request: Request, claim: str) -> Response:
        return site.pages.render(request, "words.html", **_words(site, claim))

    @routes.post("/incidents/{incident}/judge")
    def judge(
        person: Reviewer,
        incident: str,
        action: Annotated[str, Form()],
        claim: Annotated[list[str] | None, Form()] = None,
        other: Annotated[str, Form(max_length=200)] = "",
        subject: Annotated[str, Form(max_length=200)] = "",
        note: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        found = find(site, incident)
        claims = [c for c in claim or [] if c in found.claims]
        stay = next((c for c in found.claims if c not in claims), found.claims[0])
        if action == "split":
            _split(site, found, claims, by=person.name, note=note)
        elif action == "merge":
            _merge(site, found, other.strip(), by=person.name, note=note)
        elif action == "undo":
            site.decisions.decide(by=person.name, action="undo", subjects=[subject], note=note, wait_s=WAIT_S)
        elif action in ("accept", "reject"):
            site.decisions.decide(by=person.name, action=action, subjects=claims or [found.id], note=note)
        else:
            raise SettingsError(f"there is no {action!r}", where="action", hint="accept, reject, merge, split or undo")
        now = site.ledger.incidents_of([stay]).get(stay, found.id)
        return RedirectResponse(f"/incidents/{now}", status_code=303)

    return routes


def find(site: Site, incident: str) -> Incident:
    """The incident with this id. Answers 404 where there is none, or no longer one."""
    found = site.ledger.incident(incident)
    if found is None:
        raise HTTPException(404, "There is no such incident. If its claims were joined or parted, it has another name.")
    return found


def case_of(site: Site, incident: Incident) -> tuple[Case, tuple[Judgement, ...]]:
    """The incident with its claims, reports and findings, and the judgements about any of it."""
    judgements = site.ledger.judgements_about([incident.id, *incident.claims])
    holdings = LedgerHoldings(
        site.ledger, title=site.settings.title, judge=make_judge(site.names), judgements=judgements
    )
    (case,) = holdings.cases_of([incident])
    # As in lists and exports, what was rejected tells nothing, unless all of it was.
    kept = tuple(t for t in case.told if t.review != "rejected")
    if kept and len(kept) < len(case.told):
        case = replace(case, findings=holdings.judge(incident, kept))
    return case, judgements


def counted(case: Case) -> Case:
    """The case less what was rejected, unless all of it was: what a row is made of."""
    kept = tuple(t for t in case.told if t.review != "rejected")
    return replace(case, told=kept or case.told)


def _page(site: Site, incident: Incident, rule: Rule) -> dict[str, Any]:
    case, judgements = case_of(site, incident)
    if not case.told:
        raise HTTPException(404, "The reports of this incident were read anew; link the ledger to see what they tell.")
    effects = effects_of(case, site.ontology)
    row = counted(case)
    facts = choose_facts(row, rule, effects)
    summary = site.ledger.facts_named([incident.id]).get(incident.id)
    by_claim = {t.claim.id: t for t in case.told}
    return {
        "incident": incident,
        "case": case,
        "summary": summary,
        "facts": facts,
        "rule": rule,
        "refused": refusal(row, facts, rule),
        "rule_names": MEANINGS,
        "presets": PRESETS,
        "findings": case.findings,
        "verdicts": {f.fact: f for f in case.findings},
        "heads": {**HEADS, **{e: e.capitalize() for e in effects}},
        "columns": [f for f in (*FACTS, *effects) if f in FACTS[:2] or _told(case, f)],
        "groups": group_by_side(case, effects),
        "reckonings": reckon(row, facts, rule, effects),
        "chosen": [(fact, by_claim[claim]) for fact, claim in facts.chosen if claim in by_claim],
        "links": [(by_claim.get(k.left), by_claim.get(k.right), k) for k in incident.links],
        "alike": _alike(site, incident, summary),
        "near_days": NEAR_DAYS,
        "decisions": list(standing(judgements)),
        "busy": site.decisions.busy,
        "data": _data(case),
    }


def _told(case: Case, fact: str) -> bool:
    return any(f.fact == fact for f in case.findings) or any(
        {"who": t.claim.agents, "whom": t.claim.targets, "where": t.claim.place, "when": t.claim.first}.get(fact)
        or any(figure.effect == fact for figure in t.claim.toll)
        for t in case.told
    )


def _alike(site: Site, incident: Incident, facts: IncidentFacts | None) -> list[IncidentFacts]:
    """Other incidents near this one in time and place, which may be the same happening."""
    if facts is None or facts.first is None:
        return []
    days = timedelta(days=NEAR_DAYS)
    near = Filter(first=facts.first - days, last=(facts.last or facts.first) + days)
    if facts.lat is not None and facts.lon is not None and facts.precision != "country":
        lat, lon, d = facts.lat, facts.lon, NEAR_DEGREES
        near = replace(near, box=(max(-180, lon - d), max(-90, lat - d), min(180, lon + d), min(90, lat + d)))
    else:
        near = replace(near, kinds=(facts.kind,))
    found = site.ledger.find_incidents(near, order="origins", limit=ALIKE + 1)
    return [one for one in found if one.incident != incident.id][:ALIKE]


def _data(case: Case) -> dict[str, Any]:
    """What map and timeline are drawn from."""
    places: dict[tuple[Any, ...], dict[str, Any]] = {}
    for told in case.told:
        claim = told.claim
        if claim.lat is None or claim.lon is None:
            continue
        key = (claim.lat, claim.lon, claim.radius_km)
        at = {"lat": claim.lat, "lon": claim.lon, "km": claim.radius_km}
        place: dict[str, Any] = {**at, "place": claim.place, "who": []}
        who = places.setdefault(key, place)["who"]
        if told.teller and told.teller not in who:
            who.append(told.teller)
    said = [
        {"fact": s.fact, "value": s.value, "who": s.who, "side": s.side, "day": s.day.isoformat(), "now": s.now}
        for s in timeline(case.findings)
    ]
    return {"places": list(places.values()), "said": said}


def _words(site: Site, name: str) -> dict[str, Any]:
    claim = site.ledger.claims_named([name]).get(name)
    entry = site.ledger.entry(claim.report, run=claim.run) if claim else None
    if claim is None or entry is None:
        raise HTTPException(404, "There is no such claim.")
    reading = entry.reading
    said = next((s for s in reading.statements if s.id == claim.statement), None) if reading else None
    spans = list(claim.evidence) or [figure.text for figure in claim.toll]
    pieces = paragraphs_around(entry.report.text, spans) if spans else []
    return {"claim": claim, "report": entry.report, "statement": said, "pieces": pieces}


# Decisions about which claims belong together


def _split(site: Site, incident: Incident, claims: Sequence[str], *, by: str, note: str) -> None:
    """Part these claims, which stay together, from the others."""
    rest = [c for c in incident.claims if c not in claims]
    if not claims or not rest:
        raise SettingsError("choose some of the claims, not all", where="split", hint="tick those that tell of another")
    if len(claims) > 1:
        site.decisions.record(by=by, action="merge", subjects=claims, note=note)
    for one in claims:
        site.decisions.record(by=by, action="split", subjects=[one, *rest], note=note)
    site.decisions.follow(wait_s=WAIT_S)


def _merge(site: Site, incident: Incident, other: str, *, by: str, note: str) -> None:
    """Join this incident with another one, or with the one that a claim belongs to."""
    found = site.ledger.incident(other) or site.ledger.incident(site.ledger.incidents_of([other]).get(other, ""))
    if found is None or found.id == incident.id:
        raise SettingsError(f"there is no other incident {other!r}", where="merge", hint="give its id")
    ties = {incident.claims[0]: [found.claims[0]]}
    # What was parted before would keep the rest apart: each such pair is joined, and the later word counts.
    for one, another in _parted(site, incident, found):
        ties.setdefault(one, []).append(another)
    for one, others in ties.items():
        site.decisions.record(by=by, action="merge", subjects=[one, *others], note=note)
    site.decisions.follow(wait_s=WAIT_S)


def _parted(site: Site, incident: Incident, other: Incident) -> list[tuple[str, str]]:
    """The pairs of claims of the two incidents that people have parted."""
    here, there = set(incident.claims), set(other.claims)
    found = []
    for judgement in standing(site.ledger.judgements_about(here)):
        if judgement.action == "split":
            first, *rest = judgement.subjects
            pairs = ((first, s) if first in here else (s, first) for s in rest)
            found += [(a, b) for a, b in pairs if a in here and b in there]
    return found
