from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportedly.types import Failure, Report
from tests.sources.samples import FEED, GERMAN, SECOND, STORY, one_failure, one_report, read_bytes


def test_rss(tmp_path: Path) -> None:
    report = one_report(read_bytes(tmp_path, "a.rss", FEED))
    assert report.text == f"{STORY}\n\n{SECOND}"
    assert (report.outlet, report.title, report.url) == ("River Post", "Shells & more", "https://river.example/a1")
    assert report.published == date(2023, 11, 9)
    assert report.origin == f"{tmp_path}/a.rss#1"


def test_atom_with_full_content(tmp_path: Path) -> None:
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>River Post</title><entry><title>Shells</title>'
        '<link href="https://river.example/1"/><updated>2023-11-09T10:00:00Z</updated><summary>Short.</summary>'
        f'<content type="html">&lt;div&gt;One &amp;amp; two.&lt;br&gt;{STORY}&lt;script&gt;x()&lt;/script&gt;'
        "&lt;/div&gt;</content></entry></feed>"
    )
    report = one_report(read_bytes(tmp_path, "a.atom", data.encode()))
    assert report.text == f"One & two.\n{STORY}"
    assert report.published == date(2023, 11, 9)


def test_bad_entries_are_told_and_the_rest_read(tmp_path: Path) -> None:
    items = "".join(f"<item><title>x</title><description>{text}</description></item>" for text in ("", GERMAN, SECOND))
    found = read_bytes(tmp_path, "a.xml", FEED.replace(b"<item>", items.encode() + b"<item>", 1))
    told = [(item.where.rpartition("#")[2], item.cause) for item in found if isinstance(item, Failure)]
    assert [where for where, _ in told] == ["1", "2"]
    assert "no text" in told[0][1]
    assert "not English" in told[1][1]
    assert sum(isinstance(item, Report) for item in found) == 2


def test_bomb(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    data = f"<!DOCTYPE x [{entities}]><rss><channel><title>&a9;</title><item><title>&a9;</title></item></channel></rss>"
    failure = one_failure(read_bytes(tmp_path, "a.rss", data.encode()))
    assert "entities" in failure.cause


def test_file_name_in_place_of_a_feed_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "real.rss").write_bytes(FEED)
    failure = one_failure(read_bytes(tmp_path, "a.rss", str(tmp_path / "real.rss").encode()))
    assert "no entries" in failure.cause


@pytest.mark.parametrize("body", ["&#99999999999999999999;", "&lt;![ x ]&gt; " + STORY, "&lt;![CDATA[" + STORY])
def test_broken_marks_in_an_entry(tmp_path: Path, body: str) -> None:
    data = f"<rss><channel><item><description>{body}</description></item></channel></rss>"
    assert len(read_bytes(tmp_path, "a.rss", data.encode())) == 1


def test_other_xml(tmp_path: Path) -> None:
    assert "no entries" in one_failure(read_bytes(tmp_path, "a.xml", b"<html><body>hi</body></html>")).cause
