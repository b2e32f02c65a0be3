"""Folding edits into a reading: whatever the edits, a sound reading comes of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.claims import make_claims
from reportedly.coded import check, to_coded
from reportedly.errors import EditError
from reportedly.ontology import load_ontology
from reportedly.review.fold import EVENT_FIELDS, PARTS, STATEMENT_FIELDS, Coding, apply, fold, free_id
from reportedly.store.codings import OPS, Edit, make_edit
from reportedly.types import Candidate, Link, Party, Reading, Report, Span
from tests.review.ledgers import coded_reads

ONTOLOGY = load_ontology()
READS = [(report, reading) for report, reading, _ in coded_reads()]
NESTED = max(READS, key=lambda r: sum(s.inside is not None for s in r[1].statements))


def edit(report: Report, op: str, **details: Any) -> Edit:
    return make_edit(by="ana", report=report.id, base="run-1", op=op, details=details)


def folded(report: Report, reading: Reading, *edits: Edit) -> Coding:
    return fold(report, reading, edits, ontology=ONTOLOGY)


@st.composite
def asked(draw: st.DrawFn, report: Report, reading: Reading, earlier: list[Edit]) -> tuple[str, dict[str, Any]]:
    """Edits as people, programs and the malicious may ask for them."""
    ids = [s.id for s in reading.statements] + [e.id for e in reading.events] + ["s91", "e91", "nothing"]
    number = st.integers(-2, len(report.text) + 2)
    some = st.one_of(
        st.none(),
        st.sampled_from(ids),
        st.lists(number, max_size=3),
        st.lists(st.lists(number, min_size=2, max_size=2), max_size=3),
        st.sampled_from([*ONTOLOGY.kinds, *ONTOLOGY.statuses, *ONTOLOGY.stances, *ONTOLOGY.speaker_kinds]),
        st.sampled_from(["2024-02-30", "2024-02-03", "2020-01-01", "", " a\u00a0 name ", "x\0", "9"]),
        number,
    )
    op = draw(st.sampled_from([*OPS, "burn"]))
    details: dict[str, Any] = {
        "id": draw(st.sampled_from(ids)),
        "field": draw(st.sampled_from([*STATEMENT_FIELDS, *EVENT_FIELDS, *PARTS, "id", "score"])),
        "value": draw(some),
        "text": draw(st.one_of(some, st.sampled_from([[e.trigger.start, e.trigger.end] for e in reading.events]))),
        "ids": draw(st.lists(st.sampled_from(ids), max_size=3)),
        "what": draw(st.sampled_from(["statement", "event", "rumour"])),
        "edit": draw(st.sampled_from([e.id for e in earlier] or ["none"])),
    }
    for name in ("name", "low", "high", "effect", "kind", "content", "trigger", "statement", "inside", "candidate"):
        if draw(st.booleans()):
            details[name] = draw(st.one_of(some, st.sampled_from(["killed", "bombing"])))
    return op, details


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_no_edits_make_a_faulty_reading(data: st.DataObject) -> None:
    report, reading = data.draw(st.sampled_from(READS))
    edits: list[Edit] = []
    for _ in range(data.draw(st.integers(1, 8))):
        op, details = data.draw(asked(report, reading, edits))
        if op == "add" and data.draw(st.booleans()):
            details["id"] = free_id(details["what"], reading, edits)
        edits.append(edit(report, op, **details))
    coding = folded(report, reading, *edits)
    assert check(to_coded(report, coding.reading), ontology=ONTOLOGY) == []
    assert len(make_claims(report, coding.reading)) == len(coding.reading.events)
    assert coding == folded(report, reading, *edits)
    assert coding.reading == folded(report, reading, *coding.standing).reading
    ids = {s.id for s in coding.reading.statements} | {e.id for e in coding.reading.events}
    assert coding.touched <= ids
    assert coding.added <= coding.touched


@pytest.mark.parametrize(("report", "reading"), READS, ids=lambda r: getattr(r, "id", ""))
def test_a_reading_that_nobody_edits_keeps_its_entries(report: Report, reading: Reading) -> None:
    coding = folded(report, reading)
    assert set(coding.reading.statements) == set(reading.statements)
    assert set(coding.reading.events) == set(reading.events)
    assert coding.touched == frozenset()


def test_accepting_takes_the_score_away_and_changes_nothing_else() -> None:
    report, reading = READS[0]
    scored = replace(reading, events=tuple(replace(e, score=0.4) for e in reading.events))
    name = scored.events[0].id
    coding = folded(report, scored, edit(report, "accept", ids=[name]))
    assert set(coding.reading.events) == {replace(scored.events[0], score=None), *scored.events[1:]}
    assert coding.touched == {name}


def test_what_a_rejected_statement_told_is_told_by_the_one_around_it() -> None:
    report, reading = NESTED
    inner = next(s for s in reading.statements if s.inside and any(e.statement == s.id for e in reading.events))
    coding = folded(report, reading, edit(report, "reject", id=inner.id))
    for event in coding.reading.events:
        before = next(e for e in reading.events if e.id == event.id)
        assert event.statement == (inner.inside if before.statement == inner.id else before.statement)
    assert coding.rejected == (inner,)


def test_the_first_mention_after_a_rejected_event_takes_its_place() -> None:
    report, reading = next((r, x) for r, x in READS if any(e.same_as for e in x.events))
    again = [e for e in reading.events if e.same_as]
    first = again[0].same_as
    coding = folded(report, reading, edit(report, "reject", id=first))
    left = {e.id: e for e in coding.reading.events}
    heirs = [e for e in again if e.same_as == first]
    assert left[heirs[0].id].same_as is None
    assert all(left[e.id].same_as == heirs[0].id for e in heirs[1:])


def test_undo_and_undo_of_undo() -> None:
    report, reading = READS[0]
    name = reading.events[0].id
    first = edit(report, "set", id=name, field="kind", value="siege")
    second = edit(report, "set", id=name, field="kind", value="riot")
    undo = edit(report, "undo", edit=second.id)
    redo = edit(report, "undo", edit=undo.id)

    def kind(*edits: Edit) -> str:
        return next(e.kind for e in folded(report, reading, *edits).reading.events if e.id == name)

    assert kind(first, second) == "riot"
    assert kind(first, second, undo) == "siege"
    assert kind(first, second, undo, redo) == "riot"


def test_an_edit_of_what_was_never_added_is_passed_over() -> None:
    report, reading = READS[0]
    add = edit(report, "add", what="event", id="e90", trigger=[0, 5], kind="riot")
    change = edit(report, "set", id="e90", field="status", value="denied")
    assert "e90" in folded(report, reading, add, change).added
    coding = folded(report, reading, add, change, edit(report, "undo", edit=add.id))
    assert [e.id for e, _ in coding.passed] == [change.id]
    assert "e90" in coding.passed[0][1]


def test_a_place_is_chosen_among_those_that_were_weighed() -> None:
    report, reading = READS[0]
    here, there = Candidate("geonames:1", "Here", 2.0, lat=1.0, lon=2.0), Candidate("geonames:2", "There", 1.0)
    event = replace(reading.events[0], places=(Link(Span(0, 4), "Here", best=here, rivals=(there,)),))
    reading = replace(reading, events=(event, *reading.events[1:]))
    put = edit(report, "put", id=event.id, field="places", text=[0, 4], candidate="geonames:2")
    place = next(e for e in folded(report, reading, put).reading.events if e.id == event.id).places[0]
    assert place.best == there
    assert place.rivals == (here,)
    wrong = folded(
        report, reading, edit(report, "put", id=event.id, field="places", text=[0, 4], candidate="geonames:9")
    )
    assert "geonames:2" in wrong.passed[0][1]


def test_a_new_place_or_party_is_taken_for_what_the_same_words_were() -> None:
    report, reading = READS[0]
    words = report.text.split()[3]
    span = Span(report.text.index(words), report.text.index(words) + len(words))
    place = Link(Span(0, 4), words, best=Candidate("geonames:1", "Here", 2.0, lat=1.0, lon=2.0), precision="near")
    actor = Link(span, words, best=Candidate("actor:1", "Lake Army", 1.0))
    event = replace(reading.events[0], places=(), agents=(), targets=())
    reading = replace(reading, events=(event,), toponyms=(replace(place, text=span),), actors=(actor,))
    pieces = [span.start, span.end]

    def made(**details: Any) -> Any:
        return folded(report, reading, edit(report, "put", id=event.id, text=pieces, **details)).reading.events[0]

    assert made(field="places").places == (replace(place, text=span),)
    assert made(field="places", name="Elsewhere").places == (Link(span, "Elsewhere"),)
    assert made(field="agents").agents == (Party(span, None, actor),)
    assert made(field="agents", name="Lake Army").agents == (Party(span, "Lake Army", actor),)
    assert made(field="targets", name="a clinic").targets == (Party(span, "a clinic"),)


@pytest.mark.parametrize(
    ("op", "details", "says"),
    [
        ("set", {"id": "E", "field": "kind", "value": "rumour"}, "none of the kinds"),
        ("set", {"id": "E", "field": "trigger", "value": [5, 3]}, "no part of the text"),
        ("set", {"id": "E", "field": "trigger", "value": [0, 10**6]}, "no part of the text"),
        ("set", {"id": "E", "field": "last", "value": "1999-01-01"}, "is before"),
        ("set", {"id": "S", "field": "content", "value": []}, "may not be empty"),
        ("set", {"id": "S", "field": "inside", "value": "S"}, "inside itself"),
        ("set", {"id": "S", "field": "kind", "value": "riot"}, "no field of a statement"),
        ("put", {"id": "E", "field": "toll", "text": [0, 4], "effect": "killed", "low": 9, "high": 3}, "no range"),
        ("put", {"id": "S", "field": "toll", "text": [0, 4]}, "an event has"),
        ("drop", {"id": "E", "field": "weapons", "text": [0, 4]}, "no entry with these words"),
        ("add", {"what": "event", "id": "E", "trigger": [0, 4], "kind": "riot"}, "no new id"),
        ("accept", {"ids": []}, "names nothing"),
        ("undo", {"edit": "edit-0"}, "no such edit"),
        ("burn", {}, "is no edit"),
    ],
)
def test_faults_are_said(op: str, details: dict[str, Any], says: str) -> None:
    report, reading = READS[0]
    event = replace(reading.events[0], first=date(2024, 1, 1), weapons=())
    reading = replace(reading, events=(event, *reading.events[1:]))
    names = {"E": event.id, "S": reading.statements[0].id}
    given_ids = {k: names.get(v, v) if isinstance(v, str) else v for k, v in details.items()}
    with pytest.raises(EditError, match=says):
        apply(report, folded(report, reading), op, given_ids, ontology=ONTOLOGY)


def test_an_edit_is_named_by_what_it_says() -> None:
    report, _ = READS[0]
    one = edit(report, "accept", ids=["e1", "é"])
    assert json.loads(one.details) == {"ids": ["e1", "é"]}
    assert one.id != edit(report, "accept", ids=["e1"]).id
