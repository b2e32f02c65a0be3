from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from reportedly.batch.local import open_readers
from reportedly.batch.pool import Batch, Pool
from reportedly.errors import ModelError
from reportedly.pipeline import Copies
from reportedly.settings import Settings
from reportedly.types import Failure, Report
from tests.fakes import load_dead, load_fake, load_refused

TEXT = "Police arrested two men."


def test_a_report_that_kills_its_process_fails_alone_and_the_rest_is_read() -> None:
    items = [Report(f"r{n}", "DIE" if n == 5 else TEXT) for n in range(12)]
    with open_readers(Settings(batch=4), jobs=2, load=load_fake) as readers:
        results = list(readers.read_all(items))
    failed = [r for r in results if isinstance(r, Failure)]
    assert [f.where for f in failed] == ["r5"]
    assert failed[0].cause == "the process that read it ended twice (exit status 9)"
    assert [r.where if isinstance(r, Failure) else r[0].id for r in results] == [item.id for item in items]


def test_a_process_that_dies_by_chance_costs_nothing(tmp_path: Path) -> None:
    items = [Report("r0", "DIE-ONCE", origin=str(tmp_path / "scar")), Report("r1", TEXT)]
    with open_readers(Settings(), jobs=2, load=load_fake) as readers:
        results = list(readers.read_all(items))
    assert [r[0].id for r in results if not isinstance(r, Failure)] == ["r0", "r1"]


def test_a_process_that_dies_between_batches_is_replaced() -> None:
    with Pool(Settings(), jobs=2, load=load_fake) as pool:
        for worker in pool._workers:
            assert worker.process.pid is not None
            os.kill(worker.process.pid, signal.SIGKILL)
        results = list(pool.read_batches([Batch([Report("r0", TEXT)]), Batch([Report("r1", TEXT)])]))
    assert [r[0].id for batch in results for r in batch if not isinstance(r, Failure)] == ["r0", "r1"]


def test_an_error_of_loading_comes_up_as_it_was() -> None:
    with pytest.raises(ModelError, match="missing") as caught, Pool(Settings(), jobs=2, load=load_refused):
        pass
    assert (caught.value.where, caught.value.hint) == ("model", "install the package again")


def test_processes_that_die_while_loading_are_not_started_for_ever() -> None:
    with pytest.raises(ModelError, match="exit status 7"), Pool(Settings(), jobs=2, load=load_dead):
        pass


def test_no_process_is_left_behind() -> None:
    with open_readers(Settings(batch=1), jobs=2, load=load_fake) as readers:
        next(readers.read_all([Report(f"r{n}", TEXT) for n in range(50)]))
    assert multiprocessing.active_children() == []


def test_a_report_that_hangs_its_process_fails_alone() -> None:
    items = [Report("r0", TEXT), Report("r1", f"HANG {TEXT}"), Report("r2", TEXT)]
    with open_readers(Settings(patience=1), jobs=2, load=load_fake) as readers:
        results = list(readers.read_all(items))
    assert [r.where if isinstance(r, Failure) else r[0].id for r in results] == ["r0", "r1", "r2"]
    assert isinstance(results[1], Failure)
    assert results[1].cause == "the process that read it ended twice (ran out of time)"


def test_a_copy_that_kills_its_process_fails_alone() -> None:
    copies = Copies((Report("r0", TEXT), Report("r1", f"{TEXT}\nDIE"), Report("r2", TEXT)))
    with open_readers(Settings(), jobs=2, load=load_fake) as readers:
        items: list[Copies | Report] = [copies, Report("r3", TEXT)]
        results = list(readers.read_all(items))
    assert [r.where if isinstance(r, Failure) else r[0].id for r in results] == ["r0", "r1", "r2", "r3"]
    assert isinstance(results[1], Failure)
