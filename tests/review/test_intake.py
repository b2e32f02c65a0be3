"""Reports brought in by the app: what is sent, the jobs that read it, and what is shown of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportedly.errors import SettingsError
from reportedly.review import jobs as jobs_module
from reportedly.review.app import create_app
from reportedly.review.intake import file_name
from reportedly.review.jobs import Job, Jobs, sweep, whole_path
from reportedly.review.settings import Limits, ReviewSettings
from reportedly.store import Ledger
from tests.review.teams import Browser, app_over

READER = """
import json, os, pathlib, sys, time
order = json.load(sys.stdin)
seen = pathlib.Path(os.environ["SEEN"])
files = {name: pathlib.Path(name).read_bytes().decode() for name in order["files"]}
mode = oct(pathlib.Path(".").stat().st_mode & 0o777)
seen.write_text(json.dumps({"order": order, "files": files, "folder": os.getcwd(), "mode": mode,
                            "secret": os.environ.get("REPORTEDLY_SECRET")}))
def tell(**told): print(json.dumps(told), flush=True)
"""
DOES = {
    "reads": """
tell(stage="reading", total=3)
print("not for you"); print("[1, 2]"); tell(done=-1, read="many", total=True, stage=7)
tell(done=3, read=2, known=0, failed=1, statements=5, events=4)
tell(failure={"where": "<b>bad</b>.txt", "cause": "is <script>alert(1)</script>", "hint": "try another"})
""",
    "fails": 'sys.stderr.write("one\\nreportedly: the model is <i>gone</i>\\n"); sys.exit(1)',
    "waits": 'tell(stage="reading", total=10); tell(done=4)\nwhile True: time.sleep(0.05)',
    "stays": "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); tell(done=1, total=2)\ntime.sleep(60)",
    "never reads its order": "",
}


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in for the reader says what it got."""
    place = tmp_path / "seen.json"
    monkeypatch.setenv("SEEN", str(place))
    monkeypatch.setenv("REPORTEDLY_SECRET", "s" * 40)
    return place


def command(does: str) -> tuple[str, ...]:
    """A stand-in for the reader."""
    return (sys.executable, "-c", READER * (does in list(DOES)[:4]) + DOES[does])


def jobs_that(does: str, **limits: Any) -> Jobs:
    return Jobs(ReviewSettings("/nowhere/x.db", "x", reader=command(does), limits=Limits(**limits)))


def order(jobs: Jobs, **what: Any) -> Job:
    return jobs.add(jobs.folder(), by="ed", label="a text", **what)


