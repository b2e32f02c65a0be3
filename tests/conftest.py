"""What tests of several parts share: a PostgreSQL server of their own, started when the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.postgres import MISSING, VARIABLE, binaries, server

REQUIRED = "REPORTEDLY_REQUIRE_POSTGRES"
"""Set it, and tests that lack a server fail where they would otherwise be skipped."""

_skipped = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that tests may empty: the one that the environment names, or one on a server of our own."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    missing = MISSING if binaries() is None else None if find_spec("psycopg") else "psycopg isn't installed"
    if missing:
        request.config.stash[_skipped] = missing
        if os.environ.get(REQUIRED):
            pytest.fail(missing)
        pytest.skip(missing)
    with server() as url:
        yield url


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if why := config.stash.get(_skipped, ""):
        terminalreporter.write_line(f"The ledger was NOT tested on PostgreSQL: {why}.", yellow=True)
