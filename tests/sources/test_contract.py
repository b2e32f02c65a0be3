"""What every source keeps to: reports as promised from good files, and nothing but failures from all others."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.sources import Item, Source, load_sources
from reportedly.types import Failure, Report, Skipped
from tests.sources.samples import CSV, GOOD, HTML, JSONL, STORY, SUFFIX, drain

SOURCES = load_sources()
NAMES = sorted(GOOD)
BINARY = {".warc", ".wacz", ".parquet"}
STRANGE = [b"<", b"&#xD800;", b"&#99999999999;", b"<![", b"<!DOCTYPE x [", b"\x00", b"\xff", b'"', b"\r", b"---\n"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(name: str) -> Source:
    return SOURCES[name]


def assert_sound(found: list[Item]) -> None:
    """Whatever came in, what comes out is whole, and can be stored."""
    for item in found:
        if isinstance(item, Skipped):
            assert item.where
            assert item.reason
            assert item.count > 0
        elif isinstance(item, Failure):
            assert item.where
            assert item.stage == "source"
            assert item.cause
            assert item.hint
        else:
            assert item.text.strip()
            assert item.id
            assert item.origin
            for words in (item.id, item.text, item.outlet, item.title, item.url):
                assert words is None or words.encode("utf-8").count(0) == 0


def test_every_source_has_a_sample() -> None:
    assert set(SOURCES) == set(GOOD)


def test_good_file(name: str, source: Source) -> None:
    found = drain(source, GOOD[name], suffix=SUFFIX[name])
    assert_sound(found)
    assert all(isinstance(item, Report) for item in found)
    assert "two shells had hit the grain market" in str(found[0])


def test_same_bytes_give_same_reports(name: str, source: Source) -> None:
    assert drain(source, GOOD[name]) == drain(source, GOOD[name])


def test_hash_is_of_the_bytes_received(name: str, source: Source) -> None:
    (report, *_) = drain(source, GOOD[name])
    assert isinstance(report, Report)
    row = {"published": "2023-11-09", "text": STORY, "title": "Shells"}
    parts = {
        "jsonl": JSONL.split(b"\n")[0],
        "csv": CSV.splitlines(keepends=True)[1],
        "warc": HTML,  # the page, without the record around it
        "wacz": HTML,
        "parquet": json.dumps(row, sort_keys=True).encode(),
    }
    assert report.received_sha256 == hashlib.sha256(parts.get(name, GOOD[name])).hexdigest()


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"], ids=["0", "blank", "bom8", "bom16"])
def test_empty_file(source: Source, data: bytes) -> None:
    (failure,) = drain(source, data)
    assert isinstance(failure, Failure)
    if not data or not BINARY.intersection(source.suffixes):
        assert "empty" in failure.cause
    assert_sound([failure])


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%\xe2\xe3", bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n" + bytes(64), b"PK\x03\x04" + bytes(64)]
)
def test_binary_file(source: Source, data: bytes) -> None:
    (failure,) = drain(source, data)
    assert isinstance(failure, Failure)
    assert_sound([failure])
    if not BINARY.intersection(source.suffixes):
        assert "not text" in failure.cause


def test_truncated_file(name: str, source: Source) -> None:
    for cut in range(0, len(GOOD[name]), 37):
        found = drain(source, GOOD[name][:cut])
        assert found
        assert_sound(found)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400), name=st.sampled_from(NAMES))
def test_any_bytes(data: bytes, name: str) -> None:
    assert_sound(drain(SOURCES[name], data))


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    places=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), st.sampled_from(STRANGE)), max_size=4),
)
def test_damaged_file(name: str, places: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(GOOD[name])
    for start, gone, put in places:
        data[start : start + gone] = put
    assert_sound(drain(SOURCES[name], bytes(data)))
