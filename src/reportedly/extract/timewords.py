"""Words of time: a text as tokens, each with one letter that says what part it plays in the grammar of times.

The letters of a text make one string, and the grammar (`extract.timegrammar`) is regular expressions over it: that
keeps the rules short, their time linear in the text, and the words themselves in `data/languages/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from reportedly.language import Language, load_language

LETTERS = {
    "month": "M", "hijri": "H", "weekday": "W", "feast": "X", "unit": "U", "units": "u", "quarter": "Q", "century": "C",
    "season": "S", "part": "P", "today": "K", "now": "J", "daily": "L", "relative": "R", "day": "D", "number": "N",
    "year": "Y", "short_year": "y", "ordinal": "O", "nth": "r", "decade": "E", "iso": "I", "clock": "T", "edge": "B",
    "later": "Z", "the": "t", "a": "a", "of": "o", "in": "i", "on": "j", "and": "n", "to": "k", "from": "f", "few": "F",
    "about": "b", "more": "m", "than": "e", "least": "l", "at": "q", "ago": "G", "shift": "V", "every": "v",
    "long": "g", "half": "h", "full": "w", "bc": "c", "zone": "z", "fiscal": "p", "hyphen": "-", "comma": ",",
    "dot": ".", "slash": "/", "own": "'", "break": "|", "open": "(", "close": ")", "time": "s", "other": "x",
}  # fmt: skip
"""The name of each class of token, as the grammar writes it in angle brackets, and its letter."""

_TOKEN = re.compile(
    r"""
    (?P<bc>\bB\.\s?C\b\.?(?:\s?E\.)?)
    | (?P<word>[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*)
    | (?P<iso>\b(?:\d{4}-\d\d-\d\d|\d{4}/\d\d?/\d\d?|\d\d?[./]\d\d?[./](?:\d{4}|\d\d)(?![./\d])
        |\d\d?-\d\d?-\d{4}|\d{8}(?!\d)))
    | (?P<clock>\b\d\d?\s?:\s?\d\d(?::\d\d)?(?:\s?[ap]\.?\s?m\b\.?)?|\b\d\d?(?:\.\d\d)?\s?[ap]\.?\s?m\b\.?
        |\b\d{3,4}\s?(?:[ap]\.?\s?m\b\.?|hours\b|hrs\b|gmt\b))
    | (?P<nth>\b\d{1,2}(?:st|nd|rd|th)\b)
    | (?P<decade>\b\d{2,3}0['’]?s\b|['’]\d0s\b)
    | (?P<short_year>['’‘]\d\d\b(?!s))
    | (?P<number>\d+(?:,\d{3})*(?:\.\d+)?)
    | (?P<own>['’]s?\b)
    | (?P<break>\n\s*\n)
    | (?P<punct>[-–—,./()])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SMALL = "the a of in on and to from few about more than least at ago every long half full bc fiscal time".split()
"""The classes that are lists of their own name in the language's `time_words`."""
_PUNCT = {"-": "-", "–": "-", "—": "-", ",": ",", ".": ".", "/": "/", "(": "(", ")": ")"}


class Token(NamedTuple):
    """A word, number or mark at `start:end`, in lower case, with its letter."""

    start: int
    end: int
    word: str
    letter: str


@cache
def lexicon(code: str = "en") -> Lexicon:
    """The words of time of one language, made once a process."""
    return Lexicon(load_language(code))


class Lexicon:
    """Gives every token of a text its letter."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._letters = _letters(language)
        # Names, and words that are other words too: only with a capital.
        names = (language.months, language.hijri_months, language.feasts)
        self._capital = frozenset(word for table in names for word in table) | set(language.time_words["capital"])
        # Names of several words ("eid al-adha", "tishreen al-thani") are found by their first word.
        self._long: dict[str, list[tuple[str, str]]] = {}
        tables = ((language.feasts, "feast"), (language.months, "month"), (language.hijri_months, "hijri"))
        for table, name in tables:
            for phrase in table:
                if " " in phrase or "-" in phrase or "'" in phrase:
                    first = re.split(r"[ '’-]", phrase)[0]
                    self._long.setdefault(first, []).append((phrase, LETTERS[name]))
        for phrases in self._long.values():
            phrases.sort(key=lambda pair: -len(pair[0]))

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order; of a run of words that are none of time's, only the first and the last.

        Lower-casing is by token, so that offsets stay code points of `text`.
        """
        found: list[Token] = []
        position = 0
        last: tuple[int, int, str] | None = None
        plain = False
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            if start < position:
                continue
            position = end
            kind = match.lastgroup
            raw = match.group()
            word = raw.lower()
            if kind == "word":
                letter = self._letters.get(word)
                phrase = self._phrase_at(text, start, word) if word in self._long else None
                if phrase is not None:
                    word, letter = phrase
                    position = start + len(word)
                elif letter is None or (word in self._capital and not raw[0].isupper()):
                    if plain:
                        last = start, end, word
                        continue
                    letter = "x"
                    plain = True
                    found.append(Token(start, end, word, letter))
                    continue
            elif kind == "punct":
                letter = _PUNCT[word]
            else:
                letter = LETTERS[kind or "other"]
            if last is not None:
                found.append(Token(*last, "x"))
                last = None
            plain = False
            if kind == "number":
                found.extend(_number_tokens(start, raw))
            else:
                found.append(Token(start, position, word, letter))
        if last is not None:
            found.append(Token(*last, "x"))
        return found

    def _phrase_at(self, text: str, start: int, word: str) -> tuple[str, str] | None:
        for phrase, letter in self._long.get(word, ()):
            here = text[start : start + len(phrase)]
            if here[:1].isupper() and here.lower().replace("’", "'") == phrase:
                end = start + len(phrase)
                if not text[end : end + 1].isalnum():
                    return phrase, letter
        return None


def _letters(language: Language) -> dict[str, str]:
    """The letter of each word; where several lists have a word, the first of these gives it."""
    small = language.time_words
    tables: list[tuple[str, Iterable[str]]] = [
        ("month", language.months),
        ("hijri", language.hijri_months),
        ("weekday", language.weekdays),
        # "Tuesdays" is a plural, or a possessive that has lost its apostrophe.
        ("weekday", (word + "s" for word in language.weekdays if len(word) > 5)),
        ("feast", language.feasts),
        ("quarter", (word for word, unit in language.units.items() if unit == "Q")),
        ("century", (word for word, unit in language.units.items() if unit == "CE")),
        ("ordinal", language.ordinals),
        ("unit", language.units),
        ("units", language.units_plural),
        ("season", language.seasons),
        ("part", language.parts_of_day),
        ("part", (word + "s" for word in language.parts_of_day)),
        ("today", language.days),
        ("today", (word + "s" for word in language.days)),
        ("now", language.refs),
        ("daily", language.sets),
        ("later", small["loose"]),
        ("relative", language.relative),
        ("edge", language.edges),
        *((name, small[name]) for name in _SMALL),
        ("zone", small["local"]),
        ("shift", language.shifts),
        ("number", language.numbers),
        ("number", small["amounts"]),
    ]
    letters: dict[str, str] = {}
    for name, words in tables:
        for word in words:
            letters.setdefault(word, LETTERS[name])
    return letters


def _number_tokens(start: int, raw: str) -> list[Token]:
    """A number as a day of the month, a year or neither; "202015" (a lost space) is a day and a year."""
    end = start + len(raw)
    if raw.isdecimal():
        size = len(raw)
        if size <= 2 and 1 <= int(raw) <= 31:
            return [Token(start, end, raw, "D")]
        if size == 4 and 1000 <= int(raw) <= 2100:
            return [Token(start, end, raw, "Y")]
        if size in (5, 6) and raw[-4:-2] == "20" and 1 <= int(raw[:-4]) <= 31:
            return [Token(start, end - 4, raw[:-4], "D"), Token(end - 4, end, raw[-4:], "Y")]
    return [Token(start, end, raw.replace(",", ""), "N")]
