"""Files that were made to stop a reader: each ends soon, with a report or a failure."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from reportedly.sources import read_paths
from reportedly.types import Failure, Report
from tests.sources.samples import FEED, HTML, STORY, capture

SECONDS = 20
"""Processor time on a slow machine; what these files are about took minutes to hours."""

ARTICLE = f"<p>{STORY}</p><p>{STORY[::-1]}</p>"
PAGES = {
    "an attribute of open tags": '<html><head><meta name="date" content="{}"></head><body>' + ARTICLE,
    "a title of open tags": "<html><head><title>{}</title></head><body>" + ARTICLE,
    "structured data of open tags": '<html><head><script type="application/ld+json">{"headline": "{}"}</script></head>'
    + ARTICLE,
    "dates of open tags": '<html><body><time datetime="{}">{}</time>' + ARTICLE,
    "paragraphs of open tags": "<html><body><article><p>{}</p>" + ARTICLE,
}


def read(path: Path) -> tuple[list[Report | Failure], float]:
    """What comes of a file, and the processor time that it took."""
    begun = time.process_time()
    items = [item for item in read_paths([str(path)]) if isinstance(item, Report | Failure)]
    return items, time.process_time() - begun


@pytest.mark.parametrize("pump", ["&lt;!--", "&lt;", "&lt;a "])
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_page_with_very_many_signs_of_tags(tmp_path: Path, page: str, pump: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(page.replace("{}", pump * (200_000 // len(pump))), encoding="utf-8")
    items, seconds = read(path)
    assert len(items) == 1
    assert seconds < SECONDS


@pytest.mark.parametrize("inside", ['"{}"', "{}"])
def test_structured_data_of_bare_tags(tmp_path: Path, inside: str) -> None:
    script = f'<script type="application/ld+json">{inside.format("<!--" * 50_000)}</script>'
    path = tmp_path / "page.html"
    path.write_text(f"<html><head>{script}</head><body>{ARTICLE}", encoding="utf-8")
    assert read(path)[1] < SECONDS


def test_an_ordinary_page_with_signs_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><article>{ARTICLE}<p>{STORY} It wrote 3 &lt; 4 and 5 &gt; 4.</p>", encoding="utf-8")
    (report,) = read(path)[0]
    assert isinstance(report, Report)
    assert "3 < 4 and 5 > 4" in report.text


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_json_a_million_deep(tmp_path: Path, opening: str, closing: str) -> None:
    for suffix in ("json", "jsonl"):
        path = tmp_path / f"deep.{suffix}"
        path.write_text(opening * 1_000_000 + closing * 1_000_000, encoding="utf-8")
        (failure,), seconds = read(path)
        assert isinstance(failure, Failure)
        assert seconds < SECONDS


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul"])
def test_page_a_hundred_thousand_deep(tmp_path: Path, tag: str) -> None:
    path = tmp_path / "deep.html"
    path.write_text(f"<html><body>{f'<{tag}>' * 100_000}{ARTICLE}", encoding="utf-8")
    items, seconds = read(path)
    assert len(items) == 1
    assert seconds < SECONDS


@pytest.mark.parametrize("suffix", ["txt", "md", "csv", "xml", "jsonl", "html"])
@pytest.mark.parametrize("pump", [" ", "\n", "\xa0", "- ", '"', ",", ":", "A", "=", "> "])
def test_long_runs_of_one_sign(tmp_path: Path, suffix: str, pump: str) -> None:
    path = tmp_path / f"run.{suffix}"
    path.write_text(STORY + pump * (400_000 // len(pump)) + STORY, encoding="utf-8")
    assert read(path)[1] < SECONDS


def test_csv_of_fields_alone(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("text,date\n" + f'"{STORY}",' + "x," * 500_000 + "\n", encoding="utf-8")
    assert read(path)[1] < SECONDS


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_line_without_an_end_is_not_held(tmp_path: Path, suffix: str) -> None:
    """40 MB in one line, packed into a few KB, are read in no more than what a line may have."""
    path = tmp_path / f"line.{suffix}.gz"
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write(b'text\n"' if suffix == "csv" else b'{"text": "')
        for _ in range(40):
            out.write(b"a" * 2**20)
    tracemalloc.start()
    items, _ = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert items
    assert all(isinstance(item, Failure) for item in items)
    assert peak < 80 * 2**20


@pytest.mark.parametrize("encoding", ["utf-7", "utf-16-be", "utf-32", "cp037", "shift-jis", "hz", "iso2022_kr"])
def test_encodings_that_hide_something(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(json.dumps({"text": STORY}).encode(encoding) + b"\n")
    assert len(read(path)[0]) >= 1
    path = tmp_path / "odd.html"
    path.write_bytes(f'<html><head><meta charset="{encoding}"></head><body>{ARTICLE}'.encode(encoding))
    assert len(read(path)[0]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_feed_whose_first_line_names_very_many_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(("<?xml " + "encoding='a' " * 20_000 + "?>" + FEED.decode().split("?>", 1)[1]).encode(encoding))
    items, seconds = read(path)
    assert items
    assert seconds < SECONDS


def test_entities_in_another_encoding_are_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    bomb = FEED.decode().replace("<rss", '<!DOCTYPE a [<!ENTITY b "cccc">]><rss', 1)
    path.write_bytes(bomb.encode("utf-16"))
    (failure,) = read(path)[0]
    assert isinstance(failure, Failure)
    assert "entities" in failure.cause


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_feeds_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED.decode().replace("utf-8", encoding, 1).encode(encoding))
    (report,) = read(path)[0]
    assert isinstance(report, Report)
    assert report.text.startswith(STORY)


@pytest.mark.parametrize("url", ["http://[[[", "//[a]/b", "http://[::1/2023/11/09/a", "\u2028", "javascript:0"])
def test_captures_from_nowhere(tmp_path: Path, url: str) -> None:
    path = tmp_path / "data.warc"
    path.write_bytes(capture(HTML, url=url))
    assert all(isinstance(item, Report | Failure) for item in read(path)[0])
