"""Each corpus: read from a folder of its own form, and scored as its annotation allows. All texts are made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportedly.errors import CorpusError, SettingsError
from reportedly.evaluate.corpora.events import MUC4, RAMS, RE3D, WIKIEVENTS, labels
from reportedly.evaluate.corpora.gum import GUM
from reportedly.evaluate.corpora.places import GEOWEBNEWS, distance
from reportedly.evaluate.corpora.polnear import POLNEAR, covered, tokens
from reportedly.evaluate.corpora.times import MEANTIME, TEMPEVAL3, WIKIWARS
from reportedly.evaluate.corpus import Corpus, read_lines, registered
from reportedly.ontology import load_ontology
from reportedly.types import Candidate, Event, Link, Party, Reading, Span, Statement, When

TEXT = "Mayor Ito said that rebels had shelled Lake Town. “We saw it,” said a baker."
FOLDERS = (
    *("airwars", "factuality_meantime", "factuality_uds_ih2", "factuality_uw", "satp_coded"),
    *("coded", "geowebnews", "gum_attribution", "invented", "linking_coded", "linking_gva", "linking_invented"),
    *("meantime", "muc4", "polnear", "rams", "re3d"),
    *("tempeval3", "trnews", "wikievents", "wikiwars"),
)


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def put(folder: Path, corpus: str, *objects: dict[str, Any]) -> Path:
    """Writes a dev split; in `objects` a string stands for the words' offsets."""
    path = folder / corpus / "dev.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(o) + "\n" for o in objects), encoding="utf-8")
    return folder


def quote(words: str) -> dict[str, Any]:
    return {"start": at(words).start, "end": at(words).end, "text": words}


def statement(key: str, source: str | None, cue: str, content: str, inside: str | None = None) -> Statement:
    return Statement(key, (at(source),) if source else (), (at(cue),), (at(content),), "say", "unknown", inside=inside)


def values(corpus: Corpus, folder: Path, *readings: Reading) -> dict[str, float | None]:
    items = corpus.items(folder, "dev")
    assert len(items) == len(readings)
    pairs = [(gold, reading) for (_, gold), reading in zip(items, readings, strict=True)]
    return {s.name: s.value for s in corpus.score(pairs).scores}


def test_all_corpora_are_registered() -> None:
    names = [c.name for c in registered()]
    assert set(FOLDERS) <= set(names)
    assert names == sorted(names)
    assert [c.name for c in registered(["rams", "coded"])] == ["rams", "coded"]
    with pytest.raises(SettingsError, match="no corpus is called 'ram'"):
        registered(["ram"])


@pytest.mark.parametrize("name", FOLDERS)
def test_a_corpus_that_is_not_there_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        registered([name])[0].items(tmp_path, "dev")


def test_lines_are_cut_at_line_feeds_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "one\u2028two"}\n\n[1]\n'.encode())
    lines = read_lines(path)
    assert next(lines) == (f"{path}:1", {"text": "one\u2028two"})
    with pytest.raises(CorpusError, match=r"a\.jsonl:3: is no JSON object"):
        next(lines)
    for broken in (b"{broken", b'{"text": "\xff"}'):
        path.write_bytes(broken)
        with pytest.raises(CorpusError, match=r"a\.jsonl:1: is no JSON"):
            next(read_lines(path))


def test_tokens_are_words_or_single_signs() -> None:
    assert [t.of("“It’s 3,000!”") for t in tokens("“It’s 3,000!”")] == ["“", "It", "’", "s", "3", ",", "000", "!", "”"]


def test_a_token_is_covered_by_any_part_of_it() -> None:
    spans = tokens("Mayor Ito said")
    assert covered(spans, [(Span(8, 9),), (Span(0, 2), Span(11, 12))]) == {0, 1, 2}
    assert covered(spans, [(Span(5, 6),)]) == set()


@pytest.fixture
def polnear(tmp_path: Path) -> Path:
    attributions = [
        {
            "id": "E1",
            "source": [quote("Mayor Ito")],
            "cue": [quote("said")],
            "content": [quote("that rebels had shelled Lake Town")],
        },
        {"id": "E2", "source": [quote("a baker")], "cue": [quote("said a")], "content": [quote("“We saw it,”")]},
    ]
    return put(tmp_path, "polnear", {"id": "p", "text": TEXT, "date": "2031-05-04", "attributions": attributions})


def test_polnear_scores_whole_attributions_and_tokens(polnear: Path) -> None:
    first = statement("s1", "Mayor Ito", "said", "that rebels had shelled Lake Town")
    half = statement("s2", "Mayor Ito", "said", "“We saw it,”")
    got = values(POLNEAR, polnear, Reading("p", "x", (first, half)))
    assert got["whole attribution"] == 0.5
    assert got["content alone"] == 1.0
    assert got["token: content"] == 1.0
    assert got["token: source"] == pytest.approx(2 * 2 / (4 + 2))
    report, article = POLNEAR.items(polnear, "dev")[0]
    misses = POLNEAR.score([(article, Reading("p", "x", (first, half)))]).misses
    assert [(m.entry, m.gold, m.predicted) for m in misses] == [
        ("E2", "quoted", "other source"),
        ("s2", None, "quoted"),
    ]
    assert str(report.published) == "2031-05-04"


