"""Bytes to text: which encoding a file is in, and what files are no text at all."""

from __future__ import annotations

import codecs
import re

from reportedly.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PDF = "make text of it first (pdftotext) and read that"
_PICTURE = "only text can be read: leave it out"
_ARCHIVE = "unpack it first and read what is inside"
_KNOWN = (
    (b"%PDF", "a PDF", _PDF),
    (b"PK\x03\x04", "a ZIP archive or an office document", "unpack it, or save the document as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "save the document as plain text"),
    (b"{\\rtf", "a rich text document", "save the document as plain text"),
    (b"\x1f\x8b", "compressed (gzip)", _ARCHIVE),
    (b"BZh91AY", "compressed (bzip2)", _ARCHIVE),
    (b"\xfd7zXZ\x00", "compressed (xz)", _ARCHIVE),
    (b"(\xb5/\xfd", "compressed (zstd)", _ARCHIVE),
    (b"\x89PNG", "a picture", _PICTURE),
    (b"\xff\xd8\xff", "a picture", _PICTURE),
    (b"GIF8", "a picture", _PICTURE),
    (b"SQLite format 3\x00", "an SQLite database", "export its reports as CSV or JSON Lines"),
)
_HINT = "save it as UTF-8 text and read it again"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MANY_CONTROLS = 0.01
# Where letters of ASCII stand around these bytes, Mac Roman reads as English ("don’t", "Bogotá") and Windows-1252
# doesn't ("donÕt", "Bogot‡"). The two share no mark that would tell them apart more surely.
_MAC = re.compile(rb"[a-z][\xd2-\xd5][a-z\s]|[\s(][\xd2\xd4][A-Za-z]|[A-Za-z][\x80-\x91\x93-\x95\x97-\x9f][a-z]")
_WINDOWS = re.compile(rb"[a-z][\x92\x94][a-z\s]|[\s(][\x91\x93][A-Za-z]|[A-Za-z][\xe0-\xf6\xf8-\xff][a-z]")
_DECLARABLE = re.compile(r"(iso|windows|cp12|latin|ascii|us-ascii|koi8|shift|euc|gb|big5|mac)[\w-]{1,20}$|ascii$", re.I)
_HIGH = bytes(range(128, 256))
_FOREIGN_SHARE = 0.2
_SAMPLE = 65536


def encoding_of(head: bytes) -> tuple[str, int] | None:
    """The encoding that the byte order mark (or, without one, the pattern of NULs) gives, and the mark's length.

    `None` where there is neither: the file is UTF-8 or in some older 8-bit or East Asian encoding.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    pairs = len(head) // 2
    if pairs >= 4:
        even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
        if odd > 0.4 * pairs and even < 0.05 * pairs:
            return "utf-16-le", 0
        if even > 0.4 * pairs and odd < 0.05 * pairs:
            return "utf-16-be", 0
    return None


def decode(data: bytes, *, where: str, declared: str | None = None) -> str:
    """`data` as text, without its byte order mark; line ends as they are.

    Tried in order: the byte order mark, UTF-8, `declared` (what the file says of itself), and what the bytes look like.
    Raises `SourceError` for bytes that are no text, that stop in the middle of a character, or that mix encodings.
    """
    refuse_binary(data, where=where)
    known = encoding_of(data[:4096])
    if known is not None:
        encoding, skip = known
        return _strict(data[skip:], encoding, where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(data, error, where)
    return _older(data, where, declared)


def decode_line(data: bytes, *, where: str) -> str:
    """One line of a file as text: UTF-8, or what `decode` makes of it. Raises `SourceError` as `decode` does."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data, where=where)


def refuse_binary(data: bytes, *, where: str) -> None:
    """Raise `SourceError` if `data` (the start of a file is enough) is a known binary kind or full of control bytes."""
    for magic, kind, hint in _KNOWN:
        if data.startswith(magic):
            raise SourceError(f"the file is {kind}, not text", where=where, hint=hint)
    if encoding_of(data[:4096]) is None:
        sample = data[:_SAMPLE]
        if 0 in sample or len(_CONTROL.findall(sample)) > _MANY_CONTROLS * len(sample):
            raise SourceError("the file is binary, not text", where=where, hint="leave it out, or convert it to text")


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cause = f"the file is not the {encoding.upper()} that it seems to be (byte {error.start + 1})"
        raise SourceError(cause, where=where, hint=_HINT) from error


def _refuse_broken_utf8(data: bytes, error: UnicodeDecodeError, where: str) -> None:
    """Raise `SourceError` where `data` is UTF-8 but for a few bytes: any other reading would garble the good part."""
    tail = len(data) - error.start
    if error.reason == "unexpected end of data" and (tail > 1 or _count_high(data) > tail):
        hint = "the file was cut short: fetch it again"
        raise SourceError("the file stops in the middle of a character", where=where, hint=hint) from error
    lenient = data.decode("utf-8", "replace")
    bad = lenient.count("\N{REPLACEMENT CHARACTER}")
    good = sum(char > "\x7f" for char in lenient) - bad
    if good > 2 * bad:
        cause = f"the file is UTF-8 but for some bytes (the first is byte {error.start + 1})"
        raise SourceError(cause, where=where, hint=_HINT) from error


def _older(data: bytes, where: str, declared: str | None) -> str:
    # Python knows codecs that are no encodings of text files (punycode, unicode_escape); a page may not pick those.
    if declared is not None and _DECLARABLE.match(declared):
        # What calls itself Latin-1 is Windows-1252 in practice; web browsers read it so too.
        plain = declared.lower().replace("_", "-") in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii")
        name = "cp1252" if plain else declared
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            pass
    sample = data[:_SAMPLE]
    if _count_high(sample) <= _FOREIGN_SHARE * len(sample):
        name = "mac_roman" if len(_MAC.findall(sample)) > len(_WINDOWS.findall(sample)) else "cp1252"
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            pass
    return _guess(data, where)


def _count_high(data: bytes) -> int:
    return len(data) - len(data.translate(None, _HIGH))


def _guess(data: bytes, where: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        try:
            return data.decode(best.encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    raise SourceError("the encoding of the file can't be told", where=where, hint=_HINT)
