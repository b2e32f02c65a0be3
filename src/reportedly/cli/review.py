"""`reportedly review`: the ledger in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportedly.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("review")(review)


def review(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="The port.")] = 8470,
    tiles: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Map tiles to fetch, with {z}, {x} and {y}; without it the map is the shipped one."
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The address at which a team reaches the app, as in https://review.example.org."),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Holds the secret that a team's app needs, if not REPORTEDLY_SECRET."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of other weights than the shipped ones, to read with.")
    ] = None,
    places: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A place index from `reportedly fetch gazetteer`, to read with.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
) -> None:
    """Read, check, correct and publish a ledger in the browser.

    The app listens on this machine alone and calls nobody, unless --host or --tiles says otherwise, or somebody gives
    it the address of a page to read. For a team make accounts first: reportedly account add.
    """
    from reportedly.cli.exporting import short_name
    from reportedly.cli.screen import say
    from reportedly.review.serve import serve
    from reportedly.review.settings import ReviewSettings
    from reportedly.settings import Settings

    settings = ReviewSettings(
        ledger,
        short_name(ledger),
        host=host,
        port=port,
        secret=read_secret(secret_file),
        public_url=public_url.rstrip("/") if public_url else None,
        tiles=tiles,
        reader=reader_command(Settings(model=model, places=places)),
    )
    serve(settings, open_browser=open_browser, say=say)


def reader_command(settings: Settings) -> tuple[str, ...]:
    """What the app starts to read an order, from any folder, with these weights and places."""
    import sys

    given = (("--model", settings.model), ("--places", settings.places))
    options = [word for name, path in given if path for word in (name, str(path.absolute()))]
    return (sys.executable, "-m", "reportedly.cli.ordered", *options)


def read_secret(file: Path | None) -> str | None:
    """What signs the cookies: from the file, or REPORTEDLY_SECRET. Raises `SettingsError` for an unreadable file."""
    import os

    from reportedly.errors import SettingsError

    if file is None:
        return os.environ.get("REPORTEDLY_SECRET", "").strip() or None
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        hint = "one line of 32 characters or more that nobody can guess"
        raise SettingsError("the secret can't be read", where=str(file), hint=hint) from error
