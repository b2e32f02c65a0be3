"""Tolls in words as numbers: "at least nine people" is 9 or more, "dozens" 24 to 99.

The words are in `data/languages/en.toml`; what each does is the table of the annotation guide (see
docs/how-it-decides/figures.md). Nothing here looks outside the words given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from reportedly.extract.numbers import NumberReader
from reportedly.language import Language, load_language

Range = tuple[int, int | None]
"""Low and high, both included; `None` for an open range."""

_LIMIT = 400
"""Code points of a mention that are read: longer ones are mistakes of the finder, not tolls."""
_JOINED = re.compile(r"(?<=\d)(?:,\s?|[\u202f\u00a0\u2009])(?=\d{3}(?!\d))")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[-–—%(),]")
_HALVES = re.compile(r"\b(\d+)[-\s]1/2\b")
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b")
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number or vague word at tokens `start:end`."""

    start: int
    end: int
    low: int
    high: int | None
    exact: bool = True


def read_figure(words: str) -> Range | None:
    """What a mention counts, as `(low, high)` with `high` `None` where it is open; `None` where it counts nothing.

    "at least 12 people" (12, None) · "between 10 and 12" (10, 12) · "dozens" (24, 99) · "a woman and two children"
    (3, 3) · "civilians" (2, None) · "no civilians" and "40 per cent" `None`. Time is linear in the length of `words`.
    """
    return _reader("en").read(words)


def is_counted(word: str) -> bool:
    """Whether a lower-case word counts those that follow: a number, "a", "several", "both"."""
    return _reader("en").counts(word)


@cache
def _reader(code: str) -> _FigureReader:
    return _FigureReader(load_language(code))


