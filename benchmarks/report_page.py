"""How long the page of a long report takes: 5,000 words with 100 statements and 200 events, as the server makes it and
as a browser opens it.

    python benchmarks/report_page.py

The browser is Chromium, if there is one; its figure is from the click to the page laid out, its script run.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import uvicorn
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from reportedly.review.app import create_app
from reportedly.review.settings import ReviewSettings
from reportedly.types import Event, Figure, Link, Party, Reading, Report, Span, Statement
from tests.review.ledgers import RUN, fill

ROUNDS = 15
SENTENCE = (
    "A spokesman for the Lake Army told the Valley Herald that gunmen had shelled the market of Old Tarim on Monday, "
)
REST = "killing at least nine people, and that the road to the river was closed. "


def long_report() -> tuple[Report, Reading]:
    """An invented report: every other sentence is somebody's, with two events in it."""
    text = ""
    statements: list[Statement] = []
    events: list[Event] = []
    for n in range(150):
        start = len(text)
        sentence = (
            SENTENCE + REST if n % 3 < 2 else "Nothing more was known of it by the evening, the paper wrote. " * 2
        )
        text += sentence + ("\n\n" if n % 4 == 3 else "")
        if n % 3 == 2:
            continue

        def at(words: str, start: int = start, sentence: str = sentence) -> Span:
            place = start + sentence.index(words)
            return Span(place, place + len(words))

        name = f"s{len(statements) + 1}"
        said = Span(start + sentence.index("that gunmen"), start + len(sentence) - 2)
        who = f"spokesman {n % 12}"
        source, told = at("A spokesman for the Lake Army"), (at("the Valley Herald"),)
        statements.append(
            Statement(
                name, (source,), (at("told"),), (said,), "say", "military", told, None, who, "Lake Army", None, 0.8
            )
        )
        toll = Figure("killed", at("at least nine people"), 9, None, "people")
        events.append(
            Event(
                id=f"e{len(events) + 1}",
                trigger=at("shelled"),
                kind="shelling",
                status="asserted",
                agents=(Party(at("gunmen"), "unidentified gunmen"),),
                targets=(Party(at("the market of Old Tarim"), "market"),),
                places=(Link(at("Old Tarim"), "Old Tarim"),),
                times=(at("on Monday"),),
                toll=(toll,),
                statement=name,
                first=date(2024, 3, 4),
                last=date(2024, 3, 4),
                score=0.4,
            )
        )
        road = Party(at("the road to the river"), "road")
        events.append(
            Event(f"e{len(events) + 1}", at("closed"), "siege", "asserted", (), (road,), statement=name, score=0.7)
        )
    report = Report("long", text, outlet="Valley Herald", published=date(2024, 3, 6), title="A long day in Old Tarim")
    return report, Reading(report.id, RUN.id, tuple(statements), tuple(events))


def main() -> None:
    """Prints the figures."""
    from reportedly.claims import make_claims

    report, reading = long_report()
    marks = len(reading.statements) + len(reading.events)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.db"
        fill(path, [(report, reading, make_claims(report, reading))])
        settings = ReviewSettings(str(path), "long", port=8477)
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8477") as client:
            taken, worked = [], []
            for _ in range(ROUNDS):
                start, cpu = time.perf_counter(), time.process_time()
                size = len(client.get("/report/long?at=e1").content)
                taken.append((time.perf_counter() - start) * 1000)
                worked.append((time.process_time() - cpu) * 1000)
        print(f"{len(report.text.split()):,} words, {marks} statements and events, {size / 1000:,.0f} kB")
        own = f"{statistics.median(worked):.0f} ms of processor"
        print(f"server: median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms, {own}")
        in_browser(settings)


def in_browser(settings: ReviewSettings) -> None:
    """The same page in Chromium."""
    found = shutil.which("chromium")
    if found is None:
        print("browser: no chromium")
        return
    from playwright.sync_api import sync_playwright

    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=settings.port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened, stepped, busy = [], [], []
        for _ in range(ROUNDS):
            page.goto(f"http://127.0.0.1:{settings.port}/report/long?at=e1", wait_until="load")
            busy += [m["value"] * 1000 for m in tools.send("Performance.getMetrics")["metrics"] if m["name"] == TASKS]
            opened.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            stepped.append(page.evaluate(STEP))
        browser.close()
    server.should_exit = True
    thread.join()
    print(f"browser: opens in median {statistics.median(opened):.0f} ms, slowest {max(opened):.0f} ms")
    print(f"browser: of that the page's thread is at work for {statistics.median(busy):.0f} ms")
    print(f"browser: next event by key in median {statistics.median(stepped):.0f} ms")


TASKS = "TaskDuration"
STEP = """() => new Promise((done) => {
  const start = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""

if __name__ == "__main__":
    main()