def until(jobs: Jobs, job: Job, met: Callable[[Job], bool]) -> Job:
    """The job, once it is as far as that."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        now = jobs.job(job.id)
        assert now is not None
        if met(now):
            return now
        time.sleep(0.01)
    raise AssertionError(f"still {now}")


def over(job: Job) -> bool:
    return job.over


# Jobs


def test_a_job_is_read_and_its_folder_is_gone(seen: Path) -> None:
    jobs = jobs_that("reads")
    folder = jobs.folder()
    (folder / "a.txt").write_text("text")
    job = until(jobs, jobs.add(folder, by="ed", label="a.txt", files=("a.txt",)), over)
    assert (job.state, job.read, job.failed, job.statements, job.total, job.stage) == ("done", 2, 1, 5, 3, "")
    assert [f.where for f in job.failures] == ["<b>bad</b>.txt"]
    got = json.loads(seen.read_text())
    assert got["order"] == {"ledger": "/nowhere/x.db", "by": "ed", "files": ["a.txt"], "url": None}
    assert (got["files"], got["folder"], got["mode"]) == ({"a.txt": "text"}, str(folder), "0o700")
    assert got["secret"] is None, "the reader is not told what signs the cookies"
    assert not folder.exists()


def test_one_job_is_read_at_a_time(seen: Path) -> None:
    jobs = jobs_that("waits")
    first, second, third = (order(jobs) for _ in range(3))
    until(jobs, first, lambda job: job.done == 4)
    assert [j.state for j in jobs.jobs()] == ["waiting", "waiting", "reading"]
    jobs.stop(third.id)
    assert until(jobs, third, over).state == "stopped"
    jobs.stop(first.id)
    assert until(jobs, first, over).state == "stopped"
    until(jobs, second, lambda job: job.done == 4)
    jobs.close()
    assert until(jobs, second, over).state == "stopped"
    with pytest.raises(SettingsError):
        order(jobs)


def test_a_reader_that_will_not_stop_is_killed(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "_GRACE_S", 0.2)
    jobs = jobs_that("stays")
    job = order(jobs)
    until(jobs, job, lambda job: job.done == 1)
    began = time.monotonic()
    jobs.stop(job.id)
    assert until(jobs, job, over).state == "stopped"
    assert time.monotonic() - began < 10


def test_a_reading_that_takes_too_long_is_ended(seen: Path) -> None:
    jobs = jobs_that("waits", reading_seconds=0.5)
    job = until(jobs, order(jobs), over)
    assert job.state == "failed"
    assert "took longer" in job.error


def test_a_reader_that_fails_says_why(seen: Path) -> None:
    jobs = jobs_that("fails")
    job = until(jobs, order(jobs), over)
    assert (job.state, job.error) == ("failed", "the model is <i>gone</i>")


@pytest.mark.parametrize("reader", [("/nowhere/at/all",), (sys.executable, "-c", "")])
def test_a_reader_that_is_none_is_no_end_of_the_app(reader: tuple[str, ...]) -> None:
    jobs = Jobs(ReviewSettings("x.db", "x", reader=reader))
    folder = jobs.folder()
    job = until(jobs, jobs.add(folder, by="ed", label="x"), over)
    assert job.state == ("failed" if reader[0] == "/nowhere/at/all" else "done")
    assert not folder.exists()
    assert until(jobs, order(jobs), over).over, "the next one has its turn"


def test_so_many_may_wait(seen: Path) -> None:
    jobs = jobs_that("waits", waiting=2)
    first = order(jobs)
    until(jobs, first, lambda job: job.state == "reading")
    order(jobs)
    order(jobs)
    folder = jobs.folder()
    with pytest.raises(SettingsError, match="wait already"):
        jobs.add(folder, by="ed", label="x")
    assert not folder.exists()
    jobs.close()


def test_jobs_that_are_over_are_forgotten_in_time(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "_KEPT", 2)
    jobs = jobs_that("fails")
    made = [until(jobs, order(jobs), over) for _ in range(5)]
    assert [job.id for job in jobs.jobs()] == [job.id for job in reversed(made[-3:])]


def test_what_an_app_that_was_cut_off_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = jobs_that("waits").folder()
    left = tmp_path / mine.name.replace(str(os.getpid()), str(gone.pid))
    others = [tmp_path / "reportedly-reading-x-1", tmp_path / f"reportedly-{gone.pid}-1"]
    for folder in (left, *others):
        folder.mkdir()
        (folder / "a.txt").touch()
    sweep()
    assert mine.exists()
    assert not left.exists()
    assert all(folder.exists() for folder in others)


def test_the_ledger_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert whole_path("x.db") == str(tmp_path / "x.db")
    assert whole_path("sqlite:///x.db") == f"sqlite:///{tmp_path / 'x.db'}"
    assert whole_path("postgresql://u@h/d") == "postgresql://u@h/d"


# Pages


@pytest.fixture
def browser(tmp_path: Path, seen: Path) -> Browser:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    return Browser.of(app_over(place, reader=command("reads")))


def finished(browser: Browser) -> str:
    """The fragment of jobs, when none goes on."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        page: str = browser.get("/intake/jobs").text
        if "hx-trigger" not in page:
            return page
        time.sleep(0.02)
    raise AssertionError(page)


