"""Quotation marks: which stretches of a text stand inside quotation marks, in the styles that news reports use."""

from __future__ import annotations

import re

from reportedly.types import Span

# Curly double, angle, and straight double marks. Single marks are apostrophes far more often than quotations, so only
# curly single ones that open after a space and close before one count. The lengths keep a lost mark from quoting the
# rest of a report: an opened quotation that finds no end closes with its paragraph.
_PAIRS = {"\u201c": "\u201d", "\u00ab": "\u00bb", "\u201e": "\u201c\u201d"}
_MARK = re.compile("[\"\u201c\u201d\u00ab\u00bb\u201e]|``|''|\n\\s*\n")


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Stretches inside quotation marks, the marks included, in order, none overlapping.

    A paragraph that opens a quotation and does not close it is quoted to its end; the next paragraph opens anew, as
    English style has it.
    """
    found: list[Span] = []
    opened: int | None = None
    closers = ""
    for match in _MARK.finditer(text):
        mark = match.group()
        if mark[0] == "\n":
            if opened is not None:
                found.append(Span(opened, match.start()))
                opened = None
        elif opened is not None and (mark in closers or mark == "''"):
            found.append(Span(opened, match.end()))
            opened = None
        elif opened is None and mark in _PAIRS:
            opened, closers = match.start(), _PAIRS[mark] + '"'
        elif opened is None and mark in {'"', "``"}:
            opened, closers = match.start(), '"\u201d'
    if opened is not None:
        found.append(Span(opened, len(text)))
    return tuple(found)
