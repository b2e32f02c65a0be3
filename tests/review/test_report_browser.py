"""The page of a report in a browser: all of it by key, by mouse and by touch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportedly.ontology import load_ontology
from reportedly.review.sheet import open_sheet
from reportedly.store import Ledger
from reportedly.types import Event, Reading, Span, Statement
from tests.review.browsing import LAPTOP, PHONE, Tab, chromium, served, tab
from tests.review.test_report_page import most_told

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "village.db"
    copy.write_bytes(filled.read_bytes())
    return copy


@pytest.fixture
def desk(browser: Browser, place: Path) -> Iterator[Desk]:
    with Ledger.open(place) as ledger, served(place) as address, tab(browser, address) as opened:
        yield Desk(opened, ledger)


class Desk:
    """The page of the report with the most statements, and what the ledger has of it."""

    def __init__(self, opened: Tab, ledger: Ledger) -> None:
        self.tab, self.page, self.ledger = opened, opened.page, ledger
        self.entry = most_told(ledger)
        self.text = self.entry.report.text

    def open(self, at: str = "") -> None:
        self.tab.go(f"/report/{self.entry.report.id}" + (f"?at={at}" if at else ""))

    @property
    def reading(self) -> Reading:
        sheet = open_sheet(self.ledger, self.entry.report.id, "local", ontology=load_ontology())
        assert sheet
        return sheet.coding.reading

    def event(self, name: str) -> Event:
        return next(e for e in self.reading.events if e.id == name)

    def statement(self, name: str) -> Statement:
        return next(s for s in self.reading.statements if s.id == name)

    @property
    def here(self) -> str:
        found = self.page.evaluate("document.querySelector('.note.here')?.dataset.of ?? ''")
        return str(found)

    def at(self, name: str) -> None:
        """Waits until this entry is chosen and its fields are there."""
        self.tab.wait(
            "([id]) => document.querySelector('.note.here')?.dataset.of === id"
            " && document.querySelector('#inspector [data-id]')?.dataset.id === id",
            name,
        )

    def said(self, words: str) -> None:
        self.tab.wait("([words]) => document.getElementById('told').textContent.includes(words)", words)

    def select(self, words: str) -> Span:
        """Selects words as a mouse would; gives where they lie in the report."""
        start = self.text.index(words)
        self.page.evaluate(SELECT, words)
        return Span(start, start + len(words))


SELECT = """(words) => {
  for (const line of document.querySelectorAll(".text")) {
    const start = line.textContent.indexOf(words);
    if (start < 0) continue;
    const find = (at) => {
      const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (at <= node.data.length) return [node, at];
        at -= node.data.length;
      }
    };
    const [from, a] = find(start), [to, b] = find(start + words.length);
    getSelection().setBaseAndExtent(from, a, to, b);
    return;
  }
}"""


def order(desk: Desk) -> list[str]:
    return list(desk.page.evaluate("[...document.querySelectorAll('.note')].map((n) => n.dataset.of)"))


def test_next_previous_accept_reject_undo_by_key(desk: Desk) -> None:
    desk.open()
    names = order(desk)
    assert len(names) == len(desk.reading.statements) + len(desk.reading.events)
    desk.tab.press("j", "j", "j", "k")
    desk.at(names[1])
    assert desk.page.url.endswith(f"?at={names[1]}")
    assert desk.page.evaluate("document.activeElement.dataset.at") == names[1]
    desk.tab.press("a")
    desk.at(names[2])
    desk.said("Accepted")
    desk.tab.press("r")
    desk.at(names[3])
    left = {s.id for s in desk.reading.statements} | {e.id for e in desk.reading.events}
    assert names[2] not in left
    desk.tab.press("u")
    desk.said("Undone")
    left = {s.id for s in desk.reading.statements} | {e.id for e in desk.reading.events}
    assert names[2] in left
    desk.tab.press("U")
    desk.said("Done again")
    assert [e.op for e in desk.ledger.edits(desk.entry.report.id)] == ["accept", "reject", "undo", "undo"]


def test_the_speaker_is_changed_by_key(desk: Desk) -> None:
    name = desk.reading.statements[0].id
    desk.open(name)
    desk.tab.press("s")
    assert desk.page.evaluate("document.activeElement.name") == "f.speaker"
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type("the harbour master's a. b. u.")
    desk.tab.press("Enter")
    desk.said("Saved")
    assert desk.statement(name).speaker == "the harbour master's a. b. u."
    desk.tab.press("Escape")
    assert desk.page.evaluate("document.activeElement.dataset.at") == name


def test_words_are_set_by_key_alone(desk: Desk) -> None:
    event = desk.reading.events[1]
    desk.open(event.id)
    desk.at(event.id)
    desk.tab.press("e")
    desk.said("choose words")
    desk.tab.press("Shift+ArrowRight", "Enter")
    desk.page.wait_for_selector("dialog#span[open]")
    shown = desk.page.inner_text("#span .add-words")
    assert shown.startswith(event.trigger.of(desk.text))
    desk.page.click("#span button.main-button")
    desk.said("Saved")
    trigger = desk.event(event.id).trigger
    assert trigger.start == event.trigger.start
    assert trigger.of(desk.text) == shown
    assert len(shown.split()) == len(event.trigger.of(desk.text).split()) + 1


def test_a_missed_event_is_added_from_selected_words(desk: Desk) -> None:
    desk.open()
    words = "families"
    span = desk.select(words)
    desk.tab.press("n")
    desk.page.wait_for_selector("dialog#add[open]")
    assert desk.page.inner_text("#add .add-words") == words
    desk.page.select_option("#add select[name=kind]", "displacement")
    teller = desk.page.input_value("#add select[name=statement]")
    desk.page.click("#add button.main-button")
    desk.said("Saved")
    added = next(e for e in desk.reading.events if e.trigger == span)
    assert (added.kind, added.status) == ("displacement", "asserted")
    holders = [s.id for s in desk.reading.statements if any(c.holds(span) for c in s.content)]
    assert (added.statement or "") == teller
    assert not holders or teller in holders
    desk.at(added.id)


def test_a_missed_statement_is_added_by_key_alone(desk: Desk) -> None:
    desk.open()
    desk.tab.press("n")
    desk.said("choose words")
    desk.tab.press("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter")
    desk.page.wait_for_selector("dialog#add[open]")
    words = desk.page.inner_text("#add .add-words")
    desk.page.check("#add input[value=statement]")
    desk.page.fill("#add input[name=speaker]", "a clerk")
    desk.page.select_option("#add select[name=stance]", "deny")
    desk.page.click("#add button.main-button")
    desk.said("Saved")
    added = next(s for s in desk.reading.statements if s.speaker == "a clerk")
    assert " ".join(added.content[0].of(desk.text).split()) == words
    assert added.stance == "deny"


def test_a_toll_is_added_to_an_event(desk: Desk) -> None:
    event = desk.reading.events[0]
    desk.open(event.id)
    desk.at(event.id)
    span = desk.select("31 injured")
    desk.page.wait_for_selector("#picked:not([hidden])")
    desk.page.click("#picked [data-do=part]")
    desk.page.select_option("#part select[name=field]", "toll")
    desk.page.select_option("#part select[name=effect]", "injured")
    desk.page.fill("#part input[name=low]", "31")
    desk.page.fill("#part input[name=high]", "31")
    desk.page.click("#part button.main-button")
    desk.said("Saved")
    toll = desk.event(event.id).toll[-1]
    assert (toll.effect, toll.low, toll.high, toll.text) == ("injured", 31, 31, span)


def test_a_field_that_is_changed_is_saved_at_once(desk: Desk) -> None:
    event = desk.reading.events[0]
    desk.open(event.id)
    desk.page.select_option("#inspector select[name='f.status']", "possible")
    desk.said("Saved")
    assert desk.event(event.id).status == "possible"
    assert desk.here == event.id


def test_hovering_an_event_lights_who_whom_where_when_and_how_many(desk: Desk) -> None:
    event = next(e for e in desk.reading.events if e.targets and e.places and e.toll)
    desk.open()
    desk.page.hover(f".trigger[data-of='{event.id}']")
    lit = set(
        desk.page.evaluate("[...document.querySelectorAll('.text .lit')].map((m) => m.dataset.of + m.dataset.role)")
    )
    wanted = {"trigger", "target", "place", "toll"} | ({"agent"} if event.agents else set())
    assert lit >= {event.id + role for role in wanted}
    assert {one.removeprefix(event.id) for one in lit} <= {*wanted, "time", "weapon"}
    desk.page.mouse.move(5, 5)
    assert desk.page.evaluate("document.querySelectorAll('.lit').length") == 0
    desk.page.focus(f"a[data-at='{event.id}']")
    assert desk.page.evaluate("document.querySelectorAll('.text .trigger.lit').length") == 1


def test_offsets_are_code_points_across_paragraphs(browser: Browser, tmp_path: Path) -> None:
    from reportedly.claims import make_claims
    from reportedly.types import Report
    from tests.review.ledgers import RUN, fill

    text = "One \U0001f600\U0001f600 two said.\n\nThree e\u0301t four shelled.\r\nقال الجيش إن القرية قصفت.\n"
    report = Report("signs", text, title="Signs")
    event = Event("e1", Span(text.index("shelled"), text.index("shelled") + 7), "shelling", "asserted")
    reading = Reading("signs", RUN.id, (), (event,))
    path = tmp_path / "signs.db"
    fill(path, [(report, reading, make_claims(report, reading))])
    with served(path) as address, tab(browser, address) as opened, Ledger.open(path) as ledger:
        opened.go("/report/signs")
        for words in ("two said", "e\u0301t four shelled", "القرية قصفت"):
            found = opened.page.evaluate(f"(words) => {{ ({SELECT})(words); }}", words)
            opened.press("n")
            opened.page.wait_for_selector("dialog#add[open]")
            pieces = opened.page.input_value("#add input[name=pieces]")
            start = text.index(words)
            assert pieces == f"{start}-{start + len(words)}", found
            opened.press("Escape")
        opened.page.evaluate(
            "getSelection().setBaseAndExtent(document.querySelectorAll('.text')[0].firstChild, 6,"
            " document.querySelectorAll('.text')[2].lastChild, 4)"
        )
        opened.press("n")
        pieces = opened.page.input_value("#add input[name=pieces]")
        start, end = map(int, pieces.split("-"))
        assert text[start:end].startswith("\U0001f600 two")
        assert text[start:end].endswith("\r\nقال ")
        opened.page.click("#add button.main-button")
        opened.wait("() => document.getElementById('told').textContent.includes('Saved')")
        assert len(ledger.edits("signs")) == 1
        assert opened.page.evaluate("getComputedStyle(document.querySelectorAll('.text')[2]).direction") == "rtl"


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, False), (LAPTOP, True), (PHONE, False)])
def test_nothing_is_out_of_reach(browser: Browser, place: Path, size: tuple[int, int], dark: bool) -> None:
    with Ledger.open(place) as ledger, served(place) as address, tab(browser, address, size=size, dark=dark) as opened:
        name = most_told(ledger).report.id
        for path in (f"/report/{name}", f"/report/{name}?at=e1", f"/report/{name}?at=s2", "/queue", "/agreement"):
            opened.go(path)
            assert opened.faults() == [], path
            wide = opened.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{path} is {wide} wide"
        opened.go(f"/report/{name}?at=e1")
        opened.press("?")
        assert opened.faults() == []
        opened.press("Escape")
        opened.press("a")
        opened.wait("() => document.getElementById('told').textContent.includes('Accepted')")
        opened.page.click("form.finish button")
        opened.page.wait_for_load_state("networkidle")
        opened.go(f"/curate/{name}")
        assert opened.faults() == []


def test_by_touch(browser: Browser, place: Path) -> None:
    with (
        Ledger.open(place) as ledger,
        served(place) as address,
        tab(browser, address, size=PHONE, touch=True) as opened,
    ):
        desk = Desk(opened, ledger)
        desk.open()
        name = desk.reading.events[0].id
        desk.page.tap(f".trigger[data-of='{name}']")
        desk.at(name)
        desk.page.tap("#inspector button.yes")
        desk.said("Accepted")
        assert desk.event(name).score is None
        desk.select("families")
        desk.page.wait_for_selector("#picked:not([hidden])")
        desk.page.tap("#picked [data-do=add]")
        desk.page.tap("#add button.main-button")
        desk.said("Saved")
        assert any(e.trigger.of(desk.text) == "families" for e in desk.reading.events)


def test_keys_can_be_switched_off(desk: Desk) -> None:
    desk.open()
    desk.tab.press("?")
    desk.page.uncheck("#keys-on")
    desk.tab.press("Escape", "j")
    assert desk.here == ""
