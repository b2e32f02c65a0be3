"""The shipped model on prose that it was not tuned to: the examples, whose incidents are all invented.

The figures are floors, well under what the weights reach, so that they hold on processors whose int8 sums differ a
little; they fail when something in the way from text to reading breaks.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportedly.coded import from_coded, to_coded
from reportedly.evaluate.coded import score_readings
from reportedly.evaluate.metrics import Tally
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings
from reportedly.types import Failure, Reading, Report

ROOT = Path(__file__).parent.parent
CODED = sorted((ROOT / "examples" / "coded").glob("*.json"))
GOLDEN = Path(__file__).parent / "golden.json"
"""A reading of one example, made with `python -m tests.test_reading` when the weights change."""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load(Settings())


def gold() -> list[tuple[Report, Reading]]:
    return [from_coded(json.loads(path.read_text("utf-8")), where=path.name) for path in CODED]


def read(pipeline: Pipeline, reports: list[Report]) -> list[tuple[Report, Reading]]:
    results = pipeline.read(reports)
    assert not [r for r in results if isinstance(r, Failure)]
    return [r for r in results if not isinstance(r, Failure)]


def test_the_examples_are_read_about_as_people_code_them(pipeline: Pipeline) -> None:
    people = gold()
    machine = read(pipeline, [report for report, _ in people])
    tally = Tally()
    score_readings([(r.text, g, m) for (r, g), (_, m) in zip(people, machine, strict=True)], tally)
    scores = {score.name: score.value for score in tally.scores()}
    floors = {"statement": 0.75, "trigger": 0.65, "told by": 0.85, "stance": 0.85, "speaker": 0.6}
    assert {name: scores[name] for name, floor in floors.items() if (scores[name] or 0) < floor} == {}


def test_the_golden_reading_is_read_again(pipeline: Pipeline) -> None:
    report, kept = from_coded(json.loads(GOLDEN.read_text("utf-8")), where="golden")
    [(_, now)] = read(pipeline, [report])
    tally = Tally()
    score_readings([(report.text, kept, now)], tally)
    scores = {score.name: score.value for score in tally.scores()}
    wanted = ("statement", "event", "argument", "told by", "speaker")
    assert {n: scores[n] for n in wanted if (scores[n] or 0) < 0.9} == {}


def test_the_same_report_gives_the_same_bytes(pipeline: Pipeline) -> None:
    reports = [report for report, _ in gold()]
    together = [json.dumps(to_coded(*r)) for r in read(pipeline, reports)]
    alone = [json.dumps(to_coded(*read(pipeline, [r])[0])) for r in reversed(reports)]
    assert together == alone[::-1]


def test_every_quote_lies_in_the_text(pipeline: Pipeline) -> None:
    text = (
        "🚨 BREAKING — “We were shelled,” Amália Cafe\u0301 said.\r\n\r\nThe army denied it. Zwölf Menschen… 12 killed."
    )
    [(report, reading)] = read(pipeline, [Report("odd", text)])
    spans = [s for st in reading.statements for s in (*st.source, *st.cue, *st.content, *st.told_to)]
    spans += [e.trigger for e in reading.events]
    assert spans
    assert all(0 <= s.start < s.end <= len(report.text) and s.of(text).strip() == s.of(text) for s in spans)


if __name__ == "__main__":
    [first] = [report for report, _ in gold() if report.id == "rahad-wire"]
    [made] = read(Pipeline.load(Settings()), [first])
    GOLDEN.write_text(json.dumps(to_coded(*made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
