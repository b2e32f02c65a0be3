"""The page of a report, and what its forms do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from reportedly.claims import make_claims
from reportedly.ids import claim_id
from reportedly.ontology import load_ontology
from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.review.sheet import open_sheet
from reportedly.store import Ledger
from reportedly.types import Entry, Event, Judgement, Reading, Report, Span, Statement
from tests.review.ledgers import RUN, fill
from tests.review.teams import Browser, app_over, make_team, quicken


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "village.db"
    copy.write_bytes(filled.read_bytes())
    return copy


@pytest.fixture
def page(place: Path) -> Iterator[Page]:
    app = create_app(ReviewSettings(str(place), "village"))
    with TestClient(app, base_url="http://127.0.0.1") as client, Ledger.open(place) as ledger:
        yield Page(client, ledger, most_told(ledger))


def most_told(ledger: Ledger) -> Entry:
    """The report with the most statements."""
    return max(ledger.entries(), key=lambda e: (len(e.reading.statements) if e.reading else 0, e.report.id))


class Page:
    """The page of one report."""

    def __init__(self, client: TestClient, ledger: Ledger, entry: Entry) -> None:
        self.client, self.ledger, self.entry = client, ledger, entry
        self.report = entry.report.id

    @property
    def path(self) -> str:
        return f"/report/{self.report}"

    def get(self, at: str = "") -> str:
        answer = self.client.get(self.path, params={"at": at} if at else {})
        assert answer.status_code == 200
        return answer.text

    def send(self, op: str, fields: dict[str, str] | None = None, *, fragment: bool = True, **more: str) -> Any:
        text = self.get()
        sign = re.search(r'name="csrf" value="(\w*)"', text)
        base = re.search(r'name="base" value="([\w-]+)"', text)
        assert sign
        assert base
        headers = {"x-fragment": "1"} if fragment else {}
        data = {"csrf": sign[1], "base": base[1], "op": op, **(fields or {}), **more}
        return self.client.post(f"/edits/{self.report}", data=data, headers=headers, follow_redirects=False)

    def done(self) -> Any:
        sign = re.search(r'name="csrf" value="(\w*)"', self.get())
        assert sign
        return self.client.post(f"/done/{self.report}", data={"csrf": sign[1]}, follow_redirects=False)

    def event(self, name: str) -> Any:
        sheet = open_sheet(self.ledger, self.report, "local", ontology=load_ontology())
        assert sheet
        found: dict[str, Any] = {e.id: e for e in sheet.coding.reading.events}
        found |= {s.id: s for s in sheet.coding.reading.statements}
        return found.get(name)


def shown_text(text: str) -> list[str]:
    """The words of the paragraphs, without the marks."""
    found = re.findall(r'<p class="text"[^>]*>(.*?)</p>', text, re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", p)) for p in found]


def test_the_page_shows_the_text_as_it_is(page: Page) -> None:
    lines = [line for line in re.split(r"[\r\n]+", page.entry.report.text) if line.strip()]
    assert shown_text(page.get()) == lines


def test_every_statement_and_event_is_marked_and_noted(page: Page) -> None:
    text = page.get()
    reading = page.entry.reading
    assert reading
    for entry in (*(s.id for s in reading.statements), *(e.id for e in reading.events)):
        assert f'data-of="{entry}" data-role=' in text
        assert f'data-at="{entry}"' in text


def test_a_link_to_a_claim_opens_at_its_event(page: Page) -> None:
    reading = page.entry.reading
    assert reading
    name = reading.events[1].id
    answer = page.client.get(page.path, params={"claim": claim_id(page.report, RUN.id, name)})
    assert f'class="inspector-body" data-id="{name}"' in answer.text


def test_what_is_not_there_is_404(page: Page) -> None:
    assert page.client.get("/report/nowhere").status_code == 404
    assert page.client.get("/curate/nowhere").status_code == 404


def test_words_of_a_report_are_never_html(tmp_path: Path) -> None:
    evil = '<script>alert("1")</script><img src=x onerror=alert(2)> was shelled, he said'
    report = Report("r<1>", evil, title="<b>t</b>", outlet="</title><script>", lang='x" onload="')
    statement = Statement("s1", (Span(69, 71),), (Span(72, 76),), (Span(0, 66),), "say", "media", speaker='"><script>')
    event = Event("e1", Span(55, 62), "shelling", "asserted", statement="s1")
    reading = Reading(report.id, RUN.id, (statement,), (event,))
    fill(tmp_path / "a.db", [(report, reading, make_claims(report, reading))])
    with TestClient(app_over(tmp_path / "a.db"), base_url="http://127.0.0.1:8470") as client:
        for path in ("/report/r%3C1%3E?at=s1", "/entry/r%3C1%3E?at=e1", "/queue"):
            text = client.get(path).text
            assert "<script>alert" not in text
            assert '"><script>' not in text
            assert "<img" not in text.replace('<img src="/static/mark.svg"', "")
            assert "onload" not in text


@pytest.mark.parametrize("name", ["a/b", "a/../b?c#d", "50% \u00e9 \u0628", "x/", "-"])
def test_ids_of_all_sorts_are_reached(tmp_path: Path, name: str) -> None:
    report = Report(name, "Guns fired.", title="Guns")
    reading = Reading(name, RUN.id, (), (Event("e1", Span(5, 10), "shelling", "asserted"),))
    fill(tmp_path / "a.db", [(report, reading, make_claims(report, reading))])
    with TestClient(app_over(tmp_path / "a.db"), base_url="http://127.0.0.1:8470") as client:
        (path,) = re.findall(r'href="(/report/[^"?]*)\?claim=', client.get("/queue").text)
        page = client.get(path).text
        assert "Guns</h1>" in page
        (form, *_) = re.findall(r'action="(/edits/[^"]*)"', page)
        sign = re.search(r'name="csrf" value="(\w*)"', page)
        assert sign
        data = {"csrf": sign[1], "base": RUN.id, "op": "accept", "id": "e1", "at": "e1"}
        sent = client.post(form, data=data, follow_redirects=True)
        assert sent.status_code == 200
        assert "checked by you" in sent.text


def test_a_field_is_set_and_undone_and_done_again(page: Page) -> None:
    reading = page.entry.reading
    assert reading
    event = reading.events[0]
    answer = page.send("fields", {"f.kind": "siege", "f.status": event.status, "f.statement": ""}, id=event.id)
    assert answer.status_code == 200
    assert page.event(event.id).kind == "siege"
    assert page.event(event.id).statement is None
    assert [e.op for e in page.ledger.edits(page.report)] == ["set", "set"]
    page.send("undo")
    page.send("undo")
    assert page.event(event.id).kind == event.kind
    assert page.send("undo").status_code == 422
    page.send("redo")
    page.send("redo")
    assert page.event(event.id).statement is None
    assert page.send("redo").status_code == 422


def test_accept_reject_span_part_and_add(page: Page) -> None:
    reading = page.entry.reading
    assert reading
    first, second = reading.events[:2]
    page.send("accept", id=first.id)
    page.send("reject", id=second.id)
    assert page.event(second.id) is None
    assert "1 entry rejected" in page.get()
    page.send("span", id=first.id, field="trigger", pieces=f"{first.trigger.start - 5}-{first.trigger.end}")
    assert page.event(first.id).trigger.end == first.trigger.end
    page.send("put", id=first.id, field="toll", text="0-4", effect="injured", low="3", high="", who="guards")
    assert page.event(first.id).toll[-1].low == 3
    assert page.event(first.id).toll[-1].high is None
    page.send("drop", id=first.id, field="toll", text="0-4", effect="injured")
    assert len(page.event(first.id).toll) == len(first.toll)
    statement = reading.statements[0]
    page.send("span", id=statement.id, field="content", pieces="0-3", mode="more")
    assert page.event(statement.id).content[0].start == 0
    answer = page.send("add", what="event", pieces="0-3", kind="riot", status="denied", statement=statement.id)
    added = re.search(r'class="inspector-body" data-id="(e\d+)"', answer.text)
    assert added
    assert page.event(added[1]).kind == "riot"
    page.send("accept", all="1")
    assert "checked</span>" in page.get()
    assert 'class="state doubtful"' not in page.get()


def test_faults_come_as_words_and_store_nothing(page: Page) -> None:
    answer = page.send("span", id="e1", field="trigger", pieces="5-100000")
    assert answer.status_code == 422
    assert "no part of the text" in answer.text
    assert page.send("span", id="e1", field="trigger", pieces="x").status_code == 422
    assert page.send("burn").status_code == 422
    assert page.send("fields", id="e999").status_code == 422
    assert page.ledger.edits(page.report) == ()


def test_without_the_script_a_form_leads_back_to_the_page(page: Page) -> None:
    answer = page.send("accept", id="e1", at="e1", fragment=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{page.path}?at=e1"


def test_an_edit_of_an_older_reading_is_refused(page: Page) -> None:
    answer = page.send("accept", id="e1", base="run-0")
    assert answer.status_code == 422
    assert "reload" in answer.text


def test_done_makes_a_reading_that_counts(page: Page) -> None:
    reading = page.entry.reading
    assert reading
    first, second, third = reading.events[:3]
    page.send("fields", {"f.kind": "siege"}, id=first.id)
    page.send("reject", id=second.id)
    assert page.done().status_code == 303
    newest = page.ledger.entry(page.report)
    assert newest
    assert newest.reading
    run = next(r for r in page.ledger.runs() if newest.reading and r.id == newest.reading.run)
    assert run.model == "person:local"
    assert dict(run.settings)["base"] == RUN.id
    assert {e.id: e.kind for e in newest.reading.events}[first.id] == "siege"
    assert second.id not in {e.id for e in newest.reading.events}
    accepted = [j for j in page.ledger.judgements() if j.action == "accept"]
    assert [j.subjects for j in accepted] == [(claim_id(page.report, run.id, first.id),)]
    told = {c for i in page.ledger.incidents() for c in i.claims}
    assert claim_id(page.report, run.id, third.id) in told
    assert claim_id(page.report, RUN.id, third.id) not in told
    (done,) = page.ledger.codings(report=page.report)
    assert (done.run, done.edits, done.blind) == (run.id, 2, False)
    # What the machine found stays in the ledger as it was.
    old = page.ledger.entry(page.report, run=RUN.id)
    assert old
    assert old.reading == page.entry.reading
    assert "as read by" in page.get()


def test_what_was_decided_before_is_carried_over(page: Page) -> None:
    reading = page.entry.reading
    assert reading
    old = claim_id(page.report, RUN.id, reading.events[2].id)
    page.ledger.judge(Judgement("judgement-1", datetime.now(UTC), "zoe", "reject", (old,)))
    page.send("accept", id=reading.events[0].id)
    page.done()
    (done,) = page.ledger.codings()
    assert done.run
    carried = next(j for j in page.ledger.judgements() if j.by == "zoe" and j.id != "judgement-1")
    assert carried.subjects == (claim_id(page.report, done.run, reading.events[2].id),)
    assert carried.action == "reject"


def test_readers_see_and_reviewers_edit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)
    make_team(place)
    with Ledger.open(place) as ledger:
        path = most_told(ledger).report.id
    reader, reviewer = Browser.of(app_over(place)), Browser.of(app_over(place))
    reader.log_in("rea")
    reviewer.log_in("rev")
    shown = reader.get(f"/report/{path}").text
    assert "<h1" in shown
    assert 'value="accept"' not in shown
    assert reader.get("/queue").status_code == 403
    edit = {"op": "accept", "id": "e1", "base": RUN.id}
    assert reader.send(f"/edits/{path}", "/account", **edit).status_code == 403
    assert reviewer.send(f"/edits/{path}", "/account", **edit).status_code == 303
    assert reviewer.client.post(f"/edits/{path}", data=edit).status_code == 403, "without our sign"
    assert reviewer.get("/agreement").status_code == 403
    assert reviewer.send("/assign", "/account", report=path, person="rev").status_code == 403
