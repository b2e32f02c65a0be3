"""The figures of linking, printed: python -m reportedly.evaluate.linked --corpora DIR [--read]

From events that people marked; with --read also from those that the installed reader finds, and reports of `gva/dev`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from reportedly.evaluate.corpus import read_lines, report_from
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
from reportedly.link.linker import Linker, Read
from reportedly.ontology import load_ontology
from reportedly.pipeline import Pipeline, claims_of
from reportedly.settings import Settings
from reportedly.types import Failure, Report


def read_all(pipeline: Pipeline, reports: Sequence[Report]) -> Iterator[Read]:
    """What the reader makes of `reports`; those that it can't read are left out."""
    for start in range(0, len(reports), 16):
        for result in pipeline.read(reports[start : start + 16]):
            if not isinstance(result, Failure):
                claims = claims_of(*result)
                if not isinstance(claims, Failure):
                    yield (*result, claims)


def read_incidents(marked: Sequence[Marked], reads: Sequence[Read], linker: Linker) -> Figure:
    """B-cubed over those marked events whose trigger the reader found, by the incidents of what it read."""
    gold = {m.report.id: m for m in marked}
    linked = linker.link(sorted(reads, key=lambda r: r[0].id))
    group = {c: i.id for i in linked.incidents for c in i.claims}
    pairs = []
    for report, _, claims in reads:
        one = gold[report.id]
        used: set[str] = set()
        for claim in claims:
            hits = (e for e in one.reading.events if e.id not in used and e.trigger.touches(claim.evidence[0]))
            event = next(hits, None)
            if event and one.incidents[event.id]:
                used.add(event.id)
                pairs.append((one.incidents[event.id], group.get(claim.id, claim.id)))
    return b_cubed("incidents of read events (B-cubed)", pairs)


def read_reports(path: Path, pipeline: Pipeline, linker: Linker) -> Figure:
    """B-cubed over reports, each about one incident (`incident_id`), from what the reader reads in them."""
    groups, reports = {}, []
    for where, obj in read_lines(path):
        reports.append(report_from({**obj, "date": obj.get("dct")}, where))
        groups[reports[-1].id] = str(obj["incident_id"])
    return report_figures(((read, groups[read[0].id]) for read in read_all(pipeline, reports)), linker)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is there and print a line for each figure."""
    parser = argparse.ArgumentParser(description="The figures of linking.")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"), help="the folder of all corpora")
    parser.add_argument("--read", action="store_true", help="also from what the installed reader reads")
    asked = parser.parse_args(arguments)
    linker = Linker.load(load_ontology())
    invented = read_marked(asked.corpora / "invented" / "dev.jsonl")
    _print("invented/dev", incident_figures(invented, linker))
    _print("invented/dev", origin_figures(invented))
    _print("coded/dev", mention_figures(read_marked(asked.corpora / "coded" / "dev.jsonl"), linker))
    if asked.read:
        pipeline = Pipeline.load(Settings())
        reads = list(read_all(pipeline, [m.report for m in invented]))
        _print("invented/dev", read_incidents(invented, reads, linker))
        _print("gva/dev", read_reports(asked.corpora / "gva" / "dev.jsonl", pipeline, linker))


def _print(corpus: str, figure: Figure) -> None:
    scores = f"F1 {figure.f1:.3f}  P {figure.precision:.3f}  R {figure.recall:.3f}"
    print(f"{corpus:13} {figure.name:36} {scores}  of {figure.of:,}", flush=True)


if __name__ == "__main__":
    main()
