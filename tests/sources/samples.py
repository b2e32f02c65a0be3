"""Good files of every kind, about incidents that never happened, and helpers to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BufferedReader, BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pyarrow import Table
from pyarrow.parquet import write_table

from reportedly.errors import SourceError
from reportedly.sources import Input, Item, Options, Source, read_paths
from reportedly.sources.base import HEAD, failed
from reportedly.types import Failure, Report

STORY = (
    "Residents of Tillabar said on Tuesday that two shells had hit the grain market, killing at least four people. "
    "The army denied that it had fired on the town and said that the road to the north was open."
)
SECOND = "A doctor at the clinic in Tillabar said that she had treated nine people, and that two of them were children."

GERMAN = (
    "Bewohner der Stadt teilten am Dienstag mit, dass zwei Granaten den Markt getroffen hätten. "
    "Die Armee wies das zurück und sprach von Propaganda der Rebellen im Norden des Landes."
)

TEXT = f"---\ntitle: Shells hit market\noutlet: River Post\ndate: 2023-11-09\n---\n\n{STORY}\n".encode()
JSONL = "".join(json.dumps({"id": f"r{n}", "text": f"{STORY} {n}"}) + "\n" for n in (1, 2)).encode()
CSV = f'headline,body,date\nShells,"{STORY}",2023-11-09\nClinic,"{SECOND}",2023-11-10\n'.encode()
HTML = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shells hit market - River Post</title>'
    '<meta property="og:site_name" content="River Post">'
    '<meta property="article:published_time" content="2023-11-09T08:00:00+02:00">'
    '<link rel="canonical" href="https://river.example/a1"></head><body><nav><a href="/">Home</a></nav>'
    f"<article><h1>Shells hit market</h1><p>{STORY}</p><p>{SECOND}</p></article>"
    "<footer>Copyright 2024</footer></body></html>"
).encode()
FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>River Post</title>'
    "<item><title>Shells &amp; more</title><link>https://river.example/a1</link>"
    f"<pubDate>Thu, 09 Nov 2023 23:30:00 -0800</pubDate><description>&lt;p&gt;{STORY}&lt;/p&gt;"
    f"&lt;p&gt;{SECOND}&lt;/p&gt;</description></item></channel></rss>"
).encode()

def capture(body: bytes, *, url: str = "https://river.example/2023/11/09/shells-hit-market", **more: str) -> bytes:
    """One record of a web archive: the answer to a request for `url`. `more`: type, status, kind."""
    status, kind = more.get("status", "200 OK"), more.get("kind", "text/html; charset=utf-8")
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: {more.get('type', 'response')}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2023-11-09T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:0b8c7a52-6f35-4e2f-9c5b-1d3f6a7b8c9d>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def zipped(**files: bytes) -> bytes:
    """A ZIP file with these files in the folder `archive`, "_" in a name standing for a dot."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(f"archive/{name.replace('_', '.')}", (2023, 11, 9, 0, 0, 0)), data, ZIP_DEFLATED)
    return made.getvalue()


def table(rows: Sequence[Mapping[str, object]]) -> bytes:
    """A Parquet file with these rows."""
    made = BytesIO()
    write_table(Table.from_pylist([dict(row) for row in rows]), made)
    return made.getvalue()


WARC = capture(HTML)
WACZ = zipped(data_warc=WARC)
PARQUET = table([{"headline": "Shells", "body": STORY, "date": "2023-11-09"}])

GOOD = {
    "text": TEXT, "jsonl": JSONL, "csv": CSV, "html": HTML, "feed": FEED,
    "warc": WARC, "wacz": WACZ, "parquet": PARQUET,
}  # fmt: skip
SUFFIX = {name: f".{name}" for name in GOOD} | {"text": ".txt", "feed": ".rss"}


def as_input(data: bytes, *, where: str = "a", suffix: str = "", path: Path | None = None) -> Input:
    """`data` as an opened file."""
    return Input(where, suffix, data[:HEAD], BufferedReader(BytesIO(data)), path)


def drain(source: Source, data: bytes, *, suffix: str = "", options: Options | None = None) -> list[Item]:
    """All that `source` makes of `data`; that it refuses the file counts as a failure, as `read_paths` has it."""
    found: list[Item] = []
    with NamedTemporaryFile() as file:
        path = None
        if source.suffixes[0] in (".wacz", ".parquet"):  # these are read from their end
            file.write(data)
            file.flush()
            path = Path(file.name)
        try:
            found.extend(source.read(as_input(data, suffix=suffix, path=path), options or Options()))
        except SourceError as error:
            found.append(failed(error))
    return found


def read_bytes(folder: Path, name: str, data: bytes, **mapping: str) -> list[Item]:
    """All that is read from a file of that name with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return list(read_paths([str(path)], mapping=mapping))


def one_report(found: list[Item]) -> Report:
    """The only item of `found`, a report."""
    (report,) = found
    assert isinstance(report, Report), report
    return report


def one_failure(found: list[Item]) -> Failure:
    """The only item of `found`, a failure."""
    (failure,) = found
    assert isinstance(failure, Failure), failure
    return failure