def test_polnear_leaves_nested_statements_out(polnear: Path) -> None:
    first = statement("s1", "Mayor Ito", "said", "that rebels had shelled Lake Town")
    second = statement("s2", "a baker", "said a", "“We saw it,”")
    nested = statement("s3", "rebels", "shelled", "Lake Town", inside="s1")
    assert set(values(POLNEAR, polnear, Reading("p", "x", (first, second, nested))).values()) == {1.0}
    flat = statement("s3", "rebels", "shelled", "Lake Town")
    assert values(POLNEAR, polnear, Reading("p", "x", (first, second, flat)))["whole attribution"] == 0.8


def test_gum_asks_for_the_nesting_too(tmp_path: Path) -> None:
    outer = {"id": "a1", "source": [quote("Mayor Ito")], "content": [quote("that rebels had shelled Lake Town")]}
    inner = {"id": "a2", "source": [quote("rebels")], "content": [quote("shelled Lake Town")], "nested_in": "a1"}
    folder = put(tmp_path, "gum_attribution", {"id": "g", "text": TEXT, "date": "2031", "attributions": [outer, inner]})
    one = statement("s1", "Mayor Ito", "said", "that rebels had shelled Lake Town")
    two = statement("s2", "rebels", "had", "shelled Lake Town", inside="s1")
    apart = statement("s2", "rebels", "had", "shelled Lake Town")
    assert values(GUM, folder, Reading("g", "x", (one, two))) == {"attribution": 1.0, "nested": 1.0, "nesting": 1.0}
    assert values(GUM, folder, Reading("g", "x", (one, apart))) == {"attribution": 1.0, "nested": 1.0, "nesting": 0.0}
    assert values(GUM, folder, Reading("g", "x", (one,)))["attribution"] == 0.5


SHELLED = Event(
    "e", at("shelled"), "shelling", "asserted", agents=(Party(at("rebels")),), places=(Link(at("Lake Town"), "L"),)
)


def test_wikievents_asks_for_listed_types_only(tmp_path: Path) -> None:
    attack = {
        "type": "Conflict.Attack.DetonateExplode",
        "trigger": quote("shelled"),
        "args": [
            {"role": "Attacker", **quote("rebels")},
            {"role": "Target", **quote("Lake Town")},
            {"role": "Instrument", **quote("it")},
        ],
    }
    spoken = {"type": "Contact.Contact.Broadcast", "trigger": quote("said"), "args": []}
    folder = put(
        tmp_path,
        "wikievents",
        {"id": "w", "text": TEXT, "events": [attack, spoken]},
        {"id": "none", "text": TEXT, "events": [spoken]},
    )
    got = values(WIKIEVENTS, folder, Reading("w", "x", events=(SHELLED,)))
    assert got == {"trigger": 1.0, "kind": 1.0, "argument": 0.5}
    other = Event("e", at("shelled"), "protest", "asserted")
    assert values(WIKIEVENTS, folder, Reading("w", "x", events=(other,)))["kind"] == 0.0
    assert values(WIKIEVENTS, folder, Reading("w", "x"))["argument"] == 0.0


def test_rams_takes_the_longest_type(tmp_path: Path) -> None:
    event = {"type": "conflict.attack.airstrikemissilestrike", "trigger": quote("shelled"), "args": []}
    folder = put(tmp_path, "rams", {"id": "w", "text": TEXT, "event": event})
    (folder / "rams" / "dev.jsonl").rename(folder / "rams" / "test.jsonl")
    assert values(RAMS, folder, Reading("w", "x", events=(SHELLED,)))["kind"] == 1.0
    clash = Event("e", at("shelled"), "clash", "asserted")
    assert values(RAMS, folder, Reading("w", "x", events=(clash,)))["kind"] == 0.0


def test_muc4_finds_a_filler_by_any_of_its_mentions(tmp_path: Path) -> None:
    mentions = [
        {"role": "perp_org", "fill": 0, **quote("We")},
        {"role": "perp_org", "fill": 0, **quote("rebels")},
        {"role": "phys_target", "fill": 0, **quote("Lake Town")},
    ]
    templates = [
        {"optional": False, "mentions": mentions},
        {"optional": True, "mentions": [{"role": "instrument", "fill": 0, **quote("it")}]},
    ]
    folder = put(tmp_path, "muc4", {"id": "m", "text": TEXT, "templates": templates})
    got = values(MUC4, folder, Reading("m", "x", events=(SHELLED,)))
    assert got == {
        "slot filler: agents": 1.0,
        "slot filler: targets": 0.0,
        "slot filler: weapons": None,
        "confidence": None,
        "confidence, where blamed": None,
    }


