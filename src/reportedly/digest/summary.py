"""The contents of a digest: numbered incidents, each with its tellers, and what changed, ready to be written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportedly.digest.changes import Changed, first_day, teller_words
from reportedly.digest.wording import (
    day_words,
    days_words,
    parties_words,
    place_words,
    third_person,
    toll_words,
)
from reportedly.export.records import Case, Told

MOST = 60
"""Incidents in a digest: more are no page that anyone reads."""

VERSIONS = 3
"""Things that one teller says of an incident, that are repeated."""


@dataclass(frozen=True, slots=True)
class Line:
    """One teller: who it is, and what it says. `quote` and `url` are None where they are withheld or not known."""

    teller: str
    kind: str
    says: str
    published: str
    quote: str | None
    url: str | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One incident. `number` counts from 1 and is its mark on map and timeline; a place without a point has neither
    `lat` nor `lon`. `opened`, `closed` and `revised` are what changed, in words."""

    number: int
    head: str
    new: bool
    disputed: bool
    lines: tuple[Line, ...]
    first: date | None
    lat: float | None
    lon: float | None
    place: str
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest: its name, its days, how much changed, its incidents in order of their numbers, and how it was made."""

    name: str
    since: date
    until: date
    counts: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.name}: reported {days_words(self.since, self.until)}"


def summarise(changed: Sequence[Changed], *, name: str, since: date, until: date, notes: Sequence[str] = ()) -> Digest:
    """The digest of `changed`, numbered in its order; the first `MOST` are in it, the others are counted."""
    items = tuple(_item(one, number) for number, one in enumerate(changed[:MOST], 1))
    left = len(changed) - len(items)
    more = [f"{left:,} more incidents, told of by the fewest tellers, are counted but not listed."] if left else []
    return Digest(name, since, until, counts_words(changed), items, (*notes, *more))


def counts_words(changed: Sequence[Changed]) -> str:
    """How much changed, in one line."""
    sorts = Counter(change.sort for one in changed for change in one.changes)
    new = sum(one.new for one in changed)
    parts = (
        (new, "new incident", "new incidents"),
        (len(changed) - new, "incident told of again", "incidents told of again"),
        (sorts["opened"], "dispute opened", "disputes opened"),
        (sorts["closed"], "dispute closed", "disputes closed"),
        (sorts["revised"], "toll revised", "tolls revised"),
    )
    return ", ".join(f"{count:,} {one if count == 1 else more}" for count, one, more in parts)


def _item(changed: Changed, number: int) -> Item:
    case = changed.case
    at = next((t.claim for t in case.told if t.claim.lat is not None and t.claim.precision != "country"), None)
    words = {s: tuple(c.words for c in changed.changes if c.sort == s) for s in ("opened", "closed", "revised")}
    return Item(
        number=number,
        head=headline(case),
        new=changed.new,
        disputed=changed.disputed,
        lines=tuple(_lines(case.told, changed.fresh)),
        first=first_day(case),
        lat=at.lat if at else None,
        lon=at.lon if at else None,
        place=at.place or "" if at else "",
        **words,
    )


def headline(case: Case) -> str:
    """Kind, place and days of an incident; where its tellers differ on the kind, the two that most of them give."""
    claims = [told.claim for told in case.told]
    kinds = [kind.replace("_", " ") for kind, _ in Counter(c.kind for c in claims).most_common(2)]
    places = Counter(place_words(c) for c in claims if c.place)
    place = places.most_common(1)[0][0] if places else next((c.country for c in claims if c.country), "")
    firsts = [day for c in claims if (day := c.first or c.last)]
    lasts = [day for c in claims if (day := c.last or c.first)]
    days = days_words(min(firsts), max(lasts)) if firsts else ""
    return " · ".join(part for part in ("Reported " + " or ".join(kinds), place, days) if part)


def _lines(told: Sequence[Told], fresh: frozenset[str]) -> list[Line]:
    """A line for each teller, with all that it says; those who say something new first."""
    by_teller: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda t: (t.claim.id not in fresh, t.day or date.max, t.claim.id)):
        by_teller.setdefault(teller_words(one), []).append(one)
    return [_line(teller, own, fresh) for teller, own in by_teller.items()]


def _line(teller: str, own: Sequence[Told], fresh: frozenset[str]) -> Line:
    # The claim with the most in it stands for the teller's words.
    main = max(own, key=lambda one: (one.claim.id in fresh, len(one.claim.toll), len(one.claim.targets)))
    claim, report = main.claim, main.report
    kind = (claim.speaker_kind or "").replace("_", " ") if claim.statement else "in its own voice"
    versions = list(dict.fromkeys(_says(one) for one in own))
    return Line(
        teller=teller,
        kind="" if kind == "unknown" else kind,
        says="; ".join(versions[:VERSIONS]) + (" …" if len(versions) > VERSIONS else ""),
        published=day_words(report.published) if report.published else "",
        quote=main.quote,
        url=report.url,
        fresh=any(one.claim.id in fresh for one in own),
    )


def _says(told: Told) -> str:
    claim = told.claim
    verb = third_person(claim.stance) if claim.stance else "reports"
    status = f" ({claim.status})" if claim.status != "asserted" else ""
    parts = (claim.kind.replace("_", " ") + status, parties_words(claim), ", ".join(map(toll_words, claim.toll)))
    return f"{verb} " + " · ".join(part for part in parts if part)
