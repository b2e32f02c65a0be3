"""Our kinds in other code books: every row of every mapping has a scene here."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reportedly.errors import SettingsError
from reportedly.export.coding import CONDITIONS, Coder, Scene, party_of
from reportedly.export.mappings import reference
from reportedly.export.records import Actor
from reportedly.ontology import MappingRow, Ontology, load_ontology
from tests.export.rows import scene_row

ONTOLOGY = load_ontology()
BOOKS = ("plover", "cameo", "acled", "ucdp")

with (Path(__file__).parent / "mappings.tsv").open(encoding="utf-8", newline="") as file:
    SCENES = list(csv.DictReader(file, delimiter="\t"))


def coded(scene: dict[str, str], book: str) -> MappingRow:
    coder = Coder(ONTOLOGY, book)
    row = scene_row(scene["kind"], scene["agents"], scene["targets"], scene["words"], scene["killed"])
    return coder.code(coder.scene(row))


def shown(found: MappingRow, book: str) -> str:
    """As in `mappings.tsv`: `-` where the book has no place. ACLED's sub-event type fixes its event type."""
    if found.codes is None:
        return "-"
    return found.codes[1] if book == "acled" else "/".join(found.codes).rstrip("/")


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s['kind']}: {s['words']}")
def test_scenes_are_coded(scene: dict[str, str]) -> None:
    assert {book: shown(coded(scene, book), book) for book in BOOKS} == {book: scene[book] for book in BOOKS}


@pytest.mark.parametrize("book", BOOKS)
def test_every_row_has_a_scene(book: str) -> None:
    reached = {coded(scene, book) for scene in SCENES}
    assert [row for row in ONTOLOGY.mapping(book).rows if row not in reached] == []


def test_every_condition_is_known_and_used() -> None:
    assert set(ONTOLOGY.conditions) == set(CONDITIONS)
    used = {name for book in ONTOLOGY.mappings.values() for row in book.rows for name in row.when}
    assert set(CONDITIONS) | {f"says {name}" for name in ONTOLOGY.words} == used


@pytest.mark.parametrize(
    ("actor", "class_"),
    [
        (Actor("Free River Army", kind="armed_group"), "armed_group"),
        (Actor("Northern Army"), "state_forces"),
        (Actor("army"), "state_forces"),
        (Actor("rebel army"), "armed_group"),
        (Actor("unidentified gunmen"), "unidentified_group"),
        (Actor("Lake Union mission", kind="igo"), "organisation_of_states"),
        (Actor("Northern government"), "government"),
        (Actor("displaced people"), "refugees"),
        (Actor("people"), "people"),
        (Actor("a bridge"), None),
        (Actor("Policeville"), None),
    ],
)
def test_parties_are_told_by_kind_then_by_words(actor: Actor, class_: str | None) -> None:
    found = party_of(actor, ONTOLOGY).class_
    assert (found.name if found else None) == class_


def test_a_condition_that_the_program_lacks_is_refused() -> None:
    odd = Ontology("odd", "1", "", {}, {}, {}, {}, {}, conditions={"full_moon": "at night"}, mappings=ONTOLOGY.mappings)
    with pytest.raises(SettingsError, match="full_moon"):
        Coder(odd, "acled")
    with pytest.raises(SettingsError, match=r"mappings\.runes"):
        ONTOLOGY.mapping("runes")


def test_sides_of_a_clash_among_agents() -> None:
    scene = Scene(scene_row("clash", "armed_group:Hill Front; military:Northern Army", "", "clash", ""), ONTOLOGY)
    assert [[p.name for p in side] for side in scene.sides()] == [["Hill Front"], ["Northern Army"]]


def test_the_reference_is_that_of_the_ontology() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "mappings.md"
    assert page.read_text("utf-8") == reference(), "run `make docs`"
