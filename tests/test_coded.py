"""The guide's JSON to records and back, and what its check finds."""

from __future__ import annotations

import copy
import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.coded import check, from_coded, to_coded
from reportedly.errors import CorpusError
from reportedly.types import Candidate, Event, Figure, Link, Part, Party, Reading, Report, Span, Statement, When

CORPUS = Path(__file__).parent.parent / "corpus"
TEXT = (
    "The mayor said that shells had hit Market Street, killing two. "
    "“Shells fell 🙂 all night,” a baker told Harbour Radio."
)


def hand() -> dict[str, Any]:
    """A sound report in the hand form."""
    return {
        "id": "r1",
        "outlet": "Harbour Radio",
        "published": "2031-05-04",
        "title": None,
        "lang": "en",
        "text": TEXT,
        "statements": [
            {
                "id": "s1",
                "source": "The mayor",
                "cue": "said",
                "content": ["that shells had hit Market Street, killing two"],
                "speaker": "unnamed mayor",
                "side": None,
                "speaker_kind": "government",
                "told_to": None,
                "stance": "say",
                "said_on": "2031-05-03",
            },
            {
                "id": "s2",
                "source": "a baker",
                "cue": "told",
                "content": "“Shells fell 🙂 all night,”",
                "speaker": "unnamed baker",
                "side": None,
                "speaker_kind": "witness",
                "told_to": "Harbour Radio",
                "stance": "say",
                "said_on": None,
            },
        ],
        "events": [
            {
                "id": "e1",
                "trigger": "hit",
                "kind": "shelling",
                "status": "asserted",
                "agents": [],
                "targets": [{"text": "two", "name": "people"}],
                "places": [{"text": "Market Street", "name": "Market Street", "country": "FIN"}],
                "times": [],
                "start": "2031-05-01",
                "end": "2031-05-02",
                "weapons": ["shells"],
                "toll": [{"effect": "killed", "text": "two", "low": 2, "high": 2, "who": "people"}],
                "statement": "s1",
                "same_as": None,
                "incident": "market",
            },
            {
                "id": "e2",
                "trigger": "fell",
                "kind": "shelling",
                "status": "asserted",
                "agents": [],
                "targets": [],
                "places": [],
                "times": ["all night"],
                "start": None,
                "end": None,
                "weapons": ["Shells"],
                "toll": [],
                "statement": "s2",
                "same_as": "e1",
            },
        ],
    }


def test_hand_form_becomes_records() -> None:
    report, reading = from_coded(hand(), where="corpus.jsonl:1")
    assert report.published == date(2031, 5, 4)
    assert report.origin == "corpus.jsonl:1"
    mayor, baker = reading.statements
    assert [s.of(TEXT) for s in mayor.source] == ["The mayor"]
    assert [s.of(TEXT) for s in baker.content] == ["“Shells fell 🙂 all night,”"]
    assert [s.of(TEXT) for s in baker.told_to] == ["Harbour Radio"]
    assert mayor.told_to == ()
    hit, fell = reading.events
    assert hit.trigger.of(TEXT) == "hit"
    assert (hit.first, hit.last) == (date(2031, 5, 1), date(2031, 5, 2))
    assert hit.places[0].best is not None
    assert hit.places[0].best.country == "FIN"
    assert hit.toll == (Figure("killed", hit.targets[0].text, 2, 2, "people"),)
    assert (fell.same_as, fell.statement) == ("e1", "s2")
    assert reading.run == "gold"


def test_resolved_form_comes_back_as_the_same_records() -> None:
    report, reading = from_coded(hand(), where="x")
    coded = json.loads(json.dumps(to_coded(report, reading)))
    assert coded["events"][0]["trigger"] == [TEXT.index("hit"), TEXT.index("hit") + 3]
    assert from_coded(coded, where="x") == (report, reading)


