"""Web archives: the news articles among the pages of a WARC file (as Common Crawl's CC-NEWS has them), or of a WACZ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Item, Options, failed, sha256, short, size
from reportedly.sources.decode import decode
from reportedly.sources.html import declared_charset, take_article
from reportedly.sources.make import make_report
from reportedly.sources.metadata import Metadata
from reportedly.sources.news import SHORTEST, no_article
from reportedly.types import Report, Skipped

_HTML = ("text/html", "application/xhtml+xml")
_HINT_CUT = "what came before was read; fetch the archive again for the rest"
_PICTURE = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]+")
_BEGINS = b"WARC/"


class WarcSource:
    """WARC files, compressed or not. Of their pages only English news articles are read; the rest is counted.

    A report's outlet is the site's name, its day the one that the page states, and its address that of the capture. The
    hash of what was received is that of the page's bytes, unpacked.
    """

    suffixes = (".warc", ".warc.gz", ".warc.zst")

    def suits(self, head: bytes) -> bool:
        """Whether `head` begins a WARC file that is not compressed."""
        return head.startswith(_BEGINS)

    def read(self, file: Input, options: Options) -> Iterator[Item]:
        """The articles in `file`; their origin is `path#n`, the n-th record."""
        if not file.head:
            raise SourceError("the file is empty", where=file.where, hint="leave it out, or fetch it again")
        yield from read_archive(file.stream, file.where, options)


def read_archive(stream: BinaryIO, where: str, options: Options) -> Iterator[Item]:
    """The articles of one WARC stream, then what else is in it, counted by reason.

    Raises `SourceError` where the stream is no archive or is damaged; what came before the damage has been given.
    """
    reasons: Counter[str] = Counter()
    number = 0
    for number, record in _records(stream, where):
        try:
            found = _read_page(record, f"{where}#{number}", options)
        except SourceError as error:
            yield failed(error)
            continue
        if isinstance(found, str):
            reasons[found] += 1
        else:
            yield found
    if number == 0:
        raise SourceError("no record of a web archive is in the file", where=where, hint="give a WARC or WACZ file")
    yield from (Skipped(where, reason, count) for reason, count in sorted(reasons.items()))


def _records(stream: BinaryIO, where: str) -> Iterator[tuple[int, Any]]:
    """The responses in the archive with their numbers, 1 for the first record of any type."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        cause, hint = "reading web archives needs a package that is not installed", "pip install 'reportedly[archives]'"
        raise SourceError(cause, where=where, hint=hint) from error
    wanted = (WarcRecordType.response, WarcRecordType.revisit, WarcRecordType.resource)
    try:
        told: Any = _Told(stream)
        records = ArchiveIterator(told, parse_http=True, auto_decode="all", quirks_mode=True, fsspec_args=False)
        for number, record in enumerate(records, 1):
            if record.record_type in wanted:
                yield number, record
    except SourceError:
        raise
    except BaseException as error:
        # The parser's panics are no `Exception`, and their class can't be imported.
        if not isinstance(error, OSError | ValueError | EOFError) and type(error).__name__ != "PanicException":
            raise
        cause = f"the archive is damaged or cut short ({short(str(error), 80) or type(error).__name__})"
        raise SourceError(cause, where=where, hint=_HINT_CUT) from error


class _Told:
    """A stream that tells how far it was read; the parser asks, and a pipe doesn't know."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def _read_page(record: Any, where: str, options: Options) -> Report | str:
    """The report in a record, or why it holds none. Raises `SourceError` for an article that can't be read."""
    from fastwarc.warc import WarcRecordType

    if record.record_type == WarcRecordType.revisit:
        return "the same as a page archived before"
    status = record.http_headers.status_code if record.is_http and record.http_headers else 200
    if status != 200:
        return "no page: an error or a redirection"
    kind = record.http_content_type if record.is_http else record.headers.get("Content-Type")
    if (kind or "").split(";")[0].strip().lower() not in _HTML:
        return "not a web page: a picture, a file, data"
    if "WARC-Truncated" in record.headers:
        return "cut short when it was archived"
    data = _payload(record, options.limits.file, where)
    if data is None:
        return f"larger than {size(options.limits.file)}"
    url = _address(record.headers.get("WARC-Target-URI"))
    try:
        page = decode(data, where=where, declared=record.http_charset or declared_charset(data))
    except SourceError:
        return "in an encoding that can't be told"
    page = _PICTURE.sub("", page)
    if len(page) > options.limits.page:
        return f"longer than {options.limits.page:,} characters"
    return no_article(page, url) or _article(page, url, where, sha256(data), options)


def _payload(record: Any, most: int, where: str) -> bytes | None:
    """The page's bytes, unpacked, or `None` where there are more than `most`. Raises `SourceError` where some lack."""
    packed = record.is_http and any(name in record.http_headers for name in ("Content-Encoding", "Transfer-Encoding"))
    try:
        data: bytes = record.reader.read(most + 1)
        short_of = not packed and len(data) < min(record.content_length, most)
    except (OSError, ValueError, EOFError):
        data, short_of = b"", True
    if short_of:
        raise SourceError("the archive is damaged or cut short: the page lacks its end", where=where, hint=_HINT_CUT)
    return data if len(data) <= most else None


def _address(url: str | None) -> str | None:
    """The address, if it is one."""
    try:
        return url if url and urlsplit(url).hostname else None
    except ValueError:  # brackets with no IPv6 address in them
        return None


def _article(page: str, url: str | None, where: str, received: str, options: Options) -> Report | str:
    try:
        text, known = take_article(page, where, url=url)
    except SourceError:
        return "no article is found in the page"
    if len(text) < SHORTEST:
        return "too little text for an article"
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    known = Metadata(
        outlet=known.outlet or host or None, published=known.published, title=known.title, url=url or known.url,
        lang=known.lang,
    )  # fmt: skip
    return make_report(text, known, where=where, received=received, limits=options.limits)
