"""The ledger's part for who is logged in, and for the tokens that programs show.

A key is 256 random bits, given out once; the ledger keeps its SHA-256, from which nobody gets back to the key. A slow
hash is for passwords, which can be guessed.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from reportedly.errors import LedgerError, SettingsError
from reportedly.store.accounts import ROLES, Account, AccountTables, end_sessions, login_name, require_role
from reportedly.store.tables_people import accounts, sessions, tokens

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=3)
TOKEN_DAYS = 365
"""The longest that a token may live."""

TOKEN = "reportedly_"
"""How every token begins, so that searches for secrets that leaked find it."""

_NOTED = timedelta(minutes=5)
"""A use is noted at most this often: reading a page need not write, nor wait for whoever does."""

_MOST = 20
"""Sessions, and living tokens, an account; the oldest session makes room."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody logged in; over when unused for `idle`, and at `expires` in any case."""

    account: Account
    made: datetime
    seen: datetime
    idle: timedelta
    expires: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of a password. `role` is at most that of its account, as it is now."""

    id: str
    account: str
    name: str
    role: str
    made: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it can be used at `now`."""
        return self.revoked is None and now < self.expires


class SessionTables(AccountTables):
    """Sessions and tokens of a ledger."""

    def start_session(
        self, name: str, *, idle: timedelta = IDLE, longest: timedelta = LONGEST, ends: str | None = None
    ) -> str:
        """Logs `name` in: the key of a new session. `ends` is the key of an older one, which is over.

        Raises `LedgerError` where there is no such account.
        """
        key, now, name = secrets.token_urlsafe(32), datetime.now(UTC), login_name(name)
        row = {"key_sha256": _sha256(key), "account": name, "made": now, "seen": now}
        row |= {"idle_s": int(idle.total_seconds()), "expires": now + longest}
        with self._writing() as connection:
            if connection.execute(_living(name)).first() is None:
                raise LedgerError("there is no such account", where=name, hint="it was removed meanwhile")
            connection.execute(delete(sessions).where(sessions.c.expires <= now))
            if ends:
                connection.execute(delete(sessions).where(sessions.c.key_sha256 == _sha256(ends)))
            mine = select(sessions.c.key_sha256).where(sessions.c.account == name)
            kept = mine.order_by(sessions.c.seen.desc(), sessions.c.key_sha256).offset(_MOST - 1).limit(1_000)
            old = list(connection.scalars(kept))
            connection.execute(delete(sessions).where(sessions.c.key_sha256.in_(old)))
            connection.execute(insert(sessions), [row])
        return key

    def session(self, key: str, *, now: datetime | None = None) -> Session | None:
        """The session with this key, if it is not over; notes that it is used."""
        now = now or datetime.now(UTC)
        query = select(sessions, *_account_columns()).join(accounts, accounts.c.name == sessions.c.account)
        with self._reading() as connection:
            row = connection.execute(query.where(sessions.c.key_sha256 == _sha256(key))).first()
        if row is None or row.removed is not None:
            return None
        idle = timedelta(seconds=row.idle_s)
        if now >= row.expires or now >= row.seen + idle:
            return None
        if now >= row.seen + _NOTED:
            # Where the ledger can't be written to just now, the next use is noted.
            with suppress(LedgerError), self._writing() as connection:
                connection.execute(update(sessions).where(sessions.c.key_sha256 == _sha256(key)).values(seen=now))
        return Session(_account(row), row.made, row.seen, idle, row.expires)

    def end_session(self, key: str) -> None:
        """Logs out; nothing where the session is over already."""
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.key_sha256 == _sha256(key)))

    def end_sessions(self, name: str, *, by: str) -> None:
        """Ends every session of an account."""
        with self._writing() as connection:
            end_sessions(connection, name)
            self.log("account.sessions", by=by, subject=login_name(name), connection=connection)

    def add_token(self, account: str, name: str, *, role: str, days: int, by: str) -> tuple[ApiToken, str]:
        """A new token and the secret that is shown this once.

        Raises `SettingsError` for a name, role or life that isn't taken, `LedgerError` where there is no such account
        or it has as many tokens as one may have.
        """
        name, account = " ".join(name.split()), login_name(account)
        require_role(role)
        if not (0 < len(name) <= 80 and name.isprintable()):
            raise SettingsError("a token needs a name of up to 80 characters", hint="say what it is for")
        if not 1 <= days <= TOKEN_DAYS:
            raise SettingsError(f"a token lives 1 to {TOKEN_DAYS} days", hint="make a new one when it is over")
        key, now = TOKEN + secrets.token_urlsafe(32), datetime.now(UTC)
        made = ApiToken(secrets.token_hex(6), account, name, role, now, now + timedelta(days=days))
        with self._writing() as connection:
            owner = connection.execute(_living(account).with_for_update()).first()
            if owner is None:
                raise LedgerError("there is no such account", where=account, hint="it was removed meanwhile")
            if ROLES.index(role) > ROLES.index(owner.role):
                raise SettingsError(f"a token of {account} can't be {role}", hint=f"it may be up to {owner.role}")
            mine = select(tokens).where(tokens.c.account == account)
            if sum(_token(row).lives(now) for row in connection.execute(mine)) >= _MOST:
                raise LedgerError(f"{account} has {_MOST} tokens", where=account, hint="revoke one first")
            row = {"id": made.id, "key_sha256": _sha256(key), "account": account, "name": name, "role": role}
            connection.execute(insert(tokens), [{**row, "made": now, "expires": made.expires}])
            details = {"token": made.id, "role": role, "expires": made.expires.isoformat(timespec="seconds")}
            self.log("token.add", by=by, subject=account, details=details, connection=connection)
        return made, key

    def token(self, key: str, *, now: datetime | None = None) -> ApiToken | None:
        """The token with this secret, if it can be used; its role is no more than its account's. Notes the use."""
        if not key.startswith(TOKEN):
            return None
        now = now or datetime.now(UTC)
        owner = (accounts.c.role.label("owner_role"), accounts.c.removed)
        query = select(tokens, *owner).join(accounts, accounts.c.name == tokens.c.account)
        with self._reading() as connection:
            row = connection.execute(query.where(tokens.c.key_sha256 == _sha256(key))).first()
        if row is None or row.removed is not None or not _token(row).lives(now):
            return None
        if row.used is None or now >= row.used + _NOTED:
            with suppress(LedgerError), self._writing() as connection:
                connection.execute(update(tokens).where(tokens.c.id == row.id).values(used=now))
        role = min(row.role, row.owner_role, key=ROLES.index)
        return ApiToken(row.id, row.account, row.name, role, row.made, row.expires, row.used)

    def tokens(self, account: str | None = None) -> tuple[ApiToken, ...]:
        """The tokens of an account, or all; newest first, those that are over too."""
        query = select(tokens).order_by(tokens.c.made.desc(), tokens.c.id)
        if account is not None:
            query = query.where(tokens.c.account == login_name(account))
        with self._reading() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def revoke_token(self, token_id: str, *, by: str, account: str | None = None) -> None:
        """The token works no more; with `account`, only one of that account.

        Raises `LedgerError` where there is none such.
        """
        one = update(tokens).where(tokens.c.id == token_id, tokens.c.revoked.is_(None))
        if account is not None:
            one = one.where(tokens.c.account == login_name(account))
        with self._writing() as connection:
            changed = one.values(revoked=datetime.now(UTC)).returning(tokens.c.account)
            row = connection.execute(changed).first()
            if row is None:
                raise LedgerError("there is no such token", where=token_id[:40], hint="it may be revoked already")
            self.log("token.revoke", by=by, subject=row.account, details={"token": token_id}, connection=connection)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _living(name: str) -> Select[Any]:
    return select(accounts.c.name, accounts.c.role).where(accounts.c.name == name, accounts.c.removed.is_(None))


def _account_columns() -> tuple[Any, ...]:
    a = accounts.c
    return (a.name, a.role, a.made.label("account_made"), a.changed, a.removed)


def _account(row: Row[Any]) -> Account:
    return Account(row.name, row.role, row.account_made, row.changed, row.removed)


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(row.id, row.account, row.name, row.role, row.made, row.expires, row.used, row.revoked)
