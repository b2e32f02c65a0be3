"""How quickly pages answer: python benchmarks/review.py [--claims 100000] [--ledger FILE] [--each 15]

The ledger is made of the coded reports of the corpus, again and again on other days and under other ids, and linked;
with --ledger it is kept in that file and used again. Then the app, in this process, is asked for each kind of page,
--each times with other filters, incidents and words every time, and as often for the parts of the pages that scripts
fetch. Times are those of the whole answer as a client sees it, the median and the 95th percentile in milliseconds, and
beside them the same of the processor's time, which a busy machine doesn't stretch.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from fastapi.testclient import TestClient

from reportedly.claims import make_claims
from reportedly.coded import from_coded
from reportedly.desk.linking import link_ledger
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger
from reportedly.store.filter import Filter
from reportedly.store.ledger import Read
from reportedly.types import Candidate, Event, Link, Reading, Report, Run

CORPUS = Path(__file__).parents[1] / "corpus"
RUN = Run("run-bench", "0", "none", "conflict")
APART = 23
"""Days between one copy of a report and the next: too many for the two to be taken for one happening."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--each", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.ledger or Path(folder) / "large.db"
        if not path.exists():
            fill(path, options.claims)
        measure(path, options.each)


def fill(path: Path, claims: int) -> None:
    """A linked ledger of at least so many claims."""
    started, made = time.perf_counter(), 0
    with Ledger.open(path) as store:
        store.add_run(RUN)
        batch: list[Read] = []
        for one in copies():
            batch.append(one)
            made += len(one[2])
            if len(batch) == 200 or made >= claims:
                store.add(batch)
                batch = []
            if made >= claims:
                break
        read = time.perf_counter()
        outcome = link_ledger(store, Linker.load(load_ontology()))
    stored, linked = read - started, time.perf_counter() - read
    say(f"{outcome.claims:,} claims, {outcome.incidents:,} incidents")
    say(f"stored in {stored:.0f} s, linked in {linked:.0f} s")


