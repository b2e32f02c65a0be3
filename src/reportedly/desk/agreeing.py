"""What agreement finds, for whoever lays out cases or looks for a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportedly.export.records import Finding, Told
    from reportedly.export.veil import Judge
    from reportedly.link.names import Names
    from reportedly.store import Ledger
    from reportedly.types import Incident


def make_judge(names: Names | None = None) -> Judge:
    """A function that gives the findings on some claims of an incident, in the order of `link.agreement`.

    The origins of "happened" are those that assert it, however many deny it.
    """
    from reportedly.export.records import Finding
    from reportedly.link.agreement import agree
    from reportedly.link.names import load_names
    from reportedly.link.voices import Heard, independent

    names = names or load_names()

    def judge(incident: Incident, told: tuple[Told, ...]) -> tuple[Finding, ...]:
        heard = [Heard(one.claim, one.origin, one.report.published) for one in told]
        telling = independent(h for h in heard if h.claim.status == "asserted")
        return tuple(
            Finding(a.fact, a.verdict, telling if a.fact == "happened" else a.origins, a.reason, a.versions)
            for a in agree(heard, names)
        )

    return judge


def claims_with_verdict(store: Ledger, claims: Iterable[str], verdicts: Iterable[str]) -> frozenset[str]:
    """The claims of those incidents, among the ones that `claims` belong to, of which a fact has one of `verdicts`."""
    from reportedly.link.agreement import agree
    from reportedly.link.names import load_names
    from reportedly.link.voices import Heard
    from reportedly.store.base import PAGE, batched

    names = load_names()
    wanted = set(verdicts)
    origins = {report: origin.id for origin in store.origins() for report in origin.reports}
    found: set[str] = set()
    for some in batched(store.incidents_named(store.incidents_of(claims).values()), PAGE):
        told = store.claims_named(c for incident in some for c in incident.claims)
        days = store.published({claim.report for claim in told.values()})
        for incident in some:
            own = [told[c] for c in incident.claims if c in told]
            heard = [Heard(c, origins.get(c.report, c.report), days.get(c.report)) for c in own]
            if wanted.intersection(a.verdict for a in agree(heard, names)):
                found.update(c.id for c in own)
    return frozenset(found)
