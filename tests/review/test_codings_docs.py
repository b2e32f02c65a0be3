"""docs/reference/codings.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from reportedly.review.agreement import _FIELDS
from reportedly.store.codings import OPS
from reportedly.store.queue import NEEDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "codings.md").read_text(encoding="utf-8")


def test_every_edit_is_listed() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) == OPS


def test_every_part_of_the_need_is_listed_in_the_words_of_the_page() -> None:
    for name, words in NEEDS.items():
        assert f"| {name} | {words} |" in PAGE


def test_every_field_is_listed_with_its_measure() -> None:
    rows = {row[0]: row[1] for row in re.findall(r"^\| (\w+) \| [^|]* \| ([^|]*) \|$", PAGE, re.M)}
    for field in _FIELDS:
        last = {"first day": "first", "last day": "last day"}.get(field.name, field.name)
        assert last in rows[field.measure], field.name


def test_every_key_is_told() -> None:
    page = (DOCS / "how-to" / "review-reports.md").read_text(encoding="utf-8")
    script = Path(__file__).parents[2] / "src" / "reportedly" / "review" / "static" / "report.js"
    keys = re.search(r"const keys = \{(.*?)\n\};", script.read_text(encoding="utf-8"), re.S)
    assert keys
    for key in re.findall(r'^  "?([a-z?])"?: ', keys[1], re.M):
        assert f"`{key}`" in page
