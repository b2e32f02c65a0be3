from __future__ import annotations

from pathlib import Path

import pytest

from reportedly.cli import benchmark
from reportedly.cli.benchmark import WORDS, Used, installed_size, long_texts, measure, needed
from reportedly.errors import ReportedlyError, SettingsError


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    for name in ("north", "south"):
        text = f"Shells fell on the {name} of the town, residents said on Monday.\n\n" * 40
        (tmp_path / f"{name}.txt").write_text(text)
    return tmp_path


def test_texts_have_as_many_words_as_they_say_and_differ(examples: Path) -> None:
    texts = long_texts([examples], 5)
    assert [len(text.split()) for text in texts] == [WORDS] * 5
    assert len(set(texts)) == 5


def test_no_examples_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no report to measure with"):
        long_texts([tmp_path], 5)


def test_rates_leave_start_up_out(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def used(path: Path, *, jobs: int, model: Path | None) -> Used:
        reports = len(path.read_text().splitlines())
        return Used(wall=1 + (reports - 1) / (4 * jobs), cpu=0.5 + (reports - 1) / 4, memory=100)

    monkeypatch.setattr(benchmark, "run_read", used)
    figures = measure([examples], count=9, runs=3)
    assert figures.reports_a_cpu_second.median == 4
    assert figures.two_jobs.median == 2
    assert (figures.start_up_s.median, figures.peak_memory_mb.median) == (1, 100)


def test_a_run_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "PROGRAM", "import sys; sys.exit('nothing to read')")
    with pytest.raises(ReportedlyError, match="exit status 1: nothing to read"):
        benchmark.run_read(Path("missing.jsonl"), jobs=1)


def test_a_run_is_measured_as_a_whole_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "PROGRAM", "x = bytearray(60_000_000); sum(range(2_000_000))")
    used = benchmark.run_read(Path("any.jsonl"), jobs=1)
    assert used.memory > 60
    assert used.cpu > 0
    assert used.wall > 0


def test_needed_packages_are_those_to_run_with() -> None:
    found = needed("reportedly")
    assert {"reportedly", "numpy", "typer", "rich", "markdown-it-py"} <= found
    assert not {"pytest", "mypy", "ruff", "torch"} & found
    assert installed_size("rich") > 100_000
