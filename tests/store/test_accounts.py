"""Accounts, sessions and tokens: who is let in, and who no longer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from reportedly.errors import LedgerError, SettingsError
from reportedly.store import Ledger, passwords

GOOD = "four lamps by the river"
OTHER = "seven boats in the harbour"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that are cheap to make."""
    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def team(ledger: Ledger) -> Ledger:
    ledger.add_account("ann", GOOD, role="admin", by="local")
    ledger.add_account("Bo", GOOD, role="reviewer", by="ann")
    return ledger


def test_a_password_lets_in_and_no_other_does(team: Ledger) -> None:
    found = team.check_password(" ANN ", GOOD)
    assert found is not None
    assert (found.name, found.role) == ("ann", "admin")
    for name, password in (("ann", GOOD + " "), ("ann", ""), ("cy", GOOD), ("bo", "x" * 100_000), ("bo", "\ud800")):
        assert team.check_password(name, password) is None


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_account("ann", GOOD, role="admin", by="local")
        key = ledger.start_session("ann")
        _, token = ledger.add_token("ann", "cron", role="reader", days=1, by="ann")
    data = path.read_bytes()
    assert b"$argon2id$" in data
    assert not [s for s in (GOOD, key, token, token.removeprefix("reportedly_")) if s.encode() in data]


def test_the_time_taken_tells_nothing_of_who_has_an_account(team: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, kept: str, password: bytes) -> bool:
        asked.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    team.check_password("nobody-here", GOOD)
    team.remove_account("bo", by="ann")
    team.check_password("bo", GOOD)
    assert len(asked) == 2


def test_a_hash_of_older_parameters_is_made_anew_at_login(team: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: stronger)
    made: list[str] = []

    def noted(password: str) -> str:
        made.append(password)
        return stronger.hash(password)

    monkeypatch.setattr("reportedly.store.accounts.make_hash", noted)
    assert team.check_password("ann", "wrong") is None
    assert made == []
    assert team.check_password("ann", GOOD)
    assert team.check_password("ann", GOOD)
    assert made == [GOOD]


@pytest.mark.parametrize("name", ["", " ", "a b", "a\u202eb", "<b>", "a/b", "a'b", "x" * 65, "local", "system", "a\0"])
def test_names_that_are_not_taken(ledger: Ledger, name: str) -> None:
    with pytest.raises(SettingsError):
        ledger.add_account(name, GOOD, role="admin", by="local")


def test_names_that_look_alike_are_one(team: Ledger) -> None:
    for name in ("ANN", "ａｎｎ", " ann"):
        with pytest.raises(LedgerError, match="the name is used"):
            team.add_account(name, GOOD, role="reader", by="ann")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "angelina2024", "123456789012", "x1" * 600])
def test_passwords_that_are_not_taken(team: Ledger, password: str) -> None:
    with pytest.raises(SettingsError):
        team.add_account("angelina", password, role="reader", by="ann")
    with pytest.raises(SettingsError):
        team.set_password("ann", password if password != "angelina2024" else "ann 2024 2024", by="ann")


def test_the_last_admin_stays(team: Ledger) -> None:
    with pytest.raises(LedgerError, match="no admin would be left"):
        team.remove_account("ann", by="ann")
    with pytest.raises(LedgerError, match="no admin would be left"):
        team.set_role("ann", "editor", by="ann")
    assert team.check_password("ann", GOOD)
    team.set_role("bo", "admin", by="ann")
    team.remove_account("ann", by="bo")
    with pytest.raises(LedgerError, match="no admin"):
        team.remove_account("bo", by="bo")


def test_the_first_account_is_an_admin(ledger: Ledger) -> None:
    assert not ledger.has_accounts()
    with pytest.raises(LedgerError, match="must be an admin"):
        ledger.add_account("ann", GOOD, role="reader", by="local")
    assert not ledger.has_accounts()


def test_a_removed_name_is_not_given_again(team: Ledger) -> None:
    team.remove_account("bo", by="ann")
    assert team.check_password("bo", GOOD) is None
    with pytest.raises(LedgerError, match="used"):
        team.add_account("bo", GOOD, role="reader", by="ann")
    with pytest.raises(LedgerError, match="no such account"):
        team.set_password("bo", OTHER, by="ann")


def test_sessions_end(team: Ledger) -> None:
    now = datetime.now(UTC)
    key = team.start_session("ann", idle=timedelta(hours=1), longest=timedelta(hours=3))
    assert team.session(key, now=now) is not None
    assert team.session(key, now=now + timedelta(minutes=59)) is not None
    assert team.session(key, now=now + timedelta(minutes=118)) is not None, "each use prolongs it"
    assert team.session(key, now=now + timedelta(minutes=179)) is None, "but not without use"
    assert team.session(key, now=now + timedelta(minutes=150)) is not None
    assert team.session(key, now=now + timedelta(minutes=181)) is None, "nor for ever"
    team.end_session(key)
    assert team.session(key, now=now) is None
    assert team.session("", now=now) is None


