"""The page that publishes: profile, rule, filter and formats; what is withheld and why; the releases so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from reportedly.errors import SettingsError
from reportedly.export import formats, load_export
from reportedly.export.profiles import PROFILES, make_profile
from reportedly.export.rules import PRESETS, make_rule
from reportedly.export.tolls import MEANINGS
from reportedly.review.filters import Filter, day_of, read_filter
from reportedly.review.people import Editor
from reportedly.review.publishing import Plan, Publisher, State, compare, today
from reportedly.review.site import Site

SHOWN = 200
"""Incidents listed of each kind of change."""

FIRST_FORMATS = ("csv", "geojson", "jsonl")
"""Those that are ticked where nothing else was chosen."""

Number = Annotated[int, Path(ge=1, le=1_000_000)]


async def form_of(request: Request) -> FormData:
    """What the form that was sent says."""
    return await request.form()


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()
    publisher = Publisher(site)
    titles = cache(lambda: [(name, load_export(name).title) for name in formats()])

    @routes.get("/publish")
    def show(request: Request, person: Editor) -> Response:
        plan = read_plan(site, request.query_params.multi_items())
        return site.pages.render(request, "publish.html", **_page(site, plan, publisher.state, titles()))

    @routes.post("/publish")
    def begin(person: Editor, form: Annotated[FormData, Depends(form_of)]) -> Response:
        pairs = [(name, str(value)) for name, value in form.multi_items() if name not in ("csrf", "action")]
        plan = read_plan(site, pairs)
        if not plan.formats:
            raise SettingsError("no format is chosen", where="formats", hint="tick one or more")
        if site.ledger.linking() is None:
            raise SettingsError("the ledger was never linked", hint="`reportedly link` makes its incidents")
        if not publisher.start(plan, by=person.name, keep=form.get("action") == "release"):
            raise HTTPException(409, "Another one is being made. Wait until it is done.")
        return RedirectResponse("/publish/progress?" + address_of(plan), 303)

    @routes.get("/publish/progress")
    def progress(request: Request, person: Editor) -> Response:
        state = publisher.state
        if state is None:
            return RedirectResponse("/publish", 303)
        if state.release is not None:
            to = f"/releases/{state.release}"
            if request.headers.get("HX-Request") == "true":
                return Response(status_code=204, headers={"HX-Redirect": to})
            return RedirectResponse(to, 303)
        part = request.headers.get("HX-Request") == "true"
        page = _page(site, state.plan, state, titles())
        return site.pages.render(request, "publish_progress.html" if part else "publish.html", **page)

    @routes.get("/releases/{number}")
    def release(request: Request, number: Number, since: Annotated[int | None, Query(ge=1)] = None) -> Response:
        return site.pages.render(request, "release.html", **_release(site, number, since))

    @routes.get("/releases/{number}/release.zip")
    def archive(number: Number) -> Response:
        content = site.ledger.release_archive(number)
        if content is None:
            raise HTTPException(404, "There is no such release, or its files were removed with a report in them.")
        name = f"{site.settings.title}-release-{number}.zip".encode("ascii", "replace").decode().replace('"', "")
        return Response(
            content, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    return routes


def read_plan(site: Site, pairs: list[tuple[str, str]]) -> Plan:
    """The plan that an address or a form says. Raises `SettingsError` for what there is not."""
    given = {name: value.strip() for name, value in pairs if value.strip()}
    chosen = tuple(dict.fromkeys(value for name, value in pairs if name == "format" and value))
    for name in chosen:
        load_export(name)
    as_of = day_of(given.get("as_of"), "as_of") or today()
    return Plan(
        title=given.get("title", "")[:200] or f"{site.settings.title}, {today().isoformat()}",
        wanted=read_filter(pairs, site.ontology),
        profile=make_profile(
            given.get("profile", "public"),
            as_of=as_of,
            embargo_days=_number(given, "embargo_days"),
            coarsen_km=_number(given, "coarsen_km"),
        ),
        rule=make_rule(
            given.get("preset"),
            toll=given.get("toll"),
            origins=_number(given, "origins"),
            acknowledged=given.get("acknowledged") == "yes",
        ),
        formats=chosen or tuple(f for f in FIRST_FORMATS if f in formats()),
    )


def address_of(plan: Plan) -> str:
    """The address of the filter of a plan: the rest is kept by the work itself."""
    return plan.wanted.address


def _number(given: dict[str, str], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not value.isdecimal() or len(value) > 6:
        raise SettingsError(f"{value!r} is no number", where=name, hint="a whole number, or nothing")
    return int(value)


def _page(site: Site, plan: Plan, state: State | None, titles: list[tuple[str, str]]) -> dict[str, Any]:
    counts = site.ledger.count_found(plan.wanted)
    embargoed = 0
    if plan.profile.embargo_days:
        last = (plan.profile.as_of or today()) - timedelta(days=plan.profile.embargo_days)
        old = replace(plan.wanted, last=min(last, plan.wanted.last or last))
        embargoed = counts["incidents"] - site.ledger.count_found(old)["incidents"]
    return {
        "plan": plan,
        "profiles": {name: make_profile(name, as_of=today()) for name in PROFILES},
        "presets": PRESETS,
        "tolls": MEANINGS,
        "formats": titles,
        "counts": counts,
        "embargoed": embargoed,
        "state": state,
        "releases": site.ledger.releases(),
        "conditions": plan.wanted.pairs(),
    }


def _release(site: Site, number: int, since: int | None) -> dict[str, Any]:
    release = site.ledger.release(number)
    if release is None:
        raise HTTPException(404, "There is no such release.")
    earlier = [one for one in site.ledger.releases() if one.number < number]
    before = next((one for one in earlier if one.number == since), earlier[0] if earlier else None)
    change = compare(before, release) if before else None
    named = [*change.added[:SHOWN], *change.gone[:SHOWN], *change.changed[:SHOWN]] if change else []
    return {
        "release": release,
        "earlier": earlier,
        "before": before,
        "change": change,
        "facts": site.ledger.facts_named(named),
        "shown": SHOWN,
        "wanted": Filter(),
    }
