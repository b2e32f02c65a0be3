"""The places of events, put right: phrases that were cut off made whole, and the places named along with them added.

The model marks where an event took place word by word, so a phrase may lack its noun ("the", "the north of") or part of
a name. And the coding guide wants wider places too: of "the village of A in B province" both A and B are places.
Nothing is looked up here; see docs/how-it-decides/places.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from reportedly.resolve.states import States
from reportedly.resolve.words import NameWords
from reportedly.types import Event, Span

FARTHEST = 60
"""Code points between two names that belong together."""

LONGEST = 5
"""Words that a phrase without its noun is read on for."""

NAME = 3
"""Words of a name that is taken whole where only a part of it is marked; longer ones may be lists without commas."""

_WORD = re.compile(r"\s*([^\W_][\w.'’/-]*)")


class EventPlaces:
    """Puts the places of a report's events right. Holds no state of any report."""

    def __init__(self, words: NameWords, states: States) -> None:
        self._words = words
        self._states = states
        self._empty = words.place_plain | words.directions | {"those", "these", "of", "to", "in"}
        sides = _any(words.directions)
        kind = _any(words.place_classes)
        small = rf"(?:the|its|to|of|\w+-(?:held|controlled|run)|{kind}|{sides})"
        self._link = re.compile(rf"\s+(?:in|of|and|and\s+in)(?:\s+{small})*\s+", re.IGNORECASE)
        self._behind = re.compile(rf"\s+{kind}\b")
        plain = _any(words.place_plain - {"of", "all", "two", "de"})
        self._ahead = re.compile(rf"(?:\b(?:{plain}|{sides}|\w+-(?:held|controlled|run)|{kind}\s+of)\s+)+$")

    def settle(self, text: str, events: Sequence[Event], names: Sequence[Span]) -> tuple[tuple[Span, ...], ...]:
        """For each event its places, in text order. `names` are the place names of the report, in text order."""
        return tuple(self._settle(text, event, names) for event in events)

    def _settle(self, text: str, event: Event, names: Sequence[Span]) -> tuple[Span, ...]:
        found: list[Span] = []
        for place in event.places:
            whole = self._whole(text, place.text, names)
            if whole is not None:
                found.append(whole)
        agents = [party.text for party in event.agents]
        for span in self._along(text, found, names):
            if not any(span.touches(near) for near in (*found, *agents)):
                found.append(span)
        return tuple(s for s in sorted(set(found)) if not any(_inside(s, other) for other in found))

    def _whole(self, text: str, span: Span, names: Sequence[Span]) -> Span | None:
        """The phrase with its noun and all of its name; `None` where no noun follows."""
        for name in _touching(names, span):
            if len(name.of(text).split()) <= NAME and all(_named(word) for word in name.of(text).split()):
                span = Span(min(span.start, name.start), max(span.end, name.end))
        words = span.of(text).lower().split()
        if all(word in self._empty for word in words):
            return self._read_on(text, span)
        return (self._read_on(text, span) or span) if words[-1] == "of" else span

    def _read_on(self, text: str, span: Span) -> Span | None:
        """To the noun or name that follows: "the" to "the old town", "parts of" to "parts of Harir province"."""
        at, named = span.end, False
        for _ in range(LONGEST):
            match = _WORD.match(text, at)
            if match is None or "\n" in match.group():
                break
            word = match[1].rstrip(".'’")
            kind = word.lower() in self._words.place_classes
            if named and not kind and not _named(word):
                break
            at, named = match.start(1) + len(word), named or _named(word)
            if kind and not (named and _named(word)):
                return Span(span.start, at)
            if word != match[1]:
                break
        return Span(span.start, at) if named else None

    def _along(self, text: str, found: Iterable[Span], names: Sequence[Span]) -> list[Span]:
        """The places that are named along with those found: "A and B", "A in B province", one after the other."""
        along: list[Span] = []
        for span in found:
            at = span
            while (following := self._next(text, at, names)) is not None:
                along.append(following)
                at = following
        return along

    def _next(self, text: str, span: Span, names: Sequence[Span]) -> Span | None:
        """The name behind `span` with its phrase, if words link the two. An adjective ("Turkish") is no place."""
        at = bisect_left(names, span.end, key=lambda name: name.start)
        if at == len(names) or names[at].start - span.end > FARTHEST:
            return None
        name = names[at]
        gap, surface = text[span.end : name.start], name.of(text).lower()
        if "\n" in gap or not self._link.fullmatch(gap) or text.startswith(("-", "‑"), name.end):
            return None
        if surface in self._states.by_adjective and surface not in self._states.by_name:
            return None
        return self._phrase(text, name, span.end)

    def _phrase(self, text: str, name: Span, least: int) -> Span:
        """A name with its kind word and what stands before it from `least` on: "the northern province of Harir"."""
        before = self._ahead.search(text[least : name.start])
        behind = self._behind.match(text, name.end)
        return Span(least + before.start() if before else name.start, behind.end() if behind else name.end)


def _named(word: str) -> bool:
    """Whether a word begins with a capital letter, an article such as "al-" left aside."""
    return word[0].isupper() or re.match(r"[a-z]{2,3}[-‑][A-Z]", word) is not None


def _touching(names: Sequence[Span], span: Span) -> list[Span]:
    first = bisect_left(names, span.start, key=lambda name: name.end)
    last = bisect_left(names, span.end, lo=first, key=lambda name: name.start)
    return [name for name in names[first:last] if name.touches(span)]


def _inside(span: Span, other: Span) -> bool:
    return span != other and other.start <= span.start and span.end <= other.end


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
