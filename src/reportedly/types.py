"""The records that travel between modules, and nothing else.

Every record is frozen, slotted and pickles. Offsets are half-open, in Unicode code points, into `Report.text`, which
nothing alters. "Not stated" is `None`: never 0, "" or -1. Labels (kinds, stances …) are the keys of the ontology file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]`, with 0 <= start < end <= len(text)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.end]

    def touches(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span (or is equal to it)."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]
"""Pieces of one quote, in text order, none touching another; empty where the text has none."""


@dataclass(frozen=True, slots=True)
class Report:
    """One article as published.

    `id` is the one that came in, or else one made from the text (`ids.report_id`). `origin` says where it was read
    from: a path, with `:line` or `#n` for one of many in a file. `received_sha256` is the hash of the bytes received.
    """

    id: str
    text: str
    outlet: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    lang: str | None = None
    origin: str | None = None
    received_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A report, or a part of a file, that could not be read: recorded, never raised past the pipeline.

    `where` is the path, with `:line` where there is one; `stage` one of source, text, model, extract, resolve, claims,
    store.
    """

    where: str
    stage: str
    cause: str
    hint: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Parts of a file that hold no report, and that nobody expects to: pictures and front pages in a web archive.

    No failure, only counted: `count` parts of the file `where`, for one `reason`.
    """

    where: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `paragraph` counts from 0; `quoted` says that it starts inside an open quotation."""

    span: Span
    paragraph: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an actor, a place, a time, a figure or a weapon (`kind`), with the model's confidence, 0 to 1."""

    span: Span
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of an authority that a mention may mean.

    `id` is the authority's own ("geonames:378231", "actor:rsf"). `country` is ISO 3166-1 alpha-3. `features` are the
    named parts whose sum is `score`; a reviewer reads them.
    """

    id: str
    name: str
    score: float
    kind: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    features: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A mention looked up in an authority: what it means (`best`), or nothing, and the rivals that were weighed."""

    text: Span
    name: str
    best: Candidate | None = None
    rivals: tuple[Candidate, ...] = ()
    precision: str | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A time expression as days. `timex` and `value` are TIMEX3 type and value ("DATE", "2023-11-07").

    `first` and `last` are the days it covers, both included, or `None` where no day follows from it. `basis` says what
    it was resolved against: text, report, statement.
    """

    text: Span
    timex: str | None = None
    value: str | None = None
    first: date | None = None
    last: date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some of those whom a toll counts ("including 3 children"): never a toll of its own, never added to one.

    `low` and `high` as in `Figure`. `group` is women, men, children, civilians or combatants where the words tell it;
    `who` is what they are called ("medics").
    """

    text: Span
    low: int
    high: int | None = None
    who: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One toll: `effect` is killed, injured, missing, captured or displaced; `low` and `high` as the guide's table.

    `high` is `None` for an open range ("at least nine"). `who` describes those counted ("civilians"). `parts` are the
    sub-figures that the report gives of the same people, in text order. `running` says that it sums up many incidents
    over some time ("so far this year", "since 2011"), so that it is the toll of none of them.
    """

    effect: str
    text: Span
    low: int
    high: int | None = None
    who: str | None = None
    parts: tuple[Part, ...] = ()
    running: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """An agent or target of an event: the mention, the resolved name or plain description, and its link if known."""

    text: Span
    name: str | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Someone in the report says something. Fields as in the annotation guide.

    `inside` is the id of the statement whose content holds this one. `score` is the model's confidence, 0 to 1.
    What `resolve` adds (`speaker`, `side`, `said_on`) is `None` before it.
    """

    id: str
    source: Spans
    cue: Spans
    content: Spans
    stance: str
    speaker_kind: str
    told_to: Spans = ()
    inside: str | None = None
    speaker: str | None = None
    side: str | None = None
    said_on: date | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or is said (not) to have. Fields as in the annotation guide.

    `statement` is the id of the innermost statement that tells it, `None` for the report's own voice; `same_as` the id
    of an earlier event that it mentions again. `first`, `last` and `when_basis` are `None` before `resolve`.
    """

    id: str
    trigger: Span
    kind: str
    status: str
    agents: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    places: tuple[Link, ...] = ()
    times: tuple[Span, ...] = ()
    weapons: tuple[Span, ...] = ()
    toll: tuple[Figure, ...] = ()
    statement: str | None = None
    same_as: str | None = None
    first: date | None = None
    last: date | None = None
    when_basis: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the model and the rules found in one report, before anything is looked up: names and dates are `None`."""

    sentences: tuple[Sentence, ...]
    statements: tuple[Statement, ...]
    events: tuple[Event, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run of the reader found in one report. Statements and events are in text order."""

    report: str
    run: str
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    times: tuple[When, ...] = ()
    toponyms: tuple[Link, ...] = ()
    actors: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What made a reading: with the same run, the same report gives the same bytes. `id` is a hash of the rest."""

    id: str
    version: str
    model: str
    ontology: str
    authorities: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One row: this speaker says that this happened there, then, with this toll, with this status, in these words.

    `speaker`, `side` and `stance` are `None` where the report tells the event in its own voice; its outlet is then the
    teller. `evidence` are the spans in the report that it rests on, the trigger first.
    """

    id: str
    report: str
    run: str
    event: str
    statement: str | None
    outlet: str | None
    speaker: str | None
    side: str | None
    speaker_kind: str | None
    told_to: str | None
    stance: str | None
    said_on: date | None
    kind: str
    status: str
    agents: tuple[str, ...]
    targets: tuple[str, ...]
    place: str | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: str | None
    radius_km: float | None
    first: date | None
    last: date | None
    toll: tuple[Figure, ...]
    evidence: Spans
    score: float | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Reports that are one text: copies and light rewrites of one another. `id` is made from the earliest report's.

    `reports` are ids, the earliest published first. Three reports with one origin are one witness, not three.
    """

    id: str
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """Why two claims are held to tell of one happening: a named sum of features, and the same in words.

    `left` and `right` are claim ids, `left` the lesser. `features` sum to `score`. `judgement` is the id of the
    judgement that joined or parted them, where a person did.
    """

    left: str
    right: str
    score: float
    features: tuple[tuple[str, float], ...]
    reason: str
    judgement: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Claims, from any number of reports, about the same happening; disagreement is kept, never averaged.

    `claims` are ids in the order of their reports' days, then ids. `links` join them. The id is made from the earliest
    claim's, so that the same ledger gives the same incidents whatever the order of arrival.
    """

    id: str
    claims: tuple[str, ...]
    links: tuple[ClaimLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A voice that holds a version: `who` in words, since when (its first claim), through whom, in which claims.

    `now` is false where the voice has since changed to a version that can't be true beside this one.
    """

    who: str
    side: str | None
    through: tuple[str, ...]
    since: date | None
    claims: tuple[str, ...]
    now: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a fact, in words, with its holders in order of `since`; `origins` counts independent ones."""

    value: str
    holders: tuple[Holder, ...]
    origins: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer decided: appended, never edited; the newest counts.

    `action` is merge or split (the first claim with, or from, each of the others), accept or reject (claims or
    incidents), or undo (judgements); `subjects` are their ids. `by` names the person, `made` is UTC.
    """

    id: str
    made: datetime
    by: str
    action: str
    subjects: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a ledger holds, counted."""

    reports: int
    readings: int
    statements: int
    events: int
    claims: int
    runs: int
    failures: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as the ledger holds it: when it came in, and its newest reading if there is one."""

    report: Report
    added: datetime
    reading: Reading | None