def test_a_new_session_ends_the_one_it_follows(team: Ledger) -> None:
    old, other = team.start_session("ann"), team.start_session("ann")
    new = team.start_session("ann", ends=old)
    assert len({old, new, other}) == 3
    assert [team.session(key) is not None for key in (old, new, other)] == [False, True, True]


@pytest.mark.parametrize("change", ["role", "password", "removal", "ending"])
def test_a_change_of_the_account_ends_its_sessions(team: Ledger, change: str) -> None:
    theirs, mine = team.start_session("bo"), team.start_session("ann")
    if change == "role":
        team.set_role("bo", "reader", by="ann")
    elif change == "password":
        team.set_password("bo", OTHER, by="ann")
    elif change == "removal":
        team.remove_account("bo", by="ann")
    else:
        team.end_sessions("bo", by="ann")
    assert team.session(theirs) is None
    assert team.session(mine) is not None


def test_an_account_has_so_many_sessions(team: Ledger) -> None:
    keys = [team.start_session("ann") for _ in range(25)]
    alive = [team.session(key) is not None for key in keys]
    assert sum(alive) == 20
    assert alive[-1]


def test_tokens_live_and_die(team: Ledger) -> None:
    made, key = team.add_token("bo", "  nightly\texport ", role="reader", days=2, by="bo")
    assert made.name == "nightly export"
    assert key.startswith("reportedly_")
    now = datetime.now(UTC)
    found = team.token(key, now=now)
    assert found is not None
    assert (found.account, found.role, found.used) == ("bo", "reader", None)
    assert team.tokens("bo")[0].used == now
    assert team.token(key, now=now + timedelta(days=3)) is None
    for wrong in ("", "reportedly_", key[:-1], key.removeprefix("reportedly_"), key + "x"):
        assert team.token(wrong) is None
    with pytest.raises(LedgerError, match="no such token"):
        team.revoke_token(made.id, by="ann", account="ann")
    assert team.token(key) is not None
    team.revoke_token(made.id, by="bo", account="bo")
    assert team.token(key) is None


def test_a_token_can_do_no_more_than_its_account(team: Ledger) -> None:
    with pytest.raises(SettingsError, match="can't be editor"):
        team.add_token("bo", "t", role="editor", days=1, by="bo")
    _, key = team.add_token("bo", "t", role="reviewer", days=1, by="bo")
    team.set_role("bo", "reader", by="ann")
    found = team.token(key)
    assert found is not None
    assert found.role == "reader"
    team.remove_account("bo", by="ann")
    assert team.token(key) is None


def test_a_new_password_revokes_tokens_unless_they_are_kept(team: Ledger) -> None:
    _, key = team.add_token("bo", "t", role="reader", days=1, by="bo")
    team.set_password("bo", OTHER, by="bo", revoke=False)
    assert team.token(key) is not None
    team.set_password("bo", GOOD, by="ann")
    assert team.token(key) is None


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_lives_a_year_at_most(team: Ledger, days: int) -> None:
    with pytest.raises(SettingsError, match="lives 1 to 365 days"):
        team.add_token("ann", "t", role="reader", days=days, by="ann")


def test_changes_are_in_the_log_and_secrets_are_not(team: Ledger) -> None:
    _, key = team.add_token("bo", "t", role="reader", days=1, by="bo")
    team.set_role("bo", "editor", by="ann")
    team.set_password("bo", OTHER, by="ann")
    team.remove_account("bo", by="ann")
    entries = [e for e in team.log_entries() if e.action.startswith(("account", "token"))]
    assert [(e.action, e.by, e.subject) for e in entries] == [
        ("account.add", "local", "ann"),
        ("account.add", "ann", "bo"),
        ("token.add", "bo", "bo"),
        ("account.role", "ann", "bo"),
        ("account.password", "ann", "bo"),
        ("account.remove", "ann", "bo"),
    ]
    assert not [e for e in entries if GOOD in str(e.details) or OTHER in str(e.details) or key in str(e.details)]


def test_a_refused_change_leaves_no_trace(team: Ledger) -> None:
    before = [e.seq for e in team.log_entries()]
    with pytest.raises(LedgerError):
        team.remove_account("ann", by="ann")
    assert [e.seq for e in team.log_entries()] == before
    assert all(a.removed is None for a in team.accounts())


def test_a_removed_account_leaves_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_account("ann", GOOD, role="admin", by="local")
        ledger.add_account("bo", GOOD, role="reader", by="local")
        ledger.remove_account("bo", by="ann")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT password FROM accounts WHERE name = 'bo'").fetchall() == [("",)]
