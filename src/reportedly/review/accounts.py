"""Logging in and out, one's own account, and the accounts of others."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request, Response
from starlette.responses import RedirectResponse

from reportedly.errors import LedgerError, ReportedlyError
from reportedly.review.gate import LoginGate, network_of
from reportedly.review.guard import Cookies
from reportedly.review.people import LOCAL, Admin, Reader, current, session_key
from reportedly.review.site import Site
from reportedly.store.accounts import ROLES, login_name
from reportedly.store.sessions import TOKEN_DAYS

WRONG = "That name and password don’t go together."
"""The same for a name that there is not."""

Text = Annotated[str, Form(max_length=2000)]

_HASHING = 2
"""Passwords looked at at the same time: each takes 64 MiB for a moment."""


@dataclass(slots=True)
class Door:
    """Looks at passwords, within limits, and notes in the log who came in and who failed to."""

    site: Site
    gate: LoginGate = field(default_factory=LoginGate)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_HASHING))

    def open(self, name: str, password: str, address: str) -> bool:
        """Whether the password is right. Raises `HTTPException` 429 where it may not be tried now, 503 when busy."""
        name = login_name(name)[:200]
        wait = self.gate.enter(name, address)
        if wait > 0:
            headers = {"Retry-After": str(int(wait) + 1)}
            raise HTTPException(429, f"too many tries: wait {_waiting(wait)}, then try again", headers)
        if not self._slots.acquire(timeout=5):
            raise HTTPException(503, "too many people are logging in just now: try again")
        try:
            account = self.site.ledger.check_password(name, password)
        finally:
            self._slots.release()
        if account is not None:
            self.gate.passed(name, address)
            return True
        # What is no name may be a password that was typed into the wrong field: it is not written down.
        known = name if self.site.ledger.has_account(name) else None
        details = {"network": network_of(address), "account": known is not None}
        self.site.ledger.log("login.failed", by=known or "nobody", subject=known, details=details)
        return False


def router(site: Site) -> APIRouter:
    """Its routes."""
    routes = APIRouter()
    door = Door(site)
    _add_login(routes, site, door)
    _add_own(routes, site, door)
    _add_people(routes, site)
    return routes


def _add_login(routes: APIRouter, site: Site, door: Door) -> None:
    @routes.get("/login")
    def ask(request: Request, next: str = "/") -> Response:
        if current(request).role or not site.ledger.has_accounts():
            return RedirectResponse(inside(next), 303)
        return site.pages.render(request, "login.html", next=inside(next), name="", problem="")

    @routes.post("/login")
    def log_in(request: Request, name: Text, password: Text, next: Text = "/") -> Response:
        values: dict[str, Any] = {"next": inside(next), "name": name[:64], "problem": WRONG}
        try:
            right = door.open(name, password, _address(request))
        except HTTPException as error:
            values["problem"] = f"{error.detail}."
            told = site.pages.render(request, "login.html", status=error.status_code, **values)
            told.headers.update(error.headers or {})
            return told
        if not right:
            return site.pages.render(request, "login.html", status=403, **values)
        key = site.ledger.start_session(name, ends=session_key(request))
        details = {"network": network_of(_address(request))}
        site.ledger.log("login", by=login_name(name), subject=login_name(name), details=details)
        there = RedirectResponse(inside(next), 303)
        _cookies(request).give_session(there, key)
        return there

    @routes.post("/logout")
    def log_out(request: Request, person: Reader) -> Response:
        key = session_key(request)
        there = RedirectResponse("/login", 303)
        if key:
            site.ledger.end_session(key)
            site.ledger.log("logout", by=person.name, subject=person.name)
            _cookies(request).take_session(there)
        return there


def _add_own(routes: APIRouter, site: Site, door: Door) -> None:
    def page(request: Request, *, status: int = 200, **values: Any) -> Response:
        person = current(request)
        own = () if person == LOCAL else site.ledger.tokens(person.name)
        known: dict[str, Any] = {"tokens": own, "now": datetime.now(UTC), "longest": TOKEN_DAYS}
        known |= {"problem": "", "key": ""}
        known |= {"local": person == LOCAL, "roles": ROLES[: ROLES.index(person.role) + 1], **values}
        return site.pages.render(request, "account.html", status=status, **known)

    @routes.get("/account")
    def account(request: Request, person: Reader) -> Response:
        return page(request)

    @routes.post("/account/password")
    def change(request: Request, person: Reader, old: Text, password: Text, again: Text) -> Response:
        try:
            if not door.open(person.name, old, _address(request)):
                return page(request, status=403, problem="The present password is another one.")
            if password != again:
                return page(request, status=422, problem="The two new passwords differ.")
            site.ledger.set_password(person.name, password, by=person.name, revoke=False)
        except ReportedlyError as error:
            return page(request, status=422, problem=_words(error))
        there = RedirectResponse("/account", 303)
        _cookies(request).give_session(there, site.ledger.start_session(person.name))
        return there

    @routes.post("/account/tokens")
    def add_token(request: Request, person: Reader, name: Text, role: Text, days: Annotated[int, Form()]) -> Response:
        try:
            made, key = site.ledger.add_token(person.name, name, role=role, days=days, by=person.name)
        except ReportedlyError as error:
            return page(request, status=422, problem=_words(error))
        return page(request, key=key, made=made)

    @routes.post("/account/tokens/revoke")
    def revoke(request: Request, person: Reader, token: Text) -> Response:
        try:
            site.ledger.revoke_token(token, by=person.name, account=person.name)
        except ReportedlyError as error:
            return page(request, status=422, problem=_words(error))
        return RedirectResponse("/account", 303)

    @routes.post("/account/sessions")
    def end_all(request: Request, person: Reader) -> Response:
        site.ledger.end_sessions(person.name, by=person.name)
        there = RedirectResponse("/login", 303)
        _cookies(request).take_session(there)
        return there


def _add_people(routes: APIRouter, site: Site) -> None:
    def page(request: Request, *, status: int = 200, problem: str = "") -> Response:
        tokens = [t for t in site.ledger.tokens() if t.lives(datetime.now(UTC))]
        values: dict[str, Any] = {"people": site.ledger.accounts(), "tokens": tokens, "roles": ROLES}
        return site.pages.render(request, "people.html", status=status, problem=problem, **values)

    @routes.get("/people")
    def people(request: Request, person: Admin) -> Response:
        return page(request)

    @routes.post("/people")
    def add(request: Request, person: Admin, name: Text, role: Text, password: Text) -> Response:
        try:
            site.ledger.add_account(name, password, role=role, by=person.name)
        except ReportedlyError as error:
            return page(request, status=422, problem=_words(error))
        return RedirectResponse("/people", 303)

    @routes.post("/people/change")
    def change(
        request: Request, person: Admin, name: Text, do: Text, role: Text = "", password: Text = "", token: Text = ""
    ) -> Response:
        ledger, by = site.ledger, person.name
        try:
            if do == "role":
                ledger.set_role(name, role, by=by)
            elif do == "password":
                ledger.set_password(name, password, by=by)
            elif do == "sessions":
                ledger.end_sessions(name, by=by)
            elif do == "revoke":
                ledger.revoke_token(token, by=by, account=name)
            elif do == "remove":
                ledger.remove_account(name, by=by)
            else:
                raise HTTPException(422, "there is no such change")
        except ReportedlyError as error:
            return page(request, status=422, problem=_words(error))
        return RedirectResponse("/people", 303)


def inside(address: str) -> str:
    """The part of an address that leads to a page of ours; "/" for what leads elsewhere."""
    parts = urlsplit(address)
    path = parts.path
    ours = path.startswith("/") and not path.startswith("//") and not parts.scheme and not parts.netloc
    if not ours or "\\" in address or not address.isprintable() or path in ("/login", "/logout"):
        return "/"
    return path + (f"?{parts.query}" if parts.query else "")


def _words(error: ReportedlyError) -> str:
    """An error for the page; the ledger's name is left out of it, which readers need not know."""
    where = f"{error.where}: " if error.where and not (isinstance(error, LedgerError) and "/" in error.where) else ""
    return f"{where}{error.what}" + (f" ({error.hint})" if error.hint else "")


def _waiting(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{int(seconds) + 1} seconds"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _cookies(request: Request) -> Cookies:
    cookies = request.state.cookies
    assert isinstance(cookies, Cookies)
    return cookies
