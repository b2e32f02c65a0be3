"""Ledgers made from the coded reports of the corpus, for tests and measurements: the model isn't needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reportedly.claims import make_claims
from reportedly.coded import from_coded
from reportedly.desk.linking import link_ledger
from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.store import Ledger
from reportedly.store.ledger import Read
from reportedly.types import Event, Link, Run

CORPUS = Path(__file__).parents[2] / "corpus"
CORNERS = {"SDN": (11.0, 25.0), "MLI": (12.5, -8.0), "BFA": (11.0, -4.0), "COL": (2.0, -76.0), "COD": (-4.0, 24.0),
           "UKR": (47.0, 30.0), "SYR": (33.0, 36.5), "NGA": (7.0, 5.0), "MMR": (18.0, 94.0), "YEM": (13.5, 44.0)}
"""A corner of some countries, south-west, well inside."""  # fmt: skip

RUN = Run("run-1", "0.1.0", "model", "ontology")


def coded_reads(files: Iterable[str] = ("dev.jsonl",)) -> Iterator[Read]:
    """The coded reports of the corpus as readings with claims."""
    for name in files:
        for number, line in enumerate((CORPUS / name).read_text(encoding="utf-8").splitlines(), 1):
            report, reading = from_coded(json.loads(line), where=f"{name}:{number}")
            reading = replace(reading, run=RUN.id, events=tuple(_placed(event) for event in reading.events))
            yield report, reading, make_claims(report, reading)


def _placed(event: Event) -> Event:
    """The event with a point for each place in a country: made up, the same for the same name."""
    return replace(event, places=tuple(_point(link) for link in event.places))


def _point(link: Link) -> Link:
    best = link.best
    if best is None or best.country not in CORNERS or best.lat is not None:
        return link
    lat, lon = CORNERS[best.country]
    chance = hashlib.sha256(best.name.encode()).digest()
    at = replace(best, lat=round(lat + chance[0] / 64, 3), lon=round(lon + chance[1] / 64, 3))
    return replace(link, best=at, precision="near", radius_km=5.0)


def fill(path: Path | str, reads: Iterable[Read] | None = None) -> None:
    """A new, linked ledger at `path`."""
    with Ledger.open(path) as store:
        store.add_run(RUN)
        refused = store.add(list(coded_reads() if reads is None else reads))
        assert not refused, refused
        link_ledger(store, Linker.load(load_ontology()))