def test_machine_form_carries_what_was_looked_up() -> None:
    place = Candidate("geonames:658225", "Helsinki", 3.2, country="FIN", lat=60.2, lon=24.9)
    force = Candidate("actor:harbour", "Harbour Guard", 1.0, kind="armed_group")
    reading = Reading(
        "r",
        "run1",
        statements=(Statement("s1", (), (), (Span(0, 5),), "say", "unknown", score=0.123456),),
        events=(
            Event(
                "e1",
                Span(0, 3),
                "clash",
                "asserted",
                places=(Link(Span(4, 9), "H.", place, (), "exact", 5.0),),
                score=1.0,
            ),
        ),
        times=(When(Span(0, 2), "DATE", "2031-05", date(2031, 5, 1), date(2031, 5, 31), "text"),),
        toponyms=(Link(Span(4, 9), "H.", place, (), "exact", 5.0), Link(Span(0, 3), "Nowhere")),
        actors=(Link(Span(0, 3), "guard", force), Link(Span(0, 3), "bakers")),
    )
    coded = to_coded(Report("r", "Old mayor", url="https://example.org/1"), reading)
    assert coded["statements"][0]["score"] == 0.1235
    assert coded["events"][0]["places"][0] == {
        "text": [4, 9],
        "name": "Helsinki",
        "country": "FIN",
        "geonameid": 658225,
        "lat": 60.2,
        "lon": 24.9,
        "precision": "exact",
        "radius_km": 5.0,
    }
    assert coded["times"] == [
        {"text": [0, 2], "type": "DATE", "value": "2031-05", "start": "2031-05-01", "end": "2031-05-31"}
    ]
    assert [t["name"] for t in coded["toponyms"]] == ["Helsinki", None]
    assert coded["toponyms"][1]["lat"] is None
    assert [a["id"] for a in coded["actors"]] == ["actor:harbour", None]
    assert check(coded) == []
    assert from_coded(coded, where="x")[1].toponyms[0].best == Candidate(
        "geonames:658225", "Helsinki", 1.0, country="FIN", lat=60.2, lon=24.9
    )


def test_parts_and_running_totals_of_tolls_come_back() -> None:
    text = "Five clerks, two of them women, died; 90 since 2011."
    of_them = Part(Span(13, 16), 2, 2, "women", "women")
    toll = (
        Figure("killed", Span(0, 11), 5, 5, "clerks", (of_them,)),
        Figure("killed", Span(38, 40), 90, 90, running=True),
        Figure("injured", Span(0, 11), 5, None),
    )
    reading = Reading("r", "run1", events=(Event("e1", Span(32, 36), "attack", "asserted", toll=toll),))
    coded = json.loads(json.dumps(to_coded(Report("r", text), reading)))
    assert check(coded) == []
    assert from_coded(coded, where="x")[1].events == reading.events
    assert coded["events"][0]["toll"][0]["parts"][0] == {
        "text": [13, 16], "low": 2, "high": 2, "who": "women", "group": "women",
    }  # fmt: skip
    assert set(coded["events"][0]["toll"][2]) == {"effect", "text", "low", "high", "who"}
    coded["events"][0]["toll"][0]["parts"][0]["low"] = 3
    coded["events"][0]["toll"][1]["running"] = "yes"
    assert len(check(coded)) == 2


def test_pieces_are_put_in_order_and_joined() -> None:
    coded = hand()
    coded["statements"][0]["content"] = [[20, 30], [4, 9], [25, 40]]
    assert from_coded(coded, where="x")[1].statements[0].content == (Span(4, 9), Span(20, 40))


def test_occurrences_are_counted_as_whole_words() -> None:
    coded = hand()
    coded["text"] = "Hit, he hitched: hit; a hit."
    coded["statements"] = []
    coded["events"] = [hand()["events"][1] | {"trigger": "hit@@2", "weapons": [], "times": [], "same_as": None}]
    coded["events"][0]["statement"] = None
    assert from_coded(coded, where="x")[1].events[0].trigger == Span(24, 27)
    coded["events"][0]["trigger"] = "hit"
    assert check(coded) == ["r1: e2.trigger: occurs 2 times, add @@n: 'hit'"]


