"""The ontology file: what is refused, and what makes a new run."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from reportedly.errors import SettingsError
from reportedly.ontology import load_ontology

SHIPPED = resources.files("reportedly").joinpath("data/ontologies/conflict.toml").read_text("utf-8")


def changed(folder: Path, before: str, after: str) -> Path:
    assert before in SHIPPED
    path = folder / "own.toml"
    path.write_text(SHIPPED.replace(before, after, 1), encoding="utf-8")
    return path


def test_a_mapping_makes_no_new_run_but_a_meaning_does(tmp_path: Path) -> None:
    shipped = load_ontology().sha256
    assert load_ontology(changed(tmp_path, '"Armed clash"', '"Attack"')).sha256 == shipped
    assert load_ontology(changed(tmp_path, "fighting between two armed sides", "a fight")).sha256 != shipped


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[effects]", "[outcomes]", r"has no \[effects\]"),
        ("[kinds]", "[kinds", "is no TOML"),
        ('rows = [\n    { kinds = ["clash"', 'rows = [\n    { kinds = ["brawl"', "no such kind: 'brawl'"),
        ('["says drone"]', '["says ufo"]', "no such condition: 'says ufo'"),
        ('["ASSAULT", "drone"]', '["ASSAULT"]', "has 1 codes, not 2"),
        ('["trial"], codes = ["ACCUSE", ""]', '["trial"], when = ["killed"], codes = ["ACCUSE", ""]', "no last row"),
        ('when = ["says drone"], codes = ["ASSAULT", "drone"]', 'codes = ["ASSAULT", "drone"]', "never reached"),
        ('codes = ["AID", ""]', 'unsaid = ""', "neither or both"),
        ("kinds = []\nwords", 'kinds = "all"\nwords', "right form"),
        ("armed = true\n", "", "right form"),
    ],
)
def test_faults_are_told(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_ontology(changed(tmp_path, before, after))


def test_an_ontology_may_do_without_mappings(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.split("# Mappings")[0], encoding="utf-8")
    assert load_ontology(path).mappings == {}
