"""Files of events that people coded: both forms, what they mean, and what can't be read."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportedly.errors import SettingsError
from reportedly.export.acled import AcledExport
from reportedly.export.base import Output
from reportedly.export.compare import Limits, compare, our_events, read_events
from reportedly.export.ged import GedExport
from tests.export.rows import actors, count, row
from tests.export.test_codebooks import ONTOLOGY, Invented, clash

GED_ROW = {
    "id": 7.0, "date_start": "2021-03-02 00:00:00.000", "date_end": "2021-03-04", "type_of_violence": 3.0,
    "side_a": "Hill Front, River Brigade", "side_b": "Civilians", "best": 4.0, "low": 2.0, "high": 4.0,
    "country": "Yemen (North Yemen)", "latitude": 15.5, "longitude": 44.25, "where_prec": 2.0,
    "where_coordinates": "Lake Town", "adm_1": "Lake province", "source_office": "Lake Gazette;Mill Post",
}  # fmt: skip


def test_ged_is_read_from_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "ged.jsonl"
    lines = [GED_ROW, GED_ROW | {"date_end": "2021-03-01"}, GED_ROW | {"date_start": "soon"}, GED_ROW | {"best": -1}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    theirs = read_events(path)
    assert theirs.book == "ucdp"
    assert theirs.unread == {"its end is before its start": 1, "its day can't be read": 1}
    first, unknown = theirs.events
    assert (first.id, first.first, first.last) == ("7", date(2021, 3, 2), date(2021, 3, 4))
    assert (first.codes, first.sides) == (("3",), ("Hill Front", "River Brigade", "Civilians"))
    assert (first.low, first.best, first.high) == (2, 4, 4)
    assert (first.where.country, first.where.point, first.where.radius_km) == ("YEM", (15.5, 44.25), 25)
    assert first.where.names == ("Lake Town", "Lake province")
    assert first.sources == ("Lake Gazette", "Mill Post")
    assert unknown.best is None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_acled_is_read_with_any_separator(tmp_path: Path, separator: str) -> None:
    head = ("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "country",
            "location", "latitude", "longitude", "geo_precision", "fatalities")  # fmt: skip
    cells = ("NOR1", "02 March 2021", "2", "Battles", "Armed clash", "Hill Front", "Norway", "Lake Town", "61.25",
             "999", "1", "3")  # fmt: skip
    path = tmp_path / "acled.csv"
    path.write_text("\ufeff" + separator.join(head) + "\n" + separator.join(cells) + "\n", encoding="utf-8")
    theirs = read_events(path)
    (one,) = theirs.events
    assert theirs.book == "acled"
    assert (one.first, one.last) == (date(2021, 2, 27), date(2021, 3, 5))
    assert (one.codes, one.best, one.where.country) == (("Battles", "Armed clash"), 3, "NOR")
    assert one.where.point is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "neither ACLED nor UCDP GED"),
        (b"event_date,event_type\n", "holds no event"),
        (b"", "holds no event"),
        (b"\xff\xfe\x00", "can't be read"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_events(path)
    with pytest.raises(SettingsError, match="can't be read"):
        read_events(tmp_path / "missing.csv")


@pytest.mark.parametrize(
    ("export", "book", "file"), [(AcledExport(), "acled", "acled.csv"), (GedExport(), "ucdp", "ged.csv")]
)
def test_what_we_export_is_what_we_compare(
    export: AcledExport | GedExport, book: str, file: str, tmp_path: Path
) -> None:
    """Our own file is matched in full, and no field differs."""
    later = clash(first=date(2021, 6, 1), last=date(2021, 6, 1))
    rows = [clash(), replace(later, incident=replace(later.incident, id="incident-2"))]
    export.write(Invented(rows), Output(tmp_path))
    left: Counter[str] = Counter()
    ours = list(our_events(rows, ONTOLOGY, book, left))
    found = compare(ours, read_events(tmp_path / file).events, Limits())
    assert len(found.pairs) == 2
    assert (found.only_ours, found.only_theirs, left) == ((), (), {})
    assert all(pair.score > 0.99 for pair in found.pairs)


def test_what_their_book_has_no_place_for_is_left_out_with_the_reason() -> None:
    left: Counter[str] = Counter()
    undecided = clash(kind="attack", agents=(), targets=(), tolls=(count("killed", 2, 2, 2),))
    rows = [clash(kind="aid"), clash(tolls=()), clash(first=None), undecided]
    (one,) = our_events(rows, ONTOLOGY, "ucdp", left)
    assert one.codes == ()
    assert [reason.split(":")[0] for reason in left] == [
        "kind aid",
        "nobody is told as killed",
        "nobody says on which day",
    ]


def test_sides_of_one_sided_violence_are_named_as_ucdp_does() -> None:
    made = clash(
        kind="shooting", agents=actors("military:Northern Army/NOR"), targets=actors("villagers; a mill"),
        tolls=(count("killed", 2, 2, 2),),
    )  # fmt: skip
    (one,) = our_events([row(made.facts)], ONTOLOGY, "ucdp", Counter())
    assert (one.codes, one.sides) == (("3",), ("Government of Norway", "Civilians"))
