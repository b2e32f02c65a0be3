"""Who says what of an incident, laid out: a row for each teller and report, a cell for each fact, grouped by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportedly.digest.wording import count_words, days_words, place_words
from reportedly.export.records import Case, Count, Facts, Finding, Told
from reportedly.export.rules import Rule, choose_facts
from reportedly.export.tolls import MEANINGS, toll_of
from reportedly.link.voices import Heard, who_says
from reportedly.ontology import Ontology
from reportedly.types import Report, Span

FACTS = ("happened", "kind", "who", "whom", "where", "when")
"""The columns before those of tolls."""

HEADS = {
    "happened": "Happened?",
    "kind": "What",
    "who": "Who did it",
    "whom": "To whom",
    "where": "Where",
    "when": "When",
}

OWN_VOICE = "The reports themselves"
NO_SIDE = "For no side that is known"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one claim says of one fact. `version` counts the versions of a fact in dispute from 1; else it is 0."""

    value: str
    claim: str
    version: int = 0
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class TellerRow:
    """What one teller says in one report: its cells by fact."""

    who: str
    kind: str
    through: str | None
    report: Report
    day: date | None
    claims: tuple[str, ...]
    cells: dict[str, tuple[Cell, ...]]
    rejected: bool


@dataclass(frozen=True, slots=True)
class SideGroup:
    """The tellers who speak for one side."""

    side: str
    rows: tuple[TellerRow, ...]


@dataclass(frozen=True, slots=True)
class Figured:
    """A claim's figure for an effect, and what became of it under the rule: `chosen`, counted, or left out and why."""

    told: Told
    words: str
    counts_as: int
    chosen: bool
    left_out: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How the number of one effect was made."""

    effect: str
    count: Count | None
    meaning: str
    figures: tuple[Figured, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A version on the timeline: who held it from which day, and whether they still do."""

    fact: str
    value: str
    who: str
    side: str
    day: date
    now: bool


def effects_of(case: Case, ontology: Ontology) -> list[str]:
    """The effects that a claim gives a figure for, in the ontology's order."""
    told = {figure.effect for t in case.told for figure in t.claim.toll}
    return [*(e for e in ontology.effects if e in told), *sorted(told - set(ontology.effects))]


def group_by_side(case: Case, effects: Sequence[str]) -> list[SideGroup]:
    """The rows, those of the side that spoke first first; the reports' own voices and those for no side at the end."""
    numbers = _version_numbers(case.findings)
    rows: dict[tuple[str, str, str], list[Told]] = {}
    for told in sorted(case.told, key=lambda t: (t.day or date.max, t.claim.id)):
        rows.setdefault((_side(told), _who(told), told.report.id), []).append(told)
    groups: dict[str, list[TellerRow]] = {}
    for (side, who, _), own in rows.items():
        groups.setdefault(side, []).append(_row(who, own, effects, numbers))
    last = [OWN_VOICE, NO_SIDE]
    ordered = sorted(groups, key=lambda side: last.index(side) + 1 if side in last else 0)
    return [SideGroup(side, tuple(groups[side])) for side in ordered]


def _side(told: Told) -> str:
    if told.claim.statement is None:
        return OWN_VOICE
    return told.claim.side or NO_SIDE


def _who(told: Told) -> str:
    return who_says(Heard(told.claim, told.origin, told.report.published))


def _row(who: str, own: Sequence[Told], effects: Sequence[str], numbers: dict[tuple[str, str], int]) -> TellerRow:
    cells: dict[str, dict[str, Cell]] = {}
    for told in own:
        for fact, value in _values(told, effects):
            version = numbers.get((fact, told.claim.id), 0)
            cell = Cell(value, told.claim.id, version, told.review == "rejected")
            cells.setdefault(fact, {}).setdefault(value, cell)
    first = own[0]
    return TellerRow(
        who=who,
        kind=(first.claim.speaker_kind or "").replace("_", " ") if first.claim.statement else "",
        through=next((t.claim.told_to for t in own if t.claim.told_to), None),
        report=first.report,
        day=first.day,
        claims=tuple(t.claim.id for t in own),
        cells={fact: tuple(found.values()) for fact, found in cells.items()},
        rejected=all(t.review == "rejected" for t in own),
    )


