"""Agents and targets cut short. All reports are invented."""

from __future__ import annotations

import pytest

from reportedly.resolve.party_spans import whole_party
from reportedly.resolve.scene import read_scene
from reportedly.types import Report, Span
from tests.resolve.authorities import table, words


@pytest.mark.parametrize(
    ("text", "cut", "trigger", "whole"),
    [
        ("Guards shot at the perpetrators, it said.", "the", "shot", "the perpetrators"),
        ("The Syrian army forces shelled Kalima.", "The", "shelled", "The Syrian army forces"),
        ("The forces of rival generals fought.", "The forces of", "fought", "The forces of rival generals"),
        ("A bomb killed at least five people.", "at", "killed", "at least five people"),
        ("Kalima was hit by the Islamic State.", "State", "hit", "Islamic State"),
        ("A raid killed a woman in Kalima.", "a woman", "killed", "a woman"),
        ("U.S. military strikes went on.", "U.S.", "strikes", "U.S."),
        ("The Syrian shelling went on.", "The Syrian", "shelling", "The Syrian"),
        ("They met the, in short.", "the,", "met", "the,"),
    ],
)
def test_a_party_is_whole(text: str, cut: str, trigger: str, whole: str) -> None:
    at, when = text.rindex(cut) if cut == "at" else text.index(cut), text.index(trigger)
    scene = read_scene(Report("r", text), table=table(), words=words(), focus="SYR")
    found = whole_party(scene, Span(at, at + len(cut)), Span(when, when + len(trigger)), words())
    assert found.of(text) == whole
