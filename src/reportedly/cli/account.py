"""`reportedly account`: who may log in to the review app."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

LedgerName = Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")]
AccountName = Annotated[str, typer.Argument(help="The account's name.")]


class Role(StrEnum):
    """Each may do what those before it may."""

    reader = "reader"
    reviewer = "reviewer"
    editor = "editor"
    admin = "admin"


AccountRole = Annotated[
    Role, typer.Option(metavar="reader|reviewer|editor|admin", help="What the person may do; each also what is before.")
]


def register(app: typer.Typer) -> None:
    """Add the verb, with a verb of its own for each change."""
    verbs = typer.Typer(
        help="Say who may log in to `reportedly review`, and as what. Passwords are asked for, or read from a pipe.",
        no_args_is_help=True,
    )
    verbs.callback()(_top)
    for verb in (add, role, password, remove, list_):
        verbs.command(verb.__name__.rstrip("_"))(verb)
    app.add_typer(verbs, name="account")


def _top() -> None:
    pass


def add(ledger: LedgerName, name: AccountName, role: AccountRole = Role.reviewer) -> None:
    """Make an account. The first one must be an admin's; from then on everybody has to log in."""
    from reportedly.store import Ledger
    from reportedly.store.accounts import clean_name

    with Ledger.open(ledger, create=False) as store:
        made = store.add_account(clean_name(name), ask_password(), role=role.value, by=store.by)
    typer.echo(f"{made.name} may log in as {made.role}")


def role(ledger: LedgerName, name: AccountName, role: AccountRole) -> None:
    """Give an account another role; whoever is logged in under it has to log in again."""
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        store.set_role(name, role.value, by=store.by)
    typer.echo(f"{name} is {role.value}")


def password(ledger: LedgerName, name: AccountName) -> None:
    """Give an account another password; its sessions end, and its tokens are revoked."""
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        store.set_password(name, ask_password(), by=store.by)
    typer.echo(f"{name} has a new password")


def remove(ledger: LedgerName, name: AccountName) -> None:
    """Let nobody log in under this name any more. What was decided under it stays, and the name isn't given again."""
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        store.remove_account(name, by=store.by)
    typer.echo(f"{name} is removed")


def list_(ledger: LedgerName) -> None:
    """Show every account with its role, and since when."""
    from rich.box import SIMPLE
    from rich.table import Table

    from reportedly.cli.screen import console, plain
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        found = store.accounts()
    if not found:
        typer.echo("Nobody has an account: whoever sits at this machine may do everything.")
        return
    table = Table("name", "role", "since", "removed", box=SIMPLE)
    for one in found:
        removed = f"{one.removed:%Y-%m-%d}" if one.removed else ""
        table.add_row(plain(one.name), plain(one.role), plain(f"{one.made:%Y-%m-%d}"), plain(removed))
    console().print(table)


def ask_password() -> str:
    """Asked for twice at a terminal, else the first line of standard input; never an argument, which others see.

    Raises `SettingsError` where the two differ, or there is no line.
    """
    from getpass import getpass

    from reportedly.errors import SettingsError

    if not sys.stdin.isatty():
        line = sys.stdin.readline(4096).rstrip("\r\n")
        if not line:
            raise SettingsError("no password came on standard input", hint="one line, or run it at a terminal")
        return line
    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise SettingsError("the two passwords differ", hint="try again")
    return first
