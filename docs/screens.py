"""Pictures of the review app's pages: `python docs/screens.py examples/reports docs/screens`.

Reads the reports, which are invented, with the shipped reader, links them, and drives Debian's Chromium through the app
as an admin of a small team sees it. Needs what the tests need (`make browser`). The times in the pictures are those of
the day on which they are made, so no test compares them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.store import Ledger
from reportedly.store.filter import Filter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}
WORD = "four lamps by the river"
TEAM = {"ann": "admin", "bo": "reviewer", "cleo": "editor", "نور": "reader"}

FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
"""The map is drawn without a graphics card."""

PAGES = {
    "overview": "/",
    "queue": "/queue",
    "speakers": "/speakers",
    "publish": "/publish",
    "read-in": "/intake",
    "people": "/people",
    "log": "/audit",
    "account": "/account",
}


def make(reports: Path, folder: Path) -> None:
    """Writes a picture of each page into `folder`."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        ledger = Path(place) / "examples.db"
        fill(reports, ledger)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        with served(ledger) as address, closing(browser):
            shoot(browser, address, ledger, folder)


def fill(reports: Path, ledger: Path) -> None:
    """A linked ledger of the reports, with a team."""
    for arguments in (("read", str(reports), "--ledger", str(ledger), "--format", "none"), ("link", str(ledger))):
        command = [sys.executable, "-c", "from reportedly.cli import main; main()", *arguments]
        subprocess.run(command, check=True, env={**os.environ, "LOGNAME": "ann"})  # whom the log names
    with Ledger.open(ledger, create=False, by="ann") as store:
        for name, role in TEAM.items():
            store.add_account(name, WORD, role=role, by="ann")


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """The app over the ledger on a free port; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    reader = (sys.executable, "-m", "reportedly.cli.ordered")
    app = create_app(ReviewSettings(str(ledger), ledger.stem, port=port, reader=reader))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def shoot(browser: Browser, address: str, ledger: Path, folder: Path) -> None:
    """Every page in light, and some in dark and small."""
    pages = {**PAGES, **of_the_ledger(ledger)}
    for scheme, size, names in (
        ("light", SIZE, tuple(pages)),
        ("dark", SIZE, ("overview", "incident", "report")),
        ("light", PHONE, ("overview", "incident", "report")),
    ):
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        suffix = "" if (scheme, size) == ("light", SIZE) else f"-{scheme}" if size == SIZE else "-phone"
        page.goto(f"{address}/login")
        if not suffix:
            page.screenshot(path=folder / "login.png")
        log_in(page, address)
        for name in names:
            page.goto(address + pages[name], wait_until="networkidle")
            prepare(page, name)
            page.screenshot(path=folder / f"{name}{suffix}.png")
        context.close()


def of_the_ledger(ledger: Path) -> dict[str, str]:
    """The pages of the incident that most independent origins tell of, and of one of the reports."""
    with Ledger.open(ledger, create=False) as store:
        found = store.find_incidents(Filter(), order="origins", limit=20)
        most = store.incident(max(found, key=lambda facts: (facts.origins, facts.claims)).incident)
        assert most is not None
        told = store.claims_named(most.claims)
        report = max((c.report for c in told.values()), key=[c.report for c in told.values()].count)
    return {"incident": f"/incidents/{most.id}", "report": f"/report/{report}?at=e1"}


def log_in(page: Page, address: str) -> None:
    """As the admin."""
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def prepare(page: Page, name: str) -> None:
    """What a page needs to show what it is for."""
    if name == "account":
        page.get_by_label("What is it for?").fill("nightly export")
        page.get_by_role("button", name="Make a token").click()
        page.get_by_text("Copy it now").wait_for()
    elif name == "read-in":
        page.get_by_label("Text", exact=True).fill("Residents of Er Rahad said two shells had fallen near the bridge.")
        page.get_by_role("button", name="Read it", exact=True).click()
        page.get_by_text("statement").first.wait_for()
        page.wait_for_function("() => !document.querySelector('#jobs[hx-get]')")
    page.wait_for_timeout(5000 if page.locator("canvas").count() else 500)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
