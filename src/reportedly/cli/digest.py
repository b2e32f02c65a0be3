"""`reportedly digest`: what changed since a day, on one page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("digest")(digest)


def digest(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL. It must have been linked.")],
    since: Annotated[
        datetime, typer.Option(metavar="DAY", formats=["%Y-%m-%d"], help="The first day of publication that is new.")
    ],
    until: Annotated[
        datetime | None,
        typer.Option(metavar="DAY", formats=["%Y-%m-%d"], help="The last day; today if not given."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where to write; here if not given.")] = None,
    profile: Annotated[
        str, typer.Option(metavar="internal|partner|public", help="For whom: what is withheld follows from it.")
    ] = "internal",
) -> None:
    """Write what changed since a day to one page, as HTML and as Markdown.

    New incidents, disputes that opened and closed, and tolls that were revised, with a map and a timeline in the file,
    and beside every line who says it.
    """
    from reportedly.cli.digesting import run_digest
    from reportedly.errors import SettingsError

    last = (until or datetime.now().astimezone()).date()
    if since.date() > last:
        raise SettingsError(f"--since {since.date()} is after {last}", where="--until", hint="swap them")
    run_digest(ledger, since=since.date(), until=last, out=out or Path(), profile=profile)
