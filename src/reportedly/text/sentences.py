"""Sentences of a report, by rule. The text is never altered: every sentence is a span of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from reportedly.text.quotes import quoted_spans
from reportedly.types import Sentence, Span

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen lt col maj capt sgt cpl cmdr adm brig pvt st sen rep gov pres hon rev amb supt insp jan feb
    mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun no nos vs etc approx dept est
    fig al inc ltd co corp e.g i.e a.m p.m u.s u.k u.n u.s.a ph.d km""".split()
)
_STARTERS = frozenset(
    """the a an in on at it he she they we i but and this that these those there as for from after before when while
    since his her their its according one two three several many some most earlier later meanwhile however""".split()
)
# A sentence may end after . ! ? … with its closing quotation marks and brackets, before a space.
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019\u00bb)\]]*(?=\s)")
_BREAK = re.compile(r"\n[^\S\n]*(?:\n\s*)+|[\v\f\u2028\u2029]+|\n")
_WORD_BEFORE = re.compile(r"[\w.\u2019'-]*$")
_WORD_AFTER = re.compile(r"\s*[\"'\u201c\u2018\u00ab(\[]*([\w.]*)")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, in order, without the white space around them; together they hold every other character.

    Blank lines end a paragraph; so does a single line break, unless the text is wrapped at a fixed width.
    """
    quotes = quoted_spans(text)
    starts = [q.start for q in quotes]
    found: list[Sentence] = []
    for number, paragraph in enumerate(_paragraphs(text)):
        for span in _pieces(text, paragraph):
            before = bisect_right(starts, span.start) - 1
            inside = before >= 0 and quotes[before].start < span.start < quotes[before].end
            found.append(Sentence(span, number, inside))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[Span]:
    """Paragraphs with white space trimmed; empty ones left out."""
    wrapped = _is_wrapped(text)
    start = 0
    for match in _BREAK.finditer(text):
        if match.group() == "\n" and wrapped:
            continue
        yield from _trim(text, start, match.start())
        start = match.end()
    yield from _trim(text, start, len(text))


def _is_wrapped(text: str) -> bool:
    """Whether single line breaks only wrap lines: most lines that another follows directly are of one length."""
    lines = text.split("\n")
    followed = [len(a.rstrip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(followed) < 3:
        return False
    alike = sum(48 <= n <= 100 for n in followed)
    ended = sum(bool(a.strip()) and bool(b.strip()) and a.rstrip()[-1:] in '.!?"\u201d:' for a, b in pairwise(lines))
    return alike >= 0.75 * len(followed) and ended <= 0.5 * len(followed)


def _trim(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _pieces(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        if _ends_here(text, match, paragraph.end):
            yield from _trim(text, start, match.end())
            start = match.end()
    yield from _trim(text, start, paragraph.end)


def _ends_here(text: str, match: re.Match[str], limit: int) -> bool:
    """Whether the stop at `match` ends a sentence, by the words on both sides."""
    after = _WORD_AFTER.match(text, match.end(), limit)
    following = after.group(1) if after else ""
    opened = after is not None and after.end(0) - len(following) > match.end() + 1
    if not following and not opened:
        return match.end() >= limit
    if following[:1].islower():
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    tail = _WORD_BEFORE.search(text, max(0, match.start() - 24), match.start())
    word = tail.group().lower().strip("'\u2019") if tail else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return following.lower() in _STARTERS and word not in {"mr", "mrs", "ms", "dr", "gen", "lt", "col", "st", "no"}
    return True
