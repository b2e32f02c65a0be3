"""Judgements, incidents, links and origins come back as they went in; what is linked anew replaces what was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reportedly.errors import LedgerError
from reportedly.store import Ledger
from reportedly.store.incidents import linked_now
from reportedly.types import ClaimLink, Incident, Judgement, Origin
from tests.store.records import read

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def link(left: str, right: str, *, judgement: str | None = None) -> ClaimLink:
    return ClaimLink(left, right, 1.5, (("days", 2.0), ("kinds", -0.5)), "same day", judgement)


def test_judgements_are_appended_and_keep_their_order(ledger: Ledger) -> None:
    later = Judgement("j-a", NOON.replace(hour=13), "Ann", "merge", ("c1", "c2"), "the same strike")
    first = Judgement("j-b", NOON, "Ben", "undo", ("j-a",))
    for judgement in (later, first, later):
        ledger.judge(judgement)
    assert ledger.judgements() == (later, first)


@pytest.mark.parametrize(("action", "subjects"), [("destroy", ("c1",)), ("merge", ())])
def test_what_is_no_judgement_is_refused(ledger: Ledger, action: str, subjects: tuple[str, ...]) -> None:
    with pytest.raises(LedgerError, match="no judgement"):
        ledger.judge(Judgement("j", NOON, "Ann", action, subjects))


def test_linking_replaces_what_it_touches(ledger: Ledger) -> None:
    assert ledger.linking() is None
    assert list(ledger.incidents()) == []
    old = [Incident("i1", ("c2", "c1"), (link("c1", "c2", judgement="j"),)), Incident("i2", ("c3",))]
    made = linked_now("linker", 0)
    ledger.save_linking(
        made,
        neighbourhoods={"c1": "c1", "c2": "c1", "c3": "c3", "c4": "c4", "c9": "c9"},
        incidents=[*old, Incident("i9", ("c9",))],
        origins=[Origin("o1", ("r2", "r1"))],
        stale=None,
    )
    assert ledger.linking() == made
    assert list(ledger.incidents()) == [*old, Incident("i9", ("c9",))]
    assert list(ledger.origins()) == [Origin("o1", ("r2", "r1"))]
    assert ledger.incidents_of(["c1", "c4", "c9", "c0"]) == {"c1": "i1", "c9": "i9"}

    new = Incident("i1", ("c1", "c5"), (link("c1", "c5"),))
    ledger.save_linking(
        linked_now("linker", 1),
        neighbourhoods={"c1": "c1", "c5": "c1"},
        incidents=[new],
        origins=None,
        stale={"c2", "c9"},
    )
    assert list(ledger.incidents()) == [new, old[1]]
    assert ledger.incident("i1") == new
    assert ledger.incident("i9") is None
    assert list(ledger.incidents_named(["i9", "i2", "i1", "i2"])) == [new, old[1]]
    assert ledger.count_incidents() == 2
    assert ledger.neighbourhoods() == {"c1": "c1", "c3": "c3", "c4": "c4", "c5": "c1"}
    assert list(ledger.origins()) == [Origin("o1", ("r2", "r1"))]


def test_claims_are_found_by_id(ledger: Ledger) -> None:
    one = read(1)
    ledger.add([one])
    wanted = one[2][1]
    assert ledger.claims_named([wanted.id, "nothing"]) == {wanted.id: wanted}
