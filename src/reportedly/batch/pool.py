"""A pool of processes, each with a pipeline of its own.

The standard pools lose every task in hand when one process dies, and cannot say which task killed it. Here the parent
holds one pipe to each worker and gives it one batch at a time, so a death points at its batch: the reports in it are
tried once more, each alone, and the one that kills a worker again becomes a `Failure`. A worker that does not answer
in time is ended, and that counts as a death.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Self

from reportedly.errors import ModelError, ReportedlyError
from reportedly.pipeline import Read
from reportedly.settings import Settings
from reportedly.types import Failure, Report, Run

AHEAD = 6
"""Batches in hand for each worker at most: being read, read but not yet taken, or cut and waiting."""

PATIENCE = 5.0
"""Seconds that an idle worker gets to end by itself before it is ended."""

PACE = 2_000
"""Characters a second that the slowest machine reads; a tenth of what one core of a laptop does."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports that are read together: any that came one after another, or with `copies` near copies of the first."""

    reports: Sequence[Report]
    copies: bool = False


@dataclass(frozen=True, slots=True)
class _Task:
    """Reports for one worker. `slots` are their places in the results of batch `number`.

    `copies`: the reports are near copies of the first, and are read as such. `tries`: how often it was tried before.
    """

    number: int
    slots: Sequence[int]
    reports: Sequence[Report]
    copies: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a task: its results, or `None` where the worker died over it, and how."""

    task: _Task
    results: list[Read | Failure] | None
    death: str = ""


@dataclass(slots=True)
class _Worker:
    """A process, the parent's end of its pipe, and what it is busy with. `ready` once its model is loaded."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    task: _Task | None = None
    deadline: float = math.inf


class _Order:
    """What is to be done, and what is done but waits for an earlier batch."""

    def __init__(self) -> None:
        self.queue: deque[_Task] = deque()
        self._results: dict[int, list[Read | Failure | None]] = {}
        self._drawn = 0
        self._given = 0

    @property
    def in_hand(self) -> int:
        """Batches drawn but not given back."""
        return self._drawn - self._given

    def add(self, batch: Batch) -> None:
        self._results[self._drawn] = [None] * len(batch.reports)
        if batch.reports:
            self.queue.append(_Task(self._drawn, range(len(batch.reports)), batch.reports, batch.copies))
        self._drawn += 1

    def settle(self, answer: _Answer) -> None:
        """Take the results. After a death each report goes back to the head of the queue, after its second it fails.

        Copies are tried together twice, and then each alone, as any report.
        """
        task, results = answer.task, answer.results
        if results is None and task.copies and task.tries == 0:
            self.queue.appendleft(replace(task, tries=1))
            return
        if results is None and (task.copies or task.tries == 0):
            pairs = zip(task.slots, task.reports, strict=True)
            self.queue.extendleft(reversed([_Task(task.number, [s], [r], tries=1) for s, r in pairs]))
            return
        if results is None:
            results = [_death(report, answer.death) for report in task.reports]
        for slot, result in zip(task.slots, results, strict=True):
            self._results[task.number][slot] = result

    def finished(self) -> Iterator[list[Read | Failure]]:
        """The batches that are whole and next in order."""
        while self._given in self._results and None not in (batch := self._results[self._given]):
            del self._results[self._given]
            self._given += 1
            yield [result for result in batch if result is not None]


