"""When each event happened and when each statement was made.

An event's days come from the time expressions that the reader tied to it, or from another mention of the same
happening, or, where the wording joins it to a dated neighbour, from that. docs/how-it-decides/times.md tells the rules
in words. What nothing dates stays `None`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.types import Event, Report, Sentence, Span, Statement, When

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Dated:
    """The days of an event and what they rest on: text, statement or report."""

    days: Days
    basis: str


def date_reading(
    report: Report,
    statements: tuple[Statement, ...],
    events: tuple[Event, ...],
    whens: tuple[When, ...],
    sentences: tuple[Sentence, ...],
) -> tuple[tuple[Statement, ...], tuple[Event, ...]]:
    """The statements with `said_on` and the events with `first`, `last` and `when_basis` filled where a day follows.

    `whens` are what `extract.times.read_times` gave for the report's time expressions, the events' own among them.
    Order is kept.
    """
    frame = _Frame(report, statements, events, whens, sentences)
    said = {statement.id: frame.said_on(statement) for statement in statements}
    dated = _share(events, {event.id: frame.own_days(event) for event in events})
    return (
        tuple(replace(statement, said_on=said[statement.id]) for statement in statements),
        tuple(_with_days(event, dated.get(event.id)) for event in events),
    )


def _with_days(event: Event, dated: _Dated | None) -> Event:
    if dated is None:
        return replace(event, first=None, last=None, when_basis=None)
    return replace(event, first=dated.days[0], last=dated.days[1], when_basis=dated.basis)


def _share(events: Sequence[Event], own: Mapping[str, _Dated | None]) -> dict[str, _Dated | None]:
    """Mentions of one happening share its days: each mention's own, else those of the first mention that has any."""
    roots = _roots(events)
    shared: dict[str, _Dated] = {}
    for event in events:
        dated = own[event.id]
        if dated is not None:
            shared.setdefault(roots[event.id], dated)
    return {event.id: own[event.id] or shared.get(roots[event.id]) for event in events}


def _roots(events: Sequence[Event]) -> dict[str, str]:
    """Each event's first mention, followed through chains of `same_as`; a circle ends where it began."""
    parent = {event.id: event.same_as for event in events}
    roots = {}
    for event in events:
        at, seen = event.id, {event.id}
        while (above := parent.get(at)) is not None and above in parent and above not in seen:
            at = above
            seen.add(at)
        roots[event.id] = at
    return roots


class _Frame:
    """One report's times, by place: which belong to a statement's saying, which to an event."""

    def __init__(
        self,
        report: Report,
        statements: Sequence[Statement],
        events: Sequence[Event],
        whens: Sequence[When],
        sentences: Sequence[Sentence],
    ) -> None:
        self.report = report
        self.statements = statements
        self.events = events
        self.whens = whens
        self.sentences = sentences

    def own_days(self, event: Event) -> _Dated | None:
        """The days that the event's own time expressions give: from the first of them to the last."""
        found = [when for span in event.times if (when := self._when(span)) is not None and when.first is not None]
        days = [(when.first, when.last) for when in found if when.first is not None and when.last is not None]
        if not days:
            return None
        return _Dated((min(first for first, _ in days), max(last for _, last in days)), found[0].basis or "text")

    def _when(self, span: Span) -> When | None:
        touching = [when for when in self.whens if when.text.touches(span)]
        return max(touching, key=lambda when: _overlap(when.text, span), default=None)

    def said_on(self, statement: Statement) -> date | None:
        """The day of the saying: a time expression in its sentence, outside what is said, that names one day."""
        frame = [*statement.cue, *statement.source]
        if not frame:
            return None
        at = frame[0].start
        sentence = next((s.span for s in self.sentences if s.span.start <= at < s.span.end), None)
        if sentence is None:
            return None
        found = [
            when
            for when in self.whens
            if sentence.holds(when.text)
            and when.first is not None
            and when.first == when.last
            and not any(piece.touches(when.text) for piece in statement.content)
        ]
        return min(found, key=lambda when: abs(when.text.start - at)).first if found else None


def _overlap(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
