"""Corpora of incidents and of certainty: tolls, factuality, and on whose word somebody is blamed. All texts made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportedly.evaluate.corpora.blame import Blamed, acts, blamed, confidence
from reportedly.evaluate.corpora.factuality import UW, correlation, factuality_of
from reportedly.evaluate.corpora.incidents import AIRWARS, SATP
from reportedly.evaluate.corpus import Corpus
from reportedly.types import Event, Figure, Party, Reading, Span, Statement

TEXT = "Police said that the Dawn Front had shelled Lake Town, killing two and hurting nine. It denied the raid."


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def put(folder: Path, corpus: str, *objects: dict[str, Any]) -> Path:
    path = folder / corpus / "dev.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps({"id": "i", "text": TEXT} | o) + "\n" for o in objects), encoding="utf-8")
    return folder


def values(corpus: Corpus, folder: Path, *readings: Reading) -> dict[str, tuple[float | None, int]]:
    items = corpus.items(folder, "dev")
    assert len(items) == len(readings)
    pairs = [(gold, reading) for (_, gold), reading in zip(items, readings, strict=True)]
    return {s.name: (s.value, s.of) for s in corpus.score(pairs).scores}


SHELLED = Event(
    "e1",
    at("shelled"),
    "shelling",
    "asserted",
    agents=(Party(at("Dawn Front")),),
    targets=(Party(at("Lake Town")),),
    toll=(Figure("killed", at("two"), 2, 2), Figure("injured", at("nine"), 9, None)),
    statement="s1",
)


def test_satp_asks_for_the_effects_that_an_incident_had(tmp_path: Path) -> None:
    lines = (
        {"deaths": {"total": 2}, "injuries": {"total": 8}},
        {"deaths": {"total": 3}, "injuries": {"total": 0}},
        {"deaths": None, "injuries": {"total": 0}},
    )
    reading = Reading("i", "x", events=(SHELLED,))
    got = values(SATP, put(tmp_path, "satp_coded", *lines), reading, reading)
    assert got == {"killed": (0.5, 2), "injured": (0.0, 1)}


def test_airwars_leaves_unknown_tolls_out(tmp_path: Path) -> None:
    lines = ({"killed": {"min": 2, "max": 5}}, {"killed": {"min": None, "max": None}}, {"killed": None})
    got = values(AIRWARS, put(tmp_path, "airwars", *lines), Reading("i", "x", events=(SHELLED,)))
    assert got == {"killed: low": (1.0, 1), "killed: high": (0.0, 1)}


def test_factuality_judges_the_triggers_that_are_found(tmp_path: Path) -> None:
    def judged(words: str, value: float) -> dict[str, Any]:
        return {"start": at(words).start, "end": at(words).end, "factuality": value}

    line = {"events": [judged("said", 3.0), judged("shelled", 2.0), judged("raid", -3.0)]}
    raid = Event("e2", at("raid"), "advance", "denied")
    got = values(UW, put(tmp_path, "factuality_uw", line), Reading("i", "x", events=(SHELLED, raid)))
    assert got["found"][0] == pytest.approx(2 / 3)
    assert got["correlation"][0] == pytest.approx(1.0)
    assert (got["found"][1], got["correlation"][1]) == (3, 2)
    assert got["mean error"] == (1.0, 2)
    assert got["mean error of always 3"] == (3.5, 2)


def test_a_doubtful_teller_lowers_what_is_asserted_and_nothing_else() -> None:
    denied = Event("e2", at("raid"), "advance", "denied")
    assert factuality_of(SHELLED, None) > factuality_of(SHELLED, "claim") > factuality_of(SHELLED, "think")
    assert factuality_of(denied, "claim") == factuality_of(denied, None) < 0


def test_correlation_of_what_never_varies_is_none() -> None:
    assert correlation([]) is None
    assert correlation([(1.0, 3.0), (2.0, 3.0)]) is None
    assert correlation([(1.0, 3.0), (2.0, 1.0)]) == pytest.approx(-1.0)


GOLD = Blamed((at("Dawn Front"),), (), (at("Lake Town"),), frozenset({"REPORTED AS FACT"}))


def told(event: Event, **fields: Any) -> Reading:
    fields = {
        "stance": "say",
        "speaker_kind": "police",
        "source": (at("Police"),),
        "content": (at("shelled"),),
    } | fields
    return Reading("i", "x", (Statement("s1", cue=(at("said"),), **fields),), (event,))


def test_whose_word_it_is_follows_from_teller_status_and_stance() -> None:
    own_voice = Event("e1", SHELLED.trigger, "shelling", "asserted", agents=SHELLED.agents)
    guess = Event("e1", SHELLED.trigger, "shelling", "possible", agents=SHELLED.agents)
    assert confidence(GOLD, Reading("i", "x", events=(own_voice,))) == "REPORTED AS FACT"
    assert confidence(GOLD, Reading("i", "x", events=(guess,))) == "POSSIBLE"
    assert confidence(GOLD, told(SHELLED, stance="accuse")) == "SUSPECTED OR ACCUSED BY AUTHORITIES"
    assert confidence(GOLD, told(SHELLED, stance="accuse", speaker_kind="witness")) == "SUSPECTED OR ACCUSED"
    assert confidence(GOLD, told(SHELLED, source=(at("Dawn Front"),))) == "CLAIMED OR ADMITTED"


def test_others_suspect_and_authorities_know() -> None:
    assert confidence(GOLD, told(SHELLED)) == "REPORTED AS FACT"
    assert confidence(GOLD, told(SHELLED, speaker_kind="witness")) == "SUSPECTED OR ACCUSED"
    assert confidence(GOLD, told(SHELLED, speaker_kind="unknown", stance="claim")) == "CLAIMED OR ADMITTED"


def test_whom_no_event_blames() -> None:
    raid = Event("e", at("raid"), "advance", "asserted")
    nobody = Reading("i", "x", events=(raid,))
    assert acts(GOLD, nobody) == []
    assert confidence(GOLD, nobody) == "REPORTED AS FACT"
    accused = told(raid, stance="accuse", content=(at("Dawn Front"),))
    assert confidence(GOLD, accused) == "SUSPECTED OR ACCUSED BY AUTHORITIES"
    assert confidence(GOLD, told(raid, stance="claim", source=(at("Dawn Front"),))) == "CLAIMED OR ADMITTED"


def test_the_organisation_counts_before_its_people() -> None:
    gold = Blamed((at("Dawn Front"),), (at("Police"),), (), frozenset())
    people = Event("e2", at("raid"), "advance", "asserted", agents=(Party(at("Police")),))
    assert acts(gold, Reading("i", "x", events=(people, SHELLED))) == [SHELLED]
    assert acts(gold, Reading("i", "x", events=(people,))) == [people]


def test_an_organisation_keeps_its_own_answers() -> None:
    template = {
        "mentions": [
            {"role": "perp_org", "text": "Dawn Front", "start": at("Dawn Front").start, "end": at("Dawn Front").end},
            {"role": "perp_org", "text": "Police", "start": at("Police").start, "end": at("Police").end},
        ],
        "perp_org_confidence": [{"org": ["Dawn Front"], "confidence": "POSSIBLE / REPORTED AS FACT"}],
    }
    assert blamed(template) == (Blamed((at("Dawn Front"),), (), (), frozenset({"POSSIBLE", "REPORTED AS FACT"})),)
    assert blamed({"mentions": []}) == ()
