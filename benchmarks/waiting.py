"""How fast the queue answers on a ledger of 100,000 made-up claims in 60,000 incidents and 30,000 reports.

    python benchmarks/waiting.py [CLAIMS]

The rows are put straight into the tables: what they say is nothing, only their number and spread matter.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert

from reportedly.link.linker import Linker
from reportedly.ontology import load_ontology
from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger, tables
from reportedly.store.incidents import linked_now
from reportedly.types import Run

ROUNDS = 25


def fill(path: Path, claims: int) -> None:
    """A ledger whose tables hold what the queue reads."""
    dice, now, today = random.Random(7), datetime.now(UTC), datetime.now(UTC).date()
    with Ledger.open(path) as ledger:
        ledger.add_run(Run("run-1", "0", "none", "conflict"))
        reports, incidents = claims * 3 // 10, claims * 6 // 10
        rows: dict[Any, list[dict[str, Any]]] = {
            tables.reports: [report(n, now, today, dice) for n in range(reports)],
            tables.readings: [
                {"id": n + 1, "report": f"r{n}", "run": "run-1", "record": {}, "added": now} for n in range(reports)
            ],
            tables.claims: [claim(n, n % reports) for n in range(claims)],
            tables.linked: [
                {
                    "claim": f"c{n}",
                    "neighbourhood": f"i{n % incidents}",
                    "incident": f"i{n % incidents}",
                    "seq": n // incidents,
                }
                for n in range(claims)
            ],
            tables.incident_facts: [facts(n, now, today, dice) for n in range(incidents)],
        }
        with ledger._writing() as connection:
            for table, made in rows.items():
                for at in range(0, len(made), 5000):
                    connection.execute(insert(table), made[at : at + 5000])
            made_by = linked_now(Linker.load(load_ontology()).hash, 0)
            connection.execute(insert(tables.linking).values(linker=made_by.linker, judgements=0, made=made_by.made))


def report(n: int, now: datetime, today: date, dice: random.Random) -> dict[str, Any]:
    day = today - timedelta(dice.randrange(1000))
    return {
        "id": f"r{n}",
        "text": f"Text {n}.",
        "text_sha256": f"{n:064}",
        "title": f"Report {n}",
        "published": day,
        "added": now,
    }


def claim(n: int, report: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": f"c{n}",
        "reading": report + 1,
        "seq": n,
        "report": f"r{report}",
        "run": "run-1",
        "event": f"e{n}",
    }
    return found | {
        "kind": "clash",
        "status": "asserted",
        "agents": [],
        "targets": [],
        "toll": [],
        "evidence": [],
        "score": 0.5,
    }


def facts(n: int, now: datetime, today: date, dice: random.Random) -> dict[str, Any]:
    disputed = dice.random() < 0.05
    verdicts = {
        v: v == ("disputed" if disputed else "single")
        for v in ("disputed", "revised", "acknowledged", "corroborated", "single")
    }
    day = today - timedelta(dice.randrange(1000))
    return {
        "incident": f"i{n}",
        "kind": "clash",
        "status": "asserted",
        "first": day,
        "last": day,
        "place": "Old Tarim",
        "agents": [],
        "targets": [],
        "tolls": [],
        "killed": int(dice.paretovariate(1)) if dice.random() < 0.4 else None,
        "verdict": "single",
        "verdicts": [],
        "claims": 2,
        "reports": 2,
        "origins": 1,
        "reviewed": dice.choices(("no", "part", "yes"), (90, 5, 5))[0],
        "rejected": 0,
        "score": dice.random(),
        "added": now,
        **verdicts,
    }


def main() -> None:
    """Prints the figures."""
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.db"
        fill(path, claims)
        with TestClient(create_app(ReviewSettings(str(path), "queue")), base_url="http://127.0.0.1:8470") as client:
            for address in ("/queue", "/queue?page=20"):
                taken = []
                for _ in range(ROUNDS):
                    start, cpu = time.perf_counter(), time.process_time()
                    page = client.get(address)
                    taken.append((time.perf_counter() - start, time.process_time() - cpu))
                    assert page.status_code == 200
                    assert re.search(r"Report \d+", page.text)
                walls, cpus = ([t[k] * 1000 for t in taken] for k in (0, 1))
                slow = statistics.quantiles(walls, n=20)[-1]
                print(f"{claims:,} claims, {address}: median {statistics.median(walls):.0f} ms,", end=" ")
                print(f"95th percentile {slow:.0f} ms, processor {statistics.median(cpus):.0f} ms")


if __name__ == "__main__":
    main()
