"""Private names: which words are one, and how they are cut out of a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.export.names import WITHHELD, Withheld, fold, proper_names, words_of

PUBLIC = {words_of(n) for n in ("Rapid Support Forces", "Rahad", "Hill Radio", "Jan Egeland")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Amina Yusuf", ["Amina Yusuf"]),
        ("Amina", ["Amina"]),
        ("Dr Salim Taha, a surgeon", ["Salim Taha"]),
        ("Dr. Salim", ["Salim"]),
        ("Mrs Yusuf of Rahad", ["Yusuf"]),
        ("unnamed nephew of Amina Yusuf", ["Amina Yusuf"]),
        ("Omar bin al-Rashid", ["Omar bin al-Rashid"]),
        ("Élodie Ngô-Dupont", ["Élodie Ngô-Dupont"]),
        ("أمينة يوسف", ["أمينة يوسف"]),
        ("The Amina Yusuf case", ["Amina Yusuf"]),
        ("Amina Yusuf and Karim Idris", ["Amina Yusuf", "Karim Idris"]),
        # No private names.
        ("unidentified armed group", []),
        ("civilians", []),
        ("Syrian rebels", []),
        ("Rapid Support Forces", []),
        ("rapid support forces", []),
        ("Ministry of Health", []),
        ("Zintan Brigade", []),
        ("unnamed resident of Rahad", []),
        ("Jan Egeland", []),
        ("In Rahad", []),
        ("", []),
    ],
)
def test_proper_names(text: str, found: list[str]) -> None:
    assert list(proper_names(text, public=PUBLIC)) == found


NAMES = Withheld(["Amina Yusuf", "Élodie Ngô", "Karim"], public=PUBLIC)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Amina Yusuf spoke", f"{WITHHELD} spoke"),
        ("AMINA  YUSUF", WITHHELD),
        ("https://x.example/amina-yusuf/amina_yusuf", f"https://x.example/{WITHHELD}/{WITHHELD}"),
        ("Amina-Yusuf’s son", f"{WITHHELD}’s son"),
        ("elodie ngo", WITHHELD),
        ("E\u0301lodie NGO\u0302 said", f"{WITHHELD} said"),
        ("Aminas Yusuf", "Aminas Yusuf"),
        ("Yusuf alone", "Yusuf alone"),
        ("Karim, Karim", f"{WITHHELD}, {WITHHELD}"),
    ],
)
def test_names_are_cut_out_however_they_are_written(text: str, clean: str) -> None:
    assert NAMES.clean(text) == clean


def test_parts_go_from_free_text() -> None:
    assert NAMES.clean("Yusuf wept, and so did Amina", parts=True) == f"{WITHHELD} wept, and so did {WITHHELD}"
    assert NAMES.clean("the yusuf tree", parts=True) == "the yusuf tree"


def test_part_of_a_public_name_stays() -> None:
    names = Withheld(["Rahad Idris"], public=PUBLIC)
    assert names.clean("In Rahad", parts=True) == "In Rahad"


def test_a_single_name_stays_inside_a_public_figure() -> None:
    names = Withheld(["Mahmoud", "Abbas Mahmoud"], figures={words_of("Mahmoud Abbas")})
    assert names.clean("Mahmoud met Mahmoud Abbas.") == f"{WITHHELD} met Mahmoud Abbas."
    assert names.clean("Abbas Mahmoud") == WITHHELD


def test_a_lone_letter_is_no_name() -> None:
    assert Withheld(["M"]).clean("M. said 5 m") == "M. said 5 m"


@settings(deadline=None)
@given(st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_nothing_withheld_is_left(text: str, names: list[str]) -> None:
    withheld = Withheld(names)
    pieces = withheld.clean(" ".join([text, *names])).split(WITHHELD)
    for piece in pieces:
        left = words_of(piece)
        assert not any(left[n : n + len(name)] == name for name in withheld.names for n in range(len(left)))


def test_fold() -> None:
    assert fold("Ça ÉTÉ") == "ca ete"
