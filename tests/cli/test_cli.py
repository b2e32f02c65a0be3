from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportedly import __version__
from reportedly.cli import VERBS
from reportedly.cli.reference import reference
from reportedly.cli.screen import public_name, visible
from tests.cli.command import status_of

ROOT = Path(__file__).parents[2]
HEAVY = ("alembic", "feedparser", "lxml", "numpy", "onnxruntime", "py3langid", "sqlalchemy", "tokenizers")


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("--help") == 0
    out = capsys.readouterr().out
    assert all(f"  {verb} " in out for verb in VERBS)


def test_help_loads_nothing_heavy() -> None:
    program = f"import sys; from reportedly.cli import build; build(); print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("--version") == 0
    assert capsys.readouterr().out == f"reportedly {__version__}\n"


def test_the_reference_is_up_to_date() -> None:
    page = ROOT / "docs" / "reference" / "cli.md"
    assert page.read_text(encoding="utf-8") == reference(), "stale: run `make docs`"


def test_a_password_in_a_url_is_not_shown() -> None:
    assert public_name("postgresql://ana:s3:cr@t@db/ledger") == "postgresql://ana:***@db/ledger"
    assert public_name("postgresql://ana@db/ledger") == "postgresql://ana@db/ledger"
    assert public_name("C:/reports/a@b.db") == "C:/reports/a@b.db"


def test_ordinary_text_is_shown_as_it_is() -> None:
    text = "Kyiv’s “é” \N{COMBINING ACUTE ACCENT} 🕊 דרום\nnext"
    assert visible(text) == text
