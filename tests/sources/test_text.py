from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportedly.sources import Limits, read_paths
from reportedly.types import Failure
from tests.sources.samples import GERMAN, SECOND, STORY, one_failure, one_report, read_bytes


def test_front_matter_is_taken_off_and_read(tmp_path: Path) -> None:
    data = (
        "---\ntitle: 'Shells: hit'\nsource: Radio Tamba\ndate: 2021-04-02 10:00\nurl: https://radio.example/1\n"
        f"tags: [a, b]\nauthor:\n---\n\n# Shells hit\n\n{STORY}\n"
    )
    report = one_report(read_bytes(tmp_path, "a.md", data.encode()))
    assert report.text == f"# Shells hit\n\n{STORY}"
    assert report.outlet == "Radio Tamba"
    assert report.published == date(2021, 4, 2)
    assert report.title == "Shells: hit"
    assert report.url == "https://radio.example/1"
    assert report.lang == "en"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("date 2021-04-02", date(2021, 4, 2)),
        ("Published: 2 April 2021, 10:30 GMT", date(2021, 4, 2)),
        ("DATE: Friday, April 2, 2021", date(2021, 4, 2)),
        ("Posted on 2021/04/02", date(2021, 4, 2)),
    ],
)
def test_line_of_metadata_is_taken_off(tmp_path: Path, line: str, day: date) -> None:
    report = one_report(read_bytes(tmp_path, "a.txt", f"{line}\n{STORY}".encode()))
    assert report.text == STORY
    assert report.published == day


def test_several_lines_of_metadata(tmp_path: Path) -> None:
    data = f"Title: Shells\r\nSource: River Post\r\nURL: https://river.example/1\r\n\r\n{STORY}"
    report = one_report(read_bytes(tmp_path, "a.txt", data.encode()))
    assert (report.title, report.outlet, report.url) == ("Shells", "River Post", "https://river.example/1")
    assert report.text == STORY


@pytest.mark.parametrize(
    "line",
    [
        "date 2 April 2021 was when the shells fell.",
        "Date: tomorrow",
        "Date: 2 April 2021, Tillabar",
        "Source: he said that it was the army that did it.",
        "Tillabar: two shells fell.",
        "Url: none",
    ],
)
def test_line_that_is_no_metadata_stays(tmp_path: Path, line: str) -> None:
    report = one_report(read_bytes(tmp_path, "a.txt", f"{line}\n\n{STORY}".encode()))
    assert report.text == f"{line}\n\n{STORY}"


@pytest.mark.parametrize(
    ("dateline", "outlet", "day"),
    [
        ("TILLABAR, Oct. 6, 2012 — ", None, date(2012, 10, 6)),
        ("TILLABAR, North Tamba, Aug 20 (Reuters) - ", "Reuters", None),
        ("PORT TILLABAR, 4 FEB 90 (ACAN-EFE) -- ", "ACAN-EFE", date(1990, 2, 4)),
        ("TILLABAR PROVINCE, Tamba (July 3, 2012)\n", None, date(2012, 7, 3)),
        ("Tillabar (AFP) – ", "AFP", None),
        ("6 September 2016 ", None, date(2016, 9, 6)),
        ("Shells hit market in the north\n\nWed 05 Apr 2017 10:30 GMT\n", None, date(2017, 4, 5)),
        ("Army chief (Adel Bando) — ", None, None),
        ("SPEAKER (Hon. A. Bando): ", None, None),
        ("Five died in the town on April 4, 2002\n", None, None),
    ],
)
def test_dateline_is_read_and_stays(tmp_path: Path, dateline: str, outlet: str | None, day: date | None) -> None:
    report = one_report(read_bytes(tmp_path, "a.txt", f"{dateline}{STORY}".encode()))
    assert (report.outlet, report.published) == (outlet, day)
    assert report.text == f"{dateline}{STORY}"


