"""`reportedly compare`: a linked ledger of invented reports beside invented events."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.store.incidents import linked_now
from reportedly.types import Candidate, Event, Figure, Incident, Link, Party, Reading, Report, Run, Span
from tests.cli.command import status_of

TEXT = "Shells killed four villagers in Lake Town."
LAKE = Candidate("geonames:1", "Lake Town", 1.0, kind="PPL", country="NOR", lat=61.25, lon=9.75)
EVENTS = """\
event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,location,latitude,longitude,\
geo_precision,fatalities
NOR1,2021-03-02,1,Explosions/Remote violence,Shelling/artillery/missile attack,,Civilians,Norway,Lake Town,61.25,9.75,\
1,7
NOR2,2021-03-03,1,Battles,Armed clash,Hill Front,,Norway,Mill,69.5,20.5,1,0
NOR3,1999-03-03,1,Battles,Armed clash,Hill Front,,Norway,Mill,69.5,20.5,1,0
NOR4,someday,1,Battles,Armed clash,Hill Front,,Norway,Mill,69.5,20.5,1,0
"""


@pytest.fixture
def events(tmp_path: Path) -> str:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return str(path)


def made_ledger(path: Path, *, link: bool = True) -> str:
    """Two reports of shelling on 2 March and 9 June 2021, each an incident of its own."""
    with Ledger.open(path) as ledger:
        ledger.add_run(Run("run-1", "0", "m", "o"))
        incidents = []
        for number, day in enumerate((date(2021, 3, 2), date(2021, 6, 9)), start=1):
            report = Report(f"r{number}", TEXT, "Lake Gazette", day)
            event = Event(
                "e1", Span(0, 6), "shelling", "asserted",
                targets=(Party(Span(14, 28), "villagers"),),
                places=(Link(Span(32, 41), "Lake Town", LAKE, (), "exact", 5),),
                toll=(Figure("killed", Span(14, 28), 4, 4, "villagers"),), first=day, last=day,
            )  # fmt: skip
            reading = Reading(report.id, "run-1", events=(event,))
            claims = make_claims(report, reading)
            ledger.add([(report, reading, claims)])
            incidents.append(Incident(f"incident-{number}", (claims[0].id,)))
        if link:
            hoods = {i.claims[0]: i.id for i in incidents}
            ledger.save_linking(
                linked_now("test", 0), neighbourhoods=hoods, incidents=incidents, origins=(), stale=None
            )
    return str(path)


def test_matched_and_alone_are_counted_and_written(
    tmp_path: Path, events: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "compared.csv"
    assert status_of("compare", made_ledger(tmp_path / "x.db"), events, "--out", str(out)) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "ACLED from 2021-02-28 to 2021-06-11 in NOR" in printed
    assert "matched 1 about 0.0 by chance" in printed
    assert "only ours 1 only ACLED 1" in printed
    assert "killed 0 1 0" in printed
    assert "1 of theirs lie outside" in printed
    assert "1 of theirs not read: its day can't be read" in printed
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [(r["status"], r["our_id"], r["their_id"]) for r in rows] == [
        ("matched", "incident-1", "NOR1"), ("only ours", "incident-2", ""), ("only theirs", "", "NOR2"),
    ]  # fmt: skip
    assert (rows[0]["our_killed"], rows[0]["their_killed"], rows[0]["km"]) == ("4", "7", "0.0")
    assert rows[0]["differ"] == "killed (theirs is higher by 3 at least)"


def test_bounds_narrow_both_sides(tmp_path: Path, events: str, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = made_ledger(tmp_path / "x.db")
    assert status_of("compare", ledger, events, "--to", "2021-03-31", "--country", "nor") == 0
    assert "only ours 0" in " ".join(capsys.readouterr().out.split())
    assert status_of("compare", ledger, events, "--country", "SWE") == 2


def test_what_can_not_be_compared_is_told(tmp_path: Path, events: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("compare", made_ledger(tmp_path / "x.db", link=False), events) == 1
    assert "was never linked" in capsys.readouterr().err
    assert status_of("compare", str(tmp_path / "x.db"), str(tmp_path / "none.csv")) == 2
    assert status_of("compare", str(tmp_path / "x.db"), events, "--out", events) == 2
    assert status_of("compare", str(tmp_path / "x.db"), events, "--days", "-1") == 2
