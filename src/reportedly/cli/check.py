"""`reportedly check corpus`: whether files of coded reports keep to the annotation guide's form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportedly.errors import CorpusError


def register(app: typer.Typer) -> None:
    """Add the verb and what can be checked."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.command("corpus")(corpus)
    group.callback()(_checks)
    app.add_typer(group, name="check")


def _checks() -> None:
    """Check files that people made."""


def corpus(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="JSON Lines; a file called *.json holds one report or a list.")
    ],
) -> None:
    """Check coded reports: quotes that aren't in the text, labels that the ontology lacks, ids that lead nowhere.

    Both forms of the guide are read: quotes as strings ("said@@3") and as [start, end]. One line a fault on stdout;
    the exit status is 1 if there is any.
    """
    from reportedly.cli.screen import many, say, visible
    from reportedly.coded import check
    from reportedly.evaluate.corpus import read_objects
    from reportedly.ontology import load_ontology

    ontology = load_ontology()
    first: dict[str, str] = {}
    faults = 0
    reports = 0
    for path in files:
        if not path.is_file():
            raise CorpusError("is not a file that is there", where=str(path), hint="check the path")
        for where, obj in read_objects(path):
            found = [obj.what] if isinstance(obj, CorpusError) else check(obj, ontology=ontology)
            key = str(obj["id"]) if isinstance(obj, dict) and "id" in obj else None
            if key is not None and first.setdefault(key, where) != where:
                found.append(f"{key}: id: is also that of {first[key]}")
            reports += 1
            faults += len(found)
            for fault in found:
                typer.echo(visible(f"{where}: {fault}").replace("\n", " "))
    if not reports:
        say("reportedly: no coded report in these files")
    say(f"{many(reports, 'report')}, {many(faults, 'fault')}")
    raise typer.Exit(1 if faults or not reports else 0)
