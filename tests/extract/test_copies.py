"""What is carried over to a copy lies where its words lie, and nothing that only the copy has is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reportedly.extract.copies import LEAST, carry_over, shared
from reportedly.types import Extraction, Report, Span
from tests.fakes import FakeReader

PARAGRAPHS = [
    "Police in the town said that rebels had shelled the market.",
    "A doctor said that four people were killed.",
    "The army said that it had arrested two men.",
    "The road was open again.",
]
EXTRA = ["Residents said that the men were killed later.", "(River Post)", "Subscribe to our paper."]


def words(text: str, found: Extraction) -> list[tuple[str, ...]]:
    """What was found, in words, without places."""
    said = [
        (text[s.source[0].start : s.source[0].end], text[s.content[0].start : s.content[0].end])
        for s in found.statements
    ]
    names = {s.id: text[s.content[0].start : s.content[0].end] for s in found.statements}
    told = [(e.trigger.of(text), e.kind, names.get(e.statement or "", "")) for e in found.events]
    return [*said, *told]


def test_a_copy_with_another_head_and_foot_says_the_same() -> None:
    reader = FakeReader()
    first = Report("r1", "\n".join(PARAGRAPHS))
    [found] = reader.extract([first])
    copy = Report("r2", "River Post, Tuesday\n\n" + "\n\n".join(PARAGRAPHS) + "\n")
    reader.calls.clear()
    carried = carry_over(first, found, copy, reader.extract)
    assert words(copy.text, carried) == words(first.text, found)
    assert reader.calls == [["r2"]]  # the head alone
    assert [s.id for s in carried.statements] == ["s1", "s2", "s3"]


def test_what_only_the_copy_has_is_read() -> None:
    reader = FakeReader()
    first = Report("r1", "\n".join(PARAGRAPHS))
    [found] = reader.extract([first])
    copy = Report("r2", "\n".join([PARAGRAPHS[0], EXTRA[0], *PARAGRAPHS[1:]]))
    assert words(copy.text, carry_over(first, found, copy, reader.extract)) == words(
        copy.text, reader.extract([copy])[0]
    )


def test_what_pointed_at_something_left_out_points_nowhere() -> None:
    reader = FakeReader()
    first = Report("r1", "\n".join(PARAGRAPHS))
    [found] = reader.extract([first])
    tied = replace(found, events=(found.events[0], replace(found.events[1], same_as="e1"), *found.events[2:]))
    copy = Report("r2", "\n".join(PARAGRAPHS[1:]))
    carried = carry_over(first, tied, copy, reader.extract)
    assert [e.same_as for e in carried.events] == [None, None]
    assert carried.events[0].id == "e1"


@given(st.lists(st.sampled_from([*PARAGRAPHS, *EXTRA]), max_size=8), st.sampled_from(["\n", "\n\n", " \n "]))
def test_any_copy_reads_as_if_read_by_itself(paragraphs: list[str], between: str) -> None:
    # The stand-in looks at sentences alone, so here carrying over and reading must agree exactly.
    reader = FakeReader()
    first, copy = Report("r1", "\n".join(PARAGRAPHS)), Report("r2", between.join(paragraphs))
    carried = carry_over(first, reader.extract([first])[0], copy, reader.extract)
    [read] = reader.extract([copy])
    assert (carried.statements, carried.events) == (read.statements, read.events)
    assert all(Span(0, len(copy.text)).holds(s.span) for s in carried.sentences)


def test_share_of_a_text() -> None:
    text = "\n".join(PARAGRAPHS)
    assert shared(text, text) == 1.0
    assert shared(text, "\n".join(EXTRA)) == 0.0
    assert shared(text, f"{text}\n(River Post)") > LEAST
    assert shared(text, "") == 0.0
