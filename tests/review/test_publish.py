"""Publishing: what is withheld is told, a release is kept, a later one shows what changed."""

from __future__ import annotations

import hashlib
import io
import re
import time
import zipfile

import pytest
from fastapi.testclient import TestClient

from reportedly.store import Ledger
from reportedly.store.filter import Filter

PLAN = {"profile": "internal", "toll": "lowest", "format": ["csv", "geojson"], "title": "Reported incidents, spring"}


def token(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', client.get("/publish").text)
    assert found
    return found[1]


def publish(client: TestClient, action: str, **more: object) -> str:
    """What the page says once it is done."""
    answer = client.post("/publish", data={"csrf": token(client), "action": action, **PLAN, **more})
    assert answer.status_code == 200
    for _ in range(400):
        if "hx-trigger" not in (answer := client.get("/publish/progress")).text:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("it never ends")


def ledger_of(client: TestClient) -> Ledger:
    store: Ledger = client.app.state.site.ledger  # type: ignore[attr-defined]
    return store


def test_what_is_withheld_is_told_before(own: TestClient) -> None:
    page = publish(own, "look", profile="public")
    assert "nobody has reviewed and accepted it" in page
    assert "0 incidents with 0 claims" in page
    assert ledger_of(own).releases() == ()


def test_a_release_is_kept_with_its_files(own: TestClient) -> None:
    page = publish(own, "release")
    assert "Reported incidents, spring" in page
    release = ledger_of(own).release(1)
    assert release
    assert release.counts["incidents"] == ledger_of(own).count_incidents() == len(release.rows)
    content = own.get("/releases/1/release.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        notes = archive.read("RELEASE.md").decode()
    assert found == dict(release.files)
    assert {"csv/incidents.csv", "csv/NOTES.md", "csv/LOSS.md", "geojson/NOTES.md", "RELEASE.md"} <= found.keys()
    assert "Preset" not in notes
    assert "lowest" in notes
    assert [e.action for e in ledger_of(own).log_entries(actions=["release"])] == ["release"]
    assert "It is the first one." in own.get("/releases/1").text
    assert own.get("/api/v1/releases/1").json()["files"] == dict(release.files)


def test_a_later_release_shows_what_changed(own: TestClient) -> None:
    publish(own, "release")
    store = ledger_of(own)
    gone, told_otherwise = store.find_incidents(Filter(), order="origins", limit=2)
    decide = own.app.state.site.decisions.decide  # type: ignore[attr-defined]
    decide(by="ada", action="reject", subjects=[gone.incident])
    claims = store.incident(told_otherwise.incident)
    assert claims
    decide(by="ada", action="reject", subjects=[claims.claims[-1]])
    page = publish(own, "release", toll="best")
    assert "What changed since release 1" in page
    assert "1 gone" in page
    assert "<td>rule toll</td><td>lowest</td><td>best</td>" in page
    release = store.release(2)
    assert release
    assert gone.incident not in release.rows


def test_the_filter_holds(own: TestClient) -> None:
    publish(own, "release", kind="shelling")
    release = ledger_of(own).release(1)
    assert release
    assert set(release.rows) == set(ledger_of(own).ids_of(Filter(kinds=("shelling",))))
    assert release.settings["filter"] == "kind=shelling"
    assert "kind: <bdi>shelling" in own.get("/publish?kind=shelling").text


def test_the_same_release_has_the_same_files(own: TestClient) -> None:
    for _ in range(2):
        publish(own, "release")
    first, second = ledger_of(own).release(1), ledger_of(own).release(2)
    assert first
    assert second
    assert (first.files, first.rows) == (second.files, second.rows)
    assert own.get("/releases/1/release.zip").content == own.get("/releases/2/release.zip").content


@pytest.mark.parametrize("wrong", [{"profile": "everybody"}, {"toll": "true"}, {"format": "paper"}, {"origins": "-1"},
                                   {"embargo_days": "soon"}, {"coarsen_km": "0"}])  # fmt: skip
def test_what_cannot_be_published(own: TestClient, wrong: dict[str, str]) -> None:
    assert own.post("/publish", data={"csrf": token(own), "action": "release", **PLAN, **wrong}).status_code == 422


def test_what_is_not_there(client: TestClient) -> None:
    assert client.get("/releases/1").status_code == 404
    assert client.get("/releases/1/release.zip").status_code == 404
    assert client.get("/releases/0").status_code == 422