@pytest.mark.parametrize(
    ("credit", "outlet"),
    [
        ("\n\n(Radio Tamba)\n", "Radio Tamba"),
        (" (AFP)", "AFP"),
        ("\nSource: River Post.", "River Post"),
        (" (Reporting by A. Bando; editing by B. Sow)", None),
        (" (see below)", None),
        (" They had come from the south (Tamba)", None),
    ],
)
def test_closing_credit(tmp_path: Path, credit: str, outlet: str | None) -> None:
    report = one_report(read_bytes(tmp_path, "a.txt", f"{STORY}{credit}".encode()))
    assert report.outlet == outlet
    assert report.text == f"{STORY}{credit}".rstrip()


def test_what_is_stated_wins_over_what_is_found(tmp_path: Path) -> None:
    data = f"---\noutlet: River Post\ndate: 2012-10-07\n---\nTILLABAR, Oct. 6, 2012 (AFP) — {STORY}"
    report = one_report(read_bytes(tmp_path, "a.txt", data.encode()))
    assert (report.outlet, report.published) == ("River Post", date(2012, 10, 7))


def test_text_is_not_altered(tmp_path: Path) -> None:
    body = f"Cafe\u0301 \U0001f525 “{STORY}”\r\n\r\n\tMore,\u2028here\u00a0and\x85there.  \r\nLast\rline."
    report = one_report(read_bytes(tmp_path, "a.txt", f"\r\n \r\n{body}\r\n".encode()))
    assert report.text == body


def test_title_is_guessed_from_a_first_line_that_stands_alone(tmp_path: Path) -> None:
    data = f"Shells hit market in Tillabar\n\n{STORY}"
    report = one_report(read_bytes(tmp_path, "a.txt", data.encode()))
    assert report.title == "Shells hit market in Tillabar"
    assert report.text == data
    assert one_report(read_bytes(tmp_path, "b.txt", f"{STORY}\n\n{STORY}".encode())).title is None


@pytest.mark.parametrize(
    ("front", "line", "cause"),
    [
        ("---\ntitle: a: b\n---\n", 2, "broken"),
        ("---\ntitle: a\nx: [1\n---\n", 4, "broken"),
        ("---\ntitle: a\n\n", 1, "no end"),
        (f"---\nx: {'[' * 3000}\n---\n", 1, "deep"),
    ],
)
def test_broken_front_matter(tmp_path: Path, front: str, line: int, cause: str) -> None:
    failure = one_failure(read_bytes(tmp_path, "a.md", f"{front}{STORY}".encode()))
    assert failure.where == f"{tmp_path}/a.md:{line}"
    assert failure.stage == "source"
    assert cause in failure.cause
    assert failure.hint


@pytest.mark.parametrize("start", ["", "Tillabar: ", "Tillabar: the market: "])
def test_rules_in_prose_are_no_front_matter(tmp_path: Path, start: str) -> None:
    data = f"---\n\n{start}{STORY}\n\n---\n\n{SECOND}"
    assert one_report(read_bytes(tmp_path, "a.md", data.encode())).text == data


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (GERMAN.encode(), "not English"),
        (b"1234 5678 !!\n", "no words"),
        (f"{STORY}\0".encode(), "binary"),
        (f"{STORY} “No”".encode()[:-1], "middle of a character"),
        (("“Nö” " * 9).encode() + b"\xff\xfe " + STORY.encode(), "byte 91"),
    ],
)
def test_unreadable(tmp_path: Path, data: bytes, cause: str) -> None:
    failure = one_failure(read_bytes(tmp_path, "a.txt", data))
    assert failure.where == str(tmp_path / "a.txt")
    assert cause in failure.cause
    assert failure.hint


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = f"“We don’t know,” said José, the mayor’s aide. {STORY}"
    assert one_report(read_bytes(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY * 20)
    for limits, cause in ((Limits(file=1000), "larger than 1000 bytes"), (Limits(text=1000), "1,000 are read at most")):
        (failure,) = read_paths([str(path)], limits=limits)
        assert isinstance(failure, Failure)
        assert cause in failure.cause
        assert "split" in failure.hint
