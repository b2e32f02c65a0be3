"""Reading many reports on this machine: cut into batches, read in one process or several, results in input order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Protocol, TypeVar

from reportedly.batch.pool import Batch, Pool
from reportedly.errors import SettingsError
from reportedly.pipeline import Copies, Pipeline, Read
from reportedly.settings import Settings
from reportedly.types import Failure, Report, Run

T = TypeVar("T")

SHARE = 4
"""Reports that a process of several is given at a time: few, so that all of them have work until the end."""


class Reads(Protocol):
    """What a batch is handed to: `Pipeline`, or a stand-in for it."""

    @property
    def run(self) -> Run:
        """The run that every reading names."""
        ...

    def read(self, reports: Sequence[Report]) -> list[Read | Failure]:
        """One result for each report, in the same order."""
        ...

    def read_copies(self, reports: Sequence[Report]) -> list[Read | Failure]:
        """The same for near copies of the first report."""
        ...


Load = Callable[[Settings], Reads]
"""How a process gets its own pipeline. For several processes it must pickle: a function or method of a module."""

ReadBatches = Callable[[Iterator[Batch]], Iterator[list[Read | Failure]]]


class Readers:
    """One or more pipelines, ready to read. `run` is known before the first report is read."""

    def __init__(self, run: Run, settings: Settings, read_batches: ReadBatches) -> None:
        self.run = run
        self._settings = settings
        self._read_batches = read_batches

    def read_all(self, items: Iterable[Report | Copies | T]) -> Iterator[Read | Failure | T]:
        """A result for each report, in the order of `items`; what is no report (a `Failure`, say) passes unchanged.

        `Copies` give a result for each report in them. Lazy at both ends: no more of `items` is drawn than the next few
        batches.
        """
        waiting: list[list[Report | Copies | T]] = []

        def reports_of_batches() -> Iterator[Batch]:
            for batch in batches(items, size=self._settings.batch, characters=self._settings.batch_characters):
                waiting.append(batch)
                copies = batch[0] if isinstance(batch[0], Copies) else None
                reports = copies.reports if copies else [item for item in batch if isinstance(item, Report)]
                yield Batch(reports, copies is not None)

        for results in self._read_batches(reports_of_batches()):
            found = iter(results)
            for item in waiting.pop(0):
                if isinstance(item, Report):
                    yield next(found)
                elif isinstance(item, Copies):
                    yield from found
                else:
                    yield item


@contextmanager
def open_readers(settings: Settings, *, jobs: int = 1, load: Load = Pipeline.load) -> Iterator[Readers]:
    """Load `jobs` pipelines, each with a model of its own: one in this process, more in processes that end with it.

    Raises `SettingsError` where `jobs` is below 1, and what `load` raises, from whichever process it does.
    """
    if jobs < 1:
        raise SettingsError(f"jobs is {jobs}", hint="it must be at least 1")
    with ExitStack() as stack:
        if jobs == 1:
            pipeline = load(settings)
            yield Readers(pipeline.run, settings, lambda stream: (_read(pipeline, batch) for batch in stream))
        else:
            yield stack.enter_context(open_pool(settings, jobs=jobs, load=load))


@contextmanager
def open_pool(settings: Settings, *, jobs: int, load: Load = Pipeline.load) -> Iterator[Readers]:
    """As `open_readers`, but with processes of their own even for one job, so that none takes this one with it."""
    with Pool(settings, jobs=jobs, load=load) as pool:
        yield Readers(pool.run, replace(settings, batch=min(SHARE, settings.batch)), pool.read_batches)


def read_all(items: Iterable[Report | T], *, jobs: int, settings: Settings) -> Iterator[Read | Failure | T]:
    """Read all of `items` with `jobs` processes; see `Readers.read_all`."""
    with open_readers(settings, jobs=jobs) as readers:
        yield from readers.read_all(items)


def _read(pipeline: Reads, batch: Batch) -> list[Read | Failure]:
    return pipeline.read_copies(batch.reports) if batch.copies else pipeline.read(batch.reports)


def batches(
    items: Iterable[Report | Copies | T], *, size: int, characters: int
) -> Iterator[list[Report | Copies | T]]:
    """Cut `items` into runs of at most `size`, whose texts have at most `characters` in all.

    A text that is longer than `characters` is a batch by itself, with what came before it and holds no report. `Copies`
    are one always.
    """
    batch: list[Report | Copies | T] = []
    held = 0
    for item in items:
        if isinstance(item, Copies):
            yield from ([batch] if batch else [])
            yield [item]
            batch, held = [], 0
            continue
        length = len(item.text) if isinstance(item, Report) else 0
        if len(batch) >= size or (held and held + length > characters):
            yield batch
            batch, held = [], 0
        batch.append(item)
        held += length
    if batch:
        yield batch
