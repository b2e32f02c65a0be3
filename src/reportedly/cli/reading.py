"""The job behind `reportedly read`: skip what is known, read the rest, keep it, say what came of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from reportedly.cli.screen import console, many, plain, public_name, say
from reportedly.types import Claim, Entry, Failure, Reading, Report, Skipped

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.batch import Readers
    from reportedly.settings import Settings
    from reportedly.store import Ledger

T = TypeVar("T")
Emit = Callable[[Report, Reading], None]

INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the number of the signal, as shells have it."""

CAUSES = 5
"""Causes of failure that the closing table counts one by one."""

SHOWN = 20
"""Failures shown one by one; the ledger holds them all."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report that need not be read: the ledger has a reading of it by the same run, or it came before in this run.

    `entry` is the ledger's where it holds the report from before.
    """

    report: Report
    entry: Entry | None = None


Result = tuple[Report, Reading] | Failure | Known | Skipped


@dataclass(slots=True)
class Outcome:
    """What came of a run so far."""

    read: int = 0
    known: int = 0
    statements: int = 0
    events: int = 0
    failures: list[Failure] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    """What a web archive holds beside reports, by reason."""


class Job:
    """One run of `reportedly read` into `ledger`, counted in `outcome`.

    `emit` is called with every report that has a reading, in order, once the ledger holds it.
    """

    def __init__(
        self, ledger: Ledger, readers: Readers, outcome: Outcome, *, strict: bool, emit: Emit
    ) -> None:
        self.outcome = outcome
        self._ledger = ledger
        self._readers = readers
        self._strict = strict
        self._emit = emit

    def run(self, items: Iterable[Report | Failure | Skipped], *, size: int) -> Iterator[None]:
        """Do it, `size` reports a transaction, with a pause after each for the caller to look at `outcome`.

        Under `strict` it ends at the first failure in input order; what came before it is kept.
        """
        run = self._readers.run
        self._ledger.add_run(run)
        left: Iterator[Report | Failure | Known | Skipped] = sift(items, self._ledger, run.id, size=size)
        results: Iterator[Result] = self._readers.read_all(left)
        for chunk in chunks(results, size):
            stop = self._keep(chunk)
            yield
            if stop:
                return

    def _keep(self, results: Sequence[Result]) -> bool:
        """Store one batch, then hand it on. Whether to stop."""
        from reportedly.pipeline import claims_of

        readings: list[tuple[Report, Reading, tuple[Claim, ...]]] = []
        failures: list[Failure] = []
        ready: list[tuple[Report, Reading]] = []
        for result in results:
            if isinstance(result, Known):
                self.outcome.known += 1
                if result.entry is not None and result.entry.reading is not None:
                    ready.append((result.entry.report, result.entry.reading))
            elif isinstance(result, Failure):
                failures.append(result)
            elif isinstance(result, Skipped):
                self.outcome.skipped[result.reason] += result.count
            elif isinstance(claims := claims_of(*result), Failure):
                failures.append(claims)
            else:
                readings.append((*result, claims))
                ready.append(result)
            if self._strict and failures:
                break
        refused = self._ledger.add(readings, failures=failures, run=self._readers.run.id)
        lost = {failure.where for failure in refused}
        kept = [reading for report, reading, _ in readings if (report.origin or report.id) not in lost]
        self.outcome.read += len(kept)
        self.outcome.statements += sum(len(reading.statements) for reading in kept)
        self.outcome.events += sum(len(reading.events) for reading in kept)
        self.outcome.failures += [*failures, *refused]
        for report, reading in ready:
            if (report.origin or report.id) not in lost:
                self._emit(report, reading)
        return self._strict and bool(failures or refused)


