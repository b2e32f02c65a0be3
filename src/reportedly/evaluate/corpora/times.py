"""Time expressions: TempEval-3 (news), WikiWars (accounts of wars), MEANTIME (Wikinews).

relaxed   F1; one-to-one, expressions touch
strict    F1; the same start and end
value     F1; expressions touch and the TIMEX3 value is the same, letter for letter
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportedly.evaluate.corpus import Result, read_lines, report_from, span_from
from reportedly.evaluate.metrics import Tally, jaccard, pair
from reportedly.types import Reading, Report, When


@dataclass(frozen=True, slots=True)
class Expressions:
    """The gold of one text. What is found behind `end` isn't judged: MEANTIME annotates the first lines alone."""

    whens: tuple[When, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Times:
    """A folder with `timexes` on each line. `dev` names the file that serves as dev where there is none."""

    name: str
    dev: str = "dev"
    first_lines: bool = False

    def items(self, folder: Path, split: str) -> list[tuple[Report, Expressions]]:
        """Every text; the day it was made is the report's."""
        path = folder / self.name / f"{self.dev if split == 'dev' else split}.jsonl"
        return [(report_from(obj, where), self._gold(obj)) for where, obj in read_lines(path)]

    def _gold(self, obj: dict[str, Any]) -> Expressions:
        whens = tuple(When(span_from(t), t["type"], t["value"]) for t in obj["timexes"])
        annotated = [t["end"] for t in (*obj["timexes"], *obj.get("events", ()))]
        return Expressions(whens, max(annotated, default=0) if self.first_lines else len(obj["text"]))

    def score(self, pairs: Sequence[tuple[Expressions, Reading]]) -> Result:
        """Relaxed, strict and value F1."""
        tally = Tally()
        for gold, reading in pairs:
            predicted = [t for t in reading.times if t.text.start < gold.end and t.value is not None]
            found = pair(gold.whens, predicted, lambda g, p: jaccard((g.text,), (p.text,)))
            right = {
                "relaxed": len(found),
                "strict": sum(g.text == p.text for g, p in found),
                "value": sum(g.value == p.value for g, p in found),
            }
            for name, n in right.items():
                tally.f1(name, n, len(gold.whens), len(predicted))
        return Result(tally.scores())


TEMPEVAL3 = Times("tempeval3")
WIKIWARS = Times("wikiwars", dev="train")
MEANTIME = Times("meantime", dev="test", first_lines=True)
