"""The app: its pages, its files, and what it says when something goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from reportedly import __version__
from reportedly.desk.judging import Decisions
from reportedly.errors import LedgerError, ReportedlyError, SettingsError
from reportedly.link.names import load_names
from reportedly.ontology import load_ontology
from reportedly.review import accounts, api, audit, curate, incident, intake, overview, publish, queue, report, speakers
from reportedly.review.guard import Guard, require_safe, response_headers
from reportedly.review.jobs import Jobs, sweep
from reportedly.review.pages import FOLDER, Pages
from reportedly.review.settings import ReviewSettings
from reportedly.review.site import Site
from reportedly.store import Ledger

API = "/api/"

PAGES: tuple[Callable[[Site], APIRouter], ...] = (
    overview.router,
    incident.router,
    speakers.router,
    publish.router,
    report.router,
    queue.router,
    curate.router,
    intake.router,
    accounts.router,
    audit.router,
)
"""What makes the pages; each gives the routes of one group. The API documents itself, pages need not be in it."""


def create_app(settings: ReviewSettings) -> FastAPI:
    """The app over an opened ledger, which it closes when it stops.

    Raises `LedgerError` where the ledger can't be opened, `SettingsError` where others could use it as they like.
    """
    ledger = Ledger.open(settings.ledger, create=False)
    try:
        require_safe(settings, ledger)
    except SettingsError:
        ledger.close()
        raise
    ontology = load_ontology()
    decisions = Decisions(ledger, ontology)
    decisions.follow(joins=False)
    site = Site(settings, ledger, ontology, load_names(), Pages(settings), Jobs(settings), decisions)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        sweep()
        yield
        site.jobs.close()
        ledger.close()

    app = FastAPI(
        title="Reportedly",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}v1/openapi.json",
        lifespan=life,
    )
    app.state.site = site
    app.add_middleware(Guard, site=site)
    for make in PAGES:
        app.include_router(make(site), include_in_schema=False)
    app.include_router(api.router(site))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    _add_errors(app, site)
    return app


def _add_errors(app: FastAPI, site: Site) -> None:
    def tell(request: Request, status: int, what: str, hint: str = "") -> Response:
        if request.url.path.startswith(API):
            return JSONResponse({"error": what, "hint": hint}, status_code=status)
        return site.pages.render(request, "error.html", status=status, what=what, hint=hint)

    def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, ReportedlyError)
        status = 422 if isinstance(error, SettingsError) else 503 if isinstance(error, LedgerError) else 400
        where = f"{error.where}: " if error.where and not isinstance(error, LedgerError) else ""
        return tell(request, status, f"{where}{error.what}", error.hint)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = tell(request, error.status_code, str(error.detail))
        told.headers.update(error.headers or {})
        return told

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return tell(request, 422, f"{where}: {first['msg']}")

    def broken(request: Request, error: Exception) -> Response:
        # Whoever started the app sees the traceback; whoever asks doesn't. What answers here stands outside the guard.
        told = tell(request, 500, "Something went wrong here, and nothing was changed", "the terminal says what")
        told.headers.update(response_headers(site.settings) | {"Cache-Control": "no-store"})
        return told

    app.add_exception_handler(Exception, broken)
    app.add_exception_handler(ReportedlyError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