def test_re3d_scores_mentions_by_what_they_are(tmp_path: Path) -> None:
    entities = [
        {"type": "Location", **quote("Lake Town")},
        {"type": "Person", **quote("Mayor Ito")},
        {"type": "Money", **quote("it")},
    ]
    folder = put(tmp_path, "re3d", {"id": "s", "text": TEXT, "entities": entities})
    reading = Reading(
        "s", "x", toponyms=(Link(at("Lake Town"), "L"),), actors=(Link(at("Mayor"), "M"), Link(at("rebels"), "R"))
    )
    assert values(RE3D, folder, reading) == {
        "mention: places": 1.0,
        "mention: times": None,
        "mention: actors": pytest.approx(2 / 3),
    }


def test_re3d_leaves_out_adjectives_and_places_inside_names(tmp_path: Path) -> None:
    text = "Syrian jets hit Lake Town near the Lake Brigade."
    put(tmp_path, "re3d", {"id": "s", "text": text, "entities": [{"type": "Location", "start": 16, "end": 25}]})
    brigade = Link(Span(31, 47), "Lake Brigade")
    places = (Link(Span(0, 6), "Syria"), Link(Span(16, 25), "Lake Town"), Link(Span(35, 39), "Lake"))
    reading = Reading("s", "x", toponyms=places, actors=(brigade,))
    assert values(RE3D, tmp_path, reading)["mention: places"] == 1.0


def test_labels_lead_into_the_ontology() -> None:
    kinds = set(load_ontology().kinds)
    for corpus in ("wikievents", "rams"):
        assert {k for allowed in labels(corpus, "kinds").values() for k in allowed} <= kinds
        assert set(labels(corpus, "roles").values()) <= {"agents", "targets", "places", "weapons"}


def test_times_are_scored_by_place_and_value(tmp_path: Path) -> None:
    timexes = [
        {"type": "DATE", "value": "2031-05-04", **quote("Lake Town")},
        {"type": "DATE", "value": "2031", **quote("rebels")},
        {"type": "DATE", "value": "2031", **quote("baker")},
    ]
    folder = put(tmp_path, "tempeval3", {"id": "t", "text": TEXT, "date": "2031-05-04", "timexes": timexes})
    whens = (When(at("Lake Town"), value="2031-05-04"), When(at("that rebels"), value="2030"), When(at("Ito")))
    got = values(TEMPEVAL3, folder, Reading("t", "x", times=whens))
    # An expression that gets no value is none for TIMEX3, so two are found of three.
    assert got == {"relaxed": pytest.approx(4 / 5), "strict": pytest.approx(2 / 5), "value": pytest.approx(2 / 5)}


def test_meantime_judges_nothing_behind_its_last_annotation(tmp_path: Path) -> None:
    timexes = [{"type": "DATE", "value": "2031", **quote("Mayor")}]
    put(tmp_path, "meantime", {"id": "t", "text": TEXT, "timexes": timexes, "events": [quote("shelled")]})
    (tmp_path / "meantime" / "dev.jsonl").rename(tmp_path / "meantime" / "test.jsonl")
    early, late = When(at("Mayor"), value="2031"), When(at("baker"), value="2031")
    assert values(MEANTIME, tmp_path, Reading("t", "x", times=(early, late)))["relaxed"] == 1.0
    assert (
        values(MEANTIME, tmp_path, Reading("t", "x", times=(early, When(at("Town"), value="2031"))))["relaxed"] == 1.0
    )
    assert values(MEANTIME, tmp_path, Reading("t", "x", times=(early, When(at("Ito"), value="2031"))))[
        "relaxed"
    ] == pytest.approx(2 / 3)
    with pytest.raises(FileNotFoundError):
        WIKIWARS.items(tmp_path, "dev")


def test_places_are_scored_by_name_distance_and_id(tmp_path: Path) -> None:
    toponyms = [
        {"type": "Literal", "lat": 60.0, "lon": 25.0, "geonameid": "7", **quote("Lake Town")},
        {"type": "Literal", "lat": 60.0, "lon": 25.0, "geonameid": "7", **quote("Ito")},
        {"type": "Literal_Expression", **quote("a baker")},
        {"type": "Literal", **quote("rebels")},
    ]
    folder = put(tmp_path, "geowebnews", {"id": "g", "text": TEXT, "toponyms": toponyms})
    near = Candidate("geonames:7", "L", 1.0, lat=60.9, lon=25.0)
    got = values(
        GEOWEBNEWS, folder, Reading("g", "x", toponyms=(Link(at("Lake Town"), "L", near), Link(at("Ito"), "I")))
    )
    assert got["toponym"] == pytest.approx(2 * 2 / (3 + 2))
    assert (got["within 161 km"], got["same id"]) == (0.5, 0.5)
    assert got["median km"] == pytest.approx(100.1, abs=0.1)


def test_distances_are_along_the_globe() -> None:
    assert distance((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20015, abs=1)
    assert distance((60.17, 24.94), (59.44, 24.75)) == pytest.approx(82, abs=1)
    assert distance((60.0, 25.0), None) is None
