"""What tests of several parts share: a PostgreSQL server of their own, started when the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.postgres import MISSING, VARIABLE, binaries, server

REQUIRED = "REPORTEDLY_REQUIRE_POSTGRES"
"""Set it, and tests that lack a server fail where they would otherwise be skipped."""

_skipped = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that tests may empty: the one that the environment names, or one on a server of our own."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    if binaries() is None:
        request.config.stash[_skipped] = True
        if os.environ.get(REQUIRED):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with server() as url:
        yield url


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(_skipped, False):
        terminalreporter.write_line(f"The ledger was NOT tested on PostgreSQL: {MISSING}.", yellow=True)
