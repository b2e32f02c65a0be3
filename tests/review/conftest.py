"""A small ledger, linked, and the app over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from tests.review.ledgers import fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A linked ledger of invented reports, which no test may write to."""
    path = tmp_path_factory.mktemp("review") / "village.db"
    fill(path)
    return path


@pytest.fixture(scope="session")
def client(filled: Path) -> Iterator[TestClient]:
    """The app over the shared ledger, for tests that only read."""
    with TestClient(create_app(ReviewSettings(str(filled), "village")), base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The app over a copy of the ledger, for tests that write."""
    copy = tmp_path / "village.db"
    copy.write_bytes(filled.read_bytes())
    with TestClient(create_app(ReviewSettings(str(copy), "village")), base_url="http://127.0.0.1") as made:
        yield made
