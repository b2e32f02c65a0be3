"""How reading scales: python benchmarks/archive.py engines|jobs|memory|nodes|warc [options]

engines  --reports 10000 --jobs 2   the same reports through both engines: seconds, rate, whether the bytes are the same
jobs     --reports 1000             one process against two: the ratio of the rates
memory   --counts 1000 10000 100000 short reports: the peak of all processes together, for each count
nodes    --reports 2000 --nodes 3   a Ray cluster of several nodes on this machine, one killed in mid-run
warc     --pages 100000             a made-up web archive: what is read of it, and how fast; with --read, for good

The reports are made of the paragraphs of the invented corpus, some 700 words each, all different; short ones are two
sentences. What is timed is the installed command, start-up included. Seeded.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("reportedly"))
CORPUS = Path(__file__).parents[1] / "corpus" / "train.jsonl"
WORDS = 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=sorted(MEASURES))
    parser.add_argument("--reports", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--read", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        MEASURES[options.what](options, Path(folder))


# What is measured


def engines(options: argparse.Namespace, folder: Path) -> None:
    reports = options.reports or 10_000
    inputs = write_reports(folder / "in", reports, files=max(4, reports // 500))
    print("engine  jobs  reports  seconds  a second  peak MB")
    for engine in ("local", "ray"):
        run = timed("read", inputs, "--out", folder / engine, "--engine", engine, "--jobs", options.jobs)
        row = f"{engine:6}  {options.jobs:4}  {reports:7,}  {run.seconds:7.0f}  {reports / run.seconds:8.2f}"
        print(f"{row}  {run.peak_mb:7,.0f}", flush=True)
    same = parts(folder / "local") == parts(folder / "ray")
    print(f"parts {len(parts(folder / 'local'))}, same bytes: {'yes' if same else 'NO'}")
    loaded = timed("load", folder / "local", "--ledger", folder / "a.db")
    print(f"load: {loaded.seconds:.0f} s, {reports / loaded.seconds:.0f} a second, {size(folder / 'a.db'):,.0f} MB")


def jobs(options: argparse.Namespace, folder: Path) -> None:
    reports = options.reports or 1_000
    inputs = write_reports(folder / "in", reports, files=4)
    rates = []
    for number in (1, 2):
        runs = [timed("read", inputs, "--out", folder / f"{number}-{n}", "--jobs", number) for n in range(3)]
        seconds = sorted(run.seconds for run in runs)[1]
        rates.append(reports / seconds)
        print(f"jobs {number}: {seconds:.1f} s (median of 3), {rates[-1]:.2f} a second", flush=True)
    print(f"ratio {rates[1] / rates[0]:.2f}")


def memory(options: argparse.Namespace, folder: Path) -> None:
    print("reports  seconds  peak MB  ratio to the first")
    first = None
    for number in options.counts:
        path = folder / f"{number}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for text in short_texts(number):
                file.write(json.dumps({"text": text, "outlet": "River Post"}) + "\n")
        run = timed("read", path, "--ledger", folder / f"{number}.db", "--jobs", options.jobs)
        first = first or run.peak_mb
        ratio = run.peak_mb / first
        print(f"{number:7,}  {run.seconds:7.0f}  {run.peak_mb:7,.0f}  {ratio:18.2f}", flush=True)


def nodes(options: argparse.Namespace, folder: Path) -> None:
    from ray.cluster_utils import Cluster

    reports = options.reports or 2_000
    inputs = write_reports(folder / "in", reports, files=max(8, reports // 100))
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    others = [cluster.add_node(num_cpus=1) for _ in range(options.nodes - 1)]
    out = folder / "out"

    def kill_one() -> None:
        while len(parts(out)) < 4:
            time.sleep(0.5)
        cluster.remove_node(others[-1], allow_graceful=False)
        print(f"a node killed, {len(parts(out))} parts there", flush=True)

    threading.Thread(target=kill_one, daemon=True).start()
    arguments = ("--engine", "ray", "--address", cluster.address, "--jobs", options.nodes)
    run = timed("read", inputs, "--out", out, *arguments)
    cluster.shutdown()
    timed("read", inputs, "--out", folder / "here", "--jobs", 2)
    same = parts(out) == parts(folder / "here")
    print(f"{reports:,} reports in {run.seconds:.0f} s, exit status {run.status}, same bytes as without: {same}")


def warc(options: argparse.Namespace, folder: Path) -> None:
    from reportedly.sources import read_paths
    from reportedly.types import Failure, Report, Skipped

    path = folder / "made.warc.gz"
    write_archive(path, options.pages)
    print(f"{options.pages:,} pages, {size(path):,.0f} MB", flush=True)
    counts: Counter[str] = Counter()
    before = time.monotonic()
    for item in read_paths([str(path)]):
        if isinstance(item, Skipped):
            counts[item.reason] += item.count
        else:
            counts["FAILED" if isinstance(item, Failure) else "articles"] += isinstance(item, Report | Failure)
    seconds = time.monotonic() - before
    print(f"looked through in {seconds:.0f} s, {options.pages / seconds:,.0f} pages a second")
    for reason, count in counts.most_common():
        print(f"  {count:7,}  {reason}")
    if options.read:
        for copies in ("each", "once"):
            out = folder / copies
            run = timed("read", path, "--out", out, "--jobs", options.jobs, "--copies", copies)
            print(f"read with --copies {copies}: {run.seconds:.0f} s, peak {run.peak_mb:,.0f} MB", flush=True)


MEASURES: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "engines": engines,
    "jobs": jobs,
    "memory": memory,
    "nodes": nodes,
    "warc": warc,
}

# A command, watched


@dataclass(frozen=True)
class Run:
    """What one command took: seconds, its exit status, and the peak of its processes' memory together."""

    seconds: float
    status: int
    peak_mb: float


