"""Logging in, roles, one's own account, other people's, and what the log keeps of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from reportedly.review.gate import ACCOUNT, NETWORK, LoginGate, network_of
from reportedly.store import Ledger
from tests.review.teams import ROLES, WORD, Browser, app_over, make_team, quicken

NEW = "seven boats in the harbour"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "ledger.db"
    make_team_at(place)
    return place


def make_team_at(place: Path) -> None:
    Ledger.open(place).close()
    make_team(place)


@pytest.fixture
def app(path: Path) -> FastAPI:
    return app_over(path)


def logged_in(app: FastAPI, name: str) -> Browser:
    browser = Browser.of(app)
    assert browser.log_in(name).status_code == 303
    return browser


def shows(app: FastAPI, key: str) -> bool:
    """Whether a browser with this session's key sees pages."""
    browser = Browser.of(app)
    browser.client.cookies.set("reportedly-session", key)
    return int(browser.get("/account").status_code) == 200


def logged(path: Path, *actions: str) -> list[tuple[str, str, str | None]]:
    with Ledger.open(path) as ledger:
        return [(e.action, e.by, e.subject) for e in ledger.log_entries() if e.action in actions]


# Logging in and out


def test_whoever_logs_in_is_led_on_and_known(app: FastAPI, path: Path) -> None:
    browser = Browser.of(app)
    wanted = browser.get("/account")
    assert (wanted.status_code, wanted.headers["location"]) == (303, "/login?next=/account")
    page = browser.get("/login?next=/account")
    assert 'name="next" value="/account"' in page.text
    answer = browser.log_in(" ANN", next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert ">ann</b>" in browser.get("/account").text
    assert logged(path, "login") == [("login", "ann", "ann")]


def test_a_wrong_password_and_a_wrong_name_look_the_same(app: FastAPI) -> None:
    pages = []
    for name in ("ann", "zed"):
        answer = Browser.of(app).log_in(name, "not the password")
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        pages.append(re.sub(r'value="\w*"|"\w{64}"', "", answer.text))
    assert pages[0] == pages[1]


def test_a_failure_is_in_the_log_without_what_was_typed(app: FastAPI, path: Path) -> None:
    Browser.of(app).log_in("ann", "not the password")
    Browser.of(app).log_in("hunter2 hunter2 typed in the wrong field", "x")
    assert logged(path, "login.failed") == [("login.failed", "ann", "ann"), ("login.failed", "nobody", None)]
    with Ledger.open(path) as ledger:
        told = [str(e.details) for e in ledger.log_entries(actions=["login.failed"])]
    assert not [t for t in told if "hunter2" in t or "not the" in t]


def test_logging_in_makes_a_new_key_and_ends_the_old_one(app: FastAPI) -> None:
    browser = logged_in(app, "ann")
    first = browser.client.cookies["reportedly-session"]
    browser.send("/login", "/account", name="ann", password=WORD)
    second = browser.client.cookies["reportedly-session"]
    assert first != second
    assert [shows(app, key) for key in (first, second)] == [False, True]


def test_a_key_that_was_set_for_somebody_is_not_taken_over(app: FastAPI) -> None:
    browser = Browser.of(app)
    browser.client.cookies.set("reportedly-session", "chosen-by-another-0123456789abcdef")
    browser.log_in("ann")
    keys = [c.value for c in browser.client.cookies.jar if c.name == "reportedly-session"]
    assert "chosen-by-another-0123456789abcdef" not in keys[-1:]
    other = Browser.of(app)
    other.client.cookies.set("reportedly-session", "chosen-by-another-0123456789abcdef")
    assert other.get("/").headers["location"] == "/login"


def test_logging_out_ends_the_session(app: FastAPI, path: Path) -> None:
    browser = logged_in(app, "rea")
    key = browser.client.cookies["reportedly-session"]
    assert browser.send("/logout").headers["location"] == "/login"
    assert "reportedly-session" not in browser.client.cookies
    assert not shows(app, key)
    assert logged(path, "logout") == [("logout", "rea", "rea")]


def test_a_fragment_sends_the_page_to_the_login(app: FastAPI) -> None:
    answer = Browser.of(app).get("/intake/jobs", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_the_first_account_closes_the_door(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    browser = Browser.of(app_over(place))
    assert browser.get("/").status_code == 200
    refused = browser.send("/people", "/people", name="bo", role="reader", password=WORD)
    assert "must be an admin" in refused.text
    assert browser.send("/people", "/people", name="bo", role="admin", password=WORD).status_code == 303
    assert browser.get("/").headers["location"] == "/login"
    assert logged(place, "account.add") == [("account.add", "local", "bo")]


# How often


def test_tries_become_slow_for_an_account() -> None:
    clock = [1000.0]
    gate = LoginGate(now=lambda: clock[0])
    waits = []
    for number in range(12):
        wait = gate.enter("ann", f"198.51.{number}.1")
        waits.append(round(wait))
        clock[0] += wait
        if wait:
            assert gate.enter("ann", "203.0.113.1") == 0
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64]
    for _ in range(30):
        wait = gate.enter("ann", "203.0.113.1")
        clock[0] += wait
    assert gate.enter("ann", "203.0.113.200") <= ACCOUNT.longest_s
    clock[0] += ACCOUNT.quiet_s + 1
    assert gate.enter("ann", "203.0.113.1") == 0


def test_tries_become_slow_for_a_network_whatever_the_names() -> None:
    gate = LoginGate(now=lambda: 0.0)
    waits = [gate.enter(f"name{n}", f"198.51.100.{n}") for n in range(NETWORK.free + 1)]
    assert waits[:-1] == [0.0] * NETWORK.free
    assert waits[-1] > 0
    assert gate.enter("name", "203.0.113.1") == 0


def test_many_at_once_gain_nothing() -> None:
    gate = LoginGate(now=lambda: 0.0)
    assert sum(gate.enter("ann", f"198.51.{n}.1") == 0 for n in range(100)) == ACCOUNT.free


def test_the_right_password_starts_afresh() -> None:
    gate = LoginGate(now=lambda: 0.0)
    for _ in range(50):
        assert gate.enter("ann", "198.51.100.1") == 0
        gate.passed("ann", "198.51.100.1")


def test_the_memory_of_the_gate_is_bounded_and_keeps_what_matters() -> None:
    gate = LoginGate(now=lambda: 0.0)
    for _ in range(ACCOUNT.free):
        gate.enter("ann", "198.51.100.1")
    for n in range(200_000):
        gate.enter(f"made up {n}", f"{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}.1")
    assert len(gate._counts) <= 2 * 2**16
    assert gate.enter("ann", "203.0.113.1") > 0


def test_the_login_page_says_how_long_to_wait(app: FastAPI, path: Path) -> None:
    browser = Browser.of(app)
    answers = [browser.log_in("ann", "wrong") for _ in range(ACCOUNT.free + 1)]
    assert [a.status_code for a in answers] == [403] * ACCOUNT.free + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "too many tries" in answers[-1].text
    assert browser.log_in("ann").status_code == 429, "the right one has to wait too"
    assert browser.log_in("rev").status_code == 303
    assert len(logged(path, "login.failed")) == ACCOUNT.free


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_is_kept_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


# Roles


@pytest.mark.parametrize("name", ROLES)
def test_each_role_sees_and_does_what_it_may(app: FastAPI, name: str) -> None:
    browser = logged_in(app, name)
    rank = list(ROLES).index(name)
    least = {"/": 0, "/account": 0, "/intake": 2, "/intake/jobs": 2, "/people": 3, "/audit": 3}
    for page, needed in least.items():
        assert browser.get(page).status_code == (200 if rank >= needed else 403), page
    page = browser.get("/").text
    for place, needed in {"/publish": 2, "/intake": 2, "/people": 3, "/audit": 3}.items():
        assert (f'href="{place}"' in page) == (rank >= needed), place
    sent = {"/account/tokens/revoke": (0, 422), "/nowhere": (1, 404), "/intake/stop": (2, 303), "/people": (3, 422)}
    fields = {"token": "x", "job": "x", "name": "", "role": "x", "password": "x"}
    for where, (needed, done) in sent.items():
        expected = done if rank >= needed else 403
        assert browser.send(where, **fields).status_code == expected, where


def test_a_new_role_holds_at_once(app: FastAPI) -> None:
    admin, other = logged_in(app, "ann"), logged_in(app, "ed")
    assert admin.send("/people/change", name="ed", do="role", role="reader").status_code == 303
    assert other.get("/").headers["location"] == "/login"
    other.log_in("ed")
    assert other.get("/intake").status_code == 403


# One's own account


def test_a_password_is_changed_by_whoever_knows_it(app: FastAPI) -> None:
    browser, elsewhere = logged_in(app, "rea"), logged_in(app, "rea")

    def send(**fields: str) -> Any:
        return browser.send("/account/password", **{"old": WORD, "password": NEW, "again": NEW, **fields})

    assert send(old="wrong").status_code == 403
    assert "differ" in send(again=NEW + "!").text
    assert "12 to" in send(password="short", again="short").text
    assert Browser.of(app).log_in("rea").status_code == 303, "nothing has changed so far"
    assert send().headers["location"] == "/account"
    assert browser.get("/account").status_code == 200, "they stay logged in here"
    assert elsewhere.get("/account").status_code == 303
    assert Browser.of(app).log_in("rea").status_code == 403
    assert Browser.of(app).log_in("rea", NEW).status_code == 303


def test_logging_out_everywhere(app: FastAPI) -> None:
    browser, elsewhere = logged_in(app, "rea"), logged_in(app, "rea")
    browser.send("/account/sessions")
    assert [b.get("/").status_code for b in (browser, elsewhere)] == [303, 303]


# Tokens


def token_of(browser: Browser, **changes: str) -> str:
    page = browser.send("/account/tokens", **{"name": "cron", "role": "reader", "days": "3", **changes})
    found = re.search(r'<code class="secret">([^<]+)</code>', page.text)
    return found[1] if found else ""


def bearer(app: FastAPI, key: str, *, method: str = "GET", where: str = "/api/v1/nothing-like-it", **given: Any) -> int:
    """The status that a program gets with this token."""
    headers = {"Authorization": f"Bearer {key}"}
    status: int = Browser.of(app).client.request(method, where, headers=headers, **given).status_code
    return status


def test_a_token_opens_the_api_and_nothing_else(app: FastAPI) -> None:
    browser = logged_in(app, "ed")
    key = token_of(browser, role="reviewer")
    assert key.startswith("reportedly_")
    assert key not in browser.get("/account").text, "it is shown once"
    assert bearer(app, key) == 404
    assert bearer(app, key, method="POST") == 404, "needs no sign"
    assert bearer(app, "") == bearer(app, key[:-1]) == bearer(app, "x") == 401
    assert bearer(app, key, where="/account") == bearer(app, key, where="/") == 303
    assert bearer(app, token_of(browser), method="POST") == 403, "a reader's"


def test_beside_a_token_cookies_count_for_nothing(app: FastAPI) -> None:
    browser = logged_in(app, "ann")
    answer = browser.get("/api/v1/nothing-like-it", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert browser.client.post("/api/v1/nothing-like-it").status_code == 403, "a cookie alone needs the sign"
    sign = {"X-CSRF-Token": browser.sign("/account")}
    assert browser.client.post("/api/v1/nothing-like-it", headers=sign).status_code == 404


def test_tokens_are_revoked(app: FastAPI) -> None:
    browser, admin = logged_in(app, "rev"), logged_in(app, "ann")
    first, second = token_of(browser), token_of(browser)
    ids = re.findall(r'name="token" value="(\w+)"', browser.get("/account").text)
    other = logged_in(app, "rea")
    assert other.send("/account/tokens/revoke", token=ids[1]).status_code == 422, "only one's own"
    assert bearer(app, first) == 404
    browser.send("/account/tokens/revoke", token=ids[1])
    assert (bearer(app, first), bearer(app, second)) == (401, 404)
    assert admin.send("/people/change", name="rev", do="revoke", token=ids[0]).status_code == 303
    assert bearer(app, second) == 401


@pytest.mark.parametrize("changes", [{"role": "admin"}, {"role": "x"}, {"days": "0"}, {"days": "1000"}, {"name": " "}])
def test_tokens_that_are_not_made(app: FastAPI, changes: dict[str, str]) -> None:
    assert token_of(logged_in(app, "rev"), **changes) == ""


# Other people's accounts


def test_an_admin_manages_people(app: FastAPI) -> None:
    admin = logged_in(app, "ann")
    assert admin.send("/people", name="Cleo", role="editor", password=NEW).status_code == 303
    cleo = Browser.of(app)
    assert cleo.log_in("cleo", NEW).status_code == 303
    assert "used" in admin.send("/people", name="cleo", role="editor", password=NEW).text
    admin.send("/people/change", name="cleo", do="password", password=WORD)
    assert cleo.get("/").status_code == 303
    assert cleo.log_in("cleo", WORD).status_code == 303
    admin.send("/people/change", name="cleo", do="sessions")
    assert cleo.get("/").status_code == 303
    admin.send("/people/change", name="cleo", do="remove")
    assert cleo.log_in("cleo", WORD).status_code == 403
    assert "no admin would be left" in admin.send("/people/change", name="ann", do="remove").text
    assert admin.send("/people/change", name="ann", do="dance").status_code == 422
    assert "no such account" in admin.send("/people/change", name="<b>zed</b>", do="remove").text


# The log


def test_the_log_is_shown_by_person_action_and_day(app: FastAPI) -> None:
    admin = logged_in(app, "ann")
    Browser.of(app).log_in("rea", "wrong")
    page = admin.get("/audit").text
    assert page.index("login.failed</span>") < page.index("account.add</span>"), "newest first"

    def shown(query: str) -> list[str]:
        return re.findall(r'<span class="tag[^"]*">([\w.]+)</span>', admin.get(f"/audit?{query}").text)

    assert set(shown("action=login")) == {"login", "login.failed"}
    assert shown("by=rea") == ["login.failed"]
    assert shown("subject=ed") == ["account.add"]
    assert shown("first=2001-01-01&last=2001-01-02") == []
    assert len(shown("first=2001-01-01")) >= 6
    assert admin.get("/audit?first=yesterday").status_code == 422
    assert shown("by=nobody%27--") == []


def test_the_log_comes_in_pages(app: FastAPI, path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(230):
            ledger.log("export", by="ed", subject=f"export-{number}")
    admin = logged_in(app, "ann")
    seen: list[str] = []
    address = "/audit?action=export&by=ed"
    for _ in range(5):
        page = admin.get(address).text
        seen += re.findall(r"export-\d+", page)
        older = re.search(r'href="(/audit\?[^"]*before=\d+[^"]*)"', page)
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    assert seen == [f"export-{n}" for n in reversed(range(230))]
