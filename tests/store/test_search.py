"""Finding: words however they are typed, each condition, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportedly.claims import make_claims
from reportedly.errors import SettingsError
from reportedly.store import Ledger
from reportedly.store.conditions import Near, Query
from reportedly.store.globe import kilometres
from reportedly.store.search import Found
from reportedly.store.words import LONGEST, Pieces, Term, fts5, read_terms
from reportedly.types import Candidate, Event, Link, Party, Reading, Report, Span, Statement
from tests.store.records import LATER, RUN, Read, read

TEXTS = {
    "army": "The Army said that shells had hit a clinic in Sarmada on Monday.",
    "nurse": "A nurse denied that the clinic of Sarmada was shelled. Émile's café burned down in Tartus.",
    "radio": "Two soldiers were killed near Suva. Nothing was said of the clinic.",
}
POINTS = {"army": (36.18, 36.72), "nurse": (36.19, 36.73), "radio": (-18.14, 179.99)}
PUBLISHED = {"army": date(2024, 5, 2), "nurse": date(2024, 5, 9), "radio": None}


def _statement(name: str, span: Callable[[str], Span]) -> Statement:
    if name == "army":
        content = (span("shells had hit a clinic in Sarmada on Monday"),)
        return Statement("s1", (span("The Army"),), (span("said"),), content, "say", "military", speaker="Ürünlü Army")
    content = (span("the clinic of Sarmada was shelled"),)
    return Statement("s1", (span("A nurse"),), (span("denied"),), content, "deny", "medical", side="the clinic")


def made(name: str, *, run: str = RUN.id) -> Read:
    """One report: a statement by its speaker, and an event that it tells; the radio's has no statement."""
    text = TEXTS[name]
    report = Report(name, text, f"The {name.title()} Courier", PUBLISHED[name], title=f"Day of the {name}")

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    said = tuple(_statement(name, span) for _ in range(name != "radio"))
    lat, lon = POINTS[name]
    best = Candidate(f"p:{name}", "Suva" if name == "radio" else "Sarmada", 1.0, lat=lat, lon=lon)
    event = Event(
        "e1",
        span({"army": "hit", "nurse": "shelled", "radio": "killed"}[name]),
        "killing" if name == "radio" else "shelling",
        "denied" if name == "nurse" else "asserted",
        agents=(Party(span(text.split()[1]), "Ürünlü Army and Blue Guard"),) if name == "army" else (),
        targets=(Party(span("clinic"), "clinic"),),
        places=(Link(span(best.name), best.name, best, radius_km=5.0),),
        statement="s1" if said else None,
        first=date(2024, 4, 29) if name == "army" else None,
        last=date(2024, 4, 30) if name == "army" else None,
    )
    reading = Reading(name, run, said, (event,))
    return report, reading, make_claims(report, reading)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """A ledger with the three reports."""
    ledger.add([made(name) for name in TEXTS])
    return ledger


def names(found: Found) -> list[str]:
    return [hit.report.id for hit in found.hits]


def marked(pieces: Pieces) -> list[str]:
    return [words for words, mark in pieces if mark]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("shelling", {"army", "nurse"}),
        ("shelled -shells*", set()),
        ("SHELLS clinic", {"army", "nurse"}),
        ("clinic -nurse", {"army", "radio"}),
        ('"soldiers were killed"', {"radio"}),
        ("“two soldiers”", {"radio"}),
        ('"Sarmada clinic"', set()),
        ("sold*", {"radio"}),
        ('"two sol"*', {"radio"}),
        ("emile cafe", {"nurse"}),
        ("ürünlü", {"army"}),
        ("radio", {"radio"}),
        ("clinic AND nurse", set()),
        ("clinic NEAR nurse", set()),
        ("head:clinic", set()),
    ],
)
def test_words(filled: Ledger, words: str, expected: set[str]) -> None:
    assert set(names(filled.find(Query(words)))) == expected


