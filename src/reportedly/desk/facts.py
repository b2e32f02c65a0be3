"""The facts of incidents that pages list, filter and count: made from claims, agreement and judgements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from reportedly.export.cases import review_of, reviews
from reportedly.export.fields import EFFECTS
from reportedly.export.records import Actor, Case, Place, Told
from reportedly.export.rules import Rule, choose_facts
from reportedly.link.agreement import agree
from reportedly.link.names import Names, load_names
from reportedly.link.voices import Heard, independent, voice, who_says
from reportedly.store.base import PAGE, batched
from reportedly.store.facts import IncidentFacts, Teller, TollTold
from reportedly.types import Claim, Incident, Report

if TYPE_CHECKING:
    from reportedly.export.records import Facts
    from reportedly.store import Ledger

ROUNDS = 5
"""How often facts are made of what is left because somebody judged or linked meanwhile."""

RULE = Rule()
"""Lists show facts by the plain rule, "best"; an export may choose another."""


def renew_facts(store: Ledger, *, done: Callable[[int, int], None] = lambda made, of: None) -> int:
    """Makes the facts of all incidents that have none, and says how many. `done` hears of progress.

    Where people judge or link meanwhile, what is left is made from the new state; who judges all the time may leave
    some for the next call.
    """
    made = 0
    before: list[str] = []
    for _ in range(ROUNDS):
        with store.snapshot() as seen:
            missing = seen.without_facts()
            if missing == before:  # none, or those of which nothing can be made
                break
            before = missing
            basis, making = seen.facts_basis(), FactMaker(seen)
            for some in batched(missing, PAGE):
                if not store.save_facts(making.facts_of(list(seen.incidents_named(some))), basis=basis):
                    break
                made += len(some)
                done(made, max(made, len(missing)))
    return made


@dataclass(frozen=True, slots=True)
class _Member:
    """A claim of an incident with its report's day and arrival, and what a person decided of it."""

    heard: Heard
    added: datetime
    review: str | None


class FactMaker:
    """Makes facts for one state of a ledger's judgements and origins."""

    def __init__(self, store: Ledger, names: Names | None = None) -> None:
        self._store = store
        self._names = names or load_names()
        self._decided = reviews(store.judgements())
        self._origins = {report: origin.id for origin in store.origins() for report in origin.reports}

    def facts_of(self, incidents: Sequence[Incident]) -> list[IncidentFacts]:
        """The facts of these incidents; those none of whose claims are there any more are left out."""
        claims = self._store.claims_named(c for incident in incidents for c in incident.claims)
        days = self._store.arrivals({claim.report for claim in claims.values()})
        found = []
        for incident in incidents:
            own = [claims[c] for c in incident.claims if c in claims]
            if own:
                found.append(self._facts(incident, own, days))
        return found

    def _facts(
        self, incident: Incident, claims: Sequence[Claim], days: Mapping[str, tuple[date | None, datetime]]
    ) -> IncidentFacts:
        members = []
        for claim in claims:
            published, added = days[claim.report]
            one = Heard(claim, self._origins.get(claim.report, claim.report), published)
            members.append(_Member(one, added, review_of(claim.id, incident.id, added, self._decided)))
        # What a person rejected tells nothing; where all is rejected the facts are those of what was.
        kept = [m for m in members if m.review != "rejected"] or members
        heard = [m.heard for m in kept]
        findings = agree(heard, self._names)
        chosen = _chosen(incident, heard)
        place = chosen.place
        return IncidentFacts(
            incident=incident.id,
            kind=chosen.kind,
            status=chosen.status,
            first=chosen.first,
            last=chosen.last or chosen.first,
            place=(place.name or None) if place else None,
            country=place.country if place else None,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            precision=place.precision if place else None,
            radius_km=place.radius_km if place else None,
            agents=tuple(a.name for a in chosen.agents),
            targets=tuple(a.name for a in chosen.targets),
            tolls=tuple(TollTold(c.effect, c.low, c.best, c.high, c.open) for c in chosen.tolls),
            killed=next((c.best for c in chosen.tolls if c.effect == "killed"), None),
            verdict=next((f.verdict for f in findings if f.fact == "happened"), None),
            verdicts=tuple((f.fact, f.verdict) for f in findings),
            claims=len(members),
            reports=len({m.heard.claim.report for m in members}),
            origins=independent([h for h in heard if h.claim.status == chosen.status]),
            reviewed=_reviewed(members),
            rejected=sum(m.review == "rejected" for m in members),
            score=min((m.heard.claim.score for m in members if m.heard.claim.score is not None), default=None),
            added=max(m.added for m in members),
            actors=tuple(dict.fromkeys(n for h in heard for n in (*h.claim.agents, *h.claim.targets))),
            tellers=tuple(_tellers(heard)),
        )


def _reviewed(members: Sequence[_Member]) -> str:
    decided = sum(m.review is not None for m in members)
    return "yes" if decided == len(members) else "part" if decided else "no"


def _chosen(incident: Incident, heard: Sequence[Heard]) -> Facts:
    told = tuple(lightly(h) for h in heard)
    effects = tuple(dict.fromkeys(f.effect for h in heard for f in h.claim.toll))
    return choose_facts(Case(incident, told), RULE, sorted(effects, key=_rank))


def _rank(effect: str) -> int:
    return EFFECTS.index(effect) if effect in EFFECTS else len(EFFECTS)


def lightly(heard: Heard) -> Told:
    """What a rule needs of a claim, without its report: parties by name, the place that the claim names."""
    claim = heard.claim
    place = Place(
        claim.place or "",
        country=claim.country,
        lat=claim.lat,
        lon=claim.lon,
        precision=claim.precision,
        radius_km=claim.radius_km,
    )
    return Told(
        claim=claim,
        report=Report(claim.report, "", claim.outlet, heard.published),
        sha256="",
        origin=heard.origin,
        agents=tuple(Actor(name) for name in claim.agents),
        targets=tuple(Actor(name) for name in claim.targets),
        places=(place,) if claim.place or claim.country else (),
        voice=voice(heard),
    )


def _tellers(heard: Sequence[Heard]) -> list[Teller]:
    voices = {voice(h) for h in heard}
    by_teller: dict[tuple[str, str], list[Heard]] = {}
    for h in heard:
        by_teller.setdefault((who_says(h), h.claim.side or ""), []).append(h)
    return [
        Teller(
            who=who,
            side=side,
            speaker_kind=own[0].claim.speaker_kind or "media",
            own_voice=all(h.claim.statement is None for h in own),
            claims=len(own),
            alone=len(voices) == 1,
            denies=any(h.claim.status == "denied" for h in own),
            last=max((h.day for h in own if h.day), default=None),
        )
        for (who, side), own in by_teller.items()
    ]
