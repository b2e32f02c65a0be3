"""Which claims are held to tell of one happening, and which are not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from reportedly.ids import judgement_id
from reportedly.link.judged import Bonds
from reportedly.link.linker import Read
from reportedly.types import Judgement
from tests.link.stories import Told, grouped, linker, read

DAY = date(2024, 5, 2)
NEXT = DAY + timedelta(days=1)

STRIKE = Told(
    "Warplanes struck the market of Sarmada on Thursday morning, killing nine.",
    "struck",
    "air_strike",
    DAY,
    agent="Warplanes",
    target="the market",
    place="Sarmada",
    at=(36.18, 36.72),
    time="Thursday morning",
    killed=(9, 9),
)
AGAIN = Told("The strike hit stalls, a medic told.", "strike", "air_strike", DAY, speaker="a medic", target="stalls")
NIGHT = Told(
    "Warplanes struck a mill at Sarmada on Thursday night, killing two.",
    "struck",
    "air_strike",
    DAY,
    agent="Warplanes",
    target="a mill",
    place="Sarmada",
    at=(36.18, 36.72),
    time="Thursday night",
    killed=(2, 2),
)
ELSEWHERE = Told(
    "Gunmen abducted a driver near Tell Amud on Thursday.",
    "abducted",
    "abduction",
    DAY,
    target="a driver",
    place="Tell Amud",
    at=(37.1, 41.0),
)
SUMMARY = Told(
    "Since October strikes have killed 2,614 people, it counted.",
    "killed",
    "killing",
    date(2023, 10, 1),
    until=DAY,
    killed=(2614, 2614),
)


def day() -> list[Read]:
    return [
        read("a", [STRIKE, AGAIN, ELSEWHERE], published=NEXT),
        read("b", [STRIKE, SUMMARY], published=NEXT, outlet="The Bay Tribune"),
        read("c", [NIGHT], published=NEXT, outlet="Hill Radio"),
        read("d", [SUMMARY], published=NEXT, outlet="Hill Radio"),
    ]


def test_one_happening_many_tellers() -> None:
    assert frozenset({"a e1", "a e2", "b e1"}) in grouped(day())


def test_a_strike_in_the_morning_and_one_at_night_stay_two() -> None:
    assert frozenset({"c e1"}) in grouped(day())


def test_another_kind_elsewhere_stays_apart() -> None:
    assert frozenset({"a e3"}) in grouped(day())


def test_a_summary_is_no_incident() -> None:
    reads = day()
    told = {name for group in grouped(reads) for name in group}
    assert not {"b e2", "d e1"} & told
    linked = linker().link(reads)
    assert {c.id for _, _, claims in reads for c in claims} == set(linked.neighbourhoods)


def test_every_link_has_its_reason_and_its_parts_sum_to_its_score() -> None:
    incident = next(i for i in linker().link(day()).incidents if len(i.claims) == 3)
    assert len(incident.links) == 2
    for link in incident.links:
        assert link.left < link.right
        assert link.score == pytest.approx(sum(value for _, value in link.features))
    across = " / ".join(link.reason for link in incident.links)
    assert "same day" in across
    assert "same place" in across


def test_chains_do_not_join() -> None:
    """Each of these is near the next one, and the first is far from the last."""
    chain = [
        Told(
            f"Fighters shelled Kafr {name} on Thursday.",
            "shelled",
            "shelling",
            DAY + timedelta(days=n),
            agent="Fighters",
            place=f"Kafr {name}",
            at=(36.0 + n / 10, 36.5),
        )
        for n, name in enumerate(("Alif", "Ba", "Ta", "Tha"))
    ]
    groups = grouped([read(f"r{n}", [t], published=t.day or DAY) for n, t in enumerate(chain)])
    assert not any({"r0 e1", "r3 e1"} <= group for group in groups)


def test_the_order_of_arrival_does_not_matter() -> None:
    reads = many(12)
    whole = linker().link(reads)
    arrived: list[Read] = []
    neighbourhoods: dict[str, str] = {}
    incidents: dict[str, object] = {}
    waiting = reads[:]
    random.Random(3).shuffle(waiting)
    while waiting:
        some, waiting = waiting[:4], waiting[4:]
        arrived = sorted([*arrived, *some], key=lambda r: r[0].id)
        fresh = {c.id for _, _, claims in some for c in claims}
        made = linker().link(arrived, fresh=fresh, known=neighbourhoods)
        neighbourhoods |= made.neighbourhoods
        gone = set(made.neighbourhoods)
        incidents = {k: i for k, i in incidents.items() if not gone & set(i.claims)}  # type: ignore[attr-defined]
        incidents |= {i.id: i for i in made.incidents}
        assert made.compared <= whole.compared
    assert neighbourhoods == whole.neighbourhoods
    assert [incidents[k] for k in sorted(incidents)] == whole.incidents


def many(count: int) -> list[Read]:
    made = []
    for n in range(count):
        when = DAY + timedelta(days=n % 3)
        one = Told(
            f"Gunmen shot {n % 4 + 3} people at Kafr {n % 4} on that day.",
            "shot",
            "shooting",
            when,
            agent="Gunmen",
            place=f"Kafr {n % 4}",
            at=(36.0 + n % 4, 36.5),
            killed=(n % 4 + 3, n % 4 + 3),
        )
        made.append(read(f"r{n:02d}", [one, AGAIN], published=when))
    return made


def judged(action: str, reads: Sequence[Read], *names: str) -> Judgement:
    ids = {f"{c.report} {c.event}": c.id for _, _, claims in reads for c in claims}
    subjects = tuple(ids[n] for n in names)
    return Judgement(
        judgement_id(action, "Ann", action, subjects), datetime(2024, 5, 4, tzinfo=UTC), "Ann", action, subjects
    )


def test_what_people_decide_is_kept_and_can_be_undone() -> None:
    reads = day()
    merge = judged("merge", reads, "c e1", "b e1")
    split = judged("split", reads, "a e2", "a e1", "b e1", "c e1")
    undo = Judgement("undo-1", merge.made, "Ben", "undo", (merge.id, split.id))
    groups = grouped(reads, bonds=Bonds([merge, split]))
    assert any({"b e1", "c e1"} <= g for g in groups)
    assert frozenset({"a e2"}) in groups
    assert grouped(reads, bonds=Bonds([merge, split, undo])) == grouped(reads)
    linked = linker().link(reads, bonds=Bonds([merge]))
    assert merge.id in {link.judgement for i in linked.incidents for link in i.links}
