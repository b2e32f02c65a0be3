"""Linking: claims become tellings, tellings become incidents.

First the claims of each report that tell one happening are joined: a *telling*. Then tellings of several reports are
joined: an *incident*. Only tellings that share a block are compared (`blocking`); those tied by a chain of likely links
are a *neighbourhood*, in which groups are formed by the mean score of their pairs (`clusters`). The result follows from
the claims and judgements alone, whatever the order in which they came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportedly.ids import incident_id
from reportedly.link.blocking import blocks_of, crowded, pairs_of
from reportedly.link.clusters import Pair, connected, groups, spanning
from reportedly.link.columns import Codes, Columns, columns_of, pairs_within
from reportedly.link.facts import Facts, facts_of, merge
from reportedly.link.features import Rows
from reportedly.link.judged import Bonds
from reportedly.link.names import Names, load_names
from reportedly.link.score import Explained, Scores, Weights, load_weights
from reportedly.ontology import Ontology
from reportedly.types import Claim, ClaimLink, Incident, Reading, Report

Read = tuple[Report, Reading, Sequence[Claim]]
"""A report, one run's reading of it, and the claims made of that."""

BATCH = 5_000
"""Claims whose reports are taken in hand at once."""

RULES = 1
"""Goes up where the code comes to link otherwise with the same weights."""

WHOLE = 600
"""Tellings in a neighbourhood in which every pair is scored; in a larger one only those that share a block are."""


@dataclass(frozen=True)
class Linked:
    """What linking came to: for each claim that was weighed its neighbourhood, and the incidents, in order of id.

    Claims of summaries have a neighbourhood but no incident. `compared` counts the pairs that were scored.
    """

    neighbourhoods: dict[str, str]
    incidents: list[Incident]
    compared: int = 0


@dataclass
class _Told:
    """The tellings of all reports. `same_report` holds mean scores between tellings of one report, by rows."""

    columns: Columns
    claims: list[tuple[str, ...]]
    days: dict[str, int]
    links: dict[str, list[ClaimLink]] = field(default_factory=dict)
    same_report: dict[Pair, float] = field(default_factory=dict)
    summaries: list[str] = field(default_factory=list)
    compared: int = 0


