"""JSON Lines: one incident a line, with every version, its speakers, offsets and links. It leaves the least out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.records import Actor, Count, Facts, Finding, Place, Row, Told
from reportedly.types import Figure, Part, Spans, Statement

Json = dict[str, Any]


class JsonlExport:
    """`incidents.jsonl`."""

    title: ClassVar[str] = "JSON Lines: one incident a line with all that is told of it"
    files: ClassVar[tuple[str, ...]] = ("incidents.jsonl",)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "incidents.jsonl": (
            Column("id", "the incident's id"),
            Column("kind, status", "keys of the ontology; the surest status that a claim has"),
            Column("first, last", "the days between which it happened, or null"),
            Column("agents, targets", "lists of {name, id, kind, country}, null where the authority knows nothing"),
            Column("place", "{name, id, country, lat, lon, precision, radius_km}, or null"),
            Column("weapons", "list of words"),
            Column("toll", "effect to {low, best, high, open, who, claim, claims, parts}"),
            Column("chosen", "fact to the id of the claim that it comes from"),
            Column("origins, reports", "independent origins and reports of the telling claims"),
            Column("findings", "list of {fact, verdict, origins, reason, versions}, versions with their holders"),
            Column("claims", "list: every shown claim with its report, tellers, facts, figures, quote and offsets"),
            Column("links", "list of {left, right, score, features, reason, judgement}: why claims are one incident"),
        )
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("statements that tell no event", "a line is an incident; csv and parquet have all statements"),
        Lost("the rival readings of names and places", "they stay in the ledger"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """One pass; one object a line, keys always the same and in the same order."""
        with out.text("incidents.jsonl") as file:
            for row in book.rows():
                file.write(json.dumps(line(row), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n")


def line(row: Row) -> Json:
    """A row as JSON data."""
    return {
        "id": row.incident.id,
        **_facts(row.facts),
        "origins": row.origins,
        "reports": row.reports,
        "findings": [_finding(f) for f in row.findings],
        "claims": [_told(told) for told in row.told],
        "links": [
            {
                "left": k.left,
                "right": k.right,
                "score": k.score,
                "features": dict(k.features),
                "reason": k.reason,
                "judgement": k.judgement,
            }
            for k in row.incident.links
        ],
    }


def _finding(finding: Finding) -> Json:
    return {
        "fact": finding.fact,
        "verdict": finding.verdict,
        "origins": finding.origins,
        "reason": finding.reason,
        "versions": [
            {
                "value": version.value,
                "origins": version.origins,
                "holders": [
                    {
                        "who": holder.who,
                        "side": holder.side,
                        "through": list(holder.through),
                        "since": _day(holder.since),
                        "now": holder.now,
                        "claims": list(holder.claims),
                    }
                    for holder in version.holders
                ],
            }
            for version in finding.versions
        ],
    }


def _facts(facts: Facts) -> Json:
    return {
        "kind": facts.kind,
        "status": facts.status,
        "first": _day(facts.first),
        "last": _day(facts.last),
        "agents": [_actor(a) for a in facts.agents],
        "targets": [_actor(a) for a in facts.targets],
        "place": _place(facts.place) if facts.place else None,
        "weapons": list(facts.weapons),
        "toll": {count.effect: _count(count) for count in facts.tolls},
        "chosen": dict(facts.chosen),
    }


def _told(told: Told) -> Json:
    c, r = told.claim, told.report
    return {
        "id": c.id,
        "report": {
            "id": r.id,
            "origin": told.origin,
            "outlet": r.outlet,
            "published": _day(r.published),
            "title": r.title,
            "url": r.url,
            "lang": r.lang,
            "text_sha256": told.sha256,
        },
        "run": c.run,
        "event": c.event,
        "speaker": c.speaker,
        "side": c.side,
        "speaker_kind": c.speaker_kind,
        "told_to": c.told_to,
        "stance": c.stance,
        "said_on": _day(c.said_on),
        "tellers": [_statement(s) for s in told.tellers],
        "kind": c.kind,
        "status": c.status,
        "first": _day(c.first),
        "last": _day(c.last),
        "agents": [_actor(a) for a in told.agents],
        "targets": [_actor(a) for a in told.targets],
        "places": [_place(p) for p in told.places],
        "weapons": list(told.weapons),
        "toll": [_figure(f) for f in c.toll],
        "trigger": told.trigger or None,
        "quote": told.quote,
        "evidence": _pairs(c.evidence),
        "score": c.score,
        "review": told.review,
    }


def _statement(s: Statement) -> Json:
    return {
        "id": s.id,
        "speaker": s.speaker,
        "side": s.side,
        "speaker_kind": s.speaker_kind,
        "stance": s.stance,
        "said_on": _day(s.said_on),
        "source": _pairs(s.source),
        "cue": _pairs(s.cue),
        "content": _pairs(s.content),
        "told_to": _pairs(s.told_to),
    }


def _actor(actor: Actor) -> Json:
    return {"name": actor.name, "id": actor.id, "kind": actor.kind, "country": actor.country}


def _place(place: Place) -> Json:
    return {
        "name": place.name,
        "id": place.id,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
        "precision": place.precision,
        "radius_km": place.radius_km,
    }


def _count(count: Count) -> Json:
    return {
        "low": count.low,
        "best": count.best,
        "high": count.high,
        "open": count.open,
        "who": count.who,
        "claim": count.claim,
        "claims": list(count.claims),
        "parts": [{"low": p.low, "high": p.high, "who": p.who, "group": p.group} for p in count.parts],
    }


def _figure(f: Figure) -> Json:
    told: Json = {"effect": f.effect, "text": [f.text.start, f.text.end], "low": f.low, "high": f.high, "who": f.who}
    if f.parts:
        told["parts"] = [_part(p) for p in f.parts]
    return told | {"running": True} if f.running else told


def _part(p: Part) -> Json:
    return {"text": [p.text.start, p.text.end], "low": p.low, "high": p.high, "who": p.who, "group": p.group}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _pairs(spans: Spans) -> list[list[int]]:
    return [[s.start, s.end] for s in spans]
