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
from reportedly.types import Claim, Entry, Failure, Reading, Report, Run, Skipped

if TYPE_CHECKING:
    from rich.console import Console

    from reportedly.batch import Readers
    from reportedly.pipeline import Copies
    from reportedly.settings import Settings
    from reportedly.sources import Meter
    from reportedly.store import Ledger

T = TypeVar("T")
Emit = Callable[[Report, Reading], None]

INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the number of the signal, as shells have it."""

CAUSES = 5
"""Causes of failure that the closing table counts one by one."""

SHOWN = 20
"""Failures shown one by one; the ledger holds them all."""

KEPT = 1000
"""Failures that are kept at hand with their places; the rest is counted."""

REMEMBERED = 50_000
"""Reports whose ids are kept at hand: many more than are drawn ahead of what the ledger holds."""


@dataclass(frozen=True, slots=True)
class Known:
    """A report that need not be read: the ledger has a reading of it by the same run, or it came before in this run.

    `entry` is the ledger's where it holds the report from before. `removed`: it had one, which was removed for good.
    """

    report: Report
    entry: Entry | None = None
    removed: bool = False


Result = tuple[Report, Reading] | Failure | Known | Skipped


@dataclass(slots=True)
class Outcome:
    """What came of a run so far."""

    read: int = 0
    known: int = 0
    removed: int = 0
    statements: int = 0
    events: int = 0
    failures: list[Failure] = field(default_factory=list)
    """The first of them, to be shown; the ledger holds them all."""
    causes: Counter[str] = field(default_factory=Counter)
    """All failures, by cause."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What a web archive holds beside reports, by reason."""

    @property
    def failed(self) -> int:
        """How many failures there were."""
        return self.causes.total()

    def fail(self, failures: Sequence[Failure]) -> None:
        """Count these."""
        self.failures += failures[: max(0, KEPT - len(self.failures))]
        self.causes.update(failure.cause for failure in failures)


class Job:
    """Readings of one `run` into `ledger`, counted in `outcome`.

    `emit` is called with every report that has a reading, in order, once the ledger holds it. Under `strict` the job
    ends at the first failure in input order; what came before it is kept. With `again` reports that were removed from
    the ledger for good are taken in all the same.
    """

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        outcome: Outcome,
        *,
        strict: bool = False,
        again: bool = False,
        emit: Emit | None = None,
    ) -> None:
        self.outcome = outcome
        self._ledger = ledger
        self._run = run
        self._strict = strict
        self._again = again
        self._emit = emit or _ignore
        ledger.add_run(run)

    def read(
        self, items: Iterable[Report | Failure | Skipped], readers: Readers, *, size: int, copies: str = "each"
    ) -> Iterator[None]:
        """Read what is not known, `size` reports a transaction, with a pause after each for a look at `outcome`."""
        left: Iterator[Report | Copies | Failure | Known | Skipped]
        left = sift(items, self._ledger, self._run.id, size=size, again=self._again)
        if copies == "once":
            from reportedly.batch.near import gather

            left = gather(left)
        results: Iterator[Result] = readers.read_all(left)
        for chunk in chunks(results, size):
            stop = self.keep(chunk)
            yield
            if stop:
                return

    def keep(self, results: Sequence[Result]) -> bool:
        """Store one batch, then hand it on. Whether to stop."""
        from reportedly.pipeline import claims_of

        readings: list[tuple[Report, Reading, tuple[Claim, ...]]] = []
        failures: list[Failure] = []
        ready: list[tuple[Report, Reading]] = []
        for result in results:
            if isinstance(result, Known):
                self.outcome.known += not result.removed
                self.outcome.removed += result.removed
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
        refused = self._ledger.add(readings, failures=failures, run=self._run.id, again=self._again)
        lost = {failure.where for failure in refused}
        kept = [reading for report, reading, _ in readings if (report.origin or report.id) not in lost]
        self.outcome.read += len(kept)
        self.outcome.statements += sum(len(reading.statements) for reading in kept)
        self.outcome.events += sum(len(reading.events) for reading in kept)
        self.outcome.fail([*failures, *refused])
        for report, reading in ready:
            if (report.origin or report.id) not in lost:
                self._emit(report, reading)
        return self._strict and bool(failures or refused)


