"""Gathers the names of a ledger: which are public, which may be a private person's, which places are small."""

from __future__ import annotations

from collections.abc import Callable, Set

from reportedly.export.names import PUBLIC_SPEAKERS, Withheld, proper_names, words_of
from reportedly.types import Link, Reading, Report, Statement

ACRONYM = 5
"""Letters that an acronym has at most."""

_WIDE = frozenset({"district", "province", "country"})


def is_wide(precision: str | None, radius_km: float | None, size_km: float) -> bool:
    """Whether a place is so large that naming it tells no more than `size_km` does."""
    return precision in _WIDE or (radius_km or 0.0) >= size_km


class Names:
    """What the readings of a ledger name.

    `public` are names that authorities know, `figures` those of actors in the authority's own words; `office` those of
    people and bodies that speak in an office for a known side; `small` and `wide` are places. What is left are
    candidates for private names: speakers of other kinds for certain, everyone else unless the name is known elsewhere.
    """

    def __init__(self) -> None:
        self.public: set[tuple[str, ...]] = set()
        self.figures: set[tuple[str, ...]] = set()
        self.office: set[tuple[str, ...]] = set()
        self.small: set[str] = set()
        self.wide: set[tuple[str, ...]] = set()
        self._speakers: set[str] = set()
        self._others: set[str] = set()
        self._several: set[str] = set()

    def add(self, report: Report, reading: Reading, coarsen_km: float | None) -> None:
        """Take in the names of one report. Places count as small below `coarsen_km`."""
        text = report.text
        parties = tuple(p for e in reading.events for p in e.agents + e.targets)
        for link in reading.actors + tuple(p.link for p in parties if p.link):
            if link.best:
                self.figures.add(words_of(link.best.name))
                self.public |= {words_of(n) for n in (link.best.name, link.name, link.text.of(text))}
            else:
                self._others.add(link.name)
        for place in reading.toponyms + tuple(p for e in reading.events for p in e.places):
            self._place(place, coarsen_km)
        for statement in reading.statements:
            self._statement(statement, text)
        self._others |= {p.name or p.text.of(text) for p in parties}
        tolls = [f for e in reading.events for f in e.toll]
        self._several |= {f.who for f in tolls if f.who} | {p.who for f in tolls for p in f.parts if p.who}
        if report.outlet:
            self.office.add(words_of(report.outlet))

    def withheld(self, known: Callable[[str], bool]) -> Withheld:
        """The names to withhold: those that may be private persons' and that neither a report nor `known` knows."""
        withheld = Withheld(public=self.public, figures=self.figures)
        self._take(withheld, self._speakers, self.public, known, least=1)
        self._take(withheld, self._others, self.public | self.office, known, least=1)
        self._take(withheld, self._several, self.public | self.office, known, least=2)
        return withheld

    def _take(
        self,
        withheld: Withheld,
        names: set[str],
        public: Set[tuple[str, ...]],
        known: Callable[[str], bool],
        *,
        least: int,
    ) -> None:
        for name in sorted(names):
            if known(name):
                continue
            for found in proper_names(name, public=public):
                # A few capitals are an acronym far more often than a person; of who speaks, no risk is taken.
                acronym = found.isupper() and len(found) <= ACRONYM and names is not self._speakers
                if len(words_of(found)) >= least and not acronym and not known(found):
                    withheld.add(found)

    def _place(self, place: Link, coarsen_km: float | None) -> None:
        names = {place.name, place.best.name if place.best else place.name}
        self.public |= {words_of(n) for n in names}
        if coarsen_km is None:
            return
        if is_wide(place.precision, place.radius_km, coarsen_km):
            self.wide |= {words_of(n) for n in names}
        else:
            self.small |= names

    def _statement(self, statement: Statement, text: str) -> None:
        # One word that something was told to is an outlet far more often than a person.
        self._several.add(" ".join(span.of(text) for span in statement.told_to))
        if statement.side:
            self.office.add(words_of(statement.side))
        if statement.speaker is None:
            return
        in_office = statement.speaker_kind in PUBLIC_SPEAKERS and statement.side is not None
        if in_office or statement.speaker == statement.side:
            self.office.add(words_of(statement.speaker))
        else:
            self._speakers.add(statement.speaker)
