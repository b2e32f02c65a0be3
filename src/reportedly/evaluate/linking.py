"""How well claims are linked: against incidents, further mentions, groups of reports and origins that people marked.

B-cubed (Bagga & Baldwin 1998): for each item, the share of its group that belongs with it (precision), and the share
of what belongs with it that is in its group (recall), averaged over the items. Pairwise: over all pairs of items that
either side puts together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportedly.claims import make_claims
from reportedly.coded import from_coded
from reportedly.evaluate.corpus import read_lines
from reportedly.link.linker import Linker, Read
from reportedly.link.origins import find_origins
from reportedly.ontology import load_ontology
from reportedly.types import Reading, Report


@dataclass(frozen=True, slots=True)
class Marked:
    """A coded report with what joins it to others: for each event its incident or None, and the first mention of the
    same happening in this report. `origin` is the id of the report that this one copies or rewrites.
    """

    report: Report
    reading: Reading
    incidents: Mapping[str, str | None]
    first_mentions: Mapping[str, str]
    origin: str | None

    @property
    def read(self) -> Read:
        """The report with its gold reading, its `same_as` hidden, and the claims made of that."""
        hidden = replace(self.reading, events=tuple(replace(e, same_as=None) for e in self.reading.events))
        return self.report, hidden, make_claims(self.report, hidden)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: `of` items (or pairs) in gold."""

    name: str
    precision: float
    recall: float
    of: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_marked(path: Path) -> list[Marked]:
    """The coded reports of a file of JSON Lines. Raises `CorpusError` where one breaks the form."""
    ontology = load_ontology()
    marked = []
    for where, obj in read_lines(path):
        report, reading = from_coded(obj, where=where, ontology=ontology)
        events = {str(e["id"]): e for e in obj["events"]}
        incidents = {key: e.get("incident") for key, e in events.items()}
        marked.append(Marked(report, reading, incidents, _first_mentions(reading), obj.get("origin")))
    return marked


def _first_mentions(reading: Reading) -> dict[str, str]:
    before = {e.id: e.same_as for e in reading.events}
    found = {}
    for key in before:
        at, seen = key, {key}
        while (earlier := before.get(at)) and earlier not in seen:
            seen.add(earlier)
            at = earlier
        found[key] = at
    return found


def b_cubed(name: str, pairs: Iterable[tuple[Hashable, Hashable]]) -> Figure:
    """Of items given as (gold group, our group)."""
    both = Counter(pairs)
    gold, ours = Counter[Hashable](), Counter[Hashable]()
    for (g, o), n in both.items():
        gold[g] += n
        ours[o] += n
    total = sum(both.values()) or 1
    precision = sum(n * n / ours[o] for (_, o), n in both.items()) / total
    recall = sum(n * n / gold[g] for (g, _), n in both.items()) / total
    return Figure(name, precision, recall, sum(both.values()))


def pairwise(name: str, pairs: Iterable[tuple[Hashable, Hashable]]) -> Figure:
    """Of items given as (gold group, our group)."""
    both = Counter(pairs)
    gold, ours = Counter[Hashable](), Counter[Hashable]()
    for (g, o), n in both.items():
        gold[g] += n
        ours[o] += n
    hit, wanted, made = (sum(n * (n - 1) // 2 for n in c.values()) for c in (both, gold, ours))
    return Figure(name, hit / made if made else 0.0, hit / wanted if wanted else 0.0, wanted)


def incident_figures(marked: Sequence[Marked], linker: Linker) -> Figure:
    """B-cubed over the events that people gave an incident; the others are linked too, and not counted."""
    group = _groups([m.read for m in marked], linker)
    pairs = []
    for m in marked:
        for claim in m.read[2]:
            if m.incidents[claim.event]:
                pairs.append((m.incidents[claim.event], group.get(claim.id, claim.id)))
    return b_cubed("incidents", pairs)


def mention_figures(marked: Sequence[Marked], linker: Linker) -> Figure:
    """Pairwise over the events of each report by itself, against `same_as`."""
    pairs: list[tuple[Hashable, Hashable]] = []
    for m in marked:
        read = m.read
        group = _groups([read], linker)
        key = m.report.id
        pairs += [((key, m.first_mentions[c.event]), (key, group.get(c.id, c.id))) for c in read[2]]
    return pairwise("further mentions", pairs)


def origin_figures(marked: Sequence[Marked]) -> Figure:
    """Pairwise over reports: is this one a copy or a rewrite of that one?"""
    ids = {m.report.id for m in marked}
    gold = {m.report.id: m.origin if m.origin in ids else m.report.id for m in marked}
    found = {r: o.id for o in find_origins(m.report for m in marked) for r in o.reports}
    return pairwise("origins", ((gold[i], found[i]) for i in sorted(ids)))


def report_figures(reads: Iterable[tuple[Read, str]], linker: Linker) -> Figure:
    """B-cubed over reports that are each about one incident, given with its gold group.

    A report belongs to the incident that most of its claims tell of, and among equals to the one told first.
    """
    listed = sorted(reads, key=lambda r: r[0][0].id)
    group = _groups([read for read, _ in listed], linker)
    pairs: list[tuple[Hashable, Hashable]] = []
    for (report, _, claims), gold in listed:
        told = [group[c.id] for c in claims if c.id in group]
        counts: dict[str, int] = defaultdict(int)
        for incident in told:
            counts[incident] += 1
        main = max(counts, key=lambda i: (counts[i], -told.index(i)), default=report.id)
        pairs.append((gold, main))
    return b_cubed("reports", pairs)


def _groups(reads: Sequence[Read], linker: Linker) -> dict[str, str]:
    linked = linker.link(sorted(reads, key=lambda r: r[0].id))
    return {claim: i.id for i in linked.incidents for claim in i.claims}
