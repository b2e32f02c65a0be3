"""GUM attribution relations (news, interviews, speeches; Zeldes 2017): statements inside statements.

GUM annotates only what a clause of its own says ("Obama's claim" is left out), so what the reader finds beyond it is
not judged: the scores are recall.

attribution   one-to-one; content overlap >= .5, and sources overlapping or both empty
nested        the same, of those that lie inside another
nesting       of the nested ones, how many were found inside the very one that holds them
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportedly.evaluate.corpus import Result, read_lines, report_from, spans_from
from reportedly.evaluate.metrics import Tally, at_least_half, pair, touch
from reportedly.types import Reading, Report, Spans, Statement


@dataclass(frozen=True, slots=True)
class Relation:
    """One attribution; `inside` is the id of the one that holds it."""

    id: str
    source: Spans
    content: Spans
    inside: str | None


@dataclass(frozen=True, slots=True)
class Gum:
    """`gum_attribution/SPLIT.jsonl`, one document a line."""

    name: str = "gum_attribution"

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[Relation, ...]]]:
        """Every document."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            gold = tuple(
                Relation(a["id"], spans_from(a.get("source") or []), spans_from(a["content"]), a.get("nested_in"))
                for a in obj["attributions"]
            )
            items.append((report_from(obj, where), gold))
        return items

    def score(self, pairs: Sequence[tuple[tuple[Relation, ...], Reading]]) -> Result:
        """Recall of all, of the nested, and of the nesting."""
        tally = Tally()
        for gold, reading in pairs:
            found = {g.id: p for g, p in pair(gold, reading.statements, _alike)}
            nested = [g for g in gold if g.inside]
            tally.recall("attribution", len(found), len(gold))
            tally.recall("nested", sum(g.id in found for g in nested), len(nested))
            tally.recall("nesting", sum(_nests(g, found) for g in nested), len(nested))
        return Result(tally.scores())


def _alike(g: Relation, p: Statement) -> float:
    return at_least_half(g.content, p.content) if touch(g.source, p.source) else 0.0


def _nests(g: Relation, found: dict[str, Statement]) -> bool:
    inner, outer = found.get(g.id), found.get(g.inside or "")
    return inner is not None and outer is not None and inner.inside == outer.id


GUM = Gum()
