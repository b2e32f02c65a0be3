"""The overview: what it lists, counts and links to, without script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

COUNT = re.compile(r'id="results-head"[^>]*>([\d,]+) reported incident')


def number(page: str) -> int:
    found = COUNT.search(page)
    assert found
    return int(found[1].replace(",", ""))


def data(page: str) -> Mapping[str, Any]:
    found = re.search(r'id="view-data">(.*?)</script>', page, re.DOTALL)
    assert found
    loaded: Mapping[str, Any] = json.loads(found[1])
    return loaded


def test_the_table_needs_no_script(client: TestClient) -> None:
    page = client.get("/").text
    rows = re.findall(r'href="/incidents/(incident-\w+)"', page)
    assert rows
    assert len(rows) == len(set(rows)) == min(50, number(page))


def test_pages_hold_every_incident_once(client: TestClient) -> None:
    whole = number(client.get("/").text)
    seen: list[str] = []
    for page in range(1, 2 + whole // 50):
        seen += re.findall(r'href="/incidents/(incident-\w+)"', client.get(f"/?page={page}").text)
    assert len(seen) == len(set(seen)) == whole


@pytest.mark.parametrize("order", ["day", "killed", "origins", "reports", "added", "score"])
def test_orders(client: TestClient, order: str) -> None:
    assert client.get(f"/?order={order}").status_code == 200
    assert client.get("/?order=truth").status_code == 422


def test_a_filter_narrows_the_table_and_not_its_own_dimension(client: TestClient) -> None:
    page = client.get("/").text
    kind = re.search(r'name="kind" value="(\w+)"', page)
    assert kind
    narrowed = client.get(f"/?kind={kind[1]}").text
    assert 0 < number(narrowed) < number(page)
    # Other kinds are still there to be picked.
    assert narrowed.count('name="kind"') == page.count('name="kind"')
    days = data(page)["days"]["rows"]
    first = days[len(days) // 2][0]
    later = client.get(f"/?first={first}").text
    assert number(later) < number(page)
    assert data(later)["days"] == data(page)["days"]
    assert data(later)["first"] == first


def test_a_box_narrows_the_table_and_not_the_map(client: TestClient) -> None:
    page = client.get("/").text
    points = data(page)["points"]
    lat, lon, *_ = points[0]
    boxed = client.get(f"/?box={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}").text
    assert number(boxed) == sum(p[5] for p in points if p[:2] == [lat, lon])
    assert data(boxed)["points"] == points


def test_each_condition_can_be_taken_away(client: TestClient) -> None:
    page = client.get("/?kind=shelling&kind=air_strike&words=market&verdict=disputed").text
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert len(chips) == 4
    assert "kind=air_strike" in chips[1] + chips[2]


def test_parts_are_asked_for_by_name(client: TestClient) -> None:
    part = client.get("/?kind=shelling", headers={"HX-Request": "true", "HX-Target": "results"}).text
    assert part.lstrip().startswith("<section")
    assert "<form" not in part


def test_names_are_offered_as_they_are_typed(client: TestClient) -> None:
    assert "<option" in client.get("/names/speaker").text
    assert "<option" in client.get("/names/actor?letters=forces").text
    assert client.get("/names/judge").status_code == 422
