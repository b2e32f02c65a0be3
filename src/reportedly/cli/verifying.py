"""The job behind `reportedly verify`: the check, a bar while it runs, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportedly.cli.screen import console, many, plain, public_name

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.store.verify import Verified

SHOWN = 20
"""Faults that are shown one by one."""

_WORDS = {
    "file": "The file itself",
    "log": "The log",
    "reports": "Reports and what was read in them",
    "few": "Runs, judgements, edits",
    "references": "References",
    "incidents": "Incidents",
    "words": "The index of words",
}

_COUNTED = {
    "log": "entries of the log",
    "reports": "reports",
    "readings": "readings",
    "statements": "statements",
    "events": "events",
    "claims": "claims",
    "claims of other versions": "of these made by another version, and not made again",
    "judgements": "judgements",
    "edits": "edits",
    "codings": "codings",
    "incidents": "incidents",
    "tombstones": "reports removed for good",
    "passages": "passages in the index of words",
}


def run_verify(ledger: str, *, noted: str | None) -> int:
    """Check the ledger, print what came of it and return the exit status."""
    from reportedly import __version__
    from reportedly.claims import make_claims
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store, progress() as advance:
        found = store.verify(make_claims, version=__version__, noted=noted, advance=advance)
    print_verified(found, public_name(ledger), console())
    return 1 if found.found else 0


def print_verified(found: Verified, ledger: str, out: Console) -> None:
    """What was counted, the faults, and the head of the log."""
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, show_header=False, title=plain(f"Checked in {ledger}", "bold"), title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, words in _COUNTED.items():
        if count := found.counted.get(name):
            table.add_row(plain(words), plain(f"{count:,}"))
    out.print(table)
    for fault in found.faults[:SHOWN]:
        out.print(plain(fault.where, "bold red").append_text(plain(f": {fault.what}")), soft_wrap=True)
    if found.found > SHOWN:
        out.print(plain(f"… and {many(found.found - SHOWN, 'fault')} more."))
    if found.head is not None:
        seq, sha256 = found.head
        out.print(plain(f"Head of the log: entry {seq:,}, {sha256}", "dim"), soft_wrap=True)
    out.print(
        plain(f"Not sound: {many(found.found, 'fault')}.", "bold red") if found.found else plain("Sound.", "bold green")
    )


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for each part of the check; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        now = ""

        def advance(what: str, done: int, total: int) -> None:
            nonlocal now
            if what != now:
                now = what
                shown.reset(task, description=_WORDS.get(what, what), total=None)
            shown.update(task, completed=done, total=total or None)

        yield advance
