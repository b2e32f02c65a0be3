"""Invented reports for the tests of linking, written short: who says that what happened where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from reportedly.claims import make_claims
from reportedly.link.linker import Linker, Read
from reportedly.ontology import load_ontology
from reportedly.types import Candidate, Event, Figure, Link, Party, Reading, Report, Span, Statement


@dataclass(frozen=True)
class Told:
    """One event as a report tells it. `sentence` holds all the words that the others quote."""

    sentence: str
    trigger: str
    kind: str
    day: date | None = None
    until: date | None = None
    agent: str | None = None
    target: str | None = None
    place: str | None = None
    at: tuple[float, float] | None = None
    time: str | None = None
    killed: tuple[int, int | None] | None = None
    status: str = "asserted"
    speaker: str | None = None
    side: str | None = None
    same_as: str | None = None


def read(name: str, told: list[Told], *, published: date, outlet: str = "The Courier", run: str = "run-1") -> Read:
    """The report with its reading and claims; events are e1, e2 …"""
    text = " ".join(t.sentence for t in told)
    report = Report(name, text, outlet, published)
    statements: list[Statement] = []
    events = []
    start = 0
    for number, t in enumerate(told, start=1):
        base = text.index(t.sentence, start)
        start = base + len(t.sentence)
        said = None
        if t.speaker:
            said = f"s{number}"
            cue = _span(text, base, t.sentence.split()[-1])
            statements.append(Statement(said, (), (cue,), (), "say", "unknown", speaker=t.speaker, side=t.side))
        events.append(_event(t, text, base, f"e{number}", said))
    reading = Reading(report.id, run, tuple(statements), tuple(events))
    return report, reading, make_claims(report, reading)


def _event(t: Told, text: str, base: int, name: str, said: str | None) -> Event:
    def party(words: str | None) -> tuple[Party, ...]:
        return (Party(_span(text, base, words), words),) if words else ()

    trigger = _span(text, base, t.trigger)
    place: tuple[Link, ...] = ()
    if t.place:
        lat, lon = t.at or (None, None)
        best = Candidate(f"place:{t.place}", t.place, 1.0, "P", "SYR", lat, lon)
        place = (Link(_span(text, base, t.place), t.place, best, (), "near", 3.0),)
    return Event(
        id=name,
        trigger=trigger,
        kind=t.kind,
        status=t.status,
        agents=party(t.agent),
        targets=party(t.target),
        places=place,
        times=(_span(text, base, t.time),) if t.time else (),
        toll=(Figure("killed", trigger, *t.killed),) if t.killed else (),
        statement=said,
        same_as=t.same_as,
        first=t.day,
        last=t.until or t.day,
    )


def _span(text: str, base: int, words: str) -> Span:
    start = text.index(words, base)
    return Span(start, start + len(words))


@cache
def linker() -> Linker:
    """The linker with the shipped weights."""
    return Linker.load(load_ontology())


def grouped(reads: list[Read], **more: object) -> set[frozenset[str]]:
    """The incidents as sets of "report event"."""
    of = {c.id: f"{c.report} {c.event}" for _, _, claims in reads for c in claims}
    linked = linker().link(sorted(reads, key=lambda r: r[0].id), **more)  # type: ignore[arg-type]
    return {frozenset(of[c] for c in i.claims) for i in linked.incidents}
