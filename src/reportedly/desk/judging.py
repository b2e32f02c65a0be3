"""What people decide, recorded and followed at once: incidents are linked anew where claims were joined or parted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock, Thread

from reportedly.desk.facts import renew_facts
from reportedly.desk.linking import link_ledger
from reportedly.errors import SettingsError
from reportedly.ids import judgement_id
from reportedly.link.linker import Linker
from reportedly.ontology import Ontology
from reportedly.store import Ledger
from reportedly.store.incidents import ACTIONS
from reportedly.types import Judgement


class UnknownSubjectError(SettingsError):
    """What is to be decided about isn't there."""


class Decisions:
    """Records judgements in a ledger and follows them. Several threads may share it: one follows at a time."""

    def __init__(self, ledger: Ledger, ontology: Ontology) -> None:
        self._ledger = ledger
        self._ontology = ontology
        self._linker: Linker | None = None
        self._following = Lock()

    @property
    def busy(self) -> bool:
        """Whether claims are being joined and parted now, as decided."""
        return self._following.locked()

    def decide(
        self,
        *,
        by: str,
        action: str,
        subjects: Sequence[str],
        note: str | None = None,
        wait_s: float | None = None,
    ) -> Judgement:
        """Record that `by` decides this, now, and follow it as `follow` does. Raises `SettingsError` as `record`."""
        judgement = self.record(by=by, action=action, subjects=subjects, note=note)
        self.follow(joins=self._joins(judgement), wait_s=wait_s)
        return judgement

    def record(self, *, by: str, action: str, subjects: Sequence[str], note: str | None = None) -> Judgement:
        """Record that `by` decides this, now; `follow` must come after it.

        Raises `SettingsError` where a subject is nothing that the action can be about: merge and split are about claims
        (two or more), accept and reject about claims and incidents, undo about judgements.
        """
        named = tuple(dict.fromkeys(subjects))
        self._check(action, named)
        made = datetime.now(UTC)
        judgement = Judgement(judgement_id(made.isoformat(), by, action, named), made, by, action, named, note or None)
        self._ledger.judge(judgement)
        return judgement

    def follow(self, *, joins: bool = True, wait_s: float | None = None) -> None:
        """Bring the ledger up to date with its judgements and newest readings; without `joins` only the facts.

        Linking a large ledger anew takes many seconds: with `wait_s` it goes on beside whoever asked after so long.
        """
        if not joins:
            renew_facts(self._ledger)
        elif wait_s is None:
            self._link()
        else:
            linking = Thread(target=self._link, name="linking", daemon=True)
            linking.start()
            linking.join(wait_s)

    def _link(self) -> None:
        with self._following:
            if self._linker is None:
                self._linker = Linker.load(self._ontology)
            link_ledger(self._ledger, self._linker)

    def _joins(self, judgement: Judgement) -> bool:
        """Whether it joins or parts claims, or takes back what does."""
        if judgement.action != "undo":
            return judgement.action in ("merge", "split")
        found = {j.id: j for j in self._ledger.judgements()}
        return any(self._joins(found[s]) for s in judgement.subjects if s in found)

    def _check(self, action: str, subjects: Sequence[str]) -> None:
        if action not in ACTIONS:
            raise SettingsError(f"there is no {action!r}", where="action", hint=f"one of {', '.join(ACTIONS)}")
        if action == "undo":
            known = {j.id for j in self._ledger.judgements()}
        else:
            known = set(self._ledger.claims_named(subjects))
            if action in ("accept", "reject"):
                known |= {i.id for i in self._ledger.incidents_named(subjects)}
        missing = [s for s in subjects if s not in known]
        if missing:
            what = "judgement" if action == "undo" else "claim"
            raise UnknownSubjectError(f"there is no {what} {missing[0]!r}", where="subjects", hint="pages show the ids")
        least = 2 if action in ("merge", "split") else 1
        if len(subjects) < least:
            hint = "the first claim is set beside each of the others" if least == 2 else "name what it is about"
            raise SettingsError(f"{action} needs {least} subjects or more", where="subjects", hint=hint)
