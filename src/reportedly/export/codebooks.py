"""What the exports to other people's code books share: rows with their codes, countries, sides and sources."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from reportedly.export.base import Book, Lost, Output
from reportedly.export.coding import Coder, Party, Scene
from reportedly.export.records import Place, Row, Told

LOST = (
    Lost("who says so", "the row is the rule's choice; of other versions at most names of tellers are kept"),
    Lost("what is denied, planned, demanded or feared", "a row means that it happened"),
)
"""What none of these code books can say."""


_FORMULA = re.compile(r"[=+\-@\t\r](?!\d+(?:\.\d+)?$)")
"""How text begins that a spreadsheet would run; numbers with a sign aside."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country in the code books' own codes; "" where they have none. `gwno` and `cow` number its state."""

    iso3: str
    name: str
    iso_numeric: str
    fips: str
    gwno: str
    cow: str
    acled_name: str
    acled_region: str
    ged_name: str
    ged_id: str
    ged_region: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A row with the codes that the mapping gives it. `first` and `last` are days, the same where one is told."""

    row: Row
    scene: Scene
    codes: tuple[str, ...]
    first: date
    last: date

    @property
    def place(self) -> Place | None:
        return self.row.facts.place

    @property
    def country(self) -> Country:
        """The country that it happened in; one without codes where nobody says."""
        return country(self.place.country if self.place else None)

    @property
    def days(self) -> int:
        """How many days it may have happened on."""
        return (self.last - self.first).days + 1


def coded_rows(book: Book, out: Output, mapping: str) -> Iterator[Coded]:
    """The rows that the code book has a place for; the others are counted as left out, with the mapping's reason."""
    coder = Coder(book.ontology, mapping)
    for row in book.rows():
        scene = coder.scene(row)
        found = coder.code(scene)
        facts = row.facts
        if found.codes is None:
            out.leave(row, f"kind {facts.kind}: {found.unsaid}")
        elif facts.first is None:
            out.leave(row, "nobody says when it was, and the format wants a day")
        else:
            yield Coded(row, scene, found.codes, facts.first, facts.last or facts.first)


@cache
def countries() -> dict[str, Country]:
    """The countries by ISO 3166-1 alpha-3."""
    whole = resources.files("reportedly").joinpath("data/exports/countries.csv").read_text("utf-8")
    return {row["iso3"]: Country(**row) for row in csv.DictReader(whole.splitlines())}


def country(iso3: str | None) -> Country:
    """The country with this code; one with nothing but the code where it isn't listed."""
    return countries().get(iso3 or "") or Country(iso3 or "", *[""] * 10)


def cells(row: Mapping[str, str]) -> list[str]:
    """The cells of a row, in order; an apostrophe stands before text that a spreadsheet would run as a formula."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in row.values()]


def people(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Those of `parties` that can be an actor: of a known class, or with a proper name that is no place's.

    Things and places that were hit can't: kinds of places are codes in capitals.
    """
    return tuple(p for p in parties if p.class_ or (_is_named(p) and not (p.actor.kind or "").isupper()))


def _is_named(party: Party) -> bool:
    """Whether an authority knows it, or its name has a capital other than that of a first word among several."""
    first, *others = party.name.split() or [""]
    return party.actor.id is not None or any(w[0].isupper() for w in others) or (first[:1].isupper() and not others)


def joined(values: Iterable[str | None], by: str = "; ") -> str:
    """Each value once, in order; `by` inside a value becomes a comma, so that the list can be parted again."""
    kept = (" ".join(value.replace(by.strip(), ",").split()) for value in values if value)
    return by.join(dict.fromkeys(kept))


def telling(row: Row) -> tuple[Told, ...]:
    """The claims that tell it as the row does: a denial is no source of it."""
    return tuple(t for t in row.told if t.claim.status == row.facts.status)


def reports(row: Row) -> tuple[Told, ...]:
    """One claim of each report that tells it, the earliest published first."""
    first: dict[str, Told] = {}
    for told in telling(row):
        first.setdefault(told.report.id, told)
    return tuple(sorted(first.values(), key=lambda t: (t.report.published or date.max, t.report.id)))


def outlets(row: Row) -> tuple[str, ...]:
    """The outlets that tell it, each once."""
    return tuple(dict.fromkeys(t.report.outlet for t in reports(row) if t.report.outlet))


def published(row: Row) -> tuple[date, ...]:
    """Days of publication, earliest first."""
    return tuple(sorted(t.report.published for t in reports(row) if t.report.published))


def tellings(row: Row, most: int = 6) -> str:
    """Who tells it, where, when and with what status, with the words where they are allowed, denials included."""
    parts = []
    for told in row.told[:most]:
        via = told.report.outlet if told.report.outlet != told.teller else None
        status = told.claim.status if told.claim.status != "asserted" else None
        where = ", ".join(str(v) for v in (via, told.day, status) if v)
        words = f": “{told.quote}”" if told.quote else ""
        parts.append(f"{told.teller or 'Somebody'}{f' ({where})' if where else ''}{words}")
    if len(row.told) > most:
        parts.append(f"and {len(row.told) - most} more")
    return "; ".join(parts)


def degrees(value: float | None) -> str:
    """A coordinate; "" where there is none."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def admin(place: Place | None, precision: str) -> str:
    """The place's name where it is an area of this precision (province, district)."""
    return place.name if place is not None and place.precision == precision else ""


def agreed(row: Row) -> str:
    """How many origins and reports tell it and what agreement finds of each fact, for a column of free text."""
    found = (f"{finding.fact} {finding.verdict}" for finding in row.findings)
    return joined([f"origins={row.origins}", f"reports={row.reports}", *found])


def geonameid(place: Place) -> int | None:
    """The place's number in GeoNames, `None` where it is from another list."""
    number = (place.id or "").removeprefix("geonames:")
    return int(number) if number.isdecimal() else None
