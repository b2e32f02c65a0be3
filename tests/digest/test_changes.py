from __future__ import annotations

from datetime import date

from reportedly.digest.changes import Changed, find_changes, teller_words
from reportedly.export.records import Told
from tests.digest.war import case, judge, told


def changed(old: list[Told], new: list[Told]) -> Changed:
    (one,) = find_changes([case(*old, *new)], frozenset(t.claim.id for t in new), judge)
    return one


def words(one: Changed) -> list[tuple[str, str]]:
    return [(change.sort, change.words) for change in one.changes]


def test_an_incident_without_old_claims_is_new() -> None:
    one = changed([], [told(1), told(2, "the army", status="denied")])
    assert one.new
    assert one.disputed
    assert words(one) == [("opened", "whether it happened: 2 claims")]


def test_an_incident_without_new_claims_is_left_out() -> None:
    assert find_changes([case(told(1))], frozenset(), judge) == []


def test_a_denial_opens_a_dispute() -> None:
    one = changed([told(1)], [told(2, "the army", status="denied")])
    assert not one.new
    assert [sort for sort, _ in words(one)] == ["opened"]


def test_a_dispute_that_was_open_before_is_no_news() -> None:
    assert words(changed([told(1), told(2, "the army", status="denied")], [told(3)])) == []


def test_a_dispute_closes_with_what_is_found_now() -> None:
    one = changed([told(1), told(2, "the army", status="denied")], [told(3, "the court")])
    assert words(one) == [("closed", "whether it happened: 2 claims; now single: 3 claims")]


def test_a_teller_who_gives_another_figure_revises_it() -> None:
    one = changed([told(1, killed=(9, 9))], [told(2, killed=(12, None))])
    revised = "killed: 9 (traders) before, at least 12 (traders) now (residents, in The Courier, 6 Mar 2024)"
    assert words(one) == [("revised", revised)]


def test_a_figure_that_nobody_gave_is_told_with_its_teller() -> None:
    one = changed([told(1, killed=(9, 9))], [told(2, None, outlet="Radio", killed=(4, 4), published=None)])
    assert words(one) == [("revised", "killed: 4 (traders), which nobody gave before (Radio)")]


def test_a_figure_that_is_repeated_revises_nothing() -> None:
    assert words(changed([told(1, killed=(9, 9))], [told(2, "a nurse", killed=(9, 9))])) == []
    assert words(changed([told(1)], [told(2, killed=(9, 9))])) == [], "a first figure is none that was revised"


def test_the_last_figure_of_a_teller_is_the_one_that_counts() -> None:
    old = [told(1, killed=(9, 9)), told(2, killed=(12, 12), published=date(2024, 3, 7))]
    assert words(changed(old, [told(3, killed=(12, 12), published=date(2024, 3, 8))])) == []


def test_what_most_tell_of_comes_first() -> None:
    cases = [case(told(1), name="a"), case(told(2), told(3, "a nurse"), name="b")]
    found = find_changes(cases, frozenset({"c1", "c2", "c3"}), judge)
    assert [one.case.incident.id for one in found] == ["b", "a"]


def test_tellers_in_words() -> None:
    assert teller_words(told(1)) == "residents, in The Courier"
    assert teller_words(told(1, None)) == "The Courier"
    assert teller_words(told(1, None, outlet="")) == "a report"
