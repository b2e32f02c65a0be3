"""The grammar of times: what a time expression says, before it is known which day it means.

Rules are regular expressions over the letters of `extract.timewords`, tried from the top at each place; a rule's
name is the `kind` of the `Form` that it makes, up to the first underscore. docs/how-it-decides/times.md tells them in
words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from reportedly.extract.numbers import NumberReader
from reportedly.extract.timerules import RULES
from reportedly.extract.timewords import LETTERS, Lexicon, Token, lexicon


@dataclass(frozen=True, slots=True)
class Form:
    """A time expression at `start:end` of the text, as it stands: only what its own words say is set.

    `amount` counts `unit`s (`None`: some); `step` is -1, 0 or 1 as for "last", "this" and "next", and `anchored` says
    that it is counted from the day that the text is talking of ("the following day"); `how` tells ago, before, after
    or hence; `edge` START, MID or END (`loose`: "earlier", "later"); `part` a TIMEX3 part of day, `clock` a clock time
    as written; `word` the word that the kind turns on (a feast, a reference); `vague` that an "about" or "more than"
    stands before; `clause` that "after" or "before" governs a clause that follows.
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None
    season: str | None = None
    ordinal: int | None = None
    unit: str | None = None
    amount: Fraction | None = None
    step: int | None = None
    anchored: bool = False
    how: str | None = None
    edge: str | None = None
    loose: bool = False
    part: str | None = None
    clock: str | None = None
    word: str | None = None
    bc: bool = False
    vague: bool = False
    clause: bool = False


# Words without "other" ones between them, with at least one that no time goes without: most of a text is skipped.
_STRETCH = re.compile("[^x|]+")
_CORE = re.compile("[MHWXUuQCSPKJLDNYyOrEITv]")


@cache
def grammar(code: str = "en") -> Grammar:
    """The grammar with the words of one language, made once a process."""
    return Grammar(lexicon(code))


