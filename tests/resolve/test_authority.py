"""One interface for all authorities, and the place index in several threads and processes."""

from __future__ import annotations

import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reportedly.errors import AuthorityError
from reportedly.resolve.authority import Authority, PlaceIndex
from tests.resolve.authorities import index, table


@pytest.mark.parametrize(
    ("authority", "name"), [(index(), "Aleppo"), (table(), "the Taliban")], ids=["places", "actors"]
)
def test_every_authority_keeps_the_contract(authority: Authority, name: str) -> None:
    assert authority.id
    assert len(authority.sha256) == 64
    found = authority.lookup(name) or authority.lookup(name.removeprefix("the "))
    assert found
    assert all(c.id and c.name and c.score == pytest.approx(sum(v for _, v in c.features)) for c in found)
    assert authority.lookup("Qwrtzxv Plmkij") == ()
    assert authority.lookup("") == ()


def test_most_people_first() -> None:
    populations = [place.population for place in index().find("Tripoli")]
    assert populations == sorted(populations, reverse=True)
    assert {"LBY", "LBN"} <= {place.country for place in index().find("Tripoli")}


@pytest.mark.parametrize("name", ["Deir ez-Zor", "Deir al-Zour", "Dayr az-Zawr", "Deir Ezzor"])
def test_spellings_lead_to_one_place(name: str) -> None:
    assert index().find(name)[0].name.startswith("Deir ez-Zor")


def test_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError) as caught:
        PlaceIndex(tmp_path / "none.sqlite")
    assert "reportedly fetch gazetteer" in caught.value.hint


def test_works_in_threads_and_survives_pickling() -> None:
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda name: index().find(name)[0].id, ["Aleppo", "Kyiv", "Aleppo"]))
    assert found[0] == found[2] == pickle.loads(pickle.dumps(index())).find("Aleppo")[0].id


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_works_after_a_fork() -> None:
    expected = index().find("Aleppo")[0].id
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, index().find("Aleppo")[0].id.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100).decode() == expected


def test_a_lookup_is_quick() -> None:
    names = ["Aleppo", "Deir al-Zour", "Springfield", "Khan Sheikhoun", "Nowhere at all"] * 40
    index().find("Aleppo")
    started = time.perf_counter()
    for name in names:
        index().find(name)
    assert (time.perf_counter() - started) / len(names) < 0.001  # 200 microseconds and room for a busy machine