def copies() -> Iterator[Read]:
    """The coded reports, then all of them again some days later, without end."""
    lines = [line for name in ("train", "dev") for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    coded = [from_coded(json.loads(line), where="corpus") for line in lines]
    number = 0
    while True:
        for report, reading in coded:
            yield shifted(report, reading, number)
        number += 1


def shifted(report: Report, reading: Reading, number: int) -> Read:
    """The report as of some days later, in other words at its end, at points made up from names and number."""
    later = timedelta(days=number * APART)
    name = f"{report.id}-{number}"
    text = f"{report.text}\n\nEdition {number}."
    moved = replace(report, id=name, text=text, published=report.published + later if report.published else None)
    statements = tuple(replace(s, said_on=_day(s.said_on, later)) for s in reading.statements)
    events = tuple(_event(e, later, number) for e in reading.events)
    read = replace(reading, report=name, run=RUN.id, statements=statements, events=events)
    return moved, read, make_claims(moved, read)


def _event(event: Event, later: timedelta, number: int) -> Event:
    first, last = _day(event.first, later), _day(event.last, later)
    return replace(event, first=first, last=last, places=tuple(_placed(link, number) for link in event.places))


def _placed(link: Link, number: int) -> Link:
    best = link.best or Candidate(f"made:{link.name}", link.name, 1.0)
    chance = random.Random(f"{best.name} {number % 5}")
    at = replace(best, lat=round(chance.uniform(-10, 40), 3), lon=round(chance.uniform(-15, 60), 3))
    return replace(link, best=at, precision="near", radius_km=5.0)


def _day(day: date | None, later: timedelta) -> date | None:
    return day + later if day else None


def measure(path: Path, each: int) -> None:
    """Ask for every kind of page, and print how long the answers took."""
    app = create_app(ReviewSettings(str(path), "large"))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        store: Ledger = app.state.site.ledger
        tally, incidents = store.tally(), store.count_incidents()
        say(f"{tally.reports:,} reports, {tally.claims:,} claims, {incidents:,} incidents")
        everything: list[tuple[float, float]] = []
        print(f"{'page':32}  {'median ms':>9}  {'p95 ms':>7}  {'cpu':>7}  {'cpu p95':>7}  {'KB':>5}")
        for name, address in pages(store, random.Random(7)).items():
            client.get(address(0))
            times: list[tuple[float, float]] = []
            size = 0
            for n in range(1, each + 1):
                asked = address(n)
                started, spent = time.perf_counter(), time.process_time()
                answer = client.get(asked)
                times.append((1000 * (time.perf_counter() - started), 1000 * (time.process_time() - spent)))
                assert answer.status_code == 200, (asked, answer.status_code, answer.text[:300])
                size = max(size, len(answer.content))
            everything += times
            print(f"{name:32}  {shares(times)}  {size / 1000:5.0f}", flush=True)
        print(f"{'all':32}  {shares(everything)}")


def pages(store: Ledger, chance: random.Random) -> dict[str, Callable[[int], str]]:
    """For each kind of page, its n-th address."""
    ids = store.ids_of(Filter())
    large = [f.incident for f in store.find_incidents(Filter(), order="reports", limit=200)]
    actors = [name for name, _ in store.names_told("actor", limit=60)]
    speakers = [name for name, _ in store.names_told("speaker", limit=60)]
    kinds = list(store.count_kinds(Filter()))
    words = "market hospital drone village mortar convoy children bridge camp river school checkpoint".split()
    verdicts = ("disputed", "revised", "acknowledged", "corroborated", "single")
    first = date(2019, 1, 1)

    def query(**parts: object) -> str:
        return urlencode({k: v for k, v in parts.items() if v is not None})

    def days() -> dict[str, object]:
        start = first + timedelta(days=chance.randrange(1500))
        return {"first": start, "last": start + timedelta(days=chance.choice((7, 60, 400)))}

    def box() -> str:
        west, south = chance.uniform(-15, 50), chance.uniform(-10, 35)
        return f"{west:.2f},{south:.2f},{west + 8:.2f},{south + 6:.2f}"

    return {
        "overview": lambda n: "/" if n % 2 else f"/?page={n + 1}",
        "overview, days": lambda n: f"/?{query(**days())}",
        "overview, a kind and a verdict": lambda n: f"/?{query(kind=kinds[n % len(kinds)], verdict=verdicts[n % 5])}",
        "overview, an actor": lambda n: f"/?{query(actor=actors[n % len(actors)])}",
        "overview, a speaker": lambda n: f"/?{query(speaker=speakers[n % len(speakers)])}",
        "overview, a box": lambda n: f"/?{query(box=box())}",
        "overview, most killed": lambda n: f"/?{query(order='killed', page=n + 1)}",
        "overview, words": lambda n: f"/?{query(words=words[n % len(words)])}",
        "names as they are typed": lambda n: f"/names/actor?letters={actors[n % len(actors)][:4]}",
        "incident": lambda n: f"/incidents/{ids[(n * 997) % len(ids)]}",
        "incident of many reports": lambda n: f"/incidents/{large[n % len(large)]}",
        "speakers": lambda n: f"/speakers?page={n + 1}",
        "a speaker": lambda n: f"/speaker?{query(name=speakers[n % len(speakers)])}",
        "publish": lambda n: f"/publish?{query(kind=kinds[n % len(kinds)])}",
        "API, incidents": lambda n: f"/api/v1/incidents?{query(kind=kinds[n % len(kinds)], limit=100, skip=n * 10)}",
        "API, an incident": lambda n: f"/api/v1/incidents/{ids[(n * 991) % len(ids)]}",
        "API, find": lambda n: f"/api/v1/find?{query(words=words[n % len(words)], limit=20)}",
        "queue": lambda n: f"/queue?page={n + 1}",
    }


def shares(times: list[tuple[float, float]]) -> str:
    """Median and 95th percentile, by the clock and of the processor's time."""
    clock, spent = [t for t, _ in times], [t for _, t in times]
    return f"{share(clock, 0.5):9.0f}  {share(clock, 0.95):7.0f}  {share(spent, 0.5):7.0f}  {share(spent, 0.95):7.0f}"


def share(times: list[float], part: float) -> float:
    """The value that this part of the times lies at or below."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