class Grammar:
    """Finds the forms of a text. Time is linear in its length: no rule repeats without a bound on what it may cross."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        self._numbers = NumberReader(words.language)
        language = words.language
        # Groups whose word stands in one table, with the field that it fills.
        self._tables: dict[str, tuple[str, Mapping[str, Any]]] = {
            "month": ("month", language.months),
            "hijri": ("month", language.hijri_months),
            "season": ("season", language.seasons),
            "how": ("how", language.shifts),
            "now": ("word", language.refs),
            "daily": ("word", language.sets),
            "unit": ("unit", {**language.units_plural, **language.units}),
        }
        self._last: tuple[str, tuple[Form, ...]] = ("", ())
        parts, self._groups = [], {}
        for number, (name, pattern) in enumerate(RULES):
            own = re.sub(r"\(\?P<(\w+)>", rf"(?P<\g<1>__{number}>", pattern)
            own = re.sub(r"(?<!\(\?P)<(\w+)>", lambda m: re.escape(LETTERS[m[1]]), own)
            parts.append(f"(?P<rule__{number}>{own})")
            groups = re.findall(r"\(\?P<(\w+)>", pattern)
            self._groups[f"rule__{number}"] = (name, [(group, f"{group}__{number}") for group in groups])
        self._pattern = re.compile("|".join(parts))

    def forms(self, text: str) -> tuple[Form, ...]:
        """Every time expression, in text order, none touching another.

        The last text is remembered: a report is read once to find its times and again to date them.
        """
        last_text, last_forms = self._last
        if text == last_text:
            return last_forms
        forms = tuple(self._forms(text))
        self._last = text, forms
        return forms

    def _forms(self, text: str) -> Iterator[Form]:
        tokens = self.words.tokens(text)
        letters = "".join([token.letter for token in tokens])
        for stretch in _STRETCH.finditer(letters):
            if _CORE.search(stretch[0]):
                # One letter more, for what rules forbid to follow.
                yield from self._in_stretch(tokens, letters, stretch.start(), stretch.end() + 1)

    def _in_stretch(self, tokens: list[Token], letters: str, position: int, limit: int) -> Iterator[Form]:
        while match := self._pattern.search(letters, position, limit):
            name, groups = self._groups[match.lastgroup or ""]
            start, end = match.span()
            while tokens[end - 1].letter in ".,(-":
                end -= 1
            position = end
            values: dict[str, Any] = {}
            for group, unique in groups:
                first, last = match.span(unique)
                if first >= 0:
                    self._decode(values, group, tokens[first:last])
            if "how" in values and tokens[end - 1].word in self.words.language.time_words["clause"]:
                values["clause"] = end < len(tokens) and tokens[end].letter not in ",.|)("
            form = Form(tokens[start].start, tokens[end - 1].end, name.split("_")[0], **values)
            if self._stands(form, tokens, start, end):
                yield from _split(form, tokens[start:end])
            else:
                position = start + 1

    def _decode(self, values: dict[str, Any], group: str, tokens: list[Token]) -> None:
        """Put what a named group of a rule says into the fields of a form."""
        language = self.words.language
        word = tokens[0].word
        if group in self._tables:
            field, table = self._tables[group]
            values[field] = table[word]
            values.setdefault("word", word)
        elif group in {"year", "year2"}:
            values["year"] = language.numbers[word] if word in language.numbers else _year(word)
        elif group in {"century", "tens", "ones"}:
            value = language.numbers.get(word, 0) * (100 if group == "century" else 1)
            values["year"] = values.get("year", 0) + value
        elif group in {"clock", "clock2"}:
            values["clock"] = word
        elif group in {"day", "last", "ordinal"}:
            digits = re.match(r"\d+", word)
            name = "last_day" if group == "last" else group
            values[name] = int(digits[0]) if digits else language.ordinals.get(word, -1)
        elif group == "weekday":
            values["weekday"] = language.weekdays.get(word, language.weekdays.get(word.removesuffix("s"), 0))
            values["word"] = word
        elif group in {"part", "after"}:
            values["part"] = language.parts_of_day.get(word) or language.parts_of_day[word.removesuffix("s")]
            values.setdefault("word", word)
        elif group == "amount":
            self._amount(values, tokens)
        elif group in {"step", "step2"}:
            values["step"] = values.get("step") or language.relative[word]
            values["anchored"] = values.get("anchored", False) or word in language.time_words["anchored"]
            values["word"] = word
        elif group == "edge":
            values["edge"] = language.edges[word]
            values["loose"] = tokens[0].letter == LETTERS["later"]
        elif group == "today":
            shift, part = language.days.get(word) or language.days[word.removesuffix("s")]
            values["amount"] = Fraction(shift)
            values["part"] = values.get("part") or part or None
        elif group == "bc":
            values["bc"] = True
        else:
            values["word"] = word

    def _amount(self, values: dict[str, Any], tokens: list[Token]) -> None:
        small = self.words.language.time_words
        words = [token.word for token in tokens]
        values["vague"] = any(token.letter in "bme" for token in tokens)
        while words and words[0] in (*small["about"], *small["more"], *small["than"], *small["at"], *small["least"]):
            words.pop(0)
        if not words:
            return
        if len(words) == 4 and words[2] == "/":
            values["amount"] = Fraction(words[0]) + Fraction(int(words[1]), int(words[3]))
            return
        if words[0] in small["half"] or (len(words) > 1 and words[1] in small["half"]):
            values["amount"] = Fraction(1, 2)
            return
        read = self._numbers.read(words, 0)
        if read is not None:
            values["amount"] = read[0]
        elif words[0] in small["a"] and len(words) == 1:
            values["amount"] = Fraction(1)
        elif small["couple"][0] in words:
            values["amount"] = Fraction(2)

    def _stands(self, form: Form, tokens: list[Token], start: int, end: int) -> bool:
        """Whether the words around allow the reading: "May" is a month after "in", "2000" no year in "2000 people"."""
        small = self.words.language.time_words
        before = tokens[start - 1] if start else None
        previous, word = (before.letter, before.word) if before else ("|", "")
        last, after = tokens[end - 1].word, tokens[end].letter if end < len(tokens) else "|"
        alone = end - start == 1
        match form.kind:
            case "date" if alone:
                return last not in small["months_unsure"] or previous in "ifkoRBn" or word in small["before_time"]
            case "weekday" if alone:
                return last not in small["days_unsure"]
            case "dom" if form.step is None:
                return previous in "jofkn" or after in ".,n-"
            case "season" if last in small["seasons_unsure"]:  # "the fall of the town"
                return after != LETTERS["of"] and (not alone or previous in "iRBt")
            case "now" if form.word in {"SINCE_REF", "FUTURE_REF"}:
                return word in small["since" if form.word == "SINCE_REF" else "before_soon"]
            case "bareyear":
                return form.bc or self._is_year(form, tokens, start, end)
            case "some":
                return word in small["before_span"]
            case "ofunit":
                return form.unit in {"W", "MO", "Q", "Y", "WE"}
            case "part":
                return not alone or previous in "qfki" or word in small["before_time"]
            case "duration":
                aged = form.word in small["aged"] and form.unit in {"Y", "MO"}
                return not aged and last not in small["fraction"]
        return True

    def _is_year(self, form: Form, tokens: list[Token], start: int, end: int) -> bool:
        """Whether a number is a year by the words around it, or by being told as years are ("nineteen ninety-one")."""
        small = self.words.language.time_words
        if tokens[start].letter == LETTERS["number"]:
            return tokens[start].word in small["centuries"] and form.year is not None and form.year % 100 > 9
        token = tokens[end - 1]
        before = tokens[start - 1] if start else None
        after = tokens[end] if end < len(tokens) else None
        if size_one := end - start == 1:
            if before is not None and (before.letter in "bml" or before.word in small["not_before_year"]):
                return False
            if before is not None and (before.letter in "ifkoB-j" or before.word in small["before_time"]):
                return not (after is not None and after.word in small["counted"])
        if after is not None and after.start - token.end <= 1 and after.letter in "xu" and size_one:
            return not (after.word in small["counted"] or (after.word.endswith("s") and len(after.word) > 3))
        return True


def _split(form: Form, tokens: list[Token]) -> Iterator[Form]:
    """A range with one month or century for both ends ("March 5-9", "1915-17") as its two ends."""
    if form.last_day is None:
        yield form
        return
    marks = [at for at, token in enumerate(tokens) if token.letter in "-kn/" and at > 0]
    cut = marks[0] if marks else 0
    second = min(cut + 1 + (tokens[cut + 1].letter == LETTERS["the"]), len(tokens) - 1)
    yield replace(form, end=tokens[cut - 1].end, last_day=None)
    start = tokens[second].start
    if form.month is not None:
        yield replace(form, start=start, day=form.last_day, last_day=None)
    elif form.bc:
        yield replace(form, start=start, year=form.last_day, last_day=None)
    elif form.year is not None:
        yield replace(form, start=start, year=form.year // 100 * 100 + form.last_day, last_day=None)


def _year(word: str) -> int:
    digits = re.sub(r"\D", "", word)
    year = int(digits)
    if len(digits) > 2 or word[0].isdecimal():
        return year
    return 2000 + year if year < 40 else 1900 + year
