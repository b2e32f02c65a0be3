"""The examples: well-formed, marked as exercise material, several tellers an incident; the coded ones are sound."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from reportedly.coded import check, from_coded
from reportedly.sources import read_paths
from reportedly.types import Failure, Report

EXAMPLES = Path(__file__).parent.parent / "examples"
FILES = sorted((EXAMPLES / "reports").iterdir())
CODED = sorted((EXAMPLES / "coded").glob("*.json"))
MARK = "exercise material"


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """Every report under examples/reports; a failure to read one fails the test that asks for them."""
    found = list(read_paths([str(EXAMPLES / "reports")]))
    failures = [one for one in found if isinstance(one, Failure)]
    assert failures == []
    return [one for one in found if isinstance(one, Report)]


def _file(report: Report) -> str:
    """The name of the file that a report came from, without the place in it."""
    assert report.origin is not None
    return Path(report.origin.split("#")[0]).name.split(":")[0]


def test_every_file_is_read(reports: list[Report]) -> None:
    assert len(reports) >= 24
    assert {_file(report) for report in reports} == {path.name for path in FILES}


def test_forms_are_mixed() -> None:
    assert {path.suffix for path in FILES} == {".md", ".txt", ".html", ".jsonl", ".csv", ".xml"}


def test_ids_are_unique(reports: list[Report]) -> None:
    assert [one for one, count in Counter(report.id for report in reports).items() if count > 1] == []


def test_dates_and_outlets_are_known(reports: list[Report]) -> None:
    assert [report.origin for report in reports if report.published is None or not report.outlet] == []


def test_each_incident_has_several_tellers(reports: list[Report]) -> None:
    tellers: dict[str, set[str | None]] = defaultdict(set)
    for report in reports:
        tellers[_file(report).split("-")[0].split(".")[0]].add(report.outlet)
    assert len(tellers) >= 4
    assert {incident for incident, outlets in tellers.items() if len(outlets) < 3} == set()


def test_lengths_are_those_of_news(reports: list[Report]) -> None:
    lengths = {report.id: len(report.text.split()) for report in reports}
    assert {one: words for one, words in lengths.items() if not 100 <= words <= 800} == {}


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix != ".txt"], ids=lambda path: path.name)
def test_files_that_can_carry_the_mark_do(path: Path) -> None:
    assert MARK in path.read_text("utf-8")


def test_plain_text_is_marked_by_the_page_beside_it() -> None:
    page = (EXAMPLES / "README.md").read_text("utf-8")
    assert "`.txt` files this page" in page
    assert MARK in page


def test_the_mark_stays_out_of_the_text(reports: list[Report]) -> None:
    assert [report.origin for report in reports if MARK in report.text.casefold()] == []


def test_enough_are_coded() -> None:
    assert len(CODED) >= 7


@pytest.mark.parametrize("path", CODED, ids=lambda path: path.name)
def test_coded_examples_are_sound(path: Path, reports: list[Report]) -> None:
    coded = json.loads(path.read_text("utf-8"))
    assert check(coded) == []
    gold, reading = from_coded(coded, where=path.name)
    (read,) = [report for report in reports if _file(report).rsplit(".", 1)[0] == path.stem]
    assert (gold.text, gold.id, gold.published) == (read.text, read.id, read.published)
    assert len(reading.statements) >= 4
    assert len(reading.events) >= 8
