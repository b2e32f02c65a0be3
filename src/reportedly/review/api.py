"""The API under /api/v1: the same data as JSON, described by an OpenAPI document; judgements may be posted back."""

# Annotations are evaluated as they stand, since some name what only exists inside a function: no `annotations` import.

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from reportedly import __version__
from reportedly.desk.judging import UnknownSubjectError
from reportedly.errors import SettingsError
from reportedly.export.cases import bare
from reportedly.export.records import Case
from reportedly.export.rules import choose_facts, make_rule
from reportedly.export.tolls import MEANINGS
from reportedly.link.agreement import VERDICTS
from reportedly.review.api_records import (
    ClaimOut,
    FindingOut,
    HitOut,
    HitPage,
    IncidentOut,
    IncidentPage,
    JudgementIn,
    JudgementPage,
    Labels,
    LedgerOut,
    Number,
    Piece,
    Problem,
    ReleaseOut,
    ReportOut,
    SaidOut,
    SpeakerPage,
)
from reportedly.review.filters import Filter
from reportedly.review.incident import case_of, counted, find
from reportedly.review.people import Reviewer
from reportedly.review.site import Site
from reportedly.review.versions import effects_of
from reportedly.store.conditions import Near
from reportedly.store.conditions import Query as Asked
from reportedly.store.facts import ORDERS, REVIEWED
from reportedly.store.releases import Release
from reportedly.store.search import Hit
from reportedly.store.speakers import SPEAKER_ORDERS
from reportedly.store.words import LONGEST, Pieces, read_terms
from reportedly.types import Claim, Judgement

