"""The pages: their links lead somewhere, and what they show of the code is so."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from reportedly.export import Output
from reportedly.export.book import Rows
from reportedly.export.profiles import make_profile
from reportedly.export.reference import reference
from reportedly.export.rules import make_rule
from reportedly.export.veil import Veil
from reportedly.extract.figures import read_figure
from reportedly.ontology import load_ontology
from reportedly.sources.base import Input, Options
from reportedly.types import Failure, Report
from tests.export.village import AS_OF, Village

ROOT = Path(__file__).parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "examples").glob("*.md")])
LINK = re.compile(r"\]\(([^()\s#]+)(?:#[\w-]+)?\)")
MADE = ("scoreboard.md",)
"""Pages that are measured and written by `make evaluate`, which needs the corpora."""
CODE = re.compile(r"```python\n(.*?)```", re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists() and Path(link).name not in MADE] == []


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link in LINK.findall(index.read_text("utf-8"))}
    # Decisions are for those who change the code; their folder is listed as one.
    pages = {page for page in (ROOT / "docs").rglob("*.md") if page != index and "decisions" not in page.parts}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - listed) == []


def test_events_page_has_every_kind_and_status() -> None:
    page = (ROOT / "docs" / "how-it-decides" / "events.md").read_text("utf-8")
    ontology = load_ontology()
    assert [label for label in (*ontology.kinds, *ontology.statuses) if f"`{label}`" not in page] == []
    assert f"one of {len(ontology.kinds)}," in page


def test_statements_page_has_every_stance() -> None:
    page = (ROOT / "docs" / "how-it-decides" / "statements.md").read_text("utf-8")
    assert [label for label in load_ontology().stances if f"`{label}`" not in page] == []


def test_events_page_reads_figures_as_the_code_does() -> None:
    page = (ROOT / "docs" / "how-it-decides" / "events.md").read_text("utf-8")
    table = page.split("| words | low | high |")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert len(rows) >= 10
    for words, low, high in rows:
        expected = (int(low.replace(",", "")), None if high == "not stated" else int(high.replace(",", "")))
        for one in words.split(" · "):
            mention = "soldiers" if "no number" in one else one
            assert read_figure(mention) == expected, mention


def test_the_source_in_the_how_to_works() -> None:
    (code,) = [c for c in CODE.findall((ROOT / "docs" / "how-to" / "source.md").read_text("utf-8")) if "class" in c]
    names: dict[str, type] = {}
    exec(compile(code, "source.md", "exec"), names)
    story = "Residents said on Tuesday that two shells had fallen near the bridge."
    data = f"ZCZC\nNear the bridge\n\n{story}\nNNNN\nZCZC\nNothing\n\n\nNNNN\n".encode()
    source = names["WireSource"]()
    assert source.suits(data)
    report, failure = source.read(Input("a.wire", ".wire", data, io.BytesIO(data)), Options())
    assert isinstance(report, Report)
    assert (report.title, report.text, report.origin) == ("Near the bridge", story, "a.wire#1")
    assert isinstance(failure, Failure)
    assert failure.where == "a.wire#2"


def test_the_page_on_exports_is_what_the_program_prints() -> None:
    assert (ROOT / "docs" / "reference" / "exports.md").read_text("utf-8") == reference(), "run `make docs`"


def test_the_export_in_the_how_to_works(tmp_path: Path) -> None:
    (code,) = [c for c in CODE.findall((ROOT / "docs" / "how-to" / "export.md").read_text("utf-8")) if "class" in c]
    names: dict[str, type] = {}
    exec(compile(code, "export.md", "exec"), names)
    made, out = names["TalliesExport"](), Output(tmp_path)
    rule, profile = make_rule(), make_profile("internal", as_of=AS_OF)
    made.write(Rows(Village(), rule=rule, veil=Veil(profile), ontology=load_ontology(), happened=True), out)
    assert (tmp_path / "tallies.txt").read_text("utf-8") == "2024-03 21\n"
