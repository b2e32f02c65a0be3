"""For whom a speaker speaks: by the actor named with them, by the one beside their name, by their own kind."""

from __future__ import annotations

import re

from reportedly.resolve.actors import Actor, ActorTable
from reportedly.resolve.scene import Scene

STATE_KINDS = ("state", "government", "police", "military")
"""Kinds of actor that a state's officials, police and soldiers speak for."""

NOBODY = ("witness", "unknown", "expert", "medical")
"""Kinds of speaker who speak for nobody, unless the words say that they are somebody's spokesman."""

BESIDE = 45
"""How many characters may lie between a person's name and the organisation that it is in apposition to."""


class SideFinder:
    """Finds sides; every method gives the usual English name of a party, or `None` for nobody."""

    def __init__(self, table: ActorTable) -> None:
        self._table = table

    def of(self, actor: Actor, kind: str) -> str | None:
        """For whom someone of `kind` speaks who is named with `actor`: of a state, its army for the military."""
        if kind in NOBODY and actor.kind not in ("medical", "expert"):
            return None
        if actor.kind == "state" and kind not in ("government", "police", "military", "media", "igo"):
            return None
        if actor.kind in ("state", "government") and kind == "military" and actor.country:
            army = self._table.get(f"army:{actor.country}")
            return army.name if army else actor.name
        if actor.kind == "military" and kind in ("police", "government") and actor.country:
            return self._table.states.rows[actor.country].name
        return self._table.side_of(actor)

    def by_kind(self, scene: Scene, kind: str) -> str | None:
        """With nobody named: officials and police speak for the state that the report is about, soldiers for its army.

        Activists, fighters and aid workers speak for the organisation that publishes the report, where one does.
        """
        if kind in ("civil_society", "armed_group", "ngo", "igo") and scene.publisher is not None:
            return self._table.side_of(scene.outlet) if scene.outlet else scene.publisher
        if kind == "igo":
            family = any(m.actor.id == "un" or m.actor.parent == "un" for m in scene.matches)
            return "United Nations" if family else None
        if scene.focus is None or kind not in ("government", "police", "military"):
            return None
        if kind == "military":
            army = self._table.get(f"army:{scene.focus}")
            return army.name if army else None
        return self._table.states.rows[scene.focus].name

    def near(self, scene: Scene, name: str, kind: str) -> str | None:
        """The party beside the first mention of `name`, before it as a title or behind it as an apposition."""
        at = scene.text.find(name)
        if at < 0 or kind in NOBODY:
            return None
        best: tuple[int, Actor] | None = None
        for match in scene.matches:
            start, end = scene.start_of(match), scene.tokens[match.last - 1].end
            gap = at - end if end <= at else start - (at + len(name))
            if match.how == "bare body" or not 0 <= gap <= BESIDE or not _may_be_side(match.actor, kind):
                continue
            between = scene.text[min(end, at) : max(start, at + len(name))]
            if not re.search(r"[.;\n]\s", between) and (best is None or gap < best[0]):
                best = (gap, match.actor)
        return self.of(best[1], kind) if best else None


def _may_be_side(actor: Actor, kind: str) -> bool:
    if actor.kind == "person":
        return False
    if kind == "media":
        return actor.kind == "media"
    if actor.kind == "media":
        return False
    return actor.kind not in STATE_KINDS or kind in ("government", "police", "military")
