"""The part of benchmarks/link.py that keeps the made-up claims in a ledger and links them there."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice

from reportedly.claims import make_claims
from reportedly.desk.linking import TRIES, _link_once, _uncollected
from reportedly.evaluate.linking import b_cubed
from reportedly.ids import claim_id
from reportedly.link.facts import OPEN, Facts
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.store import Ledger
from reportedly.store.ledger import Read
from reportedly.types import Candidate, Event, Figure, Link, Party, Reading, Report, Run, Span, Statement

RUN = Run("run", "0", "none", "conflict")
BATCH = 200
SYLLABLES = [a + b for a in "ba ke di lo mu ra se ti vo zu".split() for b in "nar lem kit dos rup fan gel hab".split()]


def measure_ledger(place: str, make: Callable[[], Iterable[tuple[list[Facts], list[str]]]], claims: int) -> None:
    """Fills the ledger where it is empty, links all of it, and prints how long each took."""
    with Ledger.open(place) as ledger:
        if ledger.tally().claims < claims:
            began = time.perf_counter()
            ledger.add_run(RUN)
            reads = read_all(make())
            while batch := list(islice(reads, BATCH)):
                ledger.add(batch)
            print(f"{claims:,} claims stored in {time.perf_counter() - began:.0f} s", flush=True)
        linker = Linker.load(load_ontology())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        began, cpu = time.perf_counter(), time.process_time()
        with _uncollected():
            outcome = next(o for o in (_link_once(ledger, linker, anew=True) for _ in range(TRIES)) if o)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"{outcome.claims:,} claims linked in {seconds:.0f} s ({cpu:.0f} s of processor here), {memory:.2f} GB "
            f"({before:.2f} GB before), {outcome.incidents:,} incidents, {outcome.origins:,} origins",
            flush=True,
        )
        gold = {
            claim_id(f.report, RUN.id, f"e{f.order}"): name
            for facts, names in make()
            for f, name in zip(facts, names, strict=True)
        }
        found = {c: i.id for i in ledger.incidents() for c in i.claims}
        score = b_cubed("", ((gold[c], found[c]) for c in found if c in gold))
        print(f"B-cubed F1 {score.f1:.3f}, largest incident {max(map(found_sizes(found).get, found.values()))} claims")


def found_sizes(found: dict[str, str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for incident in found.values():
        sizes[incident] = sizes.get(incident, 0) + 1
    return sizes


def read_all(made: Iterable[tuple[list[Facts], list[str]]]) -> Iterator[Read]:
    """A report with its reading and claims for each list of facts."""
    for facts, _ in made:
        report, reading = tell(facts)
        yield report, reading, make_claims(report, reading)


def tell(facts: list[Facts]) -> tuple[Report, Reading]:
    """The facts of one report in words: a sentence for each."""
    parts: list[str] = []
    at = 0

    def add(words: str) -> Span:
        nonlocal at
        parts.append(words)
        at += len(words)
        return Span(at - len(words), at)

    statements, events = [], []
    rng = random.Random(facts[0].report)
    for f in facts:
        name = None
        if f.statement:
            source, _, cue, _ = add("Residents"), add(" "), add("said"), add(" that ")
            name, begin = f.statement, at
        events.append(_event(f, add, name))
        if name:
            content = (Span(begin, at),)
            statements.append(Statement(name, (source,), (cue,), content, "say", "civilian", speaker="Residents"))
        add(f". {' '.join(rng.choice(SYLLABLES) + rng.choice(SYLLABLES) for _ in range(12)).capitalize()}.\n")
    published = date.fromordinal(facts[0].published or 1)
    outlet = f"Paper {facts[0].report[-2:]}"
    report = Report(facts[0].report, "".join(parts), outlet, published, title="News of the day")
    return report, Reading(report.id, RUN.id, tuple(statements), tuple(events))


def _event(f: Facts, add: object, statement: str | None) -> Event:
    assert callable(add)
    agents = _parties(f.agents, add)
    add(" ")
    trigger = add(f"{f.kinds[0].replace('_', ' ')}")
    add(" of ")
    targets = _parties(f.targets, add)
    places = []
    for n, place in enumerate(f.places):
        add(" in " if not n else ", ")
        lat, lon, radius = f.point if f.point and not n else (None, None, None)
        best = Candidate(f"t:{place}", place, 1.0, country=f.country, lat=lat, lon=lon)
        places.append(Link(add(place), place, best, radius_km=radius))
    toll = []
    for effect, low, high in f.tolls:
        add(", which killed ")
        toll.append(Figure(effect, add(f"{low} people"), low, None if high == OPEN else high))
    add(", with " + " and ".join(word.capitalize() for word in f.words))
    return Event(
        id=f"e{f.order}",
        trigger=trigger,
        kind=f.kinds[0],
        status="denied" if f.denied else "asserted",
        agents=agents,
        targets=targets,
        places=tuple(places),
        toll=tuple(toll),
        statement=statement,
        first=date.fromordinal(f.first) if f.first else None,
        last=date.fromordinal(f.last) if f.last else None,
    )


def _parties(names: tuple[str, ...], add: object) -> tuple[Party, ...]:
    assert callable(add)
    made = []
    for n, name in enumerate(names):
        add(" and the " if n else "the ")
        made.append(Party(add(name), name))
    return tuple(made) if made else (add("it") and ())
