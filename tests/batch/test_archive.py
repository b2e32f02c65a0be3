"""Folders of readings: the same from both engines, whole whatever dies, and loaded once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import yaml

from reportedly.batch.here import read_into
from reportedly.batch.local import open_pool
from reportedly.batch.near import gather
from reportedly.batch.parts import Folder, Part
from reportedly.batch.units import Shard, make_shards, make_units
from reportedly.errors import ReportedlyError, SettingsError
from reportedly.pipeline import Copies
from reportedly.settings import Settings
from reportedly.sources import read_paths
from reportedly.types import Failure, Report, Skipped
from tests.fakes import load_fake
from tests.sources.samples import HTML, capture

SETTINGS = Settings(patience=2)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two files of lines, one with a report that kills and one that hangs its process, and a web archive."""
    lines = [f"Police in town {n} said that soldiers had killed {n} people. They were shelled." for n in range(700)]
    lines[5] += " DIE"
    lines[333] += " HANG"
    for name, part in (("a.jsonl", lines[:300]), ("b.jsonl", lines[300:])):
        rows = [json.dumps({"id": f"{name}-{n}", "text": text}) for n, text in enumerate(part)]
        (tmp_path / name).write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "c.warc").write_bytes(capture(HTML) + capture(b"", status="404 Not Found"))
    return tmp_path


def read_here(where: Path, paths: list[str], *, stop: int | None = None) -> list[Part]:
    folder = Folder(str(where))
    with open_pool(SETTINGS, jobs=2, load=load_fake) as readers:
        made: Iterator[Part] = read_into(folder, make_shards(paths), readers, mapping=None, copies="each")
        parts = list(islice(made, stop))
    if stop is None:
        folder.finish(parts)
    return parts


def contents(where: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in where.iterdir() if path.name.startswith("part-")}


def test_what_kills_or_hangs_its_process_fails_and_the_rest_is_there_once(archive: Path, tmp_path: Path) -> None:
    parts = read_here(tmp_path / "out", [str(archive / name) for name in ("a.jsonl", "b.jsonl", "c.warc")])
    folder = Folder(str(tmp_path / "out"))
    names, finished = folder.parts()
    assert finished
    results = [result for name in names for result in folder.read(name)[1]]
    read = [result[0] for result in results if isinstance(result, tuple)]
    assert len(read) == len({report.id for report in read}) == 699
    assert sorted(f.cause for f in results if isinstance(f, Failure)) == [
        "the process that read it ended twice (exit status 9)",
        "the process that read it ended twice (ran out of time)",
    ]
    assert [(s.reason, s.count) for s in results if isinstance(s, Skipped)] == [
        ("no page: an error or a redirection", 1)
    ]
    assert sum(part.reports for part in parts) == 699
    assert {part.name for part in parts} == set(names)


def test_a_run_that_was_cut_short_is_finished_and_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    paths = [str(archive / "a.jsonl"), str(archive / "b.jsonl")]
    read_here(tmp_path / "whole", paths)
    read_here(tmp_path / "cut", paths, stop=1)
    (first,) = contents(tmp_path / "cut")
    # Half a file, as no crash leaves it, is read again too.
    (tmp_path / "cut" / "part-00000-00001.parquet").write_bytes(b"PAR1")
    parts = read_here(tmp_path / "cut", paths)
    assert [part.name for part in parts if part.known] == [first]
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_cluster_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'reportedly[ray]'")
    from reportedly.batch.cluster import read_on_cluster

    paths = [str(archive / name) for name in ("a.jsonl", "c.warc")]
    read_here(tmp_path / "here", paths)
    shards = [Shard(number, (path,)) for number, path in enumerate(paths)]
    folder = Folder(str(tmp_path / "there"))
    made = list(read_on_cluster(folder.where, shards, settings=SETTINGS, mapping=None, jobs=1, load=load_fake))
    one = [unit for shard in shards for unit in make_units(shard)]
    assert sorted(part.name for part in made) == sorted(unit.name for unit in one)
    # The same shards, so the same units: compare with this machine's reading of them.
    with open_pool(SETTINGS, jobs=1, load=load_fake) as readers:
        list(read_into(Folder(str(tmp_path / "here2")), shards, readers, mapping=None, copies="each"))
    assert contents(tmp_path / "there") == contents(tmp_path / "here2")


def test_another_input_does_not_go_into_the_same_folder(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "out"))
    folder.begin(inputs="a", copies="each")
    folder.begin(inputs="a", copies="each")
    with pytest.raises(SettingsError, match="another input"):
        folder.begin(inputs="b", copies="each")


def test_a_damaged_part_is_told(tmp_path: Path) -> None:
    (tmp_path / "part-00000-00000.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(ReportedlyError, match="damaged"):
        Folder(str(tmp_path)).read("part-00000-00000.parquet")
    with pytest.raises(SettingsError, match="no folder of readings"):
        Folder(str(tmp_path / "nowhere")).parts()


def test_every_report_is_in_one_unit_in_order(archive: Path) -> None:
    shards = list(make_shards([str(archive)]))
    items = [item for shard in shards for unit in make_units(shard, size=100) for item in unit.items]
    assert items == list(read_paths([str(archive)]))
    (missing,) = make_shards([str(archive / "nothing.txt")])
    (unit,) = make_units(missing)
    assert [type(item) for item in unit.items] == [Failure]


def test_standard_input_can_not_be_cut_into_shards() -> None:
    with pytest.raises(SettingsError, match="standard input"):
        list(make_shards(["-"]))


STORY = """Two shells hit the grain market of Tillabar on Tuesday, residents said, and at least four people were killed.

The governor, Idris Maro, told reporters that the army had fired on rebels who were hiding among the stalls.

A doctor at the clinic said that she had treated nine people, and that two of them were children under ten.

The army denied that it had fired on the town and said that the road to the north was open again since Sunday.

Millet, sorghum and groundnuts from the Ardoum plateau are sold in Tillabar; the merchants' guild put the damage at
some ninety sacks, and its treasurer, Salome Okande, asked the insurers in Port Ismara for patience."""


def test_near_copies_come_together_at_the_place_of_the_first() -> None:
    other = Report("r2", "Farmers in the valley of Ismara said on Monday that rain had spoilt most of the dates.")
    first, copy = Report("r1", STORY), Report("r3", f"{STORY}\n\n(Reporting by the River Post)", outlet="Lake Times")
    told_anew = Report("r4", STORY.replace(" hit ", " struck ").replace("said", "told us").replace("fired", "shot"))
    failure = Failure("a", "source", "cause", "hint")
    items = [first, failure, other, copy, told_anew, replace(first)]
    assert list(gather(items)) == [Copies((first, copy)), failure, other, told_anew, items[-1]]
    assert list(gather(items, window=2)) == items  # too far apart to be seen together


def test_the_cluster_file_is_one_that_ray_takes() -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'reportedly[ray]'")
    from ray.autoscaler._private.util import prepare_config, validate_config

    path = Path(__file__).parents[2] / "examples" / "cluster.yaml"
    made = prepare_config(yaml.safe_load(path.read_text(encoding="utf-8")))
    validate_config(made)
    assert made["head_node_type"] in made["available_node_types"]
