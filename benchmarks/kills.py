"""What a thousand sudden ends do to a ledger: python benchmarks/kills.py [--kills 1000] [--reports 24] [--seed 1]

Processes that read, link, migrate, copy, export and remove are killed (SIGKILL) at random moments. After each kill the
ledger is opened and verified (`reportedly verify`), and the same command is given again until it gets to its end: what
the ledger then holds must be what it holds when nobody kills, nothing lost and nothing twice. Prints a row for each
kind of work, and the first thing that isn't as it should be; the exit status tells.

Coded reports of the corpus stand for what the model finds, so that a kill takes a second; in every twentieth reading
the model itself reads. Needs nothing but the package and its repository; not for Windows, which has no fork.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine

from reportedly import __version__
from reportedly.batch import open_readers
from reportedly.batch.local import Readers
from reportedly.batch.pool import Batch
from reportedly.claims import make_claims
from reportedly.cli.exporting import run_export
from reportedly.cli.reading import Job, Outcome
from reportedly.coded import from_coded
from reportedly.desk.linking import link_ledger
from reportedly.export.profiles import make_profile
from reportedly.export.rules import make_rule
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings
from reportedly.store import Ledger
from reportedly.store.copying import copy_ledger
from reportedly.store.migrate import upgrade
from reportedly.store.tables import VERSION_TABLE
from reportedly.types import Failure, Reading, Report, Run

CORPUS = Path(__file__).parents[1] / "corpus"
RUN = Run("gold", __version__, "coded", "conflict")
BATCH = 3
REMOVED = 3
"""Copies of each report, and how many reports are removed: all copies of the first."""


@dataclass
class World:
    """What all kinds of work start from, and what they must come to."""

    folder: Path
    reports: list[Report]
    readings: dict[str, Reading]
    linker: Linker
    pipeline: Pipeline | None = None
    wanted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """One kind of work: what it starts from, what it does, and what must be true after a kill, and at the end."""

    name: str
    share: int
    begin: Callable[[World, Path], None]
    go: Callable[[World, Path], None]
    end: Callable[[World, Path], str]
    between: Callable[[World, Path], None] = lambda world, at: None


class WrongError(Exception):
    """Something isn't as it should be."""


def main() -> int:
    """Kill, look, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--reports", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    kills: Counter[str] = Counter()
    rounds: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder), options.reports)
        times = {work.name: uninterrupted(world, work) for work in WORKS}
        names = [work for work in WORKS for _ in range(work.share)]
        while kills.total() < options.kills:
            work = rng.choice(names)
            try:
                done = one_round(world, work, times[work.name], rng)
            except WrongError as error:
                print(f"{work.name}, after {kills.total()} kills: {error}")
                return 1
            kills[work.name] += done
            rounds[work.name] += 1
    print(f"{'':16}{'rounds':>8}{'kills':>8}{'undisturbed':>14}")
    for work in WORKS:
        print(f"{work.name:16}{rounds[work.name]:>8}{kills[work.name]:>8}{times[work.name]:>13.2f}s")
    seconds = time.monotonic() - started
    print(f"{kills.total():,} kills in {seconds:,.0f} s: nothing lost, nothing twice, every ledger verified")
    return 0


def make_world(folder: Path, count: int) -> World:
    """Coded reports, each under three ids, so that incidents have copies to link; and the ledgers to start from."""
    lines = (CORPUS / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    coded = [from_coded(json.loads(line), where=f"dev.jsonl:{n}") for n, line in enumerate(lines, 1)]
    made = [
        (replace(report, id=f"{report.id}-{copy}"), replace(reading, report=f"{report.id}-{copy}", run=RUN.id))
        for report, reading in coded
        for copy in range(REMOVED)
    ][:count]
    world = World(folder, [r for r, _ in made], {r.id: reading for r, reading in made}, Linker.load(load_ontology()))
    read(world, folder / "read.db")
    shutil.copy(folder / "read.db", folder / "linked.db")
    link(world, folder / "linked.db")
    made_older(folder / "linked.db", folder / "old.db")
    world.pipeline = Pipeline.load(Settings())
    return world


def uninterrupted(world: World, work: Work) -> float:
    """How long the work takes when nobody kills it; what it comes to is what it must always come to."""
    at = world.folder / f"whole-{work.name}"
    at.mkdir()
    work.begin(world, at)
    started = time.monotonic()
    pid = forked(lambda: work.go(world, at))
    os.waitpid(pid, 0)
    seconds = time.monotonic() - started
    world.wanted[work.name] = work.end(world, at)
    shutil.rmtree(at)
    return seconds


def one_round(world: World, work: Work, seconds: float, rng: random.Random) -> int:
    """Begin, and kill and go on until the work gets to its end. How many kills there were."""
    at = world.folder / "round"
    at.mkdir()
    work.begin(world, at)
    kills = 0
    while True:
        pid = forked(lambda: work.go(world, at))
        time.sleep(rng.uniform(0, seconds * 1.1))
        if rng.random() < 0.05 or kills >= 12:
            break
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            kills += 1
            work.between(world, at)
            verify_all(at)
        elif status:
            raise WrongError(f"it ended with status {os.waitstatus_to_exitcode(status)} though nobody killed it")
        else:
            pid = forked(lambda: work.go(world, at))
            break
    _, status = os.waitpid(pid, 0)
    if status:
        raise WrongError(f"given again, it ended with status {os.waitstatus_to_exitcode(status)}")
    verify_all(at)
    if work.end(world, at) != world.wanted[work.name]:
        raise WrongError("in the end the ledger holds other things than it should")
    shutil.rmtree(at)
    return kills


def forked(go: Callable[[], None]) -> int:
    """The number of a process that does `go` and ends. It starts with all that is loaded here, so it starts at once."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with Path(os.devnull).open("w") as quiet:
            sys.stderr = quiet
            go()
        status = 0
    finally:
        os._exit(status)
    raise AssertionError("os._exit does not return")


