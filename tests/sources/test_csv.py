from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from reportedly.sources import Limits, read_paths
from reportedly.types import Failure, Report
from tests.sources.samples import SECOND, STORY, one_failure, one_report, read_bytes


def test_columns_by_usual_names(tmp_path: Path) -> None:
    data = f'Report ID,Headline,Body,Published At,Source,URL\n9,Shells,"{STORY}",2023-11-09,AFP,https://a.example/1\n'
    report = one_report(read_bytes(tmp_path, "a.csv", data.encode()))
    assert (report.id, report.title, report.text, report.outlet) == ("9", "Shells", STORY, "AFP")
    assert (report.published, report.url) == (date(2023, 11, 9), "https://a.example/1")
    assert report.origin == f"{tmp_path}/a.csv:2"


def test_line_ends_and_quotes_inside_a_field_are_kept(tmp_path: Path) -> None:
    text = f'{STORY}\r\n\r\n"Yes," he said.\u2028 End\n'
    quoted = text.replace('"', '""')
    data = f'text,source\r\n"{quoted}",AFP\r\n"{SECOND}",AP\r\n'
    first, second = read_bytes(tmp_path, "a.csv", data.encode())
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert first.text == text
    assert (first.origin, second.origin) == (f"{tmp_path}/a.csv:2", f"{tmp_path}/a.csv:6")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    data = delimiter.join(["date", "text", "outlet"]) + "\n" + delimiter.join(["2023-11-09", f'"{STORY}"', "AFP"])
    report = one_report(read_bytes(tmp_path, "a.csv", data.encode()))
    assert (report.text, report.outlet) == (STORY, "AFP")


def test_line_that_names_the_separator_is_skipped(tmp_path: Path) -> None:
    assert one_report(read_bytes(tmp_path, "a.csv", f'sep=;\ntext;source\n"{STORY}";AFP\n'.encode())).outlet == "AFP"


def test_mapping(tmp_path: Path) -> None:
    data = f'lead,text\n"{STORY}",x\n'.encode()
    assert one_report(read_bytes(tmp_path, "a.csv", data, text="lead")).text == STORY
    failure = one_failure(read_bytes(tmp_path, "a.csv", data, text="body"))
    assert "'body'" in failure.cause


def test_no_text_column(tmp_path: Path) -> None:
    failure = one_failure(read_bytes(tmp_path, "a.csv", b"a,b\n1,2\n"))
    assert failure.where == f"{tmp_path}/a.csv:1"
    assert "a, b" in failure.cause
    assert "--map text=" in failure.hint


def test_broken_rows_are_told_and_the_rest_read(tmp_path: Path) -> None:
    data = (
        f'text,source\n"He said "no" to them",AFP\n"{STORY}",AP\nHe, she and they,came,AP\n,AFP\n\n'
        f'"{SECOND}"\n"never closed,AFP\n'
    )
    found = read_bytes(tmp_path, "a.csv", data.encode())
    told = [(item.where.rpartition(":")[2], item.cause) for item in found if isinstance(item, Failure)]
    assert [where for where, _ in told] == ["2", "4", "5", "8"]
    assert "broken CSV" in told[0][1]
    assert "4 fields" in told[1][1]
    assert "empty" in told[2][1]
    assert "unexpected end" in told[3][1]
    assert [item.text for item in found if isinstance(item, Report)] == [STORY, SECOND]


def test_row_too_long_ends_the_file_and_leaves_csv_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'text\n"{STORY}"\n"' + "a\n" * 3000)
    before = csv.field_size_limit()
    first, failure = read_paths([str(path)], limits=Limits(row=4000))
    assert isinstance(first, Report)
    assert isinstance(failure, Failure)
    assert failure.where == f"{path}:3"
    assert "never closed" in failure.hint
    assert csv.field_size_limit() == before


def test_field_longer_than_the_csv_module_allows_by_itself(tmp_path: Path) -> None:
    text = STORY * 1000
    before = csv.field_size_limit(131_072)  # other libraries raise it for the whole process
    try:
        assert len(text) > csv.field_size_limit()
        assert one_report(read_bytes(tmp_path, "a.csv", f'text\n"{text}"\n'.encode())).text == text
    finally:
        csv.field_size_limit(before)


def test_reading_ends_after_many_broken_rows(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, "a.csv", b"text,source\n" + b'"a"b,c\n' * 500)
    assert len(found) == 101
    assert isinstance(found[-1], Failure)
    assert "left out" in found[-1].cause


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = f"“José’s aide” said so. {STORY}"
    assert one_report(read_bytes(tmp_path, "a.csv", f'text,source\n"{text}",AFP\n'.encode(encoding))).text == text