class Linker:
    """Links claims with given weights. Holds no state of its own."""

    def __init__(self, weights: Weights, names: Names) -> None:
        self.weights, self.names = weights, names

    @classmethod
    def load(cls, ontology: Ontology, path: Path | None = None) -> Linker:
        """The linker with the weights at `path`, or the shipped ones. Raises `SettingsError` where they are faulty."""
        return cls(load_weights(list(ontology.kinds), path), load_names())

    @property
    def hash(self) -> str:
        """What names these rules, weights and words: with another hash everything is linked anew."""
        words = "".join(f"{w}{v}" for w, v in self.names.weights.items())
        return hashlib.sha256(f"{RULES} {self.weights.sha256} {words}".encode()).hexdigest()

    def link(
        self,
        reads: Iterable[Read],
        *,
        bonds: Bonds | None = None,
        fresh: Collection[str] | None = None,
        known: Mapping[str, str] | None = None,
    ) -> Linked:
        """The incidents of the claims of `reads`, which come in order of report id.

        With `fresh`, only pairs with one of these claims in them are compared, and only the neighbourhoods that they
        touch are grouped anew; `known` are the neighbourhoods from before. `reads` must then hold every report that
        shares a bucket of days with one of a touched neighbourhood.
        """
        facts = (facts_of(report, reading, claims, self.names) for report, reading, claims in reads)
        return self.link_facts(facts, bonds=bonds, fresh=fresh, known=known)

    def link_facts(
        self,
        facts: Iterable[list[Facts]],
        *,
        bonds: Bonds | None = None,
        fresh: Collection[str] | None = None,
        known: Mapping[str, str] | None = None,
    ) -> Linked:
        """As `link`, from the facts of each report."""
        bonds = bonds or Bonds()
        told = self._tell(facts, bonds)
        edges = self._edges(told, bonds, fresh, known or {})
        return self._gather(told, edges, bonds)

    # Claims of one report

    def _tell(self, facts: Iterable[list[Facts]], bonds: Bonds) -> _Told:
        """The tellings of all reports, in their order."""
        told = _Told(columns=columns_of((), self.names, self.weights.kinds), claims=[], days={})
        told.columns = columns_of(self._tellings(facts, bonds, told), self.names, self.weights.kinds)
        return told

    def _tellings(self, facts: Iterable[list[Facts]], bonds: Bonds, told: _Told) -> Iterator[Facts]:
        for batch in _batches(facts):
            kept = []
            for f in batch:
                if self._is_summary(f):
                    told.summaries.append(f.key)
                else:
                    kept.append(f)
                    told.days[f.key] = f.published or 0
            yield from self._tell_batch(kept, bonds, told)

    def _is_summary(self, f: Facts) -> bool:
        """A toll of killing over a longer time sums several happenings."""
        if f.first is None or f.last is None:
            return False
        return f.kinds == ("killing",) and bool(f.tolls) and f.last - f.first > self.weights.most_days

    def _tell_batch(self, batch: list[Facts], bonds: Bonds, told: _Told) -> Iterator[Facts]:
        columns = columns_of(batch, self.names, self.weights.kinds, Codes())
        left, right = pairs_within(columns)
        scores = self.weights.within.score(columns, left, right)
        told.compared += len(scores)
        of_report: dict[int, dict[Pair, float]] = {}
        for a, b, report, score in zip(
            left.tolist(), right.tolist(), columns.report[left].tolist(), scores.tolist(), strict=True
        ):
            of_report.setdefault(report, {})[a, b] = score
        made: list[tuple[int, int, str]] = []
        start = 0
        for _, group in groupby(batch, key=attrgetter("report")):
            own = list(group)
            known = {(a - start, b - start): s for (a, b), s in of_report.get(int(columns.report[start]), {}).items()}
            yield from self._tell_report(own, known, bonds, told, made=made, start=start)
            start += len(own)
        self._explain_within(columns, made, bonds, told)

    def _tell_report(
        self,
        own: list[Facts],
        scores: dict[Pair, float],
        bonds: Bonds,
        told: _Told,
        *,
        made: list[tuple[int, int, str]],
        start: int,
    ) -> Iterator[Facts]:
        number = {f.key: n for n, f in enumerate(own)}
        together, apart = bonds.among(number)
        w = self.weights
        joined = groups(len(own), scores, limit=w.join_within, unknown=w.unknown, together=together, apart=apart)
        base = len(told.claims)
        for group in joined:
            telling = merge([own[n] for n in group])
            told.claims.append(telling.claims)
            ties = spanning(group, scores | dict.fromkeys(together, float("inf")))
            made += [(start + a, start + b, telling.key) for a, b in ties]
            yield telling
        if len(joined) > 1:
            where = {n: g for g, group in enumerate(joined) for n in group}
            told.same_report |= _means(base, where, scores)

    def _explain_within(self, columns: Columns, made: list[tuple[int, int, str]], bonds: Bonds, told: _Told) -> None:
        left = np.array([a for a, _, _ in made], dtype=np.int64)
        right = np.array([b for _, b, _ in made], dtype=np.int64)
        for (a, b, key), parts in zip(made, self.weights.within.explain(columns, left, right), strict=True):
            link = _link(columns.keys[a], columns.keys[b], parts, bonds)
            told.links.setdefault(key, []).append(link)

    # Tellings of several reports

    def _edges(
        self, told: _Told, bonds: Bonds, fresh: Collection[str] | None, known: Mapping[str, str]
    ) -> tuple[Rows, Rows, Scores, NDArray[np.bool_]]:
        """The pairs that were compared with their scores, and the rows that are to be grouped."""
        columns = told.columns
        count = len(columns)
        blocks = blocks_of(columns, self.weights.across.families)
        left, right = pairs_of(blocks, columns.report)
        if fresh is None:
            everything = np.ones(count, dtype=np.bool_)
            return left, right, self._score(told, left, right), everything
        new = np.array([any(c in fresh for c in claims) for claims in told.claims], dtype=np.bool_)
        first = new[left] | new[right]
        scores = self._score(told, left[first], right[first])
        likely = scores > self.weights.near
        touched = new.copy()
        touched[left[first][likely]] = touched[right[first][likely]] = True
        touched[crowded(blocks, new)] = True
        for a, b in bonds.rows(told.claims):
            if new[a] or new[b]:
                touched[[a, b]] = True
        names = {known[c] for row in np.flatnonzero(touched) for c in told.claims[row] if c in known}
        member = np.array([any(known.get(c) in names for c in claims) for claims in told.claims], dtype=np.bool_)
        whole = touched | member
        rest = whole[left] & whole[right] & ~first
        more = self._score(told, left[rest], right[rest])
        kept = first & whole[left] & whole[right]
        return (
            np.concatenate([left[kept], left[rest]]),
            np.concatenate([right[kept], right[rest]]),
            np.concatenate([scores[kept[first]], more]),
            whole,
        )

    def _score(self, told: _Told, left: Rows, right: Rows) -> Scores:
        told.compared += len(left)
        return self.weights.across.score(told.columns, left, right)

    def _gather(self, told: _Told, edges: tuple[Rows, Rows, Scores, NDArray[np.bool_]], bonds: Bonds) -> Linked:
        left, right, scores, wanted = edges
        count = len(told.columns)
        likely = scores > self.weights.near
        ties = [*zip(left[likely].tolist(), right[likely].tolist(), strict=True), *bonds.rows(told.claims)]
        area = connected(count, ties)
        areas: dict[int, list[int]] = {}
        for row in np.flatnonzero(wanted).tolist():
            areas.setdefault(area[row], []).append(row)
        known = _by_area(area, left, right, scores)
        incidents: list[Incident] = []
        neighbourhoods = {key: key for key in told.summaries}
        links: list[tuple[int, int, int]] = []
        members: list[list[int]] = []
        for name, rows in areas.items():
            least = min(c for row in rows for c in told.claims[row])
            neighbourhoods |= {c: least for row in rows for c in told.claims[row]}
            found = (
                [rows]
                if len(rows) == 1
                else self._group(told, rows, known.get(name, {}), bonds, links=links, at=len(members))
            )
            members += found
        across = self._explain_across(told, links, bonds)
        for n, group in enumerate(members):
            incidents.append(_incident(told, group, across.get(n, [])))
        return Linked(neighbourhoods, sorted(incidents, key=attrgetter("id")), told.compared)

    def _group(
        self,
        told: _Told,
        rows: list[int],
        scores: dict[Pair, float],
        bonds: Bonds,
        *,
        links: list[tuple[int, int, int]],
        at: int,
    ) -> list[list[int]]:
        """The rows of one neighbourhood in groups; what ties each group is added to `links`."""
        rows = sorted(rows, key=lambda r: told.columns.keys[r])
        place = {row: n for n, row in enumerate(rows)}
        if len(rows) <= WHOLE:
            scores = self._complete(told, rows, scores)
        inside = {_pair(place[a], place[b]): s for (a, b), s in scores.items()}
        of_report: dict[int, list[int]] = {}
        for row in rows:
            of_report.setdefault(int(told.columns.report[row]), []).append(row)
        for own_rows in of_report.values():
            for a, b in combinations(own_rows, 2):
                own = told.same_report.get(_pair(a, b))
                if own is not None:
                    inside[_pair(place[a], place[b])] = own + self.weights.other_telling
        number = {c: place[row] for row in rows for c in told.claims[row]}
        together, apart = bonds.among(number)
        w = self.weights
        found = groups(len(rows), inside, limit=w.join_across, unknown=w.unknown, together=together, apart=apart)
        # A neighbourhood may hold thousands of groups: each is given its own pairs, not all of them to look through.
        group_of = {n: k for k, group in enumerate(found) for n in group}
        ties: list[dict[Pair, float]] = [{} for _ in found]
        for (a, b), score in (inside | dict.fromkeys(together, float("inf"))).items():
            if group_of[a] == group_of[b]:
                ties[group_of[a]][a, b] = score
        for k, group in enumerate(found):
            links += [(rows[a], rows[b], at + k) for a, b in spanning(group, ties[k])]
        return [[rows[n] for n in group] for group in found]

    def _complete(self, told: _Told, rows: list[int], scores: dict[Pair, float]) -> dict[Pair, float]:
        """The scores of all pairs of two reports among `rows`."""
        report = told.columns.report
        missing = [
            (min(a, b), max(a, b))
            for n, a in enumerate(rows)
            for b in rows[n + 1 :]
            if report[a] != report[b] and _pair(a, b) not in scores
        ]
        if not missing:
            return scores
        left = np.array([a for a, _ in missing], dtype=np.int64)
        right = np.array([b for _, b in missing], dtype=np.int64)
        return scores | dict(zip(missing, self._score(told, left, right).tolist(), strict=True))

    def _explain_across(
        self, told: _Told, links: list[tuple[int, int, int]], bonds: Bonds
    ) -> dict[int, list[ClaimLink]]:
        left = np.array([a for a, _, _ in links], dtype=np.int64)
        right = np.array([b for _, b, _ in links], dtype=np.int64)
        found: dict[int, list[ClaimLink]] = {}
        keys = told.columns.keys
        for (a, b, group), parts in zip(links, self.weights.across.explain(told.columns, left, right), strict=True):
            found.setdefault(group, []).append(_link(keys[a], keys[b], parts, bonds, told.claims[a], told.claims[b]))
        return found


