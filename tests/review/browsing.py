"""A browser that tests drive: Debian's Chromium (`make browser`). Tests that ask for it are skipped where it is not.

Every page keeps what it asked for and what its scripts complained of; at the end of a test both must be clean.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WHY = "no chromium: `make browser` installs it, and the tests drive it"
LAPTOP, PHONE = (1440, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a screen. Skips the test where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip(WHY)
    play = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
    with play.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def served(ledger: Path, **changes: Any) -> Iterator[str]:
    """The app over a ledger on a free port of this machine; gives its address."""
    import uvicorn

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ReviewSettings(str(ledger), ledger.stem, port=port, **changes)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < ends, "the app did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@dataclass
class Tab:
    """A page in the browser, at an address of the app."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Opens a page of the app and waits until it has all that it asks for."""
        answer = self.page.goto(self.address + path, wait_until="networkidle")
        assert answer
        assert answer.ok, answer.status

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def wait(self, test: str, *given: Any) -> None:
        """Until the JavaScript expression holds; `given` is `given` in it."""
        self.page.wait_for_function(test, arg=list(given), timeout=10_000)

    def faults(self) -> list[str]:
        """What axe finds at fault with the page as it is now, in words."""
        from axe_playwright_python.sync_playwright import Axe

        return [
            f"{fault['id']}: {node['html'][:160]}: {node.get('failureSummary', '')[:200]}"
            for fault in Axe().run(self.page).response["violations"]
            for node in fault["nodes"]
        ]


@contextmanager
def tab(
    browser: Browser, address: str, *, size: tuple[int, int] = LAPTOP, dark: bool = False, touch: bool = False
) -> Iterator[Tab]:
    """A fresh tab. At the end it must have asked no other host, and no script must have complained."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        reduced_motion="reduce",
    )
    made = Tab(context.new_page(), address)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
    made.page.on("request", lambda request: made.asked.append(request.url))
    yield made
    context.close()
    assert not made.complaints
    assert [url for url in made.asked if not url.startswith((address, "data:", "blob:"))] == []
