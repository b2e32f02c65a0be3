"""The overview: incidents as a table, a map and a timeline that filter one another.

The address holds the whole view. Each dimension is counted without its own condition, so that the timeline shows the
days beside the brushed ones, the map the places beside the box, and the list of kinds the kinds not picked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Query, Request, Response

from reportedly.errors import SettingsError
from reportedly.link.agreement import VERDICTS
from reportedly.review.filters import Filter, read_filter
from reportedly.review.site import Site
from reportedly.store import Ledger
from reportedly.store.facts import ORDERS, IncidentFacts

PAGE = 50
"""Incidents a page of the table."""

NEW_DAYS = 7
"""What came in so many days before the newest arrival, or later, counts as new."""

ORDER_WORDS = {
    "day": "latest happening",
    "added": "latest arrival",
    "killed": "most killed",
    "origins": "most independent origins",
    "reports": "most reports",
    "score": "least sure reading",
}

REVIEW_WORDS = {"no": "by nobody", "part": "in part", "yes": "wholly"}


@dataclass(frozen=True, slots=True)
class View:
    """What the overview shows for one address."""

    wanted: Filter
    order: str
    page: int
    pages: int
    counts: dict[str, int]
    rows: tuple[IncidentFacts, ...]
    kinds: dict[str, int]
    new_since: date | None
    new: int
    data: dict[str, Any]

    def address(self, wanted: Filter | None = None, *, order: str | None = None, page: int = 1) -> str:
        """The address of this view with another filter, order or page."""
        kept = self.wanted if wanted is None else wanted
        order = order or self.order
        parts = [kept.address, f"order={order}" if order != ORDERS[0] else "", f"page={page}" if page > 1 else ""]
        return "/?" + "&".join(part for part in parts if part)

    def only(self, **more: Any) -> str:
        """The address of this view with some fields of the filter set."""
        return self.address(replace(self.wanted, **more))

    def chips(self) -> list[tuple[str, str, str]]:
        """What is filtered by: field, value, and the address without it."""
        found = []
        for name, value in self.wanted.pairs():
            field = {"kind": "kinds", "actor": "actors", "speaker": "speakers", "verdict": "verdicts"}.get(name, name)
            listed = isinstance(getattr(self.wanted, field), tuple) and field != "box"
            less = self.wanted.without(field, value if listed else None)
            found.append((name, value, self.address(less)))
        return found


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/")
    def overview(request: Request, order: str = ORDERS[0], page: int = Query(1, ge=1, le=100_000)) -> Response:
        wanted = read_filter(request.query_params.multi_items(), site.ontology)
        if order not in ORDERS:
            raise SettingsError(f"there is no {order!r}", where="order", hint=f"one of {', '.join(ORDERS)}")
        part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "results"
        return site.pages.render(
            request,
            "overview_results.html" if part else "overview.html",
            view=look(site, wanted, order=order, page=page),
            filter=wanted,
            linked=site.ledger.linking() is not None,
            all_kinds=list(site.ontology.kinds),
            all_verdicts=VERDICTS,
            review_words=REVIEW_WORDS,
            order_words=ORDER_WORDS,
            tiles=site.settings.tiles,
        )

    @routes.get("/names/{role}")
    def names(request: Request, role: str, letters: str = Query("", max_length=200)) -> Response:
        if role not in ("actor", "speaker"):
            raise SettingsError(f"there is no {role!r}", where="role", hint="actor or speaker")
        found = site.ledger.names_told(role, letters=letters.strip(), limit=15)
        return site.pages.render(request, "names.html", names=found)

    return routes


def look(site: Site, wanted: Filter, *, order: str, page: int) -> View:
    """The view for a filter. Raises `SettingsError` for words that can't be looked for."""
    ledger, keep = site.ledger, site.now().keep
    asked = keep(f"words {wanted.address}", lambda: ledger.settle(wanted))
    counts = keep(f"counts {wanted.address}", lambda: ledger.count_found(asked))
    newest = keep("newest", ledger.newest_added)
    since = (newest - timedelta(days=NEW_DAYS)).date() if newest else None
    lately = replace(asked, since=max(since, asked.since) if since and asked.since else since or asked.since)
    new = keep(f"counts {lately.address}", lambda: ledger.count_found(lately))["incidents"] if since else 0
    any_kind, any_day, anywhere = wanted.without("kinds"), replace(wanted, first=None, last=None), wanted.without("box")
    return View(
        wanted=wanted,
        order=order,
        page=page,
        pages=max(1, -(-counts["incidents"] // PAGE)),
        counts=counts,
        rows=ledger.find_incidents(asked, order=order, limit=PAGE, skip=(page - 1) * PAGE),
        kinds=keep(f"kinds {any_kind.address}", lambda: ledger.count_kinds(asked.without("kinds"))),
        new_since=since,
        new=new,
        data={
            "days": keep(f"days {any_day.address}", lambda: _days(ledger, keep, replace(asked, first=None, last=None))),
            "points": keep(f"points {anywhere.address}", lambda: _points(ledger, asked.without("box"))),
            "first": wanted.first.isoformat() if wanted.first else None,
            "last": wanted.last.isoformat() if wanted.last else None,
            "box": wanted.box,
        },
    )


SHOWN_KINDS = 6
"""Kinds that have a colour of their own in the timeline; the others share one."""

MANY_DAYS = 1500
"""A ledger that tells of more days than these has its timeline counted by month."""


def _days(ledger: Ledger, keep: Callable[[str, Callable[[], int]], int], wanted: Filter) -> dict[str, Any]:
    """The counts by day and kind, small: kinds in order of their counts, and rows of day, place of the kind, number."""
    kinds = list(ledger.count_kinds(wanted))
    own = kinds[:SHOWN_KINDS]
    months = keep("distinct days", ledger.distinct_days) > MANY_DAYS
    place = {kind: n for n, kind in enumerate(own)}
    counted = ledger.count_days(wanted, kinds=own, months=months)
    named = [kind.replace("_", " ") for kind in own] + (["other kinds"] if len(kinds) > len(own) else [])
    rows = [[day, place.get(kind, len(own)), number] for day, kind, number in counted]
    return {"kinds": named, "rows": rows, "months": months}


def _points(ledger: Ledger, wanted: Filter) -> list[list[Any]]:
    """The points, small: latitude, longitude, kind, place, country, incidents, disputed ones, and one's id."""
    return [
        [p.lat, p.lon, p.kind.replace("_", " "), p.place, p.country, p.incidents, p.disputed, p.incident]
        for p in ledger.points(wanted)
    ]
