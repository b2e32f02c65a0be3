"""`reportedly account`: accounts on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reportedly.cli import main
from reportedly.cli.review import read_secret, reader_command
from reportedly.errors import SettingsError
from reportedly.settings import Settings
from reportedly.store import Ledger
from tests.review.teams import WORD, quicken


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    quicken(monkeypatch)
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    return str(place)


def status(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = f"{WORD}\n") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        main(("account", *arguments))
    return int(ended.value.code or 0)


def test_accounts_come_and_go(
    ledger: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(monkeypatch, "list", ledger) == 0
    assert "Nobody has an account" in capsys.readouterr().out
    assert status(monkeypatch, "add", ledger, "bo") == 1
    assert "must be an admin's" in capsys.readouterr().err
    assert status(monkeypatch, "add", ledger, "Ann", "--role", "admin") == 0
    assert status(monkeypatch, "add", ledger, "bo") == 0
    assert status(monkeypatch, "role", ledger, "bo", "--role", "editor") == 0
    assert status(monkeypatch, "password", ledger, "bo", typed="seven boats in the harbour\r\n") == 0
    with Ledger.open(ledger) as store:
        found = store.check_password("bo", "seven boats in the harbour")
        assert found is not None
        assert found.role == "editor"
    assert status(monkeypatch, "remove", ledger, "bo") == 0
    assert status(monkeypatch, "remove", ledger, "ann") == 1
    capsys.readouterr()
    assert status(monkeypatch, "list", ledger) == 0
    shown = capsys.readouterr().out.split()
    assert shown.index("ann") < shown.index("bo")
    with Ledger.open(ledger) as store:
        actions = [e.action for e in store.log_entries() if e.action.startswith("account")]
    assert actions == ["account.add", "account.add", "account.role", "account.password", "account.remove"]


@pytest.mark.parametrize("typed", ["", "\n", "short\n"])
def test_a_password_that_is_none_is_refused(
    ledger: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert status(monkeypatch, "add", ledger, "ann", "--role", "admin", typed=typed) == 2
    assert WORD not in capsys.readouterr().err


def test_a_password_is_no_argument(ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(monkeypatch, "add", ledger, "ann", WORD, "--role", "admin") == 2
    assert status(monkeypatch, "add", ledger, "ann", "--password", WORD) == 2


def test_the_secret_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTEDLY_SECRET", "from the environment")
    assert read_secret(None) == "from the environment"
    (tmp_path / "secret").write_text("from a file\n")
    assert read_secret(tmp_path / "secret") == "from a file"
    monkeypatch.delenv("REPORTEDLY_SECRET")
    assert read_secret(None) is None
    with pytest.raises(SettingsError, match="can't be read"):
        read_secret(tmp_path / "nowhere")


def test_the_app_reads_with_the_weights_and_places_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("places.sqlite").touch()
    command = reader_command(Settings(places=Path("places.sqlite")))
    assert command[1:] == ("-m", "reportedly.cli.ordered", "--places", str(tmp_path / "places.sqlite"))
    assert reader_command(Settings())[3:] == ()
