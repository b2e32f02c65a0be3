"""What people decided about which claims belong together, as linking needs it.

`merge` says that its first claim tells of the same happening as each of its others; `split` that the first tells of
another one than each of its others. `undo` takes earlier judgements back. Of two about the same two claims the later
one counts; what merges imply (a with b, b with c) yields to a split of a and c.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from reportedly.link.clusters import Pair
from reportedly.types import Judgement


class Bonds:
    """Pairs of claims that must be together or apart, each with the judgement that says so."""

    def __init__(self, judgements: Sequence[Judgement] = (), current: Mapping[str, str] | None = None) -> None:
        """From `judgements` in the order in which they were made. `current` gives the claims that took the place of
        older ones, where a report was read again.
        """
        current = current or {}
        self._said: dict[tuple[str, str], tuple[bool, str]] = {}
        for judgement in standing(judgements):
            if judgement.action in ("merge", "split"):
                first, *others = (current.get(s, s) for s in judgement.subjects)
                for other in others:
                    if first != other:
                        key = (min(first, other), max(first, other))
                        self._said[key] = (judgement.action == "merge", judgement.id)
        self._of: dict[str, list[tuple[str, str]]] = {}
        for pair in self._said:
            for claim in pair:
                self._of.setdefault(claim, []).append(pair)

    def __bool__(self) -> bool:
        return bool(self._said)

    def claims(self) -> set[str]:
        """Every claim that a standing merge or split names."""
        return set(self._of)

    def partners(self, claim: str) -> set[str]:
        """The claims that a merge or split names together with this one."""
        return {c for pair in self._of.get(claim, ()) for c in pair} - {claim}

    def among(self, number: Mapping[str, int]) -> tuple[list[Pair], list[Pair]]:
        """The pairs that must be together and those that must be apart, of the claims in `number`, by their numbers.

        Claims with one number are one member: what is said between them is passed over.
        """
        together: set[Pair] = set()
        apart: set[Pair] = set()
        if self._said:
            for claim in number.keys() & self._of.keys():
                for a, b in self._of[claim]:
                    if a in number and b in number and number[a] != number[b]:
                        pair = (min(number[a], number[b]), max(number[a], number[b]))
                        (together if self._said[a, b][0] else apart).add(pair)
        return sorted(together - apart), sorted(apart)

    def rows(self, claims: Sequence[Collection[str]]) -> list[Pair]:
        """The pairs of places in `claims` that a merge ties."""
        if not self._said:
            return []
        number = {c: n for n, listed in enumerate(claims) for c in listed if c in self._of}
        return self.among(number)[0]

    def joined(self, some: Iterable[str], others: Collection[str]) -> str | None:
        """The judgement that joins a claim of `some` with one of `others`; None where there is none."""
        if not self._said:
            return None
        ties = (
            self._said[pair]
            for claim in sorted(some)
            for pair in self._of.get(claim, ())
            if (pair[0] if pair[1] == claim else pair[1]) in others
        )
        return next((judgement for merged, judgement in ties if merged), None)


def standing(judgements: Sequence[Judgement]) -> Iterator[Judgement]:
    """Those judgements that no later one has undone, in their order; an undo that is undone itself does nothing."""
    undone: set[str] = set()
    kept: list[Judgement] = []
    for judgement in reversed(judgements):
        if judgement.id in undone:
            continue
        if judgement.action == "undo":
            undone |= set(judgement.subjects)
        else:
            kept.append(judgement)
    return reversed(kept)
