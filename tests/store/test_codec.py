"""Every record comes back as it went in, and nothing goes in that could not come back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings

from reportedly.errors import LedgerError
from reportedly.store.codec import Shelf, dumps, from_json, to_json
from reportedly.types import Candidate, Claim, Event, Failure, Figure, Link, Reading, Report, Run, Span, Statement
from tests.store.records import PLACE, RIVAL, SARMADA, any_of, read

REPORT, READING, CLAIMS = read(1)


@pytest.mark.parametrize("kind", [Report, Reading, Claim, Run, Failure])
def test_every_record_survives_json(kind: type[Any]) -> None:
    @settings(max_examples=50, deadline=None)
    @given(any_of(kind))
    def survives(record: object) -> None:
        shelf = Shelf()
        stored = json.loads(dumps(to_json(record, shelf)))
        assert from_json(kind, stored, Shelf(json.loads(dumps(shelf.kept)))) == record

    survives()


def test_a_record_is_its_fields_in_order_without_defaults() -> None:
    assert dumps(to_json(Figure("killed", Span(3, 9), 0))) == '{"effect":"killed","text":[3,9],"low":0}'
    assert dumps(to_json(Figure("killed", Span(3, 9), 0, 0))) == '{"effect":"killed","text":[3,9],"low":0,"high":0}'


def test_a_shelf_holds_each_candidate_once() -> None:
    shelf = Shelf()
    event = replace(READING.events[0], places=(PLACE, replace(PLACE, best=RIVAL, rivals=(SARMADA, RIVAL))))
    links = to_json(event, shelf)["places"]
    assert [(link["best"], link["rivals"]) for link in links] == [(0, [1]), (1, [0, 1])]
    assert [c["id"] for c in shelf.kept] == [SARMADA.id, RIVAL.id]


def broken(record: Any, **changes: Any) -> Any:
    """The record with values that its class doesn't allow."""
    return replace(record, **changes)


@pytest.mark.parametrize(
    ("record", "named"),
    [
        (broken(REPORT, text="half a pair \ud83d"), "Report.text"),
        (broken(REPORT, title="a\0b"), "Report.title"),
        (broken(REPORT, text=b"bytes"), "Report.text"),
        (broken(REPORT, published="2024-05-02"), "Report.published"),
        (broken(REPORT, published=datetime(2024, 5, 2)), "Report.published"),
        (broken(READING.statements[0], score=float("nan")), "Statement.score"),
        (broken(READING.statements[0], score=True), "Statement.score"),
        (broken(READING.statements[0], cue=[Span(1, 2)]), "Statement.cue"),
        (broken(READING.statements[0], cue=(Span(2, 2),)), "Statement.cue"),
        (broken(READING.statements[0], cue=(Span(-1, 2),)), "Statement.cue"),
        (broken(READING.events[0], trigger=(0, 4)), "Event.trigger"),
        (broken(READING.events[0], toll=(broken(Figure("killed", Span(0, 1), 2), low=2.0),)), "Figure.low"),
        (broken(PLACE, best=broken(SARMADA, lat=float("inf"))), "Candidate.lat"),
        (broken(PLACE, rivals=("Sarmada",)), "Link.rivals"),
        (broken(PLACE, best=broken(SARMADA, features=(("name", 1.0, 2.0),))), "Candidate.features"),
    ],
)
def test_what_could_not_come_back_is_refused(record: object, named: str) -> None:
    with pytest.raises(LedgerError, match=named):
        to_json(record)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (Figure, {"effect": "killed", "text": [3, 9]}),
        (Figure, {"effect": "killed", "text": [3, 9], "low": 1, "colour": "red"}),
        (Figure, {"effect": "killed", "text": [9, 3], "low": 1}),
        (Figure, ["killed"]),
        (Report, {"id": "a", "text": "b", "published": "yesterday"}),
        (Link, {"text": [0, 1], "name": "x", "best": 0}),
        (Candidate, 0),
        (Statement, None),
        (Event, "e1"),
    ],
)
def test_a_damaged_row_is_an_error(kind: type, stored: object) -> None:
    with pytest.raises(LedgerError, match=kind.__name__):
        from_json(kind, stored)
