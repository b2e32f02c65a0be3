"""Plain text and Markdown: one report a file, perhaps with metadata before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Options, read_whole, sha256, short
from reportedly.sources.decode import decode
from reportedly.sources.make import make_report
from reportedly.sources.metadata import find_columns, plain, read_fields, read_line
from reportedly.types import Failure, Report

_FENCE = re.compile(r"---[ \t]*\r?\n")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$\n?", re.M)
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_KEY = re.compile(r"\s*[\w-]+:(?:\s|$)")
_LONGEST_FRONT = 65_536
_HEADING = re.compile(r"\s*#{1,2}[ \t]+(?P<title>[^\r\n]{1,300})")
_TITLE = re.compile(r"(?P<title>[^\r\n]{10,160})\r?\n[ \t]*\r?\n\s*\S")
_NO_TITLE_END = ".:;,!…-–—\"”"
_EDGES = " \t\r\n\v\f"


class TextSource:
    """Plain text and Markdown files.

    Taken off the text, and only here: YAML front matter, or else lines of metadata at the top ("date 2021-04-02"), and
    blank space before and after. Everything else stays as it stands, headline, dateline and Markdown marks included.
    """

    suffixes = (".txt", ".text", ".md", ".markdown")

    def suits(self, head: bytes) -> bool:
        """Never surely: what no other source knows is tried as text."""
        return False

    def read(self, file: Input, options: Options) -> Iterator[Report | Failure]:
        """The one report in `file`. Raises `SourceError` where there is none."""
        data = read_whole(file, options.limits)
        whole = decode(data, where=file.where)
        fields, text = _split(whole, where=file.where, mapping=options.mapping)
        if "title" not in fields:
            title = _find_title(text)
            fields = fields if title is None else {**fields, "title": title}
        yield make_report(
            text, read_fields(fields), where=file.where, received=sha256(data), limits=options.limits
        )


def _split(whole: str, *, where: str, mapping: Mapping[str, str]) -> tuple[dict[str, object], str]:
    """Metadata before the text, by field, and the text without it."""
    whole = whole.lstrip(_EDGES)
    fence = _FENCE.match(whole)
    if fence is None:
        fields, start = _read_lines(whole)
    else:
        fields, start = _read_front(whole, fence.end(), where=where, mapping=mapping)
    return fields, whole[start:].strip(_EDGES)


def _read_front(whole: str, start: int, *, where: str, mapping: Mapping[str, str]) -> tuple[dict[str, object], int]:
    """Front matter that begins at `start`, and where the text after it begins. Rules ("---") in prose are no such."""
    end = _FENCE_END.search(whole, start, start + _LONGEST_FRONT)
    if end is None:
        if _KEY.match(whole, start):
            hint = 'end it with a line "---", or take it out'
            raise SourceError("the front matter has no end", where=f"{where}:1", hint=hint)
        return {}, 0
    front = whole[start : end.start()]
    try:
        found = _parse_yaml(front, where=where)
    except SourceError:
        if _BLANK_LINE.match(front):
            return {}, 0
        raise
    if found is None:
        return {}, end.end()
    if not isinstance(found, Mapping):
        return {}, 0
    names = {plain(key): key for key in reversed(found) if isinstance(key, str)}
    columns = find_columns(names, {name: key for name, key in mapping.items() if name != "text"})
    fields = {name: found[key] for name, key in columns.items() if name != "text"}
    # Between two rules in prose a blank line comes first, and "Tillabar: …" there is no metadata.
    return (fields, end.end()) if fields or not _BLANK_LINE.match(front) else ({}, 0)


def _parse_yaml(front: str, *, where: str) -> object:
    """The YAML in `front`, every scalar as the string that stands there, so that nothing depends on YAML's types."""
    import yaml

    hint = "mend the YAML between the two lines \"---\" (quote a value that has a colon in it), or take it out"
    try:
        return yaml.load(front, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        cause = f"the front matter is broken: {short(error.problem or 'not YAML')}"
        raise SourceError(cause, where=f"{where}:{line}", hint=hint) from error
    except yaml.YAMLError as error:
        raise SourceError("the front matter is broken: not YAML", where=f"{where}:1", hint=hint) from error
    except RecursionError as error:
        raise SourceError("the front matter is nested too deep", where=f"{where}:1", hint=hint) from error


def _read_lines(whole: str) -> tuple[dict[str, object], int]:
    """Lines of metadata at the top, each field once, and where the text after them begins."""
    fields: dict[str, object] = {}
    start = 0
    while start < len(whole):
        end = whole.find("\n", start)
        end = len(whole) if end < 0 else end
        found = read_line(whole[start:end])
        if found is None or found[0] in fields:
            break
        fields[found[0]] = found[1]
        start = end + 1
    return fields, start


def _find_title(text: str) -> str | None:
    """A Markdown heading, or a first line that stands alone and does not end like a sentence. It stays in the text."""
    if match := _HEADING.match(text):
        return match["title"].strip(" #\t") or None
    match = _TITLE.match(text)
    if match is None:
        return None
    title = match["title"].strip()
    return title if title and title[-1] not in _NO_TITLE_END and len(title.split()) > 2 else None

