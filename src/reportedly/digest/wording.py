"""Claims in short words: the same in a digest, in search results and when watching feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reportedly.types import Claim, Figure


def day_words(value: date) -> str:
    """7 Nov 2023"""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def days_words(first: date | None, last: date | None) -> str:
    """ "7 Nov 2023", "7–9 Nov 2023", "30 Nov – 2 Dec 2023"; "" where neither is known."""
    first, last = first or last, last or first
    if first is None or last is None:
        return ""
    if first == last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    start = f"{first.day} {_MONTHS[first.month - 1]}" + (f" {first.year}" if first.year != last.year else "")
    return f"{start} – {day_words(last)}"


def count_words(low: int, high: int | None) -> str:
    """ "9", "at least 9", "up to 9", "9–12"."""
    if high is None:
        return f"at least {low:,}"
    if low == high:
        return f"{low:,}"
    return f"up to {high:,}" if low == 0 else f"{low:,}–{high:,}"


def toll_words(figure: Figure) -> str:
    """ "at least 9 killed (farmers)" """
    over_time = " over some time" if figure.running else ""
    told = f"{count_words(figure.low, figure.high)} {figure.effect}{over_time}"
    return told + (f" ({figure.who})" if figure.who else "")


def kind_words(claim: Claim) -> str:
    """ "air strike", or "air strike, denied" where it is told as anything but happened."""
    kind = claim.kind.replace("_", " ")
    return kind if claim.status == "asserted" else f"{kind}, {claim.status}"


def parties_words(claim: Claim) -> str:
    """ "the army → a clinic", or the one of the two that is named."""
    agents, targets = (", ".join(dict.fromkeys(names)) for names in (claim.agents, claim.targets))
    return f"{agents} → {targets}".strip() if targets else agents


def place_words(claim: Claim) -> str:
    """ "Sarmada (SYR)" """
    place = claim.place or ""
    return f"{place} ({claim.country})" if place and claim.country else place or claim.country or ""


def event_words(claim: Claim) -> str:
    """What is said to have happened: "shelling · the army → a clinic · Sarmada (SYR) · 7 Nov 2023 · 9 killed"."""
    parts = (
        kind_words(claim),
        parties_words(claim),
        place_words(claim),
        days_words(claim.first, claim.last),
        ", ".join(map(toll_words, claim.toll)),
    )
    return " · ".join(part for part in parts if part)


def third_person(verb: str) -> str:
    """ "denies" for "deny": labels of stances are verbs."""
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + "s"


def listed(words: Iterable[str], *, most: int = 6) -> str:
    """ "a, b and c"; past `most` "a, b and 5 others"."""
    all_words = list(words)
    if len(all_words) > most:
        all_words = [*all_words[: most - 1], f"{len(all_words) - most + 1} others"]
    return " and ".join(filter(None, (", ".join(all_words[:-1]), *all_words[-1:])))
