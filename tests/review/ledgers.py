"""Ledgers made from the coded reports of the corpus, for tests and measurements: the model isn't needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reportedly.claims import make_claims
from reportedly.coded import from_coded
from reportedly.desk.linking import link_ledger
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.store import Ledger
from reportedly.store.ledger import Read
from reportedly.types import Run

CORPUS = Path(__file__).parents[2] / "corpus"
RUN = Run("run-1", "0.1.0", "model", "ontology")


def coded_reads(files: Iterable[str] = ("dev.jsonl",)) -> Iterator[Read]:
    """The coded reports of the corpus as readings with claims."""
    for name in files:
        for number, line in enumerate((CORPUS / name).read_text(encoding="utf-8").splitlines(), 1):
            report, reading = from_coded(json.loads(line), where=f"{name}:{number}")
            reading = replace(reading, run=RUN.id)
            yield report, reading, make_claims(report, reading)


def fill(path: Path, reads: Iterable[Read] | None = None) -> None:
    """A new, linked ledger at `path`."""
    with Ledger.open(path) as store:
        store.add_run(RUN)
        refused = store.add(list(coded_reads() if reads is None else reads))
        assert not refused, refused
        link_ledger(store, Linker.load(load_ontology()))
