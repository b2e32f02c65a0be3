"""Readings in the background: one at a time, each by a command of its own, in a folder that is gone afterwards.

The command gets an order as JSON on its standard input and runs in the order's folder. It tells how far it is with one
JSON object a line on its standard output: `stage` ("loading", "reading", …), `done` and `total` reports, counts
(`read`, `known`, `failed`, `statements`, `events`), and a `failure` of `where`, `cause` and `hint` for each report that
it could not read.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reportedly.errors import SettingsError
from reportedly.review.settings import ReviewSettings

WAITING, READING, DONE, FAILED, STOPPED = "waiting", "reading", "done", "failed", "stopped"

FAILURES = 200
"""Failures of one job that are shown; the ledger holds them all."""

_KEPT = 50
"""Jobs that are over and still shown."""

_FOLDER = "reportedly-reading-"
_LINE = 64 * 1024
_GRACE_S = 10.0
_COUNTS = ("read", "known", "failed", "statements", "events", "done", "total")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read: files in the job's folder, by name, or the page at `url`. `by` is who asks."""

    ledger: str
    by: str
    files: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A report that could not be read, and what to do."""

    where: str
    cause: str
    hint: str


@dataclass(frozen=True, slots=True)
class Job:
    """One order, as far as it is. `total` is `None` while it is not known how much there is."""

    id: str
    by: str
    label: str
    made: datetime
    state: str = WAITING
    stage: str = ""
    done: int = 0
    total: int | None = None
    read: int = 0
    known: int = 0
    failed: int = 0
    statements: int = 0
    events: int = 0
    failures: tuple[Trouble, ...] = ()
    error: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (DONE, FAILED, STOPPED)


@dataclass(slots=True)
class _Work:
    """What belongs to a job that is not over."""

    order: Order
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    stopped: bool = False
    late: bool = False


@dataclass(slots=True)
class Jobs:
    """The jobs of one app. Safe to use from several threads; `close` stops what is left."""

    settings: ReviewSettings
    _jobs: dict[str, Job] = field(default_factory=dict)
    _work: dict[str, _Work] = field(default_factory=dict)
    _queue: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _worker: threading.Thread | None = None
    _closed: bool = False

    @property
    def ready(self) -> bool:
        """Whether there is a command that reads."""
        return self.settings.reader is not None

    def folder(self) -> Path:
        """A new folder for the files of a job, which nobody else may look into."""
        return Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))

    def add(self, folder: Path, *, by: str, label: str, files: tuple[str, ...] = (), url: str | None = None) -> Job:
        """A new job, which takes its turn. The folder is the job's from now on, and goes with it.

        Raises `SettingsError` where too many wait, or nothing can be read; then the folder is gone.
        """
        try:
            return self._add(folder, Order(whole_path(self.settings.ledger), by, files, url), label)
        except SettingsError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _add(self, folder: Path, order: Order, label: str) -> Job:
        job = Job(secrets.token_urlsafe(9), order.by, label, datetime.now(UTC))
        with self._lock:
            if not self.ready or self._closed:
                raise SettingsError("nothing can be read here", hint="start the app with `reportedly review`")
            if len(self._queue) >= self.settings.limits.waiting:
                raise SettingsError(f"{len(self._queue)} readings wait already", hint="try again when some are done")
            self._jobs[job.id] = job
            self._work[job.id] = _Work(order, folder)
            self._queue.append(job.id)
            over = [one for one in self._jobs.values() if one.over]
            for old in over[: max(0, len(over) - _KEPT)]:
                del self._jobs[old.id]
            if self._worker is None:
                self._worker = threading.Thread(target=self._run_all, name="readings", daemon=True)
                self._worker.start()
        return job

    def job(self, job_id: str) -> Job | None:
        """The job, as far as it is."""
        with self._lock:
            return self._jobs.get(job_id)

    def jobs(self) -> tuple[Job, ...]:
        """Every job that is still known, newest first."""
        with self._lock:
            return tuple(reversed(self._jobs.values()))

    def stop(self, job_id: str) -> None:
        """Ends a job. What it has put into the ledger stays."""
        with self._lock:
            work, job = self._work.get(job_id), self._jobs.get(job_id)
            if work is None or job is None:
                return
            work.stopped = True
            if work.process is None and job_id in self._queue:
                self._queue.remove(job_id)
                self._end(job_id, STOPPED)
            elif work.process is not None:
                _interrupt(work.process)

    def close(self) -> None:
        """Ends every job and waits until the last one is gone."""
        with self._lock:
            self._closed = True
            for job_id in list(self._queue):
                self._end(job_id, STOPPED)
            self._queue.clear()
            for work in self._work.values():
                work.stopped = True
                if work.process is not None:
                    _interrupt(work.process)
            worker = self._worker
        if worker is not None:
            worker.join()

    # The thread that works

    def _run_all(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._worker = None
                    return
                job_id = self._queue.popleft()
                self._change(job_id, state=READING, stage="starting")
                work = self._work[job_id]
            try:
                state, error = self._run(job_id, work)
            except OSError as problem:
                state, error = FAILED, f"the reader can't be started: {problem.strerror}"
            with self._lock:
                self._end(job_id, state, error)

    def _run(self, job_id: str, work: _Work) -> tuple[str, str]:
        """How it ended, and the last that it said where it failed."""
        log = work.folder / ".said"
        with log.open("wb") as said, self._start(work, said) as process:
            timer = threading.Timer(self.settings.limits.reading_seconds, self._too_late, [work])
            timer.daemon = True
            timer.start()
            try:
                self._follow(job_id, process, work.order)
            finally:
                timer.cancel()
            status = process.wait()
        if work.stopped:
            return STOPPED, ""
        if work.late:
            minutes = self.settings.limits.reading_seconds / 60
            return FAILED, f"it took longer than {minutes:g} minutes; what was read by then is in the ledger"
        if status:
            return FAILED, _last_line(log) or f"the reader ended with status {status}"
        return DONE, ""

    def _start(self, work: _Work, said: Any) -> subprocess.Popen[bytes]:
        command = self.settings.reader or ()
        # The reader takes texts of strangers apart: what signs the cookies is none of its business.
        environment = {name: value for name, value in os.environ.items() if name != "REPORTEDLY_SECRET"}
        with self._lock:
            work.process = subprocess.Popen(
                command,
                cwd=work.folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
            if work.stopped:
                _interrupt(work.process)
            return work.process

    def _follow(self, job_id: str, process: subprocess.Popen[bytes], order: Order) -> None:
        """Takes in what the command tells until it closes its output."""
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError), process.stdin as sink:  # a command that is gone already takes no order
            sink.write(json.dumps(asdict(order)).encode())
        while line := process.stdout.readline(_LINE):
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict):
                with self._lock:
                    self._note(job_id, told)

    def _too_late(self, work: _Work) -> None:
        with self._lock:
            work.late = True
            if work.process is not None:
                _interrupt(work.process)

    def _note(self, job_id: str, told: Mapping[str, Any]) -> None:
        job = self._jobs[job_id]
        changes: dict[str, Any] = {n: told[n] for n in _COUNTS if type(told.get(n)) is int and told[n] >= 0}
        if isinstance(told.get("stage"), str):
            changes["stage"] = told["stage"][:40]
        failure = told.get("failure")
        if isinstance(failure, dict) and len(job.failures) < FAILURES:
            one = Trouble(*(str(failure.get(name, ""))[:500] for name in ("where", "cause", "hint")))
            changes["failures"] = (*job.failures, one)
        self._change(job_id, **changes)

    def _end(self, job_id: str, state: str, error: str = "") -> None:
        work = self._work.pop(job_id)
        shutil.rmtree(work.folder, ignore_errors=True)
        self._change(job_id, state=state, error=error, stage="")

    def _change(self, job_id: str, **changes: Any) -> None:
        self._jobs[job_id] = replace(self._jobs[job_id], **changes)


def sweep() -> None:
    """Removes the folders of apps of ours that were cut off and could not remove them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        process = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if hasattr(os, "getuid") and process.isdigit() and not folder.is_symlink() and not _is_running(int(process)):
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid():
                    shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def whole_path(ledger: str) -> str:
    """A ledger's path or URL as it is understood in any folder."""
    if ledger.startswith("sqlite:///"):
        return f"sqlite:///{Path(ledger.removeprefix('sqlite:///')).absolute()}"
    return ledger if "://" in ledger else str(Path(ledger).absolute())


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Asks the command to end, and ends it, with all that it has started, where it doesn't."""
    _signal(process, signal.SIGINT)

    def kill() -> None:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))

    timer = threading.Timer(_GRACE_S, kill)
    timer.daemon = True
    timer.start()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is not None:
        return  # its number may be another's by now
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()


def _last_line(log: Path) -> str:
    """The last line that the command wrote to its standard error."""
    data = log.read_bytes()[-4000:]
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("reportedly: ")[:500] if lines else ""
