"""Each verdict, by the example that the rules give for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportedly.link.agreement import VERDICTS, Agreement, agree
from reportedly.link.names import Names, load_names
from reportedly.link.voices import Heard, independent
from reportedly.types import Claim, Figure, Span

DAY = date(2024, 5, 2)
NEXT = date(2024, 5, 3)


@pytest.fixture(scope="module")
def names() -> Names:
    return load_names()


def claim(name: str, report: str = "r1", **more: object) -> Claim:
    """A strike on a school in Sarmada; `killed` is (low, high, who)."""
    killed = more.pop("killed", None)
    toll = (Figure("killed", Span(0, 4), *killed),) if killed else ()  # type: ignore[misc]
    plain = Claim(
        id=name,
        report=report,
        run="run-1",
        event="e1",
        statement=None,
        outlet="The Courier",
        speaker=None,
        side=None,
        speaker_kind=None,
        told_to=None,
        stance=None,
        said_on=None,
        kind="shelling",
        status="asserted",
        agents=(),
        targets=(),
        place="Sarmada",
        country="SYR",
        lat=36.18,
        lon=36.72,
        precision="near",
        radius_km=3.0,
        first=DAY,
        last=DAY,
        toll=toll,
        evidence=(Span(0, 4),),
        score=None,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def said(name: str, speaker: str, side: str | None = None, report: str = "r1", **more: object) -> Claim:
    return claim(name, report, statement="s1", speaker=speaker, side=side, speaker_kind="unknown", stance="say", **more)


def verdict(fact: str, names: Names, *heard: Heard) -> Agreement:
    found = {a.fact: a for a in agree(heard, names)}
    assert {a.fact: a for a in agree(heard[::-1], names)} == found
    assert found[fact].verdict in VERDICTS
    return found[fact]


def test_single_one_agency_story_in_five_papers(names: Names) -> None:
    heard = [Heard(claim(f"c{n}", f"r{n}", outlet=f"Paper {n}"), "one-text", DAY) for n in range(5)]
    found = verdict("happened", names, *heard)
    assert (found.verdict, found.origins) == ("single", 1)
    assert found.reason == "one origin, in 5 reports"


def test_one_speaker_in_three_papers_is_one_origin() -> None:
    heard = [Heard(said(f"c{n}", "Col. Amin", "Hill Army", f"r{n}"), f"text-{n}", DAY) for n in range(3)]
    assert independent(heard) == 1


def test_corroborated_by_a_hospital_and_a_witness(names: Names) -> None:
    hospital = Heard(said("c1", "unnamed doctor", report="r1"), "t1", DAY)
    witness = Heard(said("c2", "unnamed resident", report="r2"), "t2", DAY)
    found = verdict("happened", names, hospital, witness)
    assert (found.verdict, found.origins) == ("corroborated", 2)


def test_acknowledged_by_the_army_that_did_it(names: Names) -> None:
    people = Heard(said("c1", "unnamed resident", agents=("Hill Army",)), "t1", DAY)
    army = Heard(said("c2", "Col. Amin", "Hill Army", "r2", agents=("Hill Army",)), "t2", NEXT)
    assert verdict("happened", names, people, army).verdict == "acknowledged"
    assert verdict("who", names, people, army).verdict == "acknowledged"
    assert verdict("where", names, people, army).verdict == "corroborated"


def test_the_army_alone_acknowledges_nothing(names: Names) -> None:
    army = Heard(said("c1", "Col. Amin", "Hill Army", agents=("Hill Army",), targets=("militants",)), "t1", DAY)
    assert verdict("happened", names, army).verdict == "single"


def test_disputed_numbers(names: Names) -> None:
    ministry = Heard(said("c1", "the ministry", "Northland", killed=(9, 9, "people")), "t1", DAY)
    doctor = Heard(said("c2", "unnamed doctor", report="r2", killed=(14, 14, "people")), "t2", DAY)
    found = verdict("killed", names, ministry, doctor)
    assert found.verdict == "disputed"
    assert {v.value for v in found.versions} == {"9 killed (people)", "14 killed (people)"}
    assert "the ministry" in found.reason


def test_at_least_nine_does_not_contradict_twelve(names: Names) -> None:
    least = Heard(said("c1", "the ministry", "Northland", killed=(9, None, "people")), "t1", DAY)
    twelve = Heard(said("c2", "unnamed doctor", report="r2", killed=(12, 12, "people")), "t2", DAY)
    assert verdict("killed", names, least, twelve).verdict != "disputed"


def test_disputed_by_a_denial(names: Names) -> None:
    people = Heard(said("c1", "unnamed resident", agents=("Hill Army",)), "t1", DAY)
    army = Heard(said("c2", "Col. Amin", "Hill Army", "r2", agents=("Hill Army",), status="denied"), "t2", NEXT)
    assert verdict("happened", names, people, army).verdict == "disputed"
    assert verdict("who", names, people, army).verdict == "disputed"


def test_disputed_whether_the_dead_were_fighters(names: Names) -> None:
    army = Heard(said("c1", "Col. Amin", "Hill Army", targets=("militants",)), "t1", DAY)
    people = Heard(said("c2", "unnamed resident", report="r2", targets=("farmers",)), "t2", DAY)
    assert verdict("whom", names, army, people).verdict == "disputed"


def test_disputed_place(names: Names) -> None:
    here = Heard(claim("c1", outlet="A"), "t1", DAY)
    there = Heard(claim("c2", "r2", outlet="B", place="Tell Amud", lat=37.1, lon=41.0), "t2", DAY)
    assert verdict("where", names, here, there).verdict == "disputed"


def test_two_sides_that_fought_contradict_nobody(names: Names) -> None:
    one = Heard(said("c1", "Col. Amin", "Hill Army", agents=("Hill Army",), targets=("River Front",)), "t1", DAY)
    other = Heard(
        said("c2", "Abu Nur", "River Front", "r2", agents=("River Front",), targets=("Hill Army",)), "t2", DAY
    )
    assert verdict("who", names, one, other).verdict != "disputed"


def test_revised_by_the_police(names: Names) -> None:
    first = Heard(said("c1", "police", "Northland Police", killed=(3, 3, "people")), "t1", DAY)
    then = Heard(said("c2", "police", "Northland Police", "r2", killed=(5, 5, "people")), "t2", NEXT)
    found = verdict("killed", names, first, then)
    assert found.verdict == "revised"
    assert found.reason == "police now says '5 killed (people)', and no longer '3 killed (people)'"
    assert [(v.value, v.holders[0].now) for v in sorted(found.versions, key=lambda v: v.value)] == [
        ("3 killed (people)", False),
        ("5 killed (people)", True),
    ]


def test_who_denies_what_his_own_side_said_is_in_dispute_with_others(names: Names) -> None:
    people = Heard(said("c1", "unnamed resident", agents=("Hill Army",)), "t1", DAY)
    soldier = Heard(said("c2", "unnamed soldier", "Hill Army", "r2", agents=("Hill Army",)), "t2", NEXT)
    colonel = Heard(said("c3", "Col. Amin", "Hill Army", "r3", agents=("Hill Army",), status="denied"), "t3", NEXT)
    assert verdict("happened", names, people, soldier, colonel).verdict == "disputed"


def test_what_is_only_feared_is_no_version(names: Names) -> None:
    assert agree([Heard(claim("c1", status="possible"), "t1", DAY)], names) == ()


def test_holders_say_since_when_and_through_whom(names: Names) -> None:
    first = Heard(said("c1", "Dr. Sami", report="r1", told_to="AFP", said_on=DAY), "t1", NEXT)
    again = Heard(said("c2", "Dr. Sami", report="r2", outlet="The Bay Tribune"), "t2", NEXT)
    (holder,) = verdict("happened", names, again, first).versions[0].holders
    assert (holder.who, holder.since, holder.claims) == ("Dr. Sami", DAY, ("c1", "c2"))
    assert holder.through == ("AFP", "The Courier", "The Bay Tribune")


def test_the_page_on_agreement_has_every_verdict_in_order() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-it-decides" / "agreement.md").read_text("utf-8")
    rows = [line.split("|")[1].strip().strip("`") for line in page.splitlines() if line.startswith("| `")]
    assert tuple(rows) == VERDICTS
