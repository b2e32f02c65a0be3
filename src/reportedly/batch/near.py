"""Near copies among reports that are to be read: found by their words before the model sees them.

Looked for within a window of reports that come one after another, so that memory stays bounded. What counts as one text
is what `link.origins` says (MinHash over the rarer words); what is read as a copy repeats most of it word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from reportedly.extract.copies import LEAST, shared
from reportedly.link.names import Names, load_names
from reportedly.link.origins import origins_of, sketch
from reportedly.pipeline import Copies
from reportedly.types import Report

T = TypeVar("T")

WINDOW = 4096
"""Reports among which copies are looked for; of 5,000 characters each, with what is compared, they take some 60 MB."""


def gather(items: Iterable[Report | T], *, window: int = WINDOW) -> Iterator[Report | Copies | T]:
    """`items` with near copies together, at the place of the first; all others, and what is no report, in their order.

    Each report comes once. The same items give the same result.
    """
    names = load_names()
    held: list[Report | T] = []
    count = 0
    for item in items:
        held.append(item)
        count += isinstance(item, Report)
        if count == window:
            yield from _together(held, names)
            held, count = [], 0
    yield from _together(held, names)


def _together(held: Sequence[Report | T], names: Names) -> Iterator[Report | Copies | T]:
    # An id that comes twice is the reader's business, not a copy.
    reports: dict[str, Report] = {}
    for item in held:
        if isinstance(item, Report):
            reports.setdefault(item.id, item)
    place = {name: number for number, name in enumerate(reports)}
    copies: dict[str, list[Report]] = {}
    for origin in origins_of([sketch(report, names) for report in reports.values()]):
        first, *others = sorted(origin.reports, key=place.__getitem__)
        alike = [r for r in others if shared(reports[first].text, reports[r].text) >= LEAST]
        if alike:
            copies[first] = [reports[r] for r in alike]
    carried = {id(report) for group in copies.values() for report in group}
    for item in held:
        if not isinstance(item, Report):
            yield item
        elif id(item) in carried:
            continue
        elif reports[item.id] is item and item.id in copies:
            yield Copies((item, *copies[item.id]))
        else:
            yield item
