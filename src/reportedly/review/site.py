"""What every page is made with: the open ledger, the labels, the templates and the settings."""

from __future__ import annotations

from dataclasses import dataclass

from reportedly.desk.judging import Decisions
from reportedly.link.names import Names
from reportedly.ontology import Ontology
from reportedly.review.jobs import Jobs
from reportedly.review.pages import Pages
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger


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
