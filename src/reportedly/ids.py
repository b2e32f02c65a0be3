"""Ids that follow from what they name: the same report, run or claim has the same id on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

_LENGTH = 24
"""Hex digits kept of a hash: 96 bits, where even a thousand million ids leave a chance of 1 in 10^11 that two meet."""


def report_id(text: str, *, outlet: str | None = None) -> str:
    """The id of a report that came in without one: it follows from the exact text, and the outlet where it is known.

    Title, date, URL and file name don't matter, so a report read again, or from a copy elsewhere, is the same report.
    The outlet does matter: two papers that print the same agency story are two tellers. `text` may not hold half of a
    surrogate pair (`UnicodeEncodeError`).
    """
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return "report-" + _hash("report", digest, outlet)


def run_id(
    *,
    version: str,
    model: str,
    ontology: str,
    authorities: Sequence[tuple[str, str]] = (),
    settings: Sequence[tuple[str, str]] = (),
) -> str:
    """The id of a `Run` with these fields; the order of authorities and of settings doesn't matter."""
    pairs = (sorted(map(list, authorities)), sorted(map(list, settings)))
    return "run-" + _hash("run", version, model, ontology, *pairs)


def claim_id(report: str, run: str, event: str) -> str:
    """The id of the claim that `run` made of one event (its id) of one report (its id)."""
    return "claim-" + _hash("claim", report, run, event)


def incident_id(claim: str) -> str:
    """The id of the incident whose earliest claim has this id."""
    return "incident-" + _hash("incident", claim)


def origin_id(report: str) -> str:
    """The id of the origin whose earliest report has this id."""
    return "origin-" + _hash("origin", report)


def judgement_id(made: str, by: str, action: str, subjects: Sequence[str]) -> str:
    """The id of what a person decided: follows from when (ISO form), who, what and about what."""
    return "judgement-" + _hash("judgement", made, by, action, list(subjects))


def _hash(*parts: object) -> str:
    # JSON keeps ("ab", "c") and ("a", "bc") apart.
    whole = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode("ascii")).hexdigest()[:_LENGTH]
