"""What reports and people bring is shown as text, on every page that there is: followed from link to link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.store.ledger import Read
from reportedly.types import Event, Link, Party, Reading, Report
from tests.review.ledgers import coded_reads, fill
from tests.review.teams import HERE, Browser, app_over

EVIL = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>{{7*7}}\u202e"
URLS = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", 'https://a"onclick=b')

TAGS = set(
    "a article aside b bdi bdo blockquote body br button caption code col colgroup datalist dd del details dialog "
    "div dl dt em fieldset figcaption figure footer form g h1 h2 h3 h4 head header hr html i img input ins kbd "
    "label legend li link main mark meta meter nav noscript ol optgroup option output p path progress q s samp "
    "script section select small span strong sub summary sup svg table tbody td template textarea tfoot th thead "
    "time title tr u ul use var wbr".split()
)
"""The elements that our templates use; whatever else is on a page came from outside."""

MOST = 150
"""Pages that are looked at."""


@dataclass
class Page(HTMLParser):
    """What a browser would make of a page: its faults, and where it leads."""

    address: str
    faults: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in TAGS:
            self.faults.append(f"<{tag}> came from outside")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.faults.append("a script in the page")
        for name, value in attrs:
            if name.startswith(("on", "hx-on")) or name in ("style", "srcdoc", "formaction"):
                self.faults.append(f"{tag} has {name}={value!r}")
            if name in ("href", "src", "action", "data", "poster"):
                self._look(tag, value or "")
        if tag == "a" and given.get("target") and "noopener" not in (given.get("rel") or "noopener"):
            self.faults.append("a link that hands on the window")

    def _look(self, tag: str, value: str) -> None:
        parts = urlsplit(urljoin(HERE + self.address, value.strip()))
        if parts.scheme not in ("http", "https"):
            self.faults.append(f"{tag} leads to {value!r}")
        elif tag != "a" and f"{parts.scheme}://{parts.netloc}" != HERE:
            self.faults.append(f"{tag} loads from {value!r}")
        elif tag == "a" and f"{parts.scheme}://{parts.netloc}" == HERE:
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def hostile(reads: Iterator[Read]) -> Iterator[Read]:
    """The same readings of texts that are full of tags, with names, titles and addresses that are none."""
    for number, (report, reading, _) in enumerate(reads):
        text = report.text.replace(" t", "<t").replace(" a", "<a") + f"\n\n{EVIL}"
        url = URLS[number % len(URLS)]
        evil = replace(report, text=text, title=f"Title {EVIL}", outlet=f"Outlet {EVIL}", url=url, origin=EVIL)
        yield evil, (made := hostile_reading(reading)), make_claims(evil, made)


def hostile_reading(reading: Reading) -> Reading:
    statements = tuple(
        replace(s, speaker=f"{s.speaker} {EVIL}" if s.speaker else None, side=f"Side {EVIL}" if s.side else None)
        for s in reading.statements
    )
    return replace(reading, statements=statements, events=tuple(map(hostile_event, reading.events)))


def hostile_event(event: Event) -> Event:
    def party(one: Party) -> Party:
        return replace(one, name=f"{one.name} {EVIL}" if one.name else None)

    def place(one: Link) -> Link:
        best = replace(one.best, name=f"{one.best.name} {EVIL}") if one.best else None
        return replace(one, name=f"{one.name} {EVIL}", best=best)

    toll = tuple(replace(figure, who=EVIL) for figure in event.toll)
    return replace(
        event,
        agents=tuple(map(party, event.agents)),
        targets=tuple(map(party, event.targets)),
        places=tuple(map(place, event.places)),
        toll=toll,
    )


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile") / "ledger.db"
    reads = list(hostile(islice(coded_reads(), 12)))
    assert all("<t" in report.text for report, _, _ in reads)
    fill(place, reads)
    with Ledger.open(place) as store:
        store.log(f"export.{EVIL}", by=EVIL, subject=EVIL, details={EVIL: EVIL, "list": [EVIL, EVIL]})
    return place


@pytest.fixture(scope="module")
def pages(ledger: Path) -> dict[str, str]:
    """Every page that links lead to from the overview and the rest of the navigation, by address."""
    browser = Browser.of(app_over(ledger))
    waiting = ["/", "/queue", "/speakers", "/publish", "/intake", "/people", "/audit", "/account", "/agreement"]
    with Ledger.open(ledger) as store:
        waiting += [f"/report/{e.report.id}" for e in islice(store.entries(), 4)]
        waiting += [f"/incidents/{i.id}" for i in islice(store.incidents(), 4)]
    found: dict[str, str] = {}
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        answer = browser.get(address)
        if address in found or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        found[address] = answer.text
        page = Page(address)
        page.feed(answer.text)
        waiting += [link for link in dict.fromkeys(page.links) if link not in found and len(link) < 2000]
    return found


def test_nothing_from_outside_is_more_than_text(pages: dict[str, str]) -> None:
    faults = {}
    for address, text in pages.items():
        page = Page(address)
        page.feed(text)
        if page.faults:
            faults[address] = sorted(set(page.faults))
    assert not faults


def test_enough_was_looked_at(pages: dict[str, str]) -> None:
    """The pages do show what came from outside, so that there was something to find."""
    kinds = {address.split("?")[0].split("/")[1] for address in pages}
    assert {"", "intake", "people", "audit", "account", "report", "incidents"} <= kinds
    for kind in ("report", "incidents", "speakers", "audit"):
        shown = [text for address, text in pages.items() if address.startswith(f"/{kind}")]
        assert any("&lt;script&gt;alert(1)" in text for text in shown), kind
    assert not [a for a, text in pages.items() if "49\u202e" in text], "nor is it a template"


def test_the_test_finds_what_it_should() -> None:
    page = Page("/")
    page.feed(
        f'<p>{EVIL}</p><a href="{URLS[0]}">x</a><a href="{URLS[1]}">x</a><a href=\' data:text/html,x\'>x</a>'
        '<img src="https://evil.example/x"><p style="x">said<army></p><a href="/next?a=1&amp;b=2">ok</a>'
    )
    told = " ".join(page.faults)
    found = ("a script in the page", "onerror", "onload", "javascript:", "JaVaScRiPt:", "data:", "loads", "<army>")
    assert [word for word in (*found, "style") if word not in told] == []
    assert page.links == ["/next?a=1&b=2"]


def test_what_a_person_types_comes_back_as_text(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    browser = Browser.of(app_over(place, reader=("true",)))
    answers = [
        browser.get("/", params={"words": EVIL, "kind": EVIL}),
        browser.get("/audit", params={"by": EVIL, "first": EVIL}),
        browser.get("/audit", params={"by": EVIL, "subject": EVIL}),
        browser.get(f"/incidents/{EVIL.replace('/', '')}"),
        browser.get(f"/report/{EVIL.replace('/', '')}"),
        browser.get(f"/{EVIL.replace('/', '')}"),
        browser.send("/people", "/people", name=EVIL, role=EVIL, password=EVIL),
        browser.send("/intake/url", "/intake", url=EVIL),
        browser.send("/intake/text", "/intake", text=" ", title=EVIL, outlet=EVIL[:150]),
        browser.send("/intake/text", "/intake", text="Shells fell.", title=EVIL, outlet=EVIL[:150]),
        browser.get("/intake"),
    ]
    for answer in answers:
        page = Page("/")
        page.feed(answer.text)
        assert page.faults == [], answer.url


def test_a_report_that_the_store_took_is_hostile_enough(ledger: Path) -> None:
    with Ledger.open(ledger) as store:
        reports: list[Report] = [entry.report for entry in store.entries()]
    assert {report.url for report in reports} == set(URLS)
    assert all(EVIL in (report.title or "") and EVIL in report.text for report in reports)