def test_what_is_shown_is_the_statement_and_its_claims(filled: Ledger) -> None:
    army, nurse, radio = filled.find(Query("clinic")).hits
    if army.report.id != "army":
        army, nurse = nurse, army
    (said,) = army.statements
    assert said.statement.speaker == "Ürünlü Army"
    assert marked(said.words) == ["clinic"]
    whole = "".join(words for words, _ in said.words)
    assert whole == "The Army said that shells had hit a clinic in Sarmada on Monday"
    assert [claim.kind for claim in army.claims] == ["shelling"]
    assert army.words == ()
    assert [claim.status for claim in nurse.claims] == ["denied"]
    assert radio.statements == ()
    assert marked(radio.words) == ["clinic"]
    assert radio.claims == (), "words alone say nothing of a claim in the report's own voice"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), ["nurse", "army", "radio"]),
        (Query(kinds=("shelling",)), ["nurse", "army"]),
        (Query("clinic", kinds=("killing", "arrest")), ["radio"]),
        (Query(first=date(2024, 4, 30), last=date(2024, 4, 30)), ["army"]),
        (Query(first=date(2024, 5, 2), last=date(2024, 5, 2)), ["army"]),
        (Query(first=date(2024, 5, 3)), ["nurse"]),
        (Query(last=date(2024, 4, 1)), []),
        (Query(kinds=("shelling",), first=date(2024, 5, 2), last=date(2024, 5, 3)), []),
        (Query(near=Near(36.19, 36.73, 1.0)), ["nurse"]),
        (Query(near=Near(36.19, 36.73, 2.0)), ["nurse", "army"]),
        (Query(near=Near(-18.0, -179.9, 30.0)), ["radio"]),
        (Query(near=Near(90.0, 0.0, 6100.0)), ["nurse", "army"]),
        (Query(near=Near(0.0, 0.0, 20038.0)), ["nurse", "army", "radio"]),
        (Query(actors=("ürünlü army",)), ["army"]),
        (Query(actors=("Blue Guard", "nobody")), ["army"]),
        (Query(actors=("Guard",)), []),
        (Query(actors=("CLINIC",)), ["nurse", "army", "radio"]),
        (Query(speaker="ÜRÜNLÜ"), ["army"]),
        (Query(speaker="the clinic"), ["nurse"]),
        (Query(speaker="radio cour"), ["radio"]),
        (Query(stances=("deny",)), ["nurse"]),
        (Query("clinic", speaker="army", stances=("deny",)), []),
        (Query(claims=frozenset()), []),
        (Query(claims=frozenset({made("radio")[2][0].id})), ["radio"]),
        (Query("sarmada", claims=frozenset({made("radio")[2][0].id})), []),
    ],
)
def test_conditions(filled: Ledger, query: Query, expected: list[str]) -> None:
    found = filled.find(query)
    assert names(found) == expected
    assert found.total == len(expected)


def test_a_wide_place_is_near_nothing(ledger: Ledger) -> None:
    report, reading, _ = made("army")
    (event,) = reading.events
    wide = replace(event, places=(replace(event.places[0], radius_km=400.0),))
    reading = replace(reading, events=(wide,))
    ledger.add([(report, reading, make_claims(report, reading))])
    assert names(ledger.find(Query(near=Near(*POINTS["army"], 20.0)))) == []
    assert names(ledger.find(Query(near=Near(*POINTS["army"], 500.0)))) == ["army"]


def test_only_the_newest_reading_counts(filled: Ledger) -> None:
    report, _, _ = made("army")
    filled.add([(report, Reading(report.id, LATER.id), ())])
    assert names(filled.find(Query(kinds=("shelling",)))) == ["nurse"]
    (hit,) = filled.find(Query("shells hit")).hits
    assert hit.statements == ()
    assert marked(hit.words) == ["shells", "hit"]


def test_claims_by_what_they_meet_and_by_day(filled: Ledger) -> None:
    ids = {name: made(name)[2][0].id for name in TEXTS}
    assert filled.claims_meeting(Query("clinic", kinds=("shelling",))) == {ids["army"], ids["nurse"]}
    assert filled.claims_meeting(Query("nurse")) == {ids["nurse"]}
    assert filled.claims_meeting(Query()) == set(ids.values())
    assert filled.claims_since(date(2024, 5, 2), date(2024, 5, 8)) == {ids["army"]}
    assert filled.published(["nurse", "radio", "nobody"]) == {"nurse": date(2024, 5, 9), "radio": None}
    report, _, _ = made("army")
    filled.add([(report, Reading(report.id, LATER.id), ())])
    assert filled.claims_since(date(2024, 5, 2), date(2024, 5, 8)) == set(), "its newest reading has no claims"


def test_pages(ledger: Ledger) -> None:
    ledger.add([read(number) for number in range(7)])
    pages = [ledger.find(Query("army"), limit=3, skip=skip) for skip in (0, 3, 6, 9)]
    assert [page.total for page in pages] == [7] * 4
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert len({name for page in pages for name in names(page)}) == 7


def test_terms() -> None:
    assert read_terms('  air-strike "two  men -x" -drill* "" - * — 😀 ') == (
        Term("air-strike"),
        Term("two men -x"),
        Term("drill", prefix=True, excluded=True),
    )
    assert read_terms(" \n") == ()
    assert fts5(read_terms('a"b -c*')) == '"a" AND "b -c"'
    assert fts5(read_terms("a's -c*")) == '("a\'s") NOT ("c"*)'


@pytest.mark.parametrize("words", ["-only", "—", "😀 *", "x" * (LONGEST + 1), "x " * 33])
def test_words_that_cannot_be_looked_for(words: str) -> None:
    with pytest.raises(SettingsError):
        read_terms(words)


SIGNS = st.text(st.sampled_from("a\"'*-():^+\\{}[]&|!<>,.;%_ \0\ud800é😀\u0301NEAROT"), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=SIGNS | st.text(max_size=30))
def test_no_query_breaks_it(ledger: Ledger, words: str) -> None:
    if not ledger.tally().reports:
        ledger.add([made(name) for name in TEXTS])
    with suppress(SettingsError):  # words without a letter or a digit are refused, and say so
        narrow, wide = ledger.find(Query(words, actors=(words,), speaker=words)), ledger.find(Query(words))
        assert narrow.total <= wide.total
        assert len(wide.hits) <= wide.total


def test_distances() -> None:
    assert kilometres(36.0, 179.9, 36.0, -179.9) == pytest.approx(18.0, abs=0.1)
    assert kilometres(0.0, 0.0, 0.0, 180.0) == pytest.approx(20015, abs=1)
    assert kilometres(None, None, 0.0, 0.0) is None
