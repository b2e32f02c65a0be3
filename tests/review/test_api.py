"""The API: the ledger's data as JSON, and judgements posted back; a fuzzer that reads its description finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger
from reportedly.store.conditions import Query
from reportedly.store.filter import Filter

API = "/api/v1"


@pytest.fixture(scope="module")
def described(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API's own description, over a copy that may be written to."""
    copy = tmp_path_factory.mktemp("api") / "village.db"
    copy.write_bytes(filled.read_bytes())
    with Ledger.open(copy) as store:
        store.add_account("ada", "a password for tests alone", role="admin", by="ada")
        _, key = store.add_token("ada", "fuzzer", role="editor", days=1, by="ada")
    app = create_app(ReviewSettings(str(copy), "village"))
    shown = {"Host": "127.0.0.1", "Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers=shown)
    schema.config.update(base_url="http://127.0.0.1", headers=shown)
    yield schema
    app.state.site.ledger.close()


def test_a_fuzzer_finds_nothing(described: Any) -> None:
    tried = 0
    for operation in described.get_all_operations():
        cases = operation.ok().as_strategy()

        @given(case=cases)
        @settings(
            max_examples=15, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )  # fmt: skip
        def fuzz(case: Any) -> None:
            case.call_and_validate()

        fuzz()
        tried += 1
    assert tried == len(described.raw_schema["paths"]) + 1


def every(client: TestClient, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = client.get(following).json()
        found += page["items"]
        following = page["next"]
    assert len(found) == page["total"]
    return found


def test_incidents_page_by_page(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        wanted = {i.id for i in store.incidents()}
    items = every(client, f"{API}/incidents?limit=20")
    assert [i["incident"] for i in items] == list(dict.fromkeys(i["incident"] for i in items))
    assert {i["incident"] for i in items} == wanted


@pytest.mark.parametrize("query", ["kind=shelling", "verdict=disputed&words=market", "reviewed=no&first=2024-01-01",
                                   "west=20&south=0&east=40&north=20", "speaker=residents&kind=clash"])  # fmt: skip
def test_filters_are_those_of_the_pages(client: TestClient, query: str) -> None:
    by_api = {i["incident"] for i in every(client, f"{API}/incidents?{query}")}
    box = query.replace("west=20&south=0&east=40&north=20", "box=20,0,40,20")
    page = client.get(f"/?{box}").text
    assert all(name in page for name in list(by_api)[:20])
    assert len(by_api) == 0 or len(by_api) >= page.count('class="kind" href=')


def test_an_incident_has_everything(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        facts = store.find_incidents(Filter(verdicts=("disputed",)), order="killed")[0]
        incident = store.incident(facts.incident)
    assert incident
    found = client.get(f"{API}/incidents/{facts.incident}?toll=lowest").json()
    assert [c["claim"]["id"] for c in found["claims"]] == list(incident.claims)
    assert {f["fact"]: f["verdict"] for f in found["findings"]} == dict(facts.verdicts)
    number = next(n for n in found["numbers"] if n["effect"] == "killed")
    assert number["best"] == number["low"]
    assert number["claim"] in incident.claims
    assert len(found["links"]) == len(incident.links)
    assert found["tellers"]


def test_a_report_has_its_text_and_reading(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        entry = next(store.entries())
    found = client.get(f"{API}/reports/{entry.report.id}").json()
    assert found["text"] == entry.report.text
    assert entry.reading
    assert [s["id"] for s in found["statements"]] == [s.id for s in entry.reading.statements]
    trigger = found["events"][0]["trigger"]
    assert trigger == {"start": entry.reading.events[0].trigger.start, "end": entry.reading.events[0].trigger.end}
    assert client.get(f"{API}/claims/{found['claims'][0]['id']}").json() == found["claims"][0]


def test_find_is_that_of_the_command(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        wanted = store.find(Query(words="killed", kinds=("shelling", "air_strike")))
    found = client.get(f"{API}/find?words=killed&kind=shelling&kind=air_strike").json()
    assert found["total"] == wanted.total
    assert [hit["report"] for hit in found["items"]] == [hit.report.id for hit in wanted.hits]
    assert any(piece["marked"] for hit in found["items"] for s in hit["statements"] for piece in s["words"])


def test_judgements_are_posted_and_followed(own: TestClient) -> None:
    incident = own.get(f"{API}/incidents?limit=1&order=origins").json()["items"][0]["incident"]
    found = re.search(r'X-CSRF-Token": "([^"]+)"', own.get("/").text)
    assert found
    headers = {"X-CSRF-Token": found[1]}
    body = {"action": "accept", "subjects": [incident], "note": "both reports read"}
    made = own.post(f"{API}/judgements", json=body, headers=headers)
    assert made.status_code == 201
    assert made.json()["subjects"] == [incident]
    assert own.get(f"{API}/incidents/{incident}").json()["facts"]["reviewed"] == "yes"
    assert own.get(f"{API}/judgements").json()["items"][0] == made.json()
    undo = {"action": "undo", "subjects": [made.json()["id"]]}
    assert own.post(f"{API}/judgements", json=undo, headers=headers).status_code == 201
    assert own.get(f"{API}/incidents/{incident}").json()["facts"]["reviewed"] == "no"
    for wrong, status in ((["claim-0"], 404), ([], 422)):
        answer = own.post(f"{API}/judgements", json={"action": "accept", "subjects": wrong}, headers=headers)
        assert answer.status_code == status
        assert answer.json()["error"]


def test_what_is_not_there_is_json(client: TestClient) -> None:
    for path in ("incidents/x", "claims/x", "reports/x/y", "releases/9", "nowhere"):
        answer = client.get(f"{API}/{path}")
        assert answer.status_code == 404
        assert set(answer.json()) == {"error", "hint"}


def test_words_that_hold_none_find_nothing(client: TestClient) -> None:
    assert client.get(f"{API}/incidents?words=—").json() == {"total": 0, "items": [], "next": None}
    assert client.get(f"{API}/find?words=-drill").json()["total"] == 0


def test_speakers_and_labels(client: TestClient) -> None:
    speakers = every(client, f"{API}/speakers?limit=100")
    assert speakers[0]["incidents"] == max(s["incidents"] for s in speakers)
    assert client.get(f"{API}/speakers?words={speakers[0]['who']}").json()["total"] >= 1
    labels = client.get(f"{API}/labels").json()
    assert labels["verdicts"] == ["disputed", "revised", "acknowledged", "corroborated", "single"]
    assert client.get(f"{API}/ledger").json()["tally"]["reports"] == 24
