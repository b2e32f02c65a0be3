"""Overview, incident, speakers and publishing in a browser: what filters what, by mouse and key; axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from reportedly.store import Ledger
from reportedly.store.filter import Filter
from tests.review.browsing import LAPTOP, PHONE, Tab, chromium, served, tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(browser: Browser, filled: Path) -> Iterator[str]:
    with served(filled) as made:
        yield made


def counted(opened: Tab) -> int:
    return int(opened.page.locator("#results-head").inner_text().split()[0].replace(",", ""))


def asked(opened: Tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(opened.page.url).query)


def test_brushing_days_narrows_table_and_address(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        opened.go("/")
        whole = counted(opened)
        place = opened.page.locator("#timeline .overlay").bounding_box()
        assert place
        middle = place["y"] + place["height"] / 2
        opened.page.mouse.move(place["x"] + place["width"] * 0.55, middle)
        opened.page.mouse.down()
        opened.page.mouse.move(place["x"] + place["width"] * 0.95, middle, steps=4)
        opened.page.mouse.up()
        opened.page.wait_for_url("**first=*")
        opened.wait(f"() => !document.querySelector('#results-head').textContent.includes('{whole} reported')")
        assert 0 < counted(opened) < whole
        assert {"first", "last"} <= asked(opened).keys()
        narrowed, here = counted(opened), opened.page.url
        # The address alone shows the same view.
        opened.page.goto(here)
        assert counted(opened) == narrowed
        opened.page.get_by_role("button", name="All days").click()
        opened.wait(f"() => document.querySelector('#results-head').textContent.includes('{whole} reported')")


def test_ticking_narrows_without_loading_the_page_anew(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        opened.go("/")
        whole = counted(opened)
        opened.page.evaluate("window.stays = true")
        opened.page.locator("input[name='verdict'][value='disputed']").press("Space")
        opened.page.wait_for_url("**verdict=disputed*")
        opened.wait(f"() => !document.querySelector('#results-head').textContent.includes('{whole} reported')")
        assert opened.page.evaluate("window.stays")
        assert asked(opened) == {"verdict": ["disputed"]}
        opened.page.go_back()
        opened.wait(f"() => document.querySelector('#results-head').textContent.includes('{whole} reported')")


def test_names_are_offered(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        opened.go("/")
        opened.page.locator("input[name='speaker']").fill("chindw")
        opened.wait("() => [...document.querySelectorAll('#speakers option')].some(o => o.value === 'Chindwin Post')")
        offered = opened.page.locator("#speakers option").evaluate_all("all => all.map(one => one.value)")
        assert "Chindwin Post" in offered


def test_a_box_comes_from_the_map(browser: Browser, address: str) -> None:
    with tab(browser, address) as opened:
        opened.go("/")
        if opened.page.locator("#map canvas").count() == 0:
            pytest.skip("this browser draws no maps: it has no WebGL")
        opened.page.locator("#map-note:not(:empty)").wait_for(timeout=30_000)
        place = opened.page.locator("#map").bounding_box()
        assert place
        opened.page.get_by_role("button", name="Draw a box").click()
        opened.page.mouse.move(place["x"] + 60, place["y"] + 60)
        opened.page.mouse.down()
        opened.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] - 40, steps=4)
        opened.page.mouse.up()
        opened.page.wait_for_url("**box=*")
        opened.page.get_by_role("button", name="No box").click()
        opened.page.wait_for_url(lambda url: "box=" not in url)


def test_a_cell_opens_its_words(browser: Browser, address: str, filled: Path) -> None:
    with Ledger.open(filled, create=False) as store:
        facts = store.find_incidents(Filter(verdicts=("disputed",)), order="origins")[0]
    with tab(browser, address) as opened:
        opened.go(f"/incidents/{facts.incident}")
        cell = opened.page.locator(".matrix a.cell").first
        cell.focus()
        opened.press("Enter")
        opened.page.locator("#words mark").first.wait_for()
        assert cell.get_attribute("aria-current") == "true"
        assert f"/incidents/{facts.incident}" in opened.page.url
        assert opened.page.locator("#timeline svg").count() == 1


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, False), (LAPTOP, True), (PHONE, False)])
def test_axe_finds_nothing(browser: Browser, address: str, filled: Path, size: tuple[int, int], dark: bool) -> None:
    with Ledger.open(filled, create=False) as store:
        facts = store.find_incidents(Filter(verdicts=("disputed",)), order="origins")[0]
        speaker = store.names_told("speaker")[0][0]
    with tab(browser, address, size=size, dark=dark) as opened:
        for path in ("/?kind=shelling&verdict=disputed", f"/incidents/{facts.incident}", "/speakers",
                     f"/speaker?name={speaker}", "/publish", "/nowhere"):  # fmt: skip
            opened.page.goto(opened.address + path, wait_until="networkidle")
            opened.complaints[:] = [c for c in opened.complaints if "404" not in c]
            assert opened.faults() == [], path
            across = opened.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert across <= 0, f"{path} is {across} px wider than the window"
