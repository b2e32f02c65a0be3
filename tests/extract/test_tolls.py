"""Tolls of events from the words that the model takes for them. All texts are made up."""

from __future__ import annotations

import pytest

from reportedly.extract.tolls import complete, read_tolls, tolls
from reportedly.types import Event, Figure, Span

Told = tuple[str, str, int, int | None]


def span(text: str, words: str) -> Span:
    assert words in text
    return Span(text.index(words), text.index(words) + len(words))


def told(text: str, **quotes: str) -> list[Told]:
    """The tolls of one event whose mentions are `effect="words; other words"`."""
    event = Event("e1", Span(0, 1), "attack", "asserted")
    own = {effect: tuple(span(text, words) for words in listed.split("; ")) for effect, listed in quotes.items()}
    [read] = read_tolls([event], [own], text)
    return [(f.effect, f.text.of(text), f.low, f.high) for f in read.toll]


def test_a_quote_that_counts_nothing_is_no_toll() -> None:
    text = "at least nine people and no soldiers"
    assert tolls("killed", (Span(0, 20), Span(25, 36)), text) == [Figure("killed", Span(0, 20), 9, None)]


@pytest.mark.parametrize(
    ("text", "mention", "low", "high"),
    [
        ("In Lake Town 50 guards were killed or injured.", "50 guards", 0, 50),
        ("A shell caused 50 casualties in Lake Town.", "50 casualties", 0, 50),
        ("The blast killed and wounded 12 men.", "12 men", 0, 12),
        ("Some civilians were killed and injured.", "civilians", 2, None),
        ("Several villagers were killed or wounded there.", "Several villagers", 0, 9),
    ],
)
def test_one_figure_for_killed_and_injured_counts_for_both(text: str, mention: str, low: int, high: int | None) -> None:
    expected = [("killed", mention, low, high), ("injured", mention, low, high)]
    assert told(text, killed=mention) == expected
    assert told(text, killed=mention, injured=mention) == expected


def test_a_verb_that_takes_its_own_figure_counts_nobody_before_it() -> None:
    text = "The blast killed five and wounded three others."
    assert told(text, killed="five", injured="three others") == [
        ("killed", "five", 5, 5),
        ("injured", "three others", 3, 3),
    ]


def test_words_decide_between_killed_and_injured_where_the_model_says_both() -> None:
    text = "Three guards and a clerk were injured in a blast."
    assert told(text, killed="Three guards", injured="Three guards; a clerk") == [
        ("injured", "Three guards", 3, 3),
        ("injured", "a clerk", 1, 1),
    ]


def test_who_is_beaten_is_injured_unless_he_dies_of_it() -> None:
    assert told("Gunmen beat up two clerks.", killed="two clerks") == [("injured", "two clerks", 2, 2)]
    assert told("Two clerks were beaten to death.", injured="Two clerks") == [("killed", "Two clerks", 2, 2)]


@pytest.mark.parametrize(
    ("text", "mention", "whole"),
    [
        ("of at least 15 people in the valley", "15 people", "at least 15 people"),
        ("of at least 15 people in the valley", "at least", "at least 15 people"),
        ("with another 645,000 fleeing", "another", "another 645,000"),
        ("a clash over 15 wells", "15 wells", "15 wells"),
    ],
)
def test_a_mention_takes_in_its_bound_and_what_it_binds(text: str, mention: str, whole: str) -> None:
    assert complete(span(text, mention), text).of(text) == whole


def test_a_figure_has_one_event() -> None:
    text = "A bomb went off at the mill and two clerks were killed."
    events = [
        Event("e1", span(text, "went off"), "bombing", "asserted", score=0.9),
        Event("e2", span(text, "killed"), "killing", "asserted", score=0.8),
    ]
    own = {"killed": (span(text, "two clerks"),)}
    first, second = read_tolls(events, [own, own], text)
    assert not first.toll
    assert [f.low for f in second.toll] == [2]
    unsure = [events[0], Event("e2", span(text, "killed"), "killing", "asserted", score=0.3)]
    first, second = read_tolls(unsure, [own, own], text)
    assert first.toll
    assert not second.toll


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("The toll was raised from 19 to 22.", "19 to 22", [("22", 22)]),
        ("The toll was revised down from 40.", "40", []),
        ("From 19 to 22 guards were killed.", "19 to 22 guards", [("19 to 22 guards", 19)]),
        ("The toll rose to 19 killed.", "19", [("19", 19)]),
    ],
)
def test_of_a_correction_the_figure_that_holds(text: str, mention: str, expected: list[tuple[str, int]]) -> None:
    assert [(words, low) for _, words, low, _ in told(text, killed=mention)] == expected


@pytest.mark.parametrize(
    ("text", "running"),
    [
        ("The war has killed 900 people since 2011.", True),
        ("Clashes killed 900 people so far this year.", True),
        ("A raid killed 900 people in the last 24 hours.", False),
        ("A raid killed 900 people. The war goes on since 2011.", False),
    ],
)
def test_running_totals_are_told_apart(text: str, running: bool) -> None:
    [figure] = tolls("killed", (span(text, "900 people"),), text)
    assert figure.running is running


def test_who_strikes_is_not_hit() -> None:
    assert told("Around 50 men opened fire.", killed="Around 50 men") == []
    assert told("Guards were shot by three men.", killed="Guards; three men") == [("killed", "Guards", 2, None)]
    assert told("A clerk of company 6 of the front died.", killed="A clerk; 6 of the front") == [
        ("killed", "A clerk", 1, 1)
    ]


def test_an_age_cut_short_counts_nobody() -> None:
    text = "Gunmen shot dead a 30-year-old clerk."
    assert told(text, killed="a 30") == [("killed", "a 30-year-old clerk", 1, 1)]
