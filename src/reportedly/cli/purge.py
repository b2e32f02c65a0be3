"""`reportedly purge`: reports are removed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportedly.store import Ledger


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("purge")(purge)


def purge(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    reports: Annotated[list[str], typer.Argument(metavar="REPORT…", help="The ids of the reports.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept, so name nobody.")],
    by: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who decides; the system's user if not given.", envvar="REPORTEDLY_BY"),
    ] = None,
) -> None:
    """Remove reports for good: their texts, all that was read in them, and every word of theirs in the ledger's files.

    What is left of each is a tombstone: its id, the hashes of its text and readings, who removed it, when and why.
    Exports count it, and `reportedly read` passes the same report over. Incidents are linked anew without it. Copies
    that were made earlier (backups, exports, a database server's own logs) are not reached;
    docs/how-to/verify-and-purge.md lists them.
    """
    from reportedly.cli.screen import console, many, plain, public_name, say
    from reportedly.store import Ledger

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    name = public_name(ledger)
    with Ledger.open(ledger, create=False, by=by) as store:
        stones = store.purge(_ids(store, reports), reason=reason.strip())
        if stones:
            relink(store)
        store.scrub()
        away = sum(1 for _ in store.log_entries(actions=["export", "release", "copy"]))
    for stone in stones:
        console().print(plain(f"{stone.report}: removed; sha256 of its text {stone.text_sha256}"), soft_wrap=True)
    say(f"{name}: {many(len(stones), 'report')} removed for good; no trace is left in the ledger's files.")
    if away:
        say(f"Exports, releases and copies that were made before are not reached; the log tells of {away}.")


def _ids(store: Ledger, reports: list[str]) -> list[str]:
    """`reports` without those that are removed already: their words may still have to be written over."""
    gone = {stone.report for stone in store.removed(dict.fromkeys(reports, "")).values()}
    return [report for report in reports if report not in gone or store.entry(report) is not None]


def relink(store: Ledger) -> None:
    """Incidents without what was removed, where the ledger was linked before."""
    from reportedly.desk.linking import link_ledger
    from reportedly.link.linker import Linker
    from reportedly.ontology import load_ontology

    if store.linking() is not None:
        link_ledger(store, Linker.load(load_ontology()))
