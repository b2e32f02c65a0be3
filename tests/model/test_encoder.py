"""Opening the model: what is missing or damaged is told, and windows change nothing that they should not."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from reportedly.errors import ModelError
from reportedly.model.encoder import FILES, Encoder, hash_files
from reportedly.model.words import make_words
from reportedly.text import split_sentences

SHIPPED = Path(str(resources.files("reportedly").joinpath("data/model")))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        Encoder.load(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_told(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"{}" if name.endswith("json") else b"damaged")
    with pytest.raises(ModelError, match="cannot be opened"):
        Encoder.load(copy)


def test_the_hash_is_of_every_file(copy: Path) -> None:
    assert hash_files(copy) == hash_files(SHIPPED)
    config = json.loads((copy / "reader.json").read_text())
    (copy / "reader.json").write_text(json.dumps(config | {"window": 100}))
    assert hash_files(copy) != hash_files(SHIPPED)


def test_a_report_reads_the_same_alone_and_among_others(encoder: Encoder) -> None:
    texts = ["Two shells fell near the bridge, a resident said.", "The army denied it. " * 40, "x"]
    words = [make_words(t, split_sentences(t), encoder.tokenizer) for t in texts]
    together = encoder.project(words)
    assert [p.shape for p in together] == [(len(w), encoder.shape.width) for w in words]
    for alone, among in zip(words, together, strict=True):
        np.testing.assert_array_equal(encoder.project([alone])[0], among)


def test_a_word_longer_than_a_window_is_read(encoder: Encoder) -> None:
    text = "The " + "abcdefghij " * 3 + "é" * 5000 + " said."
    words = make_words(text, split_sentences(text), encoder.tokenizer)
    assert np.isfinite(encoder.project([words])[0]).all()
