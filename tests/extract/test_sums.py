"""Tolls of incidents: the effect that words tell, and one toll from the events of a report. All texts are made up."""

from __future__ import annotations

from datetime import date

import pytest

from reportedly.extract.effects import settle_effects, told_effect
from reportedly.extract.figures import read_figure
from reportedly.extract.sums import lead_toll, sum_toll
from reportedly.types import Event, Figure, Party, Span


def span(text: str, words: str) -> Span:
    assert words in text
    return Span(text.index(words), text.index(words) + len(words))


def event(key: str, text: str, trigger: str, **toll: str) -> Event:
    """An event with a figure for each `effect="words; other words"`."""
    figures = tuple(
        Figure(effect, span(text, words), *(read_figure(words) or (0, None)))
        for effect, listed in toll.items()
        for words in listed.split("; ")
    )
    return Event(key, span(text, trigger), "attack", "asserted", toll=figures)


@pytest.mark.parametrize(
    ("text", "mention", "effect"),
    [
        ("Two guards were killed and three others were injured.", "Two guards", "killed"),
        ("Two guards were killed and three others were injured.", "three others", "injured"),
        ("A mine went off, killing two guards and injuring three others.", "two guards", "killed"),
        ("A mine went off, killing two guards and injuring three others.", "three others", "injured"),
        ("Gunmen shot two guards and wounded three others.", "two guards", None),
        ("Ten killed, 15 hurt in Lake Town", "Ten", "killed"),
        ("10 guards killed 15 others injured in Lake Town", "15 others", "injured"),
        ("A shell caused the death of a guard and injury of three others.", "a guard", None),
        ("Two guards fled when three others were hurt.", "Two guards", "taken"),
        ("Two guards were abducted and killed.", "Two guards", "killed"),
        ("Two guards and three others were hurt.", "Two guards", "injured"),
        ("Killed: Ten men. Injured: 15", "Ten", "killed"),
        ("Two guards\n15 were hurt", "Two guards", None),
        ("Two guards stood where a shell killed a boy.", "Two guards", None),
    ],
)
def test_words_beside_a_mention_tell_what_became_of_it(text: str, mention: str, effect: str | None) -> None:
    mentions = ("Two guards", "two guards", "three others", "Ten", "15", "10 guards", "15 others", "a guard", "a boy")
    marked = sorted({span(text, m) for m in mentions if m in text and not (m == "15" and "15 others" in text)})
    assert told_effect(span(text, mention), marked, text) == effect


def test_effects_are_settled_by_their_words_and_doubles_fall_away() -> None:
    text = "Two guards of the mill were injured and three men were arrested."
    events = (
        event("e1", text, "injured", killed="Two guards", injured="Two guards of the mill; three men"),
        event("e2", text, "arrested", captured="three men"),
    )
    one, two = settle_effects(events, text)
    assert [(f.effect, f.text.of(text)) for f in one.toll] == [("injured", "Two guards of the mill")]
    assert two == events[1]


def test_one_figure_for_killed_and_injured_stays_both() -> None:
    text = "Fifty men were killed or injured."
    both = (event("e1", text, "killed", killed="Fifty men", injured="Fifty men"),)
    assert settle_effects(both, text) == both


def test_groups_add_up_and_a_mention_counts_once() -> None:
    text = "A bomb killed two guards and a driver; the blast tore the mill apart."
    first = event("e1", text, "bomb", killed="two guards; a driver")
    assert sum_toll((first, event("e2", text, "blast", killed="two guards")), "killed", text=text) == (3, 3)
    assert sum_toll((first,), "injured", text=text) is None


def test_parts_and_other_words_for_one_person_are_not_added() -> None:
    text = "Nine men, including two guards, died. A clerk, a father of two, was also killed."
    assert sum_toll((event("e1", text, "died", killed="Nine men; two guards"),), "killed", text=text) == (9, 9)
    assert sum_toll((event("e1", text, "died", killed="A clerk; a father"),), "killed", text=text) == (1, 1)


def test_a_happening_told_again_counts_once() -> None:
    text = "Five men died. The raid killed at least six men. Two boys died elsewhere."
    again = Event("e2", span(text, "raid"), "attack", "asserted", same_as="e1")
    again = Event(
        **{n: getattr(again, n) for n in Event.__slots__}
        | {"toll": event("x", text, "raid", killed="at least six men").toll}
    )
    events = (event("e1", text, "died", killed="Five men"), again, event("e3", text, "elsewhere", killed="Two boys"))
    assert sum_toll(events, "killed", text=text) == (8, None)
    assert lead_toll(events, "killed", text=text) == (5, 5)