def _values(told: Told, effects: Sequence[str]) -> Iterator[tuple[str, str]]:
    claim = told.claim
    yield "happened", {"asserted": "yes", "denied": "no"}.get(claim.status, claim.status)
    yield "kind", claim.kind.replace("_", " ")
    if claim.agents:
        yield "who", ("not " if claim.status == "denied" else "") + ", ".join(claim.agents)
    if claim.targets:
        yield "whom", ", ".join(claim.targets)
    if claim.place or claim.country:
        yield "where", place_words(claim)
    if claim.first or claim.last:
        yield "when", days_words(claim.first, claim.last)
    for effect in effects:
        toll = toll_of(told, effect)
        if toll is not None:
            yield effect, count_words(toll.low, toll.high) + (f" {toll.who}" if toll.who else "")


def _version_numbers(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    """For facts whose versions stand against each other: the number of the version that each claim tells."""
    return {
        (finding.fact, claim): number
        for finding in findings
        if finding.verdict in ("disputed", "revised")
        for number, version in enumerate(finding.versions, 1)
        for holder in version.holders
        for claim in holder.claims
    }


def reckon(case: Case, facts: Facts, rule: Rule, effects: Sequence[str]) -> list[Reckoning]:
    """How the rule made each number of the row, figure by figure."""
    return [_reckon(case, effect, facts.toll(effect), rule) for effect in effects]


def _reckon(case: Case, effect: str, count: Count | None, rule: Rule) -> Reckoning:
    figures = []
    for told in sorted(case.told, key=lambda t: (t.day or date.max, t.claim.id)):
        toll = toll_of(told, effect)
        if toll is None:
            continue
        counted = count is not None and told.claim.id in count.claims
        figures.append(
            Figured(
                told=told,
                words=count_words(toll.low, toll.high) + (f" {toll.who}" if toll.who else ""),
                counts_as=toll.top if rule.toll == "highest" else toll.low,
                chosen=count is not None and told.claim.id == count.claim,
                left_out="" if counted else _why_left_out(told, facts_status(case)),
            )
        )
    return Reckoning(effect, count, MEANINGS[rule.toll], tuple(figures))


def facts_status(case: Case) -> str:
    """The status of the row: only claims of it count."""
    return choose_facts(case, Rule(), ()).status


def _why_left_out(told: Told, status: str) -> str:
    if told.claim.status != status:
        return f"told as {told.claim.status}"
    return "a part of the toll that the same report tells, and no version of it"


def timeline(findings: Iterable[Finding]) -> list[Said]:
    """The versions of every fact that has more than one, or that was told by more than one voice, by day."""
    found = []
    for finding in findings:
        if len(finding.versions) < 2 and sum(len(v.holders) for v in finding.versions) < 2:
            continue
        for version in finding.versions:
            found += [
                Said(finding.fact, version.value, holder.who, holder.side or "", holder.since, holder.now)
                for holder in version.holders
                if holder.since
            ]
    return sorted(found, key=lambda s: (s.fact, s.day, s.who))


def paragraphs_around(text: str, spans: Sequence[Span], *, most: int = 1600) -> list[tuple[str, bool]]:
    """The paragraphs that `spans` lie in, as pieces, each with whether it is one of the spans.

    What lies farther off than `most` characters from the first span is left out.
    """
    inside = sorted(spans)
    first = inside[0]
    kept = [span for span in inside if span.end - first.start <= most]
    start = text.rfind("\n", 0, first.start) + 1
    end = max(span.end for span in kept)
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    start, stop = max(start, first.start - most // 2), min(stop, end + most // 2)
    pieces: list[tuple[str, bool]] = []
    at = start
    for span in kept:
        if span.start > at:
            pieces.append((text[at : span.start], False))
        if span.end > at:
            pieces.append((text[max(at, span.start) : span.end], True))
            at = span.end
    return [*pieces, (text[at:stop], False)]
