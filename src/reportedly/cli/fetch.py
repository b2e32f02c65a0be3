"""`reportedly fetch`: larger authorities, made from data that the user has downloaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportedly.resolve.geonames import Advance, Built


def register(app: typer.Typer) -> None:
    """Add the verb, with a verb of its own for each authority."""
    verbs = typer.Typer(help="Build larger lists of places from data that you have.", no_args_is_help=True)
    verbs.callback()(_top)
    verbs.command("gazetteer")(gazetteer)
    app.add_typer(verbs, name="fetch")


def _top() -> None:
    pass


def gazetteer(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="allCountries or countries' files, text or zip.")
    ],
    names: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="alternateNames, text or zip; may be given again.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the index goes, if not into your data folder.")
    ] = None,
    classes: Annotated[
        str, typer.Option(metavar="LETTERS", help="GeoNames' feature classes to take: A units, P towns, S spots …")
    ] = "AP",
) -> None:
    """Build a larger place index from a GeoNames dump (download.geonames.org/export/dump).

    The shipped places are taken over and those of the dump are added. Nothing is downloaded; broken lines are counted
    and left out. Use the index with `reportedly read … --places FILE`.
    """
    from reportedly.cli.screen import say
    from reportedly.errors import SettingsError
    from reportedly.resolve.authority import shipped_places
    from reportedly.resolve.geonames import CLASSES, build_larger
    from reportedly.resolve.states import load_states
    from reportedly.settings import user_folder

    wanted = set(classes.upper())
    if not wanted or not wanted <= set(CLASSES):
        raise SettingsError(f"{classes!r} are not feature classes", hint=f"letters out of {CLASSES}")
    states = load_states()
    try:
        with _bar() as advance:
            built = build_larger(
                files,
                out or user_folder() / "places.sqlite",
                shipped=shipped_places(),
                countries={row.iso2: row.iso3 for row in states.rows.values() if row.iso2},
                alternates=names or [],
                classes=wanted,
                advance=advance,
            )
    except KeyboardInterrupt:
        say("Stopped; no index was written.")
        raise typer.Exit(130) from None
    _print(built)


def _print(built: Built) -> None:
    from reportedly.cli.screen import console, many, plain

    console().print(
        plain(f"{built.path}: {many(built.places, 'place')}, {built.added:,} of them new, {many(built.names, 'name')}"),
        soft_wrap=True,
    )
    if built.faults:
        causes = ", ".join(f"{cause} {count:,}" for cause, count in sorted(built.faults.items()))
        console(stderr=True).print(plain(f"Lines left out: {causes}"), soft_wrap=True)


@contextmanager
def _bar() -> Iterator[Advance]:
    """A bar on stderr, by bytes read; nothing where stderr is no terminal. The last part has no measure."""
    if not sys.stderr.isatty():
        yield lambda read, of: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from reportedly.cli.screen import console

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("Reading places", total=None)

        def advance(read: int, of: int) -> None:
            description = "Reading places" if read < of else "Sorting names"
            shown.update(task, completed=read, total=of, description=description)

        yield advance
