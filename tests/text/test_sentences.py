"""Sentences: where they end, and that no character is lost. All incidents are invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.text import split_sentences


def sentences(text: str) -> list[str]:
    return [s.span.of(text) for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two shells fell. Nobody was hurt.", ["Two shells fell.", "Nobody was hurt."]),
        ("Lt. Col. A. Example spoke on Jan. 5. He left.", ["Lt. Col. A. Example spoke on Jan. 5.", "He left."]),
        ("The U.S. Army left the U.S. The convoy went home.", ["The U.S. Army left the U.S.", "The convoy went home."]),
        ("“We heard three blasts.” He ran.", ["“We heard three blasts.”", "He ran."]),
        ('"Is it over?" she asked.', ['"Is it over?" she asked.']),
        ("At 5.30 a.m. the road was cut. Trucks wait.", ["At 5.30 a.m. the road was cut.", "Trucks wait."]),
        ("A headline\n\nA first line. A second.", ["A headline", "A first line.", "A second."]),
        ("He waited… Then it came.", ["He waited…", "Then it came."]),
        ("One line\r\n\r\nAnother", ["One line", "Another"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_line_break_ends_a_sentence_unless_lines_are_wrapped() -> None:
    assert sentences("LIVE 10:04\nShelling resumed") == ["LIVE 10:04", "Shelling resumed"]
    wrapped = (
        "The convoy had been waiting at the crossing since dawn when the first of\n"
        "several shells landed near the last lorry, a driver who was there said by\n"
        "telephone on Thursday, adding that the road behind them had been closed by\n"
        "soldiers who gave no reason and who left in the afternoon.\n"
    )
    assert len(sentences(wrapped)) == 1


def test_sentences_know_their_paragraph_and_whether_a_quotation_is_open() -> None:
    found = split_sentences("He said: “We left. They came.”\n\nNobody answered.")
    assert [(s.paragraph, s.quoted) for s in found] == [(0, False), (0, True), (1, False)]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_every_visible_character_is_in_one_sentence(text: str) -> None:
    found = split_sentences(text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    covered = {i for s in found for i in range(s.span.start, s.span.end)}
    assert all(c.isspace() for i, c in enumerate(text) if i not in covered)
    assert all(s.span.of(text).strip() == s.span.of(text) for s in found)


@pytest.mark.parametrize("attack", ["\n" * 50_000, ". " * 50_000, "“" * 50_000, "a." * 50_000, "\n \n" * 20_000])
def test_hostile_texts_take_linear_time(attack: str) -> None:
    assert len(split_sentences(attack + "End.")) >= 1
