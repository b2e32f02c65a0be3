"""From the ledger's records to cases: what an export may need of a claim, taken out of its report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from reportedly.export.records import Actor, Place, Said, Told
from reportedly.types import Claim, Entry, Event, Judgement, Link, Party, Report, Sentence, Span, Spans, Statement

QUOTE = 200
"""Code points that a quote is cut to: an export carries short quotes, not texts."""

_AROUND = 90


def tell(
    claim: Claim,
    entry: Entry,
    *,
    origin: str,
    voice: str | None = None,
    sentences: Sequence[Sentence] = (),
    review: str | None = None,
) -> Told:
    """`claim` with what exports need of its report. `entry` must hold the reading that the claim was made from."""
    reading, text = entry.reading, entry.report.text
    event = next((e for e in reading.events if e.id == claim.event), None) if reading else None
    tellers = tuple(_tellers(claim.statement, reading.statements if reading else ()))
    trigger = event.trigger if event else None
    quoted = tellers[0].content if tellers else ()
    return Told(
        claim=claim,
        report=bare(entry.report),
        sha256=text_hash(text),
        origin=origin,
        tellers=tellers,
        agents=_actors(event.agents if event else (), claim.agents, text),
        targets=_actors(event.targets if event else (), claim.targets, text),
        places=_places(event, claim),
        weapons=tuple(" ".join(s.of(text).split()) for s in event.weapons) if event else (),
        trigger=trigger.of(text) if trigger else "",
        quote=quote_of(quoted, text) if quoted else _around(trigger, text),
        quoted=quoted[0] if quoted else trigger,
        sentence=_sentence(trigger, sentences),
        review=review,
        voice=voice,
    )


def say(statement: Statement, entry: Entry, claims: Sequence[Claim], reviewed: Mapping[str, str | None]) -> Said:
    """`statement` of the report `entry` with its content, shortened. `claims` are the report's, `reviewed` by id."""
    told = [c for c in claims if c.statement == statement.id]
    found = {reviewed.get(c.id) for c in told}
    review = "accepted" if "accepted" in found else "rejected" if found == {"rejected"} else None
    return Said(
        report=bare(entry.report),
        sha256=text_hash(entry.report.text),
        statement=statement,
        quote=quote_of(statement.content, entry.report.text),
        claims=tuple(c.id for c in told),
        last=max((day for c in told if (day := c.last or c.first)), default=None),
        review=review,
    )


def bare(report: Report) -> Report:
    """The report without its text and without the path that it was read from: neither leaves the ledger."""
    return Report(
        id=report.id,
        text="",
        outlet=report.outlet,
        published=report.published,
        title=report.title,
        url=report.url,
        lang=report.lang,
        received_sha256=report.received_sha256,
    )


def text_hash(text: str) -> str:
    """The SHA-256 of the text in UTF-8, which offsets are good for."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def quote_of(spans: Spans, text: str) -> str | None:
    """The pieces of a quote on one line, cut to `QUOTE` code points; `None` for no pieces."""
    whole = " … ".join(" ".join(s.of(text).split()) for s in spans)
    if len(whole) > QUOTE:
        whole = whole[: QUOTE - 1].rsplit(" ", 1)[0] + "…"
    return whole or None


def reviews(judgements: Iterable[Judgement]) -> dict[str, tuple[str, datetime]]:
    """What was last decided of each claim or incident: accepted or rejected, and when. What was undone doesn't count.

    `judgements` come in the order in which they were made.
    """
    kept: dict[str, Judgement] = {}
    for judgement in judgements:
        if judgement.action == "undo":
            for subject in judgement.subjects:
                kept.pop(subject, None)
        else:
            kept[judgement.id] = judgement
    words = {"accept": "accepted", "reject": "rejected"}
    return {s: (words[j.action], j.made) for j in kept.values() if j.action in words for s in j.subjects}


def review_of(claim: str, incident: str, added: datetime, decided: dict[str, tuple[str, datetime]]) -> str | None:
    """What a person decided of this claim: of it alone, else of its incident once its report (`added`) was there."""
    if claim in decided:
        return decided[claim][0]
    verdict, made = decided.get(incident, (None, added))
    return verdict if made >= added else None


def _tellers(statement: str | None, statements: Sequence[Statement]) -> Iterator[Statement]:
    by_id = {s.id: s for s in statements}
    seen: set[str] = set()
    while statement in by_id and statement not in seen:
        seen.add(statement)
        yield by_id[statement]
        statement = by_id[statement].inside


def _actors(parties: Sequence[Party], names: Sequence[str], text: str) -> tuple[Actor, ...]:
    if len(parties) != len(names):
        return tuple(Actor(name) for name in names)
    actors = []
    for party, name in zip(parties, names, strict=True):
        best = party.link.best if party.link else None
        words = " ".join(party.text.of(text).split())
        known = (best.id, best.kind, best.country) if best else (None, None, None)
        actors.append(Actor(name, words, *known))
    return tuple(actors)


def _places(event: Event | None, claim: Claim) -> tuple[Place, ...]:
    if event is None or not event.places:
        if claim.place is None:
            return ()
        at = (claim.lat, claim.lon, claim.precision, claim.radius_km)
        return (Place(claim.place, None, None, claim.country, *at),)
    return tuple(_place(link) for link in event.places)


def _place(link: Link) -> Place:
    best = link.best
    if best is None:
        return Place(link.name, precision=link.precision, radius_km=link.radius_km)
    lat, lon = (best.lat, best.lon) if best.lat is not None and best.lon is not None else (None, None)
    return Place(best.name, best.id, best.kind, best.country, lat, lon, link.precision, link.radius_km)


def _around(span: Span | None, text: str) -> str | None:
    """Some words around the trigger, within its paragraph, for what the report tells in its own voice."""
    if span is None:
        return None
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _AROUND)
    end = min((text.find("\n", span.end) + 1 or len(text) + 1) - 1, span.end + _AROUND)
    before, after = text[start : span.start], text[span.end : end]
    if start and text[start - 1] not in "\n " and " " in before:
        before = "…" + before.split(" ", 1)[1]
    if end < len(text) and text[end] not in "\n " and " " in after:
        after = after.rsplit(" ", 1)[0] + "…"
    return " ".join(f"{before}{span.of(text)}{after}".split())


def _sentence(span: Span | None, sentences: Sequence[Sentence]) -> int | None:
    if span is None:
        return None
    return next((n for n, s in enumerate(sentences, 1) if s.span.start <= span.start < s.span.end), None)
