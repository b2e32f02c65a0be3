"""Which words of a report are place names, whether or not an event uses them. See docs/how-it-decides/places.md.

Runs of capitalised words are cut into the longest names that the authorities know; each is judged by a sum of named
features of its words, of what stands beside it, and of what the other mentions of the same name have beside them.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from reportedly.resolve.actors import Token
from reportedly.resolve.authority import Known
from reportedly.resolve.gazetteer import place_key
from reportedly.resolve.scene import Scene
from reportedly.resolve.states import States
from reportedly.resolve.words import NameWords
from reportedly.types import Span

LONGEST = 4
"""Most words of a name that is looked up."""

WEIGHTS: Mapping[str, float] = MappingProxyType({
    "always": 1.0, "place": -3.8, "state": 2.9, "adjective": 1.6, "people": -0.6, "region": 0.9, "site": -0.4,
    "size": 2.8, "main": 0.8, "capital": 1.4, "unit": 1.0, "long": 1.2, "at home": 0.3,
    "in": 0.7, "of": 0.2, "listed": 2.2, "class": 0.2, "elsewhere": 1.2, "mention": 2.6, "in a mention": 0.7,
    "organisation": 0.7, "starts": -0.3, "run before": -1.1, "run after": -0.3, "small": -0.2, "letters": -0.4,
    "common": -2.2, "given": -2.7, "person": -1.5, "titled": -0.7, "actor": -1.5, "figure": -0.2,
})  # fmt: skip
"""What each feature weighs: fitted on two corpora, then rounded (see the doc page)."""

CUES = ("in", "listed", "class", "mention")
"""Features of one mention that speak for the name wherever else it stands."""

MOST_KEPT = 50_000
"""How many names what the gazetteer knows of them is kept for."""

LEAST = -0.3
"""The least sum of a place name."""

_ARABIC = re.compile(r"^(?:al|el|ash|ad|ar|as|es|ez|az|an|at)[-–‑]\w", re.IGNORECASE)
_ARTICLES = frozenset(("the", "a", "an"))
_POSSESSIVE = re.compile(r"['’]s?$")
_COMPOUND = re.compile(r"(?<=[\w.])-[a-z]+$")
_JOINS = re.compile(r"[ \u00a0]|\n(?!\n)|-|/")
_ENDS = re.compile(r"[.!?:;\n\"“”•]")


@dataclass(frozen=True, slots=True)
class Name:
    """A possible place name: tokens `first` to `last` (exclusive), its place key, and what is known under it.

    `kind` is adjective, state, people, region, site ("Kalima Street") or place.
    """

    first: int
    last: int
    span: Span
    key: str
    kind: str
    known: Known | None


class ToponymFinder:
    """Finds place names. Holds no state of any report but what the gazetteer knows of common names."""

    def __init__(self, known: Callable[[Iterable[str]], Mapping[str, Known]], states: States, words: NameWords) -> None:
        self._ask = known
        self._opening = words.never_first | _ARTICLES
        self._cache: dict[str, Known | None] = {}
        self._key = lru_cache(maxsize=MOST_KEPT)(place_key)
        self._words = words
        self._kinds: dict[str, str] = {place_key(name): "region" for name in words.regions}
        self._kinds.update((place_key(name), "adjective") for name in states.by_adjective)
        for row in states.rows.values():
            people = {place_key(name) for name in row.people} - {place_key(name) for name in row.adjectives}
            self._kinds.update((key, "people") for key in people)
        self._kinds.update((place_key(name), "state") for name in states.by_name)

    def find(self, scene: Scene, mentions: Sequence[Span], countries: Collection[str]) -> list[Span]:
        """The place names of a report, in text order; `mentions` are the model's places, `countries` the states (iso3)
        that the report names."""
        return [name.span for name, score in self.judge(scene, mentions, countries) if score >= LEAST]

    def judge(self, scene: Scene, mentions: Sequence[Span], countries: Collection[str]) -> list[tuple[Name, float]]:
        """Every possible name with its score."""
        return [
            (name, sum(WEIGHTS.get(feature, 0.0) * value for feature, value in features.items()))
            for name, features in self.features(scene, mentions, countries)
        ]

    def features(
        self, scene: Scene, mentions: Sequence[Span], countries: Collection[str]
    ) -> list[tuple[Name, dict[str, float]]]:
        """Every possible name with what speaks for and against it."""
        names, home = self._names(scene), frozenset(countries)
        surroundings = Surroundings(scene, names, mentions, self._words)
        found = [(name, {**self._own(name, home), **surroundings.beside(name)}) for name in names]
        shown: Counter[str] = Counter()
        for name, features in found:
            shown[name.key] += any(features.get(cue) for cue in CUES)
        for name, features in found:
            features["elsewhere"] = float(shown[name.key] > any(features.get(cue) for cue in CUES))
        return found

    def _own(self, name: Name, countries: frozenset[str]) -> dict[str, float]:
        """kind · size: people as a logarithm · capital · unit: a seat or a region · main: by its main name · long: of
        two words or more · at home: in a country that the report names · common: an English word."""
        features = {
            "always": 1.0,
            name.kind: 1.0,
            "common": float(name.key in self._words.common and name.kind != "state"),
        }
        if name.kind in ("place", "site"):
            features["long"] = float(" " in name.key or "-" in name.key)
        if name.known is not None and name.kind == "place":
            known = name.known
            features["size"] = math.log10(known.population + 1) / 8
            features["main"] = float(known.main)
            features["capital"] = float("PPLC" in known.codes)
            features["unit"] = float(bool(known.codes & {"ADM1", "PPLA", "CONT", "AREA", "RGN"}))
            features["at home"] = float(bool(known.countries & countries))
        return features

    def _names(self, scene: Scene) -> list[Name]:
        """The longest known names, left to right, and sites."""
        tokens = scene.tokens
        capitals = [at for at, token in enumerate(tokens) if _capital(token)]
        sites = self._sites(scene, capitals)
        spans = {first: self._spans(scene, first) for first in capitals}
        known = self._known(key for keys in spans.values() for _, key in keys)
        found: list[Name] = []
        end = 0
        for first in capitals:
            if first < end:
                continue
            name = sites.get(first) or self._name(scene, first, spans[first], known)
            if name is not None:
                found.append(name)
                end = name.last
        return found

    def _spans(self, scene: Scene, first: int) -> list[tuple[int, str]]:
        """The ends and place keys of the names that may begin at token `first`, longest last."""
        tokens = scene.tokens
        token = tokens[first]
        if token.folded in _ARTICLES or (token.folded in self._words.never_first and _lone(tokens, first)):
            return []
        found = []
        for last in range(first + 1, min(first + LONGEST, len(tokens)) + 1):
            if last > first + 1 and not self._goes_on(scene, last - 1):
                break
            if last == first + 1 and token.folded in self._words.small and not token.word.isupper():
                continue
            if _capital(tokens[last - 1]):
                key = self._key(_bare(scene.text[token.start : tokens[last - 1].end]))
                if len(key) > 1:
                    found.append((last, key))
        return found

    def _name(self, scene: Scene, at: int, spans: Sequence[tuple[int, str]], known: Mapping[str, Known]) -> Name | None:
        for last, key in reversed(spans):
            kind = self._kinds.get(key) or ("place" if key in known else "")
            if kind:
                return Name(at, last, _span(scene, at, last), key, kind, known.get(key))
        return None

    def _sites(self, scene: Scene, capitals: Sequence[int]) -> dict[int, Name]:
        """Runs of two to five capitalised words that end in "Street", "River", "Hospital" …, by their first token."""
        tokens = scene.tokens
        found: dict[int, Name] = {}
        for at in capitals:
            if tokens[at].folded not in self._words.sites:
                continue
            first = at
            while first and at - first < 4 and self._goes_on(scene, first):
                if tokens[first - 1].folded in self._opening:
                    break
                first -= 1
            while first < at and not _capital(tokens[first]):
                first += 1
            if first < at:
                span = _span(scene, first, at + 1)
                found[first] = Name(first, at + 1, span, self._key(span.of(scene.text)), "site", None)
        return found

    def _known(self, keys: Iterable[str]) -> dict[str, Known]:
        asked = dict.fromkeys(keys)
        new = [key for key in asked if key not in self._cache]
        if len(self._cache) > MOST_KEPT:
            self._cache.clear()
            new = list(asked)
        if new:
            found = self._ask(new)
            self._cache.update((key, found.get(key)) for key in new)
        return {key: known for key in asked if (known := self._cache[key]) is not None}

    def _goes_on(self, scene: Scene, at: int) -> bool:
        """Whether token `at` may be one name with the one before it."""
        before, token = scene.tokens[at - 1], scene.tokens[at]
        gap = scene.text[before.end : token.start]
        if not _JOINS.fullmatch(gap) or _POSSESSIVE.search(before.word):
            return False
        if before.word.endswith(".") and len(before.word) > 4:
            return False
        return _capital(token) or token.folded in self._words.particles or token.folded in ("of", "and", "the")


class Surroundings:
    """What stands beside the possible names of one report."""

    def __init__(self, scene: Scene, names: Sequence[Name], mentions: Sequence[Span], words: NameWords) -> None:
        self._scene = scene
        self._words = words
        self._mentions = sorted(mentions)
        self._firsts = {name.first: name for name in names}
        self._lasts = {name.last: name for name in names}
        self._people = {t for p in scene.persons for t in place_key(p.name).split()}
        self._person_at = {p.start for p in scene.persons}
        self._taken = {
            at: match.actor.kind for match in scene.matches if match.actor.kind != "state"
            for at in range(match.first, match.last)
        }  # fmt: skip
        self._small = {t.word for t in scene.tokens if t.word.islower()}

    def beside(self, name: Name) -> dict[str, float]:
        """in: a preposition of place stands before · listed: ", Country" behind, or before · class: "city", "province"
        … beside · said: a mention of the model · starts: first of its sentence · run: capitalised words beside ·
        person, titled, actor: part of such a name · small: the text has the word in small letters · letters: capitals
        only."""
        scene, tokens = self._scene, self._scene.tokens
        before = tokens[name.first - 1] if name.first else None
        after = tokens[name.last] if name.last < len(tokens) else None
        gap = scene.text[before.end : tokens[name.first].start] if before else "\n"
        gap_after = scene.text[tokens[name.last - 1].end : after.start] if after else "\n"
        starts = before is None or bool(_ENDS.search(gap)) or (before.word.endswith(".") and len(before.word) > 4)
        joined = before is not None and gap == " " and not starts
        parts = set(name.key.split())
        word = before.folded if joined and before else ""
        if word == "the" and name.first > 1:
            word = tokens[name.first - 2].folded
        features = {
            "in": joined and word in self._words.before_places,
            "of": joined and word == "of",
            "listed": self._listed(name, gap, gap_after),
            "class": self._classed(name, gap, gap_after),
            "mention": self._mentioned(name.span) == 2,
            "in a mention": self._mentioned(name.span) == 1,
            "starts": starts and name.last == name.first + 1,
            "run before": joined and before is not None and _capital(before) and not self._opens(name.first - 1),
            "run after": after is not None and gap_after == " " and _capital(after)
            and not _POSSESSIVE.search(tokens[name.last - 1].word),
            "person": bool(parts & self._people) and name.kind in ("place", "site"),
            "titled": joined and before is not None and before.folded in self._words.titles,
            "actor": any(self._taken.get(at) not in (None, "person") for at in range(name.first, name.last)),
            "figure": any(self._taken.get(at) == "person" for at in range(name.first, name.last)),
            "small": len(parts) == 1 and name.key in self._small and name.kind != "state",
            "letters": len(parts) == 1 and name.kind == "place" and name.span.of(scene.text).isupper(),
            "organisation": after is not None and gap_after == " " and after.folded in self._words.organisations,
            "given": bool(parts & (self._words.male | self._words.female)) and name.kind == "place",
        }  # fmt: skip
        return {feature: float(value) for feature, value in features.items()}

    def _opens(self, at: int) -> bool:
        """Whether token `at` is the first word of its sentence, and no name."""
        tokens = self._scene.tokens
        first = at == 0 or bool(_ENDS.search(self._scene.text[tokens[at - 1].end : tokens[at].start]))
        first = first or tokens[at - 1].word.endswith(".")
        word = tokens[at].folded
        return first and (word in _ARTICLES or word in self._small or word in self._words.common)

    def _listed(self, name: Name, gap: str, gap_after: str) -> bool:
        behind, ahead = self._firsts.get(name.last), self._lasts.get(name.first)
        return bool(behind and gap_after == ", " and _outer(behind)) or bool(ahead and gap == ", " and _outer(name))

    def _classed(self, name: Name, gap: str, gap_after: str) -> bool:
        tokens = self._scene.tokens
        classes = self._words.place_classes
        if name.last < len(tokens) and gap_after == " " and tokens[name.last].folded in classes:
            return True
        if name.first < 2 or gap != " ":
            return False
        before = tokens[name.first - 1].folded
        return before in classes or (before == "of" and tokens[name.first - 2].folded in classes)

    def _mentioned(self, span: Span) -> int:
        """2 where a mention of the model is about this span, 1 where it is part of a longer one, else 0."""
        at = bisect_left(self._mentions, span)
        best = 0
        for mention in self._mentions[max(0, at - 2) : at + 2]:
            if mention.touches(span):
                best = max(best, 2 if 2 * (span.end - span.start) >= mention.end - mention.start else 1)
        return best


def _outer(name: Name) -> bool:
    """Whether this may be what another place lies in: a state, or a first-level unit."""
    return name.kind == "state" or (name.known is not None and bool(name.known.codes & {"ADM1", "PCLI"}))


def _span(scene: Scene, first: int, last: int) -> Span:
    start = scene.tokens[first].start
    return Span(start, start + len(_bare(scene.text[start : scene.tokens[last - 1].end])))


def _lone(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 >= len(tokens) or not _capital(tokens[at + 1])


def _capital(token: Token) -> bool:
    word = token.word
    return word[0].isupper() or ("-" in word and bool(_ARABIC.match(word)))


def _bare(name: str) -> str:
    """A name without a possessive ending, "-led" or "-based", or the full stop of its sentence."""
    if not name.isalpha():
        name = _COMPOUND.sub("", _POSSESSIVE.sub("", name))
    return name[:-1] if name.endswith(".") and "." not in name[:-1] and len(name.split()[-1]) > 3 else name
