"""`reportedly find`: words and conditions in, statements and claims out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("find")(find)


def find(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help='Words, "a phrase", begin* and -without; all of them must be there.')
    ] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DAY", formats=["%Y-%m-%d"], help="What touches this day or a later one."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", metavar="DAY", formats=["%Y-%m-%d"], help="What touches this day or an earlier one."),
    ] = None,
    near: Annotated[
        str | None, typer.Option(metavar="PLACE", help='A place by name ("Tripoli, Lebanon"), or LAT,LON.')
    ] = None,
    within: Annotated[float, typer.Option(metavar="KM", min=0.1, max=20040, help="How far from --near.")] = 25.0,
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="A kind of event; may be given again.")
    ] = None,
    actors: Annotated[
        list[str] | None,
        typer.Option("--actor", metavar="NAME", help="Who does it or suffers it, with all that is part of it."),
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(metavar="WORDS", help="Words in the name of who says it, or of its side.")
    ] = None,
    stances: Annotated[
        list[str] | None, typer.Option("--stance", metavar="STANCE", help="How it is said; may be given again.")
    ] = None,
    verdicts: Annotated[
        list[str] | None,
        typer.Option(
            "--verdict",
            metavar="VERDICT",
            help="A verdict on a fact of the incident: single, corroborated, acknowledged, revised, disputed.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Reports shown at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Find statements and reports by their words, by what they tell, and by who says it.

    All conditions must be met. A statement is found by its own words and claims, a report by its text and any of its
    claims. Without WORDS the newest reports come first.
    """
    from reportedly.cli.finding import Asked, run_find

    asked = Asked(
        words=words,
        first=since.date() if since else None,
        last=until.date() if until else None,
        near=near,
        within=within,
        kinds=tuple(kinds or ()),
        actors=tuple(actors or ()),
        speaker=speaker,
        stances=tuple(stances or ()),
        verdicts=tuple(verdicts or ()),
    )
    run_find(ledger, asked, limit=limit, as_json=as_json)
