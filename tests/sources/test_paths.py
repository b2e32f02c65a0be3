from __future__ import annotations

import inspect
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from reportedly.errors import SettingsError
from reportedly.sources import Limits, choose, load_sources, read_paths
from reportedly.sources.base import size
from reportedly.sources.metadata import FIELDS
from reportedly.types import Failure, Report
from tests.sources.samples import CSV, FEED, GOOD, HTML, JSONL, STORY, as_input, one_failure, one_report


def names(paths: list[str]) -> list[str]:
    return [Path((item.origin or "") if isinstance(item, Report) else item.where).name for item in read_paths(paths)]


def test_folders_are_read_in_order_and_hidden_files_left_out(tmp_path: Path) -> None:
    for path in ("b/2.txt", "b/10.txt", "a.txt", ".hidden.txt", ".git/x.txt", "c.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(STORY)
    assert names([str(tmp_path)]) == ["a.txt", "10.txt", "2.txt", "c.md"]
    assert names([str(tmp_path / ".hidden.txt")]) == [".hidden.txt"]


def test_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.txt").write_text(STORY)
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "dead").symlink_to("nowhere")
    (tmp_path / "self").symlink_to("self")
    found = list(read_paths([str(tmp_path)]))
    assert [item.where for item in found if isinstance(item, Failure)] == [f"{tmp_path}/dead", f"{tmp_path}/self"]
    assert {item.origin for item in found if isinstance(item, Report)} == {f"{tmp_path}/a/1.txt", f"{tmp_path}/b/1.txt"}


def test_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(STORY)
    usual = sys.getrecursionlimit()
    # A tree deeper than Python's stack, without one that other programs can't delete.
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    try:
        found = names([str(tmp_path)])
    finally:
        sys.setrecursionlimit(usual)
    assert found == ["a.txt"]


@pytest.mark.parametrize("path", ["missing.txt", "a\0b", "x" * 5000, "/dev/null"])
def test_paths_that_can_not_be_read(path: str) -> None:
    failure = one_failure(list(read_paths([path])))
    assert failure.stage == "source"
    assert failure.hint
    failure.where.encode("utf-8")


def test_empty_folder_and_special_file(tmp_path: Path) -> None:
    assert "no files" in one_failure(list(read_paths([str(tmp_path)]))).cause
    os.mkfifo(tmp_path / "pipe")
    assert names([str(tmp_path)]) == ["pipe"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "a.txt").chmod(0)
    assert "not allowed" in one_failure(list(read_paths([str(tmp_path)]))).cause


def test_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(path)).write_text(STORY)
    report = one_report(list(read_paths([str(tmp_path)])))
    assert report.origin == f"{tmp_path}/\N{REPLACEMENT CHARACTER}.txt"


@pytest.mark.parametrize("kind", sorted(set(GOOD) - {"wacz", "parquet"}))
def test_standard_input(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(GOOD[kind])))
    found = list(read_paths(["-"]))
    assert all(isinstance(item, Report) and str(item.origin).startswith("-") for item in found)
    assert not sys.stdin.buffer.closed


def test_reading_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    found = read_paths([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    assert isinstance(next(found), Report)
    (tmp_path / "b.txt").write_text(STORY)
    assert isinstance(next(found), Report)


def test_large_files_are_not_held(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        for number in range(500):
            file.write(json.dumps({"id": number, "text": STORY * 40}) + "\n")
    tracemalloc.start()
    try:
        assert sum(isinstance(item, Report) for item in read_paths([str(path)])) == 500
        assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 4
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("suffix", "data", "name"),
    [
        (".jsonl", STORY.encode(), "jsonl"),
        (".md", b'{"text": 1}', "text"),
        (".txt", HTML, "html"),
        ("", JSONL, "jsonl"),
        ("", b'\xef\xbb\xbf [ {"text": 1}]', "jsonl"),
        ("", CSV, "csv"),
        ("", HTML, "html"),
        (".html", FEED, "html"),
        (".bin", FEED, "feed"),
        ("", JSONL.decode().encode("utf-16"), "jsonl"),
        ("", STORY.encode(), "text"),
        ("", b"[Tillabar] was hit, the text of the source says", "text"),
    ],
)
def test_choice_of_source(suffix: str, data: bytes, name: str) -> None:
    sources = load_sources()
    assert choose(as_input(data, suffix=suffix), sources) is sources[name]


def test_unknown_field_in_mapping_is_refused_at_once() -> None:
    with pytest.raises(SettingsError, match="no field 'body'"):
        read_paths([], mapping={"body": "text"})


class _Entry(SimpleNamespace):
    def load(self) -> object:
        if self.found is None:
            raise ImportError("no module")
        return self.found


def test_plug_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Shouting:
        suffixes = (".shout",)

        def suits(self, head: bytes) -> bool:
            return head.startswith(b"SHOUT")

        def read(self, file: object, options: object) -> list[Report]:
            return [Report("s1", STORY)]

    text = type(load_sources()["text"])
    entries = [_Entry(name="shout", value="x:Y", found=Shouting), _Entry(name="text", value="x:T", found=text)]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: entries)
    (tmp_path / "a.shout").write_text("x")
    (tmp_path / "b").write_text("SHOUT")
    assert [item.id for item in read_paths([str(tmp_path)]) if isinstance(item, Report)] == ["s1", "s1"]
    entries.append(_Entry(name="worse", value="x:Z", found=None))
    with pytest.raises(SettingsError, match="'worse'"):
        load_sources()


@pytest.mark.parametrize("start", [b"<!---->" * 1000, b"<!-- " * 1500, b"<?xml " * 1000, b"[" * 8000, b" " * 8000])
def test_choice_of_source_takes_no_time(start: bytes) -> None:
    sources = load_sources()
    assert choose(as_input(start), sources) is sources["text"]


def test_the_page_on_inputs_tells_endings_names_and_limits() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/inputs.md").read_text("utf-8")
    endings = {ending for source in load_sources().values() for ending in source.suffixes}
    assert {ending for ending in endings if f"`{ending}`" not in page} == set()
    assert {name for name in FIELDS if f"| `{name}` |" not in page} == set()
    for count in (Limits().page, Limits().text):
        assert f"{count:,} characters" in page
    for count in (Limits().file, Limits().line, Limits().row):
        assert f"{size(count)} |" in page
