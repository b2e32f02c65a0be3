"""A text with marks in it, as HTML: nested where marks nest, split where they cross, every word escaped.

Marks may nest, touch, cross and coincide. Elements can only nest, so a mark that starts inside another and ends after
it is split where that one ends; its later pieces are marked as such. Line breaks part the text into paragraphs, each
of which is marked on its own. Nothing is added to the text: what stands in the elements, paragraph after paragraph,
is the text without its line breaks, so that an offset in the page is an offset in the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from markupsafe import Markup, escape

from reportedly.types import Span

_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that play a `role` for the statement or event `of`.

    `look` are further classes, in a fixed order; `sign` is what the page puts before the words, in no text of its own.
    """

    span: Span
    of: str
    role: str
    look: tuple[str, ...] = ()
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A step through a marked text: some text, or the beginning (`opens`) or end of a mark. `again`: a later piece."""

    text: str = ""
    opens: Mark | None = None
    closes: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text: where it lies, and its HTML."""

    span: Span
    html: Markup


def paragraphs(text: str, marks: Sequence[Mark]) -> tuple[Paragraph, ...]:
    """The lines of `text` that hold anything, with the marks in them, in text order."""
    waiting = sorted(marks, key=lambda m: m.span.start)
    open_marks: list[Mark] = []
    found: list[Paragraph] = []
    at = 0
    for line in _LINE.finditer(text):
        whole = Span(*line.span())
        while at < len(waiting) and waiting[at].span.start < whole.end:
            open_marks.append(waiting[at])
            at += 1
        open_marks = [m for m in open_marks if m.span.end > whole.start]
        if line.group().strip():
            found.append(Paragraph(whole, html(pieces(text, open_marks, whole))))
    return tuple(found)


def pieces(text: str, marks: Iterable[Mark], within: Span) -> Iterator[Piece]:
    """The steps through `text[within]`. Every `opens` has its `closes`, and they nest."""
    heap = []
    for order, mark in enumerate(marks):
        start, end = max(mark.span.start, within.start), min(mark.span.end, within.end)
        if start < end:
            heap.append((start, -end, order, mark, mark.span.start < within.start))
    heapify(heap)
    ends: list[int] = []
    at = within.start
    while heap or ends:
        if ends and (not heap or ends[-1] <= heap[0][0]):
            stop = ends.pop()
            if at < stop:
                yield Piece(text[at:stop])
                at = stop
            yield Piece(closes=True)
            continue
        start, minus_end, order, mark, again = heappop(heap)
        end = -minus_end
        if ends and end > ends[-1]:
            heappush(heap, (ends[-1], -end, order, mark, True))
            end = ends[-1]
        if at < start:
            yield Piece(text[at:start])
            at = start
        yield Piece(opens=mark, again=again)
        ends.append(end)
    if at < within.end:
        yield Piece(text[at : within.end])


def html(steps: Iterable[Piece]) -> Markup:
    """The steps as HTML."""
    parts: list[str] = []
    for step in steps:
        if step.opens is not None:
            mark = step.opens
            look = " ".join(("m", mark.role, *mark.look, *(("again",) if step.again else ())))
            sign = f' data-sign="{escape(mark.sign)}"' if mark.sign and not step.again else ""
            whose = f'data-of="{escape(mark.of)}" data-role="{escape(mark.role)}"'
            parts.append(f'<span class="{escape(look)}" {whose}{sign}>')
        elif step.closes:
            parts.append("</span>")
        else:
            parts.append(str(escape(step.text)))
    return Markup("".join(parts))  # each part is escaped above
