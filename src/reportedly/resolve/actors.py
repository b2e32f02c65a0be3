"""Actors: a table of known organisations, groups and public figures, and the bodies that every state has.

Aliases are data (`actors.tsv`, `states.tsv`, `state_bodies.tsv`), never code. A match is a run of words in a text; the
longest wins. See docs/how-it-decides/actors.md.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from reportedly.errors import AuthorityError
from reportedly.resolve.gazetteer import fold
from reportedly.resolve.states import States
from reportedly.resolve.words import NameWords
from reportedly.types import Candidate

_WORD = re.compile(r"[^\W_](?:[\w.'’/&-]*\w)?\.?")


@dataclass(frozen=True, slots=True)
class Actor:
    """One known actor. `country` and a parent "state:XXX" are iso3; `first` and `last` the years in which it was so."""

    id: str
    name: str
    kind: str
    country: str | None = None
    parent: str | None = None
    first: int | None = None
    last: int | None = None
    wikidata: str | None = None

    def candidate(self, feature: str) -> Candidate:
        return Candidate(
            id=self.id, name=self.name, score=1.0, kind=self.kind, country=self.country, features=((feature, 1.0),)
        )

    def lived(self, published: date | None) -> bool:
        """Whether it was there in the year of `published`, with two years to spare on either side."""
        if published is None:
            return True
        return (self.first or 0) - 2 <= published.year <= (self.last or 9999) + 2


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: where it stands, as written, and folded (no case, no diacritics, no possessive)."""

    start: int
    end: int
    word: str
    folded: str


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `first` to `last` (exclusive) name `actor`, by the entry `how`: alias, state, body or bare body."""

    first: int
    last: int
    actor: Actor
    how: str


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of body that states have: `name` holds {adj}, {army} or {police}."""

    body: str
    name: str
    kind: str


