"""The kind of each speaker, once it is known who speaks. See docs/how-it-decides/speakers.md.

The model gives each statement a kind by its own sentence. What is known of the speaker goes first: an organisation in
the authority has its kind there, and a group's, an organisation's or an outlet's people are of its kind. A speaker met
more than once has one kind, that of the statement whose source says the most about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportedly.resolve.actors import ActorTable
from reportedly.resolve.scene import Scene
from reportedly.resolve.words import NameWords
from reportedly.types import Statement

KINDS = {
    "armed_group": "armed_group",
    "coalition": "military",
    "civil_society": "civil_society",
    "expert": "expert",
    "government": "government",
    "igo": "igo",
    "media": "media",
    "medical": "medical",
    "military": "military",
    "monitor": "ngo",
    "ngo": "ngo",
    "organ": "government",
    "party": "civil_society",
    "police": "police",
}
"""The kind of speaker that an actor is when it speaks itself."""

OWN = frozenset({"armed_group", "igo", "ngo", "monitor"})
"""Actors whose people are of their kind. A state's may be soldiers or officials, an outlet's guests anything."""

NOBODY = "unnamed source"
"""What a speaker is called of whom nothing is known: no two of them need be the same."""


def settle_kinds(
    statements: Sequence[Statement], table: ActorTable, *, scene: Scene, words: NameWords
) -> tuple[Statement, ...]:
    """The same statements, each with the kind that its speaker, side and titles make likeliest."""
    text, titled = scene.text, _titled(scene, words)
    known = [_known_kind(s, table) or titled.get(s.speaker or "") for s in statements]
    telling: dict[str, tuple[tuple[int, int], str]] = {}
    for statement, kind in zip(statements, known, strict=True):
        name = statement.speaker
        if name and name != NOBODY:
            told = _telling(statement, name, text)
            if name not in telling or told > telling[name][0]:
                telling[name] = told, kind or statement.speaker_kind
    return tuple(
        replace(s, speaker_kind=kind or (telling[s.speaker][1] if s.speaker in telling else s.speaker_kind))
        for s, kind in zip(statements, known, strict=True)
    )


def _titled(scene: Scene, words: NameWords) -> dict[str, str]:
    """The kind of each person whom the text gives titles of one kind, in any place ("Foreign Minister X")."""
    kinds: dict[str, set[str]] = {}
    for person in scene.persons:
        held = kinds.setdefault(person.name, set())
        if not person.around & words.former:
            held.update(words.title_kinds[title] for title in person.titles & words.title_kinds.keys())
    return {name: held.pop() for name, held in kinds.items() if len(held) == 1}


def _telling(statement: Statement, name: str, text: str) -> tuple[int, int]:
    """How much a source tells of a speaker: by the words of the name in it, then by its length.

    More words beside a person's name are a title. Beside a description ("residents and a nurse") they are others.
    """
    words = [word for span in statement.source for word in span.of(text).lower().split()]
    shared = len(set(words) & set(name.lower().split()))
    return shared, -len(words) if name.startswith("unnamed ") else len(words)


def _known_kind(statement: Statement, table: ActorTable) -> str | None:
    """The kind that the authority gives the speaker itself, or through the side for whom they speak."""
    for name, trusted in ((statement.speaker, KINDS.keys()), (statement.side, OWN)):
        kinds = {candidate.kind for candidate in table.lookup(name)} if name else set()
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is not None and kind in trusted:
            return KINDS[kind]
    return None
