from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportedly.errors import SettingsError
from reportedly.pipeline import Pipeline, claims_of, make_run
from reportedly.settings import Settings
from reportedly.types import Extraction, Failure, Reading, Report, Run
from tests.fakes import FakeReader, FakeResolver, load_fake

GOOD = "A nurse said that shells killed nine people. Police arrested two men."


def read_one(text: str) -> tuple[Report, Reading] | Failure:
    return load_fake(Settings()).read([Report("r", text, origin="news.txt")])[0]


def test_a_reading_names_its_report_and_run() -> None:
    pipeline = load_fake(Settings())
    result = pipeline.read([Report("r", GOOD)])[0]
    assert not isinstance(result, Failure)
    report, reading = result
    assert (reading.report, reading.run) == (report.id, pipeline.run.id)
    assert [event.kind for event in reading.events] == ["killing", "arrest"]
    assert [event.statement for event in reading.events] == ["s1", None]


@pytest.mark.parametrize(
    ("text", "stage", "cause"),
    [
        ("ODD", "extract", "ValueError: nobody expects an odd text"),
        ("BROKEN", "model", "weights.onnx: the weights are broken"),
        ("UNRESOLVABLE", "resolve", "KeyError: 'Atlantis'"),
        (" \n", "text", "the text is empty"),
        ("cut \ud83d", "text", "half of a surrogate pair at character 4"),
    ],
)
def test_a_failure_names_place_stage_and_cause(text: str, stage: str, cause: str) -> None:
    failure = read_one(text)
    assert isinstance(failure, Failure)
    assert (failure.where, failure.stage, failure.cause) == ("news.txt", stage, cause)
    assert failure.hint


def test_one_bad_report_costs_no_other_and_order_is_kept() -> None:
    reader = FakeReader()
    pipeline = Pipeline(reader, FakeResolver(), ontology="0" * 64)
    texts = {"a": GOOD, "b": "ODD", "c": "", "d": GOOD}
    results = pipeline.read([Report(key, text) for key, text in texts.items()])
    assert [r.where if isinstance(r, Failure) else r[0].id for r in results] == list(texts)
    assert [isinstance(r, Failure) for r in results] == [False, True, True, False]
    assert reader.calls == [["a", "b", "d"], ["a"], ["b"], ["d"]], "together first, alone only after a fault"


def test_errors_of_the_machine_are_not_swallowed() -> None:
    class Full(FakeReader):
        def extract(self, reports: Sequence[Report]) -> list[Extraction]:
            raise MemoryError

    with pytest.raises(MemoryError):
        Pipeline(Full(), FakeResolver(), ontology="0").read([Report("r", GOOD)])


def test_a_reader_that_loses_a_report_is_caught() -> None:
    class Forgetful(FakeReader):
        def extract(self, reports: Sequence[Report]) -> list[Extraction]:
            return []

    result = Pipeline(Forgetful(), FakeResolver(), ontology="0").read([Report("r", GOOD)])[0]
    assert isinstance(result, Failure)
    assert "0 results for 1 report" in result.cause


def test_the_run_is_a_hash_of_what_made_it() -> None:
    both = (("a", "1"), ("b", "2"))

    def run(model: str = "m", ontology: str = "o", authorities: tuple[tuple[str, str], ...] = both) -> Run:
        return make_run(model=model, ontology=ontology, authorities=authorities)

    assert run() == run(authorities=(("b", "2"), ("a", "1")))
    assert len({run().id, run(model="n").id, run(ontology="p").id, run(authorities=(("a", "2"),)).id}) == 4


def test_a_reading_of_another_report_makes_no_claims() -> None:
    failure = claims_of(Report("r", GOOD, origin="news.txt"), Reading("another", "run"))
    assert isinstance(failure, Failure)
    assert (failure.where, failure.stage) == ("news.txt", "claims")


def test_settings_refuse_what_cannot_work() -> None:
    with pytest.raises(SettingsError, match="batch is 0"):
        Settings(batch=0)
