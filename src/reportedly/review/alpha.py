"""Krippendorff's alpha: how far coders agree beyond what chance would give.

    alpha = 1 - D_o / D_e

1 is full agreement, 0 what is to be expected if values were dealt out by chance, below 0 worse than that. `alpha` is
for values given to units that are the same for all coders (Krippendorff, *Content Analysis*, 2nd edition, 2004,
section 11.3; any number of coders, values may be missing). `unitising` is for the units themselves, stretches of a text
that each coder marked (section 11.5; Krippendorff, "On the reliability of unitizing continuous data", *Sociological
Methodology* 25, 1995, pages 47 to 76).

Sets are compared by MASI (Passonneau, "Measuring Agreement on Set-valued Items", LREC 2006): 1 - J·M, where J is the
share of members in common and M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else 0.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import Any

from reportedly.types import Span

Distance = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Alpha:
    """What was measured. `value` is `None` where alpha is not defined: nothing to compare, or no variation.

    `units` are those with two values or more (for `unitising`, all that anyone marked); `observed` and `expected` are
    D_o and D_e.
    """

    value: float | None
    units: int
    observed: float
    expected: float


def nominal(one: object, other: object) -> float:
    """0 for the same value, else 1."""
    return 0.0 if one == other else 1.0


def interval(one: float, other: float) -> float:
    """The squared difference."""
    return float(one - other) ** 2


def ratio(one: float, other: float) -> float:
    """The squared difference as a share of the sum: 3 and 6 are as far apart as 300 and 600. Values are 0 or more."""
    return 0.0 if one == other else ((one - other) / (one + other)) ** 2


def masi(one: frozenset[Any], other: frozenset[Any]) -> float:
    """How far two sets are apart, 0 to 1."""
    if one == other:
        return 0.0
    both = len(one & other)
    if not both:
        return 1.0
    share = 2 / 3 if one < other or other < one else 1 / 3
    return 1.0 - share * both / len(one | other)


def alpha(units: Sequence[Sequence[Any]], distance: Distance = nominal) -> Alpha:
    """Alpha of `units`, each the values that its coders gave; a coder who gave none is left out of the unit.

    Values are hashable, and `None` is a value like any other. Units with fewer than two values are passed over.
    """
    paired = [list(values) for values in units if len(values) > 1]
    total = sum(map(len, paired))
    if not total:
        return Alpha(None, 0, 0.0, 0.0)
    observed = 2 * sum(sum(distance(a, b) for a, b in combinations(v, 2)) / (len(v) - 1) for v in paired) / total
    counts = Counter(v for values in paired for v in values)
    kinds = sorted(counts.items(), key=lambda item: repr(item[0]))
    apart = sum(n * m * distance(a, b) for (a, n), (b, m) in combinations(kinds, 2))
    expected = 2 * apart / (total * (total - 1))
    return Alpha(1 - observed / expected if expected else None, len(paired), observed, expected)


def unitising(length: int, coders: Sequence[Sequence[Span]]) -> Alpha:
    """Alpha of the stretches of one kind that each coder marked in a text of `length` code points.

    A coder's stretches are cut where they overlap. Where two stretches of two coders overlap, the squares of the
    distances between their starts and between their ends count; a stretch that lies wholly in another's gap counts with
    the square of its length.
    """
    marked = [_apart(spans) for spans in coders]
    units, m = sum(map(len, marked)), len(marked)
    if m < 2 or not units or length < 2:
        return Alpha(None, units, 0.0, 0.0)
    apart = sum(_apartness(one, other, length) for one, other in combinations(marked, 2))
    observed = 2 * apart / (m * (m - 1) * length**2)
    expected = _expected(marked, length)
    return Alpha(1 - observed / expected if expected else None, units, observed, expected)


def joint(parts: Sequence[Alpha]) -> Alpha:
    """Alpha over several kinds of stretch: their observed disagreement, summed, over the expected one."""
    observed, expected = sum(p.observed for p in parts), sum(p.expected for p in parts)
    units = sum(p.units for p in parts)
    return Alpha(1 - observed / expected if expected else None, units, observed, expected)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The stretches in order, none touching the one before."""
    kept: list[Span] = []
    for span in sorted(spans):
        start = max(span.start, kept[-1].end) if kept else span.start
        if start < span.end:
            kept.append(Span(start, span.end))
    return kept


def _gaps(units: Sequence[Span], length: int) -> list[Span]:
    edges = [0, *(edge for u in units for edge in (u.start, u.end)), length]
    return [Span(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1]]


def _apartness(one: Sequence[Span], other: Sequence[Span], length: int) -> int:
    """The sum of squared differences over all stretches of two coders, each coder's in order and apart."""
    total = sum((a.start - b.start) ** 2 + (a.end - b.end) ** 2 for a, b in _touching(one, other))
    for units, gaps in ((one, _gaps(other, length)), (other, _gaps(one, length))):
        starts = [g.start for g in gaps]
        for unit in units:
            before = bisect_right(starts, unit.start) - 1
            if before >= 0 and gaps[before].holds(unit):
                total += (unit.end - unit.start) ** 2
    return total


def _touching(one: Sequence[Span], other: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """The pairs that share code points, in one walk through both."""
    a = b = 0
    while a < len(one) and b < len(other):
        if one[a].touches(other[b]):
            yield one[a], other[b]
        if one[a].end <= other[b].end:
            a += 1
        else:
            b += 1


def _expected(marked: Sequence[Sequence[Span]], length: int) -> float:
    """What chance would give, if all the coders' stretches and gaps were laid over one another in every way."""
    whole = len(marked) * length
    sizes = Counter(u.end - u.start for units in marked for u in units)
    gaps = sorted(g.end - g.start for units in marked for g in _gaps(units, length))
    sums = [0, *accumulate(gaps)]
    total = 0.0
    for size, many in sizes.items():
        first = bisect_left(gaps, size)
        # The places that a stretch of this size has in the gaps that are long enough for it.
        places = sums[-1] - sums[first] - (len(gaps) - first) * (size - 1)
        total += many * ((sizes.total() - 1) / 3 * (2 * size**3 - 3 * size**2 + size) + size**2 * places)
    among = whole * (whole - 1) - sum(many * size * (size - 1) for size, many in sizes.items())
    return 2 / length * total / among if among else 0.0
