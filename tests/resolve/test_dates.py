"""Days of events and statements: what they rest on, and what leaves them open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.extract.times import find_times, read_times
from reportedly.resolve.dates import date_reading, roots_of
from reportedly.text import split_sentences
from reportedly.types import Event, Figure, Report, Span, Statement

PUBLISHED = date(2023, 11, 8)
"""A Wednesday."""


@dataclass
class Draft:
    """A report as it comes from the extraction: quotes given by their words."""

    text: str
    published: date | None = PUBLISHED
    events: list[Event] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def span(self, words: str) -> Span:
        start = self.text.index(words)
        return Span(start, start + len(words))

    def event(
        self,
        trigger: str,
        *times: str,
        kind: str = "shelling",
        status: str = "asserted",
        same_as: str | None = None,
        toll: str | None = None,
    ) -> str:
        name = f"e{len(self.events) + 1}"
        tolls = () if toll is None else (Figure("killed", self.span(toll), 9, 9),)
        spans = tuple(map(self.span, times))
        self.events.append(
            Event(name, self.span(trigger), kind, status, times=spans, same_as=same_as, toll=tolls)
        )  # fmt: skip
        return name

    def statement(self, source: str, cue: str, content: str) -> None:
        name = f"s{len(self.statements) + 1}"
        self.statements.append(
            Statement(name, (self.span(source),), (self.span(cue),), (self.span(content),), "say", "military")
        )

    def read(self) -> tuple[tuple[Statement, ...], tuple[Event, ...]]:
        sentences = split_sentences(self.text)
        whens = read_times(self.text, find_times(self.text), published=self.published, sentences=sentences)
        report = Report("r", self.text, published=self.published)
        return date_reading(report, tuple(self.statements), tuple(self.events), whens, sentences)

    def days(self) -> list[tuple[str, str] | None]:
        return [
            None if e.first is None or e.last is None else (e.first.isoformat(), e.last.isoformat())
            for e in self.read()[1]
        ]

    def said(self) -> list[date | None]:
        return [s.said_on for s in self.read()[0]]


def test_an_event_has_the_days_of_its_own_times() -> None:
    draft = Draft("Shells hit the market on Tuesday, and the mill fell in March 2021.")
    draft.event("hit", "Tuesday")
    draft.event("fell", "March 2021", kind="capture")
    assert draft.days() == [("2023-11-07", "2023-11-07"), ("2021-03-01", "2021-03-31")]
    assert [event.when_basis for event in draft.read()[1]] == ["report", "text"]


def test_a_range_runs_from_its_first_day_to_its_last() -> None:
    draft = Draft("Shells hit the market between 27 April and 18 May 2021.")
    draft.event("hit", "between 27 April and 18 May 2021")
    assert draft.days() == [("2021-04-27", "2021-05-18")]


def test_later_mentions_share_the_day() -> None:
    draft = Draft("Shells hit the market on Tuesday. The shelling woke the town. The attack was the third.")
    first = draft.event("hit", "Tuesday")
    second = draft.event("shelling", same_as=first)
    draft.event("attack", kind="attack", same_as=second)
    assert draft.days() == [("2023-11-07", "2023-11-07")] * 3


def test_a_first_mention_takes_the_day_of_a_later_one() -> None:
    draft = Draft("Shells have hit the market. It was struck on Tuesday.")
    first = draft.event("hit")
    draft.event("struck", "Tuesday", same_as=first)
    assert draft.days() == [("2023-11-07", "2023-11-07")] * 2


def test_a_week_gives_way_to_the_day_in_it_that_another_mention_names() -> None:
    draft = Draft("Last week shells hit the market. The mill was struck on Friday, 3 November.")
    first = draft.event("hit", "Last week")
    draft.event("struck", "3 November", same_as=first)
    assert draft.days() == [("2023-11-03", "2023-11-03")] * 2


def test_what_goes_on_since_an_onset_runs_to_the_report_s_day() -> None:
    draft = Draft("More than 900 people have been killed since the revolt erupted in March 2011.")
    draft.event("killed", "March 2011", kind="killing", toll="More than 900 people")
    draft.event("erupted", "March 2011", kind="clash")
    assert draft.days() == [("2011-03-01", "2023-11-08"), ("2011-03-01", "2011-03-31")]


def test_what_follows_a_clause_of_since_has_gone_on_too() -> None:
    draft = Draft("Since the revolt erupted in March 2011 more than 900 people have been killed.")
    draft.event("killed", "March 2011", kind="killing", toll="more than 900 people")
    draft.event("erupted", "March 2011", kind="clash")
    assert draft.days() == [("2011-03-01", "2023-11-08"), ("2011-03-01", "2011-03-31")]


def test_an_hour_alone_is_on_the_day_told_before() -> None:
    draft = Draft("Shells hit the market on Monday. At 7:30 p.m. the mill was struck.")
    draft.event("hit", "Monday")
    draft.event("struck", "7:30 p.m.")
    assert draft.days() == [("2023-11-06", "2023-11-06")] * 2


def test_an_hour_alone_is_else_on_the_report_s_day() -> None:
    draft = Draft("12:05 The mill was struck.")
    draft.event("struck", "12:05")
    assert draft.days() == [("2023-11-08", "2023-11-08")]


@pytest.mark.parametrize(("status", "day"), [("planned", "2023-11-10"), ("asserted", "2023-11-03")])
def test_a_weekday_lies_on_the_side_that_the_status_asks_for(status: str, day: str) -> None:
    draft = Draft("The convoy leaves for the camp on Friday.")
    draft.event("leaves", "Friday", kind="aid", status=status)
    assert draft.days() == [(day, day)]


def test_a_free_time_in_its_clause_dates_an_event() -> None:
    draft = Draft("Shells hit the market on Tuesday.")
    draft.event("hit")
    assert draft.days() == [("2023-11-07", "2023-11-07")]


def test_a_time_behind_another_trigger_dates_that_one_alone() -> None:
    draft = Draft("The siege has worn the town out, and a convoy is to be let in on Friday.")
    draft.event("siege", kind="siege")
    draft.event("let in", kind="aid", status="planned")
    assert draft.days()[0] is None


def test_deaths_in_the_next_sentence_are_on_the_day_of_the_shelling() -> None:
    draft = Draft("Shells hit the market today. Nine people were killed.")
    draft.event("hit", "today")
    draft.event("killed", kind="killing", toll="Nine people")
    assert draft.days() == [("2023-11-08", "2023-11-08")] * 2


@pytest.mark.parametrize("status", ["planned", "demanded", "possible"])
def test_what_has_not_happened_takes_no_neighbour_s_day(status: str) -> None:
    draft = Draft("Shells hit the market today. The council wants a truce.")
    draft.event("hit", "today")
    draft.event("truce", kind="ceasefire", status=status)
    assert draft.days()[1] is None


def test_without_a_time_nothing_is_dated() -> None:
    draft = Draft("Shells hit the market. The army said it had fired none.")
    draft.event("hit")
    draft.event("fired", status="denied")
    draft.statement("The army", "said", "it had fired none")
    assert draft.days() == [None, None]
    assert draft.said() == [None]


def test_a_date_line_wins_over_the_day_of_publication() -> None:
    draft = Draft("6 Nov 2023 Shells hit the market today.")
    draft.event("hit", "today")
    assert draft.days() == [("2023-11-06", "2023-11-06")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The army said on Tuesday that it had withdrawn.", date(2023, 11, 7)),
        ("The army told Radio Ama late on Tuesday that it had withdrawn.", date(2023, 11, 7)),
        ("On Tuesday the army said that it had withdrawn.", date(2023, 11, 7)),
        ("The army said that it had withdrawn on Tuesday.", None),
        ("7 Nov 2023 The army said that it had withdrawn.", None),
        ("The army said this week that it had withdrawn.", None),
    ],
)
def test_a_saying_has_the_day_beside_its_cue(text: str, day: date | None) -> None:
    draft = Draft(text, date(2023, 11, 8))
    content = text[text.index("that it") : -1]
    cue = "told" if "told" in text else "said"
    draft.statement("he army", cue, content)
    assert draft.said() == [day]


def test_the_day_of_a_saying_is_not_the_event_s() -> None:
    draft = Draft("The army said on Tuesday that shells hit the market.")
    draft.statement("The army", "said", "that shells hit the market")
    draft.event("hit")
    assert draft.said() == [date(2023, 11, 7)]
    assert draft.days() == [None]


def test_nothing_but_dates_is_changed_and_order_is_kept() -> None:
    draft = Draft("Shells hit the market on Tuesday, and the mill fell.")
    draft.event("fell", kind="capture")
    draft.event("hit", "Tuesday")
    _, events = draft.read()
    assert [event.id for event in events] == ["e1", "e2"]
    assert [(event.trigger, event.kind, event.times) for event in events] == [
        (event.trigger, event.kind, event.times) for event in draft.events
    ]


def test_circles_of_later_mentions_end() -> None:
    draft = Draft("Shells hit the market; the shelling went on.")
    draft.event("hit", same_as="e2")
    draft.event("shelling", same_as="e1")
    assert draft.days() == [None, None]


@given(st.lists(st.one_of(st.none(), st.integers(0, 11)), max_size=12))
def test_every_chain_of_mentions_ends_at_one_of_them(parents: list[int | None]) -> None:
    events = [
        Event(f"e{at}", Span(at, at + 1), "attack", "asserted", same_as=None if parent is None else f"e{parent}")
        for at, parent in enumerate(parents)
    ]
    assert set(roots_of(events).values()) <= {event.id for event in events}
