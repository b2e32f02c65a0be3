"""Voices: who stands behind a claim, and how many of those who tell something are independent of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reportedly.link.names import fold
from reportedly.types import Claim


@dataclass(frozen=True, slots=True)
class Heard:
    """A claim with the origin (an id) and the day of the report that it stands in."""

    claim: Claim
    origin: str
    published: date | None = None

    @property
    def day(self) -> date | None:
        """The day of the saying, else that of the report."""
        return self.claim.said_on or self.published


def voice(heard: Heard) -> str:
    """Whoever stands behind the claim, as a key: two claims with one voice are no two witnesses."""
    claim = heard.claim
    if claim.statement is None:
        return fold(claim.outlet) if claim.outlet else heard.origin
    speaker = fold(claim.speaker or "")
    if claim.speaker_kind == "media" and speaker:
        return speaker
    if claim.side:
        return fold(claim.side)
    if speaker and not speaker.startswith("unnamed"):
        return speaker
    return f"{speaker or 'nobody named'} / {fold(claim.told_to) if claim.told_to else heard.origin}"


def independent(heard: Iterable[Heard]) -> int:
    """How many independent origins tell these claims: the most that can be picked with no voice and no text twice."""
    texts: dict[str, set[str]] = {}
    for h in heard:
        texts.setdefault(voice(h), set()).add(h.origin)
    taken: dict[str, str] = {}

    def place(one: str, tried: set[str]) -> bool:
        for text in sorted(texts[one]):
            if text not in tried:
                tried.add(text)
                if text not in taken or place(taken[text], tried):
                    taken[text] = one
                    return True
        return False

    return sum(place(one, set()) for one in sorted(texts))


def who_says(heard: Heard) -> str:
    """The teller in words: the speaker, else their side, else the outlet."""
    claim = heard.claim
    if claim.statement is None:
        return claim.outlet or "the report"
    return claim.speaker or claim.side or "somebody not named"
