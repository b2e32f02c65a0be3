from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reportedly.sources import Limits, read_paths
from reportedly.types import Failure, Report
from tests.sources.samples import SECOND, STORY, one_failure, one_report, read_bytes


def line(**fields: object) -> str:
    return json.dumps(fields)


def test_coded_report_keeps_id_and_text(tmp_path: Path) -> None:
    text = f"  Line\u2028separator, \x85 and \U0001f525 cafe\u0301\r\n{STORY}\n"
    known = {"id": "x-01", "outlet": "River Post", "published": "2023-11-09", "title": None, "lang": "en"}
    coded = line(**known, text=text, statements=[], events=[])
    report = one_report(read_bytes(tmp_path, "a.jsonl", coded.encode()))
    assert report == Report(
        id="x-01",
        text=text,
        outlet="River Post",
        published=date(2023, 11, 9),
        lang="en",
        origin=f"{tmp_path}/a.jsonl:1",
        received_sha256=report.received_sha256,
    )


def test_only_newlines_part_lines(tmp_path: Path) -> None:
    raw = json.dumps({"text": f"{STORY}\u2028{STORY}\u2029\x85\x0b"}, ensure_ascii=False)
    assert one_report(read_bytes(tmp_path, "a.jsonl", raw.encode())).text == f"{STORY}\u2028{STORY}\u2029\x85\x0b"


def test_usual_names_of_keys(tmp_path: Path) -> None:
    about = {"headline": "Shells", "source": {"name": "AFP"}, "publishedAt": "2020-01-02T23:30:00-08:00", "link": "u"}
    coded = line(_id=7, articleBody=STORY, **about)
    report = one_report(read_bytes(tmp_path, "a.jsonl", coded.encode()))
    assert (report.id, report.text, report.title, report.outlet) == ("7", STORY, "Shells", "AFP")
    assert (report.published, report.url) == (date(2020, 1, 2), "u")


def test_mapping(tmp_path: Path) -> None:
    coded = line(text="short", lead=STORY, desk="AFP").encode()
    report = one_report(read_bytes(tmp_path, "a.jsonl", coded, text="lead", outlet="desk"))
    assert (report.text, report.outlet) == (STORY, "AFP")
    failure = one_failure(read_bytes(tmp_path, "a.jsonl", coded, text="body"))
    assert "'body'" in failure.cause
    assert "lead" in failure.cause


def test_broken_lines_are_told_and_the_rest_read(tmp_path: Path) -> None:
    lines = [line(text=f"{STORY} {n}") for n in range(20)]
    lines[16] = '{"text": "cut'
    lines[18] = ""
    found = read_bytes(tmp_path, "a.jsonl", "\n".join(lines).encode())
    failures = [item for item in found if isinstance(item, Failure)]
    assert len(found) == 19
    assert [failure.where for failure in failures] == [f"{tmp_path}/a.jsonl:17"]
    assert "broken JSON" in failures[0].cause
    assert failures[0].hint


@pytest.mark.parametrize(
    ("bad", "cause"),
    [
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ('{"id": ' + "9" * 5000 + "}", "broken JSON"),
        ("null", "null"),
        ("[1]", "a number"),
        ("[]", "no reports"),
        ('{"text": 5}', "a number"),
        ('{"text": null}', "null"),
        ('{"foo": 1}', "foo"),
        ("{}", "none"),
        ('{"text": " \\n"}', "empty"),
        ('{"text": "\\ud800 words"}', "surrogate"),
        ('{"title": "\\udfff", "text": "words"}', "surrogate"),
        ('{"id": "\\ud83d", "text": "words"}', "surrogate"),
        ('{"text": "words\\u0000"}', "NUL"),
        (line(id="i" * 501, text="words"), "501 characters"),
    ],
)
def test_hostile_line(tmp_path: Path, bad: str, cause: str) -> None:
    found = read_bytes(tmp_path, "a.jsonl", f"{line(text=STORY)}\n{bad}\n{line(text=SECOND)}".encode())
    first, failure, last = found
    assert isinstance(first, Report)
    assert isinstance(last, Report)
    assert isinstance(failure, Failure)
    assert failure.where.removesuffix("#1").endswith("a.jsonl:2")
    assert cause in failure.cause


def test_whole_pair_of_surrogates_is_a_character(tmp_path: Path) -> None:
    raw = line(text=f"\U0001f525 {STORY}")
    assert "\\ud83d\\udd25" in raw
    assert one_report(read_bytes(tmp_path, "a.jsonl", raw.encode())).text == f"\U0001f525 {STORY}"


def test_line_too_long_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line(text='x' * 100_000)}\n{line(text=STORY)}\n{'y' * 5000}")
    first, second, third = read_paths([str(path)], limits=Limits(line=2000))
    assert isinstance(first, Failure)
    assert first.where == f"{path}:1"
    assert "1.95 KiB" in first.cause
    assert isinstance(second, Report)
    assert second.origin == f"{path}:2"
    assert isinstance(third, Failure)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings_of_lines(tmp_path: Path, encoding: str) -> None:
    # U+010A and U+0A0A have the byte of "\n" in UTF-16.
    texts = [f"\u010a\u0a0a“{STORY}” {n}" for n in (1, 2)]
    data = "\r\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts).encode(encoding)
    assert [item.text for item in read_bytes(tmp_path, "a.jsonl", data) if isinstance(item, Report)] == texts


@pytest.mark.parametrize(
    ("data", "origins"),
    [
        (json.dumps({"text": STORY}, indent=1), [""]),
        (json.dumps([{"text": STORY}, {"text": SECOND}]), ["#1", "#2"]),
        (json.dumps({"status": "ok", "articles": [{"content": STORY}]}, indent=1), ["#1"]),
        (json.dumps({"status": "ok", "articles": [{"content": STORY}]}), [":1#1"]),
        (line(text=STORY), [":1"]),
    ],
)
def test_documents(tmp_path: Path, data: str, origins: list[str]) -> None:
    found = read_bytes(tmp_path, "a.json", data.encode())
    assert [item.origin for item in found if isinstance(item, Report)] == [f"{tmp_path}/a.json{end}" for end in origins]
    assert len(found) == len(origins)


def test_document_without_reports(tmp_path: Path) -> None:
    assert "no reports" in one_failure(read_bytes(tmp_path, "a.json", b"[]")).cause
    assert "broken JSON" in one_failure(read_bytes(tmp_path, "b.json", b'{\n "text": "a')).cause
