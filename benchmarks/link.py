"""How linking grows: python benchmarks/link.py [--claims 1000000] [--steps 4] [--ledger URL|FILE]

Links made-up claims, each count in a process of its own, and prints a row for each: seconds, peak memory, pairs
compared for each claim, incidents, and how well those that were made were found (B-cubed F1). The world: ten claims
a report, three years, 40 countries with 20,000 places of which a few see most of the fighting, incidents told by 1 to
40 reports. Nothing is read or stored: this is linking alone. Seeded; needs nothing but the package.

With --ledger the largest count is told in reports, which are put into the ledger there (once: a ledger that holds so
many claims is used as it is), and linked as `reportedly link --anew` does, from the first row read to the last stored.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from reportedly.evaluate.linking import b_cubed
from reportedly.link.facts import OPEN, Facts
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology

START = 738_000
DAYS = 1096
PLACES = 20_000
CLAIMS = 10
KINDS = ("air_strike", "shelling", "bombing", "shooting", "clash", "attack", "abduction", "arrest", "displacement")
COUNTRIES = 40
SIDES = ("army", "police", "northern front", "river militia", "hill guard", "council of the south")


@dataclass(frozen=True)
class Made:
    """One made-up incident."""

    name: str
    day: int
    place: int
    kind: str
    agent: str
    target: str
    killed: int
    words: tuple[str, ...]


def incidents(rng: random.Random) -> Iterator[tuple[Made, int]]:
    """Incidents without end, with how many reports tell of each."""
    for n in count():
        hot = rng.random() < 0.5
        place = int(PLACES * rng.random() ** 3) if hot else rng.randrange(PLACES)
        one = Made(
            name=f"made-{n}",
            day=START + rng.randrange(DAYS),
            place=place,
            kind=rng.choice(KINDS),
            agent=_side(rng, place),
            target=rng.choice(("civilians", "convoy", "market", "clinic", _side(rng, place), _side(rng, place))),
            killed=int(rng.paretovariate(1.2)),
            words=tuple(f"name{rng.randrange(400_000)}" for _ in range(4)),
        )
        yield one, min(40, int(rng.paretovariate(1.1)))


def _side(rng: random.Random, place: int) -> str:
    return f"{rng.choice(SIDES)} of land{place * COUNTRIES // PLACES}"


def reports(claims: int, seed: int) -> Iterator[tuple[list[Facts], list[str]]]:
    """The facts of each report, and the made-up incident of each claim."""
    rng = random.Random(seed)
    wanted = claims // CLAIMS
    tellings: list[Made] = []
    for one, times in incidents(rng):
        tellings += [one] * times
        if len(tellings) >= wanted * 2:
            break
    tellings = sorted(tellings[: wanted * 2], key=lambda m: (m.day, m.name))
    # Reports of a day tell of the incidents of the day: two each, shuffled within small windows.
    for start in range(0, len(tellings), 200):
        part = tellings[start : start + 200]
        rng.shuffle(part)
        tellings[start : start + 200] = part
    for number in range(wanted):
        told = tellings[2 * number : 2 * number + 2]
        yield _report(rng, number, told)


def _report(rng: random.Random, number: int, told: list[Made]) -> tuple[list[Facts], list[str]]:
    facts, gold = [], []
    published = max(m.day for m in told) + rng.choice((0, 0, 1, 1, 2))
    for order in range(CLAIMS):
        one = told[order * len(told) // CLAIMS]
        full = order % (CLAIMS // len(told)) == 0
        facts.append(_facts(rng, one, number=number, order=order, published=published, full=full))
        gold.append(one.name)
    return facts, gold


def _facts(rng: random.Random, one: Made, *, number: int, order: int, published: int, full: bool) -> Facts:
    dated = full or rng.random() < 0.7
    key = f"claim-{number:07d}-{order:02d}"
    killed = max(1, one.killed + rng.choice((0, 0, 0, 1, -1)))
    words = [w for w in one.words if rng.random() < (0.8 if full else 0.3)] + [f"other{rng.randrange(50_000)}"]
    return Facts(
        key=key,
        claims=(key,),
        report=f"report-{number:07d}",
        order=order,
        sentence=order,
        published=published,
        kinds=(one.kind if full or rng.random() < 0.8 else "killing",),
        trigger=one.kind[:5],
        definite=not full,
        denied=rng.random() < 0.03,
        unreal=False,
        statement=f"s{order}" if rng.random() < 0.5 else None,
        first=one.day if dated else None,
        last=one.day if dated else None,
        places=(f"place {one.place}", f"province {one.place // 400}") if full or rng.random() < 0.2 else (),
        country=f"country {one.place * COUNTRIES // PLACES}",
        point=_point(one.place) if full else None,
        agents=(one.agent,) if full or rng.random() < 0.4 else (),
        targets=(one.target,) if full or rng.random() < 0.4 else (),
        weapons=(),
        tolls=(("killed", killed, killed if rng.random() < 0.7 else OPEN),) if full or rng.random() < 0.2 else (),
        words=tuple(words),
    )


def _point(place: int) -> tuple[float, float, float]:
    return 10.0 + place // 200 * 0.12, 20.0 + place % 200 * 0.12, 3.0


def measure(claims: int) -> None:
    """Links so many claims here and prints a row."""
    linker = Linker.load(load_ontology())
    gold: dict[str, str] = {}

    def made() -> Iterator[list[Facts]]:
        for facts, names in reports(claims, seed=7):
            gold.update((f.key, name) for f, name in zip(facts, names, strict=True))
            yield facts

    start, cpu = time.perf_counter(), time.process_time()
    linked = linker.link_facts(made())
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    found = {c: i.id for i in linked.incidents for c in i.claims}
    score = b_cubed("", ((gold[c], found[c]) for c in found))
    largest = max(len(i.claims) for i in linked.incidents)
    print(
        f"{claims:>9,} {seconds:>8.1f} {cpu:>8.1f} {seconds / claims * 1e6:>10.0f} {memory:>8.2f}"
        f" {linked.compared / claims:>10.1f} {len(linked.incidents):>10,} {largest:>8} {score.f1:>6.3f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000, help="the largest count")
    parser.add_argument("--steps", type=int, default=4, help="counts, each twice the one before")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ledger", metavar="URL|FILE", help="a ledger of made-up reports, made where there is none")
    asked = parser.parse_args()
    if asked.ledger:
        from stored import measure_ledger

        measure_ledger(asked.ledger, lambda: reports(asked.claims, seed=7), asked.claims)
        return
    if asked.one:
        measure(asked.one)
        return
    print("   claims  seconds    CPU s µs a claim       GB pairs each  incidents  largest     F1")
    for step in reversed(range(asked.steps)):
        subprocess.run([sys.executable, __file__, "--one", str(asked.claims >> step)], check=True)


if __name__ == "__main__":
    main()
