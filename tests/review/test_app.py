"""The app as a whole."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from reportedly.ontology import load_ontology
from reportedly.review.filters import Filter, read_filter


def test_the_first_page_opens(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "village" in page.text


def test_what_is_not_there_is_said_on_a_page(client: TestClient) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "That didn’t work" in page.text


def test_a_wrong_filter_is_said_with_a_hint(client: TestClient) -> None:
    page = client.get("/?first=yesterday")
    assert page.status_code == 422
    assert "2024-03-05" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "words=market&first=2024-03-01&last=2024-03-09&box=30%2C10%2C31.5%2C13&kind=shelling&kind=air_strike"
        "&actor=Lake+Army&speaker=a+doctor&verdict=disputed&reviewed=no&since=2024-03-02",
    ],
)
def test_a_filter_is_its_address(address: str) -> None:
    from urllib.parse import parse_qsl

    ontology = load_ontology()
    wanted = read_filter(parse_qsl(address), ontology)
    assert wanted.address == address
    assert bool(wanted) is bool(address)
    assert read_filter(wanted.pairs(), ontology) == wanted
    assert wanted.without("kinds", "shelling").kinds == wanted.kinds[1:]
    assert wanted.without("words").words == Filter().words
