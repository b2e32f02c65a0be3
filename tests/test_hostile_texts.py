"""Texts that were made to stop the reader: each is read in time that grows as the text does, and in bounded memory."""

from __future__ import annotations

import time
from datetime import date

import pytest

from reportedly.errors import ModelError
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings
from reportedly.types import Failure, Report

BEFORE = "The army said on Tuesday that shelling near Sarmada had killed at least nine people, "
AFTER = ' including 3 women. "We fled", residents told AFP on 5 May 2024 in the village of Er Rahad.'
LENGTH = 20_000
SECONDS = 60
"""Processor time on a slow machine: 20,000 signs that are a word each take the model three seconds on a fast one."""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    try:
        loaded = Pipeline.load(Settings())
    except ModelError as error:
        pytest.skip(f"the weights are not there: {error}")
    return loaded


@pytest.mark.parametrize("pump", [" ", "\n", "A", "_", ",", "“", "Aa ", "killed ", "1, ", "one hundred and ", "a-"])
def test_long_run(pipeline: Pipeline, pump: str) -> None:
    """In one sentence, which is what the model sees at once; an attention over all of it would take 37 GB."""
    text = BEFORE + pump * (LENGTH // len(pump)) + AFTER
    begun = time.process_time()
    [result] = pipeline.read([Report("r", text, published=date(2024, 5, 6))])
    assert time.process_time() - begun < SECONDS
    assert not isinstance(result, Failure)


def test_more_words_than_the_memory_may_hold_are_refused(pipeline: Pipeline) -> None:
    [result] = pipeline.read([Report("r", BEFORE + ", " * 320_000)])
    assert isinstance(result, Failure)
    assert "300,000 are read at most" in result.cause
