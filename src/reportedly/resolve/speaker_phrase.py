"""Takes the words that name a speaker apart: person, organisation, description or pronoun, and whom they speak for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.words import NameWords
from reportedly.types import Span

_GAP = re.compile(r"[,;:()\[\]\"“”—–]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ARABIC = re.compile(r"^(?:al|el|ash|ad|ar|as|az|an|at)-\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """The words of a source, taken apart.

    `kind` is pronoun, person, actor (a known one), organisation (one that no table knows) or description; `all` are its
    words, folded; `name` the
    person's or organisation's name as written; `actor` the known actor that is named: the speaker itself, or the one that
    a person or a described speaker belongs to; `affiliation` the same where no table knows it; `head` the head noun in
    small letters (the pronoun's class for a pronoun); `words` a description without its determiners.
    """

    kind: str
    name: str | None = None
    actor: Actor | None = None
    affiliation: str | None = None
    head: str = ""
    words: str = ""
    plural: bool = False
    definite: bool = False
    all: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NameRun:
    """A run of name words: tokens `first` to `last` (exclusive), and whether a title stood right before it."""

    first: int
    last: int
    titled: bool


def read_source(
    text: str, span: Span, *, table: ActorTable, words: NameWords, focus: str | None, published: date | None
) -> SourcePhrase:
    """The phrase at `span` of `text`. `focus` is the state that bare bodies ("the army") belong to."""
    tokens = tokens_of(text, span.start, span.end)
    if not tokens:
        return SourcePhrase("description", words=span.of(text))
    first = tokens[0].folded
    alone = len(tokens) == 1 or tokens[1].folded.endswith(("self", "selves"))
    if alone and first in words.pronouns and (first == "i" or not tokens[0].word.isupper()):
        return SourcePhrase("pronoun", head=words.pronouns[first], plural=words.pronouns[first] in ("they", "we"))
    matches = table.matches(tokens, focus=focus, published=published)
    head = head_at(text, tokens, words, matches)
    person = _person(text, tokens, matches, words, table.states.by_metonym)
    if person is not None:
        phrase = _person_phrase(tokens, person, matches, table)
    else:
        phrase = _other_phrase(text, tokens, matches, head, words, table)
    return replace(phrase, all=frozenset(t.folded for t in tokens))


def head_at(text: str, tokens: Sequence[Token], words: NameWords, matches: Sequence[Match]) -> int:
    """The index of the head noun: the last word before a preposition, a relative clause or a comma."""
    covered = {i for m in matches for i in range(m.first, m.last)}
    for at in range(1, len(tokens)):
        if at in covered and at - 1 in covered and any(m.first < at < m.last for m in matches):
            continue
        low = tokens[at].folded
        if low in words.breaks or low in words.belonging or _GAP.search(text[tokens[at - 1].end : tokens[at].start]):
            return at - 1
        before = tokens[at - 1].folded
        if low.endswith("ing") and tokens[at].word.islower() and (before in words.people or before in words.documents):
            return at - 1
    return len(tokens) - 1


def name_runs(text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords) -> list[NameRun]:
    """Runs of capitalised words outside known organisations, without the titles at their ends."""
    taken = {i for m in matches if m.actor.kind != "person" for i in range(m.first, m.last)}
    runs: list[NameRun] = []
    at = 0
    while at < len(tokens):
        if at in taken or not _is_name(tokens[at]):
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and end not in taken and not _gap(text, tokens, end) and _continues(tokens, end, words):
            end += 1
        run = _without_titles(tokens, at, end, words)
        if run is not None:
            runs.append(run)
        at = end
    return runs


def _is_name(token: Token) -> bool:
    return token.word[0].isupper() or bool(_ARABIC.match(token.word))


def _continues(tokens: Sequence[Token], at: int, words: NameWords) -> bool:
    if _is_name(tokens[at]):
        return not _POSSESSIVE.search(tokens[at - 1].word)
    return tokens[at].folded in words.particles and at + 1 < len(tokens) and _is_name(tokens[at + 1])


def _gap(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma, a bracket or the end of a sentence lies before token `at`."""
    before = tokens[at - 1]
    ends = before.word.endswith(".") and len(before.folded) > 4 and "." not in before.word[:-1]
    return ends or bool(_GAP.search(text[before.end : tokens[at].start]))


def _without_titles(tokens: Sequence[Token], first: int, last: int, words: NameWords) -> NameRun | None:
    start, end = first, last
    while start < end and (tokens[start].folded.rstrip(".") in words.titles or tokens[start].folded in words.dropped):
        start += 1
    while end > start and (tokens[end - 1].folded in words.titles or tokens[end - 1].folded in words.people):
        end -= 1
    if start >= end:
        return None
    if end - start == 1 and tokens[start].folded in (words.documents | words.breaks | words.belonging | words.dropped):
        return None
    before = tokens[start - 1].folded if start else ""
    return NameRun(start, end, before in words.titles or before in words.people)


def _person(
    text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords, metonyms: Collection[str]
) -> Match | NameRun | None:
    """The person named: a known one, or a run of name words that isn't a place's or an organisation's."""
    known = [m for m in matches if m.actor.kind == "person"]
    runs = [r for r in name_runs(text, tokens, matches, words) if not _is_organisation(tokens, r, words)]
    for run in runs:
        at = run.first - 1
        while at > 0 and tokens[at].folded in words.dropped and tokens[at].folded not in words.belonging:
            at -= 1
        if at >= 0 and tokens[at].folded in words.belonging and not run.titled:
            continue
        size = run.last - run.first
        inside = next((m for m in known if run.first <= m.first and m.last <= run.last), None)
        if inside and (inside.last - inside.first == size or size == 1):
            return inside
        alone = run.first <= 1 and run.last == len(tokens)
        if alone and size == 1 and " ".join(t.word for t in tokens[run.first : run.last]).lower() in metonyms:
            return None
        if size >= 2 or run.titled or (alone and size == 1):
            return run
    return None


def _is_organisation(tokens: Sequence[Token], run: NameRun, words: NameWords) -> bool:
    run_words = [t.folded for t in tokens[run.first : run.last]]
    return (
        run_words[-1] in words.organisations
        or (len(run_words) > 1 and any(w in words.organisations for w in run_words))
        or (len(run_words) == 1 and tokens[run.first].word.isupper() and len(run_words[0]) > 1)
    )


def _person_phrase(
    tokens: Sequence[Token], person: Match | NameRun, matches: Sequence[Match], table: ActorTable
) -> SourcePhrase:
    name = " ".join(_POSSESSIVE.sub("", t.word) for t in tokens[person.first : person.last])
    actor = next((m.actor for m in _by_weight(matches)), None)
    if isinstance(person, Match) and actor is None and person.actor.parent:
        actor = table.get(person.actor.parent)
    if isinstance(person, Match) and (" " in name or person.actor.name == name):
        name = person.actor.name
    return SourcePhrase("person", name=name, actor=actor, head="person")


def _by_weight(matches: Sequence[Match]) -> list[Match]:
    """Organisations first, then states' bodies, then states; persons never."""
    order = {"alias": 0, "body": 1, "bare body": 3, "state": 2}
    return sorted(
        (m for m in matches if m.actor.kind != "person"),
        key=lambda m: (2 if m.actor.kind == "state" else order[m.how], m.first),
    )


def _other_phrase(
    text: str, tokens: Sequence[Token], matches: Sequence[Match], head: int, words: NameWords, table: ActorTable
) -> SourcePhrase:
    noun = tokens[head].folded
    definite = tokens[0].folded in ("the", "this", "that", "these", "those")
    plural = noun.endswith("s") or noun in ("people", "men", "women", "media", "police")
    covering = next((m for m in matches if m.first <= head < m.last), None)
    affiliation = _affiliation(text, tokens, matches, words)
    actor = next((m.actor for m in _by_weight(matches)), None)
    if noun in words.people and not (covering and covering.how == "alias"):
        return SourcePhrase(
            "description", None, actor, affiliation, noun, _describe(text, tokens, head, words), plural, definite
        )
    if covering is not None:
        return SourcePhrase("actor", covering.actor.name, covering.actor, None, noun, "", plural, definite)
    run = next((r for r in name_runs(text, tokens, matches, words) if r.first <= head < r.last), None)
    if run is not None:
        start = matches[-1].first if matches and matches[-1].last == run.first else run.first
        name = text[tokens[start].start : tokens[run.last - 1].end]
        return SourcePhrase("organisation", _POSSESSIVE.sub("", name), actor, None, noun, "", plural, definite)
    return SourcePhrase(
        "description", None, actor, affiliation, noun, _describe(text, tokens, head, words), plural, definite
    )


def _affiliation(text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords) -> str | None:
    """An organisation that no table knows ("a source at Aleppo Police Command")."""
    for run in name_runs(text, tokens, matches, words):
        if _is_organisation(tokens, run, words):
            return text[tokens[run.first].start : tokens[run.last - 1].end]
    return None


def _describe(text: str, tokens: Sequence[Token], head: int, words: NameWords) -> str:
    """The description without determiners, and with the organisation after "at", "for" or "of" put first."""
    plain = [t for t in tokens[: head + 1] if t.folded not in words.dropped and not t.folded.isdigit()]
    named = ""
    if head + 2 < len(tokens) and tokens[head + 1].folded in ("at", "for", "of", "from", "with"):
        end = head + 2
        while (
            end < len(tokens)
            and (_is_name(tokens[end]) or tokens[end].folded in ("the", "of", "and"))
            and not _gap(text, tokens, end)
        ):
            end += 1
        owned = [t.word for t in tokens[head + 2 : end] if t.folded != "the"]
        named = " ".join(owned)
    said = " ".join(_POSSESSIVE.sub("", t.word) if t is plain[-1] else t.word for t in plain)
    said = (
        said[:1].lower() + said[1:] if plain and not plain[0].word.isupper() and not _proper(plain[0], words) else said
    )
    return f"{named} {said}".strip()


def _proper(token: Token, words: NameWords) -> bool:
    return (
        token.word[0].isupper()
        and token.folded not in words.people
        and token.folded not in words.titles
        and token.start > 0
    )
