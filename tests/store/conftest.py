"""One contract, every database: a test that asks for `ledger` or `place` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from reportedly.store import Ledger
from tests.store.records import LATER, RUN


def emptied(url: str) -> str:
    """The database at `url`, with nothing in it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return emptied(request.getfixturevalue("postgres"))


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A new ledger that knows two runs."""
    with Ledger.open(place) as made:
        made.add_run(RUN)
        made.add_run(LATER)
        yield made
