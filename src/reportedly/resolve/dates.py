"""When each event happened and when each statement was made.

An event's days come from the time expressions that the reader tied to it, from another mention of the same happening,
or, where the wording joins it to a dated neighbour, from that. docs/how-it-decides/times.md tells the rules in words.
What nothing dates stays `None`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from reportedly.extract.times import report_day
from reportedly.language import load_language
from reportedly.resolve.dating import Neighbour, joins
from reportedly.types import Event, Report, Sentence, Span, Statement, When

Days = tuple[date, date]
"""First and last day, both included."""

_BESIDE_CUE = 45
"""Code points between a cue and the time of the saying: room for who it was told to."""
_DIGIT = re.compile(r"\d")
_NAMES_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\d{4}|\d\d?[./]\d")


@dataclass(frozen=True, slots=True)
class Dated:
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
    Order is kept; nothing but the dates is changed.
    """
    frame = _Frame(report, statements, events, whens, sentences)
    said = {statement.id: frame.saying(statement) for statement in statements}
    free = frame.free_whens([when for when in said.values() if when is not None])
    own = {event.id: frame.own_days(event) or frame.beside_days(event, free) for event in events}
    dated = frame.joined(_share(events, own))
    return (
        tuple(replace(statement, said_on=_day_of(said[statement.id])) for statement in statements),
        tuple(_with_days(event, dated[event.id]) for event in events),
    )


def _day_of(when: When | None) -> date | None:
    return None if when is None else when.first


def _with_days(event: Event, dated: Dated | None) -> Event:
    if dated is None:
        return replace(event, first=None, last=None, when_basis=None)
    return replace(event, first=dated.days[0], last=dated.days[1], when_basis=dated.basis)


def _share(events: Sequence[Event], own: Mapping[str, Dated | None]) -> dict[str, Dated | None]:
    """Mentions of one happening share its days.

    A mention without days takes those of the first mention that has any, the first exact ones if there are such; one
    with several days ("last week") takes the exact days of another that lie among them ("on Friday").
    """
    roots = roots_of(events)
    shared: dict[str, list[Dated]] = {}
    for event in events:
        dated = own[event.id]
        if dated is not None:
            shared.setdefault(roots[event.id], []).append(dated)
    result: dict[str, Dated | None] = {}
    for event in events:
        dated = own[event.id]
        others = shared.get(roots[event.id], [])
        exact = [other for other in others if other.days[0] == other.days[1]]
        if dated is None:
            dated = next(iter(exact or others), None)
        elif dated.days[0] != dated.days[1]:
            dated = next((o for o in exact if dated.days[0] <= o.days[0] <= dated.days[1]), dated)
        result[event.id] = dated
    return result


def roots_of(events: Sequence[Event]) -> dict[str, str]:
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


@dataclass(frozen=True, slots=True)
class _Cues:
    """The words of a language that dating turns on, as patterns and sets."""

    weekdays: re.Pattern[str]
    onset: re.Pattern[str]
    since: frozenset[str]
    in_sentence: frozenset[str]


@cache
def _cues(code: str = "en") -> _Cues:
    language = load_language(code)
    small = language.time_words
    return _Cues(
        weekdays=re.compile("|".join(word for word in language.weekdays if len(word) > 5)),
        onset=re.compile(rf"\b(?:{'|'.join(small['onset'])})\b", re.IGNORECASE),
        since=frozenset(small["since"]),
        in_sentence=frozenset(small["in_sentence"]),
    )