def timed(*arguments: object) -> Run:
    before = time.monotonic()
    process = subprocess.Popen([COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory_of(process.pid))
        time.sleep(0.2)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, arguments))} ended with {process.returncode}")
    return Run(time.monotonic() - before, process.returncode, peak)


def memory_of(pid: int) -> float:
    """Megabytes that a process and its descendants hold now, shared pages counted once for each."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        total += next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return total


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("part-*.parquet")}


def size(path: Path) -> float:
    return path.stat().st_size / 1e6


# Made-up input


def paragraphs() -> list[str]:
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    return [p for row in rows for p in row["text"].split("\n") if len(p.split()) >= 15]


def texts(number: int, seed: int = 1) -> Iterator[str]:
    rng, known = random.Random(seed), paragraphs()
    for n in range(number):
        chosen: list[str] = []
        while sum(len(p.split()) for p in chosen) < WORDS:
            chosen.append(rng.choice(known))
        yield "\n\n".join([f"Report {n} of a made-up paper.", *chosen])


def short_texts(number: int) -> Iterator[str]:
    rng = random.Random(2)
    for n in range(number):
        dead, town = rng.randrange(2, 40), rng.choice(("Tillabar", "Ismara", "Port Ismara", "Ardoum"))
        yield f"The army said on Tuesday that {dead} fighters were killed near {town}. Residents denied case {n}."


def write_reports(folder: Path, number: int, *, files: int) -> Path:
    folder.mkdir()
    rows = enumerate(texts(number))
    each = -(-number // files)
    for k in range(files):
        with (folder / f"{k:04d}.jsonl").open("w", encoding="utf-8") as file:
            for n, text in (row for row, _ in zip(rows, range(each), strict=False)):
                file.write(json.dumps({"id": f"r{n}", "text": text, "published": "2024-03-05"}) + "\n")
    return folder


def write_archive(path: Path, pages: int) -> None:
    """One page in five an article, half of these printed by several outlets; the rest as the web is."""
    rng = random.Random(3)
    stories = list(texts(max(1, pages // 10), seed=4))
    with path.open("wb") as file:
        for n in range(pages):
            kind = n % 5
            body, url, more = _page(rng, stories, n) if kind == 0 else _noise(rng, n, kind)
            answer = f"HTTP/1.1 {more}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T10:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{n:012d}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + answer + b"\r\n\r\n", 1))


HTML = "200 OK\r\nContent-Type: text/html; charset=utf-8"


def _page(rng: random.Random, stories: list[str], n: int) -> tuple[bytes, str, str]:
    outlet = rng.randrange(200)
    story = stories[rng.randrange(len(stories))]
    body = "".join(f"<p>{escape(p)}</p>" for p in story.split("\n\n"))
    links = "".join(f'<li><a href="/{k}">More news of the day, part {k}</a></li>' for k in range(40))
    head = f'<title>Story {n}</title><meta property="og:type" content="article">'
    shown = f"<body><nav><ul>{links}</ul></nav><article>{body}</article></body>"
    page = f'<html lang="en"><head>{head}</head>{shown}</html>'
    return page.encode(), f"https://paper-{outlet}.example/2024/03/05/story-{n}", HTML


def _noise(rng: random.Random, n: int, kind: int) -> tuple[bytes, str, str]:
    many = range(rng.randrange(20, 90))
    links = "".join(f'<div><a href="/{k}">Headline number {k} of a list</a></div>' for k in many)
    page = f'<html lang="en"><body>{links}</body></html>'
    if kind == 1:
        return page.encode(), f"https://paper-{rng.randrange(200)}.example/", HTML
    if kind == 2:
        words = "<p>" + "Der Sprecher der Armee wies die Vorwürfe am Dienstag zurück und sprach von Propaganda. " * 5
        return f"<html><body><article>{words * 4}</article></body></html>".encode(), f"https://z.example/{n}", HTML
    if kind == 3:
        return bytes(rng.randbytes(4000)), f"https://paper.example/{n}.jpg", "200 OK\r\nContent-Type: image/jpeg"
    return page.encode(), f"https://paper-{rng.randrange(200)}.example/tag/{n}", HTML


if __name__ == "__main__":
    if shutil.which(COMMAND) is None:
        sys.exit(f"{COMMAND} is missing: install the package (make demo)")
    main()