def change(coded: dict[str, Any], path: str, value: object) -> None:
    """Sets the field at a path such as `events.0.kind`."""
    *steps, last = path.split(".")
    at: Any = coded
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("id", None, "id: missing"),
        ("text", "", "text: missing or empty"),
        ("published", "2031-02-30", "published: not an ISO date: '2031-02-30'"),
        ("published", "20310203", "published: not an ISO date: '20310203'"),
        ("title", 7, "title: not a string: 7"),
        ("statements", {"id": "s1"}, "statements: not a list of objects"),
        ("statements.0", "s1", "statements: not a list of objects"),
        ("statements.0.source", "The baker", "s1.source: not in the text: 'The baker'"),
        ("statements.0.cue", "said@@2", "s1.cue: occurs only 1 times: 'said@@2'"),
        ("statements.0.cue", "said@@x", "s1.cue: occurs only 1 times: 'said@@x'"),
        ("statements.0.cue", 12, "s1.cue: no quote: 12"),
        ("statements.0.content", [], "s1.content: empty"),
        ("statements.0.content", [[3, 9999]], "s1.content: offsets [3, 9999] lie outside the text"),
        ("statements.0.content", [5, 5], "s1.content: offsets [5, 5] lie outside the text"),
        ("statements.0.stance", "shout", "s1.stance: 'shout' is none of say claim"),
        ("statements.0.speaker_kind", ["x"], "s1.speaker_kind: ['x'] is none of government"),
        ("statements.0.inside", "s9", "s1.inside: no such statement: 's9'"),
        ("statements.0.inside", "s1", "s1.inside: the statement lies inside itself"),
        ("statements.1.id", "s1", "statements: the id 's1' is used more than once"),
        ("events.0.trigger", None, "e1.trigger: no quote: None"),
        ("events.0.kind", "picnic", "e1.kind: 'picnic' is none of clash"),
        ("events.0.status", None, "e1.status: None is none of asserted"),
        ("events.0.targets.0.text", None, "e1.targets: no quote: None"),
        ("events.0.end", "2031-04-30", "e1.end: 2031-04-30 is before the start, 2031-05-01"),
        ("events.0.toll.0.high", 1, "e1.toll: low 2 and high 1 are no range"),
        ("events.0.toll.0.low", True, "e1.toll: low True and high 2 are no range"),
        ("events.0.statement", "e1", "e1.statement: no such statement: 'e1'"),
        ("events.1.same_as", "e2", "e2.same_as: no other event: 'e2'"),
        ("events.1.incident", 3, "e2.incident: not a string: 3"),
        ("events.1.id", None, "events: an entry has no id"),
    ],
)
def test_each_fault_is_named(path: str, value: object, fault: str) -> None:
    coded = hand()
    change(coded, path, value)
    found = check(coded)
    assert any(f.split(": ", 1)[1].startswith(fault) for f in found), found
    with pytest.raises(CorpusError) as caught:
        from_coded(coded, where="f.jsonl:3")
    assert caught.value.where == "f.jsonl:3"


def test_every_fault_of_an_entry_is_found() -> None:
    coded = hand()
    coded["events"][0] |= {"trigger": "nope", "kind": "nope", "status": "nope"}
    assert len(check(coded)) == 3
    with pytest.raises(CorpusError, match=r"not in the text.*and 2 more"):
        from_coded(coded, where="x")


@pytest.mark.parametrize("obj", [None, [], "text", 3, {}])
def test_what_is_no_report_is_refused(obj: object) -> None:
    assert check(obj)
    with pytest.raises(CorpusError):
        from_coded(obj, where="x")


def test_sound_report_has_no_fault_and_is_not_changed() -> None:
    coded = hand()
    before = copy.deepcopy(coded)
    assert check(coded) == []
    assert coded == before


@pytest.mark.parametrize("name", ["train.jsonl", "dev.jsonl"])
def test_the_corpus_keeps_to_the_guide(name: str) -> None:
    for line in (CORPUS / name).read_text(encoding="utf-8").split("\n"):
        if line:
            obj = json.loads(line)
            assert check(obj) == []
            coded = to_coded(*from_coded(obj, where=name))
            assert [e["trigger"] for e in coded["events"]] == [e["trigger"] for e in obj["events"]]
            assert [s["cue"] for s in coded["statements"]] == [s["cue"] for s in obj["statements"]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    *("id", "text", "published", "statements", "events", "times", "toponyms", "actors", "statements.0", "events.0"),
    *(f"statements.0.{f}" for f in ("id", "source", "content", "told_to", "stance", "inside", "said_on", "score")),
    *(f"events.0.{f}" for f in ("id", "trigger", "kind", "agents", "places", "times", "toll", "same_as", "start")),
    *("events.0.places.0", "events.0.toll.0.low", "events.0.targets.0.text"),
]


@given(path=st.sampled_from(PATHS), value=JSON)
def test_whatever_stands_in_a_field_is_a_fault_or_sound(path: str, value: object) -> None:
    coded = hand()
    change(coded, path, value)
    if check(coded):
        with pytest.raises(CorpusError):
            from_coded(coded, where="x")
    else:
        report, reading = from_coded(coded, where="x")
        assert from_coded(to_coded(report, reading), where="x") == (report, reading)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30)), min_size=1, max_size=5))
def test_content_comes_back_whole(ranges: list[tuple[int, int]]) -> None:
    spans = [[s, min(s + n, len(TEXT))] for s, n in ranges]
    coded = hand()
    coded["statements"][0]["content"] = spans
    content = from_coded(coded, where="x")[1].statements[0].content
    assert {i for s in content for i in range(s.start, s.end)} == {i for a, b in spans for i in range(a, b)}
    assert all(a.end <= b.start for a, b in pairwise(content))


def test_party_without_a_name_stays_without() -> None:
    report = Report("r", "Guns fired.")
    event = Event("e", Span(5, 10), "clash", "asserted", agents=(Party(Span(0, 4)),))
    coded = to_coded(report, Reading("r", "run", events=(event,)))
    assert coded["events"][0]["agents"] == [{"text": [0, 4], "name": None}]
    assert from_coded(coded, where="x")[1].events[0].agents[0].name is None