def tokens_of(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The words of `text[start:end]`; offsets count from the beginning of `text`."""
    found = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        plain = word.isascii() and word.isalpha()  # most words have nothing to fold but their capitals
        folded = word.lower() if plain else fold(_POSSESSIVE.sub("", word))
        if folded:
            found.append(Token(match.start(), match.end(), word, folded))
    return tuple(found)


_POSSESSIVE = re.compile(r"['’]s?$")


class ActorTable:
    """The authority for actors. `sha256` is over all its files."""

    def __init__(self, states: States, words: NameWords) -> None:
        self.states = states
        self._owners = words.owners
        digest = hashlib.sha256(states.sha256.encode())
        self._actors: dict[str, Actor] = {}
        self._aliases: dict[str, list[tuple[str, Actor]]] = {}
        self._longest: dict[str, int] = {}
        self._seconds: dict[str, set[str]] = {}
        self._people: dict[str, list[Actor]] = {}
        for state in states.rows.values():
            self._add(Actor(f"state:{state.iso3}", state.name, "state", state.iso3), (state.name, *state.aliases))
        for line in _rows("actors.tsv", digest):
            self._add(_actor(line), (line["name"], *(a for a in line["aliases"].split("|") if a)))
        self._bodies: dict[str, Body] = {}
        self._by_body: dict[str, Body] = {}
        for line in _rows("state_bodies.tsv", digest):
            body = Body(line["body"], line["name"], line["kind"])
            self._by_body[body.body] = body
            for form in line["words"].split("|"):
                self._bodies.setdefault(fold(form), body)
        self._body_longest: dict[str, int] = {}
        for form in self._bodies:
            first = form.split()[0]
            self._body_longest[first] = max(self._body_longest.get(first, 0), len(form.split()))
        named = (*states.by_name, *states.by_adjective, *states.by_metonym)
        self._state_firsts = frozenset(word.split()[0] for word in named)
        firsts = {fold(word) for word in self._state_firsts}
        self._firsts = frozenset(firsts | self._longest.keys() | self._body_longest.keys())
        self._sha256 = digest.hexdigest()

    @property
    def id(self) -> str:
        return "actors"

    @property
    def sha256(self) -> str:
        return self._sha256

    def _add(self, actor: Actor, names: Sequence[str]) -> None:
        self._actors[actor.id] = actor
        for name in names:
            folded = fold(name)
            words = folded.split()
            self._aliases.setdefault(folded, []).append((name, actor))
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
            if len(words) > 1:
                self._seconds.setdefault(words[0], set()).add(words[1])

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        return tuple(actor.candidate("alias") for _, actor in self._aliases.get(fold(name), ()))

    def get(self, id_: str) -> Actor | None:
        """The actor with this id, a state's body ("army:SYR") included."""
        found = self._actors.get(id_)
        if found is None and ":" in id_:
            body, iso3 = id_.split(":", 1)
            if body in self._by_body and iso3 in self.states.rows:
                return self.body_of(self._by_body[body], iso3)
        return found

    def rows(self) -> tuple[Actor, ...]:
        """Every actor of the table, states and named bodies among them; bodies that follow from a pattern are not."""
        return tuple(self._actors.values())

    def names_under(self, id_: str) -> tuple[str, ...]:
        """The names of an actor and of all that stand under it by their parents, a state's bodies included; sorted."""
        under: dict[str, list[Actor]] = {}
        for actor in self._actors.values():
            under.setdefault(actor.parent or "", []).append(actor)
        names: dict[str, str] = {}
        waiting = [id_]
        while waiting:
            actor_id = waiting.pop()
            found = self.get(actor_id)
            if found is None or actor_id in names:
                continue
            names[actor_id] = found.name
            waiting += [actor.id for actor in under.get(actor_id, ())]
            if found.kind == "state" and found.country:
                waiting += [f"{body}:{found.country}" for body in self._by_body]
        return tuple(sorted(set(names.values())))

    def body_of(self, body: Body, iso3: str) -> Actor:
        """The body of that kind that the state has, by its own name where the tables give one."""
        known = self._actors.get(f"{body.body}:{iso3}")
        if known:
            return known
        state = self.states.rows[iso3]
        adjective = state.adjectives[0] if state.adjectives and iso3 not in ("USA", "GBR") else state.name
        name = body.name.format(
            adj=adjective,
            army=state.army or f"{state.name} Armed Forces",
            police=state.police or f"{state.name} police",
        )
        return Actor(f"{body.body}:{iso3}", name, body.kind, iso3, f"state:{iso3}")

    def matches(
        self, tokens: Sequence[Token], *, focus: str | None = None, published: date | None = None
    ) -> list[Match]:
        """What the tokens name, left to right, none overlapping; bare bodies ("the army") are state `focus`'s."""
        found: list[Match] = []
        at = 0
        while at < len(tokens):
            first = tokens[at].folded
            if first not in self._firsts and " " not in first and first[:-1] not in self._firsts:
                at += 1  # most words begin no name
                continue
            match, body = self._alias_at(tokens, at, published, focus), self._body_at(tokens, at, focus)
            if match is None or (body is not None and body.last > match.last):
                match = body
            if match and match.actor.kind == "person" and match.actor.country:
                owned = self._body(tokens, match.last)  # "the Assad regime", "Putin's army"
                if owned:
                    match = Match(at, owned[1], self.body_of(owned[0], match.actor.country), "body")
            state = self._state_at(tokens, at)
            if state and (match is None or match.last < state.last):
                match = state
            if match is None:
                at += 1
                continue
            found.append(match)
            at = match.last
        return found

    def _alias_at(self, tokens: Sequence[Token], at: int, published: date | None, focus: str | None) -> Match | None:
        first = tokens[at].folded.split()[0]
        longest = self._longest.get(first) or (self._longest.get(first[:-1], 0) if first.endswith("s") else 0)
        if not longest:
            return None
        longest = min(longest, len(tokens) - at)
        if longest > 1:  # most words that begin a name are followed by none of its
            second = f"{tokens[at].folded} {tokens[at + 1].folded}".split()[1]
            seconds = self._seconds.get(first, set())
            longest = longest if second in seconds or second[:-1] in seconds else 1
        for size in range(longest, 0, -1):
            run = tokens[at : at + size]
            folded = " ".join([t.folded for t in run])
            entries = self._aliases.get(folded)
            if not entries and run[-1].word[0].isupper() and folded.endswith("s"):
                entries = self._aliases.get(folded[:-1])  # texts lose their apostrophes: "SANAs reporter"
            if not entries:
                continue
            written = [t.word for t in run]
            fitting = [actor for name, actor in entries if _same_case(name, written) and actor.lived(published)]
            if fitting and _goes_on(tokens, at, size):
                fitting = [actor for actor in fitting if actor.kind not in ("media", "company", "civil_society")]
            if fitting:
                return Match(at, at + size, _likeliest(fitting, focus), "alias")
        return None

    def _state_at(self, tokens: Sequence[Token], at: int) -> Match | None:
        """A state's name or adjective, with the body after it ("Syrian regime forces") if there is one."""
        word = _POSSESSIVE.sub("", tokens[at].word)
        low = word.lower()
        if not word or not word[0].isupper() or not {low, low[:-1]} & self._state_firsts:
            return None
        if low in self.states.by_metonym:
            body = self._body(tokens, at + 1)  # "the Kinshasa regime"
            if body:
                return Match(at, body[1], self.body_of(body[0], self.states.by_metonym[low]), "body")
        for size in range(min(3, len(tokens) - at), 0, -1):
            iso3 = self._state_named(" ".join(t.word for t in tokens[at : at + size]))
            if iso3 is None:
                continue
            body = self._body(tokens, at + size)
            if body:
                return Match(at, body[1], self.body_of(body[0], iso3), "body")
            return Match(at, at + size, self._actors[f"state:{iso3}"], "state")
        return None

    def _state_named(self, words: str) -> str | None:
        """The state that the words name, with or without a possessive ending, which may have lost its apostrophe."""
        bare = _POSSESSIVE.sub("", words)
        found = self.states.country_of(bare)
        return found or (self.states.by_name.get(bare[:-1].lower()) if bare.endswith("s") else None)

    def _body(self, tokens: Sequence[Token], at: int) -> tuple[Body, int] | None:
        if at >= len(tokens):
            return None
        longest = self._body_longest.get(tokens[at].folded.split()[0], 0)
        for size in range(min(longest, len(tokens) - at), 0, -1):
            body = self._bodies.get(" ".join(t.folded for t in tokens[at : at + size]))
            if body:
                return body, at + size
        return None

    def _body_at(self, tokens: Sequence[Token], at: int, focus: str | None) -> Match | None:
        if focus is None:
            return None
        body = self._body(tokens, at)
        if body is None:
            return None
        named = tokens[at].word[0].isupper() or (at > 0 and tokens[at - 1].folded not in self._owners)
        if at and named and _name_before(tokens, at):
            return None  # "Peel Regional Police", "Kurdish forces" are another's
        return Match(at, body[1], self.body_of(body[0], focus), "bare body")

    def side_of(self, actor: Actor) -> str | None:
        """The party that whoever speaks for `actor` speaks for: a ministry's is its state, a person's the parent's."""
        for _ in range(6):
            parent = self.get(actor.parent) if actor.parent else None
            through = actor.kind in ("government", "police", "person", "media", "organ", "military")
            if actor.kind in ("state",) or parent is None or not through:
                break
            if actor.kind == "military" and actor.id.startswith("army:"):
                break
            if actor.kind == "government" and parent.kind not in ("state", "government"):
                break
            actor = parent
        if actor.kind == "person":
            return self.states.rows[actor.country].name if actor.country else None
        return actor.name


def _name_before(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1]
    return before.word[0].isupper() and before.folded != "the" and tokens[at].start - before.end == 1


def _likeliest(actors: Sequence[Actor], focus: str | None) -> Actor:
    """Of several by one name the report's own state's; another state's army or police last ("AFP")."""
    return min(actors, key=lambda a: (a.country != focus or focus is None, a.id.startswith(("army:", "police:"))))


def _goes_on(tokens: Sequence[Token], at: int, size: int) -> bool:
    """Whether a name of one word seems to be the beginning of a longer one ("The National Network")."""
    words = size - (tokens[at].folded == "the")
    end = at + size
    if words > 1 or end >= len(tokens) or tokens[end - 1].word.isupper():
        return False
    return tokens[end].word[0].isupper() and tokens[end].start - tokens[end - 1].end == 1


def _same_case(alias: str, written: Sequence[str]) -> bool:
    """Whether words as written may be `alias`: acronyms and single words keep their capitals, longer names need not."""
    if alias.upper() == alias and len(alias) <= 6:
        return "".join(written).replace(".", "").rstrip("'’s").isupper()
    if len(alias) <= 4 and alias.isalpha() and not alias[1:].islower():
        return re.sub(r"['’]s?$", "", written[-1]) == alias  # "LeT" is not "Let"
    if " " not in alias and alias[0].isupper():
        return written[0][0].isupper() or alias[:3].lower() == "al-"
    return alias.islower() or any(word[0].isupper() for word in written)


def _actor(line: Mapping[str, str]) -> Actor:
    first, dash, last = line["years"].partition("-")
    try:
        return Actor(
            id=line["id"],
            name=line["name"],
            kind=line["kind"],
            country=line["country"] or None,
            parent=line["parent"] or None,
            first=int(first) if first else None,
            last=int(last) if last else (int(first) if first and not dash else None),
            wikidata=line["wikidata"] or None,
        )
    except (KeyError, ValueError) as error:
        raise AuthorityError(
            f"row {line.get('id')!r}: {error}", where="actors.tsv", hint="see docs/how-it-decides/actors.md"
        ) from error


def _rows(name: str, digest: hashlib._Hash) -> Iterator[dict[str, str]]:
    file = resources.files("reportedly").joinpath(f"data/authorities/{name}")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise AuthorityError("can't be read", where=name, hint="install the package again") from error
    digest.update(raw)
    yield from csv.DictReader(raw.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