def test_what_did_not_happen_then_and_there_is_left_out() -> None:
    text = (
        "Two men died. The raid came after 70 deaths since last May. Ten men may be dead. A blast killed four in June."
    )
    old = event("e4", text, "blast", killed="four")
    dated = {"first": date(2031, 6, 1), "last": date(2031, 6, 30), "when_basis": "text"}
    events = (
        Event(
            **{n: getattr(event("e1", text, "died", killed="Two men"), n) for n in Event.__slots__}
            | {"first": date(2031, 8, 4)}
        ),
        event("e2", text, "raid", killed="70 deaths"),
        Event("e3", span(text, "dead"), "killing", "possible", toll=event("x", text, "dead", killed="Ten men").toll),
        Event(**{n: getattr(old, n) for n in Event.__slots__} | dated),
    )
    assert sum_toll(events, "killed", text=text) == (2, 2)


def test_those_who_do_it_are_no_victims() -> None:
    text = "Fifty men killed a guard."
    told = event("e1", text, "killed", killed="Fifty men; a guard")
    assert sum_toll((told,), "killed", text=text) == (1, 1)
    text = "Fifty men killed Ana Mills."
    named = Event(
        **{n: getattr(event("e1", text, "killed", killed="Fifty men"), n) for n in Event.__slots__}
        | {"targets": (Party(span(text, "Ana Mills")),)}
    )
    assert sum_toll((named,), "killed", text=text) == (1, 1)


def test_named_victims_count_without_a_figure() -> None:
    text = "Gunmen killed Ana Mills, a clerk, and her guard."
    targets = tuple(Party(span(text, words)) for words in ("Ana Mills", "a clerk", "her guard"))
    named = Event("e1", span(text, "killed"), "killing", "asserted", targets=targets)
    assert sum_toll((named,), "killed", text=text) == (2, 2)
    assert sum_toll((named,), "injured", text=text) is None


def test_plain_words_serve_where_the_reading_has_nothing() -> None:
    text = "Three guards, including a sergeant, were injured when a mine went off, killing two."
    assert sum_toll((), "injured", text=text) == (3, 3)
    assert sum_toll((), "killed", text=text) == (2, 2)
    assert sum_toll((), "displaced", text=text) is None


def test_a_letter_is_no_thousand() -> None:
    assert read_figure("A.K. Mills") == (1, 1)
    assert read_figure("12k people") == (12000, 12000)


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("The body of a clerk was found on the shore.", (1, 1)),
        ("The bodies of three clerks were found.", (3, 3)),
        ("Two bodies lay on the shore.", (2, 2)),
        ("Nobody was seen on the shore.", None),
    ],
)
def test_bodies_tell_of_the_dead(text: str, killed: tuple[int, int] | None) -> None:
    assert sum_toll([], "killed", text=text) == killed


def test_those_told_also_are_others() -> None:
    text = "Two guards died in the raid. Two clerks were also killed."
    events = (
        event("e1", text, "raid", killed="Two guards"),
        event("e2", text, "killed", killed="Two clerks"),
    )
    assert sum_toll(events, "killed", text=text) == (4, 4)


def test_who_is_told_of_again_adds_nobody() -> None:
    text = "Three clerks died in the raid. Gunmen took two of them first; the clerks were shot."
    events = (
        event("e1", text, "raid", killed="Three clerks"),
        event("e2", text, "took", killed="two of them"),
        event("e3", text, "shot", killed="the clerks"),
    )
    assert sum_toll(events, "killed", text=text) == (3, 3)


def test_whom_an_assault_hits_is_injured() -> None:
    text = "Gunmen assaulted two clerks at the mill."
    assault = Event("e1", span(text, "assaulted"), "attack", "asserted", targets=(Party(span(text, "two clerks")),))
    assert sum_toll([assault], "injured", text=text) == (2, 2)
    assert sum_toll([assault], "killed", text=text) is None


def test_initials_end_no_sentence_and_ordinals_count_nobody() -> None:
    assert sum_toll([], "injured", text="One clerk, identified as D. K. Omar, was wounded.") == (1, 1)
    assert sum_toll([], "injured", text="A guard with the 13th battalion was injured.") == (1, 1)
