"""The log as a page: who did what, and when."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from reportedly.review.filters import day_of
from reportedly.review.people import Admin
from reportedly.review.site import Site
from reportedly.store.audit import LogQuery

PAGE = 100

_SHOWN = 6
_LONG, _HASH = 120, 13
_HEX = re.compile(r"[0-9a-f]{32,}")


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()

    @routes.get("/audit")
    def audit(request: Request, person: Admin) -> Response:
        asked = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
        query = LogQuery(
            by=asked.get("by"),
            action=asked.get("action"),
            subject=asked.get("subject"),
            first=day_of(asked.get("first"), "first"),
            last=day_of(asked.get("last"), "last"),
        )
        found = site.ledger.log_page(query, before=_number(asked, "before"), limit=PAGE + 1)
        entries, older = found[:PAGE], ""
        if len(found) > PAGE:
            older = urlencode({**asked, "before": str(entries[-1].seq)})
        actions = site.ledger.log_actions()
        groups = sorted({*actions, *(action.partition(".")[0] for action in actions)})
        rows = [(entry, details(entry.details)) for entry in entries]
        return site.pages.render(request, "audit.html", rows=rows, older=older, asked=asked, actions=groups)

    return routes


def details(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of an entry as names and short values: what is long is counted, hashes are cut short."""
    found = [(name.replace("_", " "), _words(value)) for name, value in list(told.items())[:_SHOWN]]
    if len(told) > _SHOWN:
        found.append(("and more", f"{len(told) - _SHOWN:,}"))
    return found


def _words(value: Any) -> str:
    if isinstance(value, Mapping) and value:
        return ", ".join(_counted(_leaves(inner), name) for name, inner in list(value.items())[:_SHOWN])
    if isinstance(value, list) and len(value) > 3:
        return f"{len(value):,}"
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    longest = _HASH if _HEX.fullmatch(words) else _LONG
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _counted(count: int, name: str) -> str:
    """ "1 reading", "4 readings": the names of what is counted are plurals."""
    return f"{count:,} {(name.removesuffix('s') if count == 1 else name).replace('_', ' ')}"


def _leaves(value: Any) -> int:
    """How many values there are, at whatever depth."""
    if isinstance(value, Mapping | list):
        return sum(_leaves(inner) for inner in (value.values() if isinstance(value, Mapping) else value))
    return 1


def _number(asked: Mapping[str, str], name: str) -> int | None:
    value = asked.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
