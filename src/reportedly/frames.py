"""A ledger for notebooks and scripts: `from reportedly import Ledger`.

    ledger = Ledger.open("demo.db")
    ledger.incidents(kinds="shelling", verdicts="disputed").to_dataframe()

What it gives are rows: plain dictionaries, asked of the ledger when they are needed. pandas is loaded by
`to_dataframe` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from reportedly.desk.agreeing import make_judge
from reportedly.desk.facts import lightly, renew_facts
from reportedly.desk.holdings import LedgerHoldings
from reportedly.errors import LedgerError, SettingsError
from reportedly.export.tolls import toll_of
from reportedly.link.voices import Heard
from reportedly.ontology import load_ontology
from reportedly.store import Ledger as Store
from reportedly.store.conditions import Query
from reportedly.store.facts import REVIEWED, VERDICTS, IncidentFacts
from reportedly.store.filter import Filter
from reportedly.types import Claim, Report

if TYPE_CHECKING:
    import pandas

Row = dict[str, Any]
Words = str | Iterable[str]
"""One label or name, or several."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind, read from the ledger each time they are gone through. `columns` are in order."""

    columns: tuple[str, ...]
    read: Callable[[], Iterator[Row]]

    def __iter__(self) -> Iterator[Row]:
        return self.read()

    def to_list(self) -> list[Row]:
        """All of them."""
        return list(self.read())

    def to_dataframe(self) -> pandas.DataFrame:
        """All of them as a table of pandas, which has a type of its own for days.

        Raises `SettingsError` where pandas isn't installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise SettingsError("pandas isn't installed", hint="pip install 'reportedly[pandas]'") from error
        frame = pandas.DataFrame(self.to_list(), columns=list(self.columns))
        for name in DAYS:
            if name in frame:
                frame[name] = pandas.to_datetime(frame[name])
        return frame


DAYS = ("first", "last", "said_on", "published", "since")
"""Columns that hold days."""

EFFECTS = ("killed", "injured", "missing", "captured", "displaced")

_FACTS = ("happened", "who", "whom", "where", "when", *EFFECTS)

INCIDENT_COLUMNS = (
    *("incident", "kind", "status", "first", "last", "place", "country", "lat", "lon", "precision", "radius_km"),
    *("agents", "targets"),
    *(f"{effect}_{end}" for effect in EFFECTS for end in ("low", "best", "high")),
    *("claims", "reports", "origins", "reviewed", "score"),
    *(f"verdict_{fact}" for fact in _FACTS),
)

CLAIM_COLUMNS = (
    *("claim", "incident", "report", "outlet", "published", "speaker", "side", "speaker_kind", "told_to", "stance"),
    *("said_on", "kind", "status", "first", "last", "place", "country", "lat", "lon", "precision", "radius_km"),
    *("agents", "targets"),
    *(f"{effect}_{end}" for effect in EFFECTS for end in ("low", "high")),
    *("start", "end", "score"),
)

REPORT_COLUMNS = ("report", "title", "outlet", "published", "url", "lang", "text")

VERSION_COLUMNS = ("incident", "fact", "verdict", "reason", "value", "who", "side", "since", "now", "origins")

SPEAKER_COLUMNS = (
    *("who", "side", "speaker_kind", "own_voice", "incidents", "claims", "alone", "disputed", "acknowledged"),
    *("denies", "first", "last"),
)


class Ledger:
    """A ledger opened for looking at; only the facts of incidents are brought up to date. A context manager."""

    def __init__(self, store: Store) -> None:
        self.store = store
        """The ledger itself, for what these methods don't offer."""

    @classmethod
    def open(cls, where: str | Path) -> Ledger:
        """The ledger at `where`, a path or a database's URL. Raises `LedgerError` where there is none."""
        return cls(Store.open(where, create=False))

    def close(self) -> None:
        """Closes the database."""
        self.store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def incidents(self, **conditions: Any) -> Rows:
        """Incidents, the latest first: their facts by the rule "best", their verdicts, who was counted.

        Conditions, all of which must be met: `words`, `first` and `last` (days), `box` (west, south, east, north),
        `kinds`, `actors`, `speakers`, `verdicts`, `reviewed` (no, part, yes), `since` (a day). Raises `SettingsError`
        for one that there is not, `LedgerError` where the ledger was never linked.
        """
        wanted = self._filter(conditions)
        return Rows(INCIDENT_COLUMNS, lambda: (_incident_row(one) for one in self._found(wanted)))

    def claims(self, **conditions: Any) -> Rows:
        """The claims of the incidents that meet the conditions of `incidents`; without conditions every claim.

        `start` and `end` are the offsets of the word that names the event, in the text of the report.
        """
        wanted = self._filter(conditions) if conditions else None
        return Rows(CLAIM_COLUMNS, lambda: self._claims(wanted))

    def versions(self, **conditions: Any) -> Rows:
        """Who holds which version of which fact, of the incidents that meet the conditions of `incidents`."""
        wanted = self._filter(conditions)
        return Rows(VERSION_COLUMNS, lambda: self._versions(wanted))

    def reports(self, words: str = "") -> Rows:
        """Every report with its text, or those with these words."""
        return Rows(REPORT_COLUMNS, lambda: self._reports(words))

    def speakers(self) -> Rows:
        """Who tells of incidents, for which side, how often, how often alone; those who tell of most first."""
        self._require_linked()
        return Rows(SPEAKER_COLUMNS, self._speakers)

    def _require_linked(self) -> None:
        if self.store.linking() is None:
            hint = "`reportedly link` makes its incidents"
            raise LedgerError("was never linked", where=self.store.name, hint=hint)
        renew_facts(self.store)

    def _filter(self, conditions: Mapping[str, Any]) -> Filter:
        self._require_linked()
        known = Filter.__dataclass_fields__
        for name in conditions:
            if name not in known:
                raise SettingsError(f"there is no condition {name!r}", hint=f"one of {', '.join(known)}")
        made = Filter(**{name: _condition(name, value) for name, value in conditions.items()})
        for name, labels in (("kinds", load_ontology().kinds), ("verdicts", VERDICTS), ("reviewed", REVIEWED)):
            for label in getattr(made, name):
                if label not in labels:
                    raise SettingsError(f"there is no {label!r}", where=name, hint=f"one of {', '.join(labels)}")
        return made

    def _found(self, wanted: Filter) -> Iterator[IncidentFacts]:
        skip = 0
        while True:
            found = self.store.find_incidents(wanted, limit=PAGE, skip=skip)
            yield from found
            if len(found) < PAGE:
                return
            skip += PAGE

    def _claims(self, wanted: Filter | None) -> Iterator[Row]:
        if wanted is None:
            yield from self._claim_rows(self.store.claims())
            return
        for incident in self.store.incidents_named(self.store.ids_of(wanted)):
            found = self.store.claims_named(incident.claims)
            yield from self._claim_rows(found[c] for c in incident.claims if c in found)

    def _claim_rows(self, claims: Iterable[Claim]) -> Iterator[Row]:
        some: list[Claim] = []
        for claim in claims:
            some.append(claim)
            if len(some) == PAGE:
                yield from self._with_incidents(some)
                some = []
        yield from self._with_incidents(some)

    def _with_incidents(self, claims: list[Claim]) -> Iterator[Row]:
        incidents = self.store.incidents_of(c.id for c in claims)
        published = self.store.published({c.report for c in claims})
        for claim in claims:
            yield _claim_row(claim, incidents.get(claim.id), published.get(claim.report))

    def _versions(self, wanted: Filter) -> Iterator[Row]:
        holdings = LedgerHoldings(self.store, title="", judge=make_judge(), wanted=wanted)
        for case in holdings.cases():
            for finding in case.findings:
                head = {"incident": case.incident.id, "fact": finding.fact, "verdict": finding.verdict}
                for version in finding.versions:
                    told = {"reason": finding.reason, "value": version.value, "origins": version.origins}
                    for h in version.holders:
                        yield {**head, **told, "who": h.who, "side": h.side, "since": h.since, "now": h.now}

    def _reports(self, words: str) -> Iterator[Row]:
        if not words:
            yield from (_report_row(entry.report) for entry in self.store.entries())
            return
        skip = 0
        while True:
            found = self.store.find(Query(words=words), limit=PAGE, skip=skip)
            yield from (_report_row(hit.report) for hit in found.hits)
            skip += PAGE
            if skip >= found.total:
                return

    def _speakers(self) -> Iterator[Row]:
        skip = 0
        while True:
            total, found = self.store.speakers(limit=PAGE, skip=skip)
            yield from (asdict(one) for one in found)
            skip += PAGE
            if skip >= total:
                return


