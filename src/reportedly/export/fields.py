"""The tidy columns of incidents, claims and statements, which csv, parquet, jsonl and geojson share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from reportedly.export.base import Column
from reportedly.export.records import Facts, Place, Row, Said, Told
from reportedly.export.tolls import toll_of
from reportedly.types import Claim, Spans

EFFECTS = ("killed", "injured", "missing", "captured", "displaced")
"""The effects that have columns; an ontology may have more, whose tolls `jsonl` alone holds."""

FACTS = ("happened", "who", "whom", "where", "when", *EFFECTS)

Value = str | int | float | bool | date | list[str] | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A column: its name, its type (text, day, whole, real, truth or list), what it holds, and how it is got."""

    name: str
    type: str
    meaning: str
    get: Callable[[T], Value]


def columns(fields: Iterable[Field[T]]) -> tuple[Column, ...]:
    """The fields as columns for notes and reference, their type in the meaning."""
    return tuple(Column(f.name, f"{f.meaning} ({f.type})") for f in fields)


def values(fields: Iterable[Field[T]], record: T) -> dict[str, Value]:
    """What stands in each column for this record."""
    return {f.name: f.get(record) for f in fields}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the row that it belongs to."""

    row: Row
    told: Told


def claim_rows(row: Row) -> Iterator[ClaimRow]:
    """The claims of a row, in the incident's order."""
    return (ClaimRow(row, told) for told in row.told)


def _place(row: Row) -> Place:
    return row.facts.place or Place("")


def _count(facts: Facts, effect: str, what: str) -> Value:
    count = facts.toll(effect)
    value: Value = getattr(count, what) if count else None
    return value


def _toll_fields(effect: str) -> Iterator[Field[Row]]:
    words = {
        "low": "the lowest figure that anyone tells",
        "best": "the figure that the rule chose",
        "high": "the highest figure that anyone tells",
    }
    for what, meaning in words.items():
        yield Field(f"{effect}_{what}", "whole", f"{effect}: {meaning}", _counting(effect, what))
    yield Field(f"{effect}_open", "truth", f"{effect}: high was told as “at least”", _counting(effect, "open"))
    yield Field(f"{effect}_claim", "text", f"id of the claim that {effect}_best comes from", _counting(effect, "claim"))


def _counting(effect: str, what: str) -> Callable[[Row], Value]:
    return lambda row: _count(row.facts, effect, what)


def _verdict(fact: str) -> Callable[[Row], Value]:
    return lambda row: row.verdict(fact)


INCIDENT: tuple[Field[Row], ...] = (
    Field("id", "text", "the incident's id", lambda r: r.incident.id),
    Field("kind", "text", "its kind, a key of the ontology", lambda r: r.facts.kind),
    Field("status", "text", "the surest status that a claim has: asserted, possible, planned, demanded or denied",
          lambda r: r.facts.status),
    Field("first", "day", "the first day on which it may have happened", lambda r: r.facts.first),
    Field("last", "day", "the last day on which it may have happened", lambda r: r.facts.last),
    Field("place", "text", "the most exact place named", lambda r: _place(r).name or None),
    Field("place_id", "text", "its id in the gazetteer", lambda r: _place(r).id),
    Field("country", "text", "ISO 3166-1 alpha-3", lambda r: _place(r).country),
    Field("lat", "real", "degrees north, WGS 84; empty where not known", lambda r: _place(r).lat),
    Field("lon", "real", "degrees east", lambda r: _place(r).lon),
    Field("precision", "text", "exact, near, route, district, province, country or coarsened",
          lambda r: _place(r).precision),
    Field("radius_km", "real", "how far off the coordinates may be", lambda r: _place(r).radius_km),
    Field("agents", "list", "who did it, as reported", lambda r: [a.name for a in r.facts.agents]),
    Field("agent_ids", "list", "their ids in the authority, those that it knows",
          lambda r: [a.id for a in r.facts.agents if a.id]),
    Field("targets", "list", "who or what suffered it, as reported", lambda r: [a.name for a in r.facts.targets]),
    Field("target_ids", "list", "their ids in the authority, those that it knows",
          lambda r: [a.id for a in r.facts.targets if a.id]),
    Field("weapons", "list", "with what, in the report's words", lambda r: list(r.facts.weapons)),
    *(field for effect in EFFECTS for field in _toll_fields(effect)),
    Field("origins", "whole", "independent origins of the telling claims", lambda r: r.origins),
    Field("reports", "whole", "reports of the telling claims", lambda r: r.reports),
    Field("claims", "whole", "claims shown", lambda r: len(r.told)),
    *(Field(f"verdict_{fact}", "text", f"what agreement finds of “{fact}”: single, corroborated, acknowledged, "
            "disputed or revised", _verdict(fact)) for fact in FACTS),
)  # fmt: skip


def _ranges(spans: Spans) -> list[str]:
    return [f"{s.start}-{s.end}" for s in spans]


def _figure(effect: str, what: str) -> Callable[[ClaimRow], Value]:
    def get(one: ClaimRow) -> Value:
        toll = toll_of(one.told, effect)
        value: Value = getattr(toll, what) if toll else None
        return value

    return get


def _claim(get: Callable[[Claim], Value]) -> Callable[[ClaimRow], Value]:
    return lambda one: get(one.told.claim)


