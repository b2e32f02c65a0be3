"""Web pages that were saved: the article's text by trafilatura, its metadata from the page's head."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

from reportedly.errors import SourceError
from reportedly.sources.base import FAULTS, Input, Options, read_whole, sha256
from reportedly.sources.days import read_day
from reportedly.sources.decode import decode, encoding_of
from reportedly.sources.make import make_report
from reportedly.sources.metadata import Metadata
from reportedly.types import Failure, Report

_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_XML_CHARSET = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.I)
_LANG = re.compile(r"<html[^>]{0,400}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})\b", re.I)
_HEAD = 4096
_PICTURE = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]+")
_SHORTEST = 80
_ATTRIBUTE = 2000
"""Characters of an attribute that are kept: enough for any date, name or description."""
_SIGNS = 50
_STEPS = 20_000_000
"""How far in all is looked for the end of tags that a text of the page seems to begin."""
_HINT = "save the article's own page, not a list of headlines, or paste its text into a .txt file"


class HtmlSource:
    """Saved web pages. The text is what trafilatura takes for the article, paragraphs parted by line ends."""

    suffixes = (".html", ".htm", ".xhtml")

    def suits(self, head: bytes) -> bool:
        """Whether `head` begins a page."""
        encoding, skip = encoding_of(head) or ("utf-8", 0)
        return _START.match(head[skip:].decode(encoding, "replace")) is not None

    def read(self, file: Input, options: Options) -> Iterator[Report | Failure]:
        """The one report in `file`. Raises `SourceError` where the page has no article."""
        data = read_whole(file, options.limits)
        page = decode(data, where=file.where, declared=declared_charset(data))
        page = _PICTURE.sub("", page)
        if len(page) > options.limits.page:
            cause = f"the page is {len(page):,} characters long; {options.limits.page:,} are read at most"
            raise SourceError(cause, where=file.where, hint=_HINT)
        text, known = take_article(page, file.where)
        yield make_report(text, known, where=file.where, received=sha256(data), limits=options.limits)


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page or an XML file says it is in."""
    match = _XML_CHARSET.match(data) or _CHARSET.search(data[:_HEAD])
    return match[1].decode("ascii") if match else None


def take_article(page: str, where: str, *, url: str | None = None) -> tuple[str, Metadata]:
    """The article's text and what the page says of it. `url` is where the page was fetched from, if that is known.

    Raises `SourceError` where there is no article, or the page can't be taken apart.
    """
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    try:
        tree = load_html(page)
        if tree is None:
            raise SourceError("no article is found in the page", where=where, hint=_HINT)
        _defuse(tree)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd time zones in dates: nothing that the user could mend
            found = bare_extraction(
                tree,
                url=url,
                with_metadata=True,
                include_comments=False,
                include_tables=False,
                # Only dates that the page states: the extensive search would take one from a footer.
                date_extraction_params={"original_date": True, "extensive_search": False},
            )
    except (LxmlError, *FAULTS) as error:
        raise SourceError(f"the page can't be taken apart ({type(error).__name__})", where=where, hint=_HINT) from error
    # Of a page without an article trafilatura gives what little text there is.
    if found is None or isinstance(found, dict) or len((found.text or "").strip()) < _SHORTEST:
        raise SourceError("no article is found in the page", where=where, hint=_HINT)
    text: str = found.text or ""
    lang = _LANG.search(page[:_HEAD])
    known = Metadata(
        outlet=found.sitename or found.hostname or None,
        published=read_day(found.date),
        title=found.title or None,
        url=found.url or url,
        lang=lang[1] if lang else None,
    )
    return text, known


def _defuse(tree: Any) -> None:
    """Take from a page what trafilatura's patterns would spend hours on: very many signs "<" in texts and attributes.

    It looks for tags in them from each such sign to the end. Pages that were made to be read have few or none.
    """
    left = _STEPS
    for element in tree.iter():
        plain = isinstance(element.tag, str)  # a comment is none
        for name, value in element.attrib.items() if plain else ():
            cut = value[:_ATTRIBUTE]
            if cut.count("<") > _SIGNS:
                cut = cut.replace("<", " ")
            if cut != value:
                element.set(name, cut)
        for name in ("text", "tail") if plain else ("tail",):
            words = getattr(element, name)
            if words and "<" in words:
                left -= words.count("<") * len(words)
                if left < 0:
                    setattr(element, name, words.replace("<", " "))