def _condition(name: str, value: Any) -> Any:
    if name in ("kinds", "actors", "speakers", "verdicts", "reviewed"):
        return (value,) if isinstance(value, str) else tuple(value)
    if name in ("first", "last", "since") and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise SettingsError(f"{value!r} is no day", where=name, hint="e.g. 2024-03-05") from error
    return tuple(value) if name == "box" and value is not None else value


def _incident_row(one: IncidentFacts) -> Row:
    tolls = {toll.effect: toll for toll in one.tolls}
    verdicts = dict(one.verdicts)
    row: Row = {name: getattr(one, name) for name in INCIDENT_COLUMNS if hasattr(one, name)}
    row |= {"agents": list(one.agents), "targets": list(one.targets)}
    for effect in EFFECTS:
        row |= {f"{effect}_{end}": getattr(tolls.get(effect), end, None) for end in ("low", "best", "high")}
    return row | {f"verdict_{fact}": verdicts.get(fact) for fact in _FACTS}


def _claim_row(claim: Claim, incident: str | None, published: date | None) -> Row:
    row: Row = {name: getattr(claim, name) for name in CLAIM_COLUMNS if hasattr(claim, name)}
    row |= {"claim": claim.id, "incident": incident, "published": published}
    row |= {"agents": list(claim.agents), "targets": list(claim.targets)}
    trigger = claim.evidence[0] if claim.evidence else None
    row |= {"start": trigger.start if trigger else None, "end": trigger.end if trigger else None}
    told = lightly(Heard(claim, claim.report, published))
    for effect in EFFECTS:
        toll = toll_of(told, effect)
        row |= {f"{effect}_{end}": getattr(toll, end, None) for end in ("low", "high")}
    return row


def _report_row(report: Report) -> Row:
    return {"report": report.id} | {name: getattr(report, name) for name in REPORT_COLUMNS[1:]}
