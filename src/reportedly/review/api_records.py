"""What the API gives and takes, beside the records themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from reportedly.store.facts import IncidentFacts, Teller
from reportedly.store.speakers import Speaker
from reportedly.types import Claim, ClaimLink, Event, Judgement, Statement, Tally, Version


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, and what to do about it."""

    error: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LedgerOut:
    """The ledger as a whole. `linked` is when its incidents were last brought up to date."""

    title: str
    version: str
    tally: Tally
    incidents: int
    linked: datetime | None


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of the ontology with their meanings, and the verdicts on facts."""

    ontology: str
    ontology_version: str
    kinds: dict[str, str]
    statuses: dict[str, str]
    stances: dict[str, str]
    speaker_kinds: dict[str, str]
    effects: dict[str, str]
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Some incidents. `total` counts all that meet the filter; `next` is the address of the page after this one."""

    total: int
    items: tuple[IncidentFacts, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class FindingOut:
    """The verdict on one fact, why, and its versions with who holds each."""

    fact: str
    verdict: str
    origins: int
    reason: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The toll of one effect by the rule that was asked for: `best` comes from `claim`; `claims` give a figure."""

    effect: str
    low: int
    best: int
    high: int
    open: bool
    claim: str
    claims: tuple[str, ...]
    rule: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ClaimOut:
    """A claim with the origin of its report (copies of one text have one), and what a person decided of it."""

    claim: Claim
    origin: str
    quote: str | None
    review: str | None


@dataclass(frozen=True, slots=True)
class IncidentOut:
    """An incident with everything that is said of it, why its claims are held together, and what people decided."""

    facts: IncidentFacts
    claims: tuple[ClaimOut, ...]
    findings: tuple[FindingOut, ...]
    numbers: tuple[Number, ...]
    tellers: tuple[Teller, ...]
    links: tuple[ClaimLink, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class ReportOut:
    """A report with what the newest run, or a person, read in it."""

    id: str
    text: str
    title: str | None
    outlet: str | None
    published: date | None
    url: str | None
    lang: str | None
    added: datetime
    run: str | None
    statements: tuple[Statement, ...]
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class SaidOut:
    """A statement that was found, and the words around what was looked for."""

    statement: Statement
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class HitOut:
    """A report that was found, with the statements and claims in it that fit."""

    report: str
    title: str | None
    outlet: str | None
    published: date | None
    url: str | None
    words: tuple[Piece, ...]
    statements: tuple[SaidOut, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class HitPage:
    """Some of what was found; `total` counts all reports that fit."""

    total: int
    items: tuple[HitOut, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class SpeakerPage:
    """Some speakers, in the order asked for; `total` counts all that fit."""

    total: int
    items: tuple[Speaker, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class JudgementPage:
    """Some judgements, the newest first."""

    total: int
    items: tuple[Judgement, ...]
    next: str | None


class JudgementIn(BaseModel):
    """What is decided: about claims (merge, split), claims or incidents (accept, reject), or judgements (undo)."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["accept", "reject", "merge", "split", "undo"]
    subjects: list[str] = Field(min_length=1, max_length=1000)
    note: str | None = Field(default=None, max_length=2000)


@dataclass(frozen=True, slots=True)
class ReleaseOut:
    """A release: what was published, when, by whom, with which settings; the hash of each file."""

    number: int
    made: datetime
    by: str
    title: str
    settings: dict[str, Any]
    counts: dict[str, Any]
    files: dict[str, str]
