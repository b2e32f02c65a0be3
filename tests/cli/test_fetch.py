from __future__ import annotations

from pathlib import Path

import pytest

from reportedly.resolve import authority, gazetteer
from reportedly.resolve.authority import PlaceIndex
from tests.cli.command import status_of
from tests.resolve.test_gazetteer import small_sources
from tests.resolve.test_geonames import line


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    Path("shipped").mkdir()
    small = gazetteer.build_if_stale(small_sources(Path("shipped")))
    monkeypatch.setattr(authority, "shipped_places", lambda: small)


def test_into_the_users_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("SD.txt").write_text(line(990_000_001, "Qaryat Zumurrud", iso2="SD") + "broken\n", "utf-8")
    assert status_of("fetch", "gazetteer", "SD.txt") == 0
    out, err = capsys.readouterr()
    (index,) = (tmp_path / "data").rglob("places.sqlite")
    assert str(index) in out.replace("\n", "")
    assert "1 of them new" in out
    assert err == "Lines left out: too few columns 1\n"
    assert [place.country for place in PlaceIndex(index).find("Qaryat Zumurrud")] == ["SDN"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["none.txt", "--out", "x.sqlite"], 1, "none.txt"),
        (["empty.txt", "--out", "x.sqlite"], 1, "holds no place"),
        (["empty.txt", "--out", "x.sqlite", "--classes", "AQ"], 2, "not feature classes"),
    ],
)
def test_errors(arguments: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty.txt").write_text("", "utf-8")
    assert status_of("fetch", "gazetteer", *arguments) == status
    assert message in capsys.readouterr().err
    assert not list(Path().glob("x.sqlite*"))


def test_an_index_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.txt").write_text("A text.", "utf-8")
    assert status_of("read", "r.txt", "--places", "none.sqlite") == 2
    assert "the places file is not there" in capsys.readouterr().err
