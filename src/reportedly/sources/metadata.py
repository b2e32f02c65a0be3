"""What is said about a report beside its text, or at its head and foot: dates, outlets, titles and their many names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reportedly.sources.days import MONTH, WORDED, read_day

FIELDS = ("text", "id", "outlet", "published", "title", "url", "lang")
"""The fields of a report that may come in."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article", "articletext", "fulltext", "articlebody", "bodytext", "maintext",
        "story", "rawtext", "cleantext", "plaintext", "newstext", "document", "notes", "description", "summary",
    ),
    "id": ("id", "reportid", "articleid", "docid", "documentid", "storyid", "uuid", "guid", "eventidcnty", "dataid"),
    "outlet": (
        "outlet", "source", "publisher", "publication", "newspaper", "agency", "sitename", "site", "sourcename",
        "outletname", "media", "mediaoutlet", "newssource", "provider", "domain",
    ),
    "published": (
        "published", "date", "publishedat", "publishedon", "datepublished", "publicationdate", "publishdate", "pubdate",
        "publishingdate", "articledate", "datetime", "timestamp", "posted", "postedon", "dct",
    ),
    "title": ("title", "headline", "heading", "head", "subject"),
    "url": ("url", "link", "href", "weburl", "articleurl", "sourceurl", "permalink", "canonical", "canonicalurl"),
    "lang": ("lang", "language", "languagecode", "locale"),
}  # fmt: skip
"""Usual names of each field in columns and keys, letters and digits only, the likeliest first."""

_PLAIN = re.compile(r"[\W_]+")
_NOTHING = frozenset({"", "null", "none", "~", "n/a", "nan", "-"})
_URL = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_LINE = re.compile(
    r"(?P<key>[A-Za-z][A-Za-z _-]{1,24}?)\s*(?::|(?:(?<=date)|(?<=published)|(?<=posted)|(?<=\son))\s(?!on\s))"
    r"\s*(?P<value>\S.*)",
    re.I,
)
_LANG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*|English")

# KABUL, Oct. 6, 2012 —   GOMA, Democratic Republic of Congo, Aug 20 (Reuters) -   LAGOS (AFP) –
_DATELINE = re.compile(
    rf"""\s*
    [A-Z][^\W\d_'’.-]+(?:[\s,/.'’-]+[^\W\d_]+[.'’]?){{0,7}}?     # the place: upper case at least at the start
    (?:[,\s]+\(?(?P<day>{WORDED}|\d{{1,2}}\s+{MONTH}|{MONTH}\s+\d{{1,2}})\)?)?
    (?:[\s,]*\((?P<outlet>[A-Z][^()\n\d]{{1,40}})\))?
    \s*(?:(?P<mark>—|–|--|-(?=\s)|:(?=\s))|$)                     # a dash, or a line of its own
    """,
    re.X | re.I,
)
_CAPITALS = re.compile(r"\s*[^\W\d_a-z]{2}")
_AGENCY = re.compile(r"[A-Z][A-Z/ -]+|Reuters|Xinhua|Anadolu|Interfax|Bloomberg|.*\b(?:News|Agency|Press)\b.*")
_FIRST_DAY = re.compile(
    r"\s*(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?"
    rf"(?P<day>{WORDED}|\d{{4}}-\d\d-\d\d)(?!\d)",
    re.I,
)
_NUMBERED = re.compile(r"\s*[\d]{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?!\d)|\s*\d{8}(?!\d)")
# What may stand beside a day on a line that has nothing else: the time of day and its zone.
_CLOCK = re.compile(
    r"[\s,|•–-]*(?:at\s+)?T?[\d:.]*\s*(?:[ap]\.?m\.?\s*)?\(?(?:(?-i:[A-Z]{1,5})|[+-]\d\d:?\d\d)?\)?\s*", re.I
)
_CREDIT = re.compile(r"(?:^|[\n.!?”\"’'])[ \t]*\((?P<outlet>[A-Z][^()\n\d:;]{1,48})\)\s*\Z")
_SOURCE = re.compile(r"\n[ \t]*Source:[ \t]*(?P<outlet>[A-Z][^\n:;]{1,48}?)[ \t.]*\Z")
# Other things that stand in brackets at the end of a report.
_NO_CREDIT = re.compile(
    r"\b(?:report\w*|edit\w*|writ\w+|photo\w*|picture\w*|file|update\w*|more|end|ends|continued|video|with|by|translat\w+|said)\b",
    re.I,
)
_WORDS_IN_NAME = 7
_BREAK = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
_HEAD = 600
_HEAD_LINES = 8
_FOOT = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report beside its text. `None`: not stated."""

    id: str | None = None
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    lang: str | None = None


def plain(name: str) -> str:
    """The name of a column or key, comparable: "Published At", "published_at" and "publishedAt" are one."""
    return _PLAIN.sub("", name).casefold()


def find_columns(names: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Which column (or key) holds which field: what `mapping` says, else the likeliest usual name that is there.

    `names` has the columns as written under their `plain` names. A field that no column holds is left out.
    """
    columns = {}
    for name in FIELDS:
        wanted = (plain(mapping[name]),) if name in mapping else NAMES[name]
        found = next((names[one] for one in wanted if one in names), None)
        if found is not None:
            columns[name] = found
    return columns