def sift(
    items: Iterable[Report | Failure | Skipped], ledger: Ledger, run: str, *, size: int, again: bool = False
) -> Iterator[Report | Failure | Known | Skipped]:
    """`items` in their order, with the reports that need not be read again marked as such.

    Two different texts under one id are a failure: the second would be lost, or take the first one's place. What was
    removed from the ledger for good is skipped, unless it may come in `again`.
    """
    seen: dict[str, bytes] = {}
    for chunk in chunks(items, size):
        # What came longer ago than this is in the ledger; so memory does not grow with the input.
        while len(seen) > REMEMBERED:
            del seen[next(iter(seen))]
        reports = [item for item in chunk if isinstance(item, Report)]
        known = ledger.known([report.id for report in reports], run)
        removed = {} if again else ledger.removed({report.id: _hash(report).hex() for report in reports})
        for item in chunk:
            if not isinstance(item, Report):
                yield item
                continue
            digest = _hash(item)
            before = seen.setdefault(item.id, digest)
            entry = ledger.entry(item.id, run=run) if item.id in known else None
            if item.id in removed:
                yield Known(item, removed=True)
            elif before != digest or (entry is not None and entry.report.text != item.text):
                cause = f"another report came with the same id, {item.id!r}, and a different text"
                yield Failure(item.origin or item.id, "source", cause, "give each report an id of its own, or none")
            elif entry is not None or before is not digest:
                yield Known(item, entry)
            else:
                yield item


def _hash(report: Report) -> bytes:
    return sha256(report.text.encode("utf-8", "surrogatepass")).digest()


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
    again: bool = False,
) -> int:
    """Read `paths` into the ledger at `ledger`, print what `form` asks for, and return the exit status."""
    from reportedly.batch import open_readers
    from reportedly.sources import read_paths
    from reportedly.store import Ledger

    emit = write_coded if form == "jsonl" else _ignore
    outcome = Outcome()
    stopped = False
    meter = metered(paths)
    try:
        with Ledger.open(ledger) as store, progress(meter) as advance, open_readers(settings, jobs=jobs) as readers:
            job = Job(store, readers.run, outcome, strict=strict, again=again, emit=emit)
            items = read_paths(paths, mapping=mapping, meter=meter)
            for _ in job.read(items, readers, size=settings.batch, copies=settings.copies):
                advance(outcome)
    except KeyboardInterrupt:
        stopped = True
    name = public_name(ledger)
    print_failures(outcome, name, console(stderr=True))
    if form != "none":
        print_outcome(outcome, name, console(stderr=form == "jsonl"))
    if stopped:
        say(f"Stopped. {name} is sound and holds all that is counted above; the same command reads the rest.")
        return INTERRUPTED
    return 1 if outcome.failed else 0


def write_coded(report: Report, reading: Reading) -> None:
    """One coded report as a line of JSON in UTF-8, whatever the terminal's encoding, so that a pipe gets all of it."""
    from reportedly.coded import to_coded

    line = json.dumps(to_coded(report, reading), ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _ignore(report: Report, reading: Reading) -> None:
    pass


def progress(meter: Meter | None = None) -> AbstractContextManager[Callable[[Outcome], None]]:
    """A bar on stderr that is moved by calling what this gives; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext(lambda outcome: None)
    from reportedly.cli.progress import bar

    return bar(meter)


def metered(paths: Sequence[str]) -> Meter:
    """A meter that knows how much there is to draw, where somebody sees the bar."""
    from reportedly.sources import Meter, measure

    return Meter(measure(paths) if sys.stderr.isatty() else None)


def print_outcome(outcome: Outcome, ledger: str, out: Console, *, then: str | None = None) -> None:
    """The closing table: reports read, skipped and failed (and of what), statements, events; what to do next."""
    from rich.box import SIMPLE
    from rich.table import Table

    failed, causes = outcome.failed, outcome.causes.most_common()
    rows = [
        ("reports read", outcome.read, "bold green" if outcome.read else ""),
        ("skipped as already known", outcome.known, ""),
        *([("skipped as removed for good", outcome.removed, "")] if outcome.removed else []),
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
        out.print(plain(then or f"Look at them with: reportedly show {ledger}", style="dim"))


def print_failures(outcome: Outcome, ledger: str, out: Console) -> None:
    """Each failure with its place, cause and what to do; past `SHOWN`, how many more there are."""
    for failure in outcome.failures[:SHOWN]:
        line = plain(failure.where, style="bold red")
        line.append_text(plain(f": {failure.cause}"))
        if failure.hint:
            line.append_text(plain(f" ({failure.hint})", style="dim"))
        out.print(line, soft_wrap=True)
    if outcome.failed > SHOWN:
        more = many(outcome.failed - SHOWN, "failure")
        out.print(plain(f"… and {more} more; {ledger} holds them all."))