class Pool:
    """`jobs` workers; a context manager, which ends them. `run` is the run of the first that was ready.

    Entering raises `ReportedlyError` where a worker cannot load its pipeline.
    """

    run: Run

    def __init__(self, settings: Settings, *, jobs: int, load: Callable[[Settings], Any]) -> None:
        self._settings = settings
        self._load = load
        self._jobs = jobs
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        try:
            for _ in range(self._jobs):
                self._start()
            while not any(worker.ready for worker in self._workers):
                self._listen()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read_batches(self, stream: Iterable[Batch]) -> Iterator[list[Read | Failure]]:
        """The results of each batch of `stream`, in its order; at most `AHEAD` batches a worker are drawn ahead."""
        source = iter(stream)
        order = _Order()
        more = True
        while more or order.in_hand:
            self._hand_out(order.queue)
            yield from order.finished()
            room = more and order.in_hand < AHEAD * self._jobs and len(order.queue) < self._jobs
            if room:
                batch = next(source, None)
                more = batch is not None
                if batch is not None:
                    order.add(batch)
            if order.in_hand:
                for answer in self._listen(block=not room):
                    order.settle(answer)

    def _hand_out(self, queue: deque[_Task]) -> None:
        for worker in self._workers:
            if queue and worker.ready and worker.task is None:
                # Set before the sending: where the worker is already dead, its end of the pipe says so in `_listen`,
                # which finds the task here.
                worker.task = task = queue.popleft()
                letters = sum(len(report.text) for report in task.reports)
                worker.deadline = time.monotonic() + self._settings.patience + letters / PACE
                try:
                    worker.pipe.send((task.reports, task.copies))
                except (BrokenPipeError, ConnectionResetError):
                    continue

    def _listen(self, *, block: bool = True) -> list[_Answer]:
        """What the workers have to say, after at least one has spoken, or ran out of time, if `block`."""
        answers = []
        by_pipe = {worker.pipe: worker for worker in self._workers}
        soonest = min(worker.deadline for worker in self._workers) - time.monotonic()
        timeout = None if soonest == math.inf else max(0.0, soonest)
        for pipe in wait(list(by_pipe), timeout=timeout if block else 0):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                answers += self._bury(worker)
                continue
            if isinstance(said, ReportedlyError):
                raise said
            if isinstance(said, Run):
                worker.ready = True
                self.run = said
            elif worker.task is not None:
                answers.append(_Answer(worker.task, said))
                worker.task, worker.deadline = None, math.inf
        late = [worker for worker in self._workers if worker.deadline < time.monotonic()]
        for worker in late:
            worker.process.kill()
            answers += self._bury(worker, death="ran out of time")
        return answers

    def _bury(self, worker: _Worker, *, death: str | None = None) -> list[_Answer]:
        """Clear a dead worker away and start another in its place, unless it died before it was ready.

        `death` says how it died; without it the exit code does.
        """
        worker.pipe.close()
        worker.process.join(PATIENCE)
        code = worker.process.exitcode
        self._workers.remove(worker)
        if worker.ready:
            self._start()
        elif not self._workers:
            raise ModelError(
                f"the reading processes ended while loading the model (exit status {code})",
                hint="there may be too little memory for this many; try fewer --jobs",
            )
        return [_Answer(worker.task, None, death or _death_of(code))] if worker.task is not None else []

    def _start(self) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._settings, self._load), daemon=True)
        with _deaf_to_interrupts():
            process.start()
        # Only the worker may hold its end: then its death closes the pipe, and that is how it is noticed.
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _end(self) -> None:
        for worker in self._workers:
            if worker.task is not None or not worker.ready:
                worker.process.terminate()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()


def _work(pipe: Connection, settings: Settings, load: Callable[[Settings], Any]) -> None:
    """A worker's life: say which run this is, then read what comes until the pipe closes.

    The parent hears the user's interrupt and ends its workers, so here it is ignored. One thread for each numeric
    library: as many workers as cores share the machine already.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    try:
        pipeline = load(settings)
    except ReportedlyError as error:
        pipe.send(error)
        return
    try:
        pipe.send(pipeline.run)
        while True:
            reports, copies = pipe.recv()
            pipe.send(pipeline.read_copies(reports) if copies else pipeline.read(reports))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Start a process in here, and an interrupt that comes before it is set up leaves no traceback on the screen.

    A child inherits that a signal is ignored. Only the main thread may say so; elsewhere nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _death_of(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"


def _death(report: Report, how: str) -> Failure:
    return Failure(
        report.origin or report.id,
        "model",
        f"the process that read it ended twice ({how})",
        "there may be too little memory; try fewer --jobs, or split the report",
    )
