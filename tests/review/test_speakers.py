"""The speakers: who spoke, for whom and about what, and nothing that ranks them by honesty."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reportedly.link.voices import Heard, who_says
from reportedly.store import Ledger


def test_counts_are_those_of_the_claims(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        claims = list(store.claims())
        inside = store.incidents_of(c.id for c in claims)
        wanted = Counter(who_says(Heard(c, c.report)) for c in claims if c.id in inside)
        _, found = store.speakers(limit=500)
    assert Counter({who: sum(s.claims for s in found if s.who == who) for who in {s.who for s in found}}) == wanted
    assert "speakers</span>" in client.get("/speakers").text


def test_a_speaker_has_a_page(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        said = next(s for entry in store.entries() if entry.reading for s in entry.reading.statements if s.speaker)
    assert said.speaker
    page = client.get("/speaker", params={"name": said.speaker})
    assert page.status_code == 200
    assert said.speaker in unescape(page.text)
    assert "<blockquote" in page.text
    assert client.get("/speaker?name=Nobody+at+all").status_code == 404


def test_every_listed_name_leads_to_its_page(client: TestClient) -> None:
    links = re.findall(r'href="(/speaker\?name=[^"]+)"', client.get("/speakers").text)
    assert links
    for link in links[:12]:
        assert client.get(unescape(link)).status_code == 200


@pytest.mark.parametrize("query", ["words=army", "kind=military&order=last", "order=name&page=2"])
def test_it_can_be_narrowed(client: TestClient, query: str) -> None:
    assert client.get(f"/speakers?{query}").status_code == 200


@pytest.mark.parametrize("order", ["disputed", "alone", "denies", "honesty"])
def test_nobody_is_ranked(client: TestClient, order: str) -> None:
    assert client.get(f"/speakers?order={order}").status_code == 422
