"""CSV and TSV: one report a row, columns named in the first."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Options, failed, short, size
from reportedly.sources.decode import decode_line, encoding_of, refuse_binary
from reportedly.sources.lines import read_lines
from reportedly.sources.make import make_report
from reportedly.sources.metadata import find_columns, plain, read_fields
from reportedly.types import Failure, Report

_DELIMITERS = (",", "\t", ";", "|")
_SEPARATOR_LINE = re.compile(r"sep=.\s*$", re.I)
_COLUMNS_SHOWN = 12
_BROKEN_IN_A_ROW = 100


class CsvSource:
    """Tables of reports. The delimiter (comma, tab, semicolon, bar) is told from the first row.

    Quoting is read strictly: a row whose quotation marks don't add up, or that has more fields than columns, is a
    failure rather than a garbled text.
    """

    suffixes = (".csv", ".tsv", ".tab")

    def suits(self, head: bytes) -> bool:
        """Whether the first line names a column of text and another one that is known."""
        encoding, skip = encoding_of(head) or ("utf-8", 0)
        first = head[skip:].decode(encoding, "replace").lstrip("\r\n").partition("\n")[0]
        columns = find_columns(_names(_cells(first, _delimiter(first, {}))), {})
        return "text" in columns and len(columns) > 1

    def read(self, file: Input, options: Options) -> Iterator[Report | Failure]:
        """The reports in `file`; their origin is `path:line` of the line on which the row begins."""
        refuse_binary(file.head, where=file.where)
        lines = _Lines(file, options.limits.row)
        delimiter, header = _read_header(lines, options.mapping)
        columns = find_columns(_names(header), options.mapping)
        if "text" not in columns:
            wanted = options.mapping.get("text")
            cause = f"no column {wanted!r}" if wanted else "no column holds the text"
            cause = f"{cause}; there are: {_listed(header)}"
            raise SourceError(cause, where=f"{file.where}:{lines.number}", hint="say which: --map text=COLUMN")
        places = {name: header.index(column) for name, column in columns.items()}
        yield from _read_rows(lines, delimiter=delimiter, width=len(header), places=places, options=options)


class _Lines:
    """The decoded lines of a file for `csv.reader`, which also remembers the bytes of the row that it is in."""

    def __init__(self, file: Input, longest: int) -> None:
        self.where = file.where
        self.number = 0
        self._lines = read_lines(file, longest)
        self._longest = longest
        self._begin = 1
        self._hash = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self._size += self._longest + 1 if line is None else len(line)
        if line is None or self._size > self._longest:
            hint = "look for a quotation mark that is never closed; a text of that length has to be split"
            where = f"{self.where}:{self.first}"
            raise SourceError(f"a row is longer than {size(self._longest)}", where=where, hint=hint)
        self._hash.update(line)
        return decode_line(line, where=f"{self.where}:{self.number}")

    @property
    def first(self) -> int:
        """The number of the first line of the row that is being read, or was last."""
        return min(self._begin, max(1, self.number))

    def begin(self) -> None:
        """A new row begins with the next line."""
        self._begin = self.number + 1
        self._hash = hashlib.sha256()
        self._size = 0

    def received(self) -> str:
        """The hash of the row's bytes, line end included."""
        return self._hash.hexdigest()


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Sequence[str]
    where: str
    received: str


def _read_header(lines: _Lines, mapping: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter and the names of the columns."""
    for line in lines:
        if line.strip() and not _SEPARATOR_LINE.match(line):
            delimiter = _delimiter(line, mapping)
            return delimiter, [name.strip() for name in _cells(line, delimiter)]
        lines.begin()
    raise SourceError("the file is empty", where=lines.where, hint="leave it out, or fetch it again")


def _delimiter(line: str, mapping: Mapping[str, str]) -> str:
    """The delimiter that makes most sense of the first line: known columns count first, then the number of columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = _cells(line, delimiter)
        return len(find_columns(_names(cells), mapping)), len(cells)

    return max(_DELIMITERS, key=worth)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _names(header: Sequence[str]) -> dict[str, str]:
    return {plain(name): name for name in reversed(header)}


def _read_rows(
    lines: _Lines, *, delimiter: str, width: int, places: Mapping[str, int], options: Options
) -> Iterator[Report | Failure]:
    for row in _rows(lines, delimiter=delimiter, longest=options.limits.row):
        try:
            if isinstance(row, SourceError):
                raise row
            if len(row.cells) > width:
                cause = f"the row has {len(row.cells)} fields, the header {width}"
                hint = "put fields that hold the delimiter in quotation marks"
                raise SourceError(cause, where=row.where, hint=hint)
            fields = {name: row.cells[place] for name, place in places.items() if place < len(row.cells)}
            text = fields.pop("text", "")
            yield make_report(
                text, read_fields(fields), where=row.where, received=row.received, limits=options.limits
            )
        except SourceError as error:
            yield failed(error)


def _rows(lines: _Lines, *, delimiter: str, longest: int) -> Iterator[_Row | SourceError]:
    """The rows that are not blank; a broken one is the error to report. Reading goes on at the next line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    broken = 0
    while broken < _BROKEN_IN_A_ROW:
        lines.begin()
        try:
            cells = _next(reader, longest)
        except StopIteration:
            return
        except csv.Error as error:
            broken += 1
            hint = "double the quotation marks inside a field, and close each field that opens with one"
            yield SourceError(f"broken CSV: {error}", where=f"{lines.where}:{lines.first}", hint=hint)
            continue
        except SourceError as error:
            # A line that can't be decoded; or one too long, after which nobody knows where the next row begins.
            yield error
            return
        broken = 0
        if any(cell.strip() for cell in cells):
            yield _Row(cells, f"{lines.where}:{lines.first}", lines.received())
    cause = f"{_BROKEN_IN_A_ROW} broken rows one after another: the rest of the file is left out"
    yield SourceError(cause, where=f"{lines.where}:{lines.number}", hint="check how the file was exported")


def _next(reader: Iterator[list[str]], longest: int) -> list[str]:
    """The next row. The limit of a field is the csv module's own, for all readers; it is lent and given back."""
    usual = csv.field_size_limit(longest)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(usual)


def _listed(header: Sequence[str]) -> str:
    names = [short(name, 30) for name in header[:_COLUMNS_SHOWN]]
    return (", ".join(names) or "none") + (", …" if len(header) > _COLUMNS_SHOWN else "")
