"""Incidents that people coded with one toll each: SATP (one summary an incident) and Airwars (one assessment each).

Their coders saw the whole text and wrote one number, or one range, for the incident. Ours is what the reading's events
come to (`extract.sums`): SATP tells of an incident in a few sentences, and its figures are summed; Airwars weighs many
sources after it has said what they come to, and the first figure counts. A text without a figure counts as wrong.

killed, injured     SATP, of the incidents with any killed (injured): our low end is their number
killed: low, high   Airwars, of the incidents whose toll is known: the lowest and the highest that anyone told; of ours
                    the ends, where the high one is open the low one twice
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportedly.evaluate.corpus import Result, read_lines, report_from
from reportedly.evaluate.metrics import Tally
from reportedly.extract.sums import lead_toll, sum_toll
from reportedly.types import Reading, Report


@dataclass(frozen=True, slots=True)
class Satp:
    """`satp_coded/SPLIT.jsonl`, one incident a line; the gold is the killed and the injured."""

    name: str = "satp_coded"

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[str, tuple[tuple[str, int], ...]]]]:
        """The incidents that had a toll, with the effects that it is of."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            counts = {"killed": (obj["deaths"] or {}).get("total"), "injured": (obj["injuries"] or {}).get("total")}
            gold = tuple((effect, n) for effect, n in counts.items() if n)
            if gold:
                report = report_from(obj, where)
                items.append((report, (report.text, gold)))
        return items

    def score(self, pairs: Sequence[tuple[tuple[str, tuple[tuple[str, int], ...]], Reading]]) -> Result:
        """Exact numbers, by effect."""
        tally = Tally()
        for (text, gold), reading in pairs:
            for effect in ("killed", "injured"):
                tally.accuracy(effect)
            for effect, number in gold:
                got = sum_toll(reading.events, effect, text=text)
                tally.accuracy(effect, got is not None and got[0] == number)
        return Result(tally.scores())


@dataclass(frozen=True, slots=True)
class Airwars:
    """`airwars/SPLIT.jsonl`, one incident a line; the gold is the lowest and the highest number of killed."""

    name: str = "airwars"

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[str, int, int]]]:
        """The incidents whose toll Airwars knows."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            killed = obj["killed"] or {}
            if killed.get("min") is not None and killed.get("max") is not None:
                report = report_from(obj, where)
                items.append((report, (report.text, killed["min"], killed["max"])))
        return items

    def score(self, pairs: Sequence[tuple[tuple[str, int, int], Reading]]) -> Result:
        """Exact ends of the range."""
        tally = Tally()
        for (text, low, high), reading in pairs:
            got = lead_toll(reading.events, "killed", text=text)
            tally.accuracy("killed: low", got is not None and got[0] == low)
            tally.accuracy("killed: high", got is not None and (got[1] or got[0]) == high)
        return Result(tally.scores())


SATP = Satp()
AIRWARS = Airwars()
