"""Linking: `incident` and `same_as` of coded reports, and groups of reports on one incident (`gva`, local crime news).

incidents             B-cubed over the events that people gave an incident, linked from what people marked
incidents, as read    the same over those of them whose trigger the reader found, linked from what the reader read
further mentions      pairwise over the events of each report by itself, from what people marked, `same_as` hidden
origins               pairwise over reports: is this one a copy or a rewrite of that one?
reports               B-cubed over reports, each about one incident, linked from what the reader read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportedly.claims import make_claims
from reportedly.evaluate.corpus import Result, read_lines, report_from
from reportedly.evaluate.linking import (
    Figure,
    Marked,
    b_cubed,
    incident_figures,
    mention_figures,
    origin_figures,
    read_marked,
    report_figures,
)
from reportedly.evaluate.metrics import Score
from reportedly.link.linker import Linker, Read
from reportedly.ontology import load_ontology
from reportedly.types import Reading, Report


@dataclass(frozen=True, slots=True)
class LinkedEvents:
    """The coded reports of `folder`; `incidents` tells whether people joined events across reports there."""

    name: str
    folder: str
    incidents: bool

    def items(self, folder: Path, split: str) -> list[tuple[Report, Marked]]:
        """Every report with what joins its events to others."""
        return [(marked.report, marked) for marked in read_marked(folder / self.folder / f"{split}.jsonl")]

    def score(self, pairs: Sequence[tuple[Marked, Reading]]) -> Result:
        """See the module."""
        linker = Linker.load(load_ontology())
        marked = [one for one, _ in pairs]
        figures = [mention_figures(marked, linker)]
        if self.incidents:
            figures = [incident_figures(marked, linker), _as_read(pairs, linker), *figures, origin_figures(marked)]
        return Result(tuple(map(_score, figures)))


@dataclass(frozen=True, slots=True)
class LinkedReports:
    """Reports that are each about one incident, `incident_id`; one a line."""

    name: str
    folder: str

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[Report, str]]]:
        """Every report with its incident."""
        items = []
        for where, obj in read_lines(folder / self.folder / f"{split}.jsonl"):
            report = report_from({**obj, "date": obj.get("dct")}, where)
            items.append((report, (report, str(obj["incident_id"]))))
        return items

    def score(self, pairs: Sequence[tuple[tuple[Report, str], Reading]]) -> Result:
        """See the module."""
        linker = Linker.load(load_ontology())
        reads = (((report, reading, make_claims(report, reading)), group) for (report, group), reading in pairs)
        return Result((_score(report_figures(reads, linker)),))


def _as_read(pairs: Sequence[tuple[Marked, Reading]], linker: Linker) -> Figure:
    reads: list[Read] = [(m.report, reading, make_claims(m.report, reading)) for m, reading in pairs]
    linked = linker.link(sorted(reads, key=lambda r: r[0].id))
    group = {claim: i.id for i in linked.incidents for claim in i.claims}
    found = []
    for (marked, _), (_, _, claims) in zip(pairs, reads, strict=True):
        used: set[str] = set()
        for claim in claims:
            hits = (e for e in marked.reading.events if e.id not in used and e.trigger.touches(claim.evidence[0]))
            event = next(hits, None)
            if event and marked.incidents[event.id]:
                used.add(event.id)
                found.append((marked.incidents[event.id], group.get(claim.id, claim.id)))
    return b_cubed("incidents, as read", found)


def _score(figure: Figure) -> Score:
    return Score(figure.name, "f1", figure.f1, figure.of, precision=figure.precision, recall=figure.recall)


CODED = LinkedEvents("linking_coded", "coded", incidents=False)
GVA = LinkedReports("linking_gva", "gva")
INVENTED = LinkedEvents("linking_invented", "invented", incidents=True)
