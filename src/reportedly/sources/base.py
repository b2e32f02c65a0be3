"""What every source shares: the file it is given, the limits it keeps, and how a part that can't be read is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from reportedly.errors import SourceError
from reportedly.sources.decode import encoding_of
from reportedly.types import Failure, Report, Skipped

Item = Report | Failure | Skipped
"""What comes out of a file."""

HEAD = 8192
"""Bytes at the start of a file that a source may look at to tell whether the file is of its kind."""

FAULTS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RecursionError)
"""What libraries that take damaged pages and feeds apart are known to raise over them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in at once, so that no file, however large or hostile, takes the memory of the machine.

    `file`: bytes of a file that is read whole (text, HTML, feed, a JSON document); files of lines and rows have no
    limit. `page`: characters of HTML, pictures inside it not counted. `line`: bytes of one line of JSON, its coding
    included. `row`: bytes of one row of CSV. `text`: code points in one report.
    """

    file: int = 16 * 2**20
    page: int = 4 * 2**20
    line: int = 16 * 2**20
    row: int = 4 * 2**20
    text: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may say about input. `mapping` names the column or key that holds a field: `{"text": "body"}`."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class Meter:
    """How many bytes of the files were drawn so far, for whoever shows progress; `total` where it was counted."""

    def __init__(self, total: int | None = None) -> None:
        self.total = total
        self.drawn = 0


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    `where` is the path as the user would write it ("-" for standard input), `suffix` its ending in lower case with the
    dot, `head` its first `HEAD` bytes, and `stream` all of it from the start, those bytes included. Of a compressed
    file (`unpack`) suffix, head and stream are those of what is in it. `path` is for what has to be read from its end;
    it is `None` where the file can't be, as with standard input.
    """

    where: str
    suffix: str
    head: bytes
    stream: BinaryIO
    path: Path | None = None


class Source(Protocol):
    """A kind of file that reports are read from.

    A package offers one under the entry point group `reportedly.sources`: a class that is called without arguments.
    """

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of file names that are this kind, in lower case with the dot."""
        ...

    def suits(self, head: bytes) -> bool:
        """Whether a file whose name says nothing, and which begins with these bytes, is surely of this kind."""
        ...

    def read(self, file: Input, options: Options) -> Iterator[Item]:
        """The reports in `file`, in its order, and a `Failure` for each part that can't be read.

        A file that holds much beside reports may count that as `Skipped`.

        What ends the reading of the whole file may be raised as `SourceError`. Memory does not grow with the number of
        reports.
        """
        ...


def failed(error: SourceError) -> Failure:
    """`error` as a record."""
    return Failure(error.where or "", "source", error.what, error.hint)


def read_whole(file: Input, limits: Limits) -> bytes:
    """All bytes of `file`. Raises `SourceError` where it is empty or larger than `limits.file`."""
    data = file.stream.read(limits.file + 1)
    if len(data) > limits.file:
        hint = "split it into one file a report, or give the reports as JSON Lines or CSV"
        raise SourceError(f"the file is larger than {size(limits.file)}", where=file.where, hint=hint)
    _, mark = encoding_of(data[:4]) or ("", 0)
    if not data[mark:].strip():
        raise SourceError("the file is empty", where=file.where, hint="leave it out, or fetch it again")
    return data


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def size(count: int) -> str:
    """A number of bytes as people write it: "16 MiB", "300 bytes"."""
    for unit, factor in (("MiB", 2**20), ("KiB", 2**10)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"


def short(value: object, width: int = 60) -> str:
    """`value` on one line for a message, printable, cut to `width` code points."""
    text = value if isinstance(value, str) else repr(value)
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: width + 1])
    return line if len(line) <= width else line[: width - 1] + "…"
