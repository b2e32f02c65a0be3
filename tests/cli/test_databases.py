"""What a verb prints doesn't depend on the database that keeps the ledger; nor do the files that it writes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from reportedly.claims import make_claims
from reportedly.cli.screen import public_name
from reportedly.coded import from_coded
from reportedly.ontology import load_ontology
from reportedly.store import Ledger
from reportedly.types import Run
from tests.cli.command import status_of
from tests.postgres import binaries
from tests.store.conftest import emptied

CODED = Path(__file__).parents[2] / "examples" / "coded"
OTHERS = "somebody-elses-events.csv"


@pytest.fixture
def both(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The examples as a file and as a database, the second a copy of the first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    load_ontology()
    with Ledger.open("file.db") as ledger:
        for path in sorted(CODED.glob("*.json")):
            report, reading = from_coded(json.loads(path.read_text(encoding="utf-8")), where=path.name)
            ledger.add_run(Run(reading.run, "0", "none", "conflict"))
            assert ledger.add([(report, reading, make_claims(report, reading))]) == ()
    url = emptied(postgres)
    assert status_of("copy", "file.db", url) == 0
    return "file.db", url


def said(both: tuple[str, str], capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What the verb prints over each of the two, the ledger's name taken out."""
    printed = []
    for place in both:
        capsys.readouterr()
        assert status_of(*(place if a == "LEDGER" else a for a in arguments)) == 0, (place, arguments)
        shown = capsys.readouterr().out
        for name in (place, place.replace(":" + place.split(":")[2].split("@")[0], ":***") if "@" in place else place):
            shown = shown.replace(name, "LEDGER")
        printed.append(shown)
    return printed


def test_every_verb_says_the_same(both: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    report = "rahad-wire"
    for verb in (
        ("link", "LEDGER", "--anew"),
        ("show", "LEDGER", report),
        ("incidents", "LEDGER"),
        ("find", "LEDGER", "hospital", "--json"),
        ("find", "LEDGER", "--json", "--kind", "shelling"),
        ("find", "LEDGER", "--json", "--stance", "deny"),
        ("digest", "LEDGER", "--since", "2020-01-01", "--until", "2030-01-01", "--out", "digest"),
    ):
        a, b = said(both, capsys, *verb)
        assert sorted(a.split()) == sorted(b.split()), verb
        assert a.strip() or verb[0] == "digest"


def test_exports_are_the_same_bytes(both: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    file, url = both
    assert [status_of("link", place) for place in both] == [0, 0]
    for form in ("csv", "jsonl", "geojson", "ged"):
        made = []
        for place, folder in ((file, f"a-{form}"), (url, f"b-{form}")):
            assert status_of("export", place, "--to", form, "--out", folder) == 0
            made.append({p.name: p.read_bytes() for p in Path(folder).iterdir()})
        names = {name for name in made[0] if not name.endswith((".md", "notes.json"))}
        assert names
        assert {n: made[0][n] for n in names} == {n: made[1].get(n) for n in names}, form
    assert capsys.readouterr().err.count(url.split(":")[2].split("@")[0]) == 0, "no password is shown"


def test_reading_and_judging_into_a_database(
    both: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, url = both
    Path("in.jsonl").write_text('{"id": "new", "text": "A nurse said that shells killed nine people in Er Rahad."}\n')
    assert status_of("read", "in.jsonl", "--ledger", url) == 0
    assert status_of("read", "in.jsonl", "--ledger", url) == 0
    assert status_of("link", url) == 0
    with Ledger.open(url, create=False) as ledger:
        assert ledger.entry("new") is not None
        claims = [c.id for c in ledger.claims()][:2]
    assert status_of("judge", url, "merge", *claims, "--by", "Ann") == 0
    with Ledger.open(url, create=False) as ledger:
        assert [j.by for j in ledger.judgements()] == ["Ann"]
    capsys.readouterr()
    back = str(tmp_path / "back.db")
    assert status_of("copy", url, back) == 0
    printed = capsys.readouterr()
    assert "judgements" in printed.out
    assert url.split(":")[2].split("@")[0] not in printed.out + printed.err
    with Ledger.open(back, create=False) as ledger:
        assert [j.subjects for j in ledger.judgements()] == [tuple(claims)]


def test_a_copy_onto_a_ledger_is_refused(both: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    file, url = both
    password = url.split(":")[2].split("@")[0]
    assert status_of("copy", file, url) == 1
    printed = capsys.readouterr()
    assert "isn't empty" in printed.err
    assert password not in printed.out + printed.err
    assert status_of("copy", file, file) == 1
    assert "onto itself" in capsys.readouterr().err
    assert status_of("copy", "nothing.db", "new.db") == 1
    assert not Path("new.db").exists()


def test_a_password_is_never_shown(both: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    _, url = both
    password = url.split(":")[2].split("@")[0]
    wrong = url.replace(password, "sesame/street")
    for place in (wrong, wrong.replace("127.0.0.1", "127.0.0.1:1"), f"{url}?password=sesame/street"):
        assert status_of("show", place) == 1
        printed = capsys.readouterr()
        assert "sesame" not in printed.out + printed.err
        assert password not in printed.out + printed.err


def test_a_backup_comes_back_whole(both: tuple[str, str], tmp_path: Path) -> None:
    """As docs/how-to/postgresql.md tells it: pg_dump, and pg_restore into another database."""
    _, url = both
    assert status_of("link", url) == 0
    plain = url.replace("+psycopg", "")
    other, restored = plain.rsplit("/", 1)[0] + "/restored", url.rsplit("/", 1)[0] + "/restored"
    found = binaries()
    if found is None:
        pytest.skip("pg_dump isn't installed")
    for command in (
        ["pg_dump", "--format=custom", "--file=ledger.dump", plain],
        ["psql", "--quiet", "--command=DROP DATABASE IF EXISTS restored", plain],
        ["psql", "--quiet", "--command=CREATE DATABASE restored ENCODING 'UTF8' TEMPLATE template0", plain],
        ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={other}", "ledger.dump"],
    ):
        subprocess.run([found / command[0], *command[1:]], check=True, cwd=tmp_path)
    from reportedly.store.copying import count_ledger

    with Ledger.open(url, create=False) as before, Ledger.open(restored, create=False) as after:
        assert count_ledger(after) == count_ledger(before)
        assert list(after.entries()) == list(before.entries())
        after.add_run(Run("later", "0", "none", "conflict"))


@pytest.mark.parametrize(
    ("ledger", "shown"),
    [
        ("postgresql://ann:se/sa:me@street@host/a?sslmode=require", "postgresql://ann:***@host/a?sslmode=require"),
        ("postgresql://ann@host/a?sslpassword=x&password=sesame", "postgresql://ann@host/a?sslpassword=***&password=***"),
        ("postgresql://ann@host:5432/a", "postgresql://ann@host:5432/a"),
        ("folder: a@b/ledger.db", "folder: a@b/ledger.db"),
    ],
)
def test_a_name_is_shown_without_its_password(ledger: str, shown: str) -> None:
    assert public_name(ledger) == shown
