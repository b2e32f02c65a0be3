"""The places of events: whole phrases, and the places named along with them."""

from __future__ import annotations

from functools import cache

import pytest

from reportedly.resolve.event_places import EventPlaces
from reportedly.types import Event, Link, Party, Span
from tests.resolve.authorities import states, words


@cache
def settler() -> EventPlaces:
    return EventPlaces(words(), states())


def span(text: str, quote: str) -> Span:
    return Span(text.index(quote), text.index(quote) + len(quote))


def settled(text: str, marked: list[str], names: list[str], *, agent: str = "") -> list[str]:
    """The places of an event of which the model has marked `marked`; `names` are the report's place names."""
    places = tuple(Link(span(text, m), m) for m in marked)
    agents = (Party(span(text, agent)),) if agent else ()
    event = Event("e1", span(text, "hit"), "attack", "asserted", agents=agents, places=places)
    (found,) = settler().settle(text, [event], sorted(span(text, n) for n in names))
    return [s.of(text) for s in found]


@pytest.mark.parametrize(
    ("text", "marked", "names", "found"),
    [
        ("Shells hit the old town again.", ["the"], [], ["the old town"]),
        ("Shells hit the north of Harir, it said.", ["the north of"], ["Harir"], ["the north of Harir"]),
        ("Shells hit the north of Harir, it said.", ["the north of", "Harir"], ["Harir"], ["the north of Harir"]),
        ("Shells hit parts of Harir province on Monday.", ["parts of"], ["Harir"], ["parts of Harir province"]),
        ("Shells hit the Kalim al-Dunaya district.", ["the"], [], ["the Kalim al-Dunaya district"]),
        ("Shells hit the quietly sleeping.", ["the"], [], []),
        ("Shells hit Deir Harir at dawn.", ["Deir"], ["Deir Harir"], ["Deir Harir"]),
        ("Shells hit a market.", ["a market"], [], ["a market"]),
    ],
)
def test_phrases_are_made_whole(text: str, marked: list[str], names: list[str], found: list[str]) -> None:
    assert settled(text, marked, names) == found


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Shells hit Kalima in Harir province.", ["Kalima", "Harir"], ["Kalima", "Harir province"]),
        ("Shells hit Kalima in the southern province of Harir.", ["Kalima", "Harir"],
         ["Kalima", "the southern province of Harir"]),
        ("Shells hit Kalima and Dunaya in Harir.", ["Kalima", "Dunaya", "Harir"], ["Kalima", "Dunaya", "Harir"]),
        ("Shells hit Kalima. In Harir all was quiet.", ["Kalima", "Harir"], ["Kalima"]),
        ("Shells hit Kalima and Turkish jets left.", ["Kalima", "Turkish"], ["Kalima"]),
        ("Shells hit Kalima while Harir slept.", ["Kalima", "Harir"], ["Kalima"]),
        ("Shells hit Kalima and Harir-based units.", ["Kalima", "Harir"], ["Kalima"]),
    ],
)  # fmt: skip
def test_places_named_along_count_too(text: str, names: list[str], found: list[str]) -> None:
    assert settled(text, ["Kalima"], names) == found


def test_who_did_it_is_no_place_named_along() -> None:
    text = "Men hit Kalima and Harir Brigade left."
    assert settled(text, ["Kalima"], ["Kalima", "Harir"], agent="Harir Brigade") == ["Kalima"]
