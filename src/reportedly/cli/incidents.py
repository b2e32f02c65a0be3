"""`reportedly incidents`: what is told of each incident, by whom, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.link.agreement import Agreement
    from reportedly.link.voices import Heard
    from reportedly.store import Ledger
    from reportedly.types import Holder, Incident


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("incidents")(incidents)


def incidents(
    ledger: Annotated[str, typer.Argument(help="The ledger: a file or a database's URL.")],
    incident: Annotated[
        str | None, typer.Argument(metavar="INCIDENT", help="An incident's id, or enough of its beginning.")
    ] = None,
    least: Annotated[int, typer.Option("--origins", metavar="N", min=1, help="Only those with N origins or more.")] = 1,
) -> None:
    """List the incidents of a ledger, or show one: who says what, and why its claims are held to be about one thing.

    Without INCIDENT a table: day, kind, place, reports, origins, and the verdict on whether it happened.
    """
    from reportedly.cli.screen import console, public_name
    from reportedly.errors import LedgerError
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        name = public_name(ledger)
        if store.linking() is None:
            raise LedgerError("was never linked", where=name, hint=f"reportedly link {name} makes its incidents")
        if incident is None:
            print_incidents(store, console(), least=least)
        else:
            print_incident(store, find_incident(store, incident, name), console())


def find_incident(store: Ledger, wanted: str, name: str) -> Incident:
    """The incident whose id is, or alone begins with, `wanted`. Raises `LedgerError` otherwise."""
    from reportedly.errors import LedgerError

    found = store.incident(wanted)
    if found is not None:
        return found
    alike = [i for i in store.incidents() if i.id.startswith((wanted, f"incident-{wanted}"))]
    if len(alike) == 1:
        return alike[0]
    what = f"{len(alike)} incidents begin with {wanted!r}" if alike else f"no incident has the id {wanted!r}"
    raise LedgerError(what, where=name, hint=f"reportedly incidents {name} lists them")


def print_incidents(store: Ledger, out: Console, *, least: int) -> None:
    """A table of all incidents with `least` origins or more, the latest happening first."""
    from datetime import date

    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from reportedly.cli.screen import plain
    from reportedly.desk.linking import heard_by_incident
    from reportedly.link.agreement import agree
    from reportedly.link.names import load_names
    from reportedly.link.voices import independent

    names = load_names()
    rows = []
    for incident, heard in heard_by_incident(store, store.incidents()):
        count = independent(heard)
        if count < least:
            continue
        first = _main(heard)
        facts = {a.fact: a for a in agree(heard, names)}
        happened = facts.get("happened")
        day = min((h.claim.first for h in heard if h.claim.first), default=None)
        place = next((h.claim.place for h in heard if h.claim.place), None)
        reports = len({h.claim.report for h in heard})
        verdict = happened.verdict if happened else heard[0].claim.status
        rows.append((day or date.min, incident.id, first.claim.kind, place, reports, count, verdict))
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("day", width=10)
    table.add_column("kind", width=12, no_wrap=True)
    table.add_column("place", width=10, no_wrap=True)
    for column in ("reports", "origins"):
        table.add_column(column, justify="right", width=7)
    table.add_column("happened?", width=12, no_wrap=True)
    table.add_column("incident", width=8)
    for day, name, kind, place, reports, count, verdict in sorted(rows, key=lambda r: (-r[0].toordinal(), r[1])):
        shown = None if day == date.min else day.isoformat()
        cells = (shown, kind.replace("_", " "), place, reports, count, verdict, name.removeprefix("incident-")[:8])
        table.add_row(*(plain(c) for c in cells))
    out.print(table)


def print_incident(store: Ledger, incident: Incident, out: Console) -> None:
    """The versions of each fact with their holders, then what holds the claims together."""
    from reportedly.cli.screen import plain
    from reportedly.desk.linking import heard_by_incident
    from reportedly.link.agreement import agree
    from reportedly.link.names import load_names

    ((_, heard),) = list(heard_by_incident(store, [incident]))
    out.print(plain(f"{_main(heard).claim.kind.replace('_', ' ')}, reported: {incident.id}", "bold"))
    for fact in agree(heard, load_names()):
        _print_fact(fact, out)
    if incident.links:
        out.print(plain("Why these claims are held to be about one happening", "bold"))
    of = {h.claim.id: f"{h.claim.report} {h.claim.event}" for h in heard}
    for link in incident.links:
        words = f"{of.get(link.left, link.left)} — {of.get(link.right, link.right)}: {link.reason} ({link.score:+.1f})"
        out.print(plain(f"  {words}"))
    out.print(plain("Claims: " + ", ".join(incident.claims), "dim"))


def _print_fact(fact: Agreement, out: Console) -> None:
    from reportedly.cli.screen import plain

    out.print(plain(f"{fact.fact}: {fact.verdict} ({fact.reason})", "bold"))
    for version in fact.versions:
        out.print(plain(f"  {version.value}"))
        for holder in version.holders:
            out.print(plain(f"      {_holder(holder)}"))


def _holder(holder: Holder) -> str:
    words = [holder.who]
    if holder.side and holder.side not in holder.who:
        words.append(f"for {holder.side}")
    if holder.through:
        words.append(f"through {', '.join(holder.through)}")
    if holder.since:
        words.append(f"since {holder.since.isoformat()}")
    return ", ".join(words) + ("" if holder.now else " (no longer)")


def _main(heard: list[Heard]) -> Heard:
    """The claim that gives the incident its kind: the commonest kind, the earliest of it."""
    kinds = [h.claim.kind for h in heard]
    return max(heard, key=lambda h: (kinds.count(h.claim.kind), -kinds.index(h.claim.kind)))
