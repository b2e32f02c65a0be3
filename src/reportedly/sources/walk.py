"""Paths to files: folders opened in order, and what can't be opened told."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from reportedly.errors import SourceError
from reportedly.sources.base import HEAD, Input, Meter, failed
from reportedly.sources.unpack import MAGIC, Counted, unpacked
from reportedly.types import Failure

STDIN = "-"


def walk(paths: Iterable[str]) -> Iterator[Path | Failure]:
    """The files under `paths`: each path in turn, folders with all that is in them, by name.

    Names that begin with a dot are skipped inside folders, not where they are given. Links are followed, but never back
    into a folder that is being walked. `-` is passed on.
    """
    for path in paths:
        given = Path(path)
        if path == STDIN or not _is_folder(given):
            yield given
            continue
        empty = True
        for found in _walk_folder(given):
            empty = False
            yield found
        if empty:
            hint = "give a folder with reports in it; hidden files are not read"
            yield failed(SourceError("the folder holds no files", where=shown(given), hint=hint))


def _walk_folder(top: Path) -> Iterator[Path | Failure]:
    # A stack of its own: a tree of folders can be deeper than Python's. `above` holds the folders that lead here.
    waiting: list[tuple[Path, frozenset[tuple[int, int]]]] = [(top, frozenset())]
    while waiting:
        path, above = waiting.pop()
        if not _is_folder(path):
            # Opening a pipe that nobody writes to would wait for ever; a pipe is read only where the user names it.
            yield failed(_special(path)) if _is_pipe(path) else path
            continue
        try:
            status = path.stat()
            here = (status.st_dev, status.st_ino)
            entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            yield failed(unreadable(error, path))
            continue
        if here not in above:
            waiting.extend((entry, above | {here}) for entry in reversed(entries))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_pipe(path: Path) -> bool:
    try:
        return path.is_fifo()
    except OSError:
        return False


def open_input(path: Path, *, whole: Collection[str] = (), meter: Meter | None = None) -> Input:
    """`path` opened for reading, its first bytes at hand. Raises `SourceError` where that can't be done.

    A compressed file ("x.jsonl.gz") is unpacked on the way, but for those whose ending is among `whole` (".warc.gz"):
    whoever reads these unpacks them. `meter` is told what is drawn. A pipe may be read where the user names it; the
    caller closes `stream`.
    """
    if str(path) == STDIN:
        return _input(sys.stdin.buffer, STDIN, "", whole=whole)
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise _special(path)
        stream = io.BufferedReader(Counted(path.open("rb", buffering=0), meter))
    except (OSError, ValueError) as error:
        raise unreadable(error, path) from error
    try:
        suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
        return _input(stream, shown(path), *suffixes[-1:], whole=whole, outer="".join(suffixes), path=path)
    except OSError as error:
        stream.close()
        raise unreadable(error, path) from error
    except SourceError:
        stream.close()
        raise


def _input(
    stream: BinaryIO, where: str, suffix: str = "", *, whole: Collection[str], outer: str = "", path: Path | None = None
) -> Input:
    """`suffix` is the last ending, `outer` the last two together."""
    head = stream.read(HEAD)
    joined = io.BufferedReader(_Rejoined(head, stream))
    named = next((ending for ending in whole if outer.endswith(ending)), None)
    if named is not None:
        return Input(where, named, head, joined, path)
    packed = next((ending for ending, magic in MAGIC.items() if head.startswith(magic)), None)
    if packed is None:
        return Input(where, suffix, head, joined, path)
    inner = unpacked(joined, packed, where=where)
    suffix = outer.removesuffix(suffix) if suffix == packed else suffix
    try:
        head = inner.read(HEAD)
    except SourceError:
        inner.close()
        raise
    return Input(where, suffix, head, io.BufferedReader(_Rejoined(head, inner)))


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already: they come again, then the rest. A pipe can't be wound back."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = bytes(self._head[: len(buffer)]) or self._rest.read(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if self._rest is not sys.stdin.buffer:
            self._rest.close()
        super().close()


def _special(path: Path) -> SourceError:
    return SourceError("neither a file nor a folder", where=shown(path), hint="give a file or a folder")


def unreadable(error: OSError | ValueError, path: Path) -> SourceError:
    """What an error in opening or reading `path` means to the user."""
    if isinstance(error, FileNotFoundError):
        link = path.is_symlink()
        cause = "the link leads nowhere" if link else "no such file or folder"
        return SourceError(cause, where=shown(path), hint="remove the link" if link else "check the path")
    if isinstance(error, PermissionError):
        return SourceError("reading is not allowed", where=shown(path), hint="check who may read the file (ls -l)")
    cause = (error.strerror or type(error).__name__) if isinstance(error, OSError) else "no path can have that name"
    hint = "check the path, the disk and the file's rights"
    return SourceError(f"reading failed: {cause}", where=shown(path), hint=hint)


def shown(path: Path) -> str:
    """`path` as it can be printed and stored: bytes of a name that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
