"""Facts of incidents: there when the ledger is linked, made anew where a judgement touches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from reportedly.desk.facts import renew_facts
from reportedly.desk.linking import link_ledger
from reportedly.ids import judgement_id
from reportedly.link import agreement
from reportedly.store import Ledger
from reportedly.store.facts import VERDICTS
from reportedly.store.filter import Filter
from reportedly.types import Judgement
from tests.link.stories import Told, linker, read
from tests.review.ledgers import RUN

DAY = date(2024, 3, 5)


def said(words: str, **more: object) -> Told:
    given = {"day": DAY, "agent": "Lake Army", "place": "Rahad", "at": (12.7, 30.6), "target": "market"} | more
    return Told(words, "shelled", "shelling", **given)  # type: ignore[arg-type]


def test_the_ledger_has_a_column_for_each_verdict_of_agreement() -> None:
    assert VERDICTS == agreement.VERDICTS


@pytest.fixture
def store(place: str) -> Iterator[Ledger]:
    nine = "On Tuesday the Lake Army shelled a market in Rahad, killing nine, residents said."
    twelve = "The Lake Army shelled a market in Rahad on Tuesday, killing twelve, a doctor said."
    reads = [
        read("a", [said(nine, killed=(9, 9), speaker="residents")], published=date(2024, 3, 6), outlet="The Courier"),
        read("b", [said(twelve, killed=(12, 12), speaker="a doctor")], published=date(2024, 3, 7), outlet="Hill Radio"),
    ]
    with Ledger.open(place) as ledger:
        ledger.add_run(RUN)
        ledger.add(reads)
        link_ledger(ledger, linker())
        yield ledger


def decide(store: Ledger, action: str, *subjects: str) -> str:
    made = datetime.now(UTC)
    name = judgement_id(made.isoformat(), "ada", action, subjects)
    store.judge(Judgement(name, made, "ada", action, subjects))
    return name


def test_linking_makes_them(store: Ledger) -> None:
    (facts,) = store.find_incidents(Filter())
    assert (facts.kind, facts.place, facts.first, facts.origins) == ("shelling", "Rahad", DAY, 2)
    assert facts.agents == ("Lake Army",)
    (toll,) = facts.tolls
    assert (toll.effect, toll.low, toll.high) == ("killed", 9, 12)
    assert dict(facts.verdicts)["killed"] == "disputed"
    assert store.without_facts() == []


def test_a_rejected_claim_no_longer_counts(store: Ledger) -> None:
    (facts,) = store.find_incidents(Filter())
    claim = next(c for c in store.claims() if c.report == "b")
    rejection = decide(store, "reject", claim.id)
    assert store.without_facts() == [facts.incident]
    assert renew_facts(store) == 1
    (after,) = store.find_incidents(Filter())
    assert (after.reviewed, after.rejected, after.killed) == ("part", 1, 9)
    assert "killed" not in {fact for fact, verdict in after.verdicts if verdict == "disputed"}
    decide(store, "undo", rejection)
    renew_facts(store)
    assert store.find_incidents(Filter()) == (facts,)


def test_an_accepted_incident_is_reviewed(store: Ledger) -> None:
    (facts,) = store.find_incidents(Filter())
    decide(store, "accept", facts.incident)
    renew_facts(store)
    assert store.find_incidents(Filter(reviewed=("yes",)))[0].incident == facts.incident
    assert store.count_found(Filter())["reviewed_yes"] == 1


def test_split_incidents_have_facts_of_their_own(store: Ledger) -> None:
    decide(store, "split", *(c.id for c in store.claims()))
    link_ledger(store, linker())
    assert [f.killed for f in store.find_incidents(Filter(), order="killed")] == [12, 9]
    assert store.without_facts() == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(kinds=("shelling",)), 1),
        (Filter(kinds=("bombing",)), 0),
        (Filter(first=DAY, last=DAY), 1),
        (Filter(first=date(2024, 3, 6)), 0),
        (Filter(box=(30, 12, 31, 13)), 1),
        (Filter(box=(170, 12, 31, 13)), 1),
        (Filter(box=(31, 12, 32, 13)), 0),
        (Filter(actors=("Lake Army",)), 1),
        (Filter(actors=("Hill Army",)), 0),
        (Filter(speakers=("a doctor", "nobody")), 1),
        (Filter(speakers=("nobody",)), 0),
        (Filter(verdicts=("disputed",)), 1),
        (Filter(verdicts=("acknowledged",)), 0),
        (Filter(reviewed=("no", "part")), 1),
        (Filter(reviewed=("yes",)), 0),
        (Filter(words="market doctor"), 1),
        (Filter(words="hospital"), 0),
        (Filter(since=date(2024, 1, 1)), 1),
        (Filter(since=date(2200, 1, 1)), 0),
    ],
)
def test_filters(store: Ledger, wanted: Filter, found: int) -> None:
    assert store.count_found(wanted)["incidents"] == found
    assert len(store.find_incidents(wanted)) == found
    assert len(store.ids_of(wanted)) == found
    assert sum(store.count_kinds(wanted).values()) == found
    assert sum(number for _, _, number in store.count_days(wanted)) == found
    assert sum(point.incidents for point in store.points(wanted)) == found


def test_names(store: Ledger) -> None:
    assert store.names_told("actor") == [("Lake Army", 1), ("market", 1)]
    assert store.names_told("speaker", letters="DOC") == [("a doctor", 1)]
