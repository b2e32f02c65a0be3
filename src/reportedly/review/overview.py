"""The overview: incidents as a table, a map and a timeline that filter one another."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from reportedly.review.filters import read_filter
from reportedly.review.site import Site


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/")
    def overview(request: Request) -> Response:
        wanted = read_filter(request.query_params.multi_items(), site.ontology)
        return site.pages.render(request, "overview.html", filter=wanted, incidents=site.ledger.count_incidents())

    return routes
