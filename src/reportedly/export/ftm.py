"""FollowTheMoney entities, one a line: incidents as Event, known actors, reports as Article, claims as Documentation.

Schemata and properties are those of followthemoney 3 and 4. Ids are made from ours, so that files of one ledger merge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.records import Actor, Count, Row, Told
from reportedly.types import Report

Entity = dict[str, Any]

_SCHEMATA: Mapping[str, str] = MappingProxyType(
    {"person": "Person", "government": "PublicBody", "military": "PublicBody", "police": "PublicBody",
     "organ": "PublicBody", "company": "Company"}
)  # fmt: skip
"""Our kinds of actors to schemata; what is not listed is an Organization."""


class FtmExport:
    """`entities.ftm.json`."""

    title: ClassVar[str] = "FollowTheMoney entities, one a line"
    files: ClassVar[tuple[str, ...]] = ("entities.ftm.json",)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "entities.ftm.json": (
            Column("Event", "an incident: name, startDate, endDate, location, country, involved, keywords, notes"),
            Column("Organization, PublicBody, Company, Person", "an actor that the authority knows: name, country"),
            Column("Article", "a report: title, publishedAt, publisher, sourceUrl"),
            Column("Documentation", "a claim: which Article tells of which Event, in whose words, when it was said"),
        )
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("who did it and who suffered it", "Event has the one property involved; notes tell them apart in words"),
        Lost("coordinates", "Event has none; location is the place's name"),
        Lost("tolls as numbers", "Event has no property for them; notes hold them in words"),
        Lost("offsets of claims", "Documentation has none; its summary is the quote"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """One pass. What was written is remembered by a hash of its id, so that actors and reports come once."""
        seen: set[bytes] = set()
        with out.text(self.files[0]) as file:
            for row in book.rows():
                unnamed = sum(a.id is None for a in row.facts.agents + row.facts.targets)
                if unnamed:
                    what = "agents and targets that the authority doesn't know"
                    out.lost(what, "an entity is somebody in particular; the Event's notes name them", unnamed)
                for entity in entities(row):
                    mark = hashlib.blake2b(entity["id"].encode(), digest_size=12).digest()
                    if mark not in seen:
                        seen.add(mark)
                        file.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")) + "\n")


def entities(row: Row) -> Iterator[Entity]:
    """The entities of one incident: actors and articles before the event and the documentation that point to them."""
    known = [a for a in row.facts.agents + row.facts.targets if a.id is not None]
    for actor in known:
        schema = _SCHEMATA.get(actor.kind or "", "Organization")
        yield _entity(_actor_id(actor), schema, name=[actor.name], country=_countries([actor.country]))
    for told in row.told:
        yield _article(told.report)
    yield _event(row, known)
    for told in row.told:
        yield _documentation(row, told)


def _parts(count: Count) -> str:
    """ " Of these: 3 children, at least 2 medics."; nothing where no part is named."""
    told = [
        f"{'at least ' if p.high is None else ''}{p.low} {p.who or p.group}" for p in count.parts if p.who or p.group
    ]
    return f" Of these: {', '.join(told)}." if told else ""


def _event(row: Row, known: Sequence[Actor]) -> Entity:
    facts, place = row.facts, row.facts.place
    where, when = (place.name if place else None), facts.first.isoformat() if facts.first else None
    name = ", ".join(part for part in (facts.kind.replace("_", " "), where, when) if part)
    notes = [f"Status: {facts.status}."]
    notes += [f"{word}: {', '.join(a.name for a in actors)}."
              for word, actors in (("Agents", facts.agents), ("Targets", facts.targets)) if actors]  # fmt: skip
    notes += [f"{c.effect}: lowest {c.low}, chosen {c.best}, highest {c.high}.{_parts(c)}" for c in facts.tolls]
    notes += [f"{f.fact}: {f.verdict}. {f.reason}".strip() for f in row.findings]
    return _entity(
        row.incident.id,
        "Event",
        name=[f"Reported {name}"],
        startDate=[when],
        endDate=[facts.last.isoformat() if facts.last else None],
        location=[where],
        country=_countries([place.country if place else None]),
        involved=[_actor_id(a) for a in known],
        keywords=[facts.kind],
        notes=notes,
    )


def _article(report: Report) -> Entity:
    return _entity(
        _id("report", report.id),
        "Article",
        title=[report.title],
        publishedAt=[report.published.isoformat() if report.published else None],
        publisher=[report.outlet],
        sourceUrl=[report.url],
    )


def _documentation(row: Row, told: Told) -> Entity:
    claim = told.claim
    said = f"{told.teller or 'unnamed'} ({claim.stance or 'in its own voice'}, {claim.status})"
    day = told.day
    return _entity(
        claim.id,
        "Documentation",
        document=[_id("report", told.report.id)],
        entity=[row.incident.id],
        role=["claim"],
        summary=[f"{said}: {told.quote}" if told.quote else said],
        date=[day.isoformat() if day else None],
    )


def _entity(key: str, schema: str, **properties: Sequence[str | None]) -> Entity:
    kept = {name: list(dict.fromkeys(v for v in some if v)) for name, some in properties.items()}
    return {"id": key, "schema": schema, "properties": {name: some for name, some in kept.items() if some}}


def _id(kind: str, name: str) -> str:
    """An id that FollowTheMoney takes, whatever signs are in ours."""
    return f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def _actor_id(actor: Actor) -> str:
    return _id("actor", actor.id or actor.name)


def _countries(codes: Sequence[str | None]) -> list[str | None]:
    """FollowTheMoney writes countries as ISO 3166-1 alpha-2 in lower case."""
    return [_iso2().get(code) for code in codes if code]


@cache
def _iso2() -> Mapping[str, str]:
    table = resources.files("reportedly").joinpath("data/authorities/states.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()]
    three, two = rows[0].index("iso3"), rows[0].index("iso2")
    return {row[three]: row[two].lower() for row in rows[1:] if row[three] and row[two]}
