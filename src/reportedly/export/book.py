"""The book that an export reads: a ledger's cases, through a profile and a rule, as rows; and what stayed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from reportedly.export.records import Case, Finding, Row, Said, Told
from reportedly.export.rules import Rule, choose_facts, origins_of, refusal, telling
from reportedly.export.veil import Veil
from reportedly.ontology import Ontology
from reportedly.types import Entry, Incident

NOT_ASSERTED = "nobody asserts that it happened (denied, planned, possible or demanded)"


class Holdings(Protocol):
    """A ledger as exports read it; whoever holds the ledger writes this."""

    @property
    def title(self) -> str:
        """The ledger's name as it may be shown."""
        ...

    def entries(self) -> Iterable[Entry]:
        """Every report with its newest reading."""
        ...

    def cases(self) -> Iterable[Case]:
        """Every incident, in order of id."""
        ...

    def judge(self, incident: Incident, told: tuple[Told, ...]) -> tuple[Finding, ...]:
        """What agreement finds of these claims of an incident."""
        ...

    def statements(self) -> Iterable[Said]:
        """Every statement of the newest readings, in order of report id, then of the text."""
        ...

    def loose(self) -> Mapping[str, int]:
        """Why claims belong to no incident, and how many."""
        ...

    def removed(self) -> int:
        """How many reports were removed from the ledger for good."""
        ...


class Rows:
    """A `Book`: the cases of `holdings` that `veil` and `rule` let through.

    With `happened` only what somebody asserts. `left` tells, once `rows` was read to its end, why incidents were left
    out, with how many incidents and claims; `hidden` counts claims of shown incidents that aren't shown.
    """

    def __init__(self, holdings: Holdings, *, rule: Rule, veil: Veil, ontology: Ontology, happened: bool) -> None:
        self.ontology = ontology
        self.title = holdings.title
        self.removed = holdings.removed()
        self.left: Counter[str] = Counter()
        self.left_claims: Counter[str] = Counter()
        self.hidden = self.shown = self.shown_claims = 0
        self._holdings = holdings
        self._rule = rule
        self._veil = veil
        self._happened = happened
        self._effects = tuple(ontology.effects)

    def rows(self) -> Iterator[Row]:
        """See `Book`. Each reading counts anew what it leaves out."""
        left: Counter[str] = Counter()
        left_claims: Counter[str] = Counter()
        hidden = shown = shown_claims = 0
        for case in self._holdings.cases():
            row = self._row(case, shown + 1)
            if isinstance(row, str):
                left[row] += 1
                left_claims[row] += len(case.incident.claims)
                continue
            shown += 1
            shown_claims += len(row.told)
            hidden += len(case.incident.claims) - len(row.told)
            yield row
        self.left, self.left_claims = left, left_claims
        self.hidden, self.shown, self.shown_claims = hidden, shown, shown_claims

    def leave(self, incidents: Counter[str], claims: Counter[str]) -> None:
        """Count as left out what the format had no place for: incidents, and their claims, by the reason."""
        self.left += incidents
        self.left_claims += claims
        self.shown -= incidents.total()
        self.shown_claims -= claims.total()

    def statements(self) -> Iterator[Said]:
        """See `Book`."""
        for said in self._holdings.statements():
            seen = self._veil.said(said)
            if seen is not None:
                yield seen

    def _row(self, case: Case, number: int) -> Row | str:
        """The row of a case, or why it has none."""
        seen = self._veil.case(case, self._holdings.judge)
        if isinstance(seen, str):
            return seen
        facts = choose_facts(seen, self._rule, self._effects)
        if self._happened and facts.status != "asserted":
            return NOT_ASSERTED
        reason = refusal(seen, facts, self._rule)
        if reason is not None:
            return reason
        return Row(
            incident=seen.incident,
            told=seen.told,
            facts=facts,
            origins=origins_of(seen),
            reports=len({t.report.id for t in telling(seen)}),
            number=number,
            findings=seen.findings,
        )
