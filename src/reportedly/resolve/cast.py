"""Everyone and everything that a report names which could speak: whom "he", "it" or "the group" may point back to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportedly.resolve.actors import Actor
from reportedly.resolve.name_runs import gap_before
from reportedly.resolve.scene import Heard, Scene, name_words
from reportedly.resolve.words import NameWords
from reportedly.types import Extraction, Mention, Sentence, Span, Spans, Statement

NOUN_PHRASE = 4
"""How many words before a noun for people are looked at for the beginning of its phrase."""

TITLE = 60
"""How many characters of titles may stand before a name."""

MODIFIERS = ("al", "an", "ern", "ed", "ist", "ish", "ian", "less", "ese", "ic", "ing", "ive")
"""Endings of words that stand between a determiner and its noun."""


@dataclass(frozen=True, slots=True)
class Known:
    """One that a report names or describes.

    `kind` is person, actor, body (of a state, by its noun alone), state (named as a country), organisation, publisher
    (of the report) or description; `at` all places where it is named, in text order; `words` the words of its name or
    description with what stands beside it, folded; `titles` those of them that are titles; `heard` how it spoke last,
    and `turn` how many other speakers were heard since (0: none).
    """

    name: str
    kind: str
    at: tuple[int, ...]
    actor: Actor | None = None
    plural: bool = False
    words: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    span: Span | None = None
    heard: Heard | None = None
    turn: int | None = None

    def last(self, before: int) -> int | None:
        """Where it is named last before an offset."""
        found = bisect_right(self.at, before - 1)
        return self.at[found - 1] if found else None


class Cast:
    """Who is named in one report, from its words; who was heard comes in as it is found out."""

    def __init__(self, scene: Scene, words: NameWords, *, statements: Sequence[Statement],
                 sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:  # fmt: skip
        self._words = words
        self._nouns = words.organisations | words.people
        self._scene = scene
        self.starts = tuple(s.span.start for s in sentences) or (0,)
        self.contents = _joined(span for s in statements for span in s.content)
        self.modifying = frozenset(self._before_nouns())
        sources = tuple(sorted(span for s in statements for span in s.source))
        self._named = (*self._persons(), *self._actors(), *self._organisations(), *self._publisher(),
                       *self._described(sources, mentions))  # fmt: skip

    def sentence_of(self, offset: int) -> int:
        """The number of the sentence that holds an offset."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def quoted(self, offset: int) -> bool:
        """Whether an offset lies in what a statement says."""
        at = bisect_right(self.contents, (offset, 1 << 60)) - 1
        return at >= 0 and offset < self.contents[at][1]

    def _before_nouns(self) -> Iterable[int]:
        """Where an actor's name stands before a noun for people: "Civil Defence workers" are not the Civil Defence."""
        tokens = self._scene.tokens
        for match in self._scene.matches:
            people = match.last < len(tokens) and tokens[match.last].folded in self._words.people
            if people and not gap_before(self._scene.text, tokens, match.last):
                yield self._scene.start_of(match)

    def known(self, heard: Sequence[Heard]) -> list[Known]:
        """All that are named in the report, those of `heard` (in the order in which they spoke) with how they spoke."""
        last: dict[str, Heard] = {}
        places: dict[str, list[int]] = {}
        for spoke in heard:
            last.pop(spoke.speaker, None)
            last[spoke.speaker] = spoke
            places.setdefault(spoke.speaker, []).append(spoke.start)
        turns = {name: turn for turn, name in enumerate(reversed(last))}
        found: list[Known] = []
        for one in self._named:
            as_heard = last.pop(one.name, None) if one.kind != "description" else None
            if as_heard is None:
                found.append(one)
                continue
            at = tuple(sorted({*one.at, *(p for p in places[one.name] if not _names(one.at, p))}))
            words = one.words | as_heard.words
            found.append(replace(one, at=at, words=words, heard=as_heard, turn=turns[one.name]))
        for name, spoke in last.items():
            titles = spoke.words & self._words.titles
            one = Known(
                name, spoke.kind, tuple(sorted(set(places[name]))), spoke.actor, spoke.plural, spoke.words, titles
            )
            found.append(replace(one, heard=spoke, turn=turns[name]))
        return found

    def _persons(self) -> Iterable[Known]:
        """Persons with a full name, and where their surname stands alone."""
        scene = self._scene
        groups: dict[str, list[int]] = {}
        titles: dict[str, frozenset[str]] = {}
        around: dict[str, frozenset[str]] = {}
        surnames: dict[str, str] = {}
        for person in scene.persons:
            name = person.name
            groups.setdefault(name, []).append(person.start)
            titles[name] = titles.get(name, frozenset()) | person.titles
            around[name] = around.get(name, frozenset()) | person.around
            surnames[name_words(name)[-1] if name_words(name) else name.lower()] = name
        inside = {start for starts in groups.values() for start in starts}
        for number, token in enumerate(scene.tokens):
            if token.folded in surnames and token.word[0].isupper():
                name = surnames[token.folded]
                if token.start not in inside and not _within_name(scene, number, name):
                    groups[name].append(token.start)
        for name, starts in groups.items():
            words = frozenset(name_words(name)) | around[name]
            yield Known(name, "person", tuple(sorted(starts)), None, False, words, titles[name])

    def _actors(self) -> Iterable[Known]:
        scene = self._scene
        groups: dict[tuple[str, bool], list[int]] = {}
        actors: dict[tuple[str, bool], Actor] = {}
        words: dict[tuple[str, bool], set[str]] = {}
        for match in scene.matches:
            if match.actor.kind == "person":
                continue
            key = (match.actor.id, match.how == "bare body")
            groups.setdefault(key, []).append(scene.start_of(match))
            actors[key] = match.actor
            words.setdefault(key, set()).update(
                t.folded for t in scene.tokens[max(match.first - 3, 0) : match.last + 1]
            )
        for key, starts in groups.items():
            actor = actors[key]
            kind = "state" if actor.kind == "state" else "body" if key[1] else "actor"
            near = frozenset(words[key]) | frozenset(name_words(actor.name))
            yield Known(actor.name, kind, tuple(starts), actor, False, near)

    def _organisations(self) -> Iterable[Known]:
        groups: dict[str, list[int]] = {}
        for start, name in self._scene.organisations:
            groups.setdefault(name, []).append(start)
        for name, starts in groups.items():
            yield Known(name, "organisation", tuple(starts), None, False, frozenset(name_words(name)))

    def _publisher(self) -> Iterable[Known]:
        """Who publishes the report, if it is no news medium."""
        scene = self._scene
        if scene.publisher is not None:
            words = frozenset(name_words(scene.publisher))
            yield Known(scene.publisher, "publisher", (0,), scene.outlet, False, words)

    def _described(self, sources: Spans, mentions: Sequence[Mention]) -> Iterable[Known]:
        """Nouns for people with what stands before them, and parties that hold no name; no source: that is heard."""
        scene, people = self._scene, self._words.people
        spans = [m.span for m in mentions if m.kind == "actor"]
        ends = {span.end for span in spans}
        firsts = set(self.starts)
        for number, token in enumerate(scene.tokens):
            if token.folded not in people or token.end in ends or self._modifies(number):
                continue
            if token.word.islower() or token.start in firsts:
                spans.append(Span(scene.tokens[self._phrase_start(number)].start, token.end))
        starts = [source.start for source in sources]
        for span in sorted(spans):
            at = bisect_right(starts, span.start)
            if any(span.touches(near) for near in sources[max(at - 1, 0) : at + 1]):
                continue
            tokens = scene.within(span)
            noun = tokens[-1].folded if tokens else ""
            named = not tokens or not (tokens[-1].word.islower() or (noun in people and len(tokens) == 1))
            if named or noun in self._words.pronouns:
                continue
            words = frozenset(t.folded for t in tokens)
            plural = noun.endswith("s") or noun in ("people", "men", "women", "police", "children")
            yield Known(span.of(scene.text), "description", (span.start,), None, plural, words,
                        words & self._words.titles, span)  # fmt: skip

    def _modifies(self, number: int) -> bool:
        """Whether word `number` stands before a further noun for people ("police officers") or a name ("Mayor X")."""
        tokens = self._scene.tokens
        after = number + 1
        return (
            after < len(tokens)
            and (tokens[after].folded in self._words.people or tokens[after].word[0].isupper())
            and not gap_before(self._scene.text, tokens, after)
        )

    def _phrase_start(self, number: int) -> int:
        """The first word of the noun phrase whose noun is word `number`."""
        tokens, at = self._scene.tokens, number
        while at > max(0, number - NOUN_PHRASE) and not gap_before(self._scene.text, tokens, at):
            before = tokens[at - 1]
            if before.folded in self._words.dropped and before.folded != "of":
                return at - 1
            plain = before.folded.endswith(MODIFIERS) or before.folded in self._nouns
            if not (before.word[0].isupper() or plain):
                break
            at -= 1
        return at


def cast_of(scene: Scene, words: NameWords, extraction: Extraction) -> Cast:
    """Who is named in a report of which this was extracted."""
    return Cast(
        scene, words, statements=extraction.statements, sentences=extraction.sentences, mentions=extraction.mentions
    )


def _names(at: Sequence[int], source: int) -> bool:
    """Whether a source that begins at an offset holds one of the places: a title may stand before the name."""
    after = bisect_right(at, source - 1)
    return after < len(at) and at[after] - source < TITLE


def _within_name(scene: Scene, number: int, name: str) -> bool:
    """Whether a surname at word `number` is the end of the full name itself."""
    before = scene.tokens[number - 1].folded if number else ""
    return before in name_words(name)


def _joined(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """The stretches of text that the spans cover together, in text order."""
    found: list[tuple[int, int]] = []
    for span in sorted(spans):
        if found and span.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    return tuple(found)
