"""The page of an incident: who says what, how its numbers came to be, and what people decide about it."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reportedly.store import Ledger
from reportedly.store.filter import Filter


def token(client: TestClient, address: str) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', client.get(address).text)
    assert found
    return found[1]


@pytest.fixture
def disputed(filled: Path) -> str:
    """The incident with the most origins among the disputed ones."""
    with Ledger.open(filled, create=False) as store:
        return store.find_incidents(Filter(verdicts=("disputed",)), order="origins")[0].incident


def test_who_says_what(client: TestClient, filled: Path, disputed: str) -> None:
    page = client.get(f"/incidents/{disputed}").text
    with Ledger.open(filled, create=False) as store:
        incident = store.incident(disputed)
        assert incident
        claims = store.claims_named(incident.claims)
    for side in {c.side for c in claims.values() if c.side}:
        assert f"<bdi>{escape(side).replace('&#x27;', '&#39;')}</bdi>" in page
    assert "disputed" in page
    # Every claim can be opened in its report, and has its words.
    for claim in claims.values():
        assert f"claim={claim.id}" in page
        words = client.get(f"/claims/{claim.id}/words")
        assert words.status_code == 200
        assert "<mark>" in words.text


@pytest.mark.parametrize("rule", ["lowest", "highest", "median", "latest", "best"])
def test_how_the_number_was_made(client: TestClient, filled: Path, rule: str) -> None:
    with Ledger.open(filled, create=False) as store:
        facts = store.find_incidents(Filter(), order="killed")[0]
    page = client.get(f"/incidents/{facts.incident}?toll={rule}").text
    toll = next(t for t in facts.tolls if t.effect == "killed")
    assert f"Rule “{rule}”" in page
    assert f"low {toll.low:,}" in page
    assert f"high {toll.high:,}" in page
    assert ">chosen<" in page


def test_preset_that_makes_no_row_says_why(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        bare = next(f for f in store.find_incidents(Filter(), limit=500) if not f.tolls)
    assert "nobody is told to have been killed" in client.get(f"/incidents/{bare.incident}?preset=ged").text


def test_what_is_not_there(client: TestClient) -> None:
    assert client.get("/incidents/incident-0").status_code == 404
    assert client.get("/claims/claim-0/words").status_code == 404
    assert client.get("/incidents/incident-0?toll=true").status_code in (404, 422)


def test_accepting_and_taking_back(own: TestClient, disputed: str) -> None:
    address = f"/incidents/{disputed}"
    csrf = token(own, address)
    said = {"csrf": csrf, "action": "accept", "note": "read against both reports"}
    assert own.post(f"{address}/judge", data=said, follow_redirects=False).status_code == 303
    page = own.get(address).text
    assert "read against both reports" in page
    assert ">reviewed<" in page
    assert "accepted" in own.get("/?reviewed=yes").text
    subject = re.search(r'name="subject" value="(judgement-\w+)"', page)
    assert subject
    own.post(f"{address}/judge", data={"csrf": csrf, "action": "undo", "subject": subject[1]})
    assert "Nobody has reviewed it." in own.get(address).text


def test_claims_that_are_split_off_are_an_incident_of_their_own_until_joined(own: TestClient, disputed: str) -> None:
    address = f"/incidents/{disputed}"
    csrf, page = token(own, address), own.get(address).text
    claims = list(dict.fromkeys(re.findall(r'name="claim" value="(claim-\w+)"', page)))
    off = claims[-2:]
    split = {"csrf": csrf, "action": "split", "claim": off, "note": "another day"}
    stayed = own.post(f"{address}/judge", data=split)
    assert not set(off) & set(re.findall(r'name="claim" value="(claim-\w+)"', stayed.text))
    store = own.app.state.site.ledger  # type: ignore[attr-defined]
    apart = store.incidents_of(claims)
    assert apart[off[0]] == apart[off[1]] != apart[claims[0]]
    merge = {"csrf": csrf, "action": "merge", "other": apart[off[0]]}
    own.post(f"/incidents/{apart[claims[0]]}/judge", data=merge)
    together = store.incidents_of(claims)
    assert together[off[0]] == together[claims[0]]
    assert store.without_facts() == []


def test_rejecting_claims_takes_them_out_of_the_number(own: TestClient, disputed: str) -> None:
    store = own.app.state.site.ledger  # type: ignore[attr-defined]
    incident = store.incident(disputed)
    csrf = token(own, f"/incidents/{disputed}")
    told = next(c for c in incident.claims if store.claims_named([c])[c].toll)
    own.post(f"/incidents/{disputed}/judge", data={"csrf": csrf, "action": "reject", "claim": told})
    assert store.facts_named([disputed])[disputed].rejected == 1
    assert "rejected" in own.get(f"/incidents/{disputed}").text


@pytest.mark.parametrize("data", [{"action": "split"}, {"action": "merge", "other": "x"}, {"action": "praise"},
                                  {"action": "undo", "subject": "judgement-0"}])  # fmt: skip
def test_what_cannot_be_decided(own: TestClient, disputed: str, data: dict[str, str]) -> None:
    csrf = token(own, f"/incidents/{disputed}")
    assert own.post(f"/incidents/{disputed}/judge", data={"csrf": csrf, **data}).status_code == 422
