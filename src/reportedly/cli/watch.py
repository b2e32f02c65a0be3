"""`reportedly watch`: feeds in, what changed out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("watch")(watch)


def watch(
    feeds: Annotated[Path, typer.Argument(metavar="FEEDS.opml", help="The feeds, as feed readers export them.")],
    ledger: Annotated[
        str, typer.Option(metavar="URL|FILE", help="Where to keep what is read: a file, or a database's URL.")
    ] = "reportedly.db",
    once: Annotated[bool, typer.Option("--once", help="Ask every feed once, and end.")] = False,
    every: Annotated[float, typer.Option(metavar="MINUTES", min=5, help="How long to wait between two rounds.")] = 30,
    contact: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            envvar="REPORTEDLY_CONTACT",
            help="An e-mail address or a page, told to every site, so that its owner can reach you.",
        ),
    ] = None,
    pace: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="The least time between two requests to one site.")
    ] = 3.0,
    private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from addresses of private networks too.")
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to remember the feeds; beside the ledger if not given."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of other weights than the shipped ones.")
    ] = None,
) -> None:
    """Follow feeds: read what is new, link it, and print what changed.

    Beside `reportedly review`, which fetches a page when it is given one, this is the only verb that uses the network.
    robots.txt is kept, a feed that has not changed is not sent again, no site is hurried, and one that fails is left
    alone for a while. Ctrl-C ends it; the next time it goes on from there.

    The exit status of --once is 0 when all was had and read, 1 when something failed.
    """
    from reportedly.cli.watching import Plan, run_watch
    from reportedly.settings import Settings
    from reportedly.sources.fetch import Fetcher, user_agent

    fetcher = Fetcher(user_agent(contact), allow_private=private, pace_s=pace)
    plan = Plan(feeds, ledger, state or default_state(feeds, ledger), every * 60, once)
    raise typer.Exit(run_watch(plan, fetcher, Settings(model=model)))


def default_state(feeds: Path, ledger: str) -> Path:
    """Beside the ledger where that is a file, else beside the list of feeds."""
    path = ledger.removeprefix("sqlite:///")
    return Path(f"{path}.feeds.json") if "://" not in path else feeds.with_name(feeds.name + ".state.json")
