"""The two files of a digest: every line with its speaker, and nothing that what is told could do to a reader."""

from __future__ import annotations

import base64
import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from reportedly.digest.changes import find_changes
from reportedly.digest.markdown import write_markdown
from reportedly.digest.page import LINES, write_page
from reportedly.digest.pictures import draw, draw_map, draw_timeline
from reportedly.digest.summary import MOST, Digest, summarise
from reportedly.export.records import Case
from tests.digest.war import case, judge, told

EVIL = "<script>alert(1)</script>\"'&`*[x](javascript:alert(2))\x1b[31m\u202e\ud800\n# head"


def digest(*cases: Case, fresh: set[str] | None = None) -> Digest:
    ids = {t.claim.id for one in cases for t in one.told}
    changed = find_changes(cases, frozenset(ids if fresh is None else fresh), judge)
    return summarise(changed, name="war", since=date(2024, 3, 6), until=date(2024, 3, 8), notes=["Profile internal."])


def example() -> Digest:
    first = case(told(1, killed=(9, 9)), told(2, "the army", status="denied"), name="a")
    second = case(told(3, killed=(3, 3)), told(4, killed=(5, 5), published=date(2024, 3, 8)), name="b")
    return digest(first, second, fresh={"c1", "c2", "c4"})


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def test_the_page_has_every_part_and_speaker() -> None:
    page = parsed(write_page(example()))
    words = " ".join(" ".join(page.words).split())
    assert "war: reported 6–8 Mar 2024" in words
    assert "1 new incident, 1 incident told of again, 1 dispute opened, 0 disputes closed, 1 toll revised" in words
    for heading in ("New incidents", "Disputes opened", "Tolls revised", "Told of again", "How this was made"):
        assert heading in words
    assert "Reported air strike · Er Rahad (SDN) · 5 Mar 2024 in dispute" in words
    assert "the army, in The Courier" in words
    assert "denies" not in words, "a stance is what the statement has, not what we make of it"
    assert "killed: 3 (traders) before, 5 (traders) now (residents, in The Courier, 8 Mar 2024)" in words
    assert [tag for tag, _ in page.tags].count("svg") == 2


def test_the_page_loads_nothing() -> None:
    text = write_page(example())
    for tag, attributes in parsed(text).tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "embed")
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in text
    assert "default-src 'none'" in text


def evil() -> Digest:
    one = told(1, EVIL, outlet=EVIL, place=EVIL, quote=EVIL, killed=(1, 1))
    object.__setattr__(one.report, "url", "javascript:alert(3)")
    return digest(case(one, told(2, EVIL + "2", status="denied")))


def test_nothing_that_is_told_becomes_markup() -> None:
    text = write_page(evil())
    page = parsed(text)
    assert not {tag for tag, _ in page.tags} & {"script", "x"}
    assert not any(str(a.get("href", "")).startswith("javascript") for _, a in page.tags)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ud800]", text)
    text.encode("utf-8")


def test_nothing_that_is_told_becomes_markdown() -> None:
    text = write_markdown(evil())
    text.encode("utf-8")
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[x(?<!\\)\]", text)
    assert "[source](<javascript" not in text
    assert "\n# head" not in text


def test_markdown_has_the_same_and_its_pictures_inside() -> None:
    text = write_markdown(example())
    assert "## Disputes opened" in text
    assert "**the army, in The Courier** (witness) says air strike (denied)" in text
    assert "[source](<https://courier.example/1>)" in text
    pictures = re.findall(r"!\[(\w+)\]\(data:image/svg\+xml;base64,([\w+/=]+)\)", text)
    assert [name for name, _ in pictures] == ["map", "timeline"]
    for _, data in pictures:
        assert ElementTree.fromstring(base64.b64decode(data)).tag.endswith("svg")


def test_pictures_are_sound_xml_whatever_is_told() -> None:
    for _, picture in draw(evil()):
        root = ElementTree.fromstring(picture)
        assert {element.tag.rsplit("}", 1)[-1] for element in root.iter()} <= {
            "svg", "title", "rect", "line", "text", "g", "circle", "path",
        }  # fmt: skip


@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.0)],
        [(-90.0, -180.0), (90.0, 180.0)],
        [(-18.1, 179.9), (-18.2, -179.9)],
        [(12.7, 30.6)] * 3,
    ],
)
def test_marks_lie_on_the_map(points: list[tuple[float, float]]) -> None:
    cases = [case(told(n, point=point), name=f"i{n}") for n, point in enumerate(points)]
    picture = draw_map(digest(*cases).items)
    assert picture is not None
    marks = re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', picture)
    assert len(marks) == len(points)
    for x, y in marks:
        assert 40 <= float(x) <= 680
        assert 40 <= float(y) <= 360


def test_over_the_date_line_the_map_is_small() -> None:
    cases = [case(told(n, point=point), name=f"i{n}") for n, point in enumerate([(-18.1, 179.9), (-18.2, -179.9)])]
    picture = draw_map(digest(*cases).items)
    assert picture is not None
    (first, _), (second, _) = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture)
    assert abs(float(first) - float(second)) < 200


def test_without_places_or_days_there_is_no_picture() -> None:
    items = digest(case(told(1, point=None))).items
    assert draw_map(items) is None
    assert draw_timeline(items, since=date(2030, 1, 1), until=date(2030, 1, 2)) is None
    empty = digest()
    assert draw(empty) == []
    assert "0 new incidents" in write_page(empty)
    assert "0 new incidents" in write_markdown(empty)


def test_a_page_stays_a_page() -> None:
    crowd = case(*(told(n, f"witness {n}") for n in range(LINES + 5)), name="crowd")
    others = [case(told(100 + n), name=f"i{n}") for n in range(MOST + 20)]
    made = digest(crowd, *others)
    assert len(made.items) == MOST
    assert made.counts.startswith(f"{MOST + 21} new incidents")
    assert made.notes[-1].startswith("21 more incidents")
    assert "and 5 more" in write_page(made)
