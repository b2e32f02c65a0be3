"""`reportedly copy`: a whole ledger to another file or database."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("copy")(copy)


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The ledger: a file or a database's URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A new file, or the URL of an empty database.")],
) -> None:
    """Copy a ledger whole: every report, reading, judgement, account and log entry, with its id.

    From SQLite to PostgreSQL or back, or to a second file as a backup; the ledger may be in use meanwhile. What arrived
    is compared with what left before it is kept; a copy that is cut short leaves nothing. Prints for each table how
    many rows it has and a hash of them that doesn't depend on their order.
    """
    from reportedly.cli.screen import public_name
    from reportedly.errors import LedgerError
    from reportedly.store import Ledger
    from reportedly.store.copying import copy_ledger

    with Ledger.open(source, create=False) as there, Ledger.open(target) as here:
        if here.name == there.name:
            raise LedgerError("can't be copied onto itself", where=there.name, hint="name another file or database")
        counted = copy_ledger(there, here)
    for one in counted:
        typer.echo(f"{one.table:20} {one.rows:>12,}  {one.sha256}")
    typer.echo(
        f"{public_name(target)}: {sum(one.rows for one in counted):,} rows in {len(counted)} tables, "
        f"the same as in {public_name(source)}"
    )
