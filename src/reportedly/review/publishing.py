"""Making a release: the files of the chosen exports, what is in them and what is not, and what changed since the last.

It may take minutes for a large ledger, so it is done beside the pages, one at a time; a page tells how far it is.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from reportedly.desk.agreeing import make_judge
from reportedly.desk.holdings import LedgerHoldings, known_actor
from reportedly.errors import ReportedlyError
from reportedly.export import load_export
from reportedly.export.book import Rows
from reportedly.export.profiles import Profile
from reportedly.export.records import Row
from reportedly.export.rules import Rule
from reportedly.export.veil import Veil
from reportedly.export.write import write_export
from reportedly.review.filters import Filter
from reportedly.review.site import Site
from reportedly.store.releases import Release

_MADE = (1980, 1, 1, 0, 0, 0)
"""The day that files in the archive carry: the same rows give the same bytes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release is to hold, and for whom."""

    title: str
    wanted: Filter
    profile: Profile
    rule: Rule
    formats: tuple[str, ...]

    def settings(self) -> dict[str, Any]:
        """The plan as it is kept with the release."""
        profile = asdict(self.profile)
        profile["as_of"] = self.profile.as_of.isoformat() if self.profile.as_of else None
        rule = {name: value for name, value in asdict(self.rule).items() if name != "says"}
        return {"filter": self.wanted.address, "profile": profile, "rule": rule, "formats": list(self.formats)}


@dataclass(frozen=True, slots=True)
class Held:
    """What a release holds: its rows' hashes by incident, and why incidents and claims are not in it."""

    incidents: int
    claims: int
    left: dict[str, tuple[int, int]]
    hidden: int
    rows: dict[str, str]
    names: int
    places: int

    def counts(self) -> dict[str, Any]:
        """The counts as they are kept with the release."""
        left = {why: list(numbers) for why, numbers in sorted(self.left.items())}
        kept = {"incidents": self.incidents, "claims": self.claims, "left": left, "hidden": self.hidden}
        return kept | {"names": self.names, "places": self.places}


@dataclass(frozen=True, slots=True)
class State:
    """How far the work is. `step` says what is done now; at the end there is what was found, a release, or an error."""

    step: str
    plan: Plan
    by: str
    running: bool = True
    held: Held | None = None
    release: int | None = None
    error: str = ""


class Publisher:
    """Looks through what a plan would hold, or makes the release; one at a time, beside the pages.

    `state` is replaced as the work goes on, never altered: whoever has taken it sees one moment.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()
        self.state: State | None = None

    def start(self, plan: Plan, *, by: str, keep: bool) -> bool:
        """Begin; False where another one is still running. Without `keep` it only looks."""
        with self._lock:
            if self.state is not None and self.state.running:
                return False
            state = self.state = State("looking through the incidents", plan, by)
        Thread(target=self._work, args=(state, keep), daemon=True, name="publishing").start()
        return True

    def _work(self, state: State, keep: bool) -> None:
        done = replace(state, running=False, error="it broke off; the terminal that the app runs in says why")
        try:
            if keep:
                made = make_release(self._site, state.plan, by=state.by, say=lambda step: self._say(state, step))
                done = replace(done, release=made.number, error="")
            else:
                done = replace(done, held=look_through(self._site, state.plan), error="")
        except ReportedlyError as error:
            done = replace(done, error=str(error))
        finally:
            self.state = done

    def _say(self, state: State, step: str) -> None:
        self.state = replace(state, step=step)


def look_through(site: Site, plan: Plan) -> Held:
    """What the plan lets through and what not. Raises `SettingsError` for words that can't be looked for."""
    holdings = _holdings(site, plan)
    veil = Veil(plan.profile, holdings.entries(), known=_known(plan))
    rows = Rows(holdings, rule=plan.rule, veil=veil, ontology=site.ontology, happened=False)
    hashes = {row.incident.id: row_sha256(row) for row in rows.rows()}
    left = {why: (number, rows.left_claims[why]) for why, number in rows.left.items()}
    return Held(rows.shown, rows.shown_claims, left, rows.hidden, hashes, len(veil.names), len(veil.places))


def make_release(site: Site, plan: Plan, *, by: str, say: Callable[[str], None] = lambda step: None) -> Release:
    """Write the exports, keep them as a release and give it back. Raises `SettingsError` for a format that is none."""
    say("looking through the incidents")
    held = look_through(site, plan)
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        for name in plan.formats:
            say(f"writing {name}")
            write_export(
                load_export(name),
                Path(folder) / name,
                _holdings(site, plan),
                name=name,
                rule=plan.rule,
                profile=plan.profile,
                ontology=site.ontology,
                known=_known(plan),
            )
        say("keeping it")
        (Path(folder) / "RELEASE.md").write_text(_notes(site, plan, held), encoding="utf-8", newline="\n")
        files, archive = _pack(Path(folder))
    return site.ledger.add_release(
        by=by,
        title=plan.title,
        settings=plan.settings(),
        counts=held.counts(),
        files=files,
        rows=held.rows,
        archive=archive,
    )


def _holdings(site: Site, plan: Plan) -> LedgerHoldings:
    judge = make_judge(site.names)
    return LedgerHoldings(site.ledger, title=site.settings.title, judge=judge, wanted=plan.wanted)


def _known(plan: Plan) -> Callable[[str], bool]:
    return known_actor() if plan.profile.names else lambda name: False


def row_sha256(row: Row) -> str:
    """The hash of a row as it may be shown, but for its number: two releases with the same one say the same."""
    plain = {name: value for name, value in asdict(row).items() if name != "number"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def _notes(site: Site, plan: Plan, held: Held) -> str:
    lines = [f"# {plan.title}", "", f"Made of the ledger {site.settings.title}.", ""]
    lines += [f"- {held.incidents} reported incidents with {held.claims} claims."]
    lines += [f"- Of them only those that meet: {plan.wanted.address or 'everything'}."]
    lines += [f"- {line}" for line in (*plan.profile.notes(), *plan.rule.notes())]
    lines += ["", "Left out:", ""]
    lines += [
        f"- {number} incidents with {claims} claims: {why}." for why, (number, claims) in sorted(held.left.items())
    ]
    lines += ["", "Each folder has NOTES.md on how its files were made, and LOSS.md on what they can't say.", ""]
    return "\n".join(lines)


def _pack(folder: Path) -> tuple[dict[str, str], bytes]:
    """The hash of each file by its path, and all of them in a zip file."""
    buffer = io.BytesIO()
    files = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            content = path.read_bytes()
            files[name] = hashlib.sha256(content).hexdigest()
            archive.writestr(zipfile.ZipInfo(name, _MADE), content, zipfile.ZIP_DEFLATED)
    return files, buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two releases, by incident: new in the later one, gone from it, told otherwise."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    settings: tuple[tuple[str, str, str], ...]


def compare(before: Release, after: Release) -> Change:
    """What changed from one release to a later one."""
    old, new = before.rows, after.rows
    both = old.keys() & new.keys()
    return Change(
        added=tuple(sorted(new.keys() - old.keys())),
        gone=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(i for i in both if old[i] != new[i])),
        same=sum(old[i] == new[i] for i in both),
        settings=tuple(_differences(before.settings, after.settings)),
    )


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], at: Sequence[str] = ()
) -> Iterator[tuple[str, str, str]]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, (*at, name))
        elif old != new:
            yield " ".join((*at, name)).replace("_", " "), _shown(old), _shown(new)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return {None: "none", "": "none", True: "yes", False: "no"}.get(value, str(value))


def today() -> date:
    """The day that an embargo counts to, where nothing else is said."""
    return date.today()
