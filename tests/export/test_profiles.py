"""Profiles: what is withheld is nowhere in the bytes, whatever the format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from reportedly.errors import SettingsError
from reportedly.export import formats, load_export
from reportedly.export.book import Rows
from reportedly.export.names import fold
from reportedly.export.profiles import make_profile
from reportedly.export.records import Finding
from reportedly.export.rules import make_rule
from reportedly.export.veil import Veil, cell
from reportedly.export.write import write_export
from reportedly.ontology import load_ontology
from reportedly.types import Holder, Version
from tests.export.village import ADDED, AS_OF, INCIDENTS, PRIVATE, Village

LATER = ADDED + timedelta(days=1)
ALL_ACCEPTED = dict.fromkeys(INCIDENTS, ("accepted", LATER))
VERSION = Version("it happened", (Holder("Amina Yusuf", None, ("Karim Yusuf",), None, ()),), 3)
TELLING = {"incident-1": (Finding("happened", "disputed", 3, "Amina Yusuf says so, Lake Army denies", (VERSION,)),)}


NAMELESS = ("polecat",)
"""Formats that have no place for a teller or a victim who is in no authority."""


def export(folder: Path, to: str, profile: str, holdings: Village | None = None, **settings: Any) -> Rows:
    return write_export(
        load_export(to),
        folder,
        holdings or Village(ALL_ACCEPTED, TELLING),
        name=to,
        rule=make_rule(),
        profile=make_profile(profile, as_of=AS_OF, **settings),
        ontology=load_ontology(),
    )


def whole(folder: Path) -> str:
    """Everything in the files, and their names; columns of Parquet, which are packed, unpacked."""
    texts = []
    for path in sorted(folder.iterdir()):
        texts += [path.name, path.read_bytes().decode("utf-8", "replace")]
        if path.suffix == ".parquet":
            texts.append(str(pyarrow.parquet.read_table(path).to_pydict()))
    # JSON may write letters as escapes.
    return fold(re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), "\n".join(texts)))


@pytest.mark.parametrize("profile", ["partner", "public"])
@pytest.mark.parametrize("to", formats())
def test_withheld_names_are_nowhere_in_the_bytes(to: str, profile: str, tmp_path: Path) -> None:
    rows = export(tmp_path / "out", to, profile)
    assert rows.shown >= (1 if to == "ged" else 2)  # ged leaves out what it can't put a type to
    found = whole(tmp_path / "out")
    for name in PRIVATE:
        assert fold(name) not in found
        for part in (*fold(name).split(), fold(name).replace(" ", "-")):
            assert part not in found, f"{part!r} of a private person's name is in the {to} export"


@pytest.mark.parametrize("to", [n for n in formats() if n not in NAMELESS])
def test_internal_exports_hold_what_the_test_above_looks_for(to: str, tmp_path: Path) -> None:
    export(tmp_path / "out", to, "internal")
    assert "yusuf" in whole(tmp_path / "out")


@pytest.mark.parametrize("to", formats())
def test_public_exports_are_coarse_and_quote_nobody(to: str, tmp_path: Path) -> None:
    export(tmp_path / "out", to, "public")
    found = whole(tmp_path / "out")
    assert "12.72" not in found
    assert "rahad" not in found
    assert "it came twice" not in found
    assert "hit the market" not in found
    assert "lake army" in found or to == "ftm"  # sides and armies stay; in ftm only actors that an authority knows


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "incidents.jsonl").read_text(encoding="utf-8").splitlines()]


def test_officials_keep_their_names(tmp_path: Path) -> None:
    export(tmp_path / "out", "jsonl", "public")
    assert {"Idris Bakr", "name withheld (witness)"} <= {c["speaker"] for c in lines(tmp_path / "out")[0]["claims"]}


def test_a_wider_place_keeps_its_name(tmp_path: Path) -> None:
    export(tmp_path / "out", "jsonl", "public")
    place = lines(tmp_path / "out")[0]["place"]
    assert place["name"] == "North Kordofan"
    assert place["precision"] == "coarsened"
    assert abs(place["lat"] - 12.72) < 0.2
    assert place["radius_km"] > 17


def test_partners_get_quotes_without_names_and_exact_places(tmp_path: Path) -> None:
    export(tmp_path / "out", "jsonl", "partner")
    first = lines(tmp_path / "out")[0]
    assert first["place"]["lat"] == 12.72
    quotes = [c["quote"] for c in first["claims"]]
    assert "relatives of [withheld] among them" in quotes[0]
    assert first["claims"][0]["report"]["title"] == "Tea seller [withheld]: ‘It came twice’"


def test_only_what_was_reviewed_is_public(tmp_path: Path) -> None:
    first = Village().incidents()[0]
    decided = {
        first.claims[2]: ("accepted", LATER),
        "incident-2": ("accepted", ADDED - timedelta(days=1)),  # before its reports came in
        "incident-3": ("rejected", LATER),
    }
    rows = export(tmp_path / "out", "jsonl", "public", Village(decided, TELLING))
    (shown,) = lines(tmp_path / "out")
    assert [c["id"] for c in shown["claims"]] == [first.claims[2]]
    # Agreement was asked anew about what is left: what the others say could give them away.
    assert [f["reason"] for f in shown["findings"]] == ["those that are left say so"]
    assert shown["origins"] == 1
    assert rows.hidden == 4
    assert set(rows.left.values()) == {1}
    loss = (tmp_path / "out" / "LOSS.md").read_text(encoding="utf-8")
    assert "| nobody has reviewed and accepted it | 1 | 2 |" in loss
    assert "| every claim was rejected on review | 1 | 1 |" in loss


def test_what_was_rejected_is_in_no_export(tmp_path: Path) -> None:
    export(tmp_path / "out", "jsonl", "internal", Village({"incident-3": ("rejected", LATER)}))
    assert [line["id"] for line in lines(tmp_path / "out")] == ["incident-1", "incident-2"]


@pytest.mark.parametrize(("days", "shown"), [(0, 3), (85, 3), (86, 2), (87, 1), (88, 1), (89, 0)])
def test_embargo(days: int, shown: int, tmp_path: Path) -> None:
    """As of 1 June: the plan is of no day, but told on 7 March, 86 days ago; the strike was 88, the protest 85."""
    rows = export(tmp_path / "out", "csv", "internal", embargo_days=days)
    assert rows.shown == shown
    statements = (tmp_path / "out" / "statements.csv").read_text(encoding="utf-8").splitlines()[1:]
    if days == 89:
        assert statements == []


def test_notes_tell_every_choice(tmp_path: Path) -> None:
    export(tmp_path / "out", "csv", "public", embargo_days=12, coarsen_km=40)
    notes = (tmp_path / "out" / "NOTES.md").read_text(encoding="utf-8")
    for words in ("Profile public", "Names of private persons and witnesses are withheld", "Names withheld: ",
                  "coarsened to 40 km", "Embargo: 12 days", "on 2024-06-01", "reviewed and accepted", "Quotes, titles",
                  "cut to their host"):  # fmt: skip
        assert words in notes


@pytest.mark.parametrize("given", [{"name": "secret"}, {"embargo_days": -1}, {"coarsen_km": 0.0}])
def test_wrong_profiles_are_told(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        make_profile(given.pop("name", "public"), as_of=AS_OF, **given)


def test_a_cell_tells_no_more_than_its_size() -> None:
    """All points of a cell give one point, and it is near them."""
    seen = {cell(12.60 + n / 1000, 30.50, 25.0) for n in range(200)}
    assert len(seen) <= 2
    for lat, lon in ((0.0, 0.0), (89.9, 179.9), (-89.9, -179.9), (12.7, 30.6)):
        found = cell(lat, lon, 25.0)
        assert abs(found[0] - lat) <= 0.12
        assert -180 <= found[1] <= 180


def test_known_names_stay() -> None:
    """What an authority knows is no private name, though no mention was looked up."""
    profile = make_profile("partner", as_of=AS_OF)
    veil = Veil(profile, Village().entries(), known=lambda name: name == "Salim Taha")
    assert not veil.names.holds("Salim Taha")
    assert veil.names.holds("Amina Yusuf")


def test_an_office_without_a_side_is_none() -> None:
    """The reader may take a witness for an official; one for whom no side is known is not trusted to be one."""
    profile = make_profile("public", as_of=AS_OF)
    entries = Village().entries()
    said = entries[0].reading.statements[2] if entries[0].reading else None
    assert said is not None
    assert said.speaker == "Idris Bakr"
    assert not Veil(profile, entries).names.holds("Idris Bakr")
    nobody = [
        replace(e, reading=replace(e.reading, statements=tuple(replace(s, side=None) for s in e.reading.statements)))
        for e in entries
        if e.reading
    ]
    assert Veil(profile, nobody).names.holds("Idris Bakr")
