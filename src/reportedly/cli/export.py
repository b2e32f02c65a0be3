"""`reportedly export`: a ledger in, the files that others read out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("export")(export)


def export(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL. It must have been linked.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="Which format; `--to list` lists them.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to write; NAME-FORMAT beside you if not given.")
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="acled|ged|ibc", help="A rule as these data sets have it.")
    ] = None,
    toll: Annotated[
        str | None,
        typer.Option(metavar="lowest|highest|median|latest|best", help="Which figure becomes the toll (best)."),
    ] = None,
    origins: Annotated[
        int | None,
        typer.Option("--require-origins", metavar="N", help="Only incidents that N independent origins tell."),
    ] = None,
    acknowledged: Annotated[
        bool, typer.Option("--only-acknowledged", help="Only incidents that the side they speak against tells too.")
    ] = False,
    profile: Annotated[
        str, typer.Option(metavar="internal|partner|public", help="For whom: what is withheld follows from it.")
    ] = "internal",
    embargo: Annotated[
        int | None,
        typer.Option("--embargo-days", metavar="N", help="Only what ended so many days ago (public: 30)."),
    ] = None,
    coarsen: Annotated[
        float | None, typer.Option("--coarsen-km", metavar="KM", help="Tell places no closer than this (public: 25).")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", metavar="DAY", formats=["%Y-%m-%d"], help="The day that the embargo counts to."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the export that is in the folder.")] = False,
) -> None:
    """Write incidents, claims and statements to the files that others read.

    How claims become one row is chosen here, never before; NOTES.md beside the files says how it was done, LOSS.md what
    the format can't say and what was left out.
    """
    from reportedly.cli.exporting import list_formats, run_export
    from reportedly.export.profiles import make_profile
    from reportedly.export.rules import make_rule

    if to == "list":
        list_formats()
        return
    day = as_of.date() if as_of else datetime.now().astimezone().date()
    run_export(
        ledger,
        to=to,
        out=out,
        rule=make_rule(preset, toll=toll, origins=origins, acknowledged=acknowledged),
        profile=make_profile(profile, as_of=day, embargo_days=embargo, coarsen_km=coarsen),
        replace=replace,
    )
