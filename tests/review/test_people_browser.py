"""Logging in, accounts, the log and reading in, in a browser: by key, by dropping files, in light, dark and small."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportedly.store import Ledger
from tests.review.browsing import LAPTOP, PHONE, Tab, chromium, served, tab
from tests.review.teams import SECRET, WORD, make_team, quicken

if TYPE_CHECKING:
    from playwright.sync_api import Browser

READER = """
import json, sys, time
order = json.load(sys.stdin)
def tell(**told): print(json.dumps(told), flush=True)
tell(stage="reading", total=len(order["files"]) or 1)
for number, name in enumerate(order["files"], 1):
    time.sleep(1.0)
    tell(done=number, read=number, statements=3 * number, events=2 * number)
where = "<img src=x onerror=alert(1)>.txt"
tell(failed=1, failure={"where": where, "cause": "the file is empty", "hint": "leave it out"})
"""

DROP = """([names]) => {
  const moved = new DataTransfer();
  for (const name of names) moved.items.add(new File(["Two shells fell near the bridge."], name));
  const card = document.getElementById("drop");
  card.dispatchEvent(new DragEvent("dragover", { dataTransfer: moved, bubbles: true, cancelable: true }));
  card.dispatchEvent(new DragEvent("drop", { dataTransfer: moved, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    quicken(monkeypatch)
    place = tmp_path / "village.db"
    Ledger.open(place).close()
    make_team(place)
    with served(place, secret=SECRET, reader=(sys.executable, "-c", READER)) as found:
        yield found


def log_in(opened: Tab, name: str = "ann", path: str = "/") -> None:
    """By the keyboard alone."""
    opened.go(path)
    opened.page.keyboard.type(name)
    opened.press("Tab")
    opened.page.keyboard.type(WORD)
    opened.press("Enter")
    opened.page.wait_for_url(opened.address + path)


def test_logging_in_leads_on_and_logging_out_back(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        log_in(opened, path="/account")
        opened.page.get_by_role("button", name="Log out", exact=True).click()
        opened.page.wait_for_url(f"{opened.address}/login")
        opened.go("/audit")
        assert "/login" in opened.page.url


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, False), (LAPTOP, True), (PHONE, False)])
def test_axe_finds_nothing(browser: Browser, address: str, size: tuple[int, int], dark: bool) -> None:
    with tab(browser, address, size=size, dark=dark) as opened:
        opened.go("/login")
        assert opened.faults() == []
        log_in(opened)
        opened.go("/account")
        opened.page.get_by_label("What is it for?").fill("nightly export")
        opened.page.get_by_role("button", name="Make a token").click()
        opened.page.get_by_text("Copy it now").wait_for()
        assert opened.faults() == []
        for path in ("/people", "/audit", "/intake"):
            opened.go(path)
            for fold in opened.page.locator("main summary").all():
                fold.click()
            assert opened.faults() == [], path
            across = opened.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert across <= 0, f"{path} is wider than the window"


def test_dropped_files_are_read_while_one_looks_on(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        opened.page.on("dialog", lambda dialog: opened.complaints.append(f"said {dialog.message}"))
        log_in(opened, "ed", "/intake")
        opened.page.evaluate(DROP, [["a.txt", "b.txt", "<b>c</b>.txt"]])
        opened.page.get_by_role("heading", name="3 files: a.txt …").wait_for()
        stop = opened.page.get_by_role("button", name="Stop reading")
        stop.focus()
        opened.wait("() => /[12] of 3 reports/.test(document.getElementById('jobs').textContent)")
        assert opened.page.evaluate("document.activeElement?.id").startswith("stop-"), "the focus stays where it is"
        opened.page.get_by_text("3 reports read, 9 statements, 6 events; 1 could not be read").wait_for()
        opened.wait("() => !document.querySelector('#jobs[hx-get]')")
        assert opened.page.get_by_text("<img src=x onerror=alert(1)>.txt").is_visible()
        assert opened.faults() == []