PREFIX = "/api/v1"

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No token was shown, or one that doesn't count"},
    403: {"model": Problem, "description": "The role of whoever asks is less than this needs"},
    422: {"model": Problem, "description": "Something asked for isn't there, or isn't of the right form"},
    503: {"model": Problem, "description": "The ledger can't be reached or refuses"},
}
_BODY: dict[int | str, dict[str, Any]] = {400: {"model": Problem, "description": "What was sent is no JSON"}}
_NOT_THERE: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "There is none with this id"}}

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Day = date | SkipJsonSchema[None]
First = Annotated[Day, Query(description="What touches this day or a later one")]
Last = Annotated[Day, Query(description="What touches this day or an earlier one")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most")]
Skip = Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over first")]
Words = Annotated[str, Query(max_length=LONGEST, description='Words, "a phrase", begin* and -without')]
Named = Annotated[list[str], Query(max_length=50, default_factory=list)]
Id = Annotated[str, Path(min_length=1, max_length=500)]


def each_of(labels: Iterable[str], name: str, description: str) -> Any:
    """A parameter that may come several times; each time it is one of these labels."""
    schema = {"items": {"type": "string", "enum": list(labels)}}
    return Query(default_factory=list, alias=name, description=description, json_schema_extra=schema)


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter(prefix=PREFIX, responses=_PROBLEMS, tags=["v1"])
    _add_ledger(routes, site)
    _add_incidents(routes, site)
    _add_reports(routes, site)
    _add_find(routes, site)
    _add_speakers(routes, site)
    _add_judgements(routes, site)
    return routes


def _add_ledger(routes: APIRouter, site: Site) -> None:
    @routes.get("/ledger")
    def ledger() -> LedgerOut:
        """What the ledger holds, counted."""
        linked = site.ledger.linking()
        return LedgerOut(
            site.settings.title,
            __version__,
            site.ledger.tally(),
            site.ledger.count_incidents(),
            linked.made if linked else None,
        )

    @routes.get("/labels")
    def labels() -> Labels:
        """The labels that the ledger's records use, with their meanings."""
        o = site.ontology
        return Labels(o.id, o.version, o.kinds, o.statuses, o.stances, o.speaker_kinds, o.effects, VERDICTS)

    @routes.get("/releases")
    def releases() -> list[ReleaseOut]:
        """What was published, the newest first."""
        return [_release(one) for one in site.ledger.releases()]

    @routes.get("/releases/{number}", responses=_NOT_THERE)
    def release(number: Annotated[int, Path(ge=1, le=1_000_000)]) -> ReleaseOut:
        """One release."""
        found = site.ledger.release(number)
        if found is None:
            raise HTTPException(404, "there is no such release")
        return _release(found)


def _release(one: Release) -> ReleaseOut:
    told = dict(one.settings), dict(one.counts), dict(one.files)
    return ReleaseOut(one.number, one.made, one.by, one.title, *told)


def _filter_of(site: Site) -> Callable[..., Filter]:
    """The dependency that reads the filter of the web pages, each part a parameter."""
    kind = each_of(site.ontology.kinds, "kind", "A kind of happening")
    verdict = each_of(VERDICTS, "verdict", "The verdict on one of its facts")
    state = each_of(REVIEWED, "reviewed", "Whether people decided about its claims")

    def wanted(
        *,
        words: Words = "",
        first: First = None,
        last: Last = None,
        west: Annotated[
            Longitude | SkipJsonSchema[None], Query(description="A box, with south, east and north")
        ] = None,
        south: Annotated[Latitude | SkipJsonSchema[None], Query()] = None,
        east: Annotated[Longitude | SkipJsonSchema[None], Query(description="Less than west across 180°")] = None,
        north: Annotated[Latitude | SkipJsonSchema[None], Query()] = None,
        kinds: Annotated[list[str], kind],
        actor: Named,
        speaker: Named,
        verdicts: Annotated[list[str], verdict],
        reviewed: Annotated[list[str], state],
        since: Annotated[Day, Query(description="What came in on this day or later")] = None,
    ) -> Filter:
        _require_labels(kinds, site.ontology.kinds, "kind")
        _require_labels(verdicts, VERDICTS, "verdict")
        _require_labels(reviewed, REVIEWED, "reviewed")
        sides = (west, south, east, north)
        whole = (-180.0, -90.0, 180.0, 90.0)
        given = any(side is not None for side in sides)
        box = tuple(w if s is None else s for s, w in zip(sides, whole, strict=True)) if given else None
        return Filter(
            words=words,
            first=first,
            last=last,
            box=box,  # type: ignore[arg-type]
            kinds=tuple(kinds),
            actors=tuple(actor),
            speakers=tuple(speaker),
            verdicts=tuple(verdicts),
            reviewed=tuple(reviewed),
            since=since,
        )

    return wanted


def _require_labels(given: Sequence[str], known: Sequence[str] | dict[str, str], name: str) -> None:
    for label in given:
        if label not in known:
            raise SettingsError(f"there is no {label!r}", where=name, hint=f"one of {', '.join(known)}")


def _add_incidents(routes: APIRouter, site: Site) -> None:
    read = _filter_of(site)

    @routes.get("/incidents")
    def incidents(
        request: Request,
        wanted: Annotated[Filter, Depends(read)],
        order: Annotated[str, Query(json_schema_extra={"enum": list(ORDERS)})] = ORDERS[0],
        limit: Limit = 50,
        skip: Skip = 0,
    ) -> IncidentPage:
        """Incidents that meet all conditions given; of several values of one condition any is enough."""
        _require_labels([order], ORDERS, "order")
        if nothing_to_find(wanted.words):
            return IncidentPage(0, (), None)
        total = site.ledger.count_found(wanted)["incidents"]
        items = site.ledger.find_incidents(wanted, order=order, limit=limit, skip=skip)
        return IncidentPage(total, items, _next(request, total, limit, skip))

    @routes.get("/incidents/{incident}", responses=_NOT_THERE)
    def incident(
        incident: Id, toll: Annotated[str, Query(json_schema_extra={"enum": list(MEANINGS)})] = "best"
    ) -> IncidentOut:
        """Everything that is said of one incident. `toll` is the rule that chooses its numbers."""
        found = find(site, incident)
        case, judgements = case_of(site, found)
        facts = site.ledger.facts_named([found.id]).get(found.id)
        if facts is None or not case.told:
            raise HTTPException(404, "its reports were read anew; link the ledger to see what they tell")
        return IncidentOut(
            facts=facts,
            claims=tuple(ClaimOut(t.claim, t.origin, t.quote, t.review) for t in case.told),
            findings=tuple(FindingOut(f.fact, f.verdict, f.origins, f.reason, f.versions) for f in case.findings),
            numbers=_numbers(site, case, toll),
            tellers=site.ledger.tellers_of(found.id),
            links=found.links,
            judgements=judgements,
        )

    @routes.get("/claims/{claim}", responses=_NOT_THERE)
    def claim(claim: Id) -> Claim:
        """One claim, of whatever run."""
        found = site.ledger.claims_named([claim]).get(claim)
        if found is None:
            raise HTTPException(404, "there is no such claim")
        return found


def _numbers(site: Site, case: Case, toll: str) -> tuple[Number, ...]:
    rule = make_rule(toll=toll)
    facts = choose_facts(counted(case), rule, effects_of(case, site.ontology))
    return tuple(
        Number(c.effect, c.low, c.best, c.high, c.open, c.claim, c.claims, rule.toll, MEANINGS[rule.toll])
        for c in facts.tolls
    )


def _add_reports(routes: APIRouter, site: Site) -> None:
    @routes.get("/reports/{report:path}", responses=_NOT_THERE)
    def report(report: Id) -> ReportOut:
        """A report with what its newest reading found. Spans are half-open offsets into `text`, in code points."""
        entry = site.ledger.entry(report)
        if entry is None:
            raise HTTPException(404, "there is no such report")
        plain, reading = bare(entry.report), entry.reading
        claims = [made for _, _, found in site.ledger.reads([report]) for made in found]
        return ReportOut(
            id=plain.id,
            text=entry.report.text,
            title=plain.title,
            outlet=plain.outlet,
            published=plain.published,
            url=plain.url,
            lang=plain.lang,
            added=entry.added,
            run=reading.run if reading else None,
            statements=reading.statements if reading else (),
            events=reading.events if reading else (),
            claims=tuple(claims),
        )


def _add_find(routes: APIRouter, site: Site) -> None:
    o = site.ontology
    kind = each_of(o.kinds, "kind", "A kind of happening")
    stance = each_of(o.stances, "stance", "How it is said")
    verdict = each_of(VERDICTS, "verdict", "The verdict on a fact of its incident")

    @routes.get("/find")
    def find_words(
        *,
        request: Request,
        words: Words = "",
        first: First = None,
        last: Last = None,
        lat: Annotated[Latitude | SkipJsonSchema[None], Query(description="Near this point, with lon")] = None,
        lon: Annotated[Longitude | SkipJsonSchema[None], Query()] = None,
        within: Annotated[float, Query(ge=0.1, le=20040, description="How far from it, in kilometres")] = 25.0,
        kinds: Annotated[list[str], kind],
        actor: Named,
        speaker: Annotated[str, Query(max_length=200)] = "",
        stances: Annotated[list[str], stance],
        verdicts: Annotated[list[str], verdict],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        skip: Skip = 0,
    ) -> HitPage:
        """Statements and reports, as `reportedly find` finds them; best first, without words the newest first."""
        _require_labels(kinds, o.kinds, "kind")
        _require_labels(stances, o.stances, "stance")
        _require_labels(verdicts, VERDICTS, "verdict")
        if nothing_to_find(words):
            return HitPage(0, (), None)
        query = Asked(
            words=words,
            first=first,
            last=last,
            near=Near(lat, lon, within) if lat is not None and lon is not None else None,
            kinds=tuple(kinds),
            actors=tuple(actor),
            speaker=speaker.strip() or None,
            stances=tuple(stances),
        )
        if verdicts:
            query = replace(query, claims=frozenset(site.ledger.claims_of(Filter(verdicts=tuple(verdicts)))))
        found = site.ledger.find(query, limit=limit, skip=skip)
        return HitPage(found.total, tuple(map(_hit, found.hits)), _next(request, found.total, limit, skip))


def nothing_to_find(words: str) -> bool:
    """Whether the words hold none that could be found ("—", "-drill"). Raises `SettingsError` for too many."""
    try:
        read_terms(words)
    except SettingsError:
        if len(words.split()) > 20:
            raise
        return True
    return False


def _hit(hit: Hit) -> HitOut:
    r = hit.report
    said = tuple(SaidOut(one.statement, _pieces(one.words)) for one in hit.statements)
    return HitOut(r.id, r.title, r.outlet, r.published, r.url, _pieces(hit.words), said, hit.claims)


def _pieces(words: Pieces) -> tuple[Piece, ...]:
    return tuple(Piece(text, marked) for text, marked in words)


def _add_speakers(routes: APIRouter, site: Site) -> None:
    o = site.ontology

    @routes.get("/speakers")
    def speakers(
        request: Request,
        words: Annotated[str, Query(max_length=200, description="Words in the name or the side")] = "",
        kind: Annotated[str, Query(json_schema_extra={"enum": ["", *o.speaker_kinds]})] = "",
        order: Annotated[str, Query(json_schema_extra={"enum": list(SPEAKER_ORDERS)})] = SPEAKER_ORDERS[0],
        limit: Limit = 50,
        skip: Skip = 0,
    ) -> SpeakerPage:
        """Who tells of incidents, for which side, and how what they tell of stands."""
        _require_labels([kind] if kind else [], o.speaker_kinds, "kind")
        _require_labels([order], SPEAKER_ORDERS, "order")
        total, items = site.ledger.speakers(words=words, kind=kind, order=order, limit=limit, skip=skip)
        return SpeakerPage(total, items, _next(request, total, limit, skip))


def _add_judgements(routes: APIRouter, site: Site) -> None:
    @routes.get("/judgements")
    def judgements(request: Request, limit: Limit = 50, skip: Skip = 0) -> JudgementPage:
        """What people decided, the newest first."""
        total, items = site.ledger.judgement_page(limit=limit, skip=skip)
        return JudgementPage(total, items, _next(request, total, limit, skip))

    @routes.post("/judgements", status_code=201, responses=_NOT_THERE | _BODY)
    def judge(person: Reviewer, body: JudgementIn) -> Judgement:
        """Record a decision and follow it: what claims are joined or parted is linked anew before this answers."""
        try:
            return site.decisions.decide(by=person.name, action=body.action, subjects=body.subjects, note=body.note)
        except UnknownSubjectError as error:
            raise HTTPException(404, error.what) from error


def _next(request: Request, total: int, limit: int, skip: int) -> str | None:
    if skip + limit >= total:
        return None
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("skip", "limit")]
    return f"{request.url.path}?{urlencode([*kept, ('limit', limit), ('skip', skip + limit)])}"
