"""The speakers: who spoke, for whom, how often, about what, how often alone. No ranking of honesty is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response

from reportedly.errors import SettingsError
from reportedly.export.cases import quote_of
from reportedly.review.filters import Filter
from reportedly.review.site import Site
from reportedly.store.speakers import SPEAKER_ORDERS, Speaker
from reportedly.types import Report, Statement

PAGE = 50
SAID = 25
MOST = 1_000_000
"""Speakers a page; statements and incidents shown of one; speakers that are kept to be put in order."""

ORDER_WORDS = {"incidents": "who tell of most", "name": "by name", "last": "who spoke last"}


ORDERS: Mapping[str, Callable[[Speaker], Any]] = MappingProxyType(
    {
        "incidents": lambda s: (-s.incidents, s.who, s.side),
        "name": lambda s: (s.who, s.side),
        "last": lambda s: (-(s.last or date.min).toordinal(), s.who, s.side),
    }
)


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/speakers")
    def speakers(
        request: Request,
        words: str = Query("", max_length=200),
        kind: str = Query("", max_length=50),
        order: str = SPEAKER_ORDERS[0],
        page: int = Query(1, ge=1, le=100_000),
    ) -> Response:
        if order not in SPEAKER_ORDERS:
            raise SettingsError(f"there is no {order!r}", where="order", hint=f"one of {', '.join(SPEAKER_ORDERS)}")
        everybody = site.now().keep(f"speakers {kind} {words}", lambda: all_speakers(site, words, kind))
        total, skip = len(everybody), (page - 1) * PAGE
        found = sorted(everybody, key=ORDERS[order])[skip : skip + PAGE]
        kept = [(name, value) for name, value in (("words", words), ("kind", kind), ("order", order)) if value]

        def address(number: int) -> str:
            return "/speakers?" + urlencode([*kept, ("page", number)])

        return site.pages.render(
            request,
            "speakers.html",
            found=found,
            total=total,
            words=words,
            kind=kind,
            order=order,
            order_words=ORDER_WORDS,
            kinds=list(site.ontology.speaker_kinds),
            page=page,
            pages=max(1, -(-total // PAGE)),
            address=address,
        )

    @routes.get("/speaker")
    def speaker(request: Request, name: str = Query(max_length=500)) -> Response:
        return site.pages.render(request, "speaker.html", **_speaker(site, name))

    return routes


def all_speakers(site: Site, words: str, kind: str) -> tuple[Speaker, ...]:
    """Everybody who tells of incidents, in no certain order. `words` stand in their name or side."""
    return site.ledger.speakers(words=words, kind=kind, limit=MOST)[1]


def _speaker(site: Site, name: str) -> dict[str, Any]:
    found = site.ledger.speaker(name)
    total, said = site.ledger.statements_of(name, limit=SAID)
    if not found and not said:
        raise HTTPException(404, "Nobody of this name speaks in the ledger.")
    reports = {report.id: report for report in site.ledger.reports_named(report for report, _ in said)}
    wanted = Filter(speakers=(name,))
    return {
        "name": name,
        "found": found,
        "kinds": site.ledger.kinds_told(name),
        "statements": total,
        "said": [_said(reports[report], statement) for report, statement in said if report in reports],
        "incidents": site.ledger.find_incidents(wanted, limit=SAID),
        "address": wanted.address,
    }


def _said(report: Report, statement: Statement) -> tuple[Report, Statement, str]:
    return report, statement, quote_of(statement.content, report.text) or ""
