"""The pages over PostgreSQL say what they say over SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger
from reportedly.store.filter import Filter
from tests.review.ledgers import fill
from tests.store.conftest import emptied

PAGES = (
    "/?order=killed",
    "/?words=market&verdict=disputed",
    "/?first=2024-01-01&kind=clash&reviewed=no",
    "/?box=-20,-40,60,40&order=origins",
    "/names/actor?letters=FORCES",
    "/speakers?words=army&order=last",
    "/publish?kind=shelling",
    "/api/v1/incidents?limit=200",
    "/api/v1/speakers?limit=200",
)


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    url = emptied(request.getfixturevalue("postgres"))
    fill(url)
    with TestClient(create_app(ReviewSettings(url, "village")), base_url="http://127.0.0.1") as made:
        yield made


def plain(text: str) -> str:
    """The page without what is another one's every time: signs of forms, and when reports came in."""
    text = re.sub(r'(csrf" value="|X-CSRF-Token": ")[^"]*', r"\1", text)
    return re.sub(r'"added":"[^"]*"', "", text)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_the_same(served: TestClient, client: TestClient, page: str) -> None:
    ours, theirs = served.get(page), client.get(page)
    assert ours.status_code == theirs.status_code == 200
    assert plain(ours.text) == plain(theirs.text)


def test_an_incident_is_the_same(served: TestClient, client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        facts = store.find_incidents(Filter(verdicts=("disputed",)), order="origins")[0]
        who = store.names_told("speaker")[0][0]
    for page in (f"/incidents/{facts.incident}", f"/speaker?name={who}"):
        assert plain(served.get(page).text) == plain(client.get(page).text)


def test_decisions_are_followed(served: TestClient) -> None:
    site = served.app.state.site  # type: ignore[attr-defined]
    facts = site.ledger.find_incidents(Filter(), order="origins")[0]
    made = site.decisions.decide(by="ada", action="accept", subjects=[facts.incident])
    assert site.ledger.facts_named([facts.incident])[facts.incident].reviewed == "yes"
    assert made in site.ledger.judgements_about([facts.incident])
    site.decisions.decide(by="ada", action="undo", subjects=[made.id])
    assert [j.action for j in site.ledger.judgements_about([facts.incident])] == ["accept", "undo"]
