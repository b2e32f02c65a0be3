"""A ledger for notebooks: `from reportedly import Ledger`, and the notebook that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportedly
from reportedly import Ledger
from reportedly.errors import LedgerError, SettingsError
from reportedly.store import Ledger as Store
from tests.review.ledgers import fill

NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("frames") / "demo.db"
    fill(made)
    return made


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


def test_incidents_as_a_table(ledger: Ledger) -> None:
    frame = ledger.incidents().to_dataframe()
    assert len(frame) == ledger.store.count_incidents()
    assert frame["first"].dtype.kind == "M"
    told = frame[frame["killed_best"].notna()]
    assert len(told)
    assert (told["killed_low"] <= told["killed_best"]).all()
    assert (told["killed_best"] <= told["killed_high"]).all()
    assert list(frame.columns) == list(ledger.incidents().columns)


def test_conditions_narrow(ledger: Ledger) -> None:
    whole = ledger.incidents().to_list()
    kind = whole[0]["kind"]
    assert {row["kind"] for row in ledger.incidents(kinds=kind)} == {kind}
    assert {row["incident"] for row in ledger.incidents(kinds=[kind], first="2024-01-01")} <= {
        row["incident"] for row in whole
    }
    with pytest.raises(SettingsError, match="no condition 'kind'"):
        ledger.incidents(kind="shelling")
    with pytest.raises(SettingsError, match="one of"):
        ledger.incidents(verdicts="true")
    with pytest.raises(SettingsError, match="no day"):
        ledger.incidents(first="yesterday")


def test_claims_versions_reports_and_speakers(ledger: Ledger) -> None:
    claims = ledger.claims().to_list()
    assert len(claims) == ledger.store.tally().claims
    texts = {row["report"]: row["text"] for row in ledger.reports()}
    assert all(texts[c["report"]][c["start"] : c["end"]].strip() for c in claims)
    some = ledger.incidents(verdicts="disputed").to_list()
    versions = ledger.versions(verdicts="disputed").to_list()
    assert {v["incident"] for v in versions} == {i["incident"] for i in some}
    inside = ledger.claims(verdicts="disputed").to_list()
    assert {c["incident"] for c in inside} == {i["incident"] for i in some}
    assert sum(s["claims"] for s in ledger.speakers()) == sum(c["incident"] is not None for c in claims)
    assert len(ledger.reports("killed").to_list()) < len(texts)


def test_a_ledger_that_was_never_linked(tmp_path: Path) -> None:
    Store.open(tmp_path / "new.db").close()
    with Ledger.open(tmp_path / "new.db") as opened, pytest.raises(LedgerError, match="never linked"):
        opened.incidents()


def test_without_pandas_it_says_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert ledger.incidents().to_list()
    with pytest.raises(SettingsError, match="pandas isn't installed"):
        ledger.incidents().to_dataframe()


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, reportedly; print([m for m in sys.modules if m.startswith(('reportedly.', 'sqlalchemy'))])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        _ = reportedly.Pandas


def test_the_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    cells = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells:
        exec("".join(cell["source"]), names)
        assert cell["outputs"] == []
    assert names["kinds"]
