"""On whose word MUC-4 names the organisation behind an act, and on whose word our events do.

A key says for each organisation how sure the text is of it: REPORTED AS FACT, CLAIMED OR ADMITTED (by itself),
SUSPECTED OR ACCUSED, SUSPECTED OR ACCUSED BY AUTHORITIES, POSSIBLE. Ours follows from who tells the events of which it
is an agent: the report itself, the organisation, an authority or somebody else, and from their status and stance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportedly.evaluate.corpus import span_from
from reportedly.evaluate.metrics import touch
from reportedly.types import Event, Reading, Spans, Statement

FACT, CLAIMED = "REPORTED AS FACT", "CLAIMED OR ADMITTED"
ACCUSED, BY_AUTHORITIES = "SUSPECTED OR ACCUSED", "SUSPECTED OR ACCUSED BY AUTHORITIES"
POSSIBLE = "POSSIBLE"

AUTHORITIES = frozenset({"government", "military", "police"})


@dataclass(frozen=True, slots=True)
class Blamed:
    """An organisation that a key names: where the text does so, where it names its people, and the answers allowed."""

    named: Spans
    people: Spans
    confidence: frozenset[str]


def blamed(template: dict[str, Any]) -> tuple[Blamed, ...]:
    """The organisations of one key, each with its confidence; one that the text doesn't spell out has no spans."""
    people = tuple(span_from(m) for m in template["mentions"] if m["role"] == "perp_individual")
    found = []
    for slot in template.get("perp_org_confidence") or ():
        named = {span_from(m) for m in template["mentions"] if m["role"] == "perp_org" and m["text"] in slot["org"]}
        every = {span_from(m) for m in template["mentions"] if m["role"] == "perp_org"}
        found.append(Blamed(tuple(sorted(named or every)), people, frozenset(slot["confidence"].split(" / "))))
    return tuple(found)


def confidence(gold: Blamed, reading: Reading) -> str | None:
    """How sure the reading is that the organisation did it; `None` where no event has it, or its people, as agent."""
    statements = {s.id: s for s in reading.statements}
    answers = [
        _answer(e, statements.get(e.statement or ""), gold)
        for spans in (gold.named, gold.people)
        for e in reading.events
        if touch(spans, tuple(a.text for a in e.agents))
    ]
    return _surest(answers)


def _surest(answers: Sequence[str]) -> str | None:
    return next((a for a in (CLAIMED, FACT, BY_AUTHORITIES, ACCUSED, POSSIBLE) if a in answers), None)


def _answer(event: Event, teller: Statement | None, gold: Blamed) -> str:
    if event.status == "possible":
        return POSSIBLE
    if teller is None:
        return FACT
    if touch(teller.source, gold.named) or teller.speaker_kind == "armed_group":
        return CLAIMED
    return BY_AUTHORITIES if teller.speaker_kind in AUTHORITIES else ACCUSED
