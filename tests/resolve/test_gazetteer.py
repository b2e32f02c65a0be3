"""Keys of place names, the source files, and the index that is built from them."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from reportedly.resolve import gazetteer
from reportedly.resolve.gazetteer import PlaceRow, likeness, loose_key, place_key

HAND_COLUMNS = "id\tname\taliases\tlat\tlon\tkind\tcountry\tparent\tpopulation\tsource\n"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Al-Bab", "bab"),
        ("el Bab", "bab"),
        ("Ash-Shaykh Miskīn", "shaykh miskin"),
        ("Deir al-Zour", "deir zour"),
        ("The Hague", "hague"),
        ("St. Louis", "saint louis"),
        ("Łódź", "lodz"),
        ("Khān Yūnis", "khan yunis"),
        ("N.Y.", "ny"),
        ("...", ""),
    ],
)
def test_key(name: str, key: str) -> None:
    assert place_key(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir ez-Zor", "Dayr az-Zawr"),
        ("Deir ez-Zor", "Deir al-Zour"),
        ("Maarrat al-Numan", "Maaret Alnouman"),
        ("Kharkiv", "Kharkov"),
        ("Khan Shaykhun", "Khan Sheikhoun"),
    ],
)
def test_spellings_share_a_loose_key(one: str, other: str) -> None:
    assert loose_key(place_key(one)) == loose_key(place_key(other)) != ""


def test_short_skeletons_are_no_key() -> None:
    assert loose_key("homs") == "~hms"
    assert loose_key("hit") == ""


def test_likeness() -> None:
    assert likeness("homs", "homs") == 1.0
    assert likeness("aleppo", "xyz") == 0.0
    assert 0.3 < likeness("maaret nouman", "maarrat numan") < 1.0


def test_units_are_found_without_their_generic_word() -> None:
    row = PlaceRow("1", "Helmand Province", (), 31.0, 64.0, "ADM1", "AFG", "10", None, 0)
    keys = gazetteer.keys_of(row)
    assert keys["helmand"] == (0, None)
    assert keys["helmand province"] == (0, None)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (PlaceRow("1", "Ar Rastān", (), 0, 0, "PPL", "SYR", None, None, 0), "Al-Rastan"),
        (PlaceRow("1", "Ḩimş", ("Homs Governorate",), 0, 0, "ADM1", "SYR", None, None, 0), "Homs Governorate"),
        (PlaceRow("1", "Genève", (), 0, 0, "PPL", "CHE", None, None, 0), "Genève"),
    ],
)
def test_usual_name(row: PlaceRow, name: str) -> None:
    assert gazetteer.usual_name(row) == name


def small_sources(folder: Path, hand: str = "") -> Path:
    lines = [
        "5\tKalima\tCalima|Old Kalima\t1500\t-2500\tPPL\tSYR\t01\t0101\t20000",
        "2\tSonga\t\t\t\tADM1\tSYR\t02\t\t",
    ]
    with gzip.open(folder / "places.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    (folder / "places_hand.tsv").write_text(HAND_COLUMNS + hand, "utf-8")
    return folder


def test_source_rows(tmp_path: Path) -> None:
    first, second = gazetteer.read_places(small_sources(tmp_path) / "places.tsv.gz")
    assert first == PlaceRow("5", "Kalima", ("Calima", "Old Kalima"), 1.5, -2.5, "PPL", "SYR", "01", "0101", 20000)
    assert (second.id, second.lat, second.population) == ("7", None, 0)


def test_build_merges_the_hand_list(tmp_path: Path) -> None:
    hand = (
        "5\tKalimah\tKal\t\t\t\tSYR\t\t\tnote\nhand:tara-camp\tTara Camp\t\t1.0\t2.0\tCMPRF\tSYR\tKalimah\t900\tnote\n"
    )
    index = sqlite3.connect(gazetteer.build_if_stale(small_sources(tmp_path, hand)))
    names = dict(index.execute("SELECT id, name FROM place").fetchall())
    assert names == {"geonames:5": "Kalimah", "hand:tara-camp": "Tara Camp", "geonames:7": "Songa"}
    found = index.execute("SELECT p.id FROM name n JOIN place p ON p.number = n.place WHERE n.key IN ('kal', 'calima')")
    assert [row[0] for row in found] == ["geonames:5", "geonames:5"]


def test_build_only_when_stale(tmp_path: Path) -> None:
    target = gazetteer.build_if_stale(small_sources(tmp_path))
    before = target.stat().st_mtime_ns
    assert gazetteer.build_if_stale(tmp_path).stat().st_mtime_ns == before
    (tmp_path / "places_hand.tsv").write_text(HAND_COLUMNS + "hand:x\tXanta\t\t1\t2\tPPL\tSYR\t\t\tnote\n", "utf-8")
    assert gazetteer.index_hash(target) != gazetteer.index_hash(gazetteer.build_if_stale(tmp_path))


def test_same_sources_same_index(tmp_path: Path) -> None:
    target = gazetteer.build_if_stale(small_sources(tmp_path))
    first = target.read_bytes()
    gazetteer.build(tmp_path / "places.tsv.gz", tmp_path / "places_hand.tsv", target)
    assert target.read_bytes() == first


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_damaged_index_has_no_hash(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "places.sqlite"
    if content is not None:
        path.write_bytes(content)
    assert gazetteer.index_hash(path) is None
