"""What the page of a report shows beside and in the text: who says what, line by line, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from reportedly.digest.wording import toll_words
from reportedly.review.align import start_of
from reportedly.review.fold import Coding
from reportedly.review.marks import Mark, paragraphs
from reportedly.types import Event, Reading, Report, Span, Spans, Statement

COLOURS = 8
"""Speakers that have a colour of their own; the ninth has the first one's, and another line under their words."""

DOUBT = 0.5
"""Entries that the machine scores below this are marked as doubtful."""

ROLES = {
    "agents": "agent",
    "targets": "target",
    "places": "place",
    "times": "time",
    "weapons": "weapon",
    "toll": "toll",
}
"""The lists of an event, and what a mention in each is called in the text."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks in the report. `number` counts from 1; `look` are classes for colour and line."""

    number: int
    name: str
    side: str | None
    kind: str
    look: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One line beside the text. `depth` is how many statements it lies in; `again` an earlier event that it is about.

    `state` is "added", "checked", or, of what nobody looked at, "doubtful" or "". `what` is statement or event.
    """

    id: str
    what: str
    voice: Voice | None
    label: str
    status: str
    words: str
    detail: str
    state: str
    depth: int
    again: str | None
    told_to: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the report with its notes."""

    span: Span
    html: Markup
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All that the page shows of a coding. `order` are the ids of statements and events as the notes list them."""

    lines: tuple[Line, ...]
    voices: tuple[Voice, ...]
    order: tuple[str, ...]
    checked: int


def lay_out(report: Report, coding: Coding) -> Layout:
    """The page of `report` as `coding` has it."""
    reading = coding.reading
    voices = voices_of(report, reading)
    states = {s.id: _state(coding, s) for s in reading.statements}
    states |= {e.id: _state(coding, e) for e in reading.events}
    notes = list(_notes(report, reading, voices, states))
    marked = paragraphs(report.text, tuple(_marks(reading, voices, states)))
    lines: list[Line] = []
    at = 0
    for n, paragraph in enumerate(marked):
        end = marked[n + 1].span.start if n + 1 < len(marked) else len(report.text) + 1
        mine = []
        while at < len(notes) and notes[at][0] < end:
            mine.append(notes[at][1])
            at += 1
        lines.append(Line(paragraph.span, paragraph.html, tuple(mine)))
    order = tuple(note.id for _, note in notes)
    return Layout(tuple(lines), tuple(dict.fromkeys(voices.values())), order, len(coding.touched))


def voices_of(report: Report, reading: Reading) -> dict[str, Voice]:
    """Who makes each statement, by the statement's id. The same name, or the same words, are the same voice."""
    known: dict[tuple[str, str | None], Voice] = {}
    found: dict[str, Voice] = {}
    for s in reading.statements:
        name = s.speaker or words_of(s.source, report.text) or "nobody named"
        key = (name.casefold(), s.side)
        if key not in known:
            number = len(known) + 1
            look = (f"v{(number - 1) % COLOURS + 1}", f"p{(number - 1) // COLOURS % 3 + 1}")
            known[key] = Voice(number, name, s.side, s.speaker_kind, look)
        found[s.id] = known[key]
    return found


def words_of(spans: Iterable[Span], text: str, *, most: int = 160) -> str:
    """The words of the pieces on one line, cut where they are many."""
    words = " ".join(" … ".join(s.of(text) for s in spans).split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def depth_of(statement: str | None, statements: Mapping[str, Statement]) -> int:
    """In how many statements a statement with this id lies, itself counted; 0 for None."""
    seen: list[str] = []
    while statement is not None and statement in statements and statement not in seen:
        seen.append(statement)
        statement = statements[statement].inside
    return len(seen)


def _state(coding: Coding, entry: Statement | Event) -> str:
    if entry.id in coding.added:
        return "added"
    if entry.id in coding.touched:
        return "checked"
    return "doubtful" if entry.score is not None and entry.score < DOUBT else ""


def _notes(
    report: Report, reading: Reading, voices: Mapping[str, Voice], states: Mapping[str, str]
) -> Iterator[tuple[int, Note]]:
    """Each with where it stands, in text order, a statement before what begins at the same place."""
    text = report.text
    statements = {s.id: s for s in reading.statements}
    entries: list[Statement | Event] = [*reading.statements, *reading.events]
    for entry in sorted(entries, key=lambda e: (start_of(e), isinstance(e, Event))):
        if isinstance(entry, Statement):
            yield (
                start_of(entry),
                Note(
                    id=entry.id,
                    what="statement",
                    voice=voices[entry.id],
                    label=entry.stance,
                    status="",
                    words=words_of(entry.cue, text) or words_of(entry.content, text, most=60),
                    detail="",
                    state=states[entry.id],
                    depth=depth_of(entry.inside, statements),
                    again=None,
                    told_to=words_of(entry.told_to, text),
                ),
            )
        else:
            yield (
                start_of(entry),
                Note(
                    id=entry.id,
                    what="event",
                    voice=voices.get(entry.statement or ""),
                    label=entry.kind,
                    status=entry.status,
                    words=entry.trigger.of(text),
                    detail=_detail(entry, text),
                    state=states[entry.id],
                    depth=depth_of(entry.statement, statements),
                    again=entry.same_as,
                    told_to="",
                ),
            )


def _detail(event: Event, text: str) -> str:
    """Toll and place in a few words."""
    place = next((p.best.name if p.best else p.name for p in event.places), None)
    parts = [", ".join(toll_words(f) for f in event.toll), place or ""]
    return " · ".join(p for p in parts if p)


def _marks(reading: Reading, voices: Mapping[str, Voice], states: Mapping[str, str]) -> Iterator[Mark]:
    """Every mark, the wider kinds before the narrower, so that of two that coincide the wider is outside."""
    statements = {s.id: s for s in reading.statements}
    for s in sorted(reading.statements, key=lambda s: depth_of(s.id, statements)):
        look = (*voices[s.id].look, *_look(states[s.id]))
        depth = f"d{min(depth_of(s.inside, statements), 3)}"
        sign = str(voices[s.id].number)
        yield from (Mark(x, s.id, "content", (*look, depth), "" if n else sign) for n, x in enumerate(s.content))
        for role, spans in _said(s):
            yield from (Mark(span, s.id, role, look) for span in spans)
    for e in reading.events:
        for name, role in ROLES.items():
            for one in getattr(e, name):
                yield Mark(one if isinstance(one, Span) else one.text, e.id, role)
        yield Mark(e.trigger, e.id, "trigger", _look(states[e.id]))


def _said(s: Statement) -> tuple[tuple[str, Spans], ...]:
    return ("source", s.source), ("told", s.told_to), ("cue", s.cue)


def _look(state: str) -> tuple[str, ...]:
    return (state,) if state else ()
