"""How fast `reportedly find` is on a large ledger: `python benchmarks/find.py --claims 100000`.

Makes a ledger of invented reports in a temporary folder (or at --keep, where it stays and is used again), prints how
long that took and how large it is, and then the median of each query: by the clock, and in processor time, which tells
more on a machine that is busy with other things. Opening the ledger and printing are not counted.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.store.conditions import Near, Query
from reportedly.types import Candidate, Claim, Event, Figure, Link, Party, Reading, Report, Run, Span, Statement

EACH = 5
"""Claims a report."""

TOWNS = [(f"Town{n}", -30 + (n * 37 % 700) / 10, -15 + (n * 61 % 600) / 10) for n in range(400)]
ACTORS = [f"{word} {body}" for word in ("Northern", "Blue", "River", "Hill") for body in ("Army", "Front", "Guard")]
WORDS = [f"{a}{b}" for a in "ba ke di lo mu ra se ti vo zu".split() for b in "nar lem kit dos rup fan gel hab".split()]
DEEDS = {"shelling": "shelled", "air_strike": "bombed", "killing": "killed", "arrest": "arrested", "clash": "fought"}

QUERIES = {
    "a rare word": Query("babanar kekelem"),
    "a common word": Query("killed"),
    "two common words": Query("killed market"),
    "a phrase": Query('"killed people in the market"'),
    "a beginning": Query("kill*"),
    "a word and a kind": Query("market", kinds=("air_strike",)),
    "a word near a place": Query("market", near=Near(TOWNS[7][1], TOWNS[7][2], 50.0)),
    "near a place": Query(near=Near(TOWNS[7][1], TOWNS[7][2], 50.0)),
    "a month": Query(first=date(2020, 6, 1), last=date(2020, 6, 30)),
    "an actor": Query(actors=("Blue Guard",)),
    "a speaker who denies": Query(speaker="river", stances=("deny",)),
    "everything at once": Query(
        "market", date(2020, 1, 1), date(2021, 1, 1), Near(0.0, 0.0, 2000.0), ("killing",), ("Hill Army",), "front"
    ),
}


def main() -> None:
    """Make the ledger and time the queries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "ledger.db"
        if not path.exists():
            began = time.perf_counter()
            fill(path, options.claims // EACH)
            print(f"{options.claims:,} claims kept in {time.perf_counter() - began:.1f} s")
        print(f"{path.stat().st_size / 2**20:.0f} MiB")
        with Ledger.open(path, create=False) as ledger:
            for name, query in QUERIES.items():
                clock, work = [], []
                for _ in range(options.repeat):
                    began = (time.perf_counter(), time.process_time())
                    total = ledger.find(query).total
                    clock.append((time.perf_counter() - began[0]) * 1000)
                    work.append((time.process_time() - began[1]) * 1000)
                medians = f"{statistics.median(clock):7.0f} ms {statistics.median(work):7.0f} ms of processor"
                print(f"{name:22} {medians} {total:8,} reports")


def fill(path: Path, reports: int) -> None:
    """A ledger of so many reports, always the same."""
    rng = random.Random(7)
    run = Run("run", "0", "none", "conflict")
    with Ledger.open(path) as ledger:
        ledger.add_run(run)
        batch = []
        for read in (invented(number, rng) for number in range(reports)):
            batch.append(read)
            if len(batch) == 500:
                ledger.add(batch)
                batch = []
        ledger.add(batch)


def invented(number: int, rng: random.Random) -> tuple[Report, Reading, tuple[Claim, ...]]:
    """Report `number`: some statements, each of which tells an event, and as many words of nothing between them."""
    parts: list[str] = []
    statements, events = [], []
    day = date(2020, 1, 1) + timedelta(days=rng.randrange(1500))
    at = 0

    def add(words: str) -> Span:
        nonlocal at
        parts.append(words)
        at += len(words)
        return Span(at - len(words), at)

    for k in range(EACH):
        kind = rng.choice(list(DEEDS))
        town, lat, lon = rng.choice(TOWNS)
        speaker, agent = rng.choice(ACTORS), rng.choice(ACTORS)
        source, _, cue = add(f"The {speaker}"), add(" "), add("said")
        add(" that ")
        begin = at
        who, _, trigger = add(f"the {agent}"), add(" "), add(DEEDS[kind])
        add(" ")
        count = rng.randrange(1, 90)
        toll = add(f"{count} people")
        add(" in the market of ")
        place = add(town)
        content = Span(begin, at)
        stance = rng.choice(("say", "say", "say", "deny", "accuse"))
        statements.append(Statement(f"s{k}", (source,), (cue,), (content,), stance, "military", speaker=speaker))
        best = Candidate(f"t:{town}", town, 1.0, lat=lat, lon=lon)
        where = (Link(place, town, best, radius_km=5.0),)
        killed = (Figure("killed", toll, count, count),)
        event = Event(f"e{k}", trigger, kind, "asserted", (Party(who, agent),), places=where, toll=killed)
        events.append(replace(event, statement=f"s{k}", first=day, last=day))
        add(". " + "".join(f"{word} " for word in sentence(rng)) + "\n")
    report = Report(f"r{number:07}", "".join(parts), f"Paper {number % 40}", day, title=f"Report {number}")
    reading = Reading(report.id, "run", tuple(statements), tuple(events))
    return report, reading, make_claims(report, reading)


def sentence(rng: random.Random) -> Iterator[str]:
    """Words of an invented language, some of them rare."""
    for _ in range(60):
        yield rng.choice(WORDS) if rng.random() < 0.7 else rng.choice(WORDS)[:2] + rng.choice(WORDS)


if __name__ == "__main__":
    main()
