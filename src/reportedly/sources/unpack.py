"""Compressed files, unpacked on the way: gzip, bzip2, xz and zstd around any kind of file that is read as a stream."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from reportedly.errors import SourceError
from reportedly.sources.base import Meter

MAGIC = {".gz": b"\x1f\x8b", ".bz2": b"BZh", ".xz": b"\xfd7zXZ\x00", ".zst": b"(\xb5/\xfd"}
"""Endings of compressed files, and the bytes that such a file begins with."""

BOMB = 100, 256 * 2**20
"""A file that unpacks to so many times its size, and to more than so many bytes, is no text: texts shrink tenfold."""

_HINT_CUT = "fetch the file again, or unpack what is left of it (zcat) and read that"


def unpacked(packed: BinaryIO, suffix: str, *, where: str) -> BinaryIO:
    """What is in `packed`, as a stream that raises `SourceError` where it is damaged or a bomb. Closing it closes both.

    `suffix` is one of `MAGIC`. Several compressed pieces in a row, as web archives have them, are one stream.
    """
    counted = Counted(packed)
    return io.BufferedReader(_Unpacked(_OPENERS[suffix](io.BufferedReader(counted), where), counted, where))


class Counted(io.RawIOBase):
    """A stream that knows how many bytes were drawn from it, and tells `meter`."""

    def __init__(self, stream: BinaryIO, meter: Meter | None = None) -> None:
        self._stream = stream
        self._meter = meter
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._stream.read(len(buffer))
        self.count += len(data)
        if self._meter is not None:
            self._meter.drawn += len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """The unpacked bytes; the errors of four libraries are one here."""

    def __init__(self, inner: Any, packed: Counted, where: str) -> None:
        self._inner = inner
        self._packed = packed
        self._where = where
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        import lzma
        import zlib

        known = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)
        faults: tuple[type[Exception], ...] = (*known, *_zstd_errors())
        try:
            data: bytes = self._inner.read(len(buffer))
        except faults as error:
            cause = f"the compressed file is damaged or cut short ({str(error)[:80] or type(error).__name__})"
            raise SourceError(cause, where=self._where, hint=_HINT_CUT) from error
        self._count += len(data)
        times, least = BOMB
        if self._count > least and self._count > times * self._packed.count:
            cause = f"the file unpacks to more than {times} times its size"
            hint = "this is no text; if it is, unpack it first and read what is inside"
            raise SourceError(cause, where=self._where, hint=hint)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        self._packed.close()
        super().close()


def _gzip(packed: BinaryIO, where: str) -> Any:
    import gzip

    return gzip.GzipFile(fileobj=packed)


def _bzip2(packed: BinaryIO, where: str) -> Any:
    import bz2

    return bz2.BZ2File(packed)


def _xz(packed: BinaryIO, where: str) -> Any:
    import lzma

    return lzma.LZMAFile(packed)


def _zstd(packed: BinaryIO, where: str) -> Any:
    module = _zstd_module()
    if module is None:
        hint = "pip install 'reportedly[archives]', or unpack the file first (unzstd)"
        raise SourceError("zstd needs a package that is not installed", where=where, hint=hint)
    return module.ZstdFile(packed)


def _zstd_module() -> Any:
    """Python's own module from 3.14 on, else the package that brings it to older ones, else `None`."""
    from importlib import import_module

    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


def _zstd_errors() -> tuple[type[Exception], ...]:
    module = _zstd_module()
    return () if module is None else (module.ZstdError,)


_OPENERS: dict[str, Callable[[BinaryIO, str], Any]] = {".gz": _gzip, ".bz2": _bzip2, ".xz": _xz, ".zst": _zstd}