def _phrases(bounds: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Each bound's words with its name, the longest first."""
    pairs = [(tuple(phrase.split()), name) for name in names for phrase in bounds[name]]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _age_pattern(words: Mapping[str, tuple[str, ...]], a: tuple[str, ...], numbers: Iterable[str]) -> re.Pattern[str]:
    units, old, aged = ("|".join(words[name]) for name in ("age_units", "old", "ages"))
    dash = r"\s*[-–—]?\s*"
    number = rf"(?:\d+|{'|'.join(numbers)})"
    whose = "|".join([*a, *words["owners"]])
    return re.compile(
        rf"\b(?:(?:{whose})\s+)?{number}{dash}(?:{units}){dash}(?:{old})\b|\b(?:{aged})\s+\d+(?:\s+(?:and|to)\s+\d+)?"
    )


class _FigureReader:
    """Reads figures with the words of one language; made once."""

    def __init__(self, language: Language) -> None:
        words = language.figure_words
        self.numbers = NumberReader(language)
        self.multipliers = language.multipliers
        self.fractions = language.fractions
        self.ones = language.numbers
        self.none = frozenset(language.bounds["none"])
        self.one = frozenset(words["one"])
        self.owners = frozenset(words["owners"])
        self.plural = frozenset(words["plural"])
        self.singular = frozenset(words["singular"])
        self.stops = frozenset(words["stops"])
        self.before = _phrases(language.bounds, ("at_least", "more_than", "up_to", "fewer_than", "about"))
        self.after = _phrases(language.bounds, ("at_least_after", "at_most_after"))
        self.not_vague_after = frozenset(words["not_vague_after"])
        self.per_cent = {tuple(phrase.split()) for phrase in words["per_cent"]}
        self.groups = frozenset(words["groups"])
        self.list_phrases = words["list_phrases"]
        self.age = _age_pattern(words, language.time_words["a"], language.numbers)
        self.between = frozenset(language.bounds["between"])
        self.vague = {tuple(phrase.split()): value for phrase, value in language.vague.items()}
        self.ranges = frozenset(language.bounds["range"]) | {"-", "–", "—"}
        self.join = frozenset(words["joins"]) | {","}
        self.parts = frozenset(words["parts"])
        self.units = frozenset(words["units_named"])
        self.the = frozenset(language.time_words["the"])
        self.of = frozenset(language.time_words["of"])

    def read(self, words: str) -> Range | None:
        tokens = self._tokens(words)
        if self.parts.intersection(tokens):
            tokens = tokens[: next(at for at, token in enumerate(tokens) if token in self.parts)]
        if not tokens or (tokens[0] in self.none and self._bound_before(tokens, 3) is None):
            return None
        numbers = self._find(tokens)
        shares = [at for at in range(len(tokens)) if self._fraction_at(tokens, at)]
        if any(not any(n.start <= at < n.end for n in numbers) for at in shares):
            return None  # "a third of the dead"
        if not numbers:
            return self._without_number(tokens)
        first = numbers[0]
        if any(tuple(tokens[first.end : first.end + len(phrase)]) == phrase for phrase in self.per_cent):
            if len(numbers) != 2 or not (first.exact and numbers[1].exact):
                return None  # "40 per cent of the houses"
            share = first.low * numbers[1].low // 100
            return share, share
        if self._is_aside(tokens, first):
            return self._without_number(tokens[: first.start - 1])
        if len(numbers) > 1 and self._is_range(tokens, first, numbers[1]):
            return first.low, numbers[1].high
        low, high = self._bounded(tokens, first)
        more = self._listed(tokens, numbers)
        return low + more, high if high is None else high + more

    def counts(self, word: str) -> bool:
        """Whether a word is a number, an article or a vague word."""
        return (
            word[0].isdecimal()
            or word in self.one
            or (word,) in self.vague
            or word in self.numbers.words
            or word.split("-")[0] in self.numbers.words
        )

    def _tokens(self, words: str) -> list[str]:
        """The words, numbers and marks; brackets left out, numbers joined, an age turned into its one person."""
        text = _BRACKETED.sub(" ", words[:_LIMIT].lower())
        if "1/2" in text:
            text = _HALVES.sub(r"\1.5", text)
        text = self.age.sub(" one ", _JOINED.sub("", _ORDINAL.sub(" ", text)))
        for phrase in self.list_phrases:
            text = text.replace(phrase, "and")
        return _TOKEN.findall(text)

    def _is_aside(self, tokens: list[str], number: _Number) -> bool:
        """Whether a number says more of one person: "a girl of six", "a Brigade 55 commander"."""
        before = tokens[1 : number.start]
        if tokens[0] in self.one and before and before[-1] in self.units and number.exact:
            return True
        if tokens[0] not in self.one or number.start < 3 or self.groups.intersection(before):
            return False  # "a family of seven"
        if self.join.intersection(before) or self._bound_before(tokens, number.start) not in {None, "about"}:
            return False
        return bool(self.stops.intersection(before))

    def _find(self, tokens: list[str]) -> list[_Number]:
        """Every number and vague word, in order, none touching another."""
        found: list[_Number] = []
        at = 0
        while at < len(tokens):
            number = self._vague_at(tokens, at) or self._exact_at(tokens, at)
            if number is not None:
                found.append(number)
            at = at + 1 if number is None else number.end
        return found

    def _vague_at(self, tokens: list[str], at: int) -> _Number | None:
        for length in (3, 2, 1):
            value = self.vague.get(tuple(tokens[at : at + length]))
            if value is None or at + length > len(tokens) or (at and tokens[at - 1] in self.not_vague_after):
                continue
            end = at + length
            low, high = value
            unit = tokens[end] if end < len(tokens) else ""
            if unit in self.multipliers and high is not None:  # "several dozen", "a few hundred"
                scale = self.multipliers[unit]
                return _Number(at, end + 1, low * scale, 99 if scale == 12 else high * scale, exact=False)
            counted = tokens[end + 1].removesuffix("s") if unit in self.of and end + 1 < len(tokens) else ""
            if counted in self.multipliers and low > 9 and tokens[end + 1].endswith("s"):  # "tens of thousands"
                base, scale = 10 ** (len(str(low)) - 1), self.multipliers[counted]
                return _Number(at, end + 2, 2 * base * scale, 10 * base * scale - 1, exact=False)
            return _Number(at, end, low, high, exact=False)
        return None

    def _exact_at(self, tokens: list[str], at: int) -> _Number | None:
        share = self._share_at(tokens, at)
        read = None if share else self.numbers.read(tokens, at)
        if read is None:
            return share
        value, end = read
        return _Number(at, end, int(value), int(value))

    def _share_at(self, tokens: list[str], at: int) -> _Number | None:
        """A fraction of a number that follows: "half of the population of about 23 million", "two thirds of the 90"."""
        share = self._fraction_at(tokens, at)
        if share is None:
            return None
        part, of = share
        for step in range(of + 1, len(tokens)):
            base = self.numbers.read(tokens, step)
            if base is not None:
                value = int(base[0] * part)
                return _Number(at, len(tokens), value, value)
        return None

    def _fraction_at(self, tokens: list[str], at: int) -> tuple[Fraction, int] | None:
        """The fraction that starts at a token, and where the "of" behind it stands."""
        times, step = self.ones.get(tokens[at], 0), at
        if 0 < times < 10:
            step = at + 2 if tokens[at + 1 : at + 2] == ["-"] else at + 1
        if (
            step >= len(tokens)
            or tokens[step] not in self.fractions
            or not self.of.intersection(tokens[step + 1 : step + 2])
        ):
            return None
        return max(times, 1) * Fraction(*self.fractions[tokens[step]]), step + 1

    def _is_range(self, tokens: list[str], first: _Number, second: _Number) -> bool:
        link = tokens[first.end : second.start]
        if len(link) != 1 or link[0] not in self.ranges or second.low <= first.low:
            return False
        return link[0] not in self.join or (first.start > 0 and tokens[first.start - 1] in self.between)

    def _bounded(self, tokens: list[str], number: _Number) -> Range:
        """The number with the bound words around it, as in the guide's table."""
        bound = self._bound_before(tokens, number.start) or self._bound_after(tokens, number.end)
        low, high = number.low, number.high
        if bound in {"at_least", "at_least_after"}:
            return low, None
        if bound == "more_than":
            return low + 1, None
        if bound in {"up_to", "at_most_after"}:
            return 0, high
        if bound == "fewer_than":
            return 0, None if high is None else max(high - 1, 0)
        return low, high

    def _bound_before(self, tokens: list[str], start: int) -> str | None:
        """The nearest bound before the number; "about" weighs least ("at least some 40")."""
        found = None
        for end in range(start, max(start - 5, 0), -1):
            for phrase, name in self.before:
                if end >= len(phrase) and tuple(tokens[end - len(phrase) : end]) == phrase:
                    if name != "about":
                        return name
                    found = name
        return found

    def _bound_after(self, tokens: list[str], end: int) -> str | None:
        for at in range(end, min(end + 4, len(tokens))):
            for phrase, name in self.after:
                if tuple(tokens[at : at + len(phrase)]) == phrase:
                    return name
        return None

    def _listed(self, tokens: list[str], numbers: list[_Number]) -> int:
        """What a list adds to its first number: "12 men and two women", "a woman and her three children"."""
        more = 0
        starts = {number.start: number for number in numbers[1:]}
        for at in range(len(tokens) - 1):
            if at < numbers[0].start:
                counts = at == 0 and tokens[0] in self.one and bool(self.join & set(tokens[1 : numbers[0].start]))
                more += counts
            elif at >= numbers[0].end and tokens[at] in self.join:
                following = starts.get(at + 1) or (starts.get(at + 2) if tokens[at + 1] in self.owners else None)
                if following is not None:
                    part = tokens[following.end : following.end + 1]
                    of_them = tokens[at] == "," and self.of.intersection(part)  # "20 people, three of them children"
                    more += following.low if following.exact and not of_them else 0
                else:
                    more += tokens[at + 1] in self.one or self._owned_one(tokens, at + 1)
        return more

    def _owned_one(self, tokens: list[str], at: int) -> bool:
        """Whether "his mother" stands at `at`: one person more."""
        return (
            tokens[at] in self.owners
            and tokens[at] not in self.the
            and at + 1 < len(tokens)
            and not self._is_plural(tokens[at + 1])
        )

    def _without_number(self, tokens: list[str]) -> Range:
        """Figures told by grammar alone: "a boy", "his wife and son", "civilians"."""
        total, plural = 0, False
        for phrase in self._split(tokens):
            head = self._head(phrase)
            if self._is_plural(head) and phrase[0] not in self.one:
                plural = True
            total += 1
        return (2, None) if plural else (total, total)

    def _split(self, tokens: list[str]) -> list[list[str]]:
        """The coordinated parts of a mention, cut at its first preposition or relative pronoun."""
        phrases: list[list[str]] = [[]]
        for token in tokens:
            if token in self.stops and any(w not in self.one and w not in self.owners for p in phrases for w in p):
                break
            if token in self.join or (token in self.one and phrases[-1]):
                phrases.append([])
            if token in self.join:
                continue
            if token.isalpha() or "'" in token or "’" in token:
                phrases[-1].append(token)
        return [phrase for phrase in phrases if phrase] or [tokens]

    def _head(self, phrase: list[str]) -> str:
        return phrase[-1]

    def _is_plural(self, word: str) -> bool:
        if word in self.singular:
            return False
        return word in self.plural or (word.endswith("s") and not word.endswith(("ss", "us", "is")))
