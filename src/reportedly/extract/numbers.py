"""Numbers in digits and words, exactly: "two hundred and fifty", "1.5 million", "half a dozen", "3,812"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reportedly.language import Language

_MILLION = 1_000_000


class NumberReader:
    """Reads one number from a list of lower-case tokens with the words of a language.

    Tokens are words, digits (with "." for decimals, no thousands separators) and single punctuation marks.
    """

    def __init__(self, language: Language) -> None:
        self._ones = language.numbers
        self.words = frozenset(language.numbers) | frozenset(language.multipliers)
        self._scales = language.multipliers
        self._signs = frozenset(word for word in self._scales if len(word) < 3)  # "k", "bn": behind digits alone
        self._fractions = language.fractions
        self._a = frozenset(language.time_words["a"])
        self._and = frozenset(language.time_words["and"])
        self._of = frozenset(language.time_words["of"])

    def read(self, tokens: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        """The number that starts at token `at` and the token after it, or `None` if none starts there."""
        if tokens[at] in self._a and at + 1 < len(tokens):
            # "a hundred", "a quarter of a million"; "a" alone is no number.
            follower = tokens[at + 1]
            scales = follower in self._scales and follower not in self._signs
            if scales or (follower in self._fractions and follower not in self._ones):
                return self.read(tokens, at + 1)
            return None
        if tokens[at] in self._fractions:
            return self._scaled_part(tokens, at + 1, Fraction(*self._fractions[tokens[at]]))
        whole = self._whole(tokens, at)
        if whole is None:
            return None
        value, end = whole
        if end + 1 < len(tokens) and tokens[end] in {"-", "–"} and tokens[end + 1] in self._fractions and value < 10:
            return self._scaled_part(tokens, end + 2, value * Fraction(*self._fractions[tokens[end + 1]]))
        half = self._and_a_half(tokens, end)
        if half is not None:
            part, end = half
            return self._scaled(tokens, end, value + part)
        return value, end

    def _whole(self, tokens: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        total, current, start = Fraction(0), Fraction(0), at
        while at < len(tokens):
            word = tokens[at]
            if word[0].isdecimal():
                if at > start:
                    break
                current = Fraction(word)
            elif word in self._ones:
                if at > start and not self._fits(tokens[at - 1], current, self._ones[word]):
                    break
                current += self._ones[word]
            elif word in self._scales and (word not in self._signs or (at > start and tokens[at - 1][0].isdecimal())):
                scale = self._scales[word]
                current = (current or Fraction(1)) * scale
                if scale >= 1000:
                    total, current = total + current, Fraction(0)
            elif not self._joins(tokens, at, start):
                break
            at += 1
        return (total + current, at) if at > start else None

    def _fits(self, before: str, current: Fraction, value: int) -> bool:
        """Whether a number word may follow: "twenty five", "two hundred five", but not "five two"."""
        if before in self._scales or before in self._and or before == "-":
            return True
        return value < 10 and 20 <= current % 100 < 100 and current % 10 == 0 and before in self._ones

    def _joins(self, tokens: Sequence[str], at: int, start: int) -> bool:
        if at == start or at + 1 >= len(tokens):
            return False
        before, after = tokens[at - 1], self._ones.get(tokens[at + 1])
        if after is None:
            return False
        if tokens[at] in self._and:
            return self._scales.get(before, 0) in {100, 1000, _MILLION}
        tens = self._ones.get(before, 0)
        return tokens[at] == "-" and tens >= 20 and tens % 10 == 0 and 0 < after < 10

    def _and_a_half(self, tokens: Sequence[str], at: int) -> tuple[Fraction, int] | None:
        """A half that follows: "two and a half", "one and a quarter"."""
        if tokens[at : at + 1] and tokens[at] in self._and:
            step = at + 2 if tokens[at + 1 : at + 2] and tokens[at + 1] in self._a else at + 1
            if step < len(tokens) and tokens[step] in self._fractions and tokens[step] not in self._ones:
                return Fraction(*self._fractions[tokens[step]]), step + 1
        return None

    def _scaled(self, tokens: Sequence[str], at: int, value: Fraction) -> tuple[Fraction, int]:
        while at < len(tokens) and tokens[at] in self._scales:
            value *= self._scales[tokens[at]]
            at += 1
        return value, at

    def _scaled_part(self, tokens: Sequence[str], at: int, part: Fraction) -> tuple[Fraction, int] | None:
        """A fraction with what it is of: "half a million", "a quarter of a million"; alone it is no number."""
        step = at + 1 if at < len(tokens) and tokens[at] in self._of else at
        step = step + 1 if step < len(tokens) and tokens[step] in self._a else step
        value, end = self._scaled(tokens, step, part)
        return (value, end) if end > step else None
