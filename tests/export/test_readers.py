"""Each format is read back by the reader that its field uses."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import followthemoney
import geopandas
import hxl
import pandas
import prov.model
import pyarrow.parquet
import pytest

from reportedly.errors import SettingsError
from reportedly.export import Lost, Output, load_export
from reportedly.export.base import Export
from reportedly.export.fields import CLAIM, INCIDENT, STATEMENT
from reportedly.export.records import Finding
from tests.export.test_profiles import export
from tests.export.village import INCIDENTS, PAPER, WIRE, Village

FINDINGS = {"incident-1": (Finding("happened", "disputed", 3, "one denies it"), Finding("killed", "disputed", 3, "…"))}


@pytest.fixture
def holdings() -> Village:
    return Village(findings=FINDINGS)


def written(folder: Path, to: str, holdings: Village) -> Path:
    """The format's first file, as the profile internal has it."""
    export(folder / to, to, "internal", holdings)
    return folder / to / load_export(to).files[0]


def test_csv_in_pandas(tmp_path: Path, holdings: Village) -> None:
    path = written(tmp_path, "csv", holdings)
    incidents = pandas.read_csv(path, parse_dates=["first", "last"])
    assert list(incidents.columns) == [f.name for f in INCIDENT]
    strike = incidents[incidents.id == "incident-1"].iloc[0]
    assert (strike.killed_low, strike.killed_best, strike.killed_high) == (15, 21, 30)
    assert strike["first"] == pandas.Timestamp(2024, 3, 5)
    assert (strike.lat, strike.lon) == (12.72, 30.65)
    assert (strike.verdict_happened, strike.verdict_killed) == ("disputed", "disputed")
    assert strike.agents == "Lake Army"  # what two origins' reports say of who did it, against one
    talks = incidents[incidents.id == "incident-2"].iloc[0]
    assert pandas.isna(talks.lat)
    assert pandas.isna(talks["first"])
    assert pandas.isna(talks.killed_low)


def test_csv_claims_and_statements_join(tmp_path: Path, holdings: Village) -> None:
    written(tmp_path, "csv", holdings)
    folder = tmp_path / "csv"
    tables = {n: pandas.read_csv(folder / f"{n}.csv") for n in ("incidents", "claims", "statements")}
    assert list(tables["claims"].columns) == [f.name for f in CLAIM]
    assert list(tables["statements"].columns) == [f.name for f in STATEMENT]
    assert set(tables["claims"].incident) == set(tables["incidents"].id) == set(INCIDENTS)
    merged = tables["claims"].merge(tables["statements"], left_on=["report", "statement"], right_on=["report", "id"])
    assert len(merged) == tables["claims"].statement.notna().sum()
    assert (merged.speaker_x == merged.speaker_y).all()
    told_by_none = tables["statements"][tables["statements"].claims.isna()]
    assert set(told_by_none.speaker) == {"Salim Taha", "unnamed observers"}


def test_offsets_are_those_of_the_text(tmp_path: Path, holdings: Village) -> None:
    """With the report at hand, evidence is what the ledger holds: the first piece is the trigger."""
    written(tmp_path, "csv", holdings)
    for row in pandas.read_csv(tmp_path / "csv" / "claims.csv").itertuples():
        if row.report != WIRE["id"]:
            continue
        start, end = map(int, str(row.evidence).split("; ")[0].split("-"))
        assert WIRE["text"][start:end] == row.trigger


def test_no_cell_is_a_formula(tmp_path: Path, holdings: Village) -> None:
    written(tmp_path, "csv", holdings)
    for name in ("incidents.csv", "claims.csv", "statements.csv"):
        rows = list(csv.reader(io.StringIO((tmp_path / "csv" / name).read_text(encoding="utf-8"))))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert "'=SUM(1) crowd" in (tmp_path / "csv" / "claims.csv").read_text(encoding="utf-8")


def test_parquet_in_pyarrow(tmp_path: Path, holdings: Village) -> None:
    table = pyarrow.parquet.read_table(written(tmp_path, "parquet", holdings))
    assert table.column_names == [f.name for f in INCIDENT]
    strike = table.to_pylist()[0]
    assert strike["first"] == date(2024, 3, 5)
    assert strike["agents"] == ["Lake Army"]
    assert (strike["killed_low"], strike["killed_open"]) == (15, False)
    assert strike["injured_low"] is None
    claims = pyarrow.parquet.read_table(tmp_path / "parquet" / "claims.parquet").to_pylist()
    at_least = next(c for c in claims if c["killed_low"] == 19)
    assert at_least["killed_high"] is None
    statements = pyarrow.parquet.read_table(tmp_path / "parquet" / "statements.parquet")
    assert statements.num_rows == 8
    assert table.schema.field("lat").metadata[b"description"].startswith(b"degrees north")


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, holdings: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r"reportedly\[parquet\]"):
        written(tmp_path, "parquet", holdings)
    assert list(tmp_path.iterdir()) == []


