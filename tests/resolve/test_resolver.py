"""The whole of resolution over one report."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportedly.resolve import Resolver
from reportedly.text import split_sentences
from reportedly.types import Event, Extraction, Link, Mention, Party, Report, Span, Statement

TEXT = (
    "Shelling killed three people in Manbij on Monday, the Syrian Observatory for Human Rights said. "
    "It said that Turkish forces had fired from the north. Ankara denied it."
)
REPORT = Report("r1", TEXT, outlet="Dunaya Post", published=date(2018, 3, 7))
RESOLVER = Resolver.load()


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def extraction() -> Extraction:
    place = Link(span("Manbij"), "Manbij")
    statements = (
        Statement("s1", (span("the Syrian Observatory for Human Rights"),), (), (span("Shelling"),), "say", "ngo"),
        Statement("s2", (span("It"),), (span("said that"),), (span("Turkish forces had fired"),), "say", "ngo"),
        Statement("s3", (span("Ankara"),), (span("denied"),), (span("it."),), "deny", "government"),
    )  # fmt: skip
    people = Party(span("three people"))
    event = Event(
        "e1", span("Shelling"), "shelling", "asserted", targets=(people,), places=(place,), times=(span("Monday"),)
    )
    fired = Event("e2", span("fired"), "shelling", "asserted", agents=(Party(span("Turkish forces")),), statement="s2")
    mentions = (Mention(span("Manbij"), "place", 0.9),)
    return Extraction(split_sentences(TEXT), statements, (event, fired), mentions)


def test_everything_is_filled_in() -> None:
    reading = RESOLVER.resolve(REPORT, extraction(), run="run1")
    assert (reading.report, reading.run) == ("r1", "run1")
    assert [(s.speaker, s.side) for s in reading.statements] == [
        ("Syrian Observatory for Human Rights", "Syrian Observatory for Human Rights"),
        ("Syrian Observatory for Human Rights", "Syrian Observatory for Human Rights"),
        ("Turkish government", "Turkey"),
    ]
    first, second = reading.events
    assert first.places[0].best is not None
    assert (first.places[0].best.name, first.places[0].best.country) == ("Manbij", "SYR")
    assert first.first == first.last == date(2018, 3, 5)
    assert second.agents[0].name == "Turkish Armed Forces"
    assert [t.text.of(TEXT) for t in reading.toponyms] == ["Manbij", "Syrian", "Turkish", "Ankara"]
    assert reading.toponyms[0].name == "Manbij"
    assert "Syrian Observatory for Human Rights" in [a.name for a in reading.actors]
    assert all(a.text.of(TEXT) for a in reading.actors)


def test_places_that_are_added_are_looked_up_too() -> None:
    text = "Shelling hit the north of Manbij in Aleppo province, Syria, on Monday."
    cut = text.index("the north of")
    where = Link(Span(cut, cut + len("the north of")), "")
    event = Event("e1", Span(0, 8), "shelling", "asserted", places=(where,))
    found = Extraction(split_sentences(text), (), (event,), ())
    (read,) = RESOLVER.resolve(replace(REPORT, text=text), found, run="r").events
    assert [place.text.of(text) for place in read.places] == ["the north of Manbij", "Aleppo province"]
    assert [place.best.country for place in read.places if place.best] == ["SYR", "SYR"]
    assert [place.name for place in read.places] == ["Manbij", "Aleppo Governorate"]


def test_ids_and_order_are_the_extractions() -> None:
    reading = RESOLVER.resolve(REPORT, extraction(), run="r")
    assert [s.id for s in reading.statements] == ["s1", "s2", "s3"]
    assert [e.id for e in reading.events] == ["e1", "e2"]
    assert [s.content for s in reading.statements] == [s.content for s in extraction().statements]


def test_the_same_again() -> None:
    assert RESOLVER.resolve(REPORT, extraction(), run="r") == Resolver.load().resolve(REPORT, extraction(), run="r")


def test_authorities_are_named_for_the_run() -> None:
    names = [name for name, _ in RESOLVER.authorities]
    assert names == ["places", "actors", "names", "coreference"]
    assert all(len(digest) == 64 for _, digest in RESOLVER.authorities)


def test_an_empty_extraction() -> None:
    reading = RESOLVER.resolve(REPORT, Extraction((), (), (), ()), run="r")
    assert (reading.statements, reading.events) == ((), ())
    assert [t.text.of(TEXT) for t in reading.toponyms] == ["Manbij", "Syrian", "Turkish", "Ankara"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=80), st.data())
def test_any_text_and_any_spans(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    where = Span(start, data.draw(st.integers(start + 1, len(text))))
    event = Event(
        "e", where, "attack", "asserted", agents=(Party(where),), targets=(Party(where),), places=(Link(where, ""),)
    )
    statement = Statement("s", (where,), (where,), (where,), "say", "government")
    found = Extraction(split_sentences(text), (statement,), (event,), (Mention(where, "place", 0.5),))
    reading = RESOLVER.resolve(replace(REPORT, text=text), found, run="r")
    assert reading.statements[0].speaker is not None
    assert all(place.text.of(text) for place in reading.events[0].places)
    assert all(t.text.of(text) for t in reading.toponyms)


def test_a_report_takes_milliseconds() -> None:
    longer = replace(REPORT, text=" ".join([TEXT] * 16))
    RESOLVER.resolve(longer, extraction(), run="r")
    started = time.process_time()
    for _ in range(5):
        RESOLVER.resolve(longer, extraction(), run="r")
    assert (time.process_time() - started) / 5 < 0.1  # 10 ms and room for a busy machine
