"""A ledger as exports read it: incidents with their claims and reports, statements, and what no incident holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from reportedly.store.base import batched

if TYPE_CHECKING:
    from datetime import datetime

    from reportedly.export.records import Case, Finding, Said, Told
    from reportedly.store import Ledger
    from reportedly.store.filter import Filter
    from reportedly.types import Claim, Entry, Incident, Judgement, Sentence

PAGE = 200
"""Incidents, or reports, whose claims are asked for at once."""

NEAR = 512
"""Reports kept at hand: claims of one report are often in incidents that follow one another."""


class LedgerHoldings:
    """`Holdings` of an open ledger, which must have been linked. `title` is its name as it may be shown.

    `judge` gives what agreement finds of the claims of one incident. With `wanted` only the incidents that it means are
    there, and only the statements that tell of them. `judgements` are those that count, all of the ledger's if not
    given.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        title: str,
        judge: Callable[[Incident, tuple[Told, ...]], tuple[Finding, ...]],
        wanted: Filter | None = None,
        judgements: Iterable[Judgement] | None = None,
    ) -> None:
        from reportedly.export.cases import reviews

        self._ledger = ledger
        self._title = title
        self._judge = judge
        self._wanted = wanted or None
        self._decided: dict[str, tuple[str, datetime]] = reviews(
            ledger.judgements() if judgements is None else judgements
        )
        self._report = lru_cache(NEAR)(self._read_report)

    @property
    def title(self) -> str:
        """See `Holdings`."""
        return self._title

    def entries(self) -> Iterable[Entry]:
        """See `Holdings`."""
        return self._ledger.entries()

    def cases(self) -> Iterator[Case]:
        """See `Holdings`."""
        if self._wanted is None:
            yield from self.cases_of(self._ledger.incidents())
        else:
            yield from self.cases_of(self._ledger.incidents_named(self._ledger.ids_of(self._wanted)))

    def cases_of(self, incidents: Iterable[Incident]) -> Iterator[Case]:
        """The cases of some incidents, in their order."""
        for some in batched(incidents, PAGE):
            claims = self._ledger.claims_named(c for incident in some for c in incident.claims)
            origins = self._ledger.origins_of({claim.report for claim in claims.values()})
            for incident in some:
                yield self._case(incident, [claims[c] for c in incident.claims if c in claims], origins)

    def judge(self, incident: Incident, told: tuple[Told, ...]) -> tuple[Finding, ...]:
        """See `Holdings`."""
        return self._judge(incident, told)

    def statements(self) -> Iterator[Said]:
        """See `Holdings`."""
        from reportedly.export.cases import review_of, say

        wanted = None if self._wanted is None else self._ledger.claims_of(self._wanted)
        by_report = groupby(self._ledger.claims(), key=lambda claim: claim.report)
        waiting = next(by_report, None)
        for entry in self._ledger.entries():
            claims: list[Claim] = []
            # Both come in the order of report ids; a report without claims has no group.
            while waiting is not None and waiting[0] <= entry.report.id:
                claims = list(waiting[1]) if waiting[0] == entry.report.id else []
                waiting = next(by_report, None)
            if entry.reading is None:
                continue
            incidents = self._ledger.incidents_of(c.id for c in claims) if self._decided else {}
            reviewed = {c.id: review_of(c.id, incidents.get(c.id, ""), entry.added, self._decided) for c in claims}
            inside = {c.statement for c in claims if wanted is None or c.id in wanted}
            for statement in entry.reading.statements:
                if wanted is None or statement.id in inside:
                    yield say(statement, entry, claims, reviewed)

    def loose(self) -> Mapping[str, int]:
        """See `Holdings`."""
        found: Counter[str] = Counter()
        linked = self._ledger.neighbourhoods()
        for some in batched(self._ledger.claims(), PAGE):
            inside = self._ledger.incidents_of(c.id for c in some)
            for claim in some:
                if claim.id not in linked:
                    found["read since the ledger was last linked; `reportedly link` brings them in"] += 1
                elif claim.id not in inside:
                    found["of no one incident: a summary over many happenings"] += 1
        return found

    def removed(self) -> int:
        """See `Holdings`."""
        return self._ledger.count_removed()

    def _case(self, incident: Incident, claims: list[Claim], origins: Mapping[str, str]) -> Case:
        from reportedly.export.cases import review_of, tell
        from reportedly.export.records import Case
        from reportedly.link.voices import Heard, voice

        told = []
        for claim in claims:
            entry, sentences = self._report(claim.report, claim.run)
            if entry is None:
                continue
            review = review_of(claim.id, incident.id, entry.added, self._decided)
            origin = origins.get(claim.report, claim.report)
            speaks = voice(Heard(claim, origin, entry.report.published))
            told.append(tell(claim, entry, origin=origin, voice=speaks, sentences=sentences, review=review))
        return Case(incident, tuple(told), self._judge(incident, tuple(told)))

    def _read_report(self, report: str, run: str) -> tuple[Entry | None, tuple[Sentence, ...]]:
        from reportedly.text import split_sentences

        entry = self._ledger.entry(report, run=run)
        return entry, split_sentences(entry.report.text) if entry else ()


def known_actor() -> Callable[[str], bool]:
    """Tells whether the shipped authority knows a name as an actor, a state or a people. Raises `AuthorityError`."""
    from reportedly.resolve.actors import ActorTable
    from reportedly.resolve.states import load_states
    from reportedly.resolve.words import load_words

    states = load_states()
    actors = ActorTable(states, load_words())
    peoples = {word.casefold() for state in states.rows.values() for word in (*state.people, *state.adjectives)}

    def known(name: str) -> bool:
        return name.casefold() in peoples or bool(actors.lookup(name))

    return known