def sift(
    items: Iterable[Report | Failure | Skipped], ledger: Ledger, run: str, *, size: int
) -> Iterator[Report | Failure | Known | Skipped]:
    """`items` in their order, with the reports that need not be read again marked as such.

    Two different texts under one id are a failure: the second would be lost, or take the first one's place.
    """
    seen: dict[str, bytes] = {}
    for chunk in chunks(items, size):
        known = ledger.known([item.id for item in chunk if isinstance(item, Report)], run)
        for item in chunk:
            if not isinstance(item, Report):
                yield item
                continue
            digest = sha256(item.text.encode("utf-8", "surrogatepass")).digest()
            before = seen.setdefault(item.id, digest)
            entry = ledger.entry(item.id, run=run) if item.id in known else None
            if before != digest or (entry is not None and entry.report.text != item.text):
                cause = f"another report came with the same id, {item.id!r}, and a different text"
                yield Failure(item.origin or item.id, "source", cause, "give each report an id of its own, or none")
            elif entry is not None or before is not digest:
                yield Known(item, entry)
            else:
                yield item


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of `size`; the last may be shorter."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def run_reading(
    paths: Sequence[str],
    *,
    ledger: str,
    form: str,
    jobs: int,
    strict: bool,
    mapping: Mapping[str, str] | None,
    settings: Settings,
) -> int:
    """Read `paths` into the ledger at `ledger`, print what `form` asks for, and return the exit status."""
    from reportedly.batch import open_readers
    from reportedly.sources import read_paths
    from reportedly.store import Ledger

    emit = write_coded if form == "jsonl" else _ignore
    outcome = Outcome()
    stopped = False
    try:
        with Ledger.open(ledger) as store, progress() as advance, open_readers(settings, jobs=jobs) as readers:
            job = Job(store, readers, outcome, strict=strict, emit=emit)
            for _ in job.run(read_paths(paths, mapping=mapping), size=settings.batch):
                advance(outcome)
    except KeyboardInterrupt:
        stopped = True
    name = public_name(ledger)
    print_failures(outcome.failures, name, console(stderr=True))
    if form != "none":
        print_outcome(outcome, name, console(stderr=form == "jsonl"))
    if stopped:
        say(f"Stopped. {name} is sound and holds all that is counted above; the same command reads the rest.")
        return INTERRUPTED
    return 1 if outcome.failures else 0


def write_coded(report: Report, reading: Reading) -> None:
    """One coded report as a line of JSON in UTF-8, whatever the terminal's encoding, so that a pipe gets all of it."""
    from reportedly.coded import to_coded

    line = json.dumps(to_coded(report, reading), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _ignore(report: Report, reading: Reading) -> None:
    pass


def progress() -> AbstractContextManager[Callable[[Outcome], None]]:
    """A bar on stderr that is moved by calling what this gives; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext(lambda outcome: None)
    from reportedly.cli.progress import bar

    return bar()


def print_outcome(outcome: Outcome, ledger: str, out: Console) -> None:
    """The closing table: reports read, skipped and failed (and of what), statements, events."""
    from rich.box import SIMPLE
    from rich.table import Table

    failed = len(outcome.failures)
    causes = Counter(failure.cause for failure in outcome.failures).most_common()
    rows = [
        ("reports read", outcome.read, "bold green" if outcome.read else ""),
        ("skipped as already known", outcome.known, ""),
        *([("not reports", outcome.skipped.total(), "")] if outcome.skipped else []),
        *((f"  {reason}", count, "dim") for reason, count in outcome.skipped.most_common()),
        ("failed", failed, "bold red" if failed else ""),
        *((f"  {cause}", count, "red") for cause, count in causes[:CAUSES]),
        *([("  of other causes", sum(count for _, count in causes[CAUSES:]), "red")] if causes[CAUSES:] else []),
        ("statements", outcome.statements, "bold" if outcome.statements else ""),
        ("events", outcome.events, "bold" if outcome.events else ""),
    ]
    table = Table(box=SIMPLE, show_header=False, title=plain(f"Read into {ledger}", style="bold"), title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, count, style in rows:
        table.add_row(plain(name), plain(f"{count:,}", style=style))
    out.print(table)
    if outcome.read or outcome.known:
        out.print(plain(f"Look at them with: reportedly show {ledger}", style="dim"))


def print_failures(failures: Sequence[Failure], ledger: str, out: Console) -> None:
    """Each failure with its place, cause and what to do; past `SHOWN`, how many more there are."""
    for failure in failures[:SHOWN]:
        line = plain(failure.where, style="bold red")
        line.append_text(plain(f": {failure.cause}"))
        if failure.hint:
            line.append_text(plain(f" ({failure.hint})", style="dim"))
        out.print(line, soft_wrap=True)
    if len(failures) > SHOWN:
        out.print(plain(f"… and {many(len(failures) - SHOWN, 'failure')} more; {ledger} holds them all."))
