"""`reportedly read`: reports in, a ledger out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What goes to stdout: a table at the end, one coded report a line, or nothing."""

    table = "table"
    jsonl = "jsonl"
    none = "none"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("read")(read)


def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders, or - for standard input.")],
    ledger: Annotated[
        str, typer.Option(metavar="URL|FILE", help="Where to keep what is read: a file, or a database's URL.")
    ] = "reportedly.db",
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            metavar="table|jsonl|none",
            help="On stdout: a table at the end, one coded report a line, or nothing.",
        ),
    ] = Format.table,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Processes, each with the model in memory: 1, or all that a cluster has room for."
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Write a folder of readings, for `reportedly load`, instead of a ledger."),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="local|ray", help="With --out: who reads, this machine or a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="With --engine ray: the cluster; without, one is started.")
    ] = None,
    copies: Annotated[
        str,
        typer.Option(metavar="each|once", help="Read near copies each, or one of them and carry over what it says."),
    ] = "each",
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first report that can't be read.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Read also what was removed from the ledger with `reportedly purge`.")
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column or key holds a field, as in text=body."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of other weights than the shipped ones.")
    ] = None,
    places: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A place index from `reportedly fetch gazetteer`.")
    ] = None,
) -> None:
    """Read reports and keep every statement and event in them.

    Files of plain text, Markdown, JSON Lines, CSV, Parquet, HTML, RSS or Atom, and web archives (WARC, WACZ),
    compressed or not; folders are searched. A report that the ledger knows already is skipped, so a run that was cut
    short is finished by giving the same command again.

    The exit status is 0 when all was read, 1 when something failed, 2 when the command was given wrongly.
    """
    from reportedly.cli.archiving import run_archive
    from reportedly.cli.reading import run_reading
    from reportedly.settings import Settings

    settings = Settings(model=model, places=places, copies=copies)
    mapping = mapping_from(columns or [])
    if out is not None:
        if strict or again or form != Format.table:
            raise typer.BadParameter("it goes with none of --strict, --again and --format", param_hint="--out")
        raise typer.Exit(
            run_archive(paths, out=out, engine=engine, jobs=jobs, address=address, mapping=mapping, settings=settings)
        )
    if engine != "local" or address is not None:
        raise typer.BadParameter("it needs --out, where the readings go", param_hint="--engine")
    status = run_reading(
        paths,
        ledger=ledger,
        form=form.value,
        jobs=jobs or 1,
        strict=strict,
        mapping=mapping,
        settings=settings,
        again=again,
    )
    raise typer.Exit(status)


def mapping_from(pairs: list[str]) -> dict[str, str] | None:
    """`["text=body"]` as a mapping of field to column, `None` where there is none. A fault is a usage error."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or not name.strip() or not column.strip():
            raise typer.BadParameter(f"{pair!r} is not FIELD=COLUMN, as in text=body", param_hint="--map")
        mapping[name.strip()] = column.strip()
    return mapping or None
