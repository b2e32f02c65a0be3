"""Claims: one row for each event, told by whoever tells it.

Who tells an event
    The teller is the *innermost* statement that holds the event: its speaker, side, kind of speaker, stance and day of
    saying are the claim's. An event in no statement is told by the report in its own voice: those fields are `None`,
    and its outlet is the teller.

Through whom
    `told_to` is the words that the innermost statement gives for whom it was told to ("told AFP"). Where it gives none
    and lies inside other statements, `told_to` is the speaker of the nearest of these that names one: in "SANA quoted a
    military source as saying that …" the speaker is the military source and `told_to` is SANA, the relay.

Where
    `place` is the first place of the event, the most exact one; coordinates are that place's or none. `country` is that
    of the first place that has one: a village that no gazetteer knows still lies in the province named after it.

How sure
    `score` is the lower of the event's and its statement's: a claim is no surer than either of its halves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reportedly.errors import CorpusError
from reportedly.ids import claim_id
from reportedly.types import Candidate, Claim, Event, Link, Party, Reading, Report, Span, Spans, Statement


def make_claims(report: Report, reading: Reading) -> tuple[Claim, ...]:
    """One claim for each event of `reading`, in its order.

    `evidence` lists, each span once: the trigger; the cue, source and told-to of the telling statement, then those of
    the statements around it; the toll; places; agents; targets; times; weapons. Raises `CorpusError` where the reading
    is of another report, or names a statement that it doesn't hold.
    """
    if reading.report != report.id:
        hint = "a report's claims come from its own reading"
        raise CorpusError(f"the reading is of {reading.report!r}", where=report.id, hint=hint)
    statements = {s.id: s for s in reading.statements}
    return tuple(_claim(report, reading.run, event, _tellers(event, statements, report.id)) for event in reading.events)


def _claim(report: Report, run: str, event: Event, tellers: tuple[Statement, ...]) -> Claim:
    teller = tellers[0] if tellers else None
    place = event.places[0] if event.places else None
    best = place.best if place else None
    return Claim(
        id=claim_id(report.id, run, event.id),
        report=report.id,
        run=run,
        event=event.id,
        statement=teller.id if teller else None,
        outlet=report.outlet,
        speaker=teller.speaker if teller else None,
        side=teller.side if teller else None,
        speaker_kind=teller.speaker_kind if teller else None,
        told_to=_told_to(report.text, tellers),
        stance=teller.stance if teller else None,
        said_on=teller.said_on if teller else None,
        kind=event.kind,
        status=event.status,
        agents=tuple(_name(p, report.text) for p in event.agents),
        targets=tuple(_name(p, report.text) for p in event.targets),
        place=(best.name if best else place.name) if place else None,
        country=next((b.country for b in _bests(event.places) if b.country), None),
        lat=best.lat if best else None,
        lon=best.lon if best else None,
        precision=place.precision if place else None,
        radius_km=place.radius_km if place else None,
        first=event.first,
        last=event.last,
        toll=event.toll,
        evidence=_evidence(event, tellers),
        score=_lower(event.score, teller.score if teller else None),
    )


def _tellers(event: Event, statements: Mapping[str, Statement], report: str) -> tuple[Statement, ...]:
    """The statement that tells the event, then those around it, innermost first."""
    found: dict[str, Statement] = {}
    at = event.statement
    while at is not None and at not in found:  # statements that lie in one another in a circle end the walk
        if at not in statements:
            raise CorpusError(f"{event.id} is told by {at!r}, which is no statement of the reading", where=report)
        found[at] = statements[at]
        at = statements[at].inside
    return tuple(found.values())


def _told_to(text: str, tellers: tuple[Statement, ...]) -> str | None:
    if not tellers:
        return None
    relays = (s.speaker or _words(s.source, text) for s in tellers[1:])
    return _words(tellers[0].told_to, text) or next((r for r in relays if r), None)


def _words(spans: Spans, text: str) -> str | None:
    """The words of the pieces, their white space as single blanks; `None` for no pieces."""
    return " ".join(" ".join(s.of(text) for s in spans).split()) or None


def _name(party: Party, text: str) -> str:
    best = party.link.best if party.link else None
    return party.name or (best.name if best else None) or " ".join(party.text.of(text).split())


def _bests(links: Iterable[Link]) -> Iterator[Candidate]:
    return (link.best for link in links if link.best)


def _evidence(event: Event, tellers: tuple[Statement, ...]) -> Spans:
    spans: list[Span] = [event.trigger]
    for s in tellers:
        spans += s.cue + s.source + s.told_to
    spans += [f.text for f in event.toll]
    spans += [p.text for p in event.places]
    spans += [p.text for p in event.agents + event.targets]
    spans += event.times + event.weapons
    return tuple(dict.fromkeys(spans))


def _lower(one: float | None, other: float | None) -> float | None:
    return min((s for s in (one, other) if s is not None), default=None)
