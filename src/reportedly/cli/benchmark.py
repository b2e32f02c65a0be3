"""The measurements behind `reportedly bench`.

Each figure is taken from whole processes, as a user would run them, with what the kernel says they used. A rate leaves
out start-up by taking one long run less one of a single report; start-up is a figure of its own.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

from reportedly import __version__
from reportedly.errors import ReportedlyError, SettingsError
from reportedly.types import Report

WORDS = 700
"""Words of a report that is measured with."""

MEGABYTE = 1_000_000

PROGRAM = "from reportedly.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Measured:
    """Several measurements of one thing."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What `reportedly bench` prints. `words` are those of one long run."""

    version: str
    python: str
    cores: int
    runs: int
    count: int
    words: int
    reports_a_cpu_second: Measured
    two_jobs: Measured
    start_up_s: Measured
    start_up_cpu_s: Measured
    peak_memory_mb: Measured
    installed_mb: Measured


@dataclass(frozen=True, slots=True)
class Used:
    """What one process used, its children included: seconds on the clock, CPU-seconds, megabytes at its largest."""

    wall: float
    cpu: float
    memory: float


def measure(paths: Sequence[Path], *, count: int, runs: int, model: Path | None = None) -> Figures:
    """Run everything `runs` times over `count` reports made from those at `paths`; `model` is a folder of weights.

    Raises `SettingsError` where there is no example to read, `ReportedlyError` where a measured run fails.
    """
    with tempfile.TemporaryDirectory(prefix="reportedly-bench-") as folder:
        texts = long_texts(paths, count)
        many, one = Path(folder, "many.jsonl"), Path(folder, "one.jsonl")
        write_reports(many, texts)
        write_reports(one, texts[:1])
        # The first run pays for cold caches of the disk, which is no matter of ours.
        run_read(one, jobs=1, model=model)
        turns = ((one, 1), (many, 1), (one, 2), (many, 2))
        rounds = [[run_read(path, jobs=jobs, model=model) for path, jobs in turns] for _ in range(runs)]
    return Figures(
        version=__version__,
        python=platform.python_version(),
        cores=os.cpu_count() or 1,
        runs=runs,
        count=count,
        words=sum(len(text.split()) for text in texts),
        reports_a_cpu_second=measured([(count - 1) / (long.cpu - short.cpu) for short, long, _, _ in rounds]),
        two_jobs=measured([(b.wall - a.wall) / (d.wall - c.wall) for a, b, c, d in rounds]),
        start_up_s=measured([short.wall for short, *_ in rounds]),
        start_up_cpu_s=measured([short.cpu for short, *_ in rounds]),
        peak_memory_mb=measured([long.memory for _, long, *_ in rounds]),
        installed_mb=measured([installed_size("reportedly") / MEGABYTE]),
    )


def measured(values: Sequence[float]) -> Measured:
    """The median and the range of `values`, to four digits."""
    return Measured(*(float(f"{value:.4g}") for value in (median(values), min(values), max(values))))


def long_texts(paths: Sequence[Path], count: int) -> list[str]:
    """`count` texts of `WORDS` words, all different: the texts at `paths` joined in turn, each begun at another."""
    from reportedly.sources import read_paths

    found = [item.text for item in read_paths([str(path) for path in paths]) if isinstance(item, Report)]
    if not found:
        where = ", ".join(str(path) for path in paths)
        hint = "run it in the project's folder, or name files"
        raise SettingsError("holds no report to measure with", where=where, hint=hint)
    return [_long_text(found, number) for number in range(count)]


def _long_text(texts: Sequence[str], number: int) -> str:
    # The number at the head makes each text a report of its own even where there are fewer examples than reports.
    pieces = [f"Report {number + 1}."]
    words = 2
    turn = number
    while words < WORDS:
        text = texts[turn % len(texts)]
        kept = _first_words(text, WORDS - words)
        pieces.append(kept)
        words += len(kept.split())
        turn += 1
    return "\n\n".join(pieces)


def _first_words(text: str, count: int) -> str:
    """`text` up to and with its word number `count`, line breaks and all."""
    end = seen = 0
    for line in text.splitlines(keepends=True):
        words = line.split()
        if seen + len(words) >= count:
            return (text[:end] + " ".join(words[: count - seen])).strip()
        seen += len(words)
        end += len(line)
    return text.strip()


def write_reports(path: Path, texts: Sequence[str]) -> None:
    """`texts` as JSON Lines."""
    lines = [json.dumps({"id": f"bench-{n}", "text": text, "published": "2024-05-14"}) for n, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_read(path: Path, *, jobs: int, model: Path | None = None) -> Used:
    """`reportedly read` on `path` in a fresh process with a new ledger. Raises `ReportedlyError` where it fails."""
    with tempfile.TemporaryDirectory(prefix="reportedly-bench-") as folder:
        options = ["--ledger", str(Path(folder, "bench.db")), "--format", "none", "--jobs", str(jobs)]
        if model is not None:
            options += ["--model", str(model)]
        before = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, "read", str(path), *options], stderr=subprocess.PIPE)
        assert process.stderr is not None
        said = process.stderr.read().decode("utf-8", "replace").strip()
        status, cpu, memory = _wait(process)
        wall = time.perf_counter() - before
    if status != 0:
        last = said.splitlines()[-1] if said else "it said nothing"
        raise ReportedlyError(f"a measured run failed with exit status {status}: {last}")
    return Used(wall, cpu, memory)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float, float]:
    """Exit status, CPU-seconds and peak megabytes of `process` and the children that it waited for."""
    if not hasattr(os, "wait4"):
        raise ReportedlyError("this system does not tell what a process used", hint="run bench on Linux or macOS")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / MEGABYTE


def installed_size(name: str) -> int:
    """Bytes of the package `name` and of everything that it needs to run, extras left out."""
    return sum(_size(package) for package in needed(name))


def needed(name: str) -> set[str]:
    """The packages that `name` needs here, with itself, by their normal names."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[str] = set()
    waiting = [canonicalize_name(name)]
    while waiting:
        package = waiting.pop()
        if package in found:
            continue
        found.add(package)
        for line in metadata.requires(package) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return found


def _size(package: str) -> int:
    if package == "reportedly":
        # Counted where it lies: a checkout that is installed in place has no list of files. The packed gazetteer, from
        # which the index is built, stays behind in the checkout.
        return sum(_bytes(path) for path in Path(__file__).parents[1].rglob("*") if path.name != "places.tsv.gz")
    files = metadata.files(package) or ()
    return sum(_bytes(Path(str(file.locate()))) for file in files)


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0

