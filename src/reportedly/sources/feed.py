"""RSS and Atom files: one report an entry."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

from reportedly.errors import SourceError
from reportedly.sources.base import FAULTS, Input, Options, failed, read_whole, sha256
from reportedly.sources.days import read_day
from reportedly.sources.decode import encoding_of, refuse_binary
from reportedly.sources.make import make_report
from reportedly.sources.metadata import Metadata
from reportedly.types import Failure, Report

_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*|<\?[^>]*>\s*)*<(?:rss|feed|rdf:rdf)\b", re.I | re.S)
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")
_ENTITY = re.compile(rb"<!ENTITY", re.I)
_TAG = re.compile(r"<[^>]{0,1000}>")
_TEASER = re.compile(r"(?:…|\.\.\.|\[[^\]]{0,20}\]|\b(?:read|see) (?:more|the full)\b[^.]{0,40})\W*\Z", re.I)
_FULL = 500
_HINT = "only RSS and Atom are read from XML: check that this is the feed itself"
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "section", "article", "figure"}
)
_LINES = frozenset({"br", "li", "tr", "dt", "dd"})
_UNSEEN = frozenset({"script", "style", "head", "template"})


class FeedSource:
    """Feeds that were saved. An entry's full content is its text, or else its summary; marks of HTML are taken off."""

    suffixes = (".rss", ".atom", ".xml", ".rdf")

    def suits(self, head: bytes) -> bool:
        """Whether `head` begins a feed."""
        encoding, skip = encoding_of(head) or ("utf-8", 0)
        return _START.match(head[skip:].decode(encoding, "replace")) is not None

    def read(self, file: Input, options: Options) -> Iterator[Report | Failure]:
        """The entries of `file`; their origin is `path#n`, `n` from 1, and their hash that of the whole file."""
        data = read_whole(file, options.limits)
        refuse_binary(data, where=file.where)
        feed, entries = _parse(data, file.where)
        received = sha256(data)
        outlet = _text(feed.get("title"))
        for number, entry in enumerate(entries, 1):
            where = f"{file.where}#{number}"
            try:
                text = _entry_text(entry, where)
                known = _metadata(entry, outlet, lang=_text(feed.get("language")))
                yield make_report(text, known, where=where, received=received, limits=options.limits)
            except SourceError as error:
                yield failed(error)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as its feed gives it. `key` tells it from the feed's others; `full` is its text where the feed has all
    of it, and None where that is only on the entry's own page (`known.url`)."""

    key: str
    known: Metadata
    full: str | None


def read_entries(data: bytes, *, where: str) -> tuple[FeedEntry, ...]:
    """The entries of a feed, in its order, each key once. Raises `SourceError` where it is none."""
    refuse_binary(data, where=where)
    feed, entries = _parse(data, where)
    outlet, lang = _text(feed.get("title")), _text(feed.get("language"))
    found: dict[str, FeedEntry] = {}
    for entry in entries:
        known = _metadata(entry, outlet, lang=lang)
        key = str(entry.get("id") or known.url or known.title or "")
        if key:
            found.setdefault(key, FeedEntry(key, known, _full_text(entry)))
    return tuple(found.values())


def _full_text(entry: Mapping[str, Any]) -> str | None:
    """The entry's content where it is no teaser: long enough, and not ending in an ellipsis or a "read more"."""
    bodies = ((body.get("value") or "", body.get("type")) for body in entry.get("content") or ())
    texts = ((body if kind == "text/plain" else _strip_html(body)).strip() for body, kind in bodies)
    text = max(texts, key=len, default="")
    return text if len(text) >= _FULL and not _TEASER.search(text) else None


def _parse(data: bytes, where: str) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    data = _plain(data)
    if _ENTITY.search(data):
        # Feeds define no entities; a file that does may blow up to gigabytes.
        raise SourceError("the feed defines XML entities", where=where, hint="take the <!DOCTYPE …> out of it")
    import feedparser

    try:
        # As a stream: given bytes, feedparser might take them for a file name.
        found = feedparser.parse(io.BytesIO(data))
    except FAULTS as error:
        raise SourceError(f"the feed can't be read ({type(error).__name__})", where=where, hint=_HINT) from error
    if not found.entries:
        raise SourceError("no entries are found in the file", where=where, hint=_HINT)
    return found.feed, found.entries


def _plain(data: bytes) -> bytes:
    """The feed with a short first line, in UTF-8 where its bytes tell that it is UTF-16 or UTF-32.

    feedparser looks for an encoding in all of the first line, and again from every "encoding" in it: of a line that was
    made for that, for days.
    """
    known = encoding_of(data[:4096])
    if known is not None:
        encoding, mark = known
        data = data[mark:].decode(encoding, "replace").encode("utf-8", "replace")
    data = data.lstrip()
    declared = _DECLARATION.match(data)
    if declared is None:
        return b"\n" + data
    # What was told about the encoding is no longer so where it was another.
    rest = data[declared.end() :]
    return b"\n" + rest if known is not None else declared[0] + b"\n" + rest


def _entry_text(entry: Mapping[str, Any], where: str) -> str:
    bodies = [(body.get("value") or "", body.get("type")) for body in entry.get("content") or ()]
    detail = entry.get("summary_detail") or {}
    bodies.append((entry.get("summary") or "", detail.get("type")))
    texts = (body if kind == "text/plain" else _strip_html(body) for body, kind in bodies)
    text = next((text for text in texts if text.strip()), None)
    if text is None:
        hint = "feeds often give headlines only: save the articles' own pages and read those"
        raise SourceError("the entry has no text", where=where, hint=hint)
    return text.strip()


def _metadata(entry: Mapping[str, Any], outlet: str | None, *, lang: str | None) -> Metadata:
    source = entry.get("source") or {}
    return Metadata(
        outlet=_text(source.get("title")) or outlet,
        published=_published(entry),
        title=_text(entry.get("title")),
        url=_text(entry.get("link")),
        lang=lang,
    )


def _published(entry: Mapping[str, Any]) -> date | None:
    for name in ("published", "created", "updated"):
        found = read_day(entry.get(name))
        if found is None and entry.get(f"{name}_parsed"):
            year, month, day = entry[f"{name}_parsed"][:3]
            found = read_day(f"{year:04}-{month:02}-{day:02}")
        if found is not None:
            return found
    return None


def _text(value: object) -> str | None:
    text = " ".join(_strip_html(value).split()) if isinstance(value, str) else ""
    return text or None


def _strip_html(fragment: str) -> str:
    """The words of a piece of HTML: paragraphs parted by a blank line, other white space as a browser shows it."""
    if "<" not in fragment and "&" not in fragment:
        return fragment
    words = _Words()
    try:
        words.feed(fragment)
        words.close()
    except AssertionError:
        # How Python's parser says, before 3.14, that a declaration ("<![ …") is broken.
        return unescape(_TAG.sub(" ", fragment))
    return words.text()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._parts.append("\n\n" if tag in _BLOCKS else "\n" if tag in _LINES else "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._parts.append("\n\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def text(self) -> str:
        lines = "".join(self._parts).split("\n")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" ") for line in lines)).strip()
