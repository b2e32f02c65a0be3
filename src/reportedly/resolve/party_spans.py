"""Agents and targets whose words the reader cut short: "the" of "the soldiers", "Syrian" of "Syrian army troops"."""

from __future__ import annotations

from bisect import bisect_left

from reportedly.resolve.actors import Token
from reportedly.resolve.name_runs import gap_before
from reportedly.resolve.scene import Scene
from reportedly.resolve.words import NameWords
from reportedly.types import Span

OPEN = frozenset({"the", "a", "an", "of", "at", "least", "some"})
"""Words that no mention ends in."""

MODIFIERS = ("al", "an", "ern", "ed", "ist", "ish", "ian", "less", "ese", "ic", "ive", "ous")
"""Endings of words that stand before a noun."""

LONGEST = 4
"""How many words a mention may gain."""


def whole_party(scene: Scene, span: Span, trigger: Span, words: NameWords) -> Span:
    """`span` up to the noun that it lacks, or with the rest of a known actor's name; never over the event's trigger."""
    tokens = scene.tokens
    first, last = bisect_left(scene.starts, span.start), bisect_left(scene.starts, span.end) - 1
    if last < first or tokens[first].start != span.start:
        return span
    if tokens[last].folded in OPEN and tokens[last].end == span.end:
        end = _noun_after(scene, last, words)
        return span if end is None else _clear(Span(span.start, end), span, trigger)
    for match in scene.matches_at(first, last):
        start, end = scene.start_of(match), _end(tokens[match.last - 1])
        attached = trigger.start - end == 1 and tokens[match.last - 1].word.islower()  # "U.S. military strikes"
        if (end > span.end or start < span.start) and not attached:
            return _clear(Span(min(start, span.start), max(end, span.end)), span, trigger)
    return span


def _clear(found: Span, before: Span, trigger: Span) -> Span:
    """`found`, unless that covers the trigger."""
    return before if found.touches(trigger) else found


def _end(token: Token) -> int:
    """Where a word ends, without the full stop of its sentence."""
    return token.end - (token.word.endswith(".") and "." not in token.word[:-1])


def _noun_after(scene: Scene, last: int, words: NameWords) -> int | None:
    """Where the noun phrase ends whose determiner or preposition is word `last`."""
    tokens = scene.tokens
    at = last + 1
    while at < min(len(tokens), last + 1 + LONGEST) and not gap_before(scene.text, tokens, at):
        match = next((m for m in scene.matches_at(at, at) if m.first == at), None)
        if match is not None and match.actor.kind != "state":
            return _end(tokens[match.last - 1])
        low = tokens[at].folded
        follows = at + 1 < len(tokens) and not gap_before(scene.text, tokens, at + 1)
        before_noun = low in OPEN or low.isdigit() or low.endswith(MODIFIERS) or match is not None
        if low in words.people or not (
            follows and (before_noun or (tokens[at].word[0].isupper() and tokens[at + 1].word[0].isupper()))
        ):
            return _end(tokens[at]) if low not in words.breaks | words.belonging else None
        at += 1
    return None
