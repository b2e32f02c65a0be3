"""The rows of the actors' table: who stands under whom, since when, and under which names."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib import resources
from itertools import combinations

import pytest

from reportedly.resolve.gazetteer import fold
from tests.resolve.authorities import table, words

Row = dict[str, str]


def rows() -> list[Row]:
    file = resources.files("reportedly").joinpath("data/authorities/actors.tsv").read_text("utf-8")
    return list(csv.DictReader(file.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def names(row: Row) -> list[str]:
    return [row["name"], *(alias for alias in row["aliases"].split("|") if alias)]


def years(row: Row) -> tuple[int, int]:
    first, dash, last = row["years"].partition("-")
    return int(first or 0), int(last or (first if first and not dash else 9999))


def together(one: Row, other: Row, *, spare: int = 0) -> bool:
    """Whether both were there in one year, with `spare` years between them allowed."""
    (a, b), (c, d) = years(one), years(other)
    return a <= d + spare and c <= b + spare


def test_armed_groups_with_a_parent_and_other_names() -> None:
    groups = [row for row in rows() if row["kind"] == "armed_group"]
    assert sum(bool(row["parent"] and row["aliases"]) for row in groups) >= 800
    assert len({row["country"] for row in groups if row["parent"]}) >= 45


@pytest.mark.parametrize(
    ("unit", "above"),
    [
        ("qassam", "hamas"),
        ("ypj", "sdf"),
        ("teofilo-forero", "farc"),
        ("is-raqqa", "islamic-state"),
        ("merardo-arce", "npa"),
        ("fpl-slv", "fmln"),
        ("kataib-hezbollah", "state:IRQ"),
        ("kna", "kno"),
    ],
)
def test_units_stand_under_their_movements(unit: str, above: str) -> None:
    seen = []
    at = table().get(unit)
    while at is not None and at.id not in seen:
        seen.append(at.id)
        at = table().get(at.parent) if at.parent else None
    assert above in seen[1:]


def test_nobody_stands_under_themselves() -> None:
    parent = {row["id"]: row["parent"] for row in rows()}
    for id_ in parent:
        seen: set[str] = set()
        at: str | None = id_
        while at:
            assert at not in seen, f"{id_} goes round by {at}"
            seen.add(at)
            at = parent.get(at)


def test_years_can_be_so() -> None:
    by_id = {row["id"]: row for row in rows()}
    for row in by_id.values():
        first, last = years(row)
        assert first <= last, row["id"]
        assert first == 0 or 1700 <= first <= 2030, row["id"]
        above = by_id.get(row["parent"])
        assert above is None or together(row, above, spare=1), f"{row['id']} never lived beside {row['parent']}"


def test_a_groups_name_is_no_common_word() -> None:
    """Acronyms are safe: a text must have their capitals."""
    common = words().common
    taken = {
        name
        for row in rows()
        if row["kind"] in ("armed_group", "coalition")
        for name in names(row)
        if fold(name) in common and name[1:].islower()
    }
    assert taken == set()


def test_no_two_of_one_country_and_time_share_a_name() -> None:
    named: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows():
        for name in {fold(name) for name in names(row)}:
            named[row["country"], name].append(row)
    shared = [
        (name, one["id"], other["id"])
        for (_, name), found in named.items()
        for one, other in combinations(found, 2)
        if together(one, other)
    ]
    assert shared == []
