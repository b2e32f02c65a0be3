"""`reportedly verify`: whether anything in a ledger was altered, left out or slipped in."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("verify")(verify)


def verify(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL. It may be read-only.")],
    noted: Annotated[
        str | None,
        typer.Option("--head", metavar="SHA256", help="A hash that you noted earlier: the log must still have it."),
    ] = None,
) -> None:
    """Check a ledger from end to end, offline: the log's chain of hashes, and all that the log vouches for.

    Texts, readings, claims, judgements, edits, references, incidents, the index of words and the file itself are
    checked. What is wrong is named, the first broken link first. At the end stands the hash of the newest entry of the
    log: note it elsewhere, and --head tells later whether somebody wrote the log anew.

    The exit status is 0 when the ledger is sound, 1 when it isn't.
    """
    from reportedly.cli.verifying import run_verify

    raise typer.Exit(run_verify(ledger, noted=noted))
