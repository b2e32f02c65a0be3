"""Lists of feeds in OPML, as feed readers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from reportedly.errors import SourceError

_LARGEST = 4 * 2**20
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_HINT = 'export the list from a feed reader as OPML: <opml><body><outline xmlUrl="https://…"/></body></opml>'


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to follow, and what the list calls it."""

    url: str
    title: str | None = None


def read_opml(path: Path) -> tuple[Feed, ...]:
    """The feeds of a list, in its order, each address once. Raises `SourceError` where it is none, or names no feed."""
    where = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}", where=where, hint="check the path") from error
    if len(data) > _LARGEST:
        raise SourceError("is too large for a list of feeds", where=where, hint="split it")
    if _DECLARATION.search(data):
        # Lists define no entities; a file that does may blow up to gigabytes.
        raise SourceError("declares XML entities", where=where, hint="take the <!DOCTYPE …> out of it")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise SourceError(f"is no XML: {error}", where=where, hint=_HINT) from error
    feeds: dict[str, Feed] = {}
    for outline in root.iter("outline"):
        known = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        url = known.get("xmlurl", "")
        if url:
            feeds.setdefault(url, Feed(url, known.get("title") or known.get("text") or None))
    if not feeds:
        raise SourceError("names no feeds", where=where, hint=_HINT)
    return tuple(feeds.values())
