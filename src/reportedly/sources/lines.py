"""The lines of a file of any size, one at a time, cut at "\\n" only: U+2028 and the like are part of a text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from reportedly.sources.base import Input
from reportedly.sources.decode import encoding_of

_CHUNK = 65_536


def read_lines(file: Input, longest: int) -> Iterator[bytes | None]:
    """The lines of `file` with their line ends, in UTF-8 whatever the file's byte order mark says.

    Lines of a file in an older 8-bit encoding come as they are. A line of more than `longest` bytes (code points, where
    a character takes two bytes or more) is `None`; it is skipped without being held.
    """
    known = encoding_of(file.head)
    if known is not None and known[1]:
        file.stream.read(known[1])
    if known is None or known[0] == "utf-8":
        return _narrow(file.stream, longest)
    return _wide(file.stream, longest, known[0])


def _narrow(stream: BinaryIO, longest: int) -> Iterator[bytes | None]:
    while line := stream.readline(longest + 1):
        if len(line) > longest and not line.endswith(b"\n"):
            while (more := stream.readline(_CHUNK)) and not more.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def _wide(stream: BinaryIO, longest: int, encoding: str) -> Iterator[bytes | None]:
    # "\n" is two or four bytes here, and is one only at an even distance from the start: decode first, then cut.
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    pending, skipping = "", False
    while chunk := stream.read(_CHUNK):
        first, *rest = decoder.decode(chunk).split("\n")
        pending += first
        for following in rest:
            yield None if skipping else f"{pending}\n".encode()
            pending, skipping = following, False
        if len(pending) > longest:
            pending, skipping = "", True
    pending += decoder.decode(b"", final=True)
    if skipping or pending:
        yield None if skipping else pending.encode()
