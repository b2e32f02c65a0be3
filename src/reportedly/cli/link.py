"""`reportedly link`: claims to incidents, reports to origins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("link")(link)


def link(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Other weights and thresholds than the shipped ones.")
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Compare everything again, not only what is new.")] = False,
) -> None:
    """Find which claims tell of the same happening, and which reports are one text.

    Only claims that came since the last time are compared. What people joined or parted with `reportedly judge` is
    kept. Linking again, in another order or from the beginning, gives the same incidents.
    """
    from reportedly.cli.screen import many, public_name
    from reportedly.desk.linking import link_ledger
    from reportedly.link.linker import Linker
    from reportedly.ontology import load_ontology
    from reportedly.store import Ledger

    linker = Linker.load(load_ontology(), weights)
    with Ledger.open(ledger, create=False) as store:
        made = link_ledger(store, linker, anew=anew)
    came = "all compared" if made.anew else f"{many(made.fresh, 'claim')} new or touched"
    typer.echo(
        f"{public_name(ledger)}: {many(made.incidents, 'incident')} in {many(made.claims, 'claim')} ({came}); "
        f"{many(made.origins, 'origin')} in {many(made.reports, 'report')}"
    )
