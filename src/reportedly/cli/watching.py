"""The job behind `reportedly watch`: rounds of polling, reading and linking, and what came of each on the screen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportedly.cli.reading import INTERRUPTED, Job, Outcome, print_failures
from reportedly.cli.screen import WIDEST, console, many, plain, public_name, say
from reportedly.types import Failure, Reading, Report

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.batch import Readers
    from reportedly.digest.summary import Item
    from reportedly.link.linker import Linker
    from reportedly.settings import Settings
    from reportedly.sources.fetch import Fetcher
    from reportedly.sources.poll import Known
    from reportedly.store import Ledger

_TELLERS = 3
"""Tellers shown an incident."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to follow and where to keep it; `every_s` seconds lie between two rounds, unless there is but one."""

    feeds: Path
    ledger: str
    state: Path
    every_s: float
    once: bool


@dataclass(slots=True)
class Round:
    """What came of one round."""

    asked: int = 0
    resting: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    fresh: set[str] = field(default_factory=set)


def run_watch(plan: Plan, fetcher: Fetcher, settings: Settings) -> int:
    """Follow the feeds until Ctrl-C, or for one round, and return the exit status."""
    from reportedly.store import Ledger

    if "+" not in fetcher.agent:
        say("No --contact is given: sites are not told whom they may ask about this program.")
    with ExitStack() as stack:
        try:
            store = stack.enter_context(Ledger.open(plan.ledger))
            watcher = Watcher(store, fetcher, settings, stack)
            while True:
                done = watcher.round(plan)
                print_round(done, store, public_name(plan.ledger), console())
                if plan.once:
                    return 1 if done.outcome.failed else 0
                time.sleep(plan.every_s)
        except KeyboardInterrupt:
            say(f"Stopped. {public_name(plan.ledger)} is sound; the same command goes on from here.")
            return INTERRUPTED


class Watcher:
    """Polls, reads and links. The model is loaded when there is something to read for the first time."""

    def __init__(self, store: Ledger, fetcher: Fetcher, settings: Settings, stack: ExitStack) -> None:
        self._store = store
        self._fetcher = fetcher
        self._settings = settings
        self._stack = stack
        self._readers: Readers | None = None
        self._linker: Linker | None = None

    def round(self, plan: Plan) -> Round:
        """Ask every feed that is not at rest, read and keep what is new, and link it.

        The list of feeds is read anew each time. What is remembered of a feed is kept once the ledger has its reports.
        """
        from reportedly.sources.opml import read_opml
        from reportedly.sources.poll import Known, load_known, poll, save_known

        feeds = read_opml(plan.feeds)
        remembered: dict[str, Known] = load_known(plan.state)
        done = Round()
        for feed in feeds:
            known = remembered.setdefault(feed.url, Known())
            now = datetime.now(UTC)
            if known.rests(now):
                done.resting += 1
                continue
            done.asked += 1
            self._read(list(poll(feed, known, self._fetcher, now=now)), done)
            save_known(plan.state, remembered)
        if done.fresh:
            self._link()
        return done

    def _read(self, items: Sequence[Report | Failure], done: Round) -> None:
        from reportedly.ids import claim_id

        if not any(isinstance(item, Report) for item in items):
            failures = [item for item in items if isinstance(item, Failure)]
            self._store.add([], failures=failures)
            done.outcome.fail(failures)
            return

        def note(report: Report, reading: Reading) -> None:
            done.fresh.update(claim_id(report.id, reading.run, event.id) for event in reading.events)

        readers = self._open_readers()
        job = Job(self._store, readers.run, done.outcome, emit=note)
        for _ in job.read(items, readers, size=self._settings.batch):
            pass

    def _open_readers(self) -> Readers:
        from reportedly.batch import open_readers

        if self._readers is None:
            self._readers = self._stack.enter_context(open_readers(self._settings))
        return self._readers

    def _link(self) -> None:
        from reportedly.desk.linking import link_ledger
        from reportedly.link.linker import Linker
        from reportedly.ontology import load_ontology

        if self._linker is None:
            self._linker = Linker.load(load_ontology())
        link_ledger(self._store, self._linker)


def print_round(done: Round, store: Ledger, ledger: str, out: Console) -> None:
    """What the new reports changed, the failures, and one line that counts."""
    changes = print_changes(store, frozenset(done.fresh), out) if done.fresh else ""
    print_failures(done.outcome, ledger, console(stderr=True))
    clock = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    asked = many(done.asked, "feed") + (f" ({done.resting} at rest)" if done.resting else "")
    counts = ", ".join(part for part in (many(done.outcome.read, "new report"), changes) if part)
    out.print(plain(f"{clock}  {asked}: {counts}", style="dim"), soft_wrap=True)


def print_changes(store: Ledger, fresh: frozenset[str], out: Console) -> str:
    """The incidents that these claims are of, and what they changed; and how much, in words."""
    from reportedly.cli.digesting import changes_of
    from reportedly.digest.summary import counts_words, summarise
    from reportedly.export.profiles import make_profile

    today = datetime.now().astimezone().date()
    changed, _ = changes_of(store, fresh, profile=make_profile("internal", as_of=today))
    for item in summarise(changed, name=store.name, since=today, until=today).items:
        print_item(item, out)
    return counts_words(changed) if changed else ""


def print_item(item: Item, out: Console) -> None:
    """One incident: what changed, and who tells it."""
    from rich.padding import Padding

    width = min(out.width, WIDEST)
    sign = plain("new  " if item.new else "more ", style="bold red" if item.new else "bold")
    out.print(sign.append_text(plain(item.head, style="bold")), width=width)
    for words, changes in (("dispute opened", item.opened), ("dispute closed", item.closed), ("toll", item.revised)):
        for change in changes:
            line = plain(f"{words}: ", style="yellow").append_text(plain(change))
            out.print(Padding(line, (0, 0, 0, 5)), width=width)
    fresh = [told for told in item.lines if told.fresh]
    for told in fresh[:_TELLERS]:
        said = plain(told.teller, style="cyan").append_text(plain(f" {told.says}"))
        out.print(Padding(said, (0, 0, 0, 5)), width=width)
    if len(fresh) > _TELLERS:
        out.print(Padding(plain(f"and {many(len(fresh) - _TELLERS, 'more teller')}", style="dim"), (0, 0, 0, 5)))
