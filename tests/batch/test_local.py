from __future__ import annotations

from collections.abc import Iterator

import pytest

from reportedly.batch.local import batches, open_readers
from reportedly.errors import SettingsError
from reportedly.settings import Settings
from reportedly.types import Failure, Report
from tests.fakes import load_fake

LOST = Failure("lost.txt", "source", "it is gone", "")


def reports(count: int, text: str = "Police arrested two men.") -> list[Report]:
    return [Report(f"r{number:03}", text) for number in range(count)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_input_order_with_failures_in_their_places(jobs: int) -> None:
    items: list[Report | Failure] = [*reports(5), LOST, *reports(30)[5:], LOST]
    with open_readers(Settings(batch=4), jobs=jobs, load=load_fake) as readers:
        results = list(readers.read_all(items))
    assert [r if isinstance(r, Failure) else r[0] for r in results] == items


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_drawn_long_before_it_is_needed(jobs: int) -> None:
    drawn = 0

    def source() -> Iterator[Report]:
        nonlocal drawn
        for report in reports(1000):
            drawn += 1
            yield report

    with open_readers(Settings(batch=4), jobs=jobs, load=load_fake) as readers:
        results = readers.read_all(source())
        for _ in range(8):
            next(results)
        assert drawn <= 8 + 4 * (6 * jobs + 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_reports_give_no_results(jobs: int) -> None:
    with open_readers(Settings(), jobs=jobs, load=load_fake) as readers:
        assert list(readers.read_all([])) == []
        assert list(readers.read_all([LOST])) == [LOST]


def test_one_job_and_two_make_the_same_run() -> None:
    with (
        open_readers(Settings(), jobs=1, load=load_fake) as one,
        open_readers(Settings(), jobs=2, load=load_fake) as two,
    ):
        assert one.run == two.run


def test_jobs_below_one_are_refused() -> None:
    with pytest.raises(SettingsError, match="jobs is 0"), open_readers(Settings(), jobs=0, load=load_fake):
        pass


def test_a_batch_is_cut_by_number_and_by_length() -> None:
    cut = list(batches([*reports(3), LOST, *reports(2, "x" * 500), *reports(1)], size=3, characters=510))
    assert [len(batch) for batch in cut] == [3, 2, 1, 1]