CLAIM: tuple[Field[ClaimRow], ...] = (
    Field("id", "text", "the claim's id", _claim(lambda c: c.id)),
    Field("incident", "text", "the incident that it belongs to", lambda o: o.row.incident.id),
    Field("report", "text", "the report's id", _claim(lambda c: c.report)),
    Field("origin", "text", "the report's origin: copies of one text have one", lambda o: o.told.origin),
    Field("outlet", "text", "who published the report", _claim(lambda c: c.outlet)),
    Field("published", "day", "when", lambda o: o.told.report.published),
    Field("title", "text", "the report's title", lambda o: o.told.report.title),
    Field("url", "text", "the report's web address", lambda o: o.told.report.url),
    Field("text_sha256", "text", "hash of the report's text, which offsets count in", lambda o: o.told.sha256),
    Field("run", "text", "the run of the reader", _claim(lambda c: c.run)),
    Field("event", "text", "the event's id in the report", _claim(lambda c: c.event)),
    Field("statement", "text", "the id of the statement that tells it, empty for the report's own voice",
          _claim(lambda c: c.statement)),
    Field("speaker", "text", "who says it, empty for the report's own voice", _claim(lambda c: c.speaker)),
    Field("side", "text", "for whom the speaker speaks", _claim(lambda c: c.side)),
    Field("speaker_kind", "text", "a key of the ontology", _claim(lambda c: c.speaker_kind)),
    Field("told_to", "text", "to whom, or through whom", _claim(lambda c: c.told_to)),
    Field("stance", "text", "how it is said, a key of the ontology", _claim(lambda c: c.stance)),
    Field("said_on", "day", "when it was said", _claim(lambda c: c.said_on)),
    Field("kind", "text", "the event's kind", _claim(lambda c: c.kind)),
    Field("status", "text", "asserted, denied, planned, possible or demanded", _claim(lambda c: c.status)),
    Field("first", "day", "the first day on which it may have happened", _claim(lambda c: c.first)),
    Field("last", "day", "the last day on which it may have happened", _claim(lambda c: c.last)),
    Field("place", "text", "the most exact place named", _claim(lambda c: c.place)),
    Field("country", "text", "ISO 3166-1 alpha-3", _claim(lambda c: c.country)),
    Field("lat", "real", "degrees north, WGS 84", _claim(lambda c: c.lat)),
    Field("lon", "real", "degrees east", _claim(lambda c: c.lon)),
    Field("precision", "text", "how exact the place is", _claim(lambda c: c.precision)),
    Field("radius_km", "real", "how far off the coordinates may be", _claim(lambda c: c.radius_km)),
    Field("agents", "list", "who did it, as told", _claim(lambda c: list(c.agents))),
    Field("targets", "list", "who or what suffered it, as told", _claim(lambda c: list(c.targets))),
    Field("weapons", "list", "with what, in the report's words", lambda o: list(o.told.weapons)),
    *(Field(f"{effect}_{what}", type_, f"{effect}: {meaning}", _figure(effect, what))
      for effect in EFFECTS
      for what, type_, meaning in (("low", "whole", "the low end of the figure told"),
                                   ("high", "whole", "its high end, empty for “at least”"),
                                   ("who", "text", "whom it counts"))),
    Field("trigger", "text", "the word that names the event", lambda o: o.told.trigger or None),
    Field("quote", "text", "what the teller said, cut to 200 characters", lambda o: o.told.quote),
    Field("evidence", "list", "offsets start-end (code points) that the claim rests on, the trigger's first",
          _claim(lambda c: _ranges(c.evidence))),
    Field("score", "real", "how sure the reader is, 0 to 1", _claim(lambda c: c.score)),
    Field("review", "text", "accepted where a person did", lambda o: o.told.review),
)  # fmt: skip

STATEMENT: tuple[Field[Said], ...] = (
    Field("report", "text", "the report's id", lambda s: s.report.id),
    Field("id", "text", "the statement's id in the report", lambda s: s.statement.id),
    Field("outlet", "text", "who published the report", lambda s: s.report.outlet),
    Field("published", "day", "when", lambda s: s.report.published),
    Field("speaker", "text", "who says it", lambda s: s.statement.speaker),
    Field("side", "text", "for whom the speaker speaks", lambda s: s.statement.side),
    Field("speaker_kind", "text", "a key of the ontology", lambda s: s.statement.speaker_kind),
    Field("stance", "text", "how it is said, a key of the ontology", lambda s: s.statement.stance),
    Field("said_on", "day", "when it was said", lambda s: s.statement.said_on),
    Field("inside", "text", "the statement whose content holds it", lambda s: s.statement.inside),
    Field("source", "list", "offsets of the words that name the speaker", lambda s: _ranges(s.statement.source)),
    Field("cue", "list", "offsets of the words that make it a statement", lambda s: _ranges(s.statement.cue)),
    Field("content", "list", "offsets of what was said", lambda s: _ranges(s.statement.content)),
    Field("told_to", "list", "offsets of the words for whom it was told to", lambda s: _ranges(s.statement.told_to)),
    Field("quote", "text", "what was said, cut to 200 characters", lambda s: s.quote),
    Field("claims", "list", "ids of the claims that it tells, shown or not", lambda s: list(s.claims)),
    Field("text_sha256", "text", "hash of the report's text, which offsets count in", lambda s: s.sha256),
    Field("score", "real", "how sure the reader is, 0 to 1", lambda s: s.statement.score),
)  # fmt: skip
