"""The shape of the model's output: which labels it has and where each part lies in the projection of a word."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

TAGGERS = ("cue", "source", "content", "trigger")
MENTIONS = ("actor", "place", "time", "figure", "weapon")
CUE_ROLES = ("source", "content", "told_to")
EFFECTS = ("killed", "injured", "missing", "captured", "displaced")
TRIGGER_ROLES = ("agents", "targets", "places", "times", "weapons", *EFFECTS)
O, B, I = 0, 1, 2  # noqa: E741 (the field's own names for outside, begin, inside)

_EDGES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
N_DISTANCES = 2 * len(_EDGES) + 1


def distance_buckets(apart: Any) -> Any:
    """Buckets of signed word distances (an integer array of numpy or torch), from 0 to N_DISTANCES - 1.

    Distance 0 is the middle bucket; near distances have a bucket each, far ones share one.
    """
    size = abs(apart)
    bucket = sum((size >= edge) * 1 for edge in _EDGES)
    return len(_EDGES) + bucket * ((apart > 0) * 2 - 1)


@dataclass(frozen=True, slots=True)
class Shape:
    """Labels in the order of the heads' outputs, and the widths of the hidden parts."""

    kinds: tuple[str, ...]
    statuses: tuple[str, ...]
    stances: tuple[str, ...]
    speaker_kinds: tuple[str, ...]
    taggers: tuple[str, ...] = TAGGERS
    mentions: tuple[str, ...] = MENTIONS
    cue_roles: tuple[str, ...] = CUE_ROLES
    trigger_roles: tuple[str, ...] = TRIGGER_ROLES
    cue_hidden: int = 128
    trigger_hidden: int = 160
    class_hidden: int = 96
    again_hidden: int = 48
    context_hidden: int = 32

    def slices(self) -> dict[str, slice]:
        """Where each part of a word's projection lies."""
        widths = {
            "tags": 3 * len(self.taggers),
            "mentions": 3 * len(self.mentions),
            "cue_word": 2 * self.cue_hidden,
            "cue_pivot": 2 * self.cue_hidden,
            "trigger_word": 2 * self.trigger_hidden,
            "trigger_pivot": 2 * self.trigger_hidden,
            "kind": self.class_hidden,
            "status": self.class_hidden,
            "stance": self.class_hidden,
            "speaker_cue": self.class_hidden,
            "speaker_source": self.class_hidden,
            "again_asks": self.again_hidden,
            "again_answers": self.again_hidden,
            "context_asks": self.context_hidden,
            "context_answers": self.context_hidden,
        }
        found, at = {}, 0
        for name, width in widths.items():
            found[name] = slice(at, at + width)
            at += width
        return found

    @property
    def width(self) -> int:
        """Numbers in a word's projection."""
        return max(int(s.stop) for s in self.slices().values())

    def part(self, projections: Any, name: str) -> Any:
        """The part `name` of projections (words, width), of numpy or torch."""
        return projections[:, self.slices()[name]]

    @classmethod
    def from_json(cls, loaded: dict[str, Any]) -> Shape:
        """The shape that `to_json` wrote."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in loaded.items()}
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """As plain lists and numbers."""
        return {f.name: (list(v) if isinstance(v := getattr(self, f.name), tuple) else v) for f in fields(self)}
