from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportedly.sources import Limits, read_paths
from reportedly.types import Failure
from tests.sources.samples import GERMAN, HTML, SECOND, STORY, one_failure, one_report, read_bytes


def test_article_and_metadata(tmp_path: Path) -> None:
    report = one_report(read_bytes(tmp_path, "a.html", HTML))
    assert report.text == f"Shells hit market\n{STORY}\n{SECOND}"
    assert (report.outlet, report.published) == ("River Post", date(2023, 11, 9))
    assert (report.url, report.lang) == ("https://river.example/a1", "en")
    assert report.title == "Shells hit market"


def test_no_date_is_taken_from_a_footer(tmp_path: Path) -> None:
    start, end = HTML.index(b"<meta property=\"article"), HTML.index(b"<link")
    assert one_report(read_bytes(tmp_path, "a.html", HTML[:start] + HTML[end:])).published is None


@pytest.mark.parametrize(
    "page", ["<html><body><nav><a href='/'>Home</a></nav></body></html>", "<html></html>", "<p>x", "<div>" * 20_000]
)
def test_no_article(tmp_path: Path, page: str) -> None:
    failure = one_failure(read_bytes(tmp_path, "a.html", page.encode()))
    assert "no article" in failure.cause
    assert failure.hint


def test_declared_encoding(tmp_path: Path) -> None:
    page = HTML.decode().replace("utf-8", "windows-1251").replace("a clinic", "a clinic").replace("Tuesday", "вторник")
    report = one_report(read_bytes(tmp_path, "a.html", page.encode("windows-1251")))
    assert "вторник" in report.text


def test_codecs_that_are_no_encodings_are_not_obeyed(tmp_path: Path) -> None:
    page = HTML.decode().replace("utf-8", "unicode_escape").replace("Tuesday", "“Tuesday” \\u0041")
    assert "“Tuesday” \\u0041" in one_report(read_bytes(tmp_path, "a.html", page.encode("cp1252"))).text


def test_not_english(tmp_path: Path) -> None:
    page = HTML.decode().replace(STORY, GERMAN).replace(SECOND, GERMAN)
    assert "not English" in one_failure(read_bytes(tmp_path, "a.html", page.encode())).cause


def test_pictures_in_the_page_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    picture = f'<img src="data:image/png;base64,{"A" * 9000}">'.encode()
    path.write_bytes(HTML.replace(b"<article>", b"<article>" + picture))
    assert one_report(list(read_paths([str(path)], limits=Limits(page=4000)))).title
    (failure,) = read_paths([str(path)], limits=Limits(page=400))
    assert isinstance(failure, Failure)
    assert "400 are read at most" in failure.cause


def test_page_saved_as_text(tmp_path: Path) -> None:
    assert one_report(read_bytes(tmp_path, "a.txt", HTML)).outlet == "River Post"


def test_page_that_breaks_the_parser_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **settings: object) -> None:
        raise AssertionError

    monkeypatch.setattr("trafilatura.bare_extraction", broken)
    assert "AssertionError" in one_failure(read_bytes(tmp_path, "a.html", HTML)).cause
