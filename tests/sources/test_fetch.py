"""Fetching: from a site on this machine, with the manners that sites may expect."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reportedly import __version__
from reportedly.errors import SettingsError
from reportedly.sources.fetch import Fetcher, Page, user_agent
from reportedly.sources.net import FetchError, NetLimits, is_public, read_address
from tests.sources.site import Reply, Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site(page=Reply(b"hello", headers={"ETag": '"v1"', "Last-Modified": "yesterday"})) as running:
        yield running


def fetcher(**fields: object) -> Fetcher:
    return replace(Fetcher("reportedly/test", allow_private=True, pace_s=0.0), **fields)  # type: ignore[arg-type]


def test_a_page_comes_with_its_version(site: Site) -> None:
    page = fetcher().get(f"{site.url}/page")
    assert page == Page(f"{site.url}/page", b"hello", "text/html", '"v1"', "yesterday")
    path, headers = site.asked[-1]
    assert path == "/page"
    assert headers["user-agent"] == "reportedly/test"
    assert headers["host"] == site.url.removeprefix("http://")


def test_a_version_that_is_known_is_not_sent_again(site: Site) -> None:
    def conditional(headers: dict[str, str]) -> Reply:
        return Reply(status=304 if headers.get("if-none-match") == '"v1"' else 200)

    site.pages["/page"] = conditional
    assert fetcher().get(f"{site.url}/page", etag='"v1"', modified="yesterday") is None
    assert site.asked[-1][1]["if-modified-since"] == "yesterday"


def test_who_asks_is_named() -> None:
    assert user_agent(None) == f"reportedly/{__version__}"
    assert user_agent("ann@example.org") == f"reportedly/{__version__} (+ann@example.org)"
    with pytest.raises(SettingsError, match="is no contact"):
        user_agent("ann\r\nX-Evil: 1")


def test_robots_are_asked_once_and_kept(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /private\n\nUser-agent: reportedly\nDisallow: /page$\nDisallow: /*.pdf\n"
    site.pages["/robots.txt"] = Reply(rules)
    site.pages["/private"] = Reply(b"for all others")
    guest = fetcher()
    for path in ("/page", "/a.pdf"):
        with pytest.raises(FetchError, match=r"forbidden by the site's robots\.txt") as raised:
            guest.get(site.url + path)
        assert raised.value.lasting
    assert guest.get(f"{site.url}/private") is not None
    assert [path for path, _ in site.asked] == ["/robots.txt", "/private"]


def test_while_robots_fail_nothing_is_fetched(site: Site) -> None:
    site.pages["/robots.txt"] = Reply(status=503, headers={"Retry-After": "120"})
    with pytest.raises(FetchError, match="can't be read") as raised:
        fetcher().get(f"{site.url}/page")
    assert (raised.value.lasting, raised.value.wait_s) == (False, 120.0)
    assert site.paths() == []


def test_a_server_is_not_hurried(site: Site) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7\n")
    clock, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    guest = fetcher(pace_s=2.0, now=lambda: clock[0], sleep=sleep)
    guest.get(f"{site.url}/page")
    clock[0] += 3
    guest.get(f"{site.url}/page")
    assert slept == [7.0, 4.0], "once after robots.txt, once for what is left of the seven seconds"


def test_redirects_are_followed_within_limits(site: Site) -> None:
    site.pages["/old"] = Reply(status=301, headers={"Location": "/page"})
    site.pages["/round"] = Reply(status=302, headers={"Location": "/round"})
    site.pages["/file"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    page = fetcher().get(f"{site.url}/old")
    assert page is not None
    assert page.url == f"{site.url}/page"
    with pytest.raises(FetchError, match="without end"):
        fetcher().get(f"{site.url}/round")
    with pytest.raises(FetchError, match="no web address"):
        fetcher().get(f"{site.url}/file")


@pytest.mark.parametrize(
    ("reply", "message", "lasting"),
    [
        (Reply(status=404), "answers 404", True),
        (Reply(status=410), "answers 410", True),
        (Reply(status=429, headers={"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}), "answers 429", False),
        (Reply(status=500), "answers 500", False),
        (Reply(b"x" * 3000), "larger than 2 KiB", True),
        (Reply(gzip.compress(b"x" * 10**6), headers={"Content-Encoding": "gzip"}), "larger than 2 KiB", True),
        (Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), "can't be fetched", False),
        (Reply(b"x" * 100, drip=0.05), "longer than 0.3 seconds", False),
    ],
)
def test_what_goes_wrong_says_whether_to_try_again(site: Site, reply: Reply, message: str, lasting: bool) -> None:
    site.pages["/bad"] = reply
    limits = NetLimits(bytes=2048, seconds=0.3 if reply.drip else 5.0)
    began = time.monotonic()
    with pytest.raises(FetchError, match=message) as raised:
        fetcher(limits=limits).get(f"{site.url}/bad")
    assert raised.value.lasting is lasting
    assert time.monotonic() - began < 3


def test_nobody_there() -> None:
    with pytest.raises(FetchError, match="can't be fetched") as raised:
        fetcher().get("http://127.0.0.1:9/")
    assert not raised.value.lasting


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "[::ffff:10.0.0.1]", "169.254.169.254"])
def test_private_networks_are_left_alone(host: str) -> None:
    with pytest.raises(FetchError, match=r"private network|not found|no address"):
        fetcher(allow_private=False).get(f"http://{host}:9/")


def test_a_public_page_cannot_lead_into_a_private_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/lure"] = Reply(status=302, headers={"Location": "http://10.0.0.1/"})
    monkeypatch.setattr("reportedly.sources.net.is_public", lambda ip: ip == "127.0.0.1")
    with pytest.raises(FetchError, match="private network"):
        fetcher(allow_private=False).get(f"{site.url}/lure")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url", ["", "page", "ftp://a/b", "http://", "http://ann:secret@host/", "http://[::1", "http://a:x/"]
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        read_address(url)
    assert raised.value.lasting


def test_addresses_are_made_whole() -> None:
    made = read_address("/a b?q=é#x", base="HTTPS://Example.org/dir/")
    assert (made.url, made.origin) == ("https://example.org/a%20b?q=%C3%A9", "https://example.org:443")
