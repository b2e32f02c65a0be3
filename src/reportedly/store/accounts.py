"""The ledger's part for accounts: names, roles and passwords. A change ends the sessions of whom it is about.

A removed account stays as a name, so that what the log and the judgements say of it is never taken for another
person's.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, Update, delete, select, update

from reportedly.errors import LedgerError, SettingsError
from reportedly.store.audit import AuditTable
from reportedly.store.passwords import is_outdated, is_right, make_hash, require_good
from reportedly.store.tables_people import accounts, sessions, tokens

ROLES = ("reader", "reviewer", "editor", "admin")
"""Each may do what those before it may."""

RESERVED = ("local", "machine", "nobody", "person", "reportedly", "system")
"""Names that the log uses for others than people with an account."""

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in; `removed` says since when no longer."""

    name: str
    role: str
    made: datetime
    changed: datetime
    removed: datetime | None = None


class AccountTables(AuditTable):
    """Accounts of a ledger. `by` is who does it: an account's name, or `local` on the command line."""

    def has_accounts(self) -> bool:
        """Whether anybody must log in. Once true it stays true: the last admin can't be removed."""
        with self._reading() as connection:
            return connection.scalar(select(accounts.c.name).limit(1)) is not None

    def accounts(self) -> tuple[Account, ...]:
        """Every account, removed ones too, by name."""
        with self._reading() as connection:
            found = connection.execute(select(accounts).order_by(accounts.c.name))
            return tuple(Account(r.name, r.role, r.made, r.changed, r.removed) for r in found)

    def add_account(self, name: str, password: str, *, role: str, by: str) -> Account:
        """A new account. The first one must be an admin.

        Raises `SettingsError` for a name, role or password that isn't taken, `LedgerError` where the name is used.
        """
        name = clean_name(name)
        require_role(role)
        require_good(password, name=name)
        kept, now = make_hash(password), datetime.now(UTC)
        with self._writing() as connection:
            there = connection.scalar(select(accounts.c.name).limit(1)) is not None
            if not there and role != "admin":
                raise LedgerError("the first account must be an admin's", where=name, hint="somebody must add others")
            row = {"name": name, "role": role, "password": kept, "made": now, "changed": now}
            made = connection.execute(self._new_only(accounts).values(row).returning(accounts.c.name)).first()
            if made is None:
                hint = "take another: names of removed accounts aren't given again, so that the log stays clear"
                raise LedgerError("the name is used", where=name, hint=hint)
            self.log("account.add", by=by, subject=name, details={"role": role}, connection=connection)
        return Account(name, role, now, now)

    def set_role(self, name: str, role: str, *, by: str) -> None:
        """Gives an account another role and ends its sessions; its tokens can do no more than the new role.

        Raises `LedgerError` where there is no such account, or no admin would be left.
        """
        require_role(role)
        with self._writing() as connection:
            before = _require(connection, name)
            if before == role:
                return
            connection.execute(_change(name).values(role=role, changed=datetime.now(UTC)))
            _require_admin(connection)
            end_sessions(connection, name)
            self.log("account.role", by=by, subject=name, details={"from": before, "to": role}, connection=connection)

    def set_password(self, name: str, password: str, *, by: str, revoke: bool = True) -> None:
        """Gives an account another password and ends its sessions; with `revoke` its tokens too.

        Raises `SettingsError` for a password that isn't taken, `LedgerError` where there is no such account.
        """
        require_good(password, name=name)
        kept, now = make_hash(password), datetime.now(UTC)
        with self._writing() as connection:
            _require(connection, name)
            connection.execute(_change(name).values(password=kept, changed=now))
            end_sessions(connection, name)
            if revoke:
                revoke_tokens(connection, name, now)
            self.log("account.password", by=by, subject=name, details={"tokens revoked": revoke}, connection=connection)

    def remove_account(self, name: str, *, by: str) -> None:
        """Nobody can log in under this name from now on; its sessions end and its tokens are revoked.

        Raises `LedgerError` where there is no such account, or no admin would be left.
        """
        now = datetime.now(UTC)
        with self._writing() as connection:
            _require(connection, name)
            # The hash goes: of somebody who left nothing is kept that could be tried elsewhere.
            connection.execute(_change(name).values(removed=now, changed=now, password=""))
            _require_admin(connection)
            end_sessions(connection, name)
            revoke_tokens(connection, name, now)
            self.log("account.remove", by=by, subject=name, connection=connection)

    def check_password(self, name: str, password: str) -> Account | None:
        """The account, if the password is right; takes as long for a name that there is not.

        A hash with older parameters is made anew.
        """
        with self._reading() as connection:
            row = connection.execute(_living(name)).first()
        if not is_right(password, row.password if row else None) or row is None:
            return None
        if is_outdated(row.password):
            with self._writing() as connection:
                same = _change(name).where(accounts.c.password == row.password)
                connection.execute(same.values(password=make_hash(password)))
        return Account(row.name, row.role, row.made, row.changed)

    def has_account(self, name: str) -> bool:
        """Whether somebody can log in under this name."""
        with self._reading() as connection:
            return connection.execute(_living(name)).first() is not None


def clean_name(name: str) -> str:
    """The name as it is kept: in lower case and composed (NFKC), so that no two look the same for that.

    Raises `SettingsError` for one that is empty, long, reserved, or has spaces or signs that can't be seen in it.
    """
    clean = login_name(name)
    fit = 0 < len(clean) <= _LONGEST_NAME and clean.isprintable() and not any(c in " <>\"'&/" for c in clean)
    if not fit:
        hint = f"up to {_LONGEST_NAME} letters, digits and signs, without spaces, quotes or <>&/"
        raise SettingsError("is no name for an account", where=repr(name[:80]), hint=hint)
    if clean in RESERVED:
        raise SettingsError("the name is reserved", where=clean, hint="take another")
    return clean


def login_name(name: str) -> str:
    """What somebody typed as the name to log in with, in the form that is kept."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def require_role(role: str) -> None:
    """Raises `SettingsError` for a role that there is not."""
    if role not in ROLES:
        raise SettingsError(f"{role[:40]!r} is no role", hint=f"a role is one of {', '.join(ROLES)}")


def _living(name: str) -> Select[Any]:
    return select(accounts).where(accounts.c.name == login_name(name), accounts.c.removed.is_(None))


def _change(name: str) -> Update:
    return update(accounts).where(accounts.c.name == login_name(name))


def _require(connection: Connection, name: str) -> str:
    """The role of the account, which nobody else changes until the transaction ends."""
    row = connection.execute(_living(name).with_for_update()).first()
    if row is None:
        raise LedgerError("there is no such account", where=name, hint="`reportedly account list` shows them all")
    return str(row.role)


def _require_admin(connection: Connection) -> None:
    """Raises `LedgerError` where the change leaves no admin, which takes the change back."""
    admins = select(accounts.c.name).where(accounts.c.role == "admin", accounts.c.removed.is_(None))
    if connection.execute(admins.with_for_update()).first() is None:
        raise LedgerError("no admin would be left", hint="make somebody else an admin first")


def end_sessions(connection: Connection, name: str) -> None:
    """Whoever is logged in as `name` has to log in again."""
    connection.execute(delete(sessions).where(sessions.c.account == login_name(name)))


def revoke_tokens(connection: Connection, name: str, now: datetime) -> None:
    """No token of `name` works any more."""
    mine = update(tokens).where(tokens.c.account == login_name(name), tokens.c.revoked.is_(None))
    connection.execute(mine.values(revoked=now))
