"""The kind of each speaker once it is known who speaks. All incidents are invented."""

from __future__ import annotations

import pytest

from reportedly.resolve.actors import ActorTable
from reportedly.resolve.scene import Scene, read_scene
from reportedly.resolve.speaker_kinds import KINDS, settle_kinds
from reportedly.resolve.states import load_states
from reportedly.resolve.words import load_words
from reportedly.types import Report, Span, Statement


@pytest.fixture(scope="module")
def table() -> ActorTable:
    return ActorTable(load_states(), load_words())


TEXT = "Two residents and a nurse; two residents; the residents; Colonel Idris Example; Example."


def scene(table: ActorTable, text: str = TEXT) -> Scene:
    return read_scene(Report("r", text), table=table, words=load_words(), focus=None)


def said(speaker: str | None, kind: str, *, side: str | None = None, source: str = "the residents") -> Statement:
    start = TEXT.index(source)
    return Statement("s", (Span(start, start + len(source)),), (), (), "say", kind, speaker=speaker, side=side)


def kinds(statements: list[Statement], table: ActorTable) -> list[str]:
    return [s.speaker_kind for s in settle_kinds(statements, table, scene=scene(table), words=load_words())]


def test_an_organisation_is_of_the_kind_that_the_authority_gives_it(table: ActorTable) -> None:
    assert kinds([said("Syrian Observatory for Human Rights", "media")], table) == ["ngo"]
    assert kinds([said("Rapid Support Forces", "military")], table) == ["armed_group"]


def test_a_groups_people_are_of_its_kind_and_a_states_are_not(table: ActorTable) -> None:
    assert kinds([said("Idris Example", "civil_society", side="al-Shabaab")], table) == ["armed_group"]
    assert kinds([said("Idris Example", "police", side="Sudan")], table) == ["police"]


def test_a_speaker_has_the_kind_of_the_source_that_tells_the_most(table: ActorTable) -> None:
    colonel = [
        said("Idris Example", "unknown", source="Example."),
        said("Idris Example", "military", source="Colonel Idris Example"),
        said(None, "media"),
    ]
    assert kinds(colonel, table) == ["military", "military", "media"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Foreign Minister Alba Lund spoke. Lund said no.", "government"),
        ("Former Foreign Minister Alba Lund spoke. Lund said no.", "civil_society"),
        ("Minister Alba Lund, an activist, spoke. Lund said no.", "civil_society"),
        ("Alba Lund spoke. Lund said no.", "civil_society"),
    ],
)
def test_titles_anywhere_in_the_text_tell_a_kind(table: ActorTable, text: str, kind: str) -> None:
    start = text.rindex("Lund")
    statement = Statement("s", (Span(start, start + 4),), (), (), "say", "civil_society", speaker="Alba Lund")
    [settled] = settle_kinds([statement], table, scene=scene(table, text), words=load_words())
    assert settled.speaker_kind == kind


def test_others_beside_a_description_do_not_settle_it(table: ActorTable) -> None:
    met = [
        said("unnamed residents", "medical", source="Two residents and a nurse"),
        said("unnamed residents", "witness", source="two residents"),
    ]
    assert kinds(met, table) == ["witness", "witness"]


def test_two_speakers_of_whom_nothing_is_known_stay_apart(table: ActorTable) -> None:
    assert kinds(
        [said("unnamed source", "military"), said("unnamed source", "police", source="two residents")], table
    ) == [
        "military",
        "police",
    ]


def test_every_kind_is_one_of_the_ontologys() -> None:
    from reportedly.ontology import load_ontology

    assert set(KINDS.values()) <= set(load_ontology().speaker_kinds)
