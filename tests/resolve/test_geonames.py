"""A larger place index from a made dump: what is taken over, what is added, and lines that are broken."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportedly.errors import AuthorityError
from reportedly.resolve import Resolver, gazetteer
from reportedly.resolve.authority import PlaceIndex
from reportedly.resolve.geonames import Built, build_larger
from tests.resolve.test_gazetteer import small_sources

COUNTRIES = {"SY": "SYR", "SD": "SDN"}


def line(
    number: object, name: str, *, others: str = "", lat: object = 13.5, lon: object = 22.5, kind: str = "P\tPPL",
    iso2: str = "SY", people: object = 500,
) -> str:  # fmt: skip
    before = f"{number}\t{name}\t{name}\t{others}\t{lat}\t{lon}\t{kind}\t{iso2}\t\t03\t\t\t\t"
    return f"{before}{people}\t\t\tAfrica/Khartoum\t2024-01-01\n"


def build(folder: Path, dump: str | bytes, *, names: str | None = None, classes: str = "AP") -> Built:
    """An index in `folder` from the small shipped one of `test_gazetteer`, `dump` and alternate `names`."""
    hand = "5\tKalimah\tKal\t\t\t\tSYR\t\t\tnote\nhand:tara\tTara Camp\t\t1.0\t2.0\tCMPRF\tSYR\t\t900\tnote\n"
    shipped = gazetteer.build_if_stale(small_sources(folder, hand))
    file = folder / "SY.txt"
    file.write_bytes(dump if isinstance(dump, bytes) else dump.encode())
    alternates = []
    if names is not None:
        alternates = [folder / "alternateNames.txt"]
        alternates[0].write_text(names, "utf-8")
    out = folder / "new" / "places.sqlite"
    return build_larger(
        [file], out, shipped=shipped, countries=COUNTRIES, alternates=alternates, classes=classes
    )  # fmt: skip


def found(built: Built, name: str) -> list[tuple[str, str, int]]:
    return [(place.id, place.name, place.rank) for place in PlaceIndex(built.path).find(name)]


def test_what_the_dump_has_beyond_the_shipped_index_is_added(tmp_path: Path) -> None:
    built = build(tmp_path, line(900, "Dunat al Bahr", others="Dounat,دونة,dunt albhr") + line(901, "Sabil", iso2="ZZ"))
    assert (built.places, built.added, built.faults) == (5, 2, {})
    assert found(built, "Dunat al-Bahr") == [("geonames:900", "Dunat al Bahr", 0)]
    assert found(built, "Dounat") == [("geonames:900", "Dunat al Bahr", 1)]
    assert found(built, "dunt albhr") == [], "a machine's romanisation is no name"
    assert found(built, "Tara Camp") == [("hand:tara", "Tara Camp", 0)]
    (place,) = PlaceIndex(built.path).find("Sabil")
    assert place.country is None, "a country that no table knows"


def test_the_shipped_name_of_a_place_stays(tmp_path: Path) -> None:
    built = build(tmp_path, line(5, "Calima", others="Qalima"), names="1\t5\ten\tKalima Town\t1\n")
    assert (built.places, built.added) == (3, 0)
    assert found(built, "Kalimah") == [("geonames:5", "Kalimah", 0)]
    assert found(built, "Calima") == found(built, "Kalima Town") == [("geonames:5", "Kalimah", 1)]


def test_alternate_names(tmp_path: Path) -> None:
    names = (
        "1\t900\ten\tSeaside\t1\n2\t900\tlink\thttps://a.example\n3\t900\tar\tدونة\n"
        "4\t900\tfr\tBord de Mer\n5\t7777\ten\tNowhere\n"
    )
    built = build(tmp_path, line(900, "Dunat al Bahr"), names=names)
    assert found(built, "Bord de Mer") == found(built, "Seaside") == [("geonames:900", "Seaside", 1)]
    assert found(built, "https://a.example") == found(built, "Nowhere") == []


def test_other_spellings_find_what_was_added(tmp_path: Path) -> None:
    built = build(tmp_path, line(900, "Khirbat Shaykhun"))
    assert found(built, "Khirbet Sheikhoun") == [("geonames:900", "Khirbat Shaykhun", 2)]


def test_classes(tmp_path: Path) -> None:
    dump = line(900, "Wadi Dunat", kind="H\tWAD") + line(901, "Dunat", kind="A\tADM2H") + line(902, "Dunata")
    assert build(tmp_path, dump).added == 1
    assert build(tmp_path, dump, classes="AHP").added == 2, "a unit that is no more is never taken"


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        ("just a line\n", "too few columns"),
        (line("9o1", "Dunat"), "no id"),
        (line("-5", "Dunat"), "no id"),
        (line("9" * 30, "Dunat"), "no id"),
        (line(901, "  "), "no name"),
        (line(901, "Du\0nat"), "no name"),
        (line(901, "x" * 300), "no name"),
        (line(901, "Dunat", lat="north"), "no point"),
        (line(901, "Dunat", lat="nan"), "point out of range"),
        (line(901, "Dunat", lon="1e999"), "point out of range"),
        (line(901, "Dunat", lat=91), "point out of range"),
        (line(901, "Dunat", others="y" * 70_000), "line too long"),
        (b"901\tDun\xff\xfeat" + b"\t" * 17 + b"\n", "not UTF-8"),
    ],
)
def test_broken_lines_are_counted_and_left_out(tmp_path: Path, broken: str | bytes, cause: str) -> None:
    raw = broken if isinstance(broken, bytes) else broken.encode()
    built = build(tmp_path, line(900, "Sabil").encode() + raw + b"\n" + line(902, "Sabila").encode())
    assert built.faults == {cause: 1}
    assert built.added == 2


def test_odd_populations_count_as_none(tmp_path: Path) -> None:
    built = build(tmp_path, "".join(line(900 + i, f"Sabil {i}", people=p) for i, p in enumerate(("", "-7", "many"))))
    assert [place.population for i in range(3) for place in PlaceIndex(built.path).find(f"Sabil {i}")] == [0, 0, 0]


def test_a_zip_is_read_as_the_text_in_it(tmp_path: Path) -> None:
    plain = build(tmp_path, line(900, "Dunat"))
    with zipfile.ZipFile(tmp_path / "SY.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "read me " * 500)
        archive.writestr("SY.txt", line(900, "Dunat"))
    packed = build_larger(
        [tmp_path / "SY.zip"], tmp_path / "z.sqlite", shipped=tmp_path / "places.sqlite", countries=COUNTRIES
    )
    assert packed.sha256 == plain.sha256
    assert packed.path.read_bytes() == plain.path.read_bytes(), "the same dump makes the same index"


def test_the_identity_follows_the_dump_and_the_classes(tmp_path: Path) -> None:
    dumps: Sequence[tuple[str, str]] = [
        (line(900, "Dunat"), "AP"),
        (line(900, "Dunata"), "AP"),
        (line(900, "Dunat"), "P"),
    ]
    assert len({build(tmp_path, dump, classes=classes).sha256 for dump, classes in dumps}) == 3


@pytest.mark.parametrize("content", [b"", b"1\t900\ten\tSeaside\t1\n", b"PK\x03\x04 no archive", b"\x00" * 200])
def test_a_file_without_a_place_is_an_error_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(AuthorityError, match="holds no place"):
        build(tmp_path, content)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_damaged_zip_is_an_error(tmp_path: Path) -> None:
    build(tmp_path, line(900, "Dunat"))
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SY.txt", "".join(line(900 + i, f"Dunat {i * i}") for i in range(500)))
    raw = bytearray(path.read_bytes())
    raw[300:400] = b"\xff" * 100
    path.write_bytes(raw)
    with pytest.raises(AuthorityError, match=r"SY\.zip"):
        build_larger([path], tmp_path / "z.sqlite", shipped=tmp_path / "places.sqlite", countries=COUNTRIES)
    assert not list(tmp_path.glob("z.sqlite*"))


def test_a_missing_file_is_told_before_anything_is_read(tmp_path: Path) -> None:
    build(tmp_path, line(900, "Dunat"))
    with pytest.raises(AuthorityError, match=r"none\.txt"):
        build_larger(
            [tmp_path / "SY.txt", tmp_path / "none.txt"],
            tmp_path / "z",
            shipped=tmp_path / "places.sqlite",
            countries={},
        )


def test_an_old_index_stays_where_the_build_fails(tmp_path: Path) -> None:
    built = build(tmp_path, line(900, "Dunat"))
    before = built.path.read_bytes()
    with pytest.raises(AuthorityError):
        build(tmp_path, "nothing\n")
    assert built.path.read_bytes() == before


def test_progress_counts_bytes(tmp_path: Path) -> None:
    build(tmp_path, line(900, "Dunat"))
    (tmp_path / "SY.txt").write_text("".join(line(900 + i, f"Dunat {i}") for i in range(5_000)), "utf-8")
    seen: list[tuple[int, int]] = []
    build_larger(
        [tmp_path / "SY.txt"], tmp_path / "z.sqlite", shipped=tmp_path / "places.sqlite", countries={},
        advance=lambda read, of: seen.append((read, of)),
    )  # fmt: skip
    size = (tmp_path / "SY.txt").stat().st_size
    assert [read for read, _ in seen] == sorted(read for read, _ in seen)
    assert len(seen) == 3
    assert seen[-1] == (size, size)


def test_a_resolver_reads_with_it(tmp_path: Path) -> None:
    built = build(tmp_path, line(900, "Qaryat Zumurrud", iso2="SD"))
    assert dict(Resolver.load(built.path).authorities)["places"] == built.sha256
