"""`reportedly show`: what a ledger holds, and one report in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.store import Ledger
    from reportedly.types import Entry

SHORT = 12
"""Characters of an id that are enough where they are unique."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("show")(show)


def show(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    report: Annotated[
        str | None, typer.Argument(metavar="REPORT", help="A report's id, or enough of its beginning.")
    ] = None,
) -> None:
    """Show what a ledger holds, or one report.

    Without REPORT a table of all reports; with it, its text with speakers and events marked, then who says what.
    """
    from reportedly.cli.page import print_entry
    from reportedly.cli.screen import console
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        if report is None:
            print_entries(store, ledger, console())
        else:
            print_entry(find_entry(store, report, ledger), console())


def find_entry(store: Ledger, wanted: str, ledger: str) -> Entry:
    """The report whose id is `wanted`, or the only one whose id begins with it. Raises `LedgerError` otherwise."""
    from difflib import get_close_matches

    from reportedly.cli.screen import many, public_name
    from reportedly.errors import LedgerError

    entry = store.entry(wanted)
    if entry is not None:
        return entry
    ids = [entry.report.id for entry in store.entries()]
    found = [name for name in ids if name.startswith(wanted)]
    if len(found) == 1 and (entry := store.entry(found[0])) is not None:
        return entry
    where = public_name(ledger)
    if found:
        some = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
        what = f"{many(len(found), 'report')} begin with {wanted!r}: {some}"
        raise LedgerError(what, where=where, hint="give more of the id")
    near = get_close_matches(wanted, ids, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"reportedly show {where} lists the reports"
    raise LedgerError(f"no report has the id {wanted!r}", where=where, hint=hint)


def print_entries(store: Ledger, ledger: str, out: Console) -> None:
    """A table of all reports, in the ledger's order."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from reportedly.cli.screen import many, plain, public_name

    entries = list(store.entries())
    name = public_name(ledger)
    if not entries:
        out.print(plain(f"{name} holds no reports yet; reportedly read PATH --ledger {name} brings some in."))
        return
    length = shortest([entry.report.id for entry in entries])
    table = Table(box=SIMPLE_HEAD, title=plain(name, style="bold"), title_justify="left", expand=True, pad_edge=False)
    table.add_column("report", width=min(length, max(len(entry.report.id) for entry in entries)), overflow="fold")
    table.add_column("published", width=10)
    table.add_column("outlet", max_width=16, no_wrap=True)
    table.add_column("title", ratio=1, no_wrap=True)
    table.add_column("said", width=4, justify="right")
    table.add_column("events", width=6, justify="right")
    for entry in entries:
        report, reading = entry.report, entry.reading
        table.add_row(
            plain(report.id[:length], style="cyan"),
            plain(report.published),
            plain(report.outlet),
            plain(report.title or " ".join(report.text.split()[:12])),
            plain(len(reading.statements) if reading else None),
            plain(len(reading.events) if reading else None),
        )
    out.print(table, width=min(out.width, 120))
    example = f"reportedly show {name} {entries[0].report.id[:length]}"
    out.print(plain(f"{many(len(entries), 'report')}; one of them: {example}", style="dim"))


def shortest(ids: list[str]) -> int:
    """How many characters tell all of `ids` apart; at least `SHORT`."""
    return next(n for n in range(SHORT, max(map(len, ids)) + SHORT + 1) if len({i[:n] for i in ids}) == len(set(ids)))
