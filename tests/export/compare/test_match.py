"""Pairing two sides: what goes together, what doesn't, and that the result is one to one and always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.errors import SettingsError
from reportedly.export.compare import Field, Happening, Limits, Where, by_chance, compare, differences
from reportedly.export.compare.match import kilometres, shared_sides
from reportedly.export.compare.records import key

DAY = date(2021, 3, 2)
LAKE = Where(("Lake Town",), "NOR", 61.25, 9.75, 5.0)
STRIKE = Happening(
    "ours", DAY, DAY, LAKE, ("Battles", "Armed clash"), ("Northern Army", "Hill Front"), 3, 4, 5, ("Lake Gazette",)
)
THEIRS = replace(STRIKE, id="theirs", sides=("Military Forces of Northland", "Hill Front"), low=4, best=4, high=4)


def paired(ours: Happening, theirs: Happening, limits: Limits | None = None) -> bool:
    return bool(compare([ours], [theirs], limits or Limits()).pairs)


def test_a_pair_has_named_features_that_sum() -> None:
    (pair,) = compare([STRIKE], [THEIRS], Limits()).pairs
    assert pair.score == pytest.approx(sum(value for _, value in pair.features))
    assert [name for name, _ in pair.features] == ["days", "distance", "kind", "toll", "sides"]
    assert pair.score > 0.9
    assert pair.km == 0


@pytest.mark.parametrize(
    "other",
    [
        replace(THEIRS, first=DAY + timedelta(5), last=DAY + timedelta(5)),
        replace(THEIRS, where=replace(LAKE, lat=63.0)),
        replace(THEIRS, codes=("Strategic developments", "Arrests")),
        replace(THEIRS, where=Where(("Sea Town",), "NOR")),
        replace(THEIRS, where=Where(("Lake Town",), "SWE")),
        # A month and a province may hold much that has nothing to do with it.
        replace(
            THEIRS, last=DAY + timedelta(30), where=replace(LAKE, lat=62.0, radius_km=100.0), low=90, best=90, high=90
        ),
    ],
    ids=["days", "kilometres", "kind", "name", "country", "vague"],
)
def test_what_is_too_far_is_no_pair(other: Happening) -> None:
    assert not paired(STRIKE, other)


def test_a_name_does_where_there_is_no_point() -> None:
    assert paired(STRIKE, replace(THEIRS, where=Where(("village of the Lake-Town area",), "NOR")))


def test_limits_are_wider_on_wish() -> None:
    other = replace(THEIRS, first=DAY + timedelta(3), last=DAY + timedelta(3))
    assert not paired(STRIKE, other)
    assert paired(STRIKE, other, Limits(days=7))


def test_the_better_pair_wins_and_the_other_is_told_as_beside() -> None:
    second = replace(STRIKE, id="second", low=9, best=9, high=9)
    found = compare([second, STRIKE], [THEIRS], Limits())
    assert [(p.ours.id, p.theirs.id) for p in found.pairs] == [("ours", "theirs")]
    assert [one.id for one in found.only_ours] == ["second"]
    assert found.beside == {"second"}
    assert found.only_theirs == ()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_pairs_are_one_to_one_and_nothing_is_lost(ours: list[tuple[int, int]], theirs: list[int]) -> None:
    one = [
        replace(STRIKE, id=f"a{n}", first=DAY + timedelta(d), last=DAY + timedelta(d), low=k, best=k, high=k)
        for n, (d, k) in enumerate(ours)
    ]
    other = [
        replace(THEIRS, id=f"b{n}", first=DAY + timedelta(d), last=DAY + timedelta(d)) for n, d in enumerate(theirs)
    ]
    found = compare(one, other, Limits())
    assert sorted([p.ours.id for p in found.pairs] + [h.id for h in found.only_ours]) == sorted(h.id for h in one)
    assert sorted([p.theirs.id for p in found.pairs] + [h.id for h in found.only_theirs]) == sorted(h.id for h in other)
    assert found.beside <= {h.id for h in found.only_ours}


def test_chance_makes_no_pair_of_one_day_but_some_where_it_happens_daily() -> None:
    assert by_chance([STRIKE], [THEIRS], Limits()) == 0
    daily = [replace(THEIRS, id=f"b{n}", first=DAY + timedelta(n), last=DAY + timedelta(n)) for n in range(-200, 200)]
    assert by_chance([STRIKE], daily, Limits()) == 1


def test_differences_are_said_field_by_field() -> None:
    other = replace(
        THEIRS, first=DAY + timedelta(1), last=DAY + timedelta(1), where=Where(("Mill",), "NOR", 61.6, 9.75, 5.0),
        codes=("Battles", "Government regains territory"), sides=("Hill Front",), low=9, best=9, high=9,
    )  # fmt: skip
    (pair,) = compare([STRIKE], [other], Limits(score=0.3)).pairs
    found = {d.field: (d.agrees, d.how) for d in differences(pair)}
    assert found == {
        Field.DAY: (False, "1 day apart"),
        Field.PLACE: (False, "39 km apart"),
        Field.TYPE: (False, ""),
        Field.KILLED: (False, "theirs is higher by 4 at least"),
        Field.SIDES: (True, ""),
    }
    silent = replace(STRIKE, codes=(), sides=(), low=None, best=None, high=None)
    (pair,) = compare([silent], [THEIRS], Limits(score=0.3)).pairs
    assert [d.field for d in differences(pair) if d.agrees is None] == [Field.TYPE, Field.KILLED, Field.SIDES]


@pytest.mark.parametrize(
    ("ours", "theirs", "part"),
    [
        (("Northland Armed Forces",), ("Government of Northland",), 1),
        (("Northland Armed Forces",), ("Northland insurgents",), 0),
        (("Northland rebels",), ("Northland insurgents",), 1),
        (("Hill Front", "Northern Army"), ("Government of Northland", "Hill Front"), 1),
        ((), ("Civilians",), None),
        (("civilians",), ("Civilians",), 1),
    ],
)
def test_sides_share_words_that_tell(ours: tuple[str, ...], theirs: tuple[str, ...], part: float | None) -> None:
    assert shared_sides(ours, theirs) == part


def test_keys_make_spellings_equal() -> None:
    assert key("Ad-Dāma'ir") == key("al-Damair") == "damair"
    assert key("The") == "the"


def test_a_degree_of_latitude_is_111_km() -> None:
    assert kilometres((10, 20), (11, 20)) == pytest.approx(111.2, abs=0.1)


def test_limits_that_are_none_are_refused() -> None:
    with pytest.raises(SettingsError, match="-1 days"):
        Limits(days=-1)
    with pytest.raises(SettingsError, match="0 km"):
        Limits(km=0)
    with pytest.raises(SettingsError, match="score of 2"):
        Limits(score=2)
