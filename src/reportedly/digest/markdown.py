"""A digest as Markdown, for a wiki, a mail or a repository. The pictures are in the file, as data of SVG images."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from reportedly.digest.page import LINES, SAID
from reportedly.digest.pictures import draw
from reportedly.digest.summary import Digest, Item, Line

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#!|~&$])")
_URL = re.compile(r"https?://", re.I)


def write_markdown(digest: Digest) -> str:
    """The whole file."""
    parts = [
        f"# {_clean(digest.title)}",
        f"{_clean(digest.counts)}. {SAID}",
        *(_image(name, picture) for name, picture in draw(digest)),
        *_incidents("New incidents", [item for item in digest.items if item.new]),
        *_changes("Disputes opened", ((item, item.opened) for item in digest.items)),
        *_changes("Disputes closed", ((item, item.closed) for item in digest.items)),
        *_changes("Tolls revised", ((item, item.revised) for item in digest.items)),
        *_incidents("Told of again", [item for item in digest.items if not item.new]),
        "## How this was made",
        "\n".join(f"* {_clean(note)}" for note in digest.notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _image(name: str, picture: str) -> str:
    return f"![{name}](data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode('ascii')})"


def _incidents(heading: str, items: Sequence[Item]) -> Iterable[str]:
    if items:
        yield f"## {heading}"
    for item in items:
        yield f"### {item.number}. {_clean(item.head)}" + (" (in dispute)" if item.disputed else "")
        more = len(item.lines) - LINES
        rest = [f"* and {more} more"] if more > 0 else []
        yield "\n".join([*map(_line, item.lines[:LINES]), *rest])


def _line(line: Line) -> str:
    kind = f" ({_clean(line.kind)})" if line.kind else ""
    day = f", {_clean(line.published)}" if line.published else ""
    link = f" [source](<{_address(line.url)}>)" if line.url and _URL.match(line.url) else ""
    said = f"\n  > {_clean(line.quote)}" if line.quote else ""
    return f"* **{_clean(line.teller)}**{kind} {_clean(line.says)}{day}{link}{said}"


def _changes(heading: str, changed: Iterable[tuple[Item, Sequence[str]]]) -> Iterable[str]:
    lines = [
        f"* {item.number}\\. {_clean(item.head)}: {_clean(words)}" for item, all_words in changed for words in all_words
    ]
    if lines:
        yield f"## {heading}"
        yield "\n".join(lines)


def _address(url: str) -> str:
    """An address with nothing in it that Markdown or HTML would take for its own."""
    return quote(url.encode("utf-8", "replace").decode(), safe="/:?&=%#~;,+@!$*'.-_")


def _clean(words: str | None) -> str:
    """Words from outside: every sign of Markdown and HTML escaped, line ends as blanks."""
    text = " ".join((words or "").split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return _SIGNS.sub(r"\\\1", text.encode("utf-8", "replace").decode())
