"""The job behind `reportedly digest`, and the changes that `reportedly watch` prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from reportedly.digest.changes import Changed
    from reportedly.export.profiles import Profile
    from reportedly.export.records import Case
    from reportedly.store import Ledger


def run_digest(ledger: str, *, since: date, until: date, out: Path, profile: str) -> None:
    """Write the two files and say where. Raises `LedgerError` for a ledger that was never linked."""
    from reportedly.cli.exporting import short_name
    from reportedly.cli.screen import public_name, say
    from reportedly.digest.markdown import write_markdown
    from reportedly.digest.page import write_page
    from reportedly.digest.summary import summarise
    from reportedly.errors import LedgerError, SettingsError
    from reportedly.export.profiles import make_profile
    from reportedly.store import Ledger

    chosen = make_profile(profile, as_of=until)
    with Ledger.open(ledger, create=False) as store:
        if store.linking() is None:
            where = public_name(ledger)
            raise LedgerError("was never linked", where=where, hint=f"reportedly link {where} makes its incidents")
        fresh = frozenset(store.claims_since(since, until))
        changed, left = changes_of(store, fresh, profile=chosen, until=until)
        loose = len(fresh) - len(store.incidents_of(fresh))
    notes = [
        f"Reports published from {since} to {until}, compared with what was reported before.",
        "Verdicts follow the rules of agreement: nothing is averaged, and nobody is called a liar.",
        *chosen.notes(),
        *(
            [f"Claims of no incident: {loose:,} (summaries, and what was read since the last linking)."]
            if loose
            else []
        ),
        *([f"Incidents left out by the profile: {left:,}."] if left else []),
    ]
    digest = summarise(changed, name=short_name(ledger), since=since, until=until, notes=notes)
    stem = f"{short_name(ledger)}-digest-{until}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, text in ((out / f"{stem}.html", write_page(digest)), (out / f"{stem}.md", write_markdown(digest))):
            path.write_text(text, encoding="utf-8")
            say(str(path))
    except OSError as error:
        raise SettingsError(f"can't be written: {error.strerror}", where=str(out), hint="give another --out") from error
    print(digest.counts)


def changes_of(
    store: Ledger, fresh: frozenset[str], *, profile: Profile, until: date | None = None
) -> tuple[list[Changed], int]:
    """What the claims `fresh` changed, as `profile` lets it be shown, and how many incidents it leaves out.

    Claims of reports that were published after `until` don't count.
    """
    from reportedly.desk.agreeing import make_judge
    from reportedly.desk.holdings import LedgerHoldings, known_actor
    from reportedly.digest.changes import find_changes
    from reportedly.export.veil import Veil

    judge = make_judge()
    holdings = LedgerHoldings(store, title="", judge=lambda incident, told: ())
    veil = Veil(profile, holdings.entries(), known=known_actor()) if profile.names else Veil(profile)
    incidents = store.incidents_named(store.incidents_of(sorted(fresh)).values())
    shown = [veil.case(case, judge) for case in holdings.cases_of(incidents)]
    kept = [_until(case, until) for case in shown if not isinstance(case, str)]
    # Judged anew: agreement finds what follows from the claims that may be shown, and from no others.
    judged = (replace(case, findings=judge(case.incident, case.told)) for case in kept)
    return find_changes(judged, fresh, judge), len(shown) - len(kept)


def _until(case: Case, until: date | None) -> Case:
    if until is None:
        return case
    told = (t for t in case.told if t.report.published is None or t.report.published <= until)
    return replace(case, told=tuple(told))
