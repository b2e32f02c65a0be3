"""What `reportedly compare` does once its options are read."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportedly.errors import SettingsError

if TYPE_CHECKING:
    from reportedly.export.compare import Comparison, Happening, Limits, Theirs

BOOKS = {"acled": "ACLED", "ucdp": "UCDP GED"}
HEAD = (
    "status", "score", "why", "our_id", "their_id", "km", "our_day", "their_day", "our_place", "their_place",
    "our_type", "their_type", "our_killed", "their_killed", "our_sides", "their_sides", "our_sources", "their_sources",
    "differ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is compared: countries (ISO 3166-1 alpha-3; empty for all) and days, both included."""

    countries: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None

    def hold(self, one: Happening) -> bool:
        """Whether an event touches the days and lies in one of the countries, or in none that is known."""
        here = not self.countries or one.where.country is None or one.where.country in self.countries
        return here and (self.first is None or one.last >= self.first) and (self.last is None or one.first <= self.last)


def run_compare(
    ledger: str, events: Path, *, limits: Limits, bounds: Bounds, toll: str | None, out: Path | None
) -> None:  # fmt: skip
    """Print the comparison, and write it where asked. Raises `LedgerError` for a ledger that was never linked."""
    from reportedly.cli.screen import say
    from reportedly.export.compare import by_chance, compare, read_events

    if out is not None and out.exists():
        raise SettingsError("is there already", where=str(out), hint="give another file with --out")
    theirs = read_events(events)
    left: Counter[str] = Counter()
    ours = [one for one in _ours(ledger, theirs.book, toll, left) if bounds.hold(one)]
    if not ours:
        raise SettingsError(
            "no incident of the ledger could be compared", where=ledger, hint=f"{BOOKS[theirs.book]} has no such kinds"
        )
    scope = _narrowed(bounds, ours, limits.days)
    inside = [one for one in theirs.events if scope.hold(one)]
    found = compare(ours, inside, limits)
    chance = by_chance(ours, inside, limits)
    _print(found, theirs, chance=chance, outside=len(theirs.events) - len(inside), left=left, scope=scope)
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows(_lines(found))
        say(f"{out}: every pair, and every event left alone")


def _ours(ledger: str, book: str, toll: str | None, left: Counter[str]) -> Iterator[Happening]:
    from reportedly.cli.exporting import short_name
    from reportedly.cli.screen import public_name
    from reportedly.desk.holdings import LedgerHoldings
    from reportedly.errors import LedgerError
    from reportedly.export.book import Rows
    from reportedly.export.compare import our_events
    from reportedly.export.profiles import make_profile
    from reportedly.export.rules import make_rule
    from reportedly.export.veil import Veil
    from reportedly.ontology import load_ontology
    from reportedly.store import Ledger

    ontology = load_ontology()
    rule = make_rule("ged" if book == "ucdp" else "acled", toll=toll)
    with Ledger.open(ledger, create=False) as store:
        if store.linking() is None:
            where = public_name(ledger)
            raise LedgerError("was never linked", where=where, hint=f"reportedly link {where} makes its incidents")
        holdings = LedgerHoldings(store, title=short_name(ledger), judge=lambda incident, told: ())
        veil = Veil(make_profile("internal", as_of=date.max))
        rows = Rows(holdings, rule=rule, veil=veil, ontology=ontology, happened=True)
        yield from our_events(rows.rows(), ontology, book, left)
        left.update(rows.left)


def _narrowed(bounds: Bounds, ours: Sequence[Happening], days: int) -> Bounds:
    """The bounds, no wider than what the ledger has incidents of."""
    from datetime import timedelta

    first = min(one.first for one in ours) - timedelta(days)
    last = max(one.last for one in ours) + timedelta(days)
    known = frozenset(one.where.country for one in ours if one.where.country)
    return replace(
        bounds,
        countries=bounds.countries or known,
        first=max(bounds.first or first, first),
        last=min(bounds.last or last, last),
    )


def _print(
    found: Comparison, theirs: Theirs, *, chance: float, outside: int, left: Counter[str], scope: Bounds
) -> None:
    from reportedly.cli.screen import console

    screen = console()
    name = BOOKS[theirs.book]
    screen.print(
        f"{name} from {scope.first} to {scope.last} in {', '.join(sorted(scope.countries)) or 'all countries'}\n"
    )
    screen.print(_counts(found, name, chance))
    if found.pairs:
        screen.print()
        screen.print(_fields(found))
    notes = [f"{outside:,} of theirs lie outside these days or countries"] if outside else []
    notes += [f"{n:,} of theirs not read: {why}" for why, n in sorted(theirs.unread.items())]
    notes += [f"{n:,} of ours not compared: {why}" for why, n in sorted(left.items(), key=lambda p: (-p[1], p[0]))]
    for note in notes:
        screen.print(f"· {note}")


def _counts(found: Comparison, name: str, chance: float) -> object:
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    ours, theirs = len(found.only_ours), len(found.only_theirs)
    table.add_row(
        "matched", f"{len(found.pairs):,}", f"about {chance:.1f} by chance, as with their days shifted by months"
    )
    table.add_row(
        "only ours", f"{ours:,}", f"{len(found.beside):,} of them beside a matched one" if found.beside else ""
    )
    table.add_row(f"only {name}", f"{theirs:,}")
    return table


def _fields(found: Comparison) -> object:
    from rich.table import Table

    from reportedly.export.compare import Field, differences

    tally: dict[Field, Counter[bool | None]] = {field: Counter() for field in Field}
    for pair in found.pairs:
        for one in differences(pair):
            tally[one.field][one.agrees] += 1
    table = Table(box=None, pad_edge=False)
    for head in ("of those matched", "agree", "differ", "one doesn't say"):
        table.add_column(head, justify="left" if head == "of those matched" else "right")
    for field, counts in tally.items():
        table.add_row(field.value, *(str(counts[agrees]) for agrees in (True, False, None)))
    return table


def _lines(found: Comparison) -> Iterator[Sequence[str]]:
    from reportedly.export.compare import differences

    for pair in found.pairs:
        differ = "; ".join(
            d.field.value + (f" ({d.how})" if d.how else "") for d in differences(pair) if d.agrees is False
        )
        why = "; ".join(f"{name} {value:g}" for name, value in pair.features)
        km = "" if pair.km is None else f"{pair.km:.1f}"
        yield ("matched", f"{pair.score:.2f}", why, *_side_by_side(pair.ours, pair.theirs, km), differ)
    for one in found.only_ours:
        status = "beside a matched one" if one.id in found.beside else "only ours"
        yield (status, "", "", *_side_by_side(one, None, ""), "")
    for one in found.only_theirs:
        yield ("only theirs", "", "", *_side_by_side(None, one, ""), "")


def _side_by_side(ours: Happening | None, theirs: Happening | None, km: str) -> Iterable[str]:
    """The cells of `HEAD` from our_id to their_sources."""
    cells = [_cells(one) if one is not None else [""] * 7 for one in (ours, theirs)]
    pairs = [cell for two in zip(*cells, strict=True) for cell in two]
    return [*pairs[:2], km, *pairs[2:]]


def _cells(one: Happening) -> list[str]:
    from reportedly.export.compare.differ import days, killed

    place = next(iter(one.where.names), "")
    return [one.id, days(one), place, " · ".join(one.codes), killed(one), "; ".join(one.sides), "; ".join(one.sources)]
