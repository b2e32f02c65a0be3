"""What every request passes before a page sees it: is it meant for us, who asks, may they, did a page of ours send it.

Plain ASGI, in this order: the Host header (a foreign name that was pointed at this machine is refused), limits on the
body, who is asking, what their role may do at all, and for whatever changes something the sign that only our own pages
carry. Each page may ask for more; none can ask for less, so that a page that forgets to is still closed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportedly.errors import LedgerError, SettingsError
from reportedly.review.bodies import BodyLimits, find_sign, limited
from reportedly.review.people import LOCAL, NOBODY, Person
from reportedly.review.settings import LOOPBACK, ReviewSettings
from reportedly.review.site import Site
from reportedly.store import Ledger

API, STATIC, INTAKE = "/api/", "/static/", "/intake/"
LOGIN = "/login"

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""

OWN = ("/logout", "/account")
"""What a reader may send too: it is about themselves."""

SHORTEST_SECRET = 32

_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of who asks. `key` is what the sign is bound to: the session's, or else the visit's."""

    person: Person
    key: str = ""
    session: str | None = None
    by_token: bool = False


def require_safe(settings: ReviewSettings, ledger: Ledger) -> None:
    """Raises `SettingsError` where the app would be open to others without accounts, a secret or a known address."""
    if settings.local and settings.public_url is None:
        return
    where = settings.public_url or settings.host
    if not any(account.role == "admin" and account.removed is None for account in ledger.accounts()):
        hint = "make one first: reportedly account add LEDGER NAME --role admin"
        raise SettingsError("others could use the ledger: there is no admin account", where=where, hint=hint)
    if settings.secret is None or len(settings.secret) < SHORTEST_SECRET:
        hint = (
            f"set REPORTEDLY_SECRET, or give --secret-file: {SHORTEST_SECRET} characters or more that nobody can guess;"
            ' python -c "import secrets; print(secrets.token_urlsafe(32))" makes some'
        )
        raise SettingsError("others could use the app: it needs a secret", where=where, hint=hint)
    parts = urlsplit(settings.public_url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/") or "@" in parts.netloc:
        hint = "say at which address people reach it: --public-url https://review.example.org"
        raise SettingsError("the app needs to know its own address", where=where, hint=hint)


class Guard:
    """The middleware. `LedgerError` over who is asking is answered with 503."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        settings = site.settings
        self._secret = (settings.secret or secrets.token_urlsafe(32)).encode()
        self._public = urlsplit(settings.public_url or "")
        self._https = self._public.scheme == "https"
        self._headers = response_headers(settings)
        self._cookies = Cookies(self._https)
        self._accounts = False
        most = settings.limits.upload_bytes + 2**20
        self._uploads = BodyLimits(bytes=most, seconds=300.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {}).update(person=NOBODY, csrf="", session_key=None, cookies=self._cookies)
        send = self._dressed(scope, send)
        try:
            headers = Headers(scope=scope)
            self._require_host(headers)
            limits = self._uploads if scope["path"].startswith(INTAKE) else BodyLimits()
            receive = limited(receive, headers, limits)
            if not scope["path"].startswith(STATIC):
                asked = await run_in_threadpool(self._who, scope, headers)
                scope["state"].update(person=asked.person, session_key=asked.session)
                send = self._visit(scope, asked, headers, send)
                self._require_role(scope, asked, headers)
                receive = await self._require_sign(scope, asked, headers, receive)
        except HTTPException as error:
            answer = self._refusal(scope, error)
        except LedgerError as error:
            answer = self._refusal(scope, HTTPException(503, f"{error.what} ({error.hint})"))
        except _Elsewhere as error:
            answer = error.answer
        else:
            await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)

    # Is it for us?

    def _require_host(self, headers: Headers) -> None:
        """A page elsewhere may have its own name point at this machine; then the name is not ours."""
        host = headers.get("host", "")
        if not host or not (host == self._public.netloc or _name(host) in LOOPBACK):
            raise HTTPException(421, "this app doesn't answer to that name; --public-url gives it another")

    # Who asks?

    def _who(self, scope: Scope, headers: Headers) -> Asked:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scope["path"].startswith(API) and scheme.lower() == "bearer":
            # Whoever shows a token is asked for nothing else, and their cookies count for nothing.
            found = self._site.ledger.token(token.strip())
            return Asked(Person(found.account, found.role) if found else NOBODY, by_token=True)
        cookies = _cookies(headers)
        visit = cookies.get(self._cookies.visit, "")
        visit = visit if 20 <= len(visit) <= 100 else secrets.token_urlsafe(32)
        if not self._has_accounts():
            return Asked(NOBODY if _is_proxied(scope, headers) else LOCAL, visit)
        key = cookies.get(self._cookies.session)
        session = self._site.ledger.session(key) if key else None
        if key is None or session is None:
            return Asked(NOBODY, visit)
        return Asked(Person(session.account.name, session.account.role), key, key)

    def _has_accounts(self) -> bool:
        # Once there are accounts there always are.
        self._accounts = self._accounts or self._site.ledger.has_accounts() or not self._site.settings.local
        return self._accounts

    # May they?

    def _require_role(self, scope: Scope, asked: Asked, headers: Headers) -> None:
        path, method = scope["path"], scope["method"]
        if path == LOGIN:
            return
        if not asked.person.role:
            if not self._accounts:
                what = "the app was reached by way of another program, and has no accounts"
                raise HTTPException(403, f"{what}: make one with `reportedly account add` and give --public-url")
            raise self._to_login(scope, headers)
        least = "reader" if method in SAFE or _is_own(path) else "reviewer"
        if not asked.person.may(least):
            raise HTTPException(403, f"this needs the role {least}; you are {asked.person.role}")

    def _to_login(self, scope: Scope, headers: Headers) -> Exception:
        path = scope["path"]
        if path.startswith(API):
            return HTTPException(401, "show a token, or log in", {"WWW-Authenticate": 'Bearer realm="reportedly"'})
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = path + (f"?{query}" if query else "") if scope["method"] in SAFE else "/"
        login = f"{LOGIN}?next={quote(wanted, safe='/')}" if wanted != "/" else LOGIN
        if headers.get("hx-request"):
            return _Elsewhere(Response(status_code=401, headers={"HX-Redirect": LOGIN}))
        if scope["method"] in SAFE and headers.get("sec-fetch-site") == "cross-site":
            # A link on another site: the browser kept the session's cookie back, and shows it when we ask again.
            return _Elsewhere(HTMLResponse(_AGAIN))
        return _Elsewhere(RedirectResponse(login, 303))

    # Did a page of ours send it?

    def _sign(self, key: str) -> str:
        return hmac.new(self._secret, b"csrf\0" + key.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    async def _require_sign(self, scope: Scope, asked: Asked, headers: Headers, receive: Receive) -> Receive:
        sign = scope["state"]["csrf"] = "" if asked.by_token else self._sign(asked.key)
        if scope["method"] in SAFE or asked.by_token:
            return receive
        self._require_origin(headers)
        shown = headers.get("x-csrf-token", "")
        if not shown:
            shown, receive = await find_sign(receive, headers)
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), sign.encode()):
            raise HTTPException(403, "the page was out of date: go back, load it again, and send it once more")
        return receive

    def _require_origin(self, headers: Headers) -> None:
        """A browser says which page sent something; other programs, which have no pages, need not."""
        site = headers.get("sec-fetch-site", "same-origin")
        ours = True
        origin = headers.get("origin") or headers.get("referer")
        if origin is not None:
            parts = urlsplit(origin)
            public = (self._public.scheme, self._public.netloc)
            ours = bool(parts.netloc) and (parts.scheme, parts.netloc) == public
            here = parts.netloc == headers["host"] and _name(parts.netloc) in LOOPBACK
            ours = ours or (here and parts.scheme in ("http", "https"))
        if site not in ("same-origin", "none") or not ours:
            raise HTTPException(403, "it was sent by a page of another site")

    # What goes back

    def _visit(self, scope: Scope, asked: Asked, headers: Headers, send: Send) -> Send:
        """Whoever has no session gets a cookie that their forms are bound to."""
        known = _cookies(headers).get(self._cookies.visit)
        if asked.session or asked.by_token or known == asked.key or scope["path"].startswith(API):
            return send
        carrier = Response()
        self._cookies.give_visit(carrier, asked.key)
        cookie = carrier.headers["set-cookie"]

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return with_cookie

    def _dressed(self, scope: Scope, send: Send) -> Send:
        static = scope["path"].startswith(STATIC)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                # Files of the program may be kept, and are asked for anew; pages of the ledger are not kept.
                headers["Cache-Control"] = "no-cache" if static else "no-store"
            await send(message)

        return dressed

    def _refusal(self, scope: Scope, error: HTTPException) -> Response:
        if scope["path"].startswith(API):
            body = {"error": str(error.detail), "hint": ""}
            return JSONResponse(body, status_code=error.status_code, headers=dict(error.headers or {}))
        values = {"status": error.status_code, "what": f"{error.detail}.", "hint": ""}
        page = self._site.pages.render(Request(scope), "error.html", **values)  # type: ignore[arg-type]
        page.headers.update(error.headers or {})
        return page


class _Elsewhere(Exception):
    """Another answer than the page's."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Cookies:
    """The two cookies that there are. Over https their names bind them to this very host."""

    https: bool

    @property
    def session(self) -> str:
        """Who is logged in."""
        return "__Host-reportedly-session" if self.https else "reportedly-session"

    @property
    def visit(self) -> str:
        """What the forms of somebody who is not are bound to."""
        return "__Host-reportedly-visit" if self.https else "reportedly-visit"

    def give_session(self, response: Response, key: str) -> None:
        """Kept by the browser until it is closed; the ledger may end it sooner."""
        response.set_cookie(self.session, key, httponly=True, samesite="strict", secure=self.https, path="/")

    def give_visit(self, response: Response, key: str) -> None:
        """As that of the session."""
        response.set_cookie(self.visit, key, httponly=True, samesite="strict", secure=self.https, path="/")

    def take_session(self, response: Response) -> None:
        """The browser forgets it."""
        response.delete_cookie(self.session, httponly=True, samesite="strict", secure=self.https, path="/")


PLOT_STYLE = "jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww="
"""The hash of the one style that Observable Plot puts into each of its charts, always the same."""


def response_headers(settings: ReviewSettings) -> dict[str, str]:
    """What every answer carries: only our own files run, nobody may frame, sniff or embed them."""
    tiles = urlsplit(settings.tiles or "")
    maps = f" {tiles.scheme}://{tiles.netloc}" if tiles.scheme in ("http", "https") else ""
    policy = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' 'sha256-{PLOT_STYLE}'",
        "img-src": f"'self' data: blob:{maps}",
        "connect-src": f"'self'{maps}",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex, nofollow",
    }
    if (settings.public_url or "").startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


_AGAIN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>Reportedly</title></head>
<body><p>One moment …</p></body></html>
"""


def _name(host: str) -> str:
    """A Host header without its port."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.rpartition(":")[0] or host


def _cookies(headers: Headers) -> dict[str, str]:
    return cookie_parser(headers.get("cookie", ""))


def _is_own(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in OWN)


def _is_proxied(scope: Scope, headers: Headers) -> bool:
    """Whether another program passed the request on: then anybody may be behind it. Browsers don't speak HTTP/1.0."""
    return scope.get("http_version") == "1.0" or any(name in headers for name in _PROXIED)
