"""Coded reports, annotated in full to the guide: `coded/` (real reports) and `invented/` (the project's own)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportedly.coded import from_coded
from reportedly.evaluate.coded import score_readings
from reportedly.evaluate.corpus import Result, read_lines
from reportedly.evaluate.metrics import Tally
from reportedly.ontology import load_ontology
from reportedly.types import Reading, Report


@dataclass(frozen=True, slots=True)
class Coded:
    """A folder of JSON Lines in the resolved or the hand form, one file a split."""

    name: str

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[str, Reading]]]:
        """Every report with its text and gold reading."""
        return [(report, (report.text, gold)) for report, gold in read_coded(folder / self.name / f"{split}.jsonl")]

    def score(self, pairs: Sequence[tuple[tuple[str, Reading], Reading]]) -> Result:
        """See `evaluate.coded` for what each score means."""
        tally = Tally()
        misses = score_readings(((text, gold, predicted) for (text, gold), predicted in pairs), tally)
        return Result(tally.scores(), tuple(misses))


@dataclass(frozen=True, slots=True)
class CodedFiles(Coded):
    """A file of coded reports, or a folder of them, wherever it lies; it knows no splits."""

    path: Path

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[str, Reading]]]:
        """Every report with its text and gold reading."""
        return [(report, (report.text, gold)) for report, gold in read_coded(self.path)]


def read_coded(path: Path) -> list[tuple[Report, Reading]]:
    """The records of a file of coded reports, or of all *.json and *.jsonl in a folder, by name.

    Raises `CorpusError` with the line where one breaks the form, `OSError` where there is no such file.
    """
    ontology = load_ontology()
    files = sorted(p for p in path.iterdir() if p.suffix in {".json", ".jsonl"}) if path.is_dir() else [path]
    return [from_coded(obj, where=where, ontology=ontology) for file in files for where, obj in read_lines(file)]


CODED = Coded("coded")
INVENTED = Coded("invented")
