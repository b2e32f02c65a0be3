"""Many at one ledger: python benchmarks/many.py --ledger URL [--seconds 60] [--writers 20] [--readers 200]

Writers add reports (the same ones, in other orders), judge claims and read; readers look things up, search and list
incidents; one program links again and again beside them. Each has a connection of its own. At the end everything that
anybody was told is stored must be there, once, with all that belongs to it, and verify must find no fault; linking all
of it anew must give what the linking beside the writers gave; and the server must have seen no deadlock. Prints what
was done, how long it took in the middle and at the slow end, and what went wrong; the exit status is 1 where anything
did.

    python -m tests.postgres --durable python benchmarks/many.py

starts a PostgreSQL server for it (the database is filled and left to go with the server). Without --ledger the URL is
that of the environment variable which that command sets. A SQLite file can be given too; it has one writer at a time.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

from find import WORDS, invented
from sqlalchemy import func, select, text

from reportedly import __version__
from reportedly.claims import make_claims
from reportedly.desk.linking import link_ledger
from reportedly.errors import ReportedlyError
from reportedly.ids import judgement_id
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.store import Ledger, tables
from reportedly.store.conditions import Query
from reportedly.types import Judgement, Run

THREADS = 25
"""Writers or readers a process."""

RUNS = [Run(f"run-{n}", "0", "none", "conflict") for n in range(2)]
STARTING = 200
"""Reports that are there when all begin."""


class Told:
    """What one thread did: how long each kind of thing took, what it was told is stored, what went wrong."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.readings: set[tuple[str, str]] = set()
        self.judgements: set[str] = set()
        self.errors: Counter[str] = Counter()

    def time(self, what: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            result = act()
        except ReportedlyError as error:
            self.errors[f"{what}: {error.what}"] += 1
            return None
        self.took[what].append(time.perf_counter() - began)
        return result

    def join(self, other: Told) -> None:
        for what, times in other.took.items():
            self.took[what] += times
        self.readings |= other.readings
        self.judgements |= other.judgements
        self.errors += other.errors


def write(place: str, number: int, until: float, told: Told) -> None:
    """A writer: batches of reports that others add too, and judgements on claims of them."""
    rng = random.Random(number)
    claims: list[str] = []
    with Ledger.open(place, by=f"writer {number}") as ledger:
        while time.time() < until:
            some = [read_of(rng.randrange(200_000) if rng.random() < 0.7 else rng.randrange(400)) for _ in range(4)]
            if told.time("add four reports", lambda some=some: ledger.add(some)) is not None:
                told.readings |= {(r.id, reading.run) for r, reading, _ in some}
                claims = [c.id for _, _, made in some for c in made] + claims[:200]
            judgement = judged(rng, claims, f"writer {number}")
            before = sum(map(len, told.took.values()))
            told.time("judge", lambda judgement=judgement: ledger.judge(judgement))
            if sum(map(len, told.took.values())) > before:
                told.judgements.add(judgement.id)


def read_of(number: int) -> Any:
    """Report `number`, always the same, as one of the runs read it."""
    rng = random.Random(number)
    report, reading, _ = invented(number, rng)
    reading = replace(reading, run=RUNS[number % len(RUNS)].id)
    return report, reading, make_claims(report, reading)


def judged(rng: random.Random, claims: list[str], by: str) -> Judgement:
    action = rng.choice(("merge", "split", "accept", "reject"))
    count = 2 if action in ("merge", "split") else 1
    subjects = tuple(rng.sample(claims, count)) if len(claims) > 1 else ("none", "no")
    made = datetime.now(UTC)
    return Judgement(judgement_id(made.isoformat(), by, action, subjects), made, by, action, subjects)


def look(place: str, number: int, until: float, told: Told) -> None:
    """A reader, who also sees to it that what belongs together is seen together."""
    rng = random.Random(-number - 1)
    with Ledger.open(place, create=False) as ledger:
        acts: list[tuple[str, Callable[[], Any]]] = [
            ("look up a report", lambda: whole(ledger, rng)),
            ("search for a word", lambda: ledger.find(Query(rng.choice(WORDS)), limit=5)),
            ("twenty incidents", lambda: some_incidents(ledger, rng)),
            ("count", ledger.tally),
            ("judgements", ledger.judgements),
        ]
        while time.time() < until:
            what, act = rng.choice(acts)
            if told.time(what, act) == "torn":
                told.errors[f"{what}: seen in part"] += 1
            time.sleep(rng.random() * 0.5)  # people think


def whole(ledger: Ledger, rng: random.Random) -> str:
    read = next(iter(ledger.reads([f"r{rng.randrange(400):07}"])), None)
    return "torn" if read and not (len(read[1].events) == len(read[1].statements) == len(read[2]) == 5) else "whole"


def some_incidents(ledger: Ledger, rng: random.Random) -> str:
    claims = [c.id for _, _, made in ledger.reads([f"r{rng.randrange(400):07}"]) for c in made]
    with ledger.snapshot() as seen:
        ids = seen.incidents_of(claims)
        found = {c: i.id for i in seen.incidents_named(ids.values()) for c in i.claims}
    return "torn" if any(found.get(claim) != incident for claim, incident in ids.items()) else "whole"


def link(place: str, number: int, until: float, told: Told) -> None:
    linker = Linker.load(load_ontology())
    with Ledger.open(place, by="linker") as ledger:
        while time.time() < until:
            told.time("link what is new", lambda: link_ledger(ledger, linker))


def crowd(place: str, part: Callable[..., None], numbers: list[int], seconds: float, results: Any, start: Any) -> None:
    """One process: its threads, each with a number, begin together with those of the others."""
    all_told = [Told() for _ in numbers]
    start.wait(120)
    until = time.time() + seconds
    threads = [
        threading.Thread(target=part, args=(place, n, until, told)) for n, told in zip(numbers, all_told, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Told()
    for told in all_told:
        whole.join(told)
    results.put(whole)


def crowds(options: argparse.Namespace) -> Iterator[tuple[Callable[..., None], list[int]]]:
    for part, count in ((write, options.writers), (look, options.readers), (link, 1)):
        for first in range(0, count, THREADS):
            yield part, list(range(first, min(first + THREADS, count)))


def faults(place: str, told: Told) -> list[str]:
    """What the ledger lacks of what was told, has twice, or has in part."""
    found = [f"{count} times: {what}" for what, count in told.errors.items()]
    r, s, c, p = tables.readings.c, tables.statements.c, tables.claims.c, tables.passages.c
    with Ledger.open(place, create=False) as ledger:
        with ledger._reading() as connection:
            stored = {(row.report, row.run) for row in connection.execute(select(r.report, r.run))}
            for table, column in ((tables.statements, s.reading), (tables.claims, c.reading)):
                per = select(column, func.count().label("n")).select_from(table).group_by(column).subquery()
                whole = connection.scalar(select(func.count()).select_from(per).where(per.c.n == 5))
                if whole != len(stored):
                    found.append(f"{len(stored) - (whole or 0)} readings lack some of their {table.name}")
            reports = connection.scalar(select(func.count()).select_from(tables.reports))
            passages = connection.scalar(select(func.count()).select_from(tables.passages))
            if passages != (reports or 0) + 5 * len(stored):
                found.append(f"{passages} passages for {reports} reports and {len(stored)} readings")
            twice = select(p.report).where(p.reading.is_(None)).group_by(p.report).having(func.count() > 1)
            found += [f"report {one} is indexed twice" for one in connection.scalars(twice)]
            if connection.dialect.name == "postgresql":
                asked = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                if deadlocks := connection.scalar(asked):
                    found.append(f"{deadlocks} deadlocks")
        if lost := told.readings - stored:
            found.append(f"{len(lost)} readings are lost")
        if lost_judgements := told.judgements - {j.id for j in ledger.judgements()}:
            found.append(f"{len(lost_judgements)} judgements are lost")
        verified = ledger.verify(make_claims, version=__version__, advance=lambda *_: None)
        found += [f"verify: {fault}" for fault in verified.faults]
        linker = Linker.load(load_ontology())
        link_ledger(ledger, linker)
        grown = (list(ledger.incidents()), list(ledger.origins()), ledger.neighbourhoods())
        link_ledger(ledger, linker, anew=True)
        if grown != (list(ledger.incidents()), list(ledger.origins()), ledger.neighbourhoods()):
            found.append("linking beside the writers came to other incidents than linking anew")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ledger", metavar="URL|FILE", default=os.environ.get("REPORTEDLY_TEST_POSTGRES"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--readers", type=int, default=200)
    options = parser.parse_args()
    if not options.ledger:
        parser.error("--ledger is missing")
    with Ledger.open(options.ledger) as ledger:
        for run in RUNS:
            ledger.add_run(run)
        ledger.add([read_of(number) for number in range(STARTING)])
        link_ledger(ledger, Linker.load(load_ontology()))
    context = get_context("spawn")
    parts = list(crowds(options))
    results, start = context.Queue(), context.Barrier(len(parts))
    children = [
        context.Process(target=crowd, args=(options.ledger, part, numbers, options.seconds, results, start))
        for part, numbers in parts
    ]
    for child in children:
        child.start()
    told = Told()
    for _ in children:
        told.join(results.get())
    for child in children:
        child.join()
    print(f"{options.writers} writers, {options.readers} readers and a linker for {options.seconds:.0f} s")
    print(f"{'what':22} {'times':>8} {'median':>10} {'95 of 100':>10} {'slowest':>10}")
    for what, times in sorted(told.took.items()):
        slow = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        columns = "".join(f"{value * 1000:>8.0f} ms" for value in (statistics.median(times), slow, max(times)))
        print(f"{what:22} {len(times):>8,}{columns}")
    print(f"{len(told.readings):,} readings and {len(told.judgements):,} judgements were told to be stored")
    wrong = faults(options.ledger, told)
    for fault in wrong:
        print(f"WRONG: {fault}")
    if not wrong:
        print("all of it is there, once and whole; verify is clean; no deadlock, no error")
        print("linking anew gives the same incidents")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
