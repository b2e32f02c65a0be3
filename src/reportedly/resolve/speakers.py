"""Who a statement's source is, and for whom they speak. See docs/how-it-decides/speakers.md.

The statements are gone through in text order; each speaker is remembered, so that a surname, a pronoun or "the
official" finds the speaker that it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reportedly.resolve.actors import Actor, ActorTable, tokens_of
from reportedly.resolve.gazetteer import fold
from reportedly.resolve.scene import Heard, Person, Scene, extends, name_words, position
from reportedly.resolve.sides import NOBODY, STATE_KINDS, SideFinder
from reportedly.resolve.speaker_phrase import SourcePhrase, read_source
from reportedly.resolve.words import NameWords
from reportedly.types import Span, Statement

OFFICELESS = ("witness", "unknown", "media")
"""Kinds of speaker whose descriptions ("the resident") are no office that one person in the text may hold."""


class SpeakerResolver:
    """Names the speakers of one report after another. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords) -> None:
        self._table = table
        self._words = words
        self._sides = SideFinder(table)

    def resolve(self, scene: Scene, statements: Sequence[Statement]) -> dict[str, tuple[str | None, str | None]]:
        """Speaker and side of each statement, by its id."""
        heard: list[Heard] = []
        named: dict[str, Heard] = {}
        for statement in sorted(statements, key=position):
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
            return self._outlet(scene, position(statement), statement.speaker_kind) if told else None
        span = Span(statement.source[0].start, statement.source[0].end)
        phrase = read_source(
            scene.text,
            scene.within(span),
            table=self._table,
            words=self._words,
            focus=scene.focus,
            published=scene.published,
        )
        start = span.start
        if span.of(scene.text).rstrip(".:") in ("Q", "A"):
            return self._interview(statement, span.of(scene.text)[0], heard)
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

    def _interview(self, statement: Statement, letter: str, heard: Sequence[Heard]) -> Heard | None:
        """ "Q." and "A." of an interview: whoever asks, and whoever was heard last in the answerer's kind."""
        if letter == "Q":
            return Heard(position(statement), "description", "unnamed journalist", None, None, "journalist", False)
        alike = (one for one in reversed(heard) if one.speaks_as == statement.speaker_kind)
        return next(alike, None)

    def _pronoun(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard], outer: Heard | None
    ) -> Heard | None:
        """The nearest earlier speaker that the pronoun fits; else the nearest person or organisation in the text."""
        start = position(statement)
        if phrase.head in ("we", "i"):
            return outer or self._first_person(scene, statement, heard)
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
                side = self._sides.near(scene, name, statement.speaker_kind)
                return Heard(before[-1].start, "person", name, side, None, "person", False)
        if phrase.head in ("it", "they"):
            for match in reversed(scene.matches):
                if scene.start_of(match) < start and match.actor.kind in kinds:
                    return self._heard_actor(match.actor, start)
        return None

    def _first_person(self, scene: Scene, statement: Statement, heard: Sequence[Heard]) -> Heard | None:
        """Who "we" are outside anyone's quotation: the publisher, the last speaker of that kind, or the outlet."""
        kind = statement.speaker_kind
        publisher = self._outlet(scene, position(statement), kind)
        if publisher is not None:
            return publisher
        alike = next((one for one in reversed(heard) if one.speaks_as == kind), None)
        if (
            alike is not None
            or scene.outlet_name is None
            or kind in ("witness", "unknown", "government", "military", "police")
        ):
            return alike or (heard[-1] if heard else None)
        side = self._table.side_of(scene.outlet) if scene.outlet else scene.outlet_name
        return Heard(0, "organisation", scene.outlet_name, side, scene.outlet, "", False)

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
        side = self._sides.by_kind(scene, kind) or scene.publisher
        return Heard(start, "organisation", scene.publisher, side, None, name_words(scene.publisher)[-1], False)

    def _person(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        name = self._full_name(scene, phrase.name or "", heard)
        side = self._sides.of(phrase.actor, statement.speaker_kind) if phrase.actor else None
        if side is None:
            side = next((one.side for one in heard if one.kind == "person" and one.speaker == name), None)
        if side is None:
            known = next((a for a in self._known(name, scene) if a.kind == "person"), None)
            side = self._table.side_of(known) if known else None
        if side is None and phrase.affiliation and statement.speaker_kind not in (*NOBODY, *STATE_KINDS):
            side = phrase.affiliation
        if side is None:
            side = self._sides.near(scene, name, statement.speaker_kind)
        if side is None:
            side = self._sides.by_kind(scene, statement.speaker_kind)
        return Heard(0, "person", name, side, phrase.actor, "person", False)

    def _known(self, name: str, scene: Scene) -> list[Actor]:
        tokens = tokens_of(name)
        matches = self._table.matches(tokens, published=scene.published)
        return [m.actor for m in matches if m.last - m.first == len(tokens)]

    def _full_name(self, scene: Scene, name: str, heard: Sequence[Heard]) -> str:
        """The full name that a surname stands for: an earlier speaker's, one in the text, or a public figure's."""
        key = name_words(name)
        for one in reversed(heard):
            if one.kind == "person" and extends(name_words(one.speaker), key):
                return one.speaker
        known = [a for a in self._known(name, scene) if a.kind == "person"]
        if known and len(key) > 1:
            return known[0].name
        longer = Counter(p.name for p in scene.persons if extends(name_words(p.name), key))
        if longer and (not known or longer.most_common(1)[0][1] > 1):
            name = longer.most_common(1)[0][0]
            full = [a for a in self._known(name, scene) if a.kind == "person"]
            return full[0].name if full else name
        return known[0].name if known else name

    def _organisation(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        start, name = position(statement), phrase.name or ""
        explained = scene.acronyms.get(name.removeprefix("the ").removeprefix("The "))
        if explained is not None:
            tokens = tokens_of(explained)
            whole = [m for m in self._table.matches(tokens) if (m.first, m.last) == (0, len(tokens))]
            if whole:
                return self._heard_actor(whole[0].actor, start)
            name, phrase = explained, replace(phrase, actor=None, kind="organisation")
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
            side = self._sides.by_kind(scene, statement.speaker_kind)
        side = side or name
        return Heard(start, "organisation", name, side, phrase.actor, phrase.head, phrase.plural)

    def _short_form(self, scene: Scene, phrase: SourcePhrase, start: int, heard: Sequence[Heard]) -> Heard | None:
        """What "the Coalition" or "the Institute" is short for: named before, or the outlet itself."""
        key = [w for w in phrase.all if w not in self._words.dropped]
        if len(key) != 1 or key[0] not in self._words.organisations:
            return None
        bare = key[0] in self._words.bare_bodies  # of those only a local one is meant, that no table knows
        for one in reversed(heard):
            named = one.kind == "organisation" or (one.kind == "actor" and not bare)
            if named and key[0] in name_words(one.speaker) and one.words != phrase.all:
                return one
        if bare:
            return None
        if scene.publisher is not None and key[0] in name_words(scene.publisher):
            return self._outlet(scene, start, "unknown")
        for match in reversed(scene.matches):
            words = scene.words_of(match)
            if scene.start_of(match) < start and len(words) > 1 and key[0] in words and match.actor.kind != "state":
                return self._heard_actor(match.actor, start)
        return None

    def _heard_actor(self, actor: Actor, start: int) -> Heard:
        side = self._table.side_of(actor)
        if actor.kind == "state":
            actor = self._government(actor.country or "")
        return Heard(start, "actor", actor.name, side, actor, name_words(actor.name)[-1], False)

    def _government(self, iso3: str) -> Actor:
        return self._table.get(f"gov:{iso3}") or Actor(f"gov:{iso3}", iso3, "government", iso3)

    def _description(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        """A speaker without a name: one named before that the words point back to, or "unnamed …"."""
        start = position(statement)
        if phrase.all & {"both", "two"} and phrase.head in ("sides", "parties"):
            for actor in scene.two_sides(start)[:1]:
                return self._heard_actor(actor, start)  # of joint speakers the first counts
        found = self._pointed(scene, statement, phrase, heard)
        if found is not None:
            return found
        kind = statement.speaker_kind
        side: str | None = None
        owner = phrase.actor or self._short_owner(phrase, heard)
        if owner:
            side = self._sides.of(owner, kind)
        if side is None and kind != "civil_society" and not phrase.all & self._words.stateless:
            side = self._sides.by_kind(scene, kind)
        if side is None and phrase.affiliation and statement.speaker_kind not in (*NOBODY, "media"):
            side = phrase.affiliation
        name = f"unnamed {phrase.words}" if phrase.words else "unnamed source"
        return Heard(start, "description", name, side, phrase.actor, phrase.head, phrase.plural)

    def _short_owner(self, phrase: SourcePhrase, heard: Sequence[Heard]) -> Actor | None:
        """The actor that a word of the phrase is short for ("the network's investigators")."""
        short = {
            w.rstrip("s") for w in phrase.all if w != phrase.head
        } & self._words.organisations - self._words.bare_bodies
        for one in reversed(heard):
            if one.actor is not None and one.kind == "actor" and short & set(name_words(one.speaker)):
                return one.actor
        return None

    def _pointed(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]
    ) -> Heard | None:
        """What a description without a name points back to, if it does."""
        if phrase.head in self._words.documents:
            return self._issuer(scene, statement, phrase, heard)
        last_two = " ".join(phrase.words.lower().split()[-2:])
        kinds = self._words.described_kinds.get(last_two) or self._words.described_kinds.get(phrase.head)
        if kinds and phrase.head not in self._words.people:
            return self._described(scene, statement, phrase, kinds, heard)
        if phrase.definite and phrase.actor is None and phrase.affiliation is None:
            found = self._person_described(scene, statement, phrase, heard)
            if found is not None:
                return found
        if phrase.plural or statement.speaker_kind in OFFICELESS or not (phrase.definite or phrase.owned):
            return None
        return self._person_titled(scene, statement, phrase) or self._person_heard(scene, statement, phrase, heard)

    def _issuer(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard | None:
        """Who speaks through a document ("a statement by the ministry"): the one named with it, or the last heard."""
        if phrase.head not in self._words.issued:
            return None
        start = position(statement)
        issuer = phrase.actor or self._short_owner(phrase, heard)
        if issuer is not None and issuer.kind != "state":
            return self._heard_actor(issuer, start)
        if phrase.affiliation:
            side = self._sides.by_kind(scene, statement.speaker_kind) or phrase.affiliation
            return Heard(start, "organisation", phrase.affiliation, side, None, phrase.head, False)
        if not phrase.definite or len(phrase.words.split()) != 1:
            return None
        for one in reversed(heard):
            if one.kind in ("actor", "organisation"):
                return one
        kinds = self._words.actor_kinds.get(statement.speaker_kind, ())
        before = (m for m in reversed(scene.matches) if scene.start_of(m) < start and m.actor.kind in kinds)
        last = next(before, None)
        if last is not None and last.how != "bare body":
            return self._heard_actor(last.actor, start)
        return next((one for one in reversed(heard) if one.speaks_as == statement.speaker_kind), None)

    def _person_described(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]
    ) -> Heard | None:
        """Whom "the minister" or "the source" means: heard by that word, or heard in that kind."""
        stem = phrase.head.rstrip("s")
        for one in reversed(heard):
            if one.kind in ("person", "description") and any(w.rstrip("s") == stem for w in one.words):
                return one
        if stem in ("source", "official"):
            for one in reversed(heard):
                if one.speaks_as == statement.speaker_kind and one.plural == phrase.plural and one.kind != "actor":
                    return one
        return None

    def _person_titled(self, scene: Scene, statement: Statement, phrase: SourcePhrase) -> Heard | None:
        """The person whom the text gives this title, with a word of the description beside the name; the nearest
        before, else the first behind, as a first paragraph has it."""
        start, head = position(statement), _role(phrase.head)
        telling = phrase.all - self._words.dropped - self._words.belonging
        telling = frozenset(w for w in telling if w and _role(w) != head and w not in self._words.place_classes)
        if phrase.actor is not None and phrase.actor.country and not phrase.definite:
            telling = self._state_words(phrase.actor.country)
        telling |= {w[:-1] for w in telling if w.endswith("s")}
        office = telling & self._words.titles  # "prime" is no "chief minister"
        holders = [p for p in scene.persons if any(_role(t) == head for t in p.titles) and office <= p.titles]
        alone = len({p.name for p in holders}) == 1 and phrase.actor is None
        fitting = [p for p in holders if alone or not telling or telling & p.around]
        before = [person for person in fitting if person.start < start]
        behind = [person for person in fitting if person.start > start] if telling or alone else []
        for person in (*reversed(before), *behind):
            side = self._sides.of(phrase.actor, statement.speaker_kind) if phrase.actor else None
            side = side or self._sides.near(scene, person.name, statement.speaker_kind)
            side = side or self._sides.by_kind(scene, statement.speaker_kind)
            return Heard(start, "person", person.name, side, phrase.actor, "person", False)
        return None

    def _person_heard(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]
    ) -> Heard | None:
        """The last person of that kind that was heard, for an office that the text gives nobody ("the secretary")."""
        kind = statement.speaker_kind
        if kind in NOBODY or not phrase.definite or phrase.head not in self._words.titles:
            return None
        side = self._sides.of(phrase.actor, kind) if phrase.actor else None
        for one in reversed(heard):
            if one.kind == "person" and one.speaks_as == kind and side in (None, one.side):
                offices = frozenset(t for p in scene.persons if p.name == one.speaker for t in p.titles) | one.words
                return None if offices & self._words.titles - self._words.honorifics - phrase.all else one
        return None

    def _state_words(self, iso3: str) -> frozenset[str]:
        """The name and the adjectives of a state, folded."""
        state = self._table.states.rows[iso3]
        return frozenset(fold(word) for word in (state.name, *state.aliases, *state.adjectives))

    def _described(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, kinds: Sequence[str], heard: Sequence[Heard]
    ) -> Heard | None:
        """The organisation that "the ministry" or "a monitoring group" means: heard, named before, or named later."""
        start, stem = position(statement), phrase.head.rstrip("s")
        apt = self._words.actor_kinds.get(statement.speaker_kind, ())
        kinds = [kind for kind in kinds if kind in apt] or kinds
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and stem in name_words(one.speaker):
                return one
        if phrase.head in self._words.own_name:
            kinds = ()
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and one.actor and one.actor.kind in kinds:
                return one
        named = [m for m in scene.matches if m.actor.kind in kinds and m.how != "bare body"]
        before = [m for m in named if scene.start_of(m) < start]
        for match in (*reversed(before), *named):
            return self._heard_actor(match.actor, start)
        return None


def _role(word: str) -> str:
    """A role without what sex and number add: "spokeswoman", "spokesman" and "spokespersons" are one."""
    return re.sub(r"(?:wom[ae]n|m[ae]n|persons?|people)$", "", word) or word
