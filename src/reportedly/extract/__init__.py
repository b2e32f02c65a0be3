"""From text to statements, events and mentions: the model's scores read as records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from reportedly.errors import ModelError
from reportedly.extract.events import find_events, span_of
from reportedly.extract.statements import find_statements
from reportedly.model.encoder import Encoder
from reportedly.model.heads import Heads
from reportedly.model.words import make_words
from reportedly.text import split_sentences
from reportedly.types import Extraction, Mention, Report

MOST = 300_000
"""Words and single signs of a text: a long book has fewer. Each takes 7 KiB while it is read."""


class Reader:
    """Finds what reports say. Names and days are left to `resolve`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._heads = Heads(encoder)

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> Self:
        """The reader with the model in `folder`, or the shipped one. Raises `ModelError`."""
        return cls(Encoder.load(folder, threads=threads))

    @property
    def model_hash(self) -> str:
        """SHA-256 over the model's files."""
        return self._encoder.sha256

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """What is found in each report, in the same order. A long text takes longer.

        Raises `ModelError` for one of more than `MOST` words.
        """
        return [self._extract(report) for report in reports]

    def _extract(self, report: Report) -> Extraction:
        sentences = split_sentences(report.text)
        words = make_words(report.text, sentences, self._encoder.tokenizer)
        if not len(words):
            return Extraction(sentences, (), (), ())
        if len(words) > MOST:
            raise ModelError(f"the text has {len(words):,} words; {MOST:,} are read at most", hint="split it")
        [projections] = self._encoder.project([words])
        heads, tags = self._heads, self._heads.tag(projections, words.sentence)
        said = find_statements(words, projections, tags["cue"], heads, text=report.text)
        events = find_events(words, projections, tags["trigger"], heads, text=report.text, statements=said)
        mentions = [
            Mention(span_of(words, f), kind, round(f[2], 4)) for kind in heads.shape.mentions for f in tags[kind]
        ]
        return Extraction(
            sentences, tuple(s.statement for s in said), events, tuple(sorted(mentions, key=lambda m: (m.span, m.kind)))
        )


__all__ = ["Reader"]
