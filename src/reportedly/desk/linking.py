"""The job behind `reportedly link`: which claims are new, what they touch, and what comes of it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportedly.link.judged import Bonds
    from reportedly.link.linker import Linked, Linker
    from reportedly.link.voices import Heard
    from reportedly.store import Ledger
    from reportedly.store.incidents import ClaimDays, Linking
    from reportedly.types import Claim, Incident, Judgement, Origin


TRIES = 5
"""How often a ledger is linked again because another program has linked it meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What linking came to: how many claims were new or touched, and what the ledger holds now."""

    fresh: int
    claims: int
    incidents: int
    reports: int
    origins: int
    compared: int
    anew: bool


@dataclass(frozen=True, slots=True)
class _Work:
    """What linking came to, before it is stored."""

    linked: Linked
    origins: list[Origin]
    fresh: set[str]
    stale: set[str]
    claims: int


def link_ledger(store: Ledger, linker: Linker, *, anew: bool = False) -> Outcome:
    """Bring the incidents and origins of a ledger up to date.

    Only what is new is compared, unless the ledger was linked by other rules or `anew` asks for everything. The result
    is the same either way. It is that of one moment: what others read and judge meanwhile waits for the next time.
    Where another program links the ledger meanwhile, it is done again. Raises `LedgerError` where that goes on and on.
    """
    from reportedly.desk.facts import renew_facts
    from reportedly.errors import LedgerError

    for _ in range(TRIES):
        with _uncollected():
            outcome = _link_once(store, linker, anew=anew)
        if outcome is not None:
            renew_facts(store)
            return outcome
    raise LedgerError("is linked by other programs again and again", where=store.name, hint="one at a time is enough")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python looks for garbage in circles again and again as records pile up, and finds none: a third of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _link_once(store: Ledger, linker: Linker, *, anew: bool) -> Outcome | None:
    """What linking came to; None where another program has linked the ledger meanwhile."""
    from reportedly.store.incidents import linked_now

    with store.snapshot() as seen:
        before = seen.linking()
        judgements = len(seen.judgements())
        anew = anew or before is None or before.linker != linker.hash
        work = _weigh(seen, linker, before=before, anew=anew)
    saved = store.save_linking(
        linked_now(linker.hash, judgements),
        neighbourhoods=work.linked.neighbourhoods,
        incidents=work.linked.incidents,
        origins=work.origins,
        stale=None if anew else work.stale,
        knew=before,
    )
    if not saved:
        return None
    return Outcome(
        fresh=len(work.fresh),
        claims=work.claims,
        incidents=store.count_incidents(),
        reports=sum(len(o.reports) for o in work.origins),
        origins=len(work.origins),
        compared=work.linked.compared,
        anew=anew,
    )


def _weigh(store: Ledger, linker: Linker, *, before: Linking | None, anew: bool) -> _Work:
    """Which claims are new or touched, and what comes of them."""
    from reportedly.link.judged import Bonds

    days = list(store.claim_days())
    current = {d.claim for d in days}
    judgements = store.judgements()
    bonds = Bonds(judgements, _successors(store, judgements, current))
    known = {} if anew else store.neighbourhoods()
    stale = known.keys() - current
    fresh = current - known.keys()
    judged = bonds.claims() | {s for j in judgements for s in j.subjects}
    changed = judged if before and before.judgements != len(judgements) else set()
    areas = {known[c] for c in (stale | changed) & known.keys()}
    fresh |= {c for c, area in known.items() if area in areas} & current
    # Origins come first: what they are found by is gone from memory before the claims are in it.
    origins = _origins(store, linker, anew=anew)
    linked = _link(store, linker, days, bonds=bonds, fresh=None if anew else fresh, known=known)
    return _Work(linked, origins, fresh, stale, len(current))


def _link(
    store: Ledger,
    linker: Linker,
    days: Sequence[ClaimDays],
    *,
    bonds: Bonds,
    fresh: set[str] | None,
    known: Mapping[str, str],
) -> Linked:
    from reportedly.link.linker import Linked

    if fresh is None:
        return linker.link(store.reads({d.report for d in days}, events_only=True), bonds=bonds)
    if not fresh:
        return Linked({}, [])
    tied = {c for c in bonds.claims() if c in fresh or bonds.partners(c) & fresh}
    wanted = reports_in_reach(days, fresh | tied, known)
    return linker.link(store.reads(wanted, events_only=True), bonds=bonds, fresh=fresh, known=known)


def reports_in_reach(days: Sequence[ClaimDays], fresh: set[str], known: Mapping[str, str]) -> set[str]:
    """The reports that linking `fresh` claims needs.

    Those that share a time with them, the neighbourhoods of these, and all that share a time with those in turn, so
    that every block is whole.
    """
    reach = _Reach(days)
    near = reach.sharing_time({d.report for d in days if d.claim in fresh})
    areas = {known[d.claim] for d in days if d.report in near and d.claim in known}
    near |= {d.report for d in days if known.get(d.claim) in areas}
    return reach.sharing_time(near)


class _Reach:
    """Which reports share a bucket of time with which."""

    def __init__(self, days: Sequence[ClaimDays]) -> None:
        import numpy as np

        from reportedly.link.blocking import times_of
        from reportedly.link.columns import NO_DAY

        def column(name: str) -> list[int]:
            found = (getattr(d, name) for d in days)
            return [NO_DAY if day is None else day.toordinal() for day in found]

        first, last, published = (np.array(column(n), dtype=np.int32) for n in ("first", "last", "published"))
        self._of: dict[str, set[int]] = {d.report: set() for d in days}
        for bucket, holds in times_of(first, last, published):
            for row in np.flatnonzero(holds).tolist():
                self._of[days[row].report].add(int(bucket[row]))

    def sharing_time(self, reports: Iterable[str]) -> set[str]:
        wanted = {b for r in reports for b in self._of[r]}
        return {r for r, buckets in self._of.items() if not wanted.isdisjoint(buckets)}


def _successors(store: Ledger, judgements: Sequence[Judgement], current: set[str]) -> dict[str, str]:
    """For judged claims of older readings, those of the newest reading of the same report whose trigger is the same."""
    old = {s for j in judgements if j.action in ("merge", "split") for s in j.subjects} - current
    if not old:
        return {}
    judged = store.claims_named(old)
    found: dict[str, str] = {}
    for _, _, claims in store.reads({c.report for c in judged.values()}):
        for name, claim in judged.items():
            if claims and claim.report == claims[0].report:
                same = [c for c in claims if c.evidence[0].touches(claim.evidence[0])]
                if same:
                    found[name] = min(same, key=lambda c: (c.kind != claim.kind, c.id)).id
    return found


def _origins(store: Ledger, linker: Linker, *, anew: bool) -> list[Origin]:
    from reportedly.link.origins import WEEK, find_origins, renew_origins, sketch

    days = store.report_days()
    known = [] if anew else list(store.origins())
    new = days.keys() - {r for o in known for r in o.reports}
    if len(new) == len(days):
        return find_origins(store.reports_named(days), linker.names)
    if not new:
        return known
    ordinals = {r: d.toordinal() if d else None for r, (d, _) in days.items()}
    reached = {o + k for r in new if (o := ordinals[r]) is not None for k in range(-WEEK, WEEK + 1)}
    hashes = {days[r][1] for r in new}
    near = [r for r, (_, text) in days.items() if r in new or ordinals[r] in reached or text in hashes]
    if any(ordinals[r] is None for r in new):
        near += [r for r, o in ordinals.items() if o is None]
    sketches = (sketch(r, linker.names) for r in store.reports_named(near))
    return renew_origins(known, sketches, ordinals)


def heard_by_incident(store: Ledger, incidents: Iterable[Incident]) -> Iterator[tuple[Incident, list[Heard]]]:
    """Each incident with its claims, their origins and days, as agreement wants them."""
    from reportedly.link.voices import Heard

    origin = {r: o.id for o in store.origins() for r in o.reports}
    days = store.report_days()
    for incident in incidents:
        claims: dict[str, Claim] = store.claims_named(incident.claims)
        heard = [
            Heard(claims[c], origin.get(claims[c].report, claims[c].report), days[claims[c].report][0])
            for c in incident.claims
            if c in claims
        ]
        yield incident, heard
