"""What an export is given: incidents with everything a file may say of them, names and places already as allowed.

A `Case` is an incident as the ledger tells it. A `Row` is a case after a rule has chosen its facts. Neither holds the
text of a report: offsets, hashes and short quotes are all that leaves the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reportedly.types import Claim, Incident, Part, Report, Span, Statement, Version

STATUSES = ("asserted", "possible", "planned", "demanded", "denied")
"""From the surest to the least: the status of an incident is the first that one of its claims has."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent or target. `id`, `kind` and `country` come from the authority and are `None` where it knows none.

    `name` is the resolved name or a plain description; `words` are those of the report, `None` where withheld.
    """

    name: str
    words: str | None = None
    id: str | None = None
    kind: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a claim names. Coordinates are both known or both `None`; `radius_km` says how far off they may be.

    `precision` is exact, near, route, district, province or country, as resolution tells it, or coarsened where a
    profile withholds the place: `name` is then that of a wider place, or "".
    """

    name: str
    id: str | None = None
    kind: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: str | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One claim with what an export may need of its report.

    `report` has an empty text; `sha256` is the hash of the text that `claim.evidence` counts in. `origin` is the id of
    the report's origin: its own id where it is a copy of none. `tellers` are the statement that tells the claim and
    those around it, innermost first. `places` are the most exact first. `quote` is what the teller said, shortened.
    `sentence` counts from 1. `review` is accepted, rejected or `None`. `voice` is a key of who stands behind the claim,
    as agreement has it (two claims with one voice are no two witnesses), `None` where nobody asked.
    """

    claim: Claim
    report: Report
    sha256: str
    origin: str
    tellers: tuple[Statement, ...] = ()
    agents: tuple[Actor, ...] = ()
    targets: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    weapons: tuple[str, ...] = ()
    trigger: str = ""
    quote: str | None = None
    quoted: Span | None = None
    sentence: int | None = None
    review: str | None = None
    voice: str | None = None

    @property
    def teller(self) -> str | None:
        """Who tells it: the speaker, else the outlet."""
        return self.claim.speaker or self.claim.outlet

    @property
    def day(self) -> date | None:
        """The day on which it was said, else that of publication."""
        return self.claim.said_on or self.report.published


def independent(told: Iterable[Told]) -> int:
    """How many independent origins tell these claims: no more than there are texts, and no more than voices.

    An army that three papers quote is one origin, and so is an agency's report that three papers print.
    """
    listed = list(told)
    return min(len({t.origin for t in listed}), len({t.voice or t.origin for t in listed}))


@dataclass(frozen=True, slots=True)
class Finding:
    """What agreement says of one fact of an incident.

    `fact` is happened, who, whom, where, when or an effect (killed …); `verdict` is single, corroborated, acknowledged,
    disputed or revised; `origins` the number of independent ones that hold the version that has most of them (of
    happened: that assert it); `reason` the same in words. `versions` say who holds which, most origins first.
    """

    fact: str
    verdict: str
    origins: int
    reason: str = ""
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as the ledger tells it: its claims in the incident's order, and what agreement finds."""

    incident: Incident
    told: tuple[Told, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: its report (without text), the statement, and its content, shortened.

    `claims` are the ids of those that it tells, `last` the latest day that one of them tells of. `review` is accepted
    where a person accepted one of them, rejected where all were rejected, else `None`.
    """

    report: Report
    sha256: str
    statement: Statement
    quote: str | None = None
    claims: tuple[str, ...] = ()
    last: date | None = None
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The toll of one effect: always `low <= best <= high`.

    `low` is the lowest figure that anyone tells, `high` the highest; `open` says that the highest was told as "at
    least". `best` is what the rule chose, and `claim` the id of the claim that it comes from; `claims` are those that
    give a figure. `who` describes those counted; `parts` are the sub-figures of the chosen figure.
    """

    effect: str
    low: int
    best: int
    high: int
    claim: str
    claims: tuple[str, ...]
    open: bool = False
    who: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule chose from the versions of one incident. `None` and `()` are "not stated".

    `chosen` names the claim that each fact comes from: ("kind", claim id) … Nothing is averaged: every value was told
    by somebody.
    """

    kind: str
    status: str
    first: date | None = None
    last: date | None = None
    agents: tuple[Actor, ...] = ()
    targets: tuple[Actor, ...] = ()
    place: Place | None = None
    weapons: tuple[str, ...] = ()
    tolls: tuple[Count, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()

    def toll(self, effect: str) -> Count | None:
        """The toll of `effect`, `None` where nobody gives one."""
        return next((count for count in self.tolls if count.effect == effect), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One incident as it goes into a file: every version that may be shown, and the facts that the rule chose.

    `origins` counts independent origins, `reports` the reports, of the claims that assert it. `number` counts rows from
    1 in the order of incident ids, for formats whose ids are numbers.
    """

    incident: Incident
    told: tuple[Told, ...]
    facts: Facts
    origins: int
    reports: int
    number: int
    findings: tuple[Finding, ...] = ()

    def verdict(self, fact: str) -> str | None:
        """What agreement says of `fact`, `None` where it says nothing."""
        return next((f.verdict for f in self.findings if f.fact == fact), None)
