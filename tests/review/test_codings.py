"""Blind double coding from assignment to the reading that counts, agreement, and the queue."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.claims import make_claims
from reportedly.coded import check, to_coded
from reportedly.errors import EditError
from reportedly.ids import claim_id
from reportedly.ontology import load_ontology
from reportedly.review.agreement import measure
from reportedly.review.align import align, overlap
from reportedly.review.fold import fold
from reportedly.review.merge import merged, questions
from reportedly.store import Ledger
from reportedly.store.codings import Edit
from reportedly.store.queue import NEEDS
from reportedly.types import Reading, Span
from tests.review.ledgers import RUN, coded_reads
from tests.review.teams import Browser, app_over, make_team, quicken
from tests.review.test_fold import asked
from tests.review.test_fold import edit as edit_of
from tests.review.test_report_page import most_told

READS = {report.id: (report, reading) for report, reading, _ in coded_reads()}
REPORT, READING = max(READS.values(), key=lambda r: (len(r[1].statements), r[0].id))


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "village.db"
    copy.write_bytes(filled.read_bytes())
    return copy


def renamed(reading: Reading) -> Reading:
    """The same, with other ids."""
    s = {x.id: f"s{n}" for n, x in enumerate(reversed(reading.statements), 50)}
    e = {x.id: f"e{n}" for n, x in enumerate(reversed(reading.events), 50)}
    statements = tuple(replace(x, id=s[x.id], inside=s.get(x.inside or "")) for x in reading.statements)
    events = tuple(
        replace(x, id=e[x.id], statement=s.get(x.statement or ""), same_as=e.get(x.same_as or ""))
        for x in reading.events
    )
    return replace(reading, statements=statements, events=events)


# Aligning, merging, measuring


@pytest.mark.parametrize("name", sorted(READS))
def test_a_coding_is_aligned_with_itself(name: str) -> None:
    _, reading = READS[name]
    units = align([reading, renamed(reading), reading])
    assert len(units) == len(reading.statements) + len(reading.events)
    assert all(u.entries[0] == u.entries[2] and u.entries[1] for u in units)


def test_what_only_one_has_stands_alone() -> None:
    less = replace(READING, events=READING.events[1:], statements=READING.statements[:-1])
    alone = [u for u in align([READING, less]) if u.entries[1] is None]
    assert {e.id for u in alone for e in u.entries if e} == {READING.statements[-1].id, READING.events[0].id}


def test_overlap_is_a_share() -> None:
    assert overlap((Span(0, 4),), (Span(2, 6),)) == pytest.approx(2 / 6)
    assert overlap((), ()) == 0


def test_where_all_agree_nothing_is_asked_and_the_same_comes_out() -> None:
    units = align([READING, renamed(READING)])
    assert questions(REPORT, units, 2, people=2) == ()
    made = merged(READING, units, people=2, kept={}, chosen={})
    assert len(make_pairs(made, READING)) == len(READING.events)
    assert check(to_coded(REPORT, made)) == []


def make_pairs(one: Reading, other: Reading) -> list[tuple[Any, Any]]:
    """Events of both that are alike but for their ids."""
    plain = {"id": "", "statement": None, "same_as": None, "score": None}
    left = [replace(e, **plain) for e in other.events]  # type: ignore[arg-type]
    return [(e, e) for e in one.events if replace(e, **plain) in left]  # type: ignore[arg-type]


def test_differences_are_asked_and_answers_taken() -> None:
    event = READING.events[0]
    other = replace(READING, events=(replace(event, kind="siege", status="denied"), *READING.events[2:]))
    units = align([READING, other, READING])
    asked = questions(REPORT, units, 3, people=2)
    by_words = {q.words: q for q in asked}
    changed = by_words[event.trigger.of(REPORT.text)]
    assert {c.field for c in changed.choices} == {"kind", "status"}
    assert changed.choices[0].options[1].words == "siege"
    assert changed.choices[0].default == 0, "of one person each, what the machine says too"
    number = changed.number
    made = merged(READING, units, people=2, kept={}, chosen={(number, "kind"): 1})
    first = next(e for e in made.events if e.trigger == event.trigger)
    assert (first.kind, first.status) == ("siege", event.status)
    lone = next(q for q in asked if len(q.present) == 2)
    without = merged(READING, units, people=2, kept={lone.number: False}, chosen={})
    assert len(without.events) == len(made.events) - 1
    assert check(to_coded(REPORT, without)) == []
    with pytest.raises(EditError, match="nobody"):
        merged(READING, units, people=2, kept={}, chosen={(lone.number, "kind"): 1})


def test_two_people_outvote_each_other_before_the_machine() -> None:
    event = READING.events[0]
    both = replace(READING, events=(replace(event, kind="siege"), *READING.events[1:]))
    units = align([both, both, READING])
    (asked,) = questions(REPORT, units, 3, people=2)
    assert asked.choices[0].default == 0
    assert merged(READING, units, people=2, kept={}, chosen={}).events[0].kind == "siege"


def test_days_of_two_coders_must_fit() -> None:
    event = replace(READING.events[0], first=date(2024, 1, 5), last=date(2024, 1, 6))
    other = replace(event, first=date(2024, 1, 1), last=date(2024, 1, 2))
    one, two = (replace(READING, events=(e, *READING.events[1:])) for e in (event, other))
    units = align([one, two])
    (asked,) = questions(REPORT, units, 2, people=2)
    with pytest.raises(EditError, match="is before"):
        merged(READING, units, people=2, kept={}, chosen={(asked.number, "first"): 0, (asked.number, "last"): 1})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_chosen_a_sound_reading_comes_of_it(data: st.DataObject) -> None:
    report, reading = data.draw(st.sampled_from(list(READS.values())))
    codings = []
    for _ in ("ana", "ben"):
        edits: list[Edit] = []
        for _ in range(data.draw(st.integers(0, 6))):
            op, details = data.draw(asked(report, reading, edits))
            edits.append(edit_of(report, op, **details))
        codings.append(fold(report, reading, edits, ontology=load_ontology()).reading)
    units = align([*codings, reading])
    open_ = questions(report, units, 3, people=2)
    kept = {q.number: data.draw(st.booleans()) for q in open_ if data.draw(st.booleans())}
    chosen = {
        (q.number, c.field): data.draw(st.sampled_from([o.coder for o in c.options])) for q in open_ for c in q.choices
    }
    try:
        made = merged(reading, units, people=2, kept=kept, chosen=chosen)
    except EditError:
        return
    assert check(to_coded(report, made)) == []
    assert len(make_claims(report, made)) == len(made.events)
    everyone = {"ana": codings[0], "ben": codings[1], "machine": reading}
    for row in measure([(report, everyone)], tuple(everyone)).rows:
        for found in (row.together, *(a for _, _, a in row.pairs)):
            assert found is None or found.value is None or found.value <= 1.0 + 1e-9


def test_agreement_is_full_with_oneself_and_less_with_less() -> None:
    coded = [(r, {"ana": x, "machine": renamed(x)}) for r, x in READS.values()]
    same = measure(coded, ("ana", "machine"))
    assert same.reports == len(READS)
    for row in same.rows:
        assert row.together
        assert row.together.value in (1.0, None), row.field
    kinds = sorted(load_ontology().kinds)
    wrong = [replace(e, kind=kinds[n % len(kinds)]) for n, e in enumerate(READING.events)]
    less = measure([(REPORT, {"ana": READING, "ben": replace(READING, events=tuple(wrong))})], ("ana", "ben"))
    found = {row.field: row.together for row in less.rows}
    assert found["kind"]
    assert found["kind"].value is not None
    assert found["kind"].value < 0.4
    assert found["status"]
    assert found["status"].value in (1.0, None)
    assert measure([(REPORT, {"ana": READING})], ("ana", "ben")).reports == 0


def test_three_coders_together_only_where_all_three_coded() -> None:
    some = list(READS.values())[:3]
    coded = [(r, {"ana": x, "ben": x, **({"cid": x} if n else {})}) for n, (r, x) in enumerate(some)]
    found = measure(coded, ("ana", "ben", "cid"))
    kind = next(r for r in found.rows if r.field == "kind")
    assert kind.together
    assert kind.together.units == sum(len(x.events) for _, x in some[1:])
    assert kind.pairs[0][2].units == sum(len(x.events) for _, x in some)


# On the pages


def settled(place: Path, patch: pytest.MonkeyPatch) -> tuple[Browser, Browser, Browser]:
    """An editor, and two reviewers who are to code the same report blind."""
    quicken(patch)
    make_team(place)
    with Ledger.open(place) as ledger:
        ledger.add_account("rex", "four lamps by the river", role="reviewer", by="ann")
    app = app_over(place)
    found = []
    for name in ("ed", "rev", "rex"):
        browser = Browser.of(app)
        assert browser.log_in(name).status_code == 303
        found.append(browser)
    return found[0], found[1], found[2]


def edit(browser: Browser, **fields: str) -> None:
    answer = browser.send(f"/edits/{REPORT.id}", "/account", base=RUN.id, **fields)
    assert answer.status_code == 303


def test_two_code_blind_and_an_editor_settles(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, one, two = settled(place, monkeypatch)
    for person in ("rev", "rex"):
        sent = editor.send("/assign", "/queue", report=REPORT.id, person=person, blind="1", standing="1")
        assert sent.status_code == 303
    assert "assigned to you" in one.get("/queue").text
    event, gone = READING.events[0].id, READING.events[1].id
    edit(one, op="fields", id=event, **{"f.kind": "siege"})
    edit(one, op="reject", id=gone)
    edit(two, op="fields", id=event, **{"f.kind": "riot"})
    assert one.get(f"/curate/{REPORT.id}").status_code == 403, "blind until done"
    assert one.send(f"/done/{REPORT.id}", "/account").status_code == 303
    with Ledger.open(place) as ledger:
        entry = ledger.entry(REPORT.id)
        assert entry
        assert entry.reading
        assert entry.reading.run == RUN.id, "a blind coding makes no reading"
    assert "siege" not in re.sub(
        r"<(select|datalist)[^>]*>.*?</\1>", "", two.get(f"/report/{REPORT.id}").text, flags=re.S
    )
    assert "to curate" not in editor.get("/queue").text
    two.send(f"/done/{REPORT.id}", "/account")
    assert "1 report to curate" in editor.get("/queue").text
    assert "assigned to you" not in two.get("/queue").text
    page = editor.get(f"/curate/{REPORT.id}").text
    assert "rev, rex and machine" in page
    state = re.search(r'name="state" value="(\w+)"', page)
    number = re.search(r'name="take\.(\d+)\.kind" value="1"', page)
    out = re.search(r'name="in\.(\d+)" value="no"', page)
    assert state
    assert number
    assert out
    refused = editor.send(f"/curate/{REPORT.id}", "/account", state="0")
    assert refused.status_code == 400
    answers = {f"take.{number[1]}.kind": "1", f"in.{out[1]}": "no"}
    taken = editor.send(f"/curate/{REPORT.id}", "/account", state=state[1], **answers)
    assert taken.status_code == 303
    with Ledger.open(place) as ledger:
        entry = ledger.entry(REPORT.id)
        assert entry
        assert entry.reading
        run = next(r for r in ledger.runs() if entry.reading and r.id == entry.reading.run)
        assert run.model == "curated:ed"
        kinds = {e.trigger: e.kind for e in entry.reading.events}
        assert kinds[READING.events[0].trigger] == "riot"
        assert READING.events[1].trigger not in kinds
        assert all(e.score is None for e in entry.reading.events)
        accepted = {s for j in ledger.judgements() if j.by == "ed" for s in j.subjects}
        assert accepted == {claim_id(REPORT.id, run.id, e.id) for e in entry.reading.events}
        assert ledger.assignments() == ()
    assert "to curate" not in editor.get("/queue").text
    assert 'as read by <span dir="auto">ed</span>' in one.get(f"/report/{REPORT.id}").text
    table = editor.get("/agreement?coder=rev&coder=rex").text
    assert "<bdi>rev</bdi> – <bdi>rex</bdi>" in table


def test_from_the_bare_text_means_without_what_the_machine_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, one, _ = settled(place, monkeypatch)
    editor.send("/assign", "/queue", report=REPORT.id, person="rev", blind="1", scratch="1", standing="1")
    page = one.get(f"/report/{REPORT.id}").text
    assert "from the bare text" in page
    assert 'data-role="trigger"' not in page
    edit(one, op="add", what="event", pieces="0-6", kind="riot")
    assert one.get(f"/report/{REPORT.id}").text.count('data-role="trigger"') == 1
    one.send(f"/done/{REPORT.id}", "/account")
    page = editor.get(f"/curate/{REPORT.id}").text
    assert "Only <bdi>rev</bdi> has it." in page


def test_assigning_nobody_or_a_stranger_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, *_ = settled(place, monkeypatch)
    assert editor.send("/assign", "/queue", report=REPORT.id).status_code == 422
    assert editor.send("/assign", "/queue", report=REPORT.id, person="nobody").status_code == 422
    assert editor.send("/assign", "/queue", report="no such", person="rev").status_code == 422


# The queue


def test_the_queue_is_a_named_sum_in_order(client: TestClient, filled: Path) -> None:
    with Ledger.open(filled) as ledger:
        rows = ledger.queue(today=date(2026, 1, 1), limit=1000)
        assert len({r.report for r in rows}) == len(rows)
        assert [r.score for r in rows] == sorted((r.score for r in rows), reverse=True)
        for row in rows:
            assert sum(worth for _, worth in row.needs) == pytest.approx(row.score)
            assert {name for name, _ in row.needs} <= set(NEEDS)
            assert ledger.claims_named([row.claim])[row.claim].report == row.report
        assert ledger.queue(today=date(2026, 1, 1), limit=3, skip=2) == rows[2:5]
        left = ledger.queue(today=date(2026, 1, 1), limit=1000, leave_out=[rows[0].report])
        assert rows[0].report not in {r.report for r in left}
        early = ledger.queue(today=min(r.published for r in rows if r.published) - timedelta(365), limit=1000)
        assert not any(name == "due" for r in early for name, _ in r.needs)


def test_what_is_reviewed_whole_needs_nothing(place: Path) -> None:
    with TestClient(app_over(place), base_url="http://127.0.0.1:8470") as client, Ledger.open(place) as ledger:
        top = ledger.queue(today=date(2026, 1, 1), limit=1)[0]
        before = ledger.count_unreviewed()
        incident = ledger.incident(top.incident)
        assert incident
        client.app.state.site.decisions.decide(by="ana", action="accept", subjects=[incident.id])  # type: ignore[attr-defined]
        assert ledger.count_unreviewed() == before - 1
        assert all(r.incident != top.incident for r in ledger.queue(today=date(2026, 1, 1), limit=1000))


def test_what_a_person_has_read_leaves_their_queue(place: Path) -> None:
    with TestClient(app_over(place), base_url="http://127.0.0.1:8470") as client, Ledger.open(place) as ledger:
        name = most_told(ledger).report.id
        link = f"/report/{name}?claim="
        assert link in client.get("/queue").text
        sign = re.search(r'name="csrf" value="(\w*)"', client.get(f"/report/{name}").text)
        assert sign
        client.post(f"/done/{name}", data={"csrf": sign[1]})
        assert link not in client.get("/queue").text
