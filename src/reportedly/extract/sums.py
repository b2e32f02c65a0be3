"""The toll of one incident, summed from the events of one report that tells of it.

A report counts the same people again and again: in the headline, by group, in a second sentence. So figures are summed
only where they count different people. Nothing is made up: each end of a sum is a sum of figures that were read.

what counts       what is told as having happened. Denied, planned, feared and demanded tolls are left out
one mention       counted once, however many events it belongs to ("a bomb killed two")
one event         the sum of its figures, unless the largest is the sum of the others: then it is the total of its parts
same happening    of an event and what mentions it again the largest figure: later mentions repeat it or name a part
several           tolls of different happenings add up, unless the report gives the same figure again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportedly.types import Event, Figure, Span

Range = tuple[int, int | None]
"""Low and high, both included; `None` for an open range."""


def sum_toll(events: Sequence[Event], effect: str) -> Range | None:
    """The toll of `effect` over the events of one report about one incident; `None` where no figure is told."""
    first = {e.id: e.same_as or e.id for e in events}
    seen: set[Span] = set()
    happenings: dict[str, list[Range]] = {}
    for event in events:
        figures = [f for f in event.toll if f.effect == effect and f.text not in seen]
        if event.status != "asserted" or not figures:
            continue
        seen.update(f.text for f in figures)
        happenings.setdefault(first[event.id], []).append(_event_toll(figures))
    tolls = [max(told, key=_size) for told in happenings.values()]
    return _add(dict.fromkeys(tolls)) if tolls else None


def _event_toll(figures: Sequence[Figure]) -> Range:
    largest = max(figures, key=lambda f: f.low)
    others = sum(f.low for f in figures) - largest.low
    if len(figures) > 2 and largest.low == others:
        return largest.low, largest.high
    return _add((f.low, f.high) for f in figures)


def _add(tolls: Iterable[Range]) -> Range:
    low, high = 0, 0
    open_ended = False
    for least, most in tolls:
        low += least
        high += most or 0
        open_ended |= most is None
    return low, None if open_ended else high


def _size(toll: Range) -> tuple[int, int]:
    return toll[0], toll[1] or toll[0]


def told_range(events: Sequence[Event], effect: str) -> Range | None:
    """The lowest and the highest toll of `effect` that anyone in the report gives; `None` where no figure is told."""
    tolls = [_event_toll(figures) for e in events if (figures := [f for f in e.toll if f.effect == effect])]
    if not tolls:
        return None
    return min(low for low, _ in tolls), max(high or low for low, high in tolls)