def test_files_are_taken_in_and_what_failed_is_listed(browser: Browser, seen: Path) -> None:
    files = [("files", ("../../etc/passwd", b"one")), ("files", ("PASSWD", b"two")), ("files", ("a<b>.html", b"3"))]
    sign = browser.sign("/intake")
    answer = browser.client.post("/intake/files", data={"csrf": sign}, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/intake")
    page = finished(browser)
    assert json.loads(seen.read_text())["files"] == {"passwd": "one", "PASSWD (2)": "two", "a_b_.html": "3"}
    assert "2 reports read, 5 statements, 4 events; 1 could not be read" in page
    assert "&lt;b&gt;bad&lt;/b&gt;.txt" in page
    assert "try another" in page
    assert "<script" not in page
    assert "<b>bad" not in page


def test_a_text_is_taken_in_with_what_is_known_of_it(browser: Browser, seen: Path) -> None:
    hostile = '"}\n{"text": "another"}\r\n<script>alert(1)</script>\u2028'
    fields = {"text": hostile, "outlet": "The <i>Courier</i>", "published": "2024-03-05", "title": "Shells </title>"}
    assert browser.send("/intake/text", "/intake", **fields).status_code == 303
    page = finished(browser)
    (line,) = json.loads(seen.read_text())["files"]["pasted.jsonl"].splitlines()
    assert json.loads(line) == {**fields, "text": hostile.replace("\r\n", "\n")}
    assert "Shells &lt;/title&gt;" in page
    assert "</title>" not in page


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"text": "  "}, "is empty"),
        ({"text": "x", "published": "yesterday"}, "The day is none"),
        ({"text": "x" * 1_000_001}, "longer than"),
    ],
)
def test_texts_that_are_not_taken(browser: Browser, fields: dict[str, str], problem: str) -> None:
    answer = browser.send("/intake/text", "/intake", **{"outlet": "<b>Courier</b>", **fields})
    assert answer.status_code == 422
    assert problem in answer.text
    assert "&lt;b&gt;Courier&lt;/b&gt;" in answer.text, "what was typed is still there"
    assert "reading" not in browser.get("/intake/jobs").text


def test_an_address_is_handed_on(browser: Browser, seen: Path) -> None:
    assert browser.send("/intake/url", "/intake", url=" https://courier.example/a?b=<c> ").status_code == 303
    page = finished(browser)
    assert json.loads(seen.read_text())["order"]["url"] == "https://courier.example/a?b=<c>"
    assert "a?b=&lt;c&gt;" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example", "gopher://x", " x"])
def test_addresses_that_are_not_taken(browser: Browser, url: str) -> None:
    answer = browser.send("/intake/url", "/intake", url=url)
    assert answer.status_code == 422
    assert "no address of a web page" in answer.text


def test_a_reading_is_stopped_on_the_page(tmp_path: Path, seen: Path) -> None:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    browser = Browser.of(app_over(place, reader=command("waits")))
    browser.send("/intake/url", "/intake", url="https://courier.example/a")
    ends = time.monotonic() + 20
    while 'max="10" value="4"' not in (page := browser.get("/intake/jobs").text):
        assert time.monotonic() < ends
    assert 'hx-trigger="every 1s"' in page
    (job,) = re.findall(r'name="job" value="([^"]+)"', page)
    browser.send("/intake/stop", "/intake", job=job)
    assert "stopped" in finished(browser)


def test_an_app_without_a_reader_says_so(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    browser = Browser.of(app_over(place, reader=None))
    assert "reportedly read" in browser.get("/intake").text
    answer = browser.send("/intake/url", "/account", url="https://courier.example/a")
    assert answer.status_code == 503


def test_the_app_leaves_nothing_behind(tmp_path: Path, seen: Path) -> None:
    from fastapi.testclient import TestClient

    place = tmp_path / "ledger.db"
    Ledger.open(place).close()
    app = create_app(ReviewSettings(str(place), "x", reader=command("waits")))
    with TestClient(app, base_url="http://127.0.0.1:8470", follow_redirects=False) as client:
        browser = Browser(client)
        browser.send("/intake/url", "/intake", url="https://courier.example/a")
        ends = time.monotonic() + 20
        while not seen.exists() or not seen.read_text():
            assert time.monotonic() < ends
        folder = json.loads(seen.read_text())["folder"]
        assert Path(folder).exists()
    assert not Path(folder).exists()


# Names of files


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.html", "report.html"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\a.txt", "a.txt"),
        ("..", "file"),
        (".said", "said"),
        ("", "file"),
        ("a\0b\n.txt", "a_b_.txt"),
        ("-rf.txt", "rf.txt"),
        ("\u202egpj.txt", "_gpj.txt"),
        ("отчёт.md", "отчёт.md"),
        ("x" * 300 + ".jsonl", "x" * 95 + ".jsonl"),
        ("a." + "y" * 300, "a." + "y" * 16),
        ("con<>|.txt", "con_.txt"),
    ],
)
def test_names_stay_in_their_folder(sent: str, kept: str) -> None:
    assert file_name(sent, []) == kept
    assert os.path.basename(kept) == kept  # noqa: PTH119


def test_names_are_told_apart() -> None:
    taken: list[str] = []
    for _ in range(3):
        taken.append(file_name("A.txt" if len(taken) == 1 else "a.txt", taken))
    assert taken == ["a.txt", "A (2).txt", "a (3).txt"]
