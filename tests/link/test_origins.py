"""Copies and rewrites are one origin; another text about the same thing is not."""

from __future__ import annotations

from datetime import date

from reportedly.link.names import load_names
from reportedly.link.origins import find_origins, renew_origins, sketch
from reportedly.types import Report

WIRE = (
    "SARMADA, May 2 - Warplanes struck a covered market in the northern town of Sarmada on Thursday, killing at least"
    " nine stallholders and wounding two dozen, the director of Bab al-Hawa hospital, Dr Anas Keilani, told Meridian."
    " “We ran out of plasma within the hour,” Keilani said by telephone. Rescuers pulled the greengrocer Abu Yasin from"
    " the rubble shortly before dusk. The army spokesman, Colonel Nadim Sobh, denied that any sortie was flown."
)
COPY = WIRE.replace("SARMADA, May 2 - ", "").replace(" Rescuers pulled", " Late in the day rescuers pulled")
REWRITE = (
    "At least nine stallholders died when warplanes struck the covered market in Sarmada on Thursday, Dr Anas Keilani,"
    " director of Bab al-Hawa hospital, told Meridian. “We ran out of plasma within the hour,” Keilani said. The"
    " greengrocer Abu Yasin was pulled from the rubble shortly before dusk. Army spokesman Colonel Nadim Sobh denied"
    " that any sortie was flown."
)
OTHER = (
    "Residents of Sarmada buried their dead on Friday, a day after bombs fell on the bazaar. Umm Khaled, whose two sons"
    " sold cloth near the bakery, counted eleven graves. Volunteers of the Hill Rescue said that the jets came twice"
    " within twenty minutes, first over the silo and then over the crossroads, where the schoolbus was parked."
)

DAY, NEXT = date(2024, 5, 2), date(2024, 5, 3)


def reports() -> list[Report]:
    texts = (("wire", WIRE, DAY), ("copy", COPY, NEXT), ("rewrite", REWRITE, NEXT), ("other", OTHER, NEXT))
    late = Report("later", REWRITE, "The Almanac", date(2025, 5, 2))
    return [Report(name, text, name, day) for name, text, day in texts] + [late]


def test_copies_and_rewrites_are_one_origin_the_earliest_first() -> None:
    groups = [o.reports for o in find_origins(reports())]
    assert ("wire", "copy", "rewrite", "later") in groups  # the same words a year later are a copy still
    assert ("other",) in groups


def test_the_order_of_reports_does_not_matter() -> None:
    assert find_origins(reports()) == find_origins(reports()[::-1])


def test_renewing_gives_the_same() -> None:
    names = load_names()
    every = reports()
    days = {r.id: r.published.toordinal() if r.published else None for r in every}
    known = find_origins(every[:2], names)
    assert renew_origins(known, [sketch(r, names) for r in every], days) == find_origins(every, names)


def test_headlines_are_no_copies() -> None:
    short = [Report(n, f"Nine killed in Sarmada {n}", None, DAY) for n in ("a", "b")]
    assert len(find_origins(short)) == 2
