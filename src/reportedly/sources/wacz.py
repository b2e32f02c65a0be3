"""WACZ: a web archive with its index in one ZIP file, as browsers' recorders make it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile, ZipInfo

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Item, Options, failed
from reportedly.sources.unpack import BOMB
from reportedly.sources.warc import read_archive

_FOLDER = "archive/"
_ENDINGS = (".warc", ".warc.gz", ".warc.zst")
_HINT = "fetch it again, or unpack it and read the WARC files in archive/"
_MOST = 10_000


class WaczSource:
    """WACZ files: what `WarcSource` reads, from each WARC file in the folder `archive` of the ZIP, by name."""

    suffixes = (".wacz",)

    def suits(self, head: bytes) -> bool:
        """Never: other ZIP files begin likewise."""
        return False

    def read(self, file: Input, options: Options) -> Iterator[Item]:
        """The articles in `file`; their origin is `path!archive/name#n`."""
        if not file.head:
            raise SourceError("the file is empty", where=file.where, hint="leave it out, or fetch it again")
        if file.path is None:
            raise SourceError("a ZIP file is read from its end", where=file.where, hint="give it as a file, not a pipe")
        try:
            with ZipFile(file.path) as archive:
                members = _members(archive, file.where)
                for member in members:
                    yield from _read_member(archive, member, file.where, options)
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise SourceError(f"the ZIP file is damaged ({str(error)[:80]})", where=file.where, hint=_HINT) from error


def _members(archive: ZipFile, where: str) -> list[ZipInfo]:
    listed = archive.infolist()
    if len(listed) > _MOST:
        raise SourceError(f"the ZIP file holds {len(listed):,} files", where=where, hint="this is hardly a web archive")
    found = [m for m in listed if m.filename.startswith(_FOLDER) and m.filename.lower().endswith(_ENDINGS)]
    if not found:
        raise SourceError("no web archive is in the ZIP file", where=where, hint="a WACZ has WARC files in archive/")
    return sorted(found, key=lambda member: member.filename)


def _read_member(archive: ZipFile, member: ZipInfo, where: str, options: Options) -> Iterator[Item]:
    inside = f"{where}!{member.filename}"
    times, least = BOMB
    try:
        if member.file_size > least and member.file_size > times * member.compress_size:
            raise SourceError(f"it unpacks to more than {times} times its size", where=inside, hint=_HINT)
        with archive.open(member) as stream:
            yield from read_archive(stream, inside, options)  # type: ignore[arg-type]
    except SourceError as error:
        yield failed(error)
    except (BadZipFile, EOFError, zlib.error, RuntimeError) as error:
        # RuntimeError: the member is encrypted.
        yield failed(SourceError(f"it can't be unpacked ({str(error)[:80]})", where=inside, hint=_HINT))
