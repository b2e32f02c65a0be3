"""Files as nobody should send them: python benchmarks/fuzz.py [--inputs 1000000] [--jobs 1] [--keep FOLDER]

Takes good files of every kind that is read, spoils them (bytes turned, cut out, doubled, spliced with another kind,
hostile tokens and numbers put in, lines and tags nested a thousandfold, packed, re-encoded) and reads each as
`reportedly read` would. It must end within `--limit` seconds of processor time and `--memory` megabytes, raise nothing,
and give only reports that a ledger can hold. Prints a row for each kind, and what went wrong; the exit status tells.
With --keep the inputs that went wrong stay there. Seeded: input N of seed S is always the same, and --only N reads it
alone. --minutes ends it sooner.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import lzma
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import FrameType
from zipfile import ZIP_DEFLATED, ZipFile

import reportedly.sources
from reportedly.sources import Limits, read_paths
from reportedly.store.codec import to_json
from reportedly.types import Failure, Report, Skipped

STORY = (
    "Residents of Tillabar said on Tuesday that two shells had hit the grain market, killing at least four people. "
    "The army denied that it had fired on the town and said that the road to the north was open. “We heard both,” "
    "a teacher told the River Post on 9 November 2023."
)
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shells hit market - River Post</title>'
    '<meta property="og:site_name" content="River Post"><meta property="article:published_time" content="2023-11-09T08'
    ':00:00+02:00"><link rel="canonical" href="https://river.example/a1"></head><body><nav><a href="/">Home</a></nav>'
    f"<article><h1>Shells hit market</h1><p>{STORY}</p><p>{STORY[::-1]}</p></article></body></html>"
)
FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>River Post</title><item><title>Shells '
    "&amp; more</title><link>https://river.example/a1</link><pubDate>Thu, 09 Nov 2023 23:30:00 -0800</pubDate>"
    f"<description>&lt;p&gt;{STORY}&lt;/p&gt;</description></item></channel></rss>"
)
TOKENS = [
    *(
        b"\0",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"\x1b[2J",
        b"\r",
    ),
    *(b"\r\n\r\n", b"\n---\n", b'"', b"'", b",", b"\\", b"\\ud800", b"\\u0000", b"{", b"[", b"}", b"]", b"<", b">"),
    *(b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#x110000;", b"&#0;", b"<a "),
    *(
        b"<script>",
        b"</article>",
        b"<meta charset=utf-7>",
        b"<meta charset=idna>",
        b'encoding="utf-16"',
        b"NaN",
        b"1e999",
    ),
    *(
        b"-0",
        b"99999999999999999999",
        b"0000-00-00",
        b"2023-02-30",
        b"9999-12-31T25:61:61+99:99",
        b"Content-Length: -1",
    ),
    *(
        b"WARC/1.0\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"FFFFFFFF\r\n",
        b"=cmd|' /C'!A0",
    ),
    *("\u202e".encode(), "\u2028".encode(), "\U000e0001".encode(), "e\u0301".encode() * 50, "﷽".encode() * 20),
]


@dataclass
class Found:
    """What came of some inputs."""

    inputs: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: dict[str, float] = field(default_factory=dict)
    reports: int = 0
    failures: int = 0
    wrong: list[str] = field(default_factory=list)


class SlowError(BaseException):
    """An input took too long. No library takes it for an error of its own."""


def main() -> int:
    """Spoil, read, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--limit", type=float, default=10.0)
    parser.add_argument("--memory", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if options.only is not None:
        options.start, options.inputs = options.only, 1
    started = time.monotonic()
    total = Found()
    for result in run_jobs(options):
        total.inputs.update(result.inputs)
        for kind, slow in result.slowest.items():
            total.slowest[kind] = max(slow, total.slowest.get(kind, 0.0))
            total.seconds[kind] += result.seconds[kind]
        total.reports += result.reports
        total.failures += result.failures
        total.wrong += result.wrong
    print(f"{'':10}{'inputs':>10}{'each, ms':>10}{'slowest, s':>12}")
    for kind, count in sorted(total.inputs.items()):
        print(f"{kind:10}{count:>10,}{1000 * total.seconds[kind] / count:>10.2f}{total.slowest[kind]:>12.2f}")
    print(f"{total.inputs.total():,} inputs in {time.monotonic() - started:,.0f} s: {total.reports:,} reports, "
          f"{total.failures:,} failures told, {len(total.wrong)} that went wrong")  # fmt: skip
    for line in total.wrong[:50]:
        print(line)
    return 1 if total.wrong else 0


def run_jobs(options: argparse.Namespace) -> Iterator[Found]:
    """The inputs in `jobs` processes; one that dies names the input that it died of."""
    pipes = []
    for job in range(options.jobs):
        theirs, ours = os.pipe()
        if not os.fork():
            os.close(theirs)
            with os.fdopen(ours, "wb") as pipe:
                pickle.dump(work(options, job), pipe)
            os._exit(0)
        os.close(ours)
        pipes.append(theirs)
    for job, end in enumerate(pipes):
        with os.fdopen(end, "rb") as pipe:
            data = pipe.read()
        if data:
            yield pickle.loads(data)
        else:
            last = (Path(tempfile.gettempdir()) / f"fuzz-{os.getpid()}-{job}").read_text()
            yield Found(wrong=[f"the process ended at {last}"])


def work(options: argparse.Namespace, job: int) -> Found:
    """Every `jobs`-th input."""
    found = Found()
    files = seeds()
    loaded = reportedly.sources.load_sources()
    reportedly.sources.load_sources = lambda: loaded  # looking for plug-ins takes longer than reading most inputs
    signal.signal(signal.SIGPROF, _too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (_memory(options.memory), resource.RLIM_INFINITY))
    until = time.monotonic() + options.minutes * 60 if options.minutes else None
    mark = Path(tempfile.gettempdir()) / f"fuzz-{os.getppid()}-{job}"
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        for number in range(options.start + job, options.start + options.inputs, options.jobs):
            if until is not None and time.monotonic() > until:
                break
            name, data = spoiled(files, random.Random(options.seed * 1_000_003 + number))
            mark.write_text(f"input {number} ({name})")
            path = Path(folder) / name
            path.write_bytes(data)
            wrong = one(path, found, options.limit)
            if wrong:
                found.wrong.append(f"input {number} ({name}, {len(data):,} bytes): {wrong}")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{number}-{name}").write_bytes(data)
            path.unlink()
    mark.unlink(missing_ok=True)
    found.seconds.default_factory = None
    return found


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise SlowError("".join(traceback.format_stack(frame, limit=3)))


def _memory(megabytes: int) -> int:
    """What this process may take: as much more than it has taken."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() + megabytes * 2**20


def one(path: Path, found: Found, limit: float) -> str:
    """Read one file; what was wrong, "" where nothing was."""
    kind = path.name.partition(".")[2]
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        for item in read_paths([str(path)], limits=Limits(file=2**20, page=2**19, line=2**20, row=2**18, text=100_000)):
            if isinstance(item, Report):
                to_json(item)
                found.reports += 1
                if len(item.text) > 100_000 or not item.text.strip() or not item.received_sha256:
                    return "a report without a text or a hash, or a text that is too long"
            elif isinstance(item, Failure):
                to_json(item)
                found.failures += 1
            elif not isinstance(item, Skipped):
                return f"it gave {item!r:.80}"
    except SlowError as error:
        return f"more than {limit} s: {error}"
    except MemoryError:
        return "more memory than it may have"
    except BaseException as error:  # whatever it is, that is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - begun
        found.inputs[kind] += 1
        found.seconds[kind] += seconds
        found.slowest[kind] = max(seconds, found.slowest.get(kind, 0.0))
    return ""


def seeds() -> dict[str, list[bytes]]:
    """Good files, by ending."""
    rows = [{"id": f"r{n}", "text": f"{STORY} {n}", "date": "2023-11-09", "lang": "en"} for n in range(3)]
    csv = "headline,body,date\n" + "".join(f'Shells,"{STORY}",2023-11-0{n}\n' for n in (1, 2))
    answer = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE.encode())}\r\n\r\n{PAGE}".encode()
    )
    warc = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://river.example/2023/11/09/shells-hit-market\r\n"
        "WARC-Date: 2023-11-09T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:0b8c7a52-6f35-4e2f-9c5b-1d3f6a7b8c9d>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    ).encode() + answer + b"\r\n\r\n"  # fmt: skip
    made = {
        "txt": [f"---\ntitle: Shells\noutlet: River Post\ndate: 2023-11-09\n---\n\n{STORY}\n".encode(), STORY.encode()],
        "md": [f"# Shells hit market\n\n{STORY}\n\n> {STORY}\n".encode()],
        "jsonl": ["".join(json.dumps(row) + "\n" for row in rows).encode()],
        "json": [json.dumps({"articles": rows}).encode(), json.dumps(rows).encode()],
        "csv": [csv.encode(), csv.replace(",", "\t").encode("utf-16")],
        "html": [PAGE.encode(), PAGE.encode("utf-16-le")],
        "xml": [FEED.encode(), FEED.replace("rss", "feed").encode()],
        "warc": [warc, warc * 3],
        "warc.gz": [gzip.compress(warc) * 2],
        "wacz": [_zipped({"archive/data.warc": warc, "pages/pages.jsonl": b"{}"})],
        "jsonl.gz": [gzip.compress(json.dumps(rows[0]).encode())],
        "txt.xz": [lzma.compress(STORY.encode())],
        "csv.bz2": [bz2.compress(csv.encode())],
    }
    try:
        from pyarrow import Table
        from pyarrow.parquet import write_table
    except ImportError:
        return made
    out = BytesIO()
    write_table(Table.from_pylist(rows), out)
    return made | {"parquet": [out.getvalue()]}


def _zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def spoiled(files: dict[str, list[bytes]], rng: random.Random) -> tuple[str, bytes]:
    """A name and what is in it: a good file that was spoiled a few times over."""
    kind = rng.choice(list(files))
    data = rng.choice(files[kind])
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        data = _spoil(data, files, rng)[: 3 * 2**20]
    roll = rng.random()
    if roll < 0.03:
        data = rng.choice((gzip.compress, bz2.compress, lzma.compress))(data)
    elif roll < 0.06:
        kind = rng.choice([*files, "bin", ""])
    return f"in.{kind}" if kind else "in", data


def _spoil(data: bytes, files: dict[str, list[bytes]], rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    to = min(len(data), at + rng.choice((1, 2, 8, 64, 512)))
    way = rng.randrange(10)
    if way == 0:  # bytes turned
        out = bytearray(data)
        for _ in range(rng.choice((1, 4, 32))):
            if out:
                out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)
    if way == 1:
        return data[:at] + data[to:]
    if way == 2:
        return data[:at] + data[at:to] * rng.choice((2, 3, 100)) + data[to:]
    if way == 3:
        return data[:at]
    if way in (4, 5):
        return data[:at] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 5, 2000)) + data[at:]
    if way == 6:  # another kind, or another place of this one
        other = rng.choice(rng.choice(list(files.values())))
        cut = rng.randrange(len(other) + 1)
        return data[:at] + other[cut : cut + rng.choice((16, 256, 4096))] + data[to:]
    if way == 7:  # nested
        opening, closing = rng.choice(
            ((b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b"</div>"), (b"<b><i>", b""), (b"(", b")"))
        )
        deep = rng.choice((10, 1000, 20_000))
        return data[:at] + opening * deep + data[at:to] + closing * deep + data[to:]
    if way == 8:  # another encoding
        text = data.decode("utf-8", "replace")
        return text.encode(
            rng.choice(("utf-16", "utf-32", "utf-7", "latin-1", "cp1251", "shift-jis", "utf-8-sig")), "ignore"
        )
    words = data[at:to] or b"a"
    return data[:at] + rng.choice((words, b" ", b"a", b"\n", b"1,", b'"', b"<a ")) * rng.choice((100, 5000)) + data[to:]


if __name__ == "__main__":
    sys.exit(main())
