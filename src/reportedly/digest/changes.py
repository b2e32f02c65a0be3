"""What changed: incidents before and after some of their claims came in, compared.

An incident is new where all of its claims are. A fact is in dispute where agreement says so; a dispute opens where the
fact was not in dispute before the new claims, and closes where it no longer is. A toll is revised where a teller gives
another figure than before, or where somebody gives a figure that nobody gave. Nothing is averaged, and no version is
left out for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.digest.wording import count_words, day_words, listed
from reportedly.export.records import Case, Finding, Told
from reportedly.export.veil import Judge
from reportedly.types import Figure, Holder, Incident

DISPUTED = "disputed"

FACTS = {
    "happened": "whether it happened",
    "who": "who did it",
    "whom": "who suffered it",
    "where": "where it was",
    "when": "when it was",
}
"""Facts in words; any other is an effect, whose number is meant."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, in words that name who says it. `sort` is opened, closed or revised."""

    sort: str
    words: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An incident with new claims: the whole case, the ids of the claims that are new, and what they changed."""

    case: Case
    fresh: frozenset[str]
    changes: tuple[Change, ...] = ()

    @property
    def new(self) -> bool:
        """Whether nothing of it was known before."""
        return all(told.claim.id in self.fresh for told in self.case.told)

    @property
    def disputed(self) -> bool:
        """Whether a fact of it is in dispute now."""
        return any(finding.verdict == DISPUTED for finding in self.case.findings)


def find_changes(cases: Iterable[Case], fresh: frozenset[str], judge: Judge) -> list[Changed]:
    """The cases with claims in `fresh`, and what these changed; those that most tellers tell of come first."""
    found = []
    for case in cases:
        new = frozenset(told.claim.id for told in case.told if told.claim.id in fresh)
        if new:
            found.append(Changed(case, new, tuple(_changes(case, new, judge))))
    return sorted(found, key=_weight)


def _weight(changed: Changed) -> tuple[int, date, str]:
    case = changed.case
    return -len(tellers(case.told)), first_day(case) or date.max, case.incident.id


def first_day(case: Case) -> date | None:
    """The earliest day that a claim gives for the happening."""
    return min((day for told in case.told if (day := told.claim.first or told.claim.last)), default=None)


def _changes(case: Case, fresh: frozenset[str], judge: Judge) -> Iterable[Change]:
    old = tuple(told for told in case.told if told.claim.id not in fresh)
    before = _disputes(judge(_part(case.incident, old), old)) if old else {}
    after = _disputes(case.findings)
    for fact, finding in after.items():
        if fact not in before:
            yield Change("opened", _dispute_words(finding))
    for fact, finding in before.items():
        if fact not in after:
            now = next((f for f in case.findings if f.fact == fact), None)
            verdict = f"; now {now.verdict}" + (f": {now.reason}" if now.reason else "") if now else ""
            yield Change("closed", _dispute_words(finding) + verdict)
    if old:
        yield from _tolls(old, [told for told in case.told if told.claim.id in fresh])


def _part(incident: Incident, told: Sequence[Told]) -> Incident:
    kept = {one.claim.id for one in told}
    links = tuple(link for link in incident.links if link.left in kept and link.right in kept)
    return replace(incident, claims=tuple(c for c in incident.claims if c in kept), links=links)


def _disputes(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.fact: finding for finding in findings if finding.verdict == DISPUTED}


def _dispute_words(finding: Finding) -> str:
    """The fact, and its versions with who holds each: "who did it: the army (residents); not the army (the army)"."""
    what = FACTS.get(finding.fact, f"how many were {finding.fact}")
    versions = [f"{v.value} ({listed(holder_words(h) for h in v.holders)})" for v in finding.versions]
    return f"{what}: {'; '.join(versions) or finding.reason}"


def holder_words(holder: Holder) -> str:
    """ "residents, via AFP and The Courier", and whether they have since changed their version."""
    through = f", via {listed(holder.through, most=3)}" if holder.through else ""
    return f"{holder.who}{through}" + ("" if holder.now else ", before")


def tellers(told: Iterable[Told]) -> list[str]:
    """Who tells it, each once, in order."""
    return list(dict.fromkeys(teller_words(one) for one in told))


def teller_words(told: Told) -> str:
    """Who tells it, and through whom: "residents, told AFP, in The Courier", or "The Courier" in its own voice."""
    claim = told.claim
    outlet = claim.outlet or "a report"
    if claim.statement is None:
        return outlet
    who = claim.speaker or "somebody not named"
    through = f", via {claim.told_to}" if claim.told_to else ""
    return f"{who}{through}, in {outlet}" if claim.outlet else f"{who}{through}"


def _tolls(old: Sequence[Told], new: Sequence[Told]) -> Iterable[Change]:
    """A change for each figure among the new claims that its teller, or that nobody, gave before."""
    said = {(_who(told), f.effect): f for told in sorted(old, key=_order) for f in _figures(told)}
    given = {(f.effect, f.low, f.high) for told in old for f in _figures(told)}
    effects = {f.effect for told in old for f in _figures(told)}
    for told in sorted(new, key=_order):
        for figure in _figures(told):
            before = said.get((_who(told), figure.effect))
            known = (figure.effect, figure.low, figure.high) in given
            if before is not None and (before.low, before.high) != (figure.low, figure.high):
                words = f"{_count(before)} before, {_count(figure)} now"
            elif before is None and not known and figure.effect in effects:
                words = f"{_count(figure)}, which nobody gave before"
            else:
                continue
            yield Change("revised", f"{figure.effect}: {words} ({teller_words(told)}{_said_on(told)})")
            said[_who(told), figure.effect] = figure
            given.add((figure.effect, figure.low, figure.high))


def _figures(told: Told) -> list[Figure]:
    """The figures that count this incident alone."""
    return [f for f in told.claim.toll if not f.running]


def _who(told: Told) -> str:
    return (told.claim.speaker or told.claim.outlet or told.report.id).casefold()


def _order(told: Told) -> tuple[date, str]:
    return told.day or date.min, told.claim.id


def _count(figure: Figure) -> str:
    return count_words(figure.low, figure.high) + (f" ({figure.who})" if figure.who else "")


def _said_on(told: Told) -> str:
    return f", {day_words(told.day)}" if told.day else ""
