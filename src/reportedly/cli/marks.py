"""A report's text with what was found in it marked: for a terminal with colour, and for one without.

A speaker is bold in a colour of its own and carries the number of its statement, what it says stands in brackets that
carry the same number, an event's trigger is underlined and followed by its kind:

    A nurse¹ told Radio Rahad that [three shells had hit‹shelling› the ward]¹.

Statements inside statements are brackets inside brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportedly.cli.screen import visible
from reportedly.types import Event, Reading, Report, Span, Statement

if TYPE_CHECKING:
    from rich.text import Text

COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
"""Of speakers, in order of appearance; names of the terminal's own palette, so they suit its background."""

EVENT = "bold red"
NOBODY = "white"


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs to draw with."""

    raised: bool
    before_kind: str
    after_kind: str
    arrow: str
    dot: str
    dash: str
    ellipsis: str
    quotes: tuple[str, str]

    def number(self, number: int) -> str:
        """The number of a statement: raised where the terminal can show that, else in round brackets."""
        return str(number).translate(RAISED) if self.raised else f"({number})"


DIGITS = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹")
RAISED = str.maketrans("0123456789", "".join(DIGITS))
FULL = Signs(True, "‹", "›", "→", "·", "–", "…", ("“", "”"))
ASCII = Signs(False, "<", ">", "->", "|", "-", "...", ('"', '"'))


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text with a style, and what is put before and after it."""

    span: Span
    style: str
    before: str = ""
    after: str = ""
    after_style: str = ""


def speaker_of(statement: Statement, text: str) -> str | None:
    """Who says it: the resolved name, else the words that stand there, else nobody."""
    return statement.speaker or (" ".join(span.of(text) for span in statement.source) or None)


def speaker_colours(report: Report, reading: Reading) -> dict[str, str]:
    """A colour for each statement id: one speaker, one colour. After the last colour they begin again."""
    by_speaker: dict[str, str] = {}
    colours = {}
    for statement in reading.statements:
        speaker = speaker_of(statement, report.text)
        if speaker is None:
            colours[statement.id] = NOBODY
        else:
            key = speaker.casefold()
            colours[statement.id] = by_speaker.setdefault(key, COLOURS[len(by_speaker) % len(COLOURS)])
    return colours


def marked_text(report: Report, reading: Reading, signs: Signs = FULL) -> Text:
    """The whole text, every mark of `reading` in it, nothing in it that a terminal would obey."""
    from rich.style import Style
    from rich.text import Text

    marks = sorted(marks_of(report, reading, signs), key=lambda mark: (mark.span.start, -mark.span.end))
    ends = sorted({0, len(report.text)} | {edge for mark in marks for edge in (mark.span.start, mark.span.end)})
    result = Text()
    for start, end in zip(ends, [*ends[1:], len(report.text)], strict=True):
        for mark in _closing([mark for mark in marks if mark.span.end == start]):
            # Two speakers may end at one place: "¹⁶" and "¹⁷" must not run together.
            comma = "," if mark.after[:1] in DIGITS and result.plain[-1:] in DIGITS else ""
            result.append(comma + mark.after, mark.after_style or mark.style)
        for mark in marks:
            if mark.span.start == start:
                result.append(mark.before, mark.after_style or mark.style)
        within = [Style.parse(mark.style) for mark in marks if mark.span.start <= start < mark.span.end]
        result.append(visible(report.text[start:end]), Style.combine([Style.null(), *within]))
    return result


def _closing(marks: Sequence[Mark]) -> list[Mark]:
    """`marks`, which end at one place and are in order of opening, in order of closing.

    Inner ones close first; over the same words, numbers and kinds come before brackets, and brackets in reverse.
    """
    open_brackets = [mark for mark in reversed(marks) if mark.before]
    return sorted([*(mark for mark in marks if not mark.before), *open_brackets], key=lambda mark: -mark.span.start)


def marks_of(report: Report, reading: Reading, signs: Signs) -> Iterator[Mark]:
    """A mark for every piece of every statement and for every trigger. A span outside the text is passed over."""
    colours = speaker_colours(report, reading)
    for number, statement in enumerate(reading.statements, start=1):
        colour, raised = colours[statement.id], signs.number(number)
        for span in _sound(statement.source, report):
            yield Mark(span, f"bold {colour}", after=raised)
        for span in _sound(statement.cue, report):
            yield Mark(span, f"italic {colour}")
        for span in _sound(statement.content, report):
            yield Mark(span, colour, before="[", after=f"]{raised}")
    for event in reading.events:
        tag = f"{signs.before_kind}{kind_label(event)}{signs.after_kind}"
        for span in _sound([event.trigger], report):
            yield Mark(span, f"{EVENT} underline", after=tag, after_style="not underline red")


def kind_label(event: Event) -> str:
    """ "air strike", or "air strike, denied" where the event is told as anything but happened."""
    kind = event.kind.replace("_", " ")
    return kind if event.status == "asserted" else f"{kind}, {event.status}"


def children(reading: Reading) -> Mapping[str | None, list[Statement]]:
    """The statements directly inside each, `None` for the outermost."""
    ids = {statement.id for statement in reading.statements}
    inside: dict[str | None, list[Statement]] = {}
    for statement in reading.statements:
        inside.setdefault(statement.inside if statement.inside in ids else None, []).append(statement)
    return inside


def _sound(spans: Sequence[Span], report: Report) -> Iterator[Span]:
    return (span for span in spans if 0 <= span.start < span.end <= len(report.text))
