"""Web archives, tables and compressed files: what is taken, what is counted, and what hostile ones can't do."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from reportedly.sources import load_sources
from reportedly.sources.news import no_article
from reportedly.sources.unpack import BOMB
from reportedly.types import Failure, Report, Skipped
from tests.sources.samples import (
    GERMAN,
    HTML,
    JSONL,
    SECOND,
    STORY,
    TEXT,
    WARC,
    capture,
    drain,
    one_failure,
    read_bytes,
    table,
    zipped,
)

WARCS, WACZ, PARQUET = (load_sources()[name] for name in ("warc", "wacz", "parquet"))
ZSTD = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def page(words: str, *, lang: str = "en", head: str = '<meta property="og:type" content="article">') -> bytes:
    body = f"<body><article>{words}</article></body>"
    return f'<html lang="{lang}"><head>{head}<title>T</title></head>{body}</html>'.encode()


def test_of_an_archive_only_english_articles_are_read_and_the_rest_is_counted() -> None:
    german = page(f"<p>{GERMAN}</p><p>{GERMAN}</p>", lang="")
    archive = b"".join(
        [
            capture(HTML),
            capture(HTML, url="https://river.example/"),
            capture(HTML, url="https://river.example/tag/markets"),
            capture(HTML, status="404 Not Found"),
            capture(b"\x89PNG", kind="image/png"),
            capture(german, url="https://fluss.example/a"),
            capture(page("<p>Sign in</p>"), url="https://river.example/login"),
            capture(HTML, type="revisit"),
            capture(HTML, type="request"),
            capture(HTML.replace(b"a1", b"a2"), url="https://www.lake.example/2023/11/10/b"),
        ]
    )
    found = drain(WARCS, archive, suffix=".warc")
    reports = [item for item in found if isinstance(item, Report)]
    assert [r.origin for r in reports] == ["a#1", "a#10"]
    assert [r.url for r in reports] == [
        "https://river.example/2023/11/09/shells-hit-market",
        "https://www.lake.example/2023/11/10/b",
    ]
    assert str(reports[0].published) == "2023-11-09"
    assert {item.reason: item.count for item in found if isinstance(item, Skipped)} == {
        "a front page": 1,
        "a list of articles": 1,
        "no page: an error or a redirection": 1,
        "not a web page: a picture, a file, data": 1,
        "not in English": 1,
        "too little text for an article": 1,
        "the same as a page archived before": 1,
    }


@pytest.mark.parametrize("pack", [gzip.compress, ZSTD.compress], ids=["gz", "zst"])
def test_a_packed_archive_is_read_record_by_record(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    suffix = "gz" if pack is gzip.compress else "zst"
    found = read_bytes(tmp_path, f"x.warc.{suffix}", pack(WARC) + pack(WARC))
    assert [type(item) for item in found] == [Report, Report]


def test_what_stands_before_the_damage_is_read(tmp_path: Path) -> None:
    good = gzip.compress(WARC)
    first, *_, last = read_bytes(tmp_path, "x.warc.gz", good + good[: len(good) // 2])
    assert isinstance(first, Report)
    assert isinstance(last, Failure)
    assert "damaged or cut short" in last.cause


def test_wacz_reads_every_archive_in_it() -> None:
    found = drain(WACZ, zipped(b_warc=WARC, a_warc_gz=gzip.compress(WARC), pages_jsonl=b"{}"))
    assert [item.origin for item in found if isinstance(item, Report)] == [
        "a!archive/a.warc.gz#1",
        "a!archive/b.warc#1",
    ]


def test_zip_without_an_archive() -> None:
    assert "no web archive" in one_failure(drain(WACZ, zipped(notes_txt=b"x"))).cause


def test_zip_bomb() -> None:
    (failure,) = drain(WACZ, zipped(x_warc=bytes(BOMB[1] + 1)))
    assert isinstance(failure, Failure)
    assert "unpacks to more than" in failure.cause


def test_parquet_rows_fail_one_by_one_and_columns_can_be_named(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"words": STORY, "when": "2023-11-09"}, {"words": None}, {"words": SECOND}]
    found = read_bytes(tmp_path, "x.parquet", table(rows), text="words", published="when")
    assert [type(item) for item in found] == [Report, Failure, Report]
    assert isinstance(found[1], Failure)
    assert found[1].where.endswith("x.parquet#2")
    assert "no column holds the text" in one_failure(drain(PARQUET, table([{"a": 1}]))).cause


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", ZSTD.compress)],
)
def test_compressed_files_are_what_is_in_them(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    assert len(read_bytes(tmp_path, f"a.jsonl.{suffix}", pack(JSONL))) == 2
    (text,) = read_bytes(tmp_path, f"b.txt.{suffix}", pack(TEXT))
    assert isinstance(text, Report)
    assert text.outlet == "River Post"
    cut = read_bytes(tmp_path, f"c.jsonl.{suffix}", pack(JSONL * 50)[:-20])
    assert "damaged or cut short" in str(cut[-1])


def test_gzip_bomb_ends_early(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 2**26, 9) * 40  # 2.5 GiB of blanks in 2.6 MB
    before = time.monotonic()
    assert "unpacks to more than" in one_failure(read_bytes(tmp_path, "x.jsonl.gz", bomb)).cause
    assert time.monotonic() - before < 20


@pytest.mark.parametrize(
    "attack",
    ["<p", "<p ", "<a>", "<script>", "</script>", '<html lang="', "<html ", "content=article ", "<article", "<"],
)
def test_telling_articles_takes_no_longer_for_hostile_pages(attack: str) -> None:
    before = time.monotonic()
    no_article(attack * (2_000_000 // len(attack)), "https://river.example/" + "a-" * 3000)
    assert time.monotonic() - before < 10
