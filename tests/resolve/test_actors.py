"""Who is named: aliases, the bodies that every state has, and for whom they speak."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import resources

import pytest

from reportedly.resolve.actors import tokens_of
from tests.resolve.authorities import states, table


def named(words: str, *, focus: str | None = None, published: date | None = None) -> list[str]:
    return [m.actor.name for m in table().matches(tokens_of(words), focus=focus, published=published)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ISIS", "Islamic State"),
        ("Daesh", "Islamic State"),
        ("the RSF", "Rapid Support Forces"),
        ("IDF", "Israel Defense Forces"),
        ("Syrian regime forces", "Syrian Armed Forces"),
        ("the Assad regime", "Syrian government"),
        ("Turkey's Foreign Ministry", "Turkish Ministry of Foreign Affairs"),
        ("Congolese army", "Armed Forces of the Democratic Republic of the Congo"),
        ("SANAs reporter", "SANA"),
        ("the Kinshasa regime", "Congolese government"),
        ("the Syrian Observatory of Human Rights", "Syrian Observatory for Human Rights"),
        ("Ambazonian separatists", "Ambazonian separatists"),
        ("PDFs", "People's Defence Force"),
    ],
)
def test_names(words: str, name: str) -> None:
    assert named(words) == [name]


def test_bare_bodies_are_the_reports_states() -> None:
    assert named("the army") == []
    assert named("the army", focus="SDN") == ["Sudanese Armed Forces"]
    assert named("government forces", focus="SYR") == ["Syrian Armed Forces"]


@pytest.mark.parametrize("words", ["Peel Regional Police", "Kurdish forces of the north", "it is who said us"])
def test_what_is_no_body_of_the_reports_state(words: str) -> None:
    assert "police" not in " ".join(named(words, focus="SYR")).lower()
    assert "Syrian Armed Forces" not in named(words, focus="SYR")


def test_acronyms_keep_their_capitals() -> None:
    assert named("who is it") == []
    assert named("the WHO") == ["World Health Organization"]
    assert named("Let them go") == []
    assert named("LeT's men") == ["Lashkar-e-Taiba"]


def test_actors_have_their_years() -> None:
    assert named("the FARC", published=date(2012, 1, 1)) == ["Revolutionary Armed Forces of Colombia"]
    assert named("the Viv Ansanm", published=date(2005, 1, 1)) == []


@pytest.mark.parametrize(
    ("id_", "side"),
    [
        ("gov:FRA", "France"),
        ("police:KEN", "Kenya"),
        ("army:UKR", "Ukrainian Armed Forces"),
        ("centcom", "United States"),
        ("sana", "Syria"),
        ("amaq", "Islamic State"),
        ("afp", "AFP"),
        ("unsc", "United Nations"),
        ("unicef", "UNICEF"),
        ("qassam", "Izz ad-Din al-Qassam Brigades"),
        ("sergei-lavrov", "Russia"),
        ("yahya-saree", "Houthis"),
    ],
)
def test_sides(id_: str, side: str) -> None:
    actor = table().get(id_)
    assert actor is not None
    assert table().side_of(actor) == side


def test_every_parent_is_known_and_ids_are_single() -> None:
    rows = table().rows()
    assert len({actor.id for actor in rows}) == len(rows)
    lost = [actor.id for actor in rows if actor.parent and table().get(actor.parent) is None]
    assert lost == []


def test_every_country_is_a_state() -> None:
    assert [a.id for a in table().rows() if a.country and a.country not in states().rows] == []
    neighbours = {n for state in states().rows.values() for n in state.neighbours}
    assert neighbours <= set(states().rows)


def test_tokens_stand_where_they_say() -> None:
    text = "“Voilà,” said O’Neill — the army’s chief."
    assert all(text[t.start : t.end] == t.word for t in tokens_of(text))


def test_how_many_are_known() -> None:
    kinds = Counter(actor.kind for actor in table().rows() if actor.kind not in ("state", "person"))
    assert kinds.total() >= 2_200
    assert kinds["armed_group"] >= 1_350


def test_no_row_has_a_name_of_its_own_twice() -> None:
    """Another's alias may be equal, as acronyms are; within a row a second time is a slip."""
    file = resources.files("reportedly").joinpath("data/authorities/actors.tsv").read_text("utf-8")
    names = [(line.split("\t")[0], *line.split("\t")[1:3]) for line in file.splitlines()[1:]]
    twice = [id_ for id_, name, others in names if name in others.split("|")]
    assert twice == []
