"""Watching a site on this machine, with the stand-in for the model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportedly.cli.watch import default_state
from reportedly.store import Ledger
from tests.cli.command import status_of
from tests.sources.site import Reply, Site, article, rss, running_site

ROOT = Path(__file__).parents[2]
KILLED = "A nurse said that shells killed nine people in Er Rahad. "


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    with running_site() as running:
        running.pages |= {f"/story{n}": article(n, KILLED) for n in range(4)}
        running.pages["/feed"] = rss(running.url, 1)
        Path("feeds.opml").write_text(f"<opml><body><outline xmlUrl='{running.url}/feed'/></body></opml>")
        yield running


def watch(*options: str) -> int:
    return status_of("watch", "feeds.opml", "--once", "--allow-private", "--pace", "0", *options)


def test_what_is_new_is_read_linked_and_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch("--contact", "ann@example.org") == 0
    out, err = capsys.readouterr()
    assert "new  Reported killing" in out
    assert "somebody not named, in The Courier says killing" in out
    assert "1 feed: 1 new report, 1 new incident" in out
    assert err == ""
    assert all("(+ann@example.org)" in headers["user-agent"] for _, headers in site.asked)
    with Ledger.open("reportedly.db", create=False) as store:
        assert store.tally().reports == 1
        assert store.count_incidents() > 0
    assert list(json.loads(Path("reportedly.db.feeds.json").read_text())["feeds"]) == [f"{site.url}/feed"]


def test_nothing_new_loads_no_model(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.pages["/feed"] = rss(site.url)
    site.pages["/feed"] = Reply(b"<rss version='2.0'><channel><title>x</title><item/></channel></rss>")
    assert status_of("watch", "feeds.opml", "--once", "--allow-private", "--pace", "0", "--model", ".") == 0
    out, err = capsys.readouterr()
    assert "1 feed: 0 new reports" in out
    assert "No --contact is given" in err


def test_the_second_round_tells_what_changed_since_the_first(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch() == 0
    site.pages["/feed"] = rss(site.url, 1, 2)
    capsys.readouterr()
    assert watch() == 0
    assert "1 new report" in capsys.readouterr().out
    assert site.paths().count("/story1") == 1


def test_failures_are_told_kept_and_set_the_status(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.pages["/story1"] = Reply(status=404)
    assert watch() == 1
    assert f"{site.url}/story1: the server answers 404" in capsys.readouterr().err
    with Ledger.open("reportedly.db", create=False) as store:
        assert [failure.where for failure in store.failures()] == [f"{site.url}/story1"]
    site.pages["/feed"] = Reply(status=500)
    assert watch() == 1
    assert watch() == 0, "a feed at rest is no failure"
    assert "0 feeds (1 at rest)" in capsys.readouterr().out


def test_private_networks_are_left_alone_unless_allowed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("watch", "feeds.opml", "--once") == 1
    assert "--allow-private" in capsys.readouterr().err
    assert site.asked == []


@pytest.mark.parametrize(
    "options", [["missing.opml"], ["feeds.opml", "--every", "1"], ["feeds.opml", "--contact", "é"]]
)
def test_what_is_asked_wrongly(site: Site, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("watch", *options, "--once") in (1, 2)
    err = capsys.readouterr().err
    assert err
    assert "Traceback" not in err


def test_an_interrupt_ends_it_and_loses_nothing(site: Site) -> None:
    command = [sys.executable, "-m", "tests.cli.command", "watch", "feeds.opml", "--allow-private", "--pace", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    for line in process.stdout:
        if b"1 new report" in line:  # the round is over; the next one is half an hour away
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err.decode()
    assert "the same command goes on from here" in err.decode()
    with Ledger.open("reportedly.db", create=False) as store:
        assert store.tally().reports == 1


def test_where_feeds_are_remembered() -> None:
    feeds = Path("lists/feeds.opml")
    assert default_state(feeds, "war.db") == Path("war.db.feeds.json")
    assert default_state(feeds, "sqlite:///a/war.db") == Path("a/war.db.feeds.json")
    assert default_state(feeds, "postgresql://db/war") == Path("lists/feeds.opml.state.json")
