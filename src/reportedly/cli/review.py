"""`reportedly review`: the ledger in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


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
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
) -> None:
    """Read, check, correct and publish a ledger in the browser.

    The app listens on this machine alone and calls nobody, unless --host or --tiles says otherwise.
    """
    from reportedly.cli.exporting import short_name
    from reportedly.cli.screen import say
    from reportedly.review.serve import serve
    from reportedly.review.settings import ReviewSettings

    settings = ReviewSettings(ledger, short_name(ledger), host=host, port=port, tiles=tiles)
    serve(settings, open_browser=open_browser, say=say)