def read_fields(fields: Mapping[str, object]) -> Metadata:
    """Metadata from values as files have them; what can't be read (a date "tomorrow") is `None`."""
    return Metadata(
        id=_word(fields.get("id")),
        outlet=_word(fields.get("outlet")),
        published=read_day(fields.get("published")),
        title=_word(fields.get("title")),
        url=_word(fields.get("url")),
        lang=_word(fields.get("lang")),
    )


def complete(known: Metadata, text: str) -> Metadata:
    """`known`, and for outlet and date, where it lacks them, what `text` says at its head and foot.

    That is a dateline ("KABUL, Oct. 6, 2012 (AFP) —"), a date that the text begins with, a closing credit
    ("(Radio Tamazuj)") or a last line "Source: Radio Tamazuj". A dateline without a year gives no date.
    """
    if known.outlet is not None and known.published is not None:
        return known
    outlet, published = read_dateline(text)
    return replace(
        known,
        outlet=known.outlet or outlet or read_credit(text),
        published=known.published or published,
    )


def read_dateline(text: str) -> tuple[str | None, date | None]:
    """The agency and the day of the dateline in the first lines of `text`; `None` for what it doesn't have.

    A day that the text begins with counts too, as does one that has a line for itself, with a time of day at most.
    """
    outlet, day = None, None
    for number, line in enumerate(_BREAK.split(text[:_HEAD])[:_HEAD_LINES]):
        if (match := _DATELINE.match(line)) and (match["mark"] or _CAPITALS.match(line)):
            name = match["outlet"]
            # "SPEAKER (Hon. A. Perera): …" is no dateline; a colon is trusted after a day only.
            trusted = match["day"] or match["mark"] != ":"
            if name and trusted and (_CAPITALS.match(line) or _AGENCY.fullmatch(name)):
                outlet = outlet or _name(name)
            day = day or read_day(match["day"])
        elif (match := _FIRST_DAY.match(line)) and (number == 0 or _CLOCK.fullmatch(line, match.end())):
            day = day or read_day(match["day"])
    return outlet, day


def read_credit(text: str) -> str | None:
    """The outlet that the last words of `text` name, in brackets or after "Source:"."""
    foot = text[-_FOOT:]
    match = _CREDIT.search(foot) or _SOURCE.search(foot)
    return _name(match["outlet"]) if match else None


def read_line(line: str) -> tuple[str, object] | None:
    """The field and value of a line of metadata ("date 2021-04-02", "Published: 2 April 2021"), or `None`.

    Strict, because such a line is taken off the text: the key must be a usual name, and the value must be readable.
    """
    match = _LINE.fullmatch(line.strip()) if len(line) <= 400 else None
    if match is None:
        return None
    key, value = plain(match["key"]), match["value"].strip()
    field = next((name for name in FIELDS[1:] if key in NAMES[name]), None)
    if field is None:
        return None
    readable = _READABLE.get(field)
    return (field, value) if readable is None or readable(value) else None


_READABLE: Mapping[str, Callable[[str], object]] = {
    "published": lambda value: is_day(value),
    "url": _URL.match,
    "lang": _LANG.fullmatch,
    "outlet": lambda value: len(value.split()) <= _WORDS_IN_NAME and value[-1] not in ".,;:",
    "id": lambda value: " " not in value,
}


def is_day(line: str) -> bool:
    """Whether `line` is a readable day and nothing else, but for a time of day."""
    if read_day(line) is None:
        return False
    match = _FIRST_DAY.match(line) or _NUMBERED.match(line)
    return match is not None and _CLOCK.fullmatch(line, match.end()) is not None


def _name(words: str) -> str | None:
    """`words` as the name of an outlet, or `None` if they hardly are one."""
    name = words.strip(" .,")
    return name if len(name.split()) <= _WORDS_IN_NAME and not _NO_CREDIT.search(name) else None


def _word(value: object) -> str | None:
    """`value` as text, or `None` where it says nothing. Of an object (`{"name": "AFP"}`) its name counts."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    word = str(value)
    return None if word.strip().casefold() in _NOTHING else word
