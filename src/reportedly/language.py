"""Languages: which one a text is in, and the word lists of those that the reader knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Protocol

from reportedly.errors import SettingsError

SAMPLE = 1500
"""Code points of a text that are looked at: news says its language early, and a long text costs no more."""

UNDETERMINED = "und"
"""ISO 639-2 for "can't tell": too few words, or the identifier isn't sure."""

_WORD = re.compile(r"[^\W\d_]+")
# Frequent in English and rare as words of other languages: "for", "at", "by" (Danish), "on" (French), "was" (German),
# "to" (Polish), "of", "is", "had" (Dutch) are left out on purpose.
_ENGLISH = frozenset(
    {
        "the",
        "and",
        "that",
        "with",
        "from",
        "which",
        "were",
        "who",
        "their",
        "they",
        "said",
        "this",
        "its",
        "but",
        "would",
        "than",
        "there",
        "these",
        "those",
        "what",
        "when",
        "while",
        "where",
        "into",
        "through",
        "killed",
        "people",
        "according",
        "against",
        "between",
        "about",
        "because",
    }
)
_SHARE = 0.08
_HITS = 3
_LETTERS = 60
_LETTERS_OTHER = 20
_LAST_LATIN = "\u024f"
_SURE = 0.9
# Telegraphic English ("Two killed in Kabul blast") is easily taken for these; nobody is refused on that ground.
_NEAR_ENGLISH = frozenset({"pcm", "sco"})


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text` ("en", "de"), or `UNDETERMINED`.

    Common English words settle most English reports in microseconds. Only in doubt is py3langid loaded, which costs
    half a second and 100 MB once a process. In Latin letters, a text of under 60, or one that py3langid gives less than
    0.9, is `UNDETERMINED`: a wrong refusal costs a report, a wrong admission a few odd rows.
    """
    sample = text[:SAMPLE]
    words = _WORD.findall(sample.lower())
    hits = sum(word in _ENGLISH for word in words)
    if hits >= _HITS and hits >= _SHARE * len(words):
        return "en"
    letters = sum(map(len, words))
    # What is not in Latin letters is not English, however unsure py3langid is which language it is.
    other = 2 * sum(char > _LAST_LATIN for word in words for char in word) > letters
    if letters < (_LETTERS_OTHER if other else _LETTERS):
        return UNDETERMINED
    code, confidence = _identifier().classify(" ".join(words))
    if not other and (confidence < _SURE or code in _NEAR_ENGLISH):
        return UNDETERMINED
    return code


@cache
def _identifier() -> _Identifier:
    # py3langid's own module-level classifier gives raw scores; this one gives probabilities.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


@dataclass(frozen=True, slots=True)
class Language:
    """The word lists of one language, as `data/languages/<code>.toml` has them (which says what each is for).

    All words are lower case. A feast's value is a rule that `extract.calendar` reads.
    """

    code: str
    numbers: Mapping[str, int]
    multipliers: Mapping[str, int]
    fractions: Mapping[str, tuple[int, int]]
    vague: Mapping[str, tuple[int, int | None]]
    bounds: Mapping[str, tuple[str, ...]]
    figure_words: Mapping[str, tuple[str, ...]]
    months: Mapping[str, int]
    hijri_months: Mapping[str, int]
    weekdays: Mapping[str, int]
    parts_of_day: Mapping[str, str]
    seasons: Mapping[str, str]
    units: Mapping[str, str]
    units_plural: Mapping[str, str]
    ordinals: Mapping[str, int]
    days: Mapping[str, tuple[int, str]]
    refs: Mapping[str, str]
    sets: Mapping[str, str]
    relative: Mapping[str, int]
    shifts: Mapping[str, str]
    edges: Mapping[str, str]
    feasts: Mapping[str, str]
    time_words: Mapping[str, tuple[str, ...]]
    dating: Mapping[str, tuple[str, ...]]


@cache
def load_language(code: str = "en") -> Language:
    """The word lists of the language `code`, read once a process. Raises `SettingsError` if there are none."""
    source = resources.files("reportedly").joinpath("data", "languages", f"{code}.toml")
    if not source.is_file():
        raise SettingsError(f"no word lists for the language {code!r}", hint="the reader knows: en")
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    try:
        return Language(
            code=code,
            fractions={word: (part[0], part[1]) for word, part in lists.pop("fractions").items()},
            vague={word: (low, high or None) for word, (low, high) in lists.pop("vague").items()},
            days={word: (shift, part) for word, (shift, part) in lists.pop("days").items()},
            **{name: _frozen(table) for name, table in lists.items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError("a word list is missing or malformed", where=str(source), hint=str(error)) from error


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {word: tuple(value) if isinstance(value, list) else value for word, value in table.items()}
