"""Who a statement's source is, and for whom they speak. See docs/how-it-decides/speakers.md.

The statements are gone through in text order; each speaker is remembered, so that a surname, a pronoun or "the official"
finds the speaker that it means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.resolve.actors import Actor, ActorTable, Match, Token, tokens_of
from reportedly.resolve.speaker_phrase import SourcePhrase, name_runs, read_source
from reportedly.resolve.words import NameWords
from reportedly.types import Report, Statement


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker that the report has named or described before: at `start`, as what kind, by which head noun."""

    start: int
    kind: str
    speaker: str
    side: str | None
    actor: Actor | None
    head: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What one report offers: its words, the actors named in them, the persons' full names with where they first stand."""

    text: str
    tokens: tuple[Token, ...]
    matches: tuple[Match, ...]
    persons: tuple[tuple[int, str], ...]
    focus: str | None
    published: date | None
    outlet: Actor | None


class SpeakerResolver:
    """Names the speakers of one report after another. Holds no state of any report."""

    def __init__(self, table: ActorTable, words: NameWords) -> None:
        self._table = table
        self._words = words

    def scene(self, report: Report, *, focus: str | None) -> Scene:
        """The report's words looked through once, for `resolve` and for the actors."""
        tokens = tokens_of(report.text)
        matches = tuple(self._table.matches(tokens, focus=None, published=report.published))
        outlet = None
        if report.outlet:
            found = self._table.matches(tokens_of(report.outlet), published=None)
            outlet = found[0].actor if found else None
        return Scene(
            report.text, tokens, matches, self._persons(report.text, tokens, matches), focus, report.published, outlet
        )

    def _persons(self, text: str, tokens: Sequence[Token], matches: Sequence[Match]) -> tuple[tuple[int, str], ...]:
        """Names of two to four words that may be a person's, in text order."""
        found = []
        for run in name_runs(text, tokens, matches, self._words):
            if 2 <= run.last - run.first <= 4 and tokens[run.last - 1].folded not in self._words.organisations:
                name = re.sub(r"['’]s?$", "", " ".join(t.word for t in tokens[run.first : run.last]))
                found.append((tokens[run.first].start, name))
        return tuple(found)

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
            return None
        start = statement.source[0].start
        phrase = read_source(
            scene.text,
            statement.source[0],
            table=self._table,
            words=self._words,
            focus=scene.focus,
            published=scene.published,
        )
        if phrase.kind == "pronoun":
            outer = named.get(statement.inside or "")
            earlier = self._pronoun(scene, phrase, start, heard, outer)
            return replace(earlier, start=start) if earlier else None
        if phrase.kind == "person":
            return self._person(scene, statement, phrase, start, heard)
        if phrase.kind in ("actor", "organisation"):
            return self._organisation(scene, phrase, start, heard)
        return self._description(scene, statement, phrase, start, heard)

    def _pronoun(
        self, scene: Scene, phrase: SourcePhrase, start: int, heard: Sequence[Heard], outer: Heard | None
    ) -> Heard | None:
        """The nearest earlier speaker that the pronoun fits; else the nearest person or organisation in the text."""
        if phrase.head in ("we", "i"):
            return outer or (heard[-1] if heard else None) or self._outlet(scene, start)
        for one in reversed(heard):
            if _agrees(phrase.head, one):
                return one
        if phrase.head in ("he", "she", "who"):
            before = [(at, name) for at, name in scene.persons if at < start]
            if before:
                at, name = before[-1]
                return Heard(at, "person", name, self._side_near(scene, name), None, "person", False)
        if phrase.head in ("it", "they"):
            for match in reversed(scene.matches):
                if scene.tokens[match.first].start < start and match.actor.kind not in ("person", "state"):
                    return self._heard_actor(match.actor, start)
        return None

    def _outlet(self, scene: Scene, start: int) -> Heard | None:
        return self._heard_actor(scene.outlet, start) if scene.outlet else None

    def _person(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, start: int, heard: Sequence[Heard]
    ) -> Heard:
        name = self._full_name(scene, phrase.name or "", heard)
        side = None
        if phrase.actor is not None:
            side = self._side(phrase.actor, statement.speaker_kind)
        for one in heard:
            if one.kind == "person" and one.speaker == name and side is None:
                side = one.side
        if side is None:
            known = next((a for a in self._known(name, scene) if a.kind == "person"), None)
            side = self._table.side_of(known) if known else None
        if side is None:
            side = self._side_near(scene, name) or self._side_by_kind(scene, statement.speaker_kind)
        return Heard(start, "person", name, side, phrase.actor, "person", False)

    def _known(self, name: str, scene: Scene) -> list[Actor]:
        tokens = tokens_of(name)
        return [
            m.actor for m in self._table.matches(tokens, published=scene.published) if m.last - m.first == len(tokens)
        ]

    def _full_name(self, scene: Scene, name: str, heard: Sequence[Heard]) -> str:
        """The full name that a surname stands for: an earlier speaker's, one in the text, or a public figure's."""
        key = _surname(name)
        for one in reversed(heard):
            if one.kind == "person" and one.speaker != name and _ends_with(one.speaker, key):
                return one.speaker
        if " " not in name or _surname(name) != name.lower().split()[-1]:
            for _, full in scene.persons:
                if full != name and len(full) > len(name) and _ends_with(full, key):
                    known = self._known(full, scene)
                    return known[0].name if known else full
        known = [a for a in self._known(name, scene) if a.kind == "person"]
        return known[0].name if known else name

    def _side_near(self, scene: Scene, name: str) -> str | None:
        """The organisation named beside the first mention of `name`, before it as a title or behind it as an apposition."""
        at = scene.text.find(name)
        if at < 0:
            return None
        best: tuple[int, Actor] | None = None
        for match in scene.matches:
            start, end = scene.tokens[match.first].start, scene.tokens[match.last - 1].end
            gap = at - end if end <= at else start - (at + len(name))
            between = scene.text[min(end, at) : max(start, at + len(name))]
            if match.actor.kind == "person" or not 0 <= gap <= 45 or re.search(r"[.;\n]\s", between):
                continue
            if best is None or gap < best[0]:
                best = (gap, match.actor)
        return self._table.side_of(best[1]) if best else None

    def _organisation(self, scene: Scene, phrase: SourcePhrase, start: int, heard: Sequence[Heard]) -> Heard:
        if phrase.kind == "actor" and phrase.actor is not None:
            return self._heard_actor(phrase.actor, start)
        name = phrase.name or ""
        state = self._table.states.by_metonym.get(name.lower())
        if state:
            return self._heard_actor(self._government(state), start)
        side = self._table.side_of(phrase.actor) if phrase.actor else name
        return Heard(start, "organisation", name, side, phrase.actor, phrase.head, phrase.plural)

    def _heard_actor(self, actor: Actor, start: int) -> Heard:
        side = self._table.side_of(actor)
        if actor.kind == "state":
            actor = self._government(actor.country or "")
        return Heard(start, "actor", actor.name, side, actor, actor.name.lower().split()[-1], False)

    def _government(self, iso3: str) -> Actor:
        return self._table.get(f"gov:{iso3}") or Actor(f"gov:{iso3}", iso3, "government", iso3)

    def _description(
        self, scene: Scene, statement: Statement, phrase: SourcePhrase, start: int, heard: Sequence[Heard]
    ) -> Heard:
        kinds = self._words.described_kinds.get(" ".join(phrase.words.split()[-2:])) or self._words.described_kinds.get(
            phrase.head
        )
        if kinds and phrase.head not in self._words.people:
            found = self._described(scene, kinds, start, heard)
            if found:
                return replace(found, start=start)
        if phrase.definite and not phrase.actor and not phrase.affiliation:
            for one in reversed(heard):
                if one.head == phrase.head or one.head.rstrip("s") == phrase.head.rstrip("s"):
                    return replace(one, start=start)
        side = None
        if phrase.actor:
            side = self._side(phrase.actor, statement.speaker_kind)
        elif phrase.affiliation:
            side = self._side_by_kind(scene, statement.speaker_kind) or phrase.affiliation
        else:
            side = self._side_by_kind(scene, statement.speaker_kind)
        return Heard(start, "description", f"unnamed {phrase.words}", side, phrase.actor, phrase.head, phrase.plural)

    def _described(self, scene: Scene, kinds: Sequence[str], start: int, heard: Sequence[Heard]) -> Heard | None:
        for one in reversed(heard):
            if one.kind in ("actor", "organisation") and one.actor and one.actor.kind in kinds:
                return one
        named = [m for m in scene.matches if m.actor.kind in kinds]
        before = [m for m in named if scene.tokens[m.first].start < start]
        for match in (*reversed(before), *named):
            return self._heard_actor(match.actor, start)
        return None

    def _side(self, actor: Actor, kind: str) -> str | None:
        """For whom someone of `kind` speaks who is named with `actor`: of a state, its army for the military."""
        if kind in ("witness", "expert") and actor.kind in ("state", "government", "military"):
            return None
        if actor.kind == "state" and kind == "military" and actor.country:
            army = self._table.get(f"army:{actor.country}")
            return army.name if army else actor.name
        return self._table.side_of(actor)

    def _side_by_kind(self, scene: Scene, kind: str) -> str | None:
        """With nobody named: officials and police speak for the state that the report is about, soldiers for its army."""
        if scene.focus is None or kind not in ("government", "police", "military"):
            return None
        if kind == "military":
            army = self._table.get(f"army:{scene.focus}")
            return army.name if army else None
        return self._table.states.rows[scene.focus].name


def _position(statement: Statement) -> int:
    spans = statement.source or statement.content or statement.cue
    return spans[0].start if spans else 0


def _agrees(pronoun: str, one: Heard) -> bool:
    person = one.kind == "person" or (one.kind == "description" and not one.plural)
    if pronoun in ("he", "she", "who"):
        return person
    if pronoun == "it":
        return one.kind in ("actor", "organisation")
    return one.plural or one.kind in ("actor", "organisation")


_PARTICLE = re.compile(r"^(?:al|el|abdel|abdul|abd|abu|ben|bin|de|van|von|della)[\s-]", re.IGNORECASE)


def _surname(name: str) -> str:
    """The part by which a person is named again, in small letters: the last word, with the particle before it."""
    return name.lower().replace("-", " ").strip()


def _ends_with(full: str, key: str) -> bool:
    """Whether the full name ends in the words of `key`, articles aside; or begins with them, where names go so."""
    words = [w for w in full.lower().replace("-", " ").split() if w not in ("al", "el")]
    parts = [w for w in key.split() if w not in ("al", "el")]
    if not parts or len(parts) >= len(words):
        return False
    return words[-len(parts) :] == parts or words[: len(parts)] == parts