def verify_all(at: Path) -> None:
    """Every ledger in the folder that there is."""
    for path in at.glob("*.db"):
        if path.stat().st_size == 0 or not is_ledger(path):
            continue
        with Ledger.open(path) as ledger:
            found = ledger.verify(make_claims, version=__version__)
        # A ledger that is killed before its first entry is an empty one.
        if found.faults and not (found.head is None and found.counted.get("reports", 0) == 0):
            raise WrongError(f"{path.name} is not sound: {found.faults[0]}")


def is_ledger(path: Path) -> bool:
    """Whether tables were made in the file yet."""
    with closing(sqlite3.connect(path)) as raw:
        return bool(raw.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone())


def held(path: Path) -> str:
    """A hash over all that a ledger holds but times and numbers of the log."""
    whole = hashlib.sha256()
    with Ledger.open(path) as ledger:
        for entry in ledger.entries():
            whole.update(repr((entry.report, entry.reading)).encode())
        for claim in ledger.claims():
            whole.update(repr(claim).encode())
        whole.update(repr((ledger.tally(), list(ledger.incidents()), list(ledger.origins()))).encode())
        whole.update(repr([(s.report, s.reason) for s in ledger.tombstones()]).encode())
    return whole.hexdigest()


# The kinds of work


def nothing(world: World, at: Path) -> None:
    """Begin in an empty folder."""


def starting_from(name: str) -> Callable[[World, Path], None]:
    """Begin with a copy of a ledger."""

    def begin(world: World, at: Path) -> None:
        shutil.copy(world.folder / name, at / "ledger.db")

    return begin


def read(world: World, path: Path) -> None:
    """As `reportedly read` does, with what people coded in place of the model."""

    def found(stream: Iterator[Batch]) -> Iterator[list[tuple[Report, Reading] | Failure]]:
        for batch in stream:
            yield [(report, world.readings[report.id]) for report in batch.reports]

    settings = Settings(batch=BATCH)
    with Ledger.open(path) as ledger:
        job = Job(ledger, RUN, Outcome())
        for _ in job.read(iter(world.reports), Readers(RUN, settings, found), size=BATCH):
            pass


def read_by_model(world: World, path: Path) -> None:
    """As `reportedly read` does."""
    settings = Settings(batch=1)
    with Ledger.open(path) as ledger, open_readers(settings, load=lambda _: world.pipeline) as readers:  # type: ignore[arg-type, return-value]
        job = Job(ledger, readers.run, Outcome())
        for _ in job.read(iter(world.reports[:4]), readers, size=1):
            pass


