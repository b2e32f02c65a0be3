"""`reportedly compare`: a ledger beside a file of events that people coded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("compare")(compare)


def compare(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL. It must have been linked.")],
    events: Annotated[
        Path,
        typer.Argument(metavar="EVENTS", help="Events with ACLED's or UCDP GED's columns: CSV, tab-separated, JSONL."),
    ],
    days: Annotated[int, typer.Option("--days", metavar="N", help="Days that the two of a pair may lie apart.")] = 2,
    km: Annotated[
        float, typer.Option("--km", metavar="KM", help="Kilometres, beyond what both places may be off.")
    ] = 50.0,
    score: Annotated[float, typer.Option("--score", metavar="S", help="The least score of a pair, 0 to 1.")] = 0.70,
    countries: Annotated[
        list[str] | None,
        typer.Option("--country", metavar="ISO3", help="Only events there, as SYR; may be given again."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DAY", formats=["%Y-%m-%d"], help="Only events that end on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", metavar="DAY", formats=["%Y-%m-%d"], help="Only events that begin on this day or before."),
    ] = None,
    toll: Annotated[
        str | None,
        typer.Option(metavar="lowest|highest|median|latest|best", help="Which figure becomes our toll."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write every pair and every event left alone as CSV.")
    ] = None,
) -> None:
    """Match incidents with events that people coded, by day, distance and kind; say what each side has alone.

    Neither side is taken for the truth. Only their events of the ledger's countries and days count; --country, --from
    and --to narrow both sides further.
    """
    from reportedly.cli.comparing import Bounds, run_compare
    from reportedly.export.compare import Limits

    bounds = Bounds(
        frozenset(c.upper() for c in countries or ()),
        since.date() if since else None,
        until.date() if until else None,
    )
    run_compare(ledger, events, limits=Limits(days, km, score), bounds=bounds, toll=toll, out=out)
