"""The exports to other people's code books: their columns, read back by pandas, and what each cell means."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.export.acled import AcledExport
from reportedly.export.base import Export, Output
from reportedly.export.codebooks import countries, joined
from reportedly.export.gdelt import GdeltExport, quad_class
from reportedly.export.ged import GedExport, date_prec, priogrid
from reportedly.export.plover import QUADS, PloverExport
from reportedly.export.polecat import PolecatExport
from reportedly.export.records import Actor, Facts, Row, Said
from reportedly.ontology import Ontology, load_ontology
from reportedly.types import Figure, Part, Span
from tests.export.rows import LAKE_TOWN, actors, count, row, scene_row, told

ONTOLOGY = load_ontology()
LISTED = json.loads((Path(__file__).parent / "columns.json").read_text("utf-8"))
DAY = date(2021, 3, 2)


@dataclass
class Invented:
    """A book of rows."""

    kept: list[Row]
    ontology: Ontology = field(default_factory=lambda: ONTOLOGY)
    title: str = "lake.db"

    def rows(self) -> Iterator[Row]:
        return iter(self.kept)

    def statements(self) -> Iterator[Said]:
        return iter(())


def clash(**changes: object) -> Row:
    """The Northern Army and Hill Front fight near Lake Town: 3 soldiers, 2 fighters and 1 villager dead, or 6 to 9."""
    parts = (("three soldiers", 3, "soldiers"), ("two fighters", 2, "fighters"), ("a villager", 1, "villagers"))
    figures = tuple(Figure("killed", Span(20 + n, 30 + n), low, low, who) for n, (_, low, who) in enumerate(parts))
    first, second = told(1, "clash", trigger="clashed", speaker="Mayor"), told(2, "clash", trigger="fighting")
    first = replace(first, claim=replace(first.claim, toll=figures, score=0.815))
    facts = Facts(
        "clash", "asserted", DAY, DAY, actors("military:Northern Army/NOR; armed_group:Hill Front"), (), LAKE_TOWN,
        tolls=(count("killed", 5, 6, 9, "soldiers and fighters and villagers"),), chosen=(("kind", "c1"),),
    )  # fmt: skip
    return row(replace(facts, **changes), first, second)  # type: ignore[arg-type]


def written(export: Export, tmp_path: Path, *rows: Row) -> Output:
    out = Output(tmp_path)
    export.write(Invented(list(rows)), out)
    return out


def table(path: Path, separator: str = ",") -> pd.DataFrame:
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)


EVERY = [
    scene_row(*(scene[name] for name in ("kind", "agents", "targets", "words", "killed")))
    for scene in csv.DictReader((Path(__file__).parent / "mappings.tsv").open(encoding="utf-8"), delimiter="\t")
]


def test_acled_has_its_columns_and_is_read_back(tmp_path: Path) -> None:
    written(AcledExport(), tmp_path, clash())
    read = pd.read_csv(tmp_path / "acled.csv")
    assert list(read.columns) == LISTED["acled_csv"]
    (one,) = read.to_dict("records")
    assert (one["event_date"], one["year"], one["time_precision"]) == ("2021-03-02", 2021, 1)
    assert (one["event_type"], one["sub_event_type"], one["disorder_type"]) == (
        "Battles", "Armed clash", "Political violence",
    )  # fmt: skip
    assert (one["actor1"], one["actor2"]) == ("Northern Army", "Hill Front")
    assert (one["inter1"], one["inter2"], one["interaction"]) == (
        "State forces", "Rebel group", "State forces-Rebel group",
    )  # fmt: skip
    assert (one["fatalities"], one["geo_precision"], one["iso"], one["country"]) == (6, 1, 578, "Norway")
    assert (one["latitude"], one["longitude"]) == (61.25, 9.75)
    assert one["notes"].startswith("Mayor (Lake Gazette, 2021-03-04): “Shots")
    assert one["timestamp"] == 1614902400


def test_acled_leaves_empty_what_nobody_says(tmp_path: Path) -> None:
    written(AcledExport(), tmp_path, clash(agents=(), place=None, tolls=()))
    (one,) = table(tmp_path / "acled.csv").to_dict("records")
    cells = ("actor1", "inter1", "interaction", "latitude", "geo_precision", "fatalities", "iso", "country")
    assert [one[name] for name in cells] == [""] * len(cells)


def test_acled_tells_civilians_from_external_forces(tmp_path: Path) -> None:
    strike = clash(
        kind="air_strike", agents=actors("military:Southern Army/SWE"), targets=actors("villagers; a bridge")
    )
    written(AcledExport(), tmp_path, strike)
    (one,) = table(tmp_path / "acled.csv").to_dict("records")
    assert one["interaction"] == "Civilians-External/Other forces"
    assert (one["actor2"], one["assoc_actor_2"], one["civilian_targeting"]) == ("villagers", "", "Civilian targeting")


def test_acled_leaves_out_and_counts(tmp_path: Path) -> None:
    rows = (clash(kind="aid"), clash(first=None, last=None), clash(last=date(2021, 5, 2)), clash())
    out = written(AcledExport(), tmp_path, *rows)
    assert len(table(tmp_path / "acled.csv")) == 1
    assert [why.split(":")[0] for why in out.left] == [
        "kind aid", "nobody says when it was, and the format wants a day", "over more than a month",
    ]  # fmt: skip
    assert out.left_claims.total() == 6


def test_ged_has_its_columns_and_is_read_back(tmp_path: Path) -> None:
    written(GedExport(), tmp_path, clash())
    read = pd.read_csv(tmp_path / "ged.csv")
    assert list(read.columns) == LISTED["ucdp_ged_csv"]
    (one,) = read.to_dict("records")
    assert (one["type_of_violence"], one["dyad_name"]) == (1, "Government of Norway - Hill Front")
    assert (one["low"], one["best"], one["high"]) == (5, 6, 9)
    assert [one[f"deaths_{side}"] for side in ("a", "b", "civilians", "unknown")] == [3, 2, 1, 0]
    assert (one["country_id"], one["gwnoa"], one["where_prec"], one["date_prec"]) == (385, 385, 1, 1)
    assert one["geom_wkt"] == "POINT (9.75 61.25)"
    assert (one["number_of_sources"], one["source_original"]) == (2, "Mayor")
    ids = [name for name in read.columns if name == "id" or name.endswith(("_dset_id", "_new_id"))]
    assert len(ids) == 9
    assert read[ids].isna().all(axis=None)


def test_ged_takes_only_deaths(tmp_path: Path) -> None:
    out = written(GedExport(), tmp_path, clash(tolls=()), clash(tolls=(count("killed", 0, 0, 0),)))
    assert len(table(tmp_path / "ged.csv")) == 0
    assert out.left.total() == 2


def test_ged_puts_the_state_first_and_civilians_second(tmp_path: Path) -> None:
    attack = clash(kind="attack", agents=actors("armed_group:Hill Front"), targets=actors("military:Northern Army/NOR"))
    one_sided = clash(
        kind="shooting", agents=actors("armed_group:Hill Front"), targets=actors("villagers"),
        tolls=(count("killed", 4, 4, 4, "people"),),
    )  # fmt: skip
    one_sided = replace(one_sided, told=one_sided.told[1:])
    written(GedExport(), tmp_path, attack, one_sided)
    first, second = table(tmp_path / "ged.csv").to_dict("records")
    assert (first["side_a"], first["side_b"], first["gwnob"]) == ("Government of Norway", "Hill Front", "")
    assert (first["deaths_a"], first["deaths_b"]) == ("3", "2")
    assert (second["type_of_violence"], second["side_b"], second["deaths_civilians"]) == ("3", "Civilians", "4")


def test_ged_counts_as_civilians_the_parts_that_bear_no_arms(tmp_path: Path) -> None:
    parts = (
        Part(Span(1, 2), 2, 2, "women", "women"),
        Part(Span(2, 3), 1, 1, "boy", "children"),
        Part(Span(3, 4), 1, 1, "clerk"),
    )
    fight = clash(tolls=(replace(count("killed", 6, 6, 9), parts=parts),))
    alone = (Figure("killed", Span(0, 4), 6, 6, None, parts),)
    first = replace(fight.told[0], claim=replace(fight.told[0].claim, toll=alone))
    written(GedExport(), tmp_path, replace(fight, told=(first, *fight.told[1:])))
    [cells] = table(tmp_path / "ged.csv").to_dict("records")
    assert [cells[f"deaths_{name}"] for name in ("a", "b", "civilians", "unknown")] == ["0", "0", "3", "3"]


@given(
    numbers=st.lists(st.integers(0, 30), min_size=3, max_size=3),
    figures=st.lists(
        st.tuples(st.sampled_from(["soldiers", "fighters", "villagers", "people", "cows", None]), st.integers(0, 30)),
        max_size=4,
    ),
)
def test_ged_figures_are_in_order_and_sum(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], figures: list[tuple[str | None, int]]
) -> None:
    low, best, high = sorted(numbers)
    made = clash(tolls=(count("killed", low, best, high),))
    toll = tuple(Figure("killed", Span(1, 2), n, n, who) for who, n in figures)
    first = replace(made.told[0], claim=replace(made.told[0].claim, toll=toll))
    folder = tmp_path_factory.mktemp("ged")
    written(GedExport(), folder, replace(made, told=(first,)))
    for one in pd.read_csv(folder / "ged.csv").to_dict("records"):
        deaths = [one[f"deaths_{side}"] for side in ("a", "b", "civilians", "unknown")]
        assert one["low"] <= one["best"] <= one["high"]
        assert sum(deaths) == one["best"]
        assert min(deaths) >= 0


@pytest.mark.parametrize(("days", "code"), [(1, "1"), (2, "2"), (6, "2"), (7, "3"), (8, "4"), (31, "4"), (32, "5")])
def test_ged_date_precision(days: int, code: str) -> None:
    assert date_prec(days) == code


def test_priogrid_counts_from_the_south_west() -> None:
    assert [priogrid(-90, -180), priogrid(-89.6, 179.9), priogrid(90, 180)] == [1, 720, 259200]
    assert priogrid(34.53, 69.17) == 179779  # Kabul


def test_a_denial_is_no_source_but_stands_in_the_notes(tmp_path: Path) -> None:
    made = clash()
    denied = replace(made.told[1], claim=replace(made.told[1].claim, status="denied", speaker="Army"))
    made = replace(made, told=(made.told[0], denied))
    for export in (AcledExport(), GedExport(), GdeltExport()):
        written(export, tmp_path, made)
    assert "Army (Lake Gazette, 2021-03-05, denied): “Shots" in table(tmp_path / "acled.csv")["notes"][0]
    assert table(tmp_path / "ged.csv")["number_of_sources"][0] == "1"
    assert len((tmp_path / "gdelt.mentions.CSV").read_text("utf-8").splitlines()) == 1


def test_polecat_has_its_columns_and_is_read_back(tmp_path: Path) -> None:
    written(PolecatExport(), tmp_path, clash())
    read = table(tmp_path / "polecat.tsv", "\t")
    assert list(read.columns) == LISTED["polecat_tsv"]
    (one,) = read.to_dict("records")
    assert (one["Event Type"], one["Event Mode"], one["Quad Code"]) == ("ASSAULT", "None", "MATERIAL CONFLICT")
    assert (one["Actor Name"], one["Primary Actor Sector"], one["Actor COW"]) == ("Northern Army", "MIL", "385")
    assert (one["Recipient Name"], one["Primary Recipient Sector"], one["Recipient Country"]) == (
        "Hill Front", "REB", "None",
    )  # fmt: skip
    assert (one["City"], one["GeoNames ID"], one["Province"]) == ("Lake Town", "1", "None")


def test_plover_is_json_with_the_manuals_fields(tmp_path: Path) -> None:
    written(PloverExport(), tmp_path, clash(), clash(kind="evacuation"), clash(kind="sanction", tolls=()))
    first, second = json.loads((tmp_path / "plover.json").read_text("utf-8"))
    assert {"id", "date", "actor", "event"} <= set(first)
    assert set(first) <= set(LISTED["plover_json"])
    assert [(a["code"], a["identifier_text"]) for a in first["actor"]] == [("NORMIL", "Northern Army")]
    assert first["event_scale"] == {"size": {"dead": 6}}
    assert first["event_loc"]["resolution"] == 4
    assert "mode" not in first
    assert "event_scale" not in second
    assert second["quad_code"] == 4


def test_plover_of_nothing_is_an_empty_list(tmp_path: Path) -> None:
    written(PloverExport(), tmp_path)
    assert json.loads((tmp_path / "plover.json").read_text("utf-8")) == []


def test_gdelt_has_its_columns_and_no_header(tmp_path: Path) -> None:
    odd = replace(LAKE_TOWN, name='Lake\n\t"Town"')
    written(GdeltExport(), tmp_path, clash(place=odd), clash(kind="aid"))
    events, mentions = (
        pd.read_csv(tmp_path / name, sep="\t", header=None, names=LISTED[key], dtype=str, keep_default_na=False)
        for name, key in (("gdelt.export.CSV", "gdelt2_events"), ("gdelt.mentions.CSV", "gdelt2_mentions"))
    )
    assert all(line.count("\t") == 60 for line in (tmp_path / "gdelt.export.CSV").read_text("utf-8").splitlines())
    assert all(line.count("\t") == 15 for line in (tmp_path / "gdelt.mentions.CSV").read_text("utf-8").splitlines())
    one = events.iloc[0]
    assert (one["SQLDATE"], one["FractionDate"], one["IsRootEvent"]) == ("20210302", "2021.2521", "1")
    assert (one["EventCode"], one["EventBaseCode"], one["EventRootCode"], one["QuadClass"]) == ("190", "190", "19", "4")
    assert (one["Actor1Code"], one["Actor2Code"], one["Actor2Name"]) == ("NORMIL", "REB", "HILL FRONT")
    assert one["ActionGeo_FullName"] == "Lake 'Town', Norway"
    assert list(events["EventCode"]) == ["190", "073"]
    assert list(mentions["MentionIdentifier"])[:2] == ["https://lake.example/1", "https://lake.example/2"]
    assert (mentions["Confidence"][0], mentions["ActionCharOffset"][0]) == ("82", "10")


@pytest.mark.parametrize("export", [AcledExport(), GedExport(), PolecatExport(), PloverExport(), GdeltExport()])
def test_every_scene_is_a_row_or_a_loss(export: Export, tmp_path: Path) -> None:
    out = written(export, tmp_path, *EVERY)
    first = (tmp_path / export.files[0]).read_text("utf-8")
    lines = len(json.loads(first)) if first.startswith("[") else len(list(csv.reader(StringIO(first, newline=""))))
    headed = export.files[0] in ("acled.csv", "ged.csv", "polecat.tsv")
    assert lines - headed + out.left.total() == len(EVERY)
    assert all(out.left)


@pytest.mark.parametrize("export", [AcledExport(), GedExport(), PolecatExport(), PloverExport(), GdeltExport()])
def test_same_rows_same_bytes_and_nothing_is_sound(export: Export, tmp_path: Path) -> None:
    for name, rows in (("one", EVERY), ("two", EVERY), ("none", [])):
        (tmp_path / name).mkdir()
        written(export, tmp_path / name, *rows)
    for file in export.files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    headed = {"acled.csv": 1, "ged.csv": 1, "polecat.tsv": 1, "plover.json": 2}
    lines = [len((tmp_path / "none" / file).read_text("utf-8").splitlines()) for file in export.files]
    assert lines == [headed.get(file, 0) for file in export.files]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    made = clash(place=replace(LAKE_TOWN, name="=1+1", lon=-9.75))
    for export in (AcledExport(), GedExport(), PolecatExport()):
        written(export, tmp_path, made)
    acled, polecat = table(tmp_path / "acled.csv"), table(tmp_path / "polecat.tsv", "\t")
    assert (acled["location"][0], acled["longitude"][0]) == ("'=1+1", "-9.75")
    assert polecat["Placename"][0] == table(tmp_path / "ged.csv")["where_coordinates"][0] == "'=1+1"


def test_quads() -> None:
    types = {r.codes[0] for r in ONTOLOGY.mapping("plover").rows if r.codes}
    assert types <= set(QUADS)
    assert [quad_class(code) for code in ("057", "0874", "129", "195")] == ["1", "2", "3", "4"]


def test_countries_have_their_codes() -> None:
    known = countries()
    assert len(known) > 240
    assert (known["SYR"].gwno, known["SYR"].fips, known["SYR"].iso_numeric) == ("652", "SY", "760")
    assert (known["DEU"].gwno, known["DEU"].cow) == ("260", "255")
    assert all(c.acled_region for c in known.values())


def test_lists_can_be_parted_again() -> None:
    assert joined(["A; B", None, "C", "C"]).split("; ") == ["A, B", "C"]


def test_withheld_names_are_no_actors(tmp_path: Path) -> None:
    written(AcledExport(), tmp_path, clash(agents=(Actor("[withheld]"),)))
    assert table(tmp_path / "acled.csv")["actor1"][0] == ""