def test_jsonl_holds_every_version(tmp_path: Path, holdings: Village) -> None:
    lines = [json.loads(line) for line in written(tmp_path, "jsonl", holdings).read_text(encoding="utf-8").splitlines()]
    strike = lines[0]
    assert [c["toll"][0]["low"] if c["toll"] else None for c in strike["claims"]] == [21, None, 19, 19, 15]
    assert [c["status"] for c in strike["claims"]][1] == "denied"
    assert strike["toll"]["killed"] | {"claim": "", "claims": []} == {
        "low": 15, "best": 21, "high": 30, "open": False, "who": "relatives of Karim Yusuf and others", "claim": "",
        "claims": [], "parts": [],
    }  # fmt: skip
    assert strike["claims"][0]["places"][1]["name"] == "North Kordofan"
    assert strike["findings"][0] == {
        "fact": "happened", "verdict": "disputed", "origins": 3, "reason": "one denies it", "versions": [],
    }  # fmt: skip
    assert len({tuple(line) for line in lines}) == 1, "keys are always the same"
    quote = strike["claims"][4]["quote"]
    assert quote.startswith("An air strike killed")
    assert quote in PAPER["text"].replace("\n", " ") or quote.endswith("…")


def test_geojson_in_geopandas(tmp_path: Path, holdings: Village) -> None:
    path = written(tmp_path, "geojson", holdings)
    frame = geopandas.read_file(path)
    assert len(frame) == 3
    assert frame.crs.to_epsg() == 4326
    strike = frame.iloc[0]
    assert (strike.geometry.x, strike.geometry.y) == (30.65, 12.72)
    assert strike.precision == "exact"
    assert frame.geometry.isna().tolist() == [False, True, True]
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw["features"][1]["geometry"] is None
    assert raw["features"][0]["properties"]["tellers"] == [
        "Amina Yusuf", "Coast Paper", "Idris Bakr", "unnamed town committee",
    ]  # fmt: skip


def test_hxl_in_libhxl(tmp_path: Path, holdings: Village) -> None:
    path = written(tmp_path, "hxl", holdings)
    options = hxl.input.InputOptions(allow_local=True)
    source = hxl.data(str(path), options)
    assert "#affected+best+killed" in [column.get_display_tag(sort_attributes=True) for column in source.columns]
    rows = list(source)
    assert [row.get("#event+id") for row in rows] == list(INCIDENTS)
    assert rows[0].get("#affected+killed+best") == "21"
    assert rows[0].get("#affected+killed+min") == "15"
    assert rows[0].get("#country+code") == "SDN"
    schema = [
        ["#valid_tag", "#valid_datatype", "#valid_required"],
        ["#event+id", "text", "true"],
        ["#date", "date", ""],
        ["#geo+lat", "number", ""],
        ["#geo+lon", "number", ""],
        ["#affected", "number", ""],
    ]
    assert hxl.validate(hxl.data(str(path), options), hxl.schema(schema))["is_valid"]
    assert hxl.data(str(path), options).validate()


def test_ftm_in_followthemoney(tmp_path: Path, holdings: Village) -> None:
    entities = [
        followthemoney.model.get_proxy(json.loads(line), cleaned=False)
        for line in written(tmp_path, "ftm", holdings).read_text(encoding="utf-8").splitlines()
    ]
    raw = [json.loads(line) for line in (tmp_path / "ftm" / "entities.ftm.json").read_text("utf-8").splitlines()]
    for entity, given in zip(entities, raw, strict=True):
        data: Any = entity.to_dict()
        entity.schema.validate(data)
        for name, values in given["properties"].items():
            assert sorted(entity.get(name)) == sorted(values), f"{entity.schema.name}.{name} was not taken"
    by_schema: dict[str, list[Any]] = {}
    for entity in entities:
        by_schema.setdefault(entity.schema.name, []).append(entity)
    assert {k: len(v) for k, v in by_schema.items()} == {"Event": 3, "Article": 4, "Documentation": 8}
    strike = by_schema["Event"][0]
    assert strike.first("country") == "sd"
    assert strike.first("startDate") == "2024-03-05"
    assert len({entity.id for entity in entities}) == len(entities)
    articles = {a.id for a in by_schema["Article"]}
    assert {d.first("document") for d in by_schema["Documentation"]} == articles


