"""`reportedly load`: a folder of readings into a ledger."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("load")(load)


def load(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="What `reportedly read --out` made; a path or address.")],
    ledger: Annotated[
        str, typer.Option(metavar="URL|FILE", help="Where to keep it: a file, or a database's URL.")
    ] = "reportedly.db",
) -> None:
    """Put a folder of readings into a ledger.

    What the ledger has already is left out, so a load that was cut short is finished by giving the same command again.

    The exit status is 0 when every part was loaded, 1 when one is damaged, 2 when the command was given wrongly.
    """
    from reportedly.cli.archiving import run_load

    raise typer.Exit(run_load(folder, ledger=ledger))
