"""Who tells an event, through whom, where, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportedly.claims import make_claims
from reportedly.errors import CorpusError
from reportedly.types import Candidate, Claim, Event, Figure, Link, Party, Reading, Report, Span, Statement

TEXT = (
    "SANA quoted a military source as saying that warplanes had struck a depot in Kafr Nabl, Idlib, on Monday, killing "
    "at least nine fighters. Residents fled the\n town."
)
REPORT = Report("r1", TEXT, "The Courier", date(2024, 5, 2))


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


OUTER = Statement(
    id="s1",
    source=(span("SANA"),),
    cue=(span("quoted"),),
    content=(span("a military source as saying that warplanes had struck a depot"),),
    stance="say",
    speaker_kind="media",
    speaker="Syrian Arab News Agency",
    side="Syria",
    score=0.9,
)
INNER = Statement(
    id="s2",
    source=(span("a military source"),),
    cue=(span("saying"),),
    content=(span("that warplanes had struck a depot"),),
    stance="claim",
    speaker_kind="military",
    inside="s1",
    speaker="unnamed military source",
    side="Syrian Armed Forces",
    said_on=date(2024, 4, 30),
    score=0.5,
)
KAFR_NABL = Candidate("geonames:1", "Kafr Nabl", 1.0, "P", None, 35.61, 36.56)
IDLIB = Candidate("geonames:2", "Idlib Governorate", 1.0, "A", "SYR", 35.9, 36.6)
STRUCK = Event(
    id="e1",
    trigger=span("struck"),
    kind="air_strike",
    status="asserted",
    agents=(Party(span("warplanes"), "Russian Aerospace Forces"),),
    targets=(Party(span("a depot")), Party(span("fighters"), link=Link(span("fighters"), "fighters", IDLIB))),
    places=(Link(span("Kafr Nabl"), "Kafr Nabl", KAFR_NABL, (), "exact", 1.5), Link(span("Idlib"), "Idlib", IDLIB)),
    times=(span("on Monday"),),
    weapons=(span("warplanes"),),
    toll=(Figure("killed", span("at least nine fighters"), 9, None, "fighters"),),
    statement="s2",
    first=date(2024, 4, 29),
    last=date(2024, 4, 29),
    score=0.8,
)
FLED = Event("e2", span("fled"), "displacement", "asserted", targets=(Party(span("the\n town")),))


def claims(*events: Event, statements: tuple[Statement, ...] = (OUTER, INNER)) -> tuple[Claim, ...]:
    return make_claims(REPORT, Reading("r1", "run-1", statements, events))


def test_the_innermost_statement_tells_and_the_outer_relays() -> None:
    (claim,) = claims(STRUCK)
    assert (claim.statement, claim.speaker, claim.side) == ("s2", "unnamed military source", "Syrian Armed Forces")
    assert (claim.speaker_kind, claim.stance, claim.said_on) == ("military", "claim", date(2024, 4, 30))
    assert claim.told_to == "Syrian Arab News Agency"
    assert claim.outlet == "The Courier"


def test_the_report_tells_what_no_statement_does() -> None:
    (claim,) = claims(FLED)
    assert (claim.statement, claim.speaker, claim.side, claim.speaker_kind) == (None, None, None, None)
    assert (claim.told_to, claim.stance, claim.said_on) == (None, None, None)
    assert claim.outlet == "The Courier"
    assert claim.evidence == (span("fled"), span("the\n town"))


def test_one_claim_for_each_event_in_order_and_nothing_lost() -> None:
    both = claims(STRUCK, FLED)
    assert [c.event for c in both] == ["e1", "e2"]
    assert [c.report for c in both] == ["r1", "r1"]
    assert [c.run for c in both] == ["run-1", "run-1"]
    first = both[0]
    assert (first.kind, first.status, first.toll) == ("air_strike", "asserted", STRUCK.toll)
    assert (first.first, first.last) == (date(2024, 4, 29), date(2024, 4, 29))
    assert claims() == ()


def test_ids_are_stable_and_name_run_and_event() -> None:
    assert claims(STRUCK, FLED)[1].id == claims(FLED)[0].id
    other_run = make_claims(REPORT, Reading("r1", "run-2", (), (FLED,)))[0]
    assert len({*(c.id for c in claims(STRUCK, FLED)), other_run.id}) == 3


@pytest.mark.parametrize(
    ("outer", "inner", "told_to"),
    [
        ({}, {"told_to": (span("SANA"),)}, "SANA"),
        ({"speaker": None}, {}, "SANA"),
        ({"speaker": None, "source": ()}, {}, None),
        ({"told_to": (span("Residents"),), "speaker": None, "source": ()}, {}, None),
        ({}, {"inside": None}, None),
        ({}, {"told_to": (span("the\n town"),), "inside": None}, "the town"),
    ],
)
def test_told_to(outer: dict[str, object], inner: dict[str, object], told_to: str | None) -> None:
    changed = (replace(OUTER, **outer), replace(INNER, **inner))  # type: ignore[arg-type]
    assert claims(STRUCK, statements=changed)[0].told_to == told_to


def test_the_nearest_relay_that_is_named_counts() -> None:
    hedge = replace(OUTER, id="s3", source=(), speaker=None, inside="s1")
    (claim,) = claims(STRUCK, statements=(OUTER, hedge, replace(INNER, inside="s3")))
    assert claim.told_to == "Syrian Arab News Agency"
    near = replace(hedge, speaker="AFP")
    (claim,) = claims(STRUCK, statements=(OUTER, near, replace(INNER, inside="s3")))
    assert claim.told_to == "AFP"


def test_evidence_starts_with_the_trigger_and_holds_each_span_once() -> None:
    (claim,) = claims(STRUCK)
    assert [s.of(TEXT) for s in claim.evidence] == [
        "struck",
        "saying",
        "a military source",
        "quoted",
        "SANA",
        "at least nine fighters",
        "Kafr Nabl",
        "Idlib",
        "warplanes",
        "a depot",
        "fighters",
        "on Monday",
    ]


def test_place_is_the_most_exact_and_country_the_first_that_is_known() -> None:
    (claim,) = claims(STRUCK)
    assert (claim.place, claim.country, claim.lat, claim.lon) == ("Kafr Nabl", "SYR", 35.61, 36.56)
    assert (claim.precision, claim.radius_km) == ("exact", 1.5)
    unknown = Link(span("Kafr Nabl"), "Kafr Nabl")
    (claim,) = claims(replace(STRUCK, places=(unknown, STRUCK.places[1])))
    assert (claim.place, claim.country, claim.lat, claim.lon) == ("Kafr Nabl", "SYR", None, None)
    (claim,) = claims(replace(STRUCK, places=()))
    assert (claim.place, claim.country, claim.lat, claim.precision) == (None, None, None, None)


def test_parties_are_named_by_name_then_by_link_then_in_their_own_words() -> None:
    struck, fled = claims(STRUCK, FLED)
    assert struck.agents == ("Russian Aerospace Forces",)
    assert struck.targets == ("a depot", "Idlib Governorate")
    assert fled.targets == ("the town",)


@pytest.mark.parametrize(
    ("event", "teller", "score"),
    [(0.8, 0.5, 0.5), (0.3, 0.5, 0.3), (None, 0.5, 0.5), (0.8, None, 0.8), (None, None, None)],
)
def test_a_claim_is_no_surer_than_its_halves(event: float | None, teller: float | None, score: float | None) -> None:
    (claim,) = claims(replace(STRUCK, score=event), statements=(OUTER, replace(INNER, score=teller)))
    assert claim.score == score


def test_statements_inside_one_another_end_the_walk() -> None:
    (claim,) = claims(STRUCK, statements=(replace(OUTER, inside="s2"), INNER))
    assert (claim.speaker, claim.told_to) == ("unnamed military source", "Syrian Arab News Agency")


def test_a_reading_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CorpusError, match="r1: e1 is told by 's2'"):
        claims(STRUCK, statements=(OUTER,))
    with pytest.raises(CorpusError, match="'s1', which is no statement"):
        claims(STRUCK, statements=(INNER,))
    with pytest.raises(CorpusError, match="of 'other'"):
        make_claims(REPORT, Reading("other", "run-1"))
