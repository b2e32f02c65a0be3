"""Sub-figures of tolls. All texts are made up."""

from __future__ import annotations

import pickle

import pytest

from reportedly.extract.figures import read_figure
from reportedly.extract.parts import with_parts
from reportedly.extract.sums import sum_toll
from reportedly.types import Event, Figure, Span

Shown = tuple[str, int, int | None, str | None, str | None]


def span(text: str, words: str) -> Span:
    assert words in text
    return Span(text.index(words), text.index(words) + len(words))


def event(text: str, **toll: str) -> Event:
    figures = tuple(
        Figure(effect, span(text, words), *(read_figure(words) or (0, None)))
        for effect, listed in toll.items()
        for words in listed.split("; ")
    )
    return Event("e1", span(text, "."), "attack", "asserted", toll=figures)


def parts(figure: Figure, text: str) -> list[Shown]:
    return [(p.text.of(text), p.low, p.high, p.who, p.group) for p in figure.parts]


@pytest.mark.parametrize(
    ("text", "killed", "expected"),
    [
        (
            "A shell killed 17 people, including 3 children and a nurse, in Lower Quay.",
            "17 people",
            [("3 children", 3, 3, "children", "children"), ("a nurse", 1, 1, "nurse", "civilians")],
        ),
        ("12 killed, seven of them women, in Lower Quay.", "12", [("seven", 7, 7, "women", "women")]),
        (
            "Nine people, among them two medics, died.",
            "Nine people",
            [("two medics", 2, 2, "medics", "civilians")],
        ),
        (
            "10 killed (7 police, 2 civilians, 1 unknown).",
            "10",
            [
                ("7 police", 7, 7, "police", None),
                ("2 civilians", 2, 2, "civilians", "civilians"),
                ("1 unknown", 1, 1, "unknown", None),
            ],
        ),
        (
            "11 men and 4 women are dead.",
            "11 men and 4 women",
            [("11 men", 11, 11, "men", "men"), ("4 women", 4, 4, "women", "women")],
        ),
        (
            "At least 20 people died in the raid. The dead included five children and two soldiers.",
            "At least 20 people",
            [
                ("five children", 5, 5, "children", "children"),
                ("two soldiers", 2, 2, "soldiers", "combatants"),
            ],
        ),
        (
            "Two brothers, 39-year-old Omar Sule and 33-year-old Ali Sule, were killed.",
            "Two brothers",
            [("39-year-old Omar Sule", 1, 1, None, None), ("33-year-old Ali Sule", 1, 1, None, None)],
        ),
        ("In all 40 people, most of them civilians, died.", "40 people", [("most", 2, None, "civilians", "civilians")]),
        ("Two people and three others died, two days after.", "Two people", []),
        ("Nine people, including the mayor, died.", "Nine people", []),
    ],
)
def test_parts_of_a_toll(text: str, killed: str, expected: list[Shown]) -> None:
    [read] = with_parts([event(text, killed=killed)], text)
    assert parts(read.toll[0], text) == expected


def test_a_part_is_no_toll_of_its_own() -> None:
    text = "Four clerks, including two women and a boy, were killed."
    [read] = with_parts([event(text, killed="Four clerks; two women; a boy")], text)
    assert [f.text.of(text) for f in read.toll] == ["Four clerks"]
    assert sum_toll([read], "killed", text=text) == (4, 4)
    assert pickle.loads(pickle.dumps(read)) == read


def test_a_list_goes_on_only_while_it_counts_parts() -> None:
    text = "Ten guards died, including a girl and a boy, and 19 others were hurt."
    [read] = with_parts([event(text, killed="Ten guards", injured="19 others")], text)
    assert [(f.effect, f.low, len(f.parts)) for f in read.toll] == [("killed", 10, 2), ("injured", 19, 0)]


def test_a_part_goes_to_the_nearest_figure_that_can_hold_it() -> None:
    text = "The shell killed 12 people and hurt 30, including 3 children."
    [read] = with_parts([event(text, killed="12 people", injured="30")], text)
    assert [(f.effect, len(f.parts)) for f in read.toll] == [("killed", 0), ("injured", 1)]
    text = "The shell killed 40 people and hurt 3, including 9 children."
    [read] = with_parts([event(text, killed="40 people", injured="3")], text)
    assert [(f.effect, len(f.parts)) for f in read.toll] == [("killed", 1), ("injured", 0)]


def test_a_part_holds_no_parts() -> None:
    text = "A shell killed 17 people, including 3 children. Thirty were hurt. The dead included a clerk."
    [read] = with_parts([event(text, killed="17 people; 3 children; a clerk", injured="Thirty")], text)
    assert [(f.low, [p.low for p in f.parts]) for f in read.toll] == [(17, [3, 1]), (30, [])]


def test_who_died_of_the_wounded_is_killed_too() -> None:
    text = "Six guards were wounded; two of the wounded died."
    [read] = with_parts([event(text, injured="Six guards", killed="two of the wounded")], text)
    assert sorted((f.effect, f.low) for f in read.toll) == [("injured", 6), ("killed", 2)]
