"""JSON: one report a line (JSON Lines), or one document with one report or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Options, failed, read_whole, sha256, short, size
from reportedly.sources.decode import decode_line, encoding_of, refuse_binary
from reportedly.sources.lines import read_lines
from reportedly.sources.make import make_report
from reportedly.sources.metadata import NAMES, find_columns, plain, read_fields
from reportedly.types import Failure, Report

_LISTS = ("reports", "articles", "documents", "docs", "items", "results", "entries", "data", "hits", "stories", "news")
_KEYS_SHOWN = 12
_START = re.compile(r'\s*(?:\[\s*)?\{\s*["}]')


class JsonlSource:
    """JSON Lines files, coded reports among them, and JSON documents.

    Text and id stay exactly as they come in. Lines end at "\\n" alone: other line separators are part of a text. A
    document is an object (one report), a list of objects, or an object with such a list under a usual name
    ("articles"); it is read whole, lines are not.
    """

    suffixes = (".jsonl", ".ndjson", ".json")

    def suits(self, head: bytes) -> bool:
        """Whether `head` begins like a JSON object or a list of them."""
        return _START.match(_text_of(head)) is not None

    def read(self, file: Input, options: Options) -> Iterator[Report | Failure]:
        """The reports in `file`. Their origin is `path:line`, or `path#n` in a document."""
        refuse_binary(file.head, where=file.where)
        if _is_document(file):
            yield from _read_document(file, options)
        else:
            yield from _read_rows(file, options)


def _is_document(file: Input) -> bool:
    """Whether the file is one JSON value over several lines, or a list, and not an object a line."""
    first, _, rest = _text_of(file.head).lstrip().partition("\n")
    if first.startswith("["):
        return True
    if not first.startswith("{") or not rest.strip():
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # Broken JSON on line 1 of many is a line's failure; an object that is only begun there is a document.
        return first.rstrip() in ("{", "[") or (file.suffix == ".json" and not rest.lstrip().startswith("{"))
    return False


def _read_rows(file: Input, options: Options) -> Iterator[Report | Failure]:
    count = 0
    for number, line in enumerate(read_lines(file, options.limits.line), 1):
        where = f"{file.where}:{number}"
        if line is None:
            count += 1
            hint = "split it: a line holds one report"
            yield failed(SourceError(f"the line is longer than {size(options.limits.line)}", where=where, hint=hint))
            continue
        if not line.strip():
            continue
        count += 1
        try:
            received = sha256(line.rstrip(b"\r\n"))
            yield from _reports(_parse(line, where=where), where=where, received=received, options=options)
        except SourceError as error:
            yield failed(error)
    if count == 0:
        raise SourceError("the file is empty", where=file.where, hint="leave it out, or fetch it again")


def _read_document(file: Input, options: Options) -> Iterator[Report | Failure]:
    data = read_whole(file, options.limits)
    found = _parse(data, where=file.where)
    yield from _reports(found, where=file.where, received=sha256(data), options=options)


def _reports(found: object, *, where: str, received: str, options: Options) -> Iterator[Report | Failure]:
    """The report that `found` is, or those in the list that it is or holds."""
    if isinstance(found, dict) and not _columns(found, options).get("text"):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), found)
    if not isinstance(found, list):
        yield _report(found, where=where, received=received, options=options)
        return
    if not found:
        hint = "give an object with a text, or a list of such objects"
        raise SourceError("the JSON holds no reports", where=where, hint=hint)
    for number, one in enumerate(found, 1):
        try:
            yield _report(one, where=f"{where}#{number}", received=received, options=options)
        except SourceError as error:
            yield failed(error)


def _parse(data: bytes, *, where: str) -> object:
    text = decode_line(data, where=where)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = f"character {error.pos + 1}" if error.lineno == 1 else f"line {error.lineno}"
        cause = f"broken JSON: {error.msg} at {at}"
        hint = "mend the line, or write the file again with a JSON library"
        raise SourceError(cause, where=where, hint=hint) from error
    except ValueError as error:
        raise SourceError(f"broken JSON: {short(str(error))}", where=where, hint="take out the long number") from error
    except RecursionError as error:
        raise SourceError("the JSON is nested too deep", where=where, hint="a report is one flat object") from error


def _report(found: object, *, where: str, received: str, options: Options) -> Report:
    if not isinstance(found, dict):
        hint = 'each report is an object: {"text": "…", "outlet": "…", "published": "2023-11-09"}'
        raise SourceError(f"not a JSON object but {_kind(found)}", where=where, hint=hint)
    columns = _columns(found, options)
    if "text" not in columns:
        wanted = options.mapping.get("text")
        cause = f"no key {wanted!r}" if wanted else "no key holds the text"
        raise SourceError(f"{cause}; there are: {_listed(found)}", where=where, hint="say which one: --map text=KEY")
    text = found[columns["text"]]
    if not isinstance(text, str):
        cause = f"{short(columns['text'])!r} is {_kind(text)}, not text"
        raise SourceError(cause, where=where, hint="give the text as one string, or say which key: --map text=KEY")
    fields = {name: found[key] for name, key in columns.items() if name != "text"}
    return make_report(text, read_fields(fields), where=where, received=received, limits=options.limits)


def _columns(found: dict[str, object], options: Options) -> dict[str, str]:
    """Which key holds which field; of several names for the text, the likeliest whose value is a string."""
    names = {plain(key): key for key in reversed(found)}
    columns = find_columns(names, options.mapping)
    if "text" not in options.mapping:
        keys = (names[name] for name in NAMES["text"] if name in names)
        columns["text"] = next((key for key in keys if isinstance(found[key], str)), columns.get("text", ""))
        if not columns["text"]:
            del columns["text"]
    return columns


def _text_of(head: bytes) -> str:
    encoding, skip = encoding_of(head) or ("utf-8", 0)
    return head[skip:].decode(encoding, "replace")


def _listed(found: dict[str, object]) -> str:
    keys = [short(key, 30) for key in list(found)[:_KEYS_SHOWN]]
    return (", ".join(keys) or "none") + (", …" if len(found) > _KEYS_SHOWN else "")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a truth value", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")
