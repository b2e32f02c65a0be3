"""What one report offers to those who name its speakers and parties: its words looked through once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.name_runs import NameRun, name_runs
from reportedly.resolve.words import NameWords
from reportedly.types import Report, Span, Statement

SIDES = ("state", "military", "armed_group", "coalition")
"""Kinds of actor that are a side of a conflict; governments are too, their ministries are not."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker that the report has named or described before.

    `kind` is person, actor, organisation or description; `head` its head noun; `words` the source's words, folded;
    `speaks_as` the speaker kind of its statement.
    """

    start: int
    kind: str
    speaker: str
    side: str | None
    actor: Actor | None
    head: str
    plural: bool
    words: frozenset[str] = frozenset()
    speaks_as: str = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """A name of two words or more that may be a person's: where it stands, the titles with it, folded, and all words
    before it and in apposition behind it."""

    start: int
    name: str
    titles: frozenset[str]
    around: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scene:
    """A report's words, the actors and persons named in them, the state that it is about, and who publishes it.

    `outlet` is the known actor that the outlet is; `publisher` the outlet's name where it is no news medium: what such
    a one publishes ("we", or nobody named) it says itself; `outlet_name` its name in any case. `acronyms` are those
    that the text explains ("Royal Dunaya Constabulary (RDC)"), with the long names.
    """

    text: str
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]
    matches: tuple[Match, ...]
    persons: tuple[Person, ...]
    focus: str | None
    published: date | None
    outlet: Actor | None
    publisher: str | None
    outlet_name: str | None
    acronyms: Mapping[str, str]
    organisations: tuple[tuple[int, str], ...] = ()

    def within(self, span: Span) -> tuple[Token, ...]:
        """The words inside `span`; one that its edge cuts is cut too."""
        first = bisect_left(self.starts, span.start)
        last = bisect_left(self.starts, span.end)
        cut = (first and self.tokens[first - 1].end > span.start) or (last and self.tokens[last - 1].end > span.end)
        return tokens_of(self.text, span.start, span.end) if cut else self.tokens[first:last]

    def start_of(self, match: Match) -> int:
        """Where a match begins in the text."""
        return self.tokens[match.first].start

    def matches_at(self, first: int, last: int) -> tuple[Match, ...]:
        """The matches that share a word with the words `first` to `last` (inclusive)."""
        begin = bisect_left(self.matches, first + 1, key=lambda m: m.last)
        end = bisect_left(self.matches, last + 1, key=lambda m: m.first)
        return self.matches[begin:end]

    def two_sides(self, before: int) -> tuple[Actor, ...]:
        """The last two parties to a conflict named before an offset, in text order: whom "both sides" means."""
        found: list[Actor] = []
        for match in reversed(self.matches):
            actor = match.actor
            side = actor.kind in SIDES or actor.id.startswith("gov:")
            if not side or self.start_of(match) >= before:
                continue
            same = any(actor.id == other.id or (actor.country and actor.country == other.country) for other in found)
            if not same:
                found.append(actor)
            if len(found) == 2:
                return (found[1], found[0])
        return ()

    def words_of(self, match: Match) -> tuple[str, ...]:
        """The folded words of a match."""
        return tuple(t.folded for t in self.tokens[match.first : match.last])


def read_scene(report: Report, *, table: ActorTable, words: NameWords, focus: str | None) -> Scene:
    """Look `report` through; `focus` is the state that it is about (iso3)."""
    tokens = tokens_of(report.text)
    matches = tuple(table.matches(tokens, focus=focus, published=report.published))
    named = table.matches(tokens_of(report.outlet), published=None) if report.outlet else []
    runs = name_runs(report.text, tokens, matches, words)
    outlet = named[0].actor if named and named[0].first == 0 and named[0].actor.kind != "state" else None
    return Scene(
        text=report.text,
        tokens=tokens,
        starts=tuple(t.start for t in tokens),
        matches=matches,
        persons=tuple(_persons(report.text, tokens, runs, words)),
        focus=focus,
        published=report.published,
        outlet=outlet,
        publisher=_publisher(report.outlet or "", outlet, words),
        outlet_name=_SET_OFF.split(report.outlet or "")[0].strip() or None,
        acronyms=_acronyms(report.text),
        organisations=tuple(_organisations(tokens, runs, words)),
    )


_SET_OFF = re.compile(r"[,(/]")
_EXPLAINED = re.compile(
    r"((?<![\w’'-])(?:[A-Z][\w’'-]{0,40}\s{1,3})"
    r"(?:(?:of|for|the|and|in|to|de|del|des|du|et)\s{1,3}|[A-Z][\w’'-]{0,40}\s{1,3}){1,8})\(([A-Z][A-Z-]{1,7})\)"
)


def _acronyms(text: str) -> Mapping[str, str]:
    """The acronyms that the text explains, each by the words whose first letters it has."""
    found: dict[str, str] = {}
    for match in _EXPLAINED.finditer(text):
        words, letters = match[1].split(), match[2].replace("-", "")
        for first in range(len(words) - 1):
            initials = "".join(w[0] for w in words[first:] if w[0].isupper())
            if words[first][0] == letters[0] and (
                initials == letters or initials == letters[: len(initials)] != letters[:1]
            ):
                found[match[2]] = " ".join(words[first:])
                break
    return MappingProxyType(found)


def _publisher(outlet: str, known: Actor | None, words: NameWords) -> str | None:
    """The outlet's name if it is an organisation's own: known as such, or named like one and not like a news medium."""
    if known is not None:
        return known.name if known.kind not in ("media", "state", "person") else None
    name = _SET_OFF.split(outlet)[0].strip()
    parts = name_words(name)
    return name if parts and parts[-1] in words.organisations and not words.outlets & set(parts) else None


def _persons(text: str, tokens: Sequence[Token], runs: Sequence[NameRun], words: NameWords) -> Iterable[Person]:
    common = {t.word for t in tokens if t.word.islower()}
    for run in runs:
        first, last = run.first, run.last
        while first < last and tokens[first].folded in common:
            first += 1  # "Said Harir" where the text has "said" too
        while last > first and tokens[last - 1].folded in common:
            last -= 1
        named = tokens[first:last]
        if not 2 <= len(named) <= 4 or any(
            t.folded in words.organisations or t.folded in words.directions or t.folded in words.calendar for t in named
        ):
            continue
        before = _before(text, tokens, first)
        behind = _apposition(text, tokens, last, words)
        titles = (before & words.titles) | (behind & words.roles)
        yield Person(named[0].start, plain_name(t.word for t in named), titles, before | behind)


def _organisations(tokens: Sequence[Token], runs: Sequence[NameRun], words: NameWords) -> Iterable[tuple[int, str]]:
    """Where each organisation that no table knows is named, and its name as written."""
    for run in runs:
        if run.last - run.first > 1 and tokens[run.last - 1].folded in words.organisations:
            yield tokens[run.first].start, plain_name(t.word for t in tokens[run.first : run.last])


def _before(text: str, tokens: Sequence[Token], first: int) -> frozenset[str]:
    """Up to six words before a name, in the same sentence."""
    at = first
    while at > max(0, first - 6):
        before = tokens[at - 1].word
        ends = before.endswith(".") and (before[0].islower() or len(tokens[at - 1].folded) > 4)
        if ends or _SENTENCE_END.search(text[tokens[at - 1].end : tokens[at].start]):
            break
        at -= 1
    return frozenset(t.folded for t in tokens[at:first])


def _apposition(text: str, tokens: Sequence[Token], at: int, words: NameWords) -> frozenset[str]:
    """The words of ", the mayor of Kalima" behind a name, up to the next comma or the end of the sentence; a comma may
    be lost where a role follows at once."""
    if at >= len(tokens):
        return frozenset()
    gap = text[tokens[at - 1].end : tokens[at].start]
    if not (_COMMA.fullmatch(gap) or (gap.isspace() and tokens[at].folded in words.roles)):
        return frozenset()
    end = at + 1
    while end < min(len(tokens), at + 9) and text[tokens[end - 1].end : tokens[end].start].isspace():
        end += 1
    return frozenset(t.folded for t in tokens[at:end])


_SENTENCE_END = re.compile(r"[.!?;]|\n\n")
_COMMA = re.compile(r"\s*,\s*")


def plain_name(parts: Iterable[str]) -> str:
    """A name from its words, without a possessive ending or the full stop of the sentence that it ends."""
    name = re.sub(r"['’]s?$", "", " ".join(parts))
    return name[:-1] if name.endswith(".") and len(name.split()[-1]) > 4 else name


def name_words(name: str) -> list[str]:
    """The words of a name in small letters, without articles and suffixes that come and go ("al-Hariri", "Jr.")."""
    plain = name.lower().replace("’", "").replace("'", "").replace(".", "")
    return [w for w in re.split(r"[\s-]+", plain) if w not in ("al", "el", "jr", "sr", "")]


def extends(full: Sequence[str], short: Sequence[str]) -> bool:
    """Whether the full name ends in the short one, begins with it, or has it in its middle; never for the same name."""
    if not short or len(short) >= len(full):
        return False
    if len(short) == 1 and len(short[0]) > 3 and short[0] in full:
        return True
    return list(full[-len(short) :]) == list(short) or list(full[: len(short)]) == list(short)


def position(statement: Statement) -> int:
    """Where a statement's source stands, or what comes nearest to that."""
    spans = statement.source or statement.content or statement.cue
    return spans[0].start if spans else 0
