"""Runs of words in a text that may be a person's or an organisation's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportedly.resolve.actors import Match, Token
from reportedly.resolve.words import NameWords

GAP = re.compile(r"[,;:()\[\]\"“”—–]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ARABIC = re.compile(r"^(?:al|el|ash|ad|ar|as|az|an|at)-\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameRun:
    """A run of name words: tokens `first` to `last` (exclusive), and whether a title stood right before it."""

    first: int
    last: int
    titled: bool


def name_runs(text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords) -> list[NameRun]:
    """Runs of capitalised words outside known organisations, without the titles at their ends."""
    taken = {i for m in matches if m.actor.kind != "person" for i in range(m.first, m.last)}
    runs: list[NameRun] = []
    at = 0
    while at < len(tokens):
        if at in taken or not is_name(tokens[at], words):
            at += 1
            continue
        end = at + 1
        while (
            end < len(tokens)
            and end not in taken
            and not gap_before(text, tokens, end)
            and _continues(tokens, end, words)
        ):
            end += 1
        run = _without_titles(tokens, at, end, words)
        if run is not None:
            runs.append(run)
        at = end
    return runs


def is_name(token: Token, words: NameWords) -> bool:
    """Whether a word may be part of a name: capitalised, or with an Arabic article, and no "UK-based"."""
    word = token.word
    if not (word[0].isupper() or ("-" in word and _ARABIC.match(word))):
        return False  # most words: told first, since this is asked of every word
    return not word.endswith(words.not_names) and token.folded not in words.not_names


def _continues(tokens: Sequence[Token], at: int, words: NameWords) -> bool:
    if is_name(tokens[at], words):
        return not _POSSESSIVE.search(tokens[at - 1].word)
    return tokens[at].folded in words.particles and at + 1 < len(tokens) and is_name(tokens[at + 1], words)


def gap_before(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma, a bracket or the end of a sentence lies before token `at`."""
    before = tokens[at - 1]
    ends = before.word.endswith(".") and len(before.folded) > 4 and "." not in before.word[:-1]
    return ends or bool(GAP.search(text[before.end : tokens[at].start]))


def _without_titles(tokens: Sequence[Token], first: int, last: int, words: NameWords) -> NameRun | None:
    start, end = first, last
    while end > start + 1 and tokens[end - 1].folded in words.never_last:
        end -= 1
    last = end
    while start < end and tokens[start].folded in words.dropped:
        start += 1
    if end - start > 1 and tokens[end - 1].folded in words.organisations:
        return NameRun(start, end, False)  # "Peel Regional Police": the words are the organisation's name
    for at in range(first, last):
        low = tokens[at].folded
        office = low in words.titles and low not in words.honorifics
        if office or low in words.dropped or (low in words.people and at < last - 1 and low not in words.honorifics):
            start = at + 1  # "Washington County Attorney Brock Belnap": the name begins behind the last title
    if start == last:
        return None
    while start < end and tokens[start].folded in words.never_first:
        start += 1
    if start >= end:
        return None
    if end - start == 1 and (tokens[start].folded in words.documents or tokens[start].folded in words.people):
        return None
    before = tokens[start - 1].folded if start else ""
    after = tokens[end].folded if end < len(tokens) else ""
    return NameRun(start, end, before in words.roles and not (end - start == 1 and after in words.roles))
