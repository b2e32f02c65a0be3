"""What every request passes: whose name it is for, how much it brings, who sent it, and what goes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Message

from reportedly.errors import SettingsError
from reportedly.review.accounts import inside
from reportedly.review.bodies import BodyLimits, find_sign, limited
from reportedly.review.guard import require_safe
from reportedly.review.settings import Limits, ReviewSettings
from reportedly.store import Ledger
from tests.review.teams import HERE, SECRET, Browser, app_over, make_team, quicken


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    return place


@pytest.fixture
def alone(path: Path) -> Browser:
    """The app on loopback without accounts."""
    return Browser.of(app_over(path, secret=None))


@pytest.fixture
def team(path: Path) -> FastAPI:
    make_team(path)
    return app_over(path)


# Listening


@pytest.mark.parametrize(
    ("changes", "accounts", "message"),
    [
        ({"host": "0.0.0.0"}, False, "no admin account"),
        ({"host": "0.0.0.0", "secret": SECRET, "public_url": "https://a.example"}, False, "no admin account"),
        ({"public_url": "https://a.example", "secret": SECRET}, False, "no admin account"),
        ({"host": "0.0.0.0", "public_url": "https://a.example"}, True, "needs a secret"),
        ({"host": "::", "secret": "short", "public_url": "https://a.example"}, True, "needs a secret"),
        ({"host": "192.0.2.7", "secret": SECRET}, True, "its own address"),
        ({"host": "0.0.0.0", "secret": SECRET, "public_url": "a.example"}, True, "its own address"),
        ({"host": "0.0.0.0", "secret": SECRET, "public_url": "https://a.example/review"}, True, "its own address"),
        ({"host": "0.0.0.0", "secret": SECRET, "public_url": "https://a.example"}, True, None),
        ({}, False, None),
        ({"host": "::1"}, False, None),
    ],
)
def test_it_listens_to_others_only_when_it_is_safe(
    path: Path, changes: dict[str, Any], accounts: bool, message: str | None
) -> None:
    if accounts:
        make_team(path)
    settings = ReviewSettings(str(path), "x", **changes)
    with Ledger.open(path) as ledger:
        if message is None:
            require_safe(settings, ledger)
        else:
            with pytest.raises(SettingsError, match=message) as raised:
                app_over(path, **{"secret": None, **changes})
            assert raised.value.hint


def test_the_settings_do_not_show_the_secret() -> None:
    assert SECRET not in repr(ReviewSettings("x.db", "x", secret=SECRET))


# Names


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8470", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_a_name_that_is_not_ours_is_refused(alone: Browser, host: str) -> None:
    answer = alone.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "Reported incidents" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8470", "127.0.0.1", "[::1]:9000"])
def test_our_own_names_are_answered(alone: Browser, host: str) -> None:
    assert alone.get("/", headers={"Host": host}).status_code == 200


def test_the_public_name_is_answered_and_no_other(path: Path) -> None:
    make_team(path)
    app = app_over(path, host="0.0.0.0", public_url="https://review.example")
    assert Browser.of(app, "https://review.example").get("/login").status_code == 200
    assert Browser.of(app, "https://192.0.2.7").get("/login").status_code == 421


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_without_accounts_nobody_is_let_in_by_way_of_a_proxy(alone: Browser, name: str) -> None:
    answer = alone.get("/", headers={name: "203.0.113.9"})
    assert answer.status_code == 403
    assert "make one with" in answer.text


# What goes back


def test_every_answer_carries_the_headers(team: FastAPI) -> None:
    browser = Browser.of(team)
    answers = [browser.get(p) for p in ("/login", "/", "/static/app.css", "/nowhere", "/api/v1/incidents")]
    answers += [browser.client.post("/login"), browser.get("/", headers={"Host": "evil.example"})]
    assert {a.status_code for a in answers} >= {200, 303, 401, 403, 421}
    for answer in answers:
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["script-src"] == "'self'"
        assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+')?", policy["style-src"])
        assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
        assert "strict-transport-security" not in answer.headers
    assert [a.headers["cache-control"] for a in answers] == ["no-store", "no-store", "no-cache", *["no-store"] * 4]


def test_what_breaks_tells_nothing_and_carries_the_headers(path: Path) -> None:
    app = app_over(path)

    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("the password is four lamps")

    client = TestClient(app, base_url=HERE, raise_server_exceptions=False)
    answer = client.get("/breaks")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "four lamps" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_tiles_are_the_one_other_host(path: Path) -> None:
    app = app_over(path, tiles="https://tiles.example/{z}/{x}/{y}.png")
    policy = Browser.of(app).get("/").headers["content-security-policy"]
    assert re.findall(r"https?://[^\s;]+", policy) == ["https://tiles.example"] * 2


def test_cookies_are_strict_and_over_https_bound_to_the_host(path: Path) -> None:
    make_team(path)
    app = app_over(path, host="0.0.0.0", public_url="https://review.example")
    browser = Browser.of(app, "https://review.example")
    visit = browser.get("/login").headers["set-cookie"]
    session = browser.log_in("ann").headers["set-cookie"]
    for cookie in (visit, session):
        assert cookie.startswith("__Host-reportedly-")
        assert {"HttpOnly", "SameSite=strict", "Secure", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    plain = Browser.of(app_over(path)).get("/login").headers["set-cookie"]
    assert plain.startswith("reportedly-visit=")
    assert "HttpOnly; Path=/; SameSite=strict" in plain
    assert "strict-transport-security" in browser.get("/login").headers


# Forms


def test_a_form_needs_the_sign_of_its_page(alone: Browser) -> None:
    fields = {"name": "ann", "role": "admin", "password": "seven boats in the harbour"}
    sign = alone.sign("/people")
    for wrong in ({}, {"csrf": ""}, {"csrf": sign[:-1]}, {"csrf": sign[::-1]}, {"csrf": "é" * 64}):
        assert alone.client.post("/people", data={**fields, **wrong}).status_code == 403
        assert alone.client.post("/people", data=fields, headers={"X-CSRF-Token": "x"}).status_code == 403
    assert alone.client.post("/people", data={**fields, "csrf": sign}).status_code == 303


def test_a_sign_is_of_one_browser_only(path: Path) -> None:
    app = app_over(path)
    mine, theirs = Browser.of(app), Browser.of(app)
    sign = theirs.sign("/people")
    assert mine.sign("/people") != sign
    assert mine.client.post("/account/tokens", data={"csrf": sign}).status_code == 403


def test_a_sign_ends_with_the_session(team: FastAPI) -> None:
    browser = Browser.of(team)
    browser.get("/login")
    before = browser.sign()
    browser.log_in("ann")
    after = browser.sign("/account")
    assert before != after
    assert browser.client.post("/account/sessions", data={"csrf": before}).status_code == 403
    assert browser.client.post("/account/sessions", data={"csrf": after}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://127.0.0.1:8470.evil.example"},
        {"Referer": "http://evil.example/127.0.0.1:8470"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_site_sends_is_refused(alone: Browser, headers: dict[str, str]) -> None:
    answer = alone.client.post("/logout", data={"csrf": alone.sign("/account")}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    own = {"Origin": HERE, "Referer": f"{HERE}/account", "Sec-Fetch-Site": "same-origin"}
    assert alone.client.post("/logout", data={"csrf": alone.sign("/account")}, headers=own).status_code == 303


def test_over_https_a_plain_page_of_the_same_name_is_another_site(path: Path) -> None:
    make_team(path)
    browser = Browser.of(app_over(path, host="0.0.0.0", public_url="https://review.example"), "https://review.example")
    fields = {"csrf": browser.sign(), "name": "ann", "password": "x"}
    refused = browser.client.post("/login", data=fields, headers={"Origin": "http://review.example"})
    assert "another site" in refused.text
    tried = browser.client.post("/login", data=fields, headers={"Origin": "https://review.example"})
    assert "go together" in tried.text


def test_the_sign_may_come_in_a_header(alone: Browser) -> None:
    sign = alone.sign("/account")
    assert alone.client.post("/logout", headers={"X-CSRF-Token": sign}).status_code == 303
    assert alone.client.put("/nowhere", headers={"X-CSRF-Token": sign}).status_code in (404, 405)
    assert alone.client.put("/nowhere").status_code == 403


def test_every_page_that_changes_something_needs_the_sign(alone: Browser, path: Path) -> None:
    """Whatever routes there are, the ones of other modules too."""
    app = app_over(path)
    browser = Browser.of(app)
    paths = {r.path: sorted((r.methods or set()) - {"GET", "HEAD", "OPTIONS"}) for r in all_routes(app)}
    asked = [(p, m) for p, methods in paths.items() for m in methods]
    assert len(asked) >= 10
    for where, method in asked:
        answer = browser.client.request(method, re.sub(r"\{[^}]*\}", "1", where))
        assert answer.status_code == 403, (method, where)


def all_routes(app: FastAPI) -> Iterator[Route]:
    """Every route, those of included routers too."""
    waiting: list[Any] = list(app.routes)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Route):
            yield one
        else:
            inner = getattr(one, "original_router", one)
            waiting += getattr(inner, "routes", []) or []


# Bodies


class Sent:
    """What a browser sends: pieces, with waits between them."""

    def __init__(self, *pieces: bytes, wait: float = 0.0) -> None:
        self.messages: list[Message] = [{"type": "http.request", "body": p, "more_body": True} for p in pieces]
        self.messages[-1]["more_body"] = False
        self.wait = wait

    async def __call__(self) -> Message:
        await asyncio.sleep(self.wait)
        return self.messages.pop(0)


async def drain(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    limits = BodyLimits(bytes=10)
    assert asyncio.run(drain(limited(Sent(b"12345", b"67890"), {}, limits))) == b"1234567890"
    with pytest.raises(HTTPException) as raised:
        asyncio.run(drain(limited(Sent(b"12345", b"67890", b"1"), {}, limits)))
    assert raised.value.status_code == 413
    stated = Sent(b"1")
    with pytest.raises(HTTPException):
        asyncio.run(drain(limited(stated, {"content-length": "11"}, limits)))
    assert len(stated.messages) == 1, "what says that it is too large is not read at all"


@pytest.mark.parametrize("limits", [BodyLimits(silence=0.02), BodyLimits(seconds=0.05)])
def test_a_slow_body_is_given_up(limits: BodyLimits) -> None:
    with pytest.raises(HTTPException) as raised:
        asyncio.run(drain(limited(Sent(*[b"1"] * 50, wait=0.03), {}, limits)))
    assert raised.value.status_code == 408


def test_large_forms_are_refused(alone: Browser) -> None:
    sign = alone.sign("/account")
    answer = alone.client.post("/account/tokens", data={"csrf": sign, "name": "x" * 2_000_000})
    assert answer.status_code == 413
    assert answer.headers["x-frame-options"] == "DENY"
    pieces = (b"csrf=" + sign.encode() + b"&name=", *[b"x" * 100_000] * 20)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert alone.client.post("/account/tokens", content=iter(pieces), headers=kind).status_code == 413


def test_uploads_are_limited_too(path: Path) -> None:
    app = app_over(path, reader=("true",), limits=Limits(upload_bytes=1000, upload_files=3))
    browser = Browser.of(app)
    sign = browser.sign("/intake")

    def send(*sizes: int) -> int:
        files = [("files", (f"{n}.txt", b"x" * size)) for n, size in enumerate(sizes)]
        return browser.client.post("/intake/files", data={"csrf": sign}, files=files).status_code

    assert send(500, 499) == 303
    assert send(500, 501) == 413
    assert send(3_000_000) == 413
    assert send(1, 1, 1, 1) == 400


MULTIPART = "multipart/form-data; boundary=XyZ"
HEAD = b'--XyZ\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'


def sign_in(kind: str, *pieces: bytes) -> tuple[str, bytes, int]:
    """The sign that is found, the body that comes anew, and how many pieces were taken before."""
    sent = Sent(*pieces)

    async def both() -> tuple[str, bytes, int]:
        sign, again = await find_sign(sent, {"content-type": kind})
        taken = len(pieces) - len(sent.messages)
        return sign, await drain(again), taken

    return asyncio.run(both())


def test_the_sign_is_found_and_the_body_stays_whole() -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    assert sign_in(kind, b"a=1&cs", b"rf=abc&b=2") == ("abc", b"a=1&csrf=abc&b=2", 2)
    second = b"-XyZ\r\nContent-Disposition: form-data; name=f\r\n\r\n"
    pieces = (HEAD % b"csrf" + b"abc\r\n-", second, b"x" * 10**6)
    assert sign_in(MULTIPART, *pieces) == ("abc", b"".join(pieces), 2)
    assert sign_in('multipart/form-data; boundary="XyZ"', *pieces)[0] == "abc"
    assert sign_in("application/json", b'{"csrf": "abc"}') == ("", b'{"csrf": "abc"}', 0)


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD % b"other" + b"abc\r\n" + HEAD % b"csrf" + b"abc\r\n--XyZ--",),
        (HEAD % b"csrf" + b"abc",),
        (b"preamble\r\n" + HEAD % b"csrf" + b"abc\r\n--XyZ--",),
        (HEAD % b"csrf", *[b"x" * 5000] * 10),
        (b"",),
    ],
)
def test_a_sign_elsewhere_is_none(pieces: tuple[bytes, ...]) -> None:
    sign, body, taken = sign_in(MULTIPART, *pieces)
    assert sign in ("", "x" * 0)
    assert body == b"".join(pieces)
    assert taken <= 4, "no more is taken in than the first part may need"


# Elsewhere


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/incident/1?a=b", "/incident/1?a=b"),
        ("/", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example", "/evil.example"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nSet-Cookie: b", "/"),
        ("evil.example", "/"),
        ("/login?next=/login", "/"),
        ("/logout", "/"),
        ("", "/"),
    ],
)
def test_one_is_led_on_only_to_our_own_pages(address: str, kept: str) -> None:
    assert inside(address) == kept


def test_a_link_from_another_site_is_asked_again(team: FastAPI) -> None:
    """The browser keeps a strict cookie back on such a link; then nobody seems to be logged in."""
    browser = Browser.of(team)
    answer = browser.get("/audit", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0"' in answer.text
    assert browser.get("/audit", headers={"Sec-Fetch-Site": "same-origin"}).headers["location"] == "/login?next=/audit"


