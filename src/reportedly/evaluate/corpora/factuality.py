"""Event factuality: how sure a reader of a sentence can be that an event in it happened, -3 (did not) to 3 (did).

UW (Lee et al. 2015), UDS-IH2 (Rudinger et al. 2018) and MEANTIME (Minard et al. 2016), as unified by Stanovsky et al.
(2017): people's judgements of every verb, of whatever it is about. Our events are of conflict alone, so only the gold
triggers that one of our triggers touches are judged, and how many those are stands beside it.

found         of all gold triggers, those that one of our triggers touches
correlation   Pearson's r between the gold values and ours, over these
mean error    mean absolute error, over these
always 3      the mean absolute error of "everything happened", over the same
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from types import MappingProxyType

from reportedly.evaluate.corpus import Result, read_lines, report_from, span_from
from reportedly.evaluate.metrics import Score, Tally, jaccard, pair
from reportedly.types import Event, Reading, Report, Span

CERTAIN = 3.0

STATUSES: Mapping[str, float] = MappingProxyType(
    {"asserted": CERTAIN, "possible": 0.5, "planned": 0.5, "demanded": 0.0, "denied": -2.0}
)
"""What a status comes to. What is planned, feared or wanted has not happened yet; people put it about the middle."""

DOUBTS: Mapping[str, float] = MappingProxyType({"claim": 2.0, "accuse": 2.0, "think": 1.5, "threaten": 0.5})
"""The most that an event comes to that is told with such a stance."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold trigger with its factuality, -3 to 3."""

    trigger: Span
    value: float


@dataclass(frozen=True, slots=True)
class Factuality:
    """A folder with `events` on each line, one sentence a line."""

    name: str

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[Judged, ...]]]:
        """The sentences that have a judged event."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            gold = tuple(Judged(span_from(e), float(e["factuality"])) for e in obj["events"])
            if gold:
                items.append((report_from(obj, where), gold))
        return items

    def score(self, pairs: Sequence[tuple[tuple[Judged, ...], Reading]]) -> Result:
        """Correlation and mean error over the triggers found, beside those of the constant 3."""
        tally = Tally()
        values: list[tuple[float, float]] = []
        for gold, reading in pairs:
            found = pair(gold, reading.events, lambda g, p: jaccard((g.trigger,), (p.trigger,)))
            tally.recall("found", len(found), len(gold))
            stances = {s.id: s.stance for s in reading.statements}
            values += [(g.value, factuality_of(e, stances.get(e.statement or ""))) for g, e in found]
        n = len(values)
        return Result(
            (
                *tally.scores(),
                Score("correlation", "correlation", correlation(values), n),
                Score("mean error", "distance", mean_error(values), n),
                Score("mean error of always 3", "distance", mean_error([(g, CERTAIN) for g, _ in values]), n),
            )
        )


def factuality_of(event: Event, stance: str | None) -> float:
    """What the status of an event comes to on the scale, and who tells it in what way: `stance` is its statement's."""
    return min(STATUSES[event.status], DOUBTS.get(stance or "", CERTAIN))


def correlation(values: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's r; `None` where one side never varies."""
    n = len(values)
    if not n:
        return None
    means = [sum(v[side] for v in values) / n for side in (0, 1)]
    both = sum((a - means[0]) * (b - means[1]) for a, b in values)
    spreads = [sum((v[side] - means[side]) ** 2 for v in values) for side in (0, 1)]
    return both / sqrt(spreads[0] * spreads[1]) if min(spreads) > 0 else None


def mean_error(values: Sequence[tuple[float, float]]) -> float | None:
    """Mean absolute error; `None` of nothing."""
    return sum(abs(a - b) for a, b in values) / len(values) if values else None


UW = Factuality("factuality_uw")
UDS_IH2 = Factuality("factuality_uds_ih2")
MEANTIME = Factuality("factuality_meantime")
