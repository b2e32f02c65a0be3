"""What edits give as values, read strictly: a fault is an `EditError` that says which field and what would do.

Values come from forms and from the API, so nothing about their types is taken for granted. Spans lie inside the text
and are trimmed of white space; pieces that touch are joined.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reportedly.errors import EditError
from reportedly.ontology import Ontology
from reportedly.types import Candidate, Figure, Link, Party, Span, Spans

Json = Any
MAX_WORDS = 400
"""Code points that a name, a side or a description may have."""


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values for one report."""

    text: str
    ontology: Ontology

    def span(self, where: str, value: Json) -> Span:
        """`[start, end]` in code points."""
        pair = isinstance(value, list | tuple) and len(value) == 2 and all(type(v) is int for v in value)
        if not pair or not 0 <= value[0] < value[1] <= len(self.text):
            raise EditError(f"{value!r} is no part of the text", where=where, hint="give [start, end] in code points")
        start, end = value
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start >= end:
            raise EditError("no words are selected", where=where, hint="select at least one word")
        return Span(start, end)

    def spans(self, where: str, value: Json, *, least: int = 0) -> Spans:
        """A list of pieces, in text order, those that share code points joined."""
        if not isinstance(value, list | tuple):
            raise EditError(f"{value!r} is no list of pieces", where=where, hint="give [[start, end], …]")
        joined: list[Span] = []
        for span in sorted(self.span(where, v) for v in value):
            if joined and joined[-1].touches(span):
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        if len(joined) < least:
            raise EditError("may not be empty", where=where, hint="select its words in the text")
        return tuple(joined)

    def label(self, where: str, value: Json, section: str) -> str:
        """A label of the ontology's section (kinds, statuses, stances, speaker_kinds, effects)."""
        allowed: Collection[str] = getattr(self.ontology, section)
        if not isinstance(value, str) or value not in allowed:
            raise EditError(f"{value!r} is none of the {section}", where=where, hint=f"one of {', '.join(allowed)}")
        return value

    def words(self, where: str, value: Json) -> str | None:
        """A name or description, its white space as single blanks; `None` for nothing."""
        if value is None:
            return None
        if not isinstance(value, str) or "\0" in value or not _is_unicode(value):
            raise EditError(f"{value!r:.60} is no name", where=where, hint="give text")
        words = " ".join(value.split())
        if len(words) > MAX_WORDS:
            raise EditError(f"has {len(words)} characters", where=where, hint=f"{MAX_WORDS} at most")
        return words or None

    def day(self, where: str, value: Json) -> date | None:
        """An ISO day, `None` for nothing."""
        if value is None or value == "":
            return None
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise EditError(f"{value!r:.40} is no day", where=where, hint="write it as 2023-11-07")

    def count(self, where: str, value: Json) -> int | None:
        """A count of people, `None` for an open end. A string of digits will do."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value[:20])
        if type(value) is not int or not 0 <= value <= 10**9:
            raise EditError(f"{value!r:.40} is no count", where=where, hint="a whole number, 0 or more")
        return value

    # Entries of an event

    def party(self, where: str, value: Mapping[str, Json], old: Party | None) -> Party:
        """An agent or target: its words and, if given, the name of who that is. A name that is kept keeps its link."""
        span, name = self.span(where, value.get("text")), self.words(where, value.get("name"))
        if old is not None and name == old.name:
            return replace(old, text=span)
        return Party(span, name)

    def place(self, where: str, value: Mapping[str, Json], old: Link | None) -> Link:
        """A place: its words, and the id of a `candidate` that was weighed for them, or a name alone."""
        span, name = self.span(where, value.get("text")), self.words(where, value.get("name"))
        wanted = self.words(where, value.get("candidate"))
        known = [c for c in ((old.best, *old.rivals) if old else ()) if c]
        if wanted is not None:
            return self._chosen(where, wanted, span, old, known)
        if old is not None and name in (None, old.name, old.best.name if old.best else None):
            return replace(old, text=span)
        return Link(span, name or span.of(self.text))

    def _chosen(self, where: str, wanted: str, span: Span, old: Link | None, known: list[Candidate]) -> Link:
        best = next((c for c in known if c.id == wanted), None)
        if old is None or best is None:
            listed = ", ".join(c.id for c in known) or "none"
            raise EditError(f"no place {wanted!r} was weighed here", where=where, hint=f"there are {listed}")
        if old.best == best:
            return replace(old, text=span)
        rivals = tuple(c for c in known if c != best)
        # How near the text puts it is a fact of the words, not of which of two namesakes is meant.
        return replace(old, text=span, name=best.name, best=best, rivals=rivals)

    def figure(self, where: str, value: Mapping[str, Json], old: Figure | None) -> Figure:
        """A toll. What is not given stays as it was."""
        effect = self.label(where, value.get("effect"), "effects")
        span = self.span(where, value.get("text"))
        low = self.count(where, value.get("low", old.low if old else None))
        high = self.count(where, value.get("high", old.high if old else None))
        who = self.words(where, value.get("who", old.who if old else None))
        if low is None or (high is not None and high < low):
            raise EditError(f"low {low} and high {high} are no range", where=where, hint="the low end comes first")
        if old is None:
            return Figure(effect, span, low, high, who)
        return replace(old, effect=effect, text=span, low=low, high=high, who=who)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
