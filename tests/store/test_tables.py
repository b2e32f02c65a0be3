"""docs/reference/ledger.md describes the tables as they are."""

from __future__ import annotations

import re
from pathlib import Path

from reportedly.store.tables import metadata

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ledger.md"


def test_the_reference_lists_every_column_in_order() -> None:
    sections = re.split(r"^#{2,3} ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    listed = {s.split("\n", 1)[0]: re.findall(r"^\| `(\w+)` \|", s, flags=re.MULTILINE) for s in sections}
    described = {name: columns for name, columns in listed.items() if name in metadata.tables}
    assert described == {name: list(table.columns.keys()) for name, table in metadata.tables.items()}