class _Frame:
    """One report's times by place: which belong to a statement's saying, which to an event."""

    def __init__(
        self,
        report: Report,
        statements: Sequence[Statement],
        events: Sequence[Event],
        whens: Sequence[When],
        sentences: Sequence[Sentence],
    ) -> None:
        self.text = report.text
        self.day = report_day(report.text, report.published)
        self.statements = statements
        self.events = events
        self.whens = sorted(whens, key=lambda when: when.text)
        self.sentences = sentences
        self.starts = [sentence.span.start for sentence in sentences]
        self.cues = _cues()
        self.events_in: dict[int, list[Event]] = {}
        for event in events:
            self.events_in.setdefault(self.sentence_at(event.trigger.start), []).append(event)
        self.whens_in: dict[int, list[When]] = {}
        for when in self.whens:
            self.whens_in.setdefault(self.sentence_at(when.text.start), []).append(when)

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds `offset`, or of the last one before it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def own_days(self, event: Event) -> Dated | None:
        """The days that the event's own time expressions give: from the first of them to the last."""
        days: list[Days] = []
        basis = None
        for when in self._whens_of(event):
            if when.first is None or when.last is None:
                continue
            basis = basis or when.basis
            days.append(self._ongoing(event, when) or self._told_week(event, when) or (when.first, when.last))
        if not days:
            return None
        exact = [pair for pair in days if pair[0] == pair[1]]
        days = exact or days
        return Dated((min(first for first, _ in days), max(last for _, last in days)), basis or "text")

    def _whens_of(self, event: Event) -> list[When]:
        """What the time expressions of an event mean, in text order; one may hold several ("from May to July")."""
        found = []
        for span in event.times:
            here = self.sentence_at(span.start)
            for number in range(here - 1, self.sentence_at(span.end) + 1):
                found += [when for when in self.whens_in.get(number, ()) if when.text.touches(span)]
        return found

    def free_whens(self, sayings: Sequence[When]) -> dict[int, list[When]]:
        """The dated times that belong to no event, no saying and no date line, by sentence."""
        taken = {when.text for when in sayings}
        return {
            number: [
                when
                for when in whens
                if when.first is not None
                and when.text not in taken
                and not self._is_owned(number, when.text)
                and not self._is_dateline(when)
            ]
            for number, whens in self.whens_in.items()
        }

    def _is_owned(self, sentence: int, span: Span) -> bool:
        """Whether a time belongs to an event of its sentence."""
        return any(own.touches(span) for event in self.events_in.get(sentence, ()) for own in event.times)

    def beside_days(self, event: Event, free: Mapping[int, Sequence[When]]) -> Dated | None:
        """The day of a free time in the event's own clause, where the reader tied no time to the event.

        One day, in its sentence, on the same side of any quotation, and with no other event's trigger between the two.
        """
        if event.times or event.status != "asserted":
            return None
        here = self.sentence_at(event.trigger.start)
        inside = self._pieces(event.trigger)
        near = [
            when
            for when in free.get(here, ())
            if when.first == when.last and self._pieces(when.text) == inside and not self._parted(event, when.text)
        ]
        if not near:
            return None
        when = min(near, key=lambda when: abs(when.text.start - event.trigger.start))
        if when.first is None or when.last is None:
            return None
        return Dated(self._ongoing(event, when) or (when.first, when.last), when.basis or "text")

    def _pieces(self, span: Span) -> frozenset[str]:
        """The statements whose content holds a span."""
        return frozenset(s.id for s in self.statements if any(piece.holds(span) for piece in s.content))

    def _parted(self, event: Event, span: Span) -> bool:
        start, end = sorted((event.trigger, span))
        if end.start <= start.end:
            return False
        gap = Span(start.end, end.start)
        here = self.events_in.get(self.sentence_at(event.trigger.start), ())
        return any(other.trigger.touches(gap) for other in here if other.id != event.id)

    def _ongoing(self, event: Event, when: When) -> Days | None:
        """From its time to the report's day, if the time tells of the beginning of what the event belongs to.

        "More than 400,000 people have been killed since the conflict erupted in March 2011": the killing has gone on
        since; the eruption itself, whose word stands behind the "since", has not.
        """
        if when.first is None or self.day is None or not when.first < self.day:
            return None
        if event.trigger.start >= when.text.end:
            return (when.first, self.day) if self._since_before(when) else None
        between = self.text[event.trigger.end : when.text.start]
        if len(between) > 250 or ". " in between:
            return None
        word = self.cues.onset.search(between)
        if word is None or (not event.toll and word[0].lower() not in self.cues.since):
            return None
        return when.first, self.day

    def _since_before(self, when: When) -> bool:
        """Whether the time ends a clause that a "since" opens: "Since the war erupted in 2011, at least …"."""
        start = max(self.starts[self.sentence_at(when.text.start)] if self.starts else 0, when.text.start - 80)
        words = self.text[start : when.text.start].lower().split()
        opened = [at for at, word in enumerate(words) if word in self.cues.since]
        return bool(opened) and len(words) - opened[-1] > 2 and not any(word[-1] == "," for word in words[opened[-1] :])

    def _told_week(self, event: Event, when: When) -> Days | None:
        """A bare weekday on the side of the report's day that the event's status asks for, a week from the other."""
        if self.day is None or when.first is None or not self.cues.weekdays.search(when.text.of(self.text).lower()):
            return None
        if _DIGIT.search(when.text.of(self.text)) or when.first != when.last:
            return None
        ahead = (when.first - self.day).days
        week = timedelta(days=7)
        if event.status == "planned" and -7 <= ahead < 0:
            return when.first + week, when.first + week
        if event.status == "asserted" and 0 < ahead <= 7:
            return when.first - week, when.first - week
        return None

    def _hour_of(self, event: Event, donor: Event | None, dated: Dated | None) -> Dated | None:
        """The day of an event whose own times tell only the hour ("at 3 a.m.", "hours earlier", "after midnight").

        That of the dated event before it within three sentences, else the report's.
        """
        if event.status != "asserted" or not any(when.timex == "TIME" for when in self._whens_of(event)):
            return None
        if donor is not None and dated is not None and dated.days[0] == dated.days[1]:
            gap = self.sentence_at(event.trigger.start) - self.sentence_at(donor.trigger.start)
            if 0 <= gap <= 3:
                return dated
        return None if self.day is None else Dated((self.day, self.day), "report")

    def joined(self, dated: dict[str, Dated | None]) -> dict[str, Dated | None]:
        """Give events without days those of a dated neighbour that the wording joins them to (`resolve.dating`)."""
        roots = roots_of(self.events)
        self.shares = _shares(dated)
        given: dict[str, Dated | None] = {}
        for at, event in enumerate(self.events):
            root = roots[event.id]
            if dated[event.id] is not None or root in given:
                continue
            donor = self._donor(at, dated)
            found = dated[donor.id] if donor is not None else None
            given[root] = self._hour_of(event, donor, found)
            if given[root] is None and donor is not None and found is not None:
                given[root] = found if joins(event, self.beside(event, donor, found)) else None
        return {event.id: dated[event.id] or given.get(roots[event.id]) for event in self.events}

    def beside(self, event: Event, donor: Event, dated: Dated) -> Neighbour:
        """What `resolve.dating` weighs about an undated event and a dated one."""
        here, there = self.sentence_at(event.trigger.start), self.sentence_at(donor.trigger.start)
        first, last = sorted((event.trigger, donor.trigger))
        start = self.sentences[here].span.start if self.sentences else 0
        mine, other = (
            {span.of(self.text).lower() for span in (*(p.text for p in e.places), *(t.text for t in e.targets))}
            for e in (event, donor)
        )
        return Neighbour(
            donor=donor,
            days=dated.days,
            report_day=self.day,
            gap=abs(here - there),
            paragraphs=abs(self._paragraph(here) - self._paragraph(there)),
            clause=self.text[max(start, event.trigger.start - 120) : event.trigger.start],
            between=self.text[max(first.end, last.start - 200) : last.start],
            after=donor.trigger < event.trigger,
            places=bool(mine & other),
            share=self.shares.get(dated.days, 0.0),
            number=here,
            trigger=event.trigger.of(self.text).lower(),
        )

    def _paragraph(self, sentence: int) -> int:
        return self.sentences[sentence].paragraph if self.sentences else 0

    def _donor(self, at: int, dated: Mapping[str, Dated | None]) -> Event | None:
        """The nearest dated event: of the same sentence, else the last one before."""
        event = self.events[at]
        here = self.sentence_at(event.trigger.start)
        near = [o for o in self.events_in.get(here, ()) if dated[o.id] is not None and o.id != event.id]
        if near:
            return min(near, key=lambda other: abs(other.trigger.start - event.trigger.start))
        return next((other for other in reversed(self.events[:at]) if dated[other.id] is not None), None)

    def saying(self, statement: Statement) -> When | None:
        """The day of the saying: a time beside its cue or source, outside what is said, that names one day."""
        if not statement.cue and not statement.source:
            return None
        pieces = sorted([*statement.cue, *statement.source])
        start, end = pieces[0].start, pieces[-1].end
        found = []
        for when in self.whens_in.get(self.sentence_at(start), ()):
            if when.first is None or not _NAMES_DAY.match(when.value or ""):
                continue
            span = when.text
            if any(piece.touches(span) for piece in statement.content):
                continue
            if self._is_dateline(when):
                continue
            if span.end <= start:
                gap = self.text[span.end : start]
                if len(gap) > 3 or self._is_owned(self.sentence_at(span.start), span):
                    continue
                found.append((len(gap) + 5, when))
            elif start <= span.start:
                gap = self.text[min(end, span.start) : span.start]
                if len(gap) <= _BESIDE_CUE and not self._crosses(end, span.start, statement):
                    found.append((len(gap), when))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _crosses(self, start: int, end: int, statement: Statement) -> bool:
        """Whether content, another statement or an event lies between."""
        if end <= start:
            return False
        gap = Span(start, end)
        return any(piece.touches(gap) for piece in statement.content) or any(
            event.trigger.touches(gap) for event in self.events_in.get(self.sentence_at(start), ())
        )

    def _is_dateline(self, when: When) -> bool:
        """Whether a date stands at the head of the report, or of a caption, with its year, and no sentence holds it."""
        span = when.text
        words = self.text[max(0, span.start - 20) : span.start].split()
        return bool(_YEAR.search(span.of(self.text))) and not (words and words[-1].lower() in self.cues.in_sentence)


def _shares(dated: Mapping[str, Dated | None]) -> dict[Days, float]:
    """How many of the dated events have each pair of days, as a share of them all."""
    counts = Counter(found.days for found in dated.values() if found is not None)
    return {days: count / counts.total() for days, count in counts.items()}