def test_prov_in_prov(tmp_path: Path, holdings: Village) -> None:
    path = written(tmp_path, "prov", holdings)
    document = prov.model.ProvDocument.deserialize(str(path), format="json")
    entities = {str(e.identifier): e for e in document.get_records(prov.model.ProvEntity)}
    claims = [name for name in entities if name.startswith("rp:claim/")]
    assert len(claims) == 8
    row = entities["rp:row/incident-1"]
    assert row.get_attribute("rp:killed_best") == {21}
    pieces = [e for name, e in entities.items() if name.startswith("rp:piece/")]
    sources = {str(next(iter(e.get_attribute("oa:hasSource")))) for e in pieces}
    assert sources == {name for name in entities if name.startswith("rp:report/")}
    for piece in pieces:
        (start,), (end,) = piece.get_attribute("oa:start"), piece.get_attribute("oa:end")
        assert 0 <= start < end
    labels = {next(iter(a.get_attribute("prov:label")), None) for a in document.get_records(prov.model.ProvAgent)}
    assert {"Amina Yusuf", "Lake Army", "Coast Paper", "reportedly"} <= {str(label) for label in labels}
    # Every end of every relation is there.
    known = set(entities) | {
        str(r.identifier)
        for kind in (prov.model.ProvAgent, prov.model.ProvActivity)
        for r in document.get_records(kind)
    }
    for relation in document.get_records(prov.model.ProvRelation):
        assert {str(name) for _, name in relation.formal_attributes if name is not None} <= known


@pytest.mark.parametrize("to", ["csv", "parquet", "jsonl", "geojson", "hxl", "ftm", "prov"])
def test_same_ledger_same_bytes(to: str, tmp_path: Path, holdings: Village) -> None:
    first, second = (written(tmp_path / name, to, holdings) for name in made(tmp_path))
    assert first.read_bytes() == second.read_bytes()


def made(folder: Path) -> list[str]:
    for name in ("one", "two"):
        (folder / name).mkdir()
    return ["one", "two"]


@pytest.mark.parametrize("to", ["csv", "parquet", "jsonl", "geojson", "hxl", "ftm", "prov"])
def test_contract(to: str, tmp_path: Path, holdings: Village) -> None:
    """What every export must keep: it writes the files it names, describes them, and says what it can't say."""
    format_: Export = load_export(to)
    written(tmp_path, to, holdings)
    assert {p.name for p in (tmp_path / to).iterdir()} == {*format_.files, "NOTES.md", "LOSS.md"}
    assert set(format_.columns) == set(format_.files)
    assert all(isinstance(lost, Lost) for lost in format_.losses)
    assert format_.losses
    loss = (tmp_path / to / "LOSS.md").read_text(encoding="utf-8")
    assert all(lost.what in loss for lost in format_.losses)


class Nothing:
    """A ledger without incidents."""

    title = "nothing"

    def entries(self) -> list[Any]:
        return []

    cases = statements = entries

    def judge(self, *_: Any) -> tuple[Finding, ...]:
        return ()

    def removed(self) -> int:
        return 0

    def loose(self) -> dict[str, int]:
        return {}


@pytest.mark.parametrize("to", ["csv", "parquet", "jsonl", "geojson", "hxl", "ftm", "prov"])
def test_an_empty_ledger_gives_sound_files(to: str, tmp_path: Path) -> None:
    rows = export(tmp_path / "out", to, "public", Nothing())  # type: ignore[arg-type]
    assert rows.shown == 0
    path = tmp_path / "out" / load_export(to).files[0]
    if to in ("geojson", "prov"):
        json.loads(path.read_text(encoding="utf-8"))
    elif to in ("csv", "hxl"):
        assert path.read_text(encoding="utf-8").startswith("id,")
    elif to == "parquet":
        assert pyarrow.parquet.read_table(path).num_rows == 0


def test_losses_are_counted(tmp_path: Path) -> None:
    out = Output(tmp_path)
    out.lost("a thing", "no place", 2)
    out.lost("a thing", "no place")
    assert out.losses["a thing", "no place"] == 3
