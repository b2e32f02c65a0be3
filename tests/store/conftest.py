"""One contract, every database: a test that asks for `ledger` or `place` runs on each.

SQLite always; PostgreSQL where REPORTEDLY_TEST_POSTGRES holds the URL of a database that the tests may empty.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from reportedly.store import Ledger
from reportedly.store.tables import metadata
from tests.store.records import LATER, RUN

POSTGRES = os.environ.get("REPORTEDLY_TEST_POSTGRES", "")
without = pytest.mark.skipif(not POSTGRES, reason="REPORTEDLY_TEST_POSTGRES is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=without)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    engine = create_engine(POSTGRES)
    metadata.drop_all(engine)
    engine.dispose()
    return POSTGRES


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A new ledger that knows two runs."""
    with Ledger.open(place) as made:
        made.add_run(RUN)
        made.add_run(LATER)
        yield made
