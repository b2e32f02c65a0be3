"""On whose word MUC-4 names the organisation behind an act, and on whose word our events do.

A key says for each organisation how sure the text is of it: REPORTED AS FACT, CLAIMED OR ADMITTED (by itself),
SUSPECTED OR ACCUSED, SUSPECTED OR ACCUSED BY AUTHORITIES, POSSIBLE. Ours follows from who tells the events of which it
is an agent: the report itself, the organisation, an authority or somebody else, and from their status and stance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportedly.evaluate.corpus import span_from
from reportedly.evaluate.metrics import touch
from reportedly.types import Event, Reading, Span, Spans, Statement

FACT, CLAIMED = "REPORTED AS FACT", "CLAIMED OR ADMITTED"
ACCUSED, BY_AUTHORITIES = "SUSPECTED OR ACCUSED", "SUSPECTED OR ACCUSED BY AUTHORITIES"
POSSIBLE = "POSSIBLE"

AUTHORITIES = frozenset({"government", "military", "police"})
ACCUSES = frozenset({"accuse", "think"})
SUSPECTS = ACCUSES | {"claim"}
"""Stances of one who does not know: who plainly says that somebody did it reports it as a fact."""

OWNS = frozenset({"claim", "confirm"})
"""Stances of one who says that the act is their own."""
VICTIMS = frozenset({"phys_target", "victim_name", "victim_desc"})


@dataclass(frozen=True, slots=True)
class Blamed:
    """An organisation that a key names: where the text does so, its people, whom they hit, and the answers allowed."""

    named: Spans
    people: Spans
    victims: Spans
    answers: frozenset[str]


def blamed(template: dict[str, Any]) -> tuple[Blamed, ...]:
    """The organisations of one key, each with its confidence; one that the text doesn't spell out has no spans."""
    by_role: dict[str, set[Span]] = {}
    spelt: dict[str, set[Span]] = {}
    for m in template["mentions"]:
        role = "victims" if m["role"] in VICTIMS else m["role"]
        by_role.setdefault(role, set()).add(span_from(m))
        if role == "perp_org":
            spelt.setdefault(m["text"], set()).add(span_from(m))
    people, victims, every = (tuple(sorted(by_role.get(r, ()))) for r in ("perp_individual", "victims", "perp_org"))
    found = []
    for slot in template.get("perp_org_confidence") or ():
        named = tuple(sorted(span for name in slot["org"] for span in spelt.get(name, ())))
        answers = frozenset(part.strip() for part in slot["confidence"].split("/"))
        found.append(Blamed(named or every, people, victims, answers))
    return tuple(found)


def confidence(gold: Blamed, reading: Reading) -> str:
    """How sure the reading is that the organisation did it.

    A text may blame it for several acts: the events with one of this act's victims among their targets count first, and
    those that have the organisation itself as agent before those that have its people. Where no event has either, it
    counts who accuses the organisation; where nobody does, the text names it in its own voice.
    """
    if any(s.stance in OWNS and s.source and touch(s.source, gold.named) for s in reading.statements):
        return CLAIMED
    statements = {s.id: s for s in reading.statements}
    found = {_answer(e, statements.get(e.statement or ""), gold) for e in acts(gold, reading)}
    if not found:
        accusing = [
            s for s in reading.statements if s.stance in ACCUSES and gold.named and touch(s.content, gold.named)
        ]
        official = all(s.speaker_kind in AUTHORITIES for s in accusing)
        return FACT if not accusing else BY_AUTHORITIES if official else ACCUSED
    return next(a for a in (CLAIMED, FACT, BY_AUTHORITIES, ACCUSED, POSSIBLE) if a in found)


def acts(gold: Blamed, reading: Reading) -> list[Event]:
    """The events that have the organisation, or its people, as agent: those on which the answer rests."""
    on_victims = [e for e in reading.events if any(touch((t.text,), gold.victims) for t in e.targets)]
    for events in (on_victims, reading.events):
        for doers in (gold.named, gold.people):
            done = [e for e in events if any(touch((a.text,), doers) for a in e.agents)] if doers else []
            if done:
                return done
    return []


def _answer(event: Event, teller: Statement | None, gold: Blamed) -> str:
    """What one event says, by who tells it. A plain statement by an authority is taken as fact; one by anybody else is
    a suspicion, as the keys have it; who claims an act without being the authorities speaks for those who did it."""
    if teller is None:
        return POSSIBLE if event.status == "possible" else FACT
    itself = any(touch((span,), (*gold.named, *gold.people)) for span in teller.source)
    if itself or (teller.speaker is not None and teller.speaker in {a.name for a in event.agents}):
        return CLAIMED if teller.stance in OWNS | {"say", "promise"} else FACT
    if teller.speaker_kind in AUTHORITIES:
        return BY_AUTHORITIES if teller.stance in SUSPECTS else FACT
    return CLAIMED if teller.stance == "claim" else ACCUSED
