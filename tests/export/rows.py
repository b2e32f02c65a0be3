"""Rows of invented incidents for the tests of exports, as `Book.rows` gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reportedly.export.records import Actor, Count, Facts, Place, Row, Told
from reportedly.types import Claim, Incident, Report, Span

LAKE_TOWN = Place("Lake Town", id="geonames:1", country="NOR", lat=61.25, lon=9.75, precision="exact", radius_km=5.0)


def actors(cell: str) -> tuple[Actor, ...]:
    """`"military:Northern Army/NOR; villagers"`: kind of the authority, name, country; all but the name optional."""
    found = []
    for part in filter(None, (p.strip() for p in cell.split(";"))):
        named, _, country = part.partition("/")
        kind, colon, name = named.partition(":")
        found.append(Actor(name if colon else named, kind=kind if colon else None, country=country or None))
    return tuple(found)


def report(number: int = 1, **changes: object) -> Report:
    made = Report(
        f"r{number}", "", "Lake Gazette", date(2021, 3, number + 3), f"News {number}", f"https://lake.example/{number}"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def told(number: int, kind: str, *, trigger: str = "", speaker: str | None = None, **changes: object) -> Told:
    """A claim of report `number`."""
    of = report(number)
    claim = Claim(
        id=f"c{number}", report=of.id, run="run-1", event="e1", statement=None, outlet=of.outlet, speaker=speaker,
        side=None, speaker_kind=None, told_to=None, stance=None, said_on=None, kind=kind, status="asserted", agents=(),
        targets=(), place="Lake Town", country="NOR", lat=61.25, lon=9.75, precision="exact", radius_km=5.0,
        first=date(2021, 3, 2), last=date(2021, 3, 2), toll=(), evidence=(Span(10, 17),), score=None,
    )  # fmt: skip
    made = Told(claim, of, "0" * 64, of.id, trigger=trigger, quote="Shots were heard at the bridge", sentence=1)
    return replace(made, **changes)  # type: ignore[arg-type]


def row(facts: Facts, *tellings: Told, number: int = 1) -> Row:
    tellings = tellings or (told(1, facts.kind),)
    incident = Incident(f"incident-{number}", tuple(t.claim.id for t in tellings))
    return Row(incident, tellings, facts, len({t.origin for t in tellings}), len(tellings), number)


def count(effect: str, low: int, best: int, high: int, who: str | None = None) -> Count:
    return Count(effect, low, best, high, "c1", ("c1",), who=who)


def scene_row(kind: str, agents: str, targets: str, words: str, killed: str) -> Row:
    """A row for a scene of `mappings.tsv`. `words` are the trigger, then weapons; `killed` describes three dead."""
    trigger, *weapons = (w.strip() for w in words.split(";"))
    facts = Facts(
        kind, "asserted", date(2021, 3, 2), date(2021, 3, 2), actors(agents), actors(targets), LAKE_TOWN,
        weapons=tuple(weapons), tolls=(count("killed", 3, 3, 3, killed),) if killed else (), chosen=(("kind", "c1"),),
    )  # fmt: skip
    return row(facts, told(1, kind, trigger=trigger))
