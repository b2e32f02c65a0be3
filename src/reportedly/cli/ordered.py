"""Reads one order of the review app into its ledger, and tells how far it is: `python -m reportedly.cli.ordered`.

The order comes as JSON on standard input, and files are looked for in the folder that the command runs in; what is
told goes to standard output, one JSON object a line. `reportedly.review.jobs` says what both hold. Ctrl-C ends it; what
is in the ledger by then stays.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportedly.errors import ReportedlyError, SourceError
from reportedly.types import Failure, Report, Skipped

if TYPE_CHECKING:
    from reportedly.cli.reading import Outcome
    from reportedly.review.jobs import Order
    from reportedly.settings import Settings
    from reportedly.store import Ledger

_LONGEST_ORDER = 1_000_000
_TOGETHER = 4
"""Reports a transaction: few, so that the bar moves and little is lost when it is stopped."""

_PACE_S = 1.0


def main(arguments: Sequence[str] = ()) -> int:
    """Read the order on standard input; the exit status. `arguments` may name other weights and places."""
    from reportedly.settings import Settings

    options = ArgumentParser(prog="ordered", description="Reads one order of the review app into its ledger.")
    options.add_argument("--model", type=Path)
    options.add_argument("--places", type=Path)
    given = options.parse_args(arguments)
    try:
        order = _understand(json.loads(sys.stdin.buffer.read(_LONGEST_ORDER)))
        read_order(order, Settings(model=given.model, places=given.places))
    except KeyboardInterrupt:
        return 130
    except ReportedlyError as error:
        print(f"reportedly: {error}", file=sys.stderr)
        return 1
    return 0


def read_order(order: Order, settings: Settings) -> None:
    """Read, store, link and log it. Raises `ReportedlyError` where the ledger or the model can't be opened."""
    from reportedly.cli.reading import Outcome
    from reportedly.desk.linking import link_ledger
    from reportedly.link.linker import Linker
    from reportedly.ontology import load_ontology
    from reportedly.store import Ledger

    tell(stage="fetching" if order.url else "looking")
    found: Iterable[Report | Failure | Skipped] = list(_page(order.url)) if order.url else _files(order.files)
    # Sources are quick beside the model, so files are gone through twice: first to see how much there is.
    kinds = Counter(type(item) for item in (found if order.url else _files(order.files)))
    outcome, total = Outcome(), kinds[Report] + kinds[Failure]
    with Ledger.open(order.ledger, create=False, by=order.by) as store:
        if kinds[Report]:
            _read(store, found, outcome, total=total, settings=settings)
        else:
            failures = [item for item in found if isinstance(item, Failure)]
            store.add([], failures=failures)
            outcome.fail(failures)
            _tell_failures(outcome.failures)
        tell(done=total, total=total, **_counts(outcome))
        if outcome.read:
            tell(stage="linking")
            link_ledger(store, Linker.load(load_ontology()))
        details = {"files": len(order.files), **{name: count for name, count in _counts(outcome).items() if count}}
        store.log("import", subject=order.url, details=details)


def _read(
    store: Ledger, items: Iterable[Report | Failure | Skipped], outcome: Outcome, *, total: int, settings: Settings
) -> None:
    from reportedly.batch import open_readers
    from reportedly.cli.reading import Job

    tell(stage="loading", total=total)
    told = 0
    with open_readers(settings) as readers:
        tell(stage="reading")
        job = Job(store, readers.run, outcome, strict=False, emit=lambda report, reading: None)
        for _ in job.read(items, readers, size=_TOGETHER):
            tell(done=min(total, outcome.read + outcome.known + outcome.failed), **_counts(outcome))
            _tell_failures(outcome.failures[told:])
            told = len(outcome.failures)


def _tell_failures(failures: Iterable[Failure]) -> None:
    for one in failures:
        tell(failure={"where": one.where, "cause": one.cause, "hint": one.hint})


def _understand(told: Mapping[str, Any]) -> Order:
    from reportedly.review.jobs import Order

    files = tuple(str(name) for name in told.get("files") or ())
    for name in files:
        if name != Path(name).name or name in ("", ".", ".."):
            raise SourceError("is no file of the order's folder", where=name, hint="give a name, not a path")
    url = told.get("url")
    return Order(str(told["ledger"]), str(told["by"]), files, str(url) if url else None)


def _page(url: str) -> Iterator[Report | Failure | Skipped]:
    from reportedly.sources.fetch import Fetcher, user_agent
    from reportedly.sources.web import read_page

    yield from read_page(url, Fetcher(user_agent(os.environ.get("REPORTEDLY_CONTACT")), pace_s=_PACE_S))


def _files(names: Iterable[str]) -> Iterator[Report | Failure | Skipped]:
    from reportedly.sources import read_paths

    yield from read_paths(names)


def _counts(outcome: Outcome) -> dict[str, int]:
    return {
        "read": outcome.read,
        "known": outcome.known,
        "failed": outcome.failed,
        "statements": outcome.statements,
        "events": outcome.events,
    }


def tell(**told: Any) -> None:
    """One line to whoever gave the order."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