def _batches(facts: Iterable[list[Facts]]) -> Iterator[list[Facts]]:
    batch: list[Facts] = []
    for own in facts:
        batch += own
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _means(base: int, where: dict[int, int], scores: dict[Pair, float]) -> dict[Pair, float]:
    """The mean scores between groups of one report; `where` gives the group of each claim, rows begin at `base`."""
    sums: dict[Pair, list[float]] = {}
    for (a, b), score in scores.items():
        if where[a] != where[b]:
            sums.setdefault(_pair(base + where[a], base + where[b]), []).append(score)
    return {pair: sum(s) / len(s) for pair, s in sums.items()}


def _by_area(area: list[int], left: Rows, right: Rows, scores: Scores) -> dict[int, dict[Pair, float]]:
    """The scored pairs of each neighbourhood."""
    of = np.array(area, dtype=np.int64)
    inside = of[left] == of[right] if len(left) else np.zeros(0, dtype=np.bool_)
    left, right, scores = left[inside], right[inside], scores[inside]
    found: dict[int, dict[Pair, float]] = {}
    for a, b, score in zip(left.tolist(), right.tolist(), scores.tolist(), strict=True):
        found.setdefault(area[a], {})[a, b] = score
    return found


def _link(
    a: str,
    b: str,
    parts: Explained,
    bonds: Bonds,
    claims_a: Collection[str] = (),
    claims_b: Collection[str] = (),
) -> ClaimLink:
    features, reason = parts
    judgement = bonds.joined(claims_a or (a,), claims_b or (b,))
    if judgement:
        reason = f"a person joined them; {reason}"
    score = sum(weight for _, weight in features)
    return ClaimLink(min(a, b), max(a, b), score, features, reason, judgement)


def _incident(told: _Told, rows: list[int], across: list[ClaimLink]) -> Incident:
    claims = sorted((c for row in rows for c in told.claims[row]), key=lambda c: (told.days[c], c))
    links = [*across, *(link for row in rows for link in told.links.get(told.columns.keys[row], ()))]
    return Incident(incident_id(claims[0]), tuple(claims), tuple(sorted(links, key=attrgetter("left", "right"))))