def link(world: World, path: Path) -> None:
    """As `reportedly link` does."""
    with Ledger.open(path) as ledger:
        link_ledger(ledger, world.linker)


def made_older(source: Path, target: Path, revision: str = "0002") -> None:
    """Make a ledger of an older schema that holds what `source` does, as far as that schema has a place for it."""
    engine = create_engine(f"sqlite:///{target}")
    with engine.begin() as connection:
        upgrade(connection, to=revision)
    engine.dispose()
    with closing(sqlite3.connect(target, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("ATTACH ? AS newer", (str(source),))
        for (name,) in raw.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if name != VERSION_TABLE:
                columns = ", ".join(f'"{row[1]}"' for row in raw.execute(f'PRAGMA main.table_info("{name}")'))
                raw.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM newer."{name}"')


def migrate(world: World, at: Path) -> None:
    """As any command does that opens an older ledger."""
    with Ledger.open(at / "ledger.db"):
        pass


def copy(world: World, at: Path) -> None:
    """As `reportedly copy` does. A copy that was cut short left an empty ledger, or none."""
    target = at / "copy.db"
    with Ledger.open(world.folder / "linked.db") as there, Ledger.open(target) as here:
        if here.tally().reports == 0:
            copy_ledger(there, here)


def export(world: World, at: Path) -> None:
    """As `reportedly export --replace` does, over an earlier export."""
    run_export(
        str(at / "ledger.db"),
        to="jsonl",
        out=at / "out",
        rule=make_rule(None),
        profile=make_profile("internal", as_of=date(2024, 6, 1)),
        replace=True,
    )


def begin_export(world: World, at: Path) -> None:
    """A linked ledger and an export of it."""
    starting_from("linked.db")(world, at)
    export(world, at)


def whole_export(world: World, at: Path) -> None:
    """Either export is whole, the old or the new; between the two the old one stands under another name."""
    whole = [p for p in (at / "out", *at.glob(".out-*")) if (p / "NOTES.md").exists() and (p / "LOSS.md").exists()]
    if not whole:
        raise WrongError("no export is left")
    if not (at / "out").exists():
        whole[0].rename(at / "out")


def exported(world: World, at: Path) -> str:
    """A hash over the files of the export."""
    whole = hashlib.sha256()
    for path in sorted((at / "out").iterdir()):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def purge(world: World, at: Path) -> None:
    """As `reportedly purge` does."""
    with Ledger.open(at / "ledger.db") as ledger:
        wanted = [report.id for report in world.reports[:REMOVED]]
        gone = {stone.report for stone in ledger.tombstones()}
        ledger.purge([report for report in wanted if report not in gone], reason="to see whether it can be killed")
        link_ledger(ledger, world.linker)
        ledger.scrub()


def purged(world: World, at: Path) -> str:
    """What is left, and that no title of what was removed is in the files."""
    rest = {report.text for report in world.reports[REMOVED:]}
    for report in world.reports[:REMOVED]:
        if report.text not in rest and any(report.text.encode() in path.read_bytes() for path in at.iterdir()):
            raise WrongError(f"{report.id} was removed, and its words are still there")
    return held(at / "ledger.db")


LEDGER = "ledger.db"
WORKS = (
    Work("reading", 6, nothing, lambda w, at: read(w, at / LEDGER), lambda w, at: held(at / LEDGER)),
    Work("by the model", 1, nothing, lambda w, at: read_by_model(w, at / LEDGER), lambda w, at: held(at / LEDGER)),
    Work("linking", 4, starting_from("read.db"), lambda w, at: link(w, at / LEDGER), lambda w, at: held(at / LEDGER)),
    Work("migrating", 4, starting_from("old.db"), migrate, lambda w, at: held(at / LEDGER)),
    Work("copying", 4, nothing, copy, lambda w, at: held(at / "copy.db")),
    Work("exporting", 4, begin_export, export, exported, whole_export),
    Work("removing", 2, starting_from("linked.db"), purge, purged),
)

if __name__ == "__main__":
    sys.exit(main())
