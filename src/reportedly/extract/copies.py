"""Copies: what was found in a text, carried over to another that repeats most of it, paragraph for paragraph.

A hundred papers print one agency's story; each cuts it, heads it and signs it in its own way. The model reads the story
once. A paragraph that the copy has word for word keeps what was found in it; what only the copy has is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from difflib import SequenceMatcher
from typing import Any, TypeVar

from reportedly.text import split_sentences
from reportedly.types import Event, Extraction, Report, Sentence, Span, Statement

T = TypeVar("T")

LEAST = 0.8
"""Share of a text that must stand word for word in the other for it to be read as its copy."""

_PARAGRAPH = re.compile(r"\S[^\n]*")

Extract = Callable[[Sequence[Report]], list[Extraction]]


def shared(text: str, other: str) -> float:
    """The share of `other`, its blank space not counted, whose paragraphs stand in `text` too."""
    known = {text[p.start : p.end].rstrip() for p in _paragraphs(text)}
    parts = [other[p.start : p.end].rstrip() for p in _paragraphs(other)]
    total = sum(map(len, parts))
    return sum(len(part) for part in parts if part in known) / total if total else 0.0


def carry_over(first: Report, found: Extraction, other: Report, extract: Extract) -> Extraction:
    """What is in `other`, from what was `found` in `first`; what only `other` has is read with `extract`.

    Statements and events are those whose every span lies in paragraphs that both have, in the same order, and those
    found in the rest; they are numbered anew in text order. `inside`, `statement` and `same_as` that lead to something
    that was left out become `None`.
    """
    moved, rest = _align(first.text, other.text)
    pieces = [_shifted(found, moved)]
    parts = [replace(other, text=other.text[span.start : span.end]) for span in rest]
    for span, one in zip(rest, extract(parts) if parts else [], strict=True):
        whole = Span(0, span.end - span.start)
        pieces.append(_shifted(one, [(whole, span.start)]))
    return _joined(pieces, split_sentences(other.text))


def _paragraphs(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _PARAGRAPH.finditer(text)]


def _align(text: str, other: str) -> tuple[list[tuple[Span, int]], list[Span]]:
    """Stretches of `text` that `other` has, with where each begins there; and the stretches that only `other` has."""
    mine, theirs = _paragraphs(text), _paragraphs(other)
    words = [text[p.start : p.end].rstrip() for p in mine]
    others = [other[p.start : p.end].rstrip() for p in theirs]
    moved: list[tuple[Span, int]] = []
    rest: list[Span] = []
    for what, a, b, c, d in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if what == "equal":
            for left, right in zip(mine[a:b], theirs[c:d], strict=True):
                before, start = moved[-1] if moved else (Span(0, 1), 0)
                gap = text[before.end : left.start]
                # Where the space between two paragraphs is the same, what spans both can move, too.
                if moved and gap == other[start + before.end - before.start : right.start]:
                    moved[-1] = (Span(before.start, left.end), start)
                else:
                    moved.append((left, right.start))
        elif c < d:
            rest.append(Span(theirs[c].start, theirs[d - 1].end))
    return moved, rest


def _shifted(found: Extraction, moved: Sequence[tuple[Span, int]]) -> Extraction:
    """What of `found` lies in the stretches that moved, at its new place. Ids are those of `found`."""
    return Extraction(
        (),
        tuple(s for s in (_move(s, moved) for s in found.statements) if s),
        tuple(e for e in (_move(e, moved) for e in found.events) if e),
        tuple(m for m in (_move(m, moved) for m in found.mentions) if m),
    )


def _move(record: T, moved: Sequence[tuple[Span, int]]) -> T | None:
    """`record` with every span in it moved, or `None` where one lies in no stretch."""
    try:
        return _moved(record, moved)  # type: ignore[no-any-return]
    except LookupError:
        return None


def _moved(value: Any, moved: Sequence[tuple[Span, int]]) -> Any:
    if isinstance(value, Span):
        home, start = next((m for m in moved if m[0].holds(value)), (None, 0))
        if home is None:
            raise LookupError
        by = start - home.start
        return Span(value.start + by, value.end + by)
    if isinstance(value, tuple):
        return tuple(_moved(one, moved) for one in value)
    if hasattr(type(value), "__dataclass_fields__"):
        return type(value)(**{f.name: _moved(getattr(value, f.name), moved) for f in fields(value)})
    return value


def _joined(pieces: Sequence[Extraction], sentences: tuple[Sentence, ...]) -> Extraction:
    """The pieces as one, in text order, with ids of one numbering."""
    said = sorted(
        ((n, s) for n, piece in enumerate(pieces) for s in piece.statements),
        key=lambda one: min((span for span in (*one[1].source, *one[1].cue, *one[1].content)), default=Span(0, 1)),
    )
    told = sorted(((n, e) for n, piece in enumerate(pieces) for e in piece.events), key=lambda one: one[1].trigger)
    statements = {(n, s.id): f"s{k}" for k, (n, s) in enumerate(said, 1)}
    events = {(n, e.id): f"e{k}" for k, (n, e) in enumerate(told, 1)}
    mentions = sorted((m for piece in pieces for m in piece.mentions), key=lambda m: (m.span, m.kind))
    return Extraction(
        sentences,
        tuple(_renamed_statement(n, s, statements) for n, s in said),
        tuple(_renamed_event(n, e, events, statements) for n, e in told),
        tuple(mentions),
    )


Names = Mapping[tuple[int, str], str]


def _renamed_statement(piece: int, one: Statement, names: Names) -> Statement:
    return replace(one, id=names[piece, one.id], inside=names.get((piece, one.inside or "")))


def _renamed_event(piece: int, one: Event, names: Names, statements: Names) -> Event:
    return replace(
        one,
        id=names[piece, one.id],
        statement=statements.get((piece, one.statement or "")),
        same_as=names.get((piece, one.same_as or "")),
    )
