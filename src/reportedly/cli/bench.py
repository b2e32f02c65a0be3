"""`reportedly bench`: how fast, how soon, how large."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportedly.cli.benchmark import Figures


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("bench")(bench)


def bench(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help="Reports to measure with, if not examples/reports.")
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", min=2, help="Reports of 700 words in each run.")] = 48,
    runs: Annotated[int, typer.Option(metavar="N", min=1, help="Runs; the median of them counts.")] = 5,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of other weights than the shipped ones.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Measure speed, start-up and size here.

    Reports of 700 words a CPU-second, time to the first result, peak memory, installed size, two jobs against one.
    Reports are made by joining the examples and cutting them at 700 words. Every run is a fresh process of
    `reportedly read` into a new ledger, everything included.
    """
    import json
    from dataclasses import asdict

    from reportedly.cli.benchmark import measure

    figures = measure(paths or [Path("examples/reports")], count=count, runs=runs, model=model)
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=2))
    else:
        print_figures(figures)


def print_figures(figures: Figures) -> None:
    """A table: what was measured, the median, the range over the runs."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from reportedly.cli.screen import console

    table = Table(box=SIMPLE_HEAD)
    for column in ("", "median", "range", "aim"):
        table.add_column(column, justify="left" if column in ("", "aim") else "right")
    for name, measured, unit, aim in (
        ("reports a CPU-second", figures.reports_a_cpu_second, "", "at least 6"),
        ("two jobs against one", figures.two_jobs, "×", "at least 1.7 ×"),
        ("start-up to first result", figures.start_up_s, "s", "under 1.5 s"),
        ("CPU time of that", figures.start_up_cpu_s, "s", ""),
        ("peak memory", figures.peak_memory_mb, "MB", "under 600 MB"),
        ("installed, all that is needed", figures.installed_mb, "MB", "under 400 MB"),
    ):
        values = [f"{value:.4g} {unit}".strip() for value in (measured.median, measured.least, measured.most)]
        table.add_row(name, values[0], "" if measured.least == measured.most else " – ".join(values[1:]), aim)
    out = console()
    out.print(table)
    out.print(
        f"{figures.runs} runs of {figures.count} reports of 700 words; reportedly {figures.version}, "
        f"Python {figures.python}, {figures.cores} cores",
        style="dim",
    )
