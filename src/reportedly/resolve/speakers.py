"""Who a statement's source is, and for whom they speak. See docs/how-it-decides/speakers.md.

The statements are gone through in text order; each speaker is remembered, so that a surname, a pronoun or "the
official" finds the speaker that it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.speaker_phrase import SourcePhrase, name_runs, read_source
from reportedly.resolve.words import NameWords
from reportedly.types import Report, Span, Statement

STATE_KINDS = ("state", "government", "police", "military")
"""Kinds of actor that a state's officials, police and soldiers speak for."""

BARE_BODIES = ("government", "police", "army", "military", "forces", "administration", "authority", "parliament")
"""Bodies that every state has: alone they are the report's state's, never short for a longer name."""

OWN_NAME = ("ministry", "department", "council", "committee", "commission", "office", "union")
"""Descriptions that point back to a name that holds the same word."""

NOBODY = ("witness", "unknown", "expert", "medical")
"""Kinds of speaker who speak for nobody, unless the words say that they are somebody's spokesman."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker that the report has named or described before: at `start`, as what, in which words (folded)."""

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
    """A name of two words or more that may be a person's: where it stands, and the titles before it, folded."""

    start: int
    name: str
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one report offers: its words, the actors named in them, the persons, its state and its outlet.

    `outlet` is the known actor that the outlet is; `publisher` the outlet's name where it is no news medium: what such
    a one publishes ("we", or nobody named) it says itself.
    """

    text: str
    tokens: tuple[Token, ...]
    matches: tuple[Match, ...]
    persons: tuple[Person, ...]
    focus: str | None
    published: date | None
    outlet: Actor | None
    publisher: str | None

    def start_of(self, match: Match) -> int:
        """Where a match begins in the text."""
        return self.tokens[match.first].start

    def words_of(self, match: Match) -> tuple[str, ...]:
        """The folded words of a match."""
        return tuple(t.folded for t in self.tokens[match.first : match.last])


class SpeakerResolver:
    """Names the speakers of one report after another. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords) -> None:
        self._table = table
        self._words = words

    def scene(self, report: Report, *, focus: str | None) -> Scene:
        """The report's words looked through once, for `resolve` and for the parties."""
        tokens = tokens_of(report.text)
        matches = tuple(self._table.matches(tokens, focus=None, published=report.published))
        outlet = None
        if report.outlet:
            found = self._table.matches(tokens_of(report.outlet), published=None)
            outlet = found[0].actor if found else None
        persons = tuple(self._persons(report.text, tokens, matches))
        publisher = self._publisher(report.outlet, outlet)
        return Scene(report.text, tokens, matches, persons, focus, report.published, outlet, publisher)

    def _publisher(self, outlet: str | None, known: Actor | None) -> str | None:
        if known is not None:
            return known.name if known.kind not in ("media", "state", "person") else None
        name = re.split(r"[,(/]", outlet or "")[0].strip()
        words = _name_words(name)
        owned = {
            "press",
            "news",
            "radio",
            "tv",
            "media",
            "times",
            "post",
            "wire",
            "service",
            "agency",
            "herald",
            "daily",
        }
        return name if words and words[-1] in self._words.organisations and not owned & set(words) else None

    def _persons(self, text: str, tokens: Sequence[Token], matches: Sequence[Match]) -> Iterable[Person]:
        for run in name_runs(text, tokens, matches, self._words):
            if not 2 <= run.last - run.first <= 4 or tokens[run.last - 1].folded in self._words.organisations:
                continue
            name = _bare(" ".join(t.word for t in tokens[run.first : run.last]))
            name = name[:-1] if name.endswith(".") and len(name.split()[-1]) > 4 else name
            before = frozenset(t.folded for t in tokens[max(0, run.first - 6) : run.first])
            if any(
                t.folded in self._words.organisations or t.folded in self._words.directions
                for t in tokens[run.first : run.last]
            ):
                continue
            yield Person(tokens[run.first].start, name, before & self._words.titles)

    def resolve(self, scene: Scene, statements: Sequence[Statement]) -> dict[str, tuple[str | None, str | None]]:
        """Speaker and side of each statement, by its id."""
        heard: list[Heard] = []
        named: dict[str, Heard] = {}
        for statement in sorted(statements, key=_position):
            one = self._speaker(scene, statement, heard, named)
            if one is not None:
                named[statement.id] = one
                heard.append(one)
        return {
            s.id: (named[s.id].speaker, named[s.id].side) if s.id in named else ("unnamed source", None)
            for s in statements
        }

    def _speaker(
        self, scene: Scene, statement: Statement, heard: Sequence[Heard], named: dict[str, Heard]
    ) -> Heard | None:
        if not statement.source:
            told = statement.speaker_kind not in ("unknown", "media")
            return self._outlet(scene, _position(statement), statement.speaker_kind) if told else None
        span = Span(statement.source[0].start, statement.source[0].end)
        phrase = read_source(
            scene.text, span, table=self._table, words=self._words, focus=scene.focus, published=scene.published
        )
        start = span.start
        if phrase.kind == "pronoun":
            found = self._pronoun(scene, statement, phrase, heard, named.get(statement.inside or ""))
        elif phrase.kind == "person" or (phrase.kind == "organisation" and statement.speaker_kind == "witness"):
            found = self._person(scene, statement, phrase, heard)
        elif phrase.kind in ("actor", "organisation"):
            found = self._organisation(scene, statement, phrase, heard)
        else:
            found = self._description(scene, statement, phrase, heard)
        if found is None:
            return None
        return replace(found, start=start, words=found.words | phrase.all, speaks_as=statement.speaker_kind)

    def _pronoun(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard], outer: Heard | None
    ) -> Heard | None:
        """The nearest earlier speaker that the pronoun fits; else the nearest person or organisation in the text."""
        start = _position(statement)
        if phrase.head in ("we", "i"):
            if outer is not None:
                return outer
            return self._outlet(scene, start, statement.speaker_kind) or (heard[-1] if heard else None)
        fitting = [one for one in heard if self._agrees(phrase.head, one)]
        kinds = self._words.actor_kinds.get(statement.speaker_kind, ())
        if phrase.head in ("it", "they"):
            fitting = [one for one in fitting if one.speaks_as == statement.speaker_kind]
        if fitting:
            return fitting[-1]
        if phrase.head in ("he", "she", "who"):
            before = [p for p in scene.persons if p.start < start and self._may_be(phrase.head, p)]
            if before:
                name = before[-1].name
                side = self._side_near(scene, name, statement.speaker_kind)
                return Heard(before[-1].start, "person", name, side, None, "person", False)
        if phrase.head in ("it", "they"):
            for match in reversed(scene.matches):
                if scene.start_of(match) < start and match.actor.kind in kinds:
                    return self._heard_actor(match.actor, start)
        return None

    def _may_be(self, pronoun: str, person: Person) -> bool:
        first = {person.name.lower().split()[0]} | person.titles
        other = self._words.male if pronoun == "she" else self._words.female
        return not first & other

    def _agrees(self, pronoun: str, one: Heard) -> bool:
        people = one.head in self._words.people
        told = one.words | set(one.speaker.lower().split()[:2])
        if pronoun == "she" and told & self._words.male and not told & self._words.female:
            return False
        if pronoun == "he" and told & self._words.female:
            return False
        if pronoun in ("he", "she", "who"):
            return one.kind == "person" or (one.kind == "description" and people and not one.plural)
        if pronoun == "it":
            return one.kind in ("actor", "organisation") or (one.kind == "description" and not people)
        return one.plural or one.kind in ("actor", "organisation")

    def _outlet(self, scene: Scene, start: int, kind: str) -> Heard | None:
        """The publisher as the speaker, if it is no news medium."""
        if scene.publisher is None:
            return None
        if scene.outlet is not None:
            return self._heard_actor(scene.outlet, start)
        side = self._side_by_kind(scene, kind) or scene.publisher
        return Heard(start, "organisation", scene.publisher, side, None, _name_words(scene.publisher)[-1], False)

    def _person(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        name = self._full_name(scene, phrase.name or "", heard)
        side = self._side(phrase.actor, statement.speaker_kind) if phrase.actor else None
        if side is None:
            side = next((one.side for one in heard if one.kind == "person" and one.speaker == name), None)
        if side is None:
            known = next((a for a in self._known(name, scene) if a.kind == "person"), None)
            side = self._table.side_of(known) if known else None
        if side is None and phrase.affiliation and statement.speaker_kind not in (*NOBODY, *STATE_KINDS):
            side = phrase.affiliation
        if side is None:
            side = self._side_near(scene, name, statement.speaker_kind)
        if side is None:
            side = self._side_by_kind(scene, statement.speaker_kind)
        return Heard(0, "person", name, side, phrase.actor, "person", False)

    def _known(self, name: str, scene: Scene) -> list[Actor]:
        tokens = tokens_of(name)
        matches = self._table.matches(tokens, published=scene.published)
        return [m.actor for m in matches if m.last - m.first == len(tokens)]

    def _full_name(self, scene: Scene, name: str, heard: Sequence[Heard]) -> str:
        """The full name that a surname stands for: an earlier speaker's, one in the text, or a public figure's."""
        key = _name_words(name)
        for one in reversed(heard):
            if one.kind == "person" and _extends(_name_words(one.speaker), key):
                return one.speaker
        known = [a for a in self._known(name, scene) if a.kind == "person"]
        if known and len(key) > 1:
            return known[0].name
        longer = Counter(p.name for p in scene.persons if _extends(_name_words(p.name), key))
        if longer and (not known or longer.most_common(1)[0][1] > 1):
            name = longer.most_common(1)[0][0]
            full = [a for a in self._known(name, scene) if a.kind == "person"]
            return full[0].name if full else name
        return known[0].name if known else name

    def _side_near(self, scene: Scene, name: str, kind: str) -> str | None:
        """The organisation beside the first mention of `name`, before it as a title or behind it as an apposition."""
        at = scene.text.find(name)
        if at < 0 or kind in NOBODY:
            return None
        best: tuple[int, Actor] | None = None
        for match in scene.matches:
            start, end = scene.start_of(match), scene.tokens[match.last - 1].end
            gap = at - end if end <= at else start - (at + len(name))
            if not 0 <= gap <= 45 or not _may_be_side(match.actor, kind):
                continue
            between = scene.text[min(end, at) : max(start, at + len(name))]
            if not re.search(r"[.;\n]\s", between) and (best is None or gap < best[0]):
                best = (gap, match.actor)
        return self._side(best[1], kind) if best else None

    def _organisation(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        start, name = _position(statement), phrase.name or ""
        state = self._table.states.by_metonym.get(name.lower())
        if state and phrase.kind == "organisation":
            return self._heard_actor(self._government(state), start)
        short = self._short_form(scene, phrase, start, heard)
        if short is not None:
            return short
        if phrase.actor is not None and phrase.kind == "actor":
            return self._heard_actor(phrase.actor, start)
        side = self._table.side_of(phrase.actor) if phrase.actor and phrase.actor.kind == "state" else None
        if side is None and statement.speaker_kind in STATE_KINDS:
            side = self._side_by_kind(scene, statement.speaker_kind)
        side = side or name
        return Heard(start, "organisation", name, side, phrase.actor, phrase.head, phrase.plural)

    def _short_form(self, scene: Scene, phrase: SourcePhrase, start: int, heard: Sequence[Heard]) -> Heard | None:
        """What "the Coalition", "the Observatory" or "the Institute" is short for: named before, or the outlet itself."""
        key = [w for w in phrase.all if w not in self._words.dropped]
        if len(key) != 1 or key[0] not in self._words.organisations or key[0] in BARE_BODIES:
            return None
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and key[0] in _name_words(one.speaker) and one.words != phrase.all:
                return one
        if scene.outlet is not None and key[0] in _name_words(scene.outlet.name):
            return self._heard_actor(scene.outlet, start)
        for match in reversed(scene.matches):
            words = scene.words_of(match)
            if scene.start_of(match) < start and len(words) > 1 and key[0] in words and match.actor.kind != "state":
                return self._heard_actor(match.actor, start)
        return None

    def _heard_actor(self, actor: Actor, start: int) -> Heard:
        side = self._table.side_of(actor)
        if actor.kind == "state":
            actor = self._government(actor.country or "")
        return Heard(start, "actor", actor.name, side, actor, _name_words(actor.name)[-1], False)

    def _government(self, iso3: str) -> Actor:
        return self._table.get(f"gov:{iso3}") or Actor(f"gov:{iso3}", iso3, "government", iso3)

    def _description(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        """A speaker without a name: one named before that the words point back to, or "unnamed …"."""
        start = _position(statement)
        found = self._pointed(scene, statement, phrase, heard)
        if found is not None:
            return found
        kind, side = statement.speaker_kind, None
        owner = phrase.actor or self._short_owner(phrase, heard)
        if owner:
            side = self._side(owner, kind)
        if side is None and kind != "civil_society" and not phrase.all & self._words.stateless:
            side = self._side_by_kind(scene, kind)
        if side is None and phrase.affiliation and statement.speaker_kind not in (*NOBODY, "media"):
            side = phrase.affiliation
        name = f"unnamed {phrase.words}" if phrase.words else "unnamed source"
        return Heard(start, "description", name, side, phrase.actor, phrase.head, phrase.plural)

    def _short_owner(self, phrase: SourcePhrase, heard: Sequence[Heard]) -> Actor | None:
        """The actor that a word of the phrase is short for ("the network's investigators")."""
        short = {w.rstrip("s") for w in phrase.all if w != phrase.head} & self._words.organisations - set(BARE_BODIES)
        for one in reversed(heard):
            if one.actor is not None and one.kind == "actor" and short & set(_name_words(one.speaker)):
                return one.actor
        return None

    def _pointed(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]
    ) -> Heard | None:
        start, words = _position(statement), phrase.words.lower().split()
        if phrase.head in self._words.documents:
            if phrase.head in self._words.issued:
                issuer = phrase.actor or self._short_owner(phrase, heard)
                if issuer is not None:
                    return self._heard_actor(issuer, start)
                if phrase.definite and len(words) == 1:
                    return next((one for one in reversed(heard) if one.kind in ("actor", "organisation")), None)
            return None
        kinds = self._words.described_kinds.get(" ".join(words[-2:])) or self._words.described_kinds.get(phrase.head)
        if kinds and phrase.head not in self._words.people:
            return self._described(scene, statement, phrase, kinds, heard)
        if not phrase.definite or phrase.actor or phrase.affiliation:
            return None
        stem = phrase.head.rstrip("s")
        for one in reversed(heard):
            if one.kind in ("person", "description") and any(w.rstrip("s") == stem for w in one.words):
                return one
        if phrase.head in ("source", "official", "sources", "officials"):
            number = phrase.plural
            for one in reversed(heard):
                if one.speaks_as == statement.speaker_kind and one.plural == number and one.kind != "actor":
                    return one
        for person in reversed(scene.persons):
            if person.start < start and phrase.head in person.titles and phrase.head in self._words.titles:
                side = self._side_near(scene, person.name, statement.speaker_kind)
                side = side or self._side_by_kind(scene, statement.speaker_kind)
                return Heard(start, "person", person.name, side, None, "person", False)
        return None

    def _described(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, kinds: Sequence[str], heard: Sequence[Heard]
    ) -> Heard | None:
        """The organisation that "the ministry" or "a monitoring group" means: heard, named before, or named later."""
        start, stem = _position(statement), phrase.head.rstrip("s")
        apt = self._words.actor_kinds.get(statement.speaker_kind, ())
        kinds = [kind for kind in kinds if kind in apt] or kinds
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and stem in _name_words(one.speaker):
                return one
        if phrase.head in OWN_NAME:
            kinds = ()
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and one.actor and one.actor.kind in kinds:
                return one
        named = [m for m in scene.matches if m.actor.kind in kinds]
        before = [m for m in named if scene.start_of(m) < start]
        for match in (*reversed(before), *named):
            return self._heard_actor(match.actor, start)
        return None

    def _side(self, actor: Actor, kind: str) -> str | None:
        """For whom someone of `kind` speaks who is named with `actor`: of a state, its army for the military."""
        if kind in NOBODY and actor.kind not in ("medical", "expert"):
            return None
        if actor.kind == "state" and kind not in ("government", "police", "military", "media", "igo"):
            return None
        if actor.kind in ("state", "government") and kind == "military" and actor.country:
            army = self._table.get(f"army:{actor.country}")
            return army.name if army else actor.name
        if actor.kind == "military" and kind in ("police", "government") and actor.country:
            return self._table.states.rows[actor.country].name
        return self._table.side_of(actor)

    def _side_by_kind(self, scene: Scene, kind: str) -> str | None:
        """With nobody named: officials and police speak for the state that the report is about, soldiers for its army.

        Activists speak for the organisation that publishes the report, where one does.
        """
        if kind in ("civil_society", "armed_group", "ngo", "igo") and scene.publisher is not None:
            return self._table.side_of(scene.outlet) if scene.outlet else scene.publisher
        if kind == "igo":
            family = any(m.actor.id == "un" or m.actor.parent == "un" for m in scene.matches)
            return "United Nations" if family else None
        if scene.focus is None or kind not in ("government", "police", "military"):
            return None
        if kind == "military":
            army = self._table.get(f"army:{scene.focus}")
            return army.name if army else None
        return self._table.states.rows[scene.focus].name


def _position(statement: Statement) -> int:
    spans = statement.source or statement.content or statement.cue
    return spans[0].start if spans else 0


def _may_be_side(actor: Actor, kind: str) -> bool:
    if actor.kind == "person":
        return False
    if kind == "media":
        return actor.kind == "media"
    if actor.kind == "media":
        return False
    return actor.kind not in STATE_KINDS or kind in ("government", "police", "military")


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name)


def _name_words(name: str) -> list[str]:
    """The words of a name, folded, without articles and particles that come and go ("al-Hariri", "Hariri")."""
    plain = name.lower().replace("’", "").replace("'", "").replace(".", "")
    return [w for w in re.split(r"[\s-]+", plain) if w not in ("al", "el", "jr", "sr", "")]


def _extends(full: Sequence[str], short: Sequence[str]) -> bool:
    """Whether the full name ends in the short one, or begins with it; the same name does not extend itself."""
    if not short or len(short) >= len(full):
        return False
    return list(full[-len(short) :]) == list(short) or list(full[: len(short)]) == list(short)
