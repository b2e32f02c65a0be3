"""The log as a page: who did what, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from reportedly.errors import SettingsError
from reportedly.review.people import Person, require
from reportedly.review.site import Site
from reportedly.store.audit import LogQuery

PAGE = 100

_SHOWN = 6
_LONG = 120


def router(site: Site) -> APIRouter:
    """The routes of this module."""
    routes = APIRouter()

    @routes.get("/audit")
    def audit(request: Request, person: Annotated[Person, Depends(require("admin"))]) -> Response:
        asked = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
        query = LogQuery(
            by=asked.get("by"),
            action=asked.get("action"),
            subject=asked.get("subject"),
            first=_day(asked, "first"),
            last=_day(asked, "last"),
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
    """The details of an entry as names and short values; what is long is counted."""
    found = []
    for name, value in list(told.items())[:_SHOWN]:
        if isinstance(value, Mapping | list) and len(value) > 3:
            words = f"{len(value):,}"
        elif isinstance(value, str):
            words = value
        else:
            words = json.dumps(value, ensure_ascii=False)
        found.append((name.replace("_", " "), words if len(words) <= _LONG else words[: _LONG - 1] + "…"))
    if len(told) > _SHOWN:
        found.append(("and more", f"{len(told) - _SHOWN:,}"))
    return found


def _day(asked: Mapping[str, str], name: str) -> date | None:
    if name not in asked:
        return None
    try:
        return date.fromisoformat(asked[name])
    except ValueError as error:
        raise SettingsError(f"{asked[name][:40]!r} is no day", where=name, hint="e.g. 2024-03-05") from error


def _number(asked: Mapping[str, str], name: str) -> int | None:
    value = asked.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
