"""What every page is made with: the open ledger, the labels, the templates and the settings."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from reportedly.desk.judging import Decisions
from reportedly.link.names import Names
from reportedly.ontology import Ontology
from reportedly.review.jobs import Jobs
from reportedly.review.pages import Pages
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger

T = TypeVar("T")


class Kept:
    """What was counted for one state of the ledger, so that it isn't counted again for every page."""

    MOST = 400

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: Hashable = None
        self._values: OrderedDict[str, Any] = OrderedDict()

    def get(self, state: Hashable, what: str, make: Callable[[], T]) -> T:
        """The value for `what` in this state; `make` makes it where it is not at hand."""
        with self._lock:
            if self._state != state:
                self._state = state
                self._values.clear()
            if what in self._values:
                self._values.move_to_end(what)
                found: T = self._values[what]
                return found
        made = make()
        with self._lock:
            if self._state == state:
                self._values[what] = made
                while len(self._values) > self.MOST:
                    self._values.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Keeper:
    """What was counted for one state of the ledger."""

    kept: Kept
    state: Hashable

    def keep(self, what: str, make: Callable[[], T]) -> T:
        """What `make` gives, or gave before for the same `what` in this state."""
        return self.kept.get(self.state, what, make)


@dataclass(frozen=True, slots=True)
class Site:
    """Each `router(site)` builds on it. The ledger may be used from several threads at once."""

    settings: ReviewSettings
    ledger: Ledger
    ontology: Ontology
    names: Names
    pages: Pages
    jobs: Jobs
    decisions: Decisions
    kept: Kept = field(default_factory=Kept)

    def now(self) -> Keeper:
        """Keeps what is counted for as long as nobody links or judges, and the facts of incidents stay as they are."""
        return Keeper(self.kept, (self.ledger.facts_basis(), self.ledger.count_facts()))
