"""Polling: each entry once, what failed again later, nothing asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reportedly.errors import SourceError
from reportedly.ids import report_id
from reportedly.sources import poll as polling
from reportedly.sources.fetch import Fetcher
from reportedly.sources.opml import Feed, read_opml
from reportedly.sources.poll import TRIES, Known, load_known, poll, save_known
from reportedly.types import Failure, Report
from tests.sources.site import Reply, Site, article, rss, running_site

NOW = datetime(2024, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        running.pages |= {f"/story{n}": article(n) for n in range(6)}
        running.pages["/feed"] = rss(running.url, 1, 2)
        yield running


def bring(site: Site, known: Known, *, now: datetime = NOW) -> list[Report | Failure]:
    return list(poll(Feed(f"{site.url}/feed"), known, Fetcher("x", allow_private=True, pace_s=0.0), now=now))


def origins(items: list[Report | Failure]) -> list[str]:
    return [(item.origin or "") if isinstance(item, Report) else f"! {item.where}" for item in items]


def test_entries_become_reports_of_their_own_pages(site: Site) -> None:
    known = Known()
    first, second = bring(site, known)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.url, first.origin) == (f"{site.url}/story1", f"{site.url}/story1")
    assert (first.outlet, first.title, first.published) == ("The Courier", "Shells 1", date(2024, 3, 5))
    assert "shell number 1, paragraph 3" in first.text
    assert first.id == report_id(first.text, outlet=first.outlet)
    assert bring(site, known) == []
    assert site.paths() == ["/feed", "/story1", "/story2", "/feed"]


def test_a_feed_with_whole_texts_is_enough(site: Site) -> None:
    site.pages["/feed"] = rss(site.url, 4, full=True)
    (report,) = bring(site, Known())
    assert isinstance(report, Report)
    assert report.text.startswith("Residents of Er Rahad said on Tuesday that 4 shells")
    assert (report.outlet, report.published, report.url) == ("Courier feed", date(2024, 3, 5), f"{site.url}/story4")
    assert site.paths() == ["/feed"]


def test_only_what_is_new_is_brought_in(site: Site) -> None:
    known = Known()
    bring(site, known)
    site.pages["/feed"] = rss(site.url, 3, 2)
    assert origins(bring(site, known)) == [f"{site.url}/story3"]
    assert set(known.seen) == {"guid-1", "guid-2", "guid-3"}
    site.pages["/feed"] = rss(site.url, 3)
    assert bring(site, known, now=NOW + timedelta(days=40)) == []
    assert set(known.seen) == {"guid-3"}


def test_an_unchanged_feed_is_not_sent_again(site: Site) -> None:
    feed = rss(site.url, 1)
    known = Known()

    def conditional(headers: dict[str, str]) -> Reply:
        if headers.get("if-none-match") == '"7"':
            return Reply(status=304)
        return Reply(feed.body, headers={**feed.headers, "ETag": '"7"'})

    site.pages["/feed"] = conditional
    assert len(bring(site, known)) == 1
    assert bring(site, known) == []
    assert site.asked[-1][1]["if-none-match"] == '"7"'


def test_a_page_that_cannot_be_had_is_asked_for_again(site: Site) -> None:
    site.pages["/feed"] = Reply(rss(site.url, 1, 2).body, headers={"ETag": '"7"'})
    site.pages["/story1"] = Reply(status=503)
    known = Known()
    assert bring(site, known) == []
    assert site.paths() == ["/feed", "/story1"], "a server that fails is left alone for this time"
    site.pages["/story1"] = article(1)
    assert origins(bring(site, known)) == [f"{site.url}/story1", f"{site.url}/story2"]
    assert "if-none-match" not in dict(site.asked[-3][1]), "what is owed is in the version that is known"
    assert known.tries == {}


def test_in_the_end_it_is_given_up(site: Site) -> None:
    site.pages["/feed"] = rss(site.url, 1)
    site.pages["/story1"] = Reply(status=503)
    known = Known()
    results = [origins(bring(site, known)) for _ in range(TRIES + 1)]
    assert results == [[]] * (TRIES - 1) + [[f"! {site.url}/story1"], []]


def test_what_is_gone_or_no_article_is_told_once(site: Site) -> None:
    site.pages["/feed"] = rss(site.url, 1, 2, 3)
    site.pages["/story1"] = Reply(status=404)
    site.pages["/story2"] = Reply(b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    known = Known()
    items = bring(site, known)
    assert origins(items) == [f"! {site.url}/story1", f"! {site.url}/story2", f"{site.url}/story3"]
    assert isinstance(items[1], Failure)
    assert items[1].cause == "is no web page, but application/pdf"
    assert bring(site, known) == []


def test_a_feed_that_fails_rests_longer_each_time(site: Site) -> None:
    site.pages["/feed"] = Reply(status=500)
    known = Known()
    waits = []
    for _ in range(3):
        assert len(bring(site, known)) == 1
        assert known.not_before is not None
        waits.append(datetime.fromisoformat(known.not_before) - NOW)
    assert waits == [timedelta(minutes=minutes) for minutes in (10, 20, 40)]
    assert known.rests(NOW)
    assert not known.rests(NOW + timedelta(hours=1))
    site.pages["/feed"] = Reply(status=429, headers={"Retry-After": "7200"})
    bring(site, known)
    assert known.not_before == "2024-03-06T14:00:00+00:00"
    site.pages["/feed"] = Reply(status=404)
    bring(site, known)
    assert known.not_before == "2024-03-07T12:00:00+00:00"
    site.pages["/feed"] = rss(site.url, 1)
    bring(site, known)
    assert known.failures == 0
    assert not known.rests(NOW)


def test_a_page_that_is_no_feed_is_a_failure(site: Site) -> None:
    site.pages["/feed"] = article(1)
    (failure,) = bring(site, Known())
    assert isinstance(failure, Failure)
    assert failure.where == f"{site.url}/feed"


def test_more_than_one_poll_brings_in_waits_for_the_next(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST", 2)
    site.pages["/feed"] = Reply(rss(site.url, 1, 2, 3).body, headers={"ETag": '"7"'})
    known = Known()
    assert len(bring(site, known)) == 2
    assert origins(bring(site, known)) == [f"{site.url}/story3"]
    assert known.etag == '"7"'


def test_what_is_known_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert load_known(path) == {}
    feeds = {"http://a/": Known('"é"', None, 1, NOW.isoformat(), {"k": "2024-03-06"}, {"j": 2})}
    save_known(path, feeds)
    assert load_known(path) == feeds
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "feeds": {}}', '{"version": 1, "feeds": {"a": {"x": 1}}}'])
def test_a_damaged_memory_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(SourceError) as raised:
        load_known(path)
    assert raised.value.hint


def test_a_list_of_feeds(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(
        "<opml version='2.0'><head><title>Sahel</title></head><body><outline text='wires'>"
        "<outline type='rss' text='Courier' xmlUrl='https://courier.example/feed'/>"
        "<outline title='Radio' xmlurl=' https://radio.example/rss '/></outline>"
        "<outline text='again' xmlUrl='https://courier.example/feed'/><outline text='a folder'/></body></opml>"
    )
    courier, radio = Feed("https://courier.example/feed", "Courier"), Feed("https://radio.example/rss", "Radio")
    assert read_opml(path) == (courier, radio)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no XML"),
        ("<opml/>", "names no feeds"),
        ("<!DOCTYPE opml [<!ENTITY a 'aa'>]><opml/>", "declares XML entities"),
        (None, "can't be read"),
    ],
)
def test_what_is_no_list_of_feeds(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "feeds.opml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SourceError, match=message):
        read_opml(path)
