"""Who a statement's source is, and for whom they speak. See docs/how-it-decides/speakers.md.

The statements are gone through in text order; each speaker is remembered, so that a surname, a pronoun or "the
official" finds the speaker that it means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reportedly.resolve.actors import Actor, ActorTable, tokens_of
from reportedly.resolve.cast import Cast, Known
from reportedly.resolve.coreference import Coreference, Pointing, role_of
from reportedly.resolve.gazetteer import fold
from reportedly.resolve.scene import Heard, Scene, extends, name_words, position
from reportedly.resolve.sides import NOBODY, STATE_KINDS, SideFinder
from reportedly.resolve.speaker_phrase import SourcePhrase, read_source
from reportedly.resolve.words import NameWords
from reportedly.types import Span, Statement


@dataclass(frozen=True, slots=True)
class _Report:
    """The report that is gone through: its words, who is named in it (looked up when first asked for), who was heard so
    far, and its statements by their ids."""

    scene: Scene
    cast: Callable[[], Cast]
    heard: list[Heard]
    around: Mapping[str, Statement]


class SpeakerResolver:
    """Names the speakers of one report after another. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords, coreference: Coreference) -> None:
        self._coreference = coreference
        self._table = table
        self._words = words
        self._sides = SideFinder(table)

    def resolve(self, scene: Scene, statements: Sequence[Statement], cast: Callable[[], Cast]) -> dict[str, Heard]:
        """Who speaks each statement, by its id; a statement that nobody is known to speak has none. In text order."""
        ordered = sorted(statements, key=position)
        report = _Report(scene, cast, [], {s.id: s for s in ordered})
        named: dict[str, Heard] = {}
        for statement in ordered:
            one = self._speaker(report, statement, named)
            if one is not None:
                named[statement.id] = one
                report.heard.append(one)
        return named

    def _speaker(self, report: _Report, statement: Statement, named: Mapping[str, Heard]) -> Heard | None:
        scene, heard = report.scene, report.heard
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
        outer = named.get(statement.inside or "")
        if phrase.kind == "pronoun":
            found = self._pronoun(report, statement, phrase, outer)
        elif phrase.kind == "person" or (phrase.kind == "organisation" and statement.speaker_kind == "witness"):
            found = self._person(scene, statement, phrase, heard)
        elif phrase.kind in ("actor", "organisation"):
            found = self._organisation(scene, statement, phrase, heard)
        else:
            found = self._description(report, statement, phrase, outer)
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
        self, report: _Report, statement: Statement, phrase: SourcePhrase, outer: Heard | None
    ) -> Heard | None:
        """Whom a pronoun means: the speaker around it for "we", else the likeliest of all who are named before."""
        if phrase.head in ("we", "i"):
            return outer or self._first_person(report.scene, statement, report.heard)
        return self._meant(report, statement, phrase, form="pronoun", outer=outer)

    def _meant(
        self, report: _Report, statement: Statement, phrase: SourcePhrase, *, form: str, outer: Heard | None
    ) -> Heard | None:
        """Whom the words of a source point to, if to anybody."""
        if self._coreference.somebody_new(form, phrase.head):
            return None
        pointing = Pointing(
            start=position(statement),
            form=form,
            head=phrase.head,
            plural=phrase.plural,
            telling=self._telling(phrase) if form != "pronoun" else frozenset(),
            speaks_as=statement.speaker_kind,
            outer=outer.speaker if outer else None,
            side=self._sides.of(phrase.actor, statement.speaker_kind) if phrase.actor else None,
            into=_into(statement, report.around.get(statement.inside or "")),
            content=statement.content,
        )
        cast = report.cast()
        known = self._coreference.choose(pointing, cast.known(report.heard), cast)
        return None if known is None else self.heard_as(report.scene, statement, known, owner=phrase.actor)

    def heard_as(self, scene: Scene, statement: Statement, known: Known, *, owner: Actor | None) -> Heard | None:
        """One who is named in the text, as the speaker of `statement`; `owner` is the actor named with the words."""
        start, kind = position(statement), statement.speaker_kind
        if known.heard is not None:
            return known.heard
        if known.kind == "person":
            name = self._full_name(scene, known.name, ())
            side = self._sides.of(owner, kind) if owner else None
            side = side or self._sides.near(scene, known.name, kind) or self._sides.by_kind(scene, kind)
            return Heard(start, "person", name, side, owner, "person", False)
        if known.kind == "publisher":
            return self._outlet(scene, start, kind)
        if known.actor is not None:
            return self._heard_actor(known.actor, start)
        if known.span is not None:
            tokens = scene.within(known.span)
            phrase = read_source(
                scene.text, tokens, table=self._table, words=self._words, focus=scene.focus, published=scene.published
            )
            if phrase.kind == "actor" and phrase.actor is not None:
                return self._heard_actor(phrase.actor, start)
            return self._unnamed(scene, statement, phrase, ())
        side = self._sides.by_kind(scene, kind) if kind in STATE_KINDS else None
        return Heard(start, "organisation", known.name, side or known.name, None, name_words(known.name)[-1], False)

    def _telling(self, phrase: SourcePhrase) -> frozenset[str]:
        """What a description says besides its noun, folded; for one of a state that state's names and adjectives."""
        head = role_of(phrase.head)
        if phrase.actor is not None and phrase.actor.country and not phrase.definite:
            return self._state_words(phrase.actor.country)
        telling = phrase.all - self._words.dropped - self._words.belonging - self._words.place_classes.keys()
        bodies = self._words.described_kinds  # "the organisation's spokesman" points by both of its nouns
        telling = frozenset(w for w in telling if role_of(w) != head and not {w, w[:-1]} & bodies.keys())
        return telling | {w[:-1] for w in telling if w.endswith("s")}

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
        mended = self._mended(name)
        if mended is not None:
            return self._heard_actor(mended, start)
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

    def _mended(self, acronym: str) -> Actor | None:
        """The actor that an acronym with two letters in the wrong order means, if one of four letters or more does."""
        if len(acronym) < 4 or not acronym.isupper() or self._table.lookup(acronym):
            return None
        swapped = {acronym[:i] + acronym[i + 1] + acronym[i] + acronym[i + 2 :] for i in range(1, len(acronym) - 1)}
        found = {candidate.id for name in swapped for candidate in self._table.lookup(name)}
        return self._table.get(found.pop()) if len(found) == 1 else None

    def _short_form(self, scene: Scene, phrase: SourcePhrase, start: int, heard: Sequence[Heard]) -> Heard | None:
        """What "the Coalition" or "the Institute" is short for: named before, or the outlet itself."""
        key = [w for w in phrase.all if w not in self._words.dropped]
        if len(key) == 1 and scene.publisher is not None and key[0] in name_words(scene.publisher):
            return self._outlet(scene, start, "unknown")
        if len(key) != 1 or key[0] not in self._words.organisations:
            return None
        bare = key[0] in self._words.bare_bodies  # of those only a local one is meant, that no table knows
        for one in reversed(heard):
            named = one.kind == "organisation" or (one.kind == "actor" and not bare)
            if named and key[0] in name_words(one.speaker) and one.words != phrase.all:
                return one
        if bare:
            return None
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

    def _description(self, report: _Report, statement: Statement, phrase: SourcePhrase, outer: Heard | None) -> Heard:
        """A speaker without a name: one named elsewhere that the words point to, or "unnamed …"."""
        scene, start = report.scene, position(statement)
        if phrase.all & {"both", "two"} and phrase.head in ("sides", "parties"):
            for actor in scene.two_sides(start)[:1]:
                return self._heard_actor(actor, start)  # of joint speakers the first counts
        found = self._issuer(scene, statement, phrase, report.heard)
        found = found or self._meant(report, statement, phrase, form=self._form(scene, statement, phrase), outer=outer)
        return found or self._unnamed(scene, statement, phrase, report.heard)

    def _form(self, scene: Scene, statement: Statement, phrase: SourcePhrase) -> str:
        """How the description is determined."""
        first = scene.within(statement.source[0])[0].folded if phrase.all else ""
        if first in ("this", "that", "these", "those") or phrase.definite:
            return "the" if first == "the" else "this"
        if phrase.owned:
            return "owned"
        return "indefinite" if first in self._words.dropped else "bare"

    def _unnamed(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard:
        """A speaker whom the text names nowhere: "unnamed …", with the side that the words or the kind tell."""
        start, kind = position(statement), statement.speaker_kind
        side: str | None = None
        owner = phrase.actor or self._short_owner(phrase, heard)
        if owner:
            side = self._sides.of(owner, kind)
        if side is None and kind != "civil_society" and not phrase.all & self._words.stateless:
            side = self._sides.by_kind(scene, kind)
        if side is None and phrase.affiliation and statement.speaker_kind not in (*NOBODY, "media"):
            side = phrase.affiliation
        name = f"unnamed {phrase.words}" if phrase.words else "unnamed source"
        if "our" in phrase.all and kind == "media" and scene.outlet_name is not None:
            name = f"unnamed {scene.outlet_name} {phrase.words}"
            side = self._table.side_of(scene.outlet) if scene.outlet else scene.outlet_name
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

    def _issuer(self, scene: Scene, statement: Statement, phrase: SourcePhrase, heard: Sequence[Heard]) -> Heard | None:
        """Who speaks through a document ("a statement by the ministry"): the one named with it, or the last heard."""
        if phrase.head not in self._words.issued or phrase.head not in self._words.documents:
            return None
        start = position(statement)
        issuer = phrase.actor or self._short_owner(phrase, heard)
        if issuer is not None and issuer.kind != "state":
            return self._heard_actor(issuer, start)
        if phrase.affiliation:
            side = self._sides.by_kind(scene, statement.speaker_kind) or phrase.affiliation
            return Heard(start, "organisation", phrase.affiliation, side, None, phrase.head, False)
        return None

    def _state_words(self, iso3: str) -> frozenset[str]:
        """The name and the adjectives of a state, folded."""
        state = self._table.states.rows[iso3]
        return frozenset(fold(word) for word in (state.name, *state.aliases, *state.adjectives))


def _into(statement: Statement, outer: Statement | None) -> int | None:
    """How many characters into what the statement around it says a statement's source stands."""
    start = position(statement)
    return (
        next((start - span.start for span in outer.content if span.start <= start < span.end), None) if outer else None
    )


def told_by(statements: Sequence[Statement], named: Mapping[str, Heard]) -> tuple[Statement, ...]:
    """The same statements with speakers and sides; of whom nobody is known is an unnamed source's."""
    nobody = Heard(0, "description", "unnamed source", None, None, "source", False)
    return tuple(
        replace(s, speaker=one.speaker, side=one.side) for s in statements for one in (named.get(s.id, nobody),)
    )
