"""Which words are place names, whether or not an event uses them."""

from __future__ import annotations

from functools import cache

import pytest

from reportedly.resolve.scene import read_scene
from reportedly.resolve.states import countries_named
from reportedly.resolve.toponyms import LEAST, WEIGHTS, ToponymFinder
from reportedly.types import Report, Span
from tests.resolve.authorities import index, states, table, words


@cache
def finder() -> ToponymFinder:
    return ToponymFinder(index().known, states(), words())


def found(text: str, *mentions: str) -> list[str]:
    """The place names of `text`, where the model has found `mentions`."""
    scene = read_scene(Report("r", text), table=table(), words=words(), focus=None)
    spans = [Span(text.index(m), text.index(m) + len(m)) for m in mentions]
    return [span.of(text) for span in finder().find(scene, spans, countries_named(text, states()))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rockets fell in Aleppo, Syria, on Monday.", ["Aleppo", "Syria"]),
        ("Shells hit a market near Deir al-Zor.", ["Deir al-Zor"]),
        ("The convoy left Homs for the U.S. embassy.", ["Homs", "U.S."]),
        ("Talks began. Moscow said that it would not attend.", ["Moscow"]),
        ("Turkish jets bombed the hills.", ["Turkish"]),
        ("A U.S.-led raid was denied.", ["U.S."]),
        ("Syria's army said nothing about New York.", ["Syria", "New York"]),
        ("A bomb went off in Kalima Street.", ["Kalima Street"]),
        ("The South Sudan ferry reached Juba.", ["South Sudan", "Juba"]),
        ("No one was hurt. Police came. March was quiet.", []),
        ("Said Harir and Clayton Kalima were hurt. Kalima said that he ran.", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_a_mention_of_the_model_speaks_for_a_name() -> None:
    text = "Residents of the old town said that Reading was quiet."
    assert found(text) == []
    assert found(text, "Reading") == ["Reading"]


def test_every_feature_has_a_weight() -> None:
    text = "Rockets fell in Aleppo, Syria, and in Kalima Street."
    scene = read_scene(Report("r", text), table=table(), words=words(), focus=None)
    judged = finder().features(scene, [], {"SYR"})
    assert {feature for _, features in judged for feature in features} <= WEIGHTS.keys()
    assert all(score == score for _, score in finder().judge(scene, [], {"SYR"}))
    assert LEAST < 0


def test_nothing_in_nothing() -> None:
    assert found("") == []
    assert found("the in of and") == []


def test_known_keys_in_one_question() -> None:
    known = index().known(["aleppo", "kalimaxyz"])
    assert list(known) == ["aleppo"]
    assert known["aleppo"].population > 1_000_000
    assert "SYR" in known["aleppo"].countries
