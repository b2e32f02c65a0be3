"""Statements out of scored words: nesting, a cue inside its own content, the innermost teller."""

from __future__ import annotations

from reportedly.extract.statements import Said, innermost, nested, outside
from reportedly.types import Statement


def said(cue: tuple[int, int], *content: tuple[int, int]) -> Said:
    return Said(Statement("", (), (), (), "say", "unknown"), cue, content)


def test_a_statement_in_anothers_content_lies_inside_the_innermost_one() -> None:
    outer, middle, inner, beside = (
        said((1, 2), (3, 20)),
        said((5, 6), (7, 20)),
        said((9, 10), (11, 14)),
        said((21, 22), (23, 25)),
    )
    found = nested([outer, middle, inner, beside])
    assert [s.statement.id for s in found] == ["s1", "s2", "s3", "s4"]
    assert [s.statement.inside for s in found] == [None, "s1", "s2", None]


def test_an_event_is_told_by_the_innermost_statement_that_holds_it() -> None:
    found = nested([said((1, 2), (3, 20)), said((5, 6), (7, 12), (15, 18))])
    assert innermost(found, 8) == "s2"
    assert innermost(found, 16) == "s2"
    assert innermost(found, 13) == "s1"
    assert innermost(found, 30) is None


def test_two_statements_of_one_content_do_not_lie_inside_each_other() -> None:
    found = nested([said((1, 2), (3, 9)), said((4, 5), (3, 4), (5, 10))])
    assert [s.statement.inside for s in found] == [None, None]


def test_a_cue_is_never_part_of_what_it_says() -> None:
    assert outside([(0, 10, 0.9)], (4, 6)) == [(0, 4, 0.9), (6, 10, 0.9)]
    assert outside([(0, 4, 0.9), (4, 6, 0.8)], (4, 6)) == [(0, 4, 0.9)]
    assert outside([(7, 9, 0.5)], (4, 6)) == [(7, 9, 0.5)]
