"""Which addresses are fetched from: those of the open Internet, whatever name, form or redirect leads to another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from reportedly.sources import net
from reportedly.sources.fetch import Fetcher
from reportedly.sources.net import FetchError, is_public, look_up, read_address
from reportedly.sources.web import read_page
from reportedly.types import Failure, Report
from tests.sources.site import Reply, Site, article, running_site

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.254 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1 2002:a9fe:a9fe::1 2001:470::5efe:10.0.0.1 2001:470::200:5efe:127.0.0.1
3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::5efe:10.0.0.1 fec0::1 ff02::1 ff0e::1
""".split()

PUBLIC = """
8.8.8.8 1.1.1.1 93.184.216.34 172.15.0.1 172.32.0.1 192.0.1.1 100.63.255.255 100.128.0.1 169.253.1.1
2606:2800:220:1::1 2001:4860:4860::8888 2a00:1450:4001::1 64:ff9b::8.8.8.8 ::ffff:8.8.8.8 2002:808:808::1
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Has every name mean these addresses, asked for the first time, the second … (the last for ever)."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "found", [("10.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("2606:2800:220:1::1", "fe80::1%eth0")]
)
def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]) -> None:
    answering(monkeypatch, found)
    with pytest.raises(FetchError, match="private network") as raised:
        look_up(read_address("http://courier.example/"), allow_private=False)
    assert raised.value.lasting
    assert look_up(read_address("http://courier.example/"), allow_private=True) == found[0]


def test_the_address_that_was_checked_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another address a moment later gains nothing: it is looked up once for each request."""
    answering(monkeypatch, ("93.184.216.34",), ("127.0.0.1",))
    reached: list[str] = []

    def exchange(address: net.Address, ip: str, headers: Any, limits: Any) -> net.Answer:
        reached.append(ip)
        return net.Answer(404, {}, b"")

    monkeypatch.setattr("reportedly.sources.fetch.exchange", exchange)
    with pytest.raises(FetchError, match="private network"):
        Fetcher("reportedly/test", pace_s=0).get("http://courier.example/a")
    assert reached == ["93.184.216.34"], "robots.txt at the first address, and nothing at the second"


def test_this_machines_own_addresses_are_private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "is_public", lambda ip: True)
    answering(monkeypatch, ("127.0.0.1",))
    with pytest.raises(FetchError, match="private network"):
        look_up(read_address("http://courier.example/"), allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1%25lo]/",
        "http://localhost/",
        "http://localhost./",
        "http://user@8.8.8.8/",
        "http://8.8.8.8@127.0.0.1/",
        "http://127.0.0.1\\@8.8.8.8/",
        "http://①②⑦.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http:///etc/passwd",
    ],
)
def test_no_way_of_writing_it_leads_home(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        look_up(read_address(url), allow_private=False)
    assert is_told(raised.value)


def is_told(error: FetchError) -> bool:
    """Whether it was refused for what it is."""
    return any(part in str(error) for part in ("private network", "not found", "no address", "no web", "user's name"))


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site(story=article(1)) as running:
        yield running


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://[::1]:1/", "//169.254.169.254/latest", "http://localhost:1/"]
)
def test_each_redirect_is_checked_anew(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """The site stands for a public one: its own address is let through."""
    site.pages["/lure"] = Reply(status=302, headers={"Location": target})
    port = site.url.rsplit(":", 1)[1]
    monkeypatch.setattr(
        "reportedly.sources.fetch.look_up",
        lambda address, allow_private: look_up(address, allow_private=str(address.port) == port),
    )
    (failure,) = read_page(f"{site.url}/lure", Fetcher("reportedly/test", pace_s=0))
    assert isinstance(failure, Failure)
    assert failure.cause == "lies in a private network"
    assert "allow-private" in failure.hint


def test_a_page_becomes_a_report_with_the_address_it_came_from(site: Site) -> None:
    site.pages["/story"] = article(1)
    canonical = b"<head><link rel='canonical' href='javascript:alert(1)'>"
    page = site.pages["/story"]
    assert isinstance(page, Reply)
    page.body = page.body.replace(b"<head>", canonical)
    plain = b"Two shells fell near the bridge, residents said." * 5
    site.pages["/plain"] = Reply(plain, headers={"Content-Type": "text/plain"})
    site.pages["/picture"] = Reply(b"\x89PNG", headers={"Content-Type": "image/png"})
    fetcher = Fetcher("reportedly/test", allow_private=True, pace_s=0)
    for name in ("story", "plain"):
        (report,) = read_page(f"{site.url}/{name}", fetcher)
        assert isinstance(report, Report), report
        assert report.url == f"{site.url}/{name}"
        assert report.origin == f"{site.url}/{name}"
    for name in ("picture", "nowhere"):
        (failure,) = read_page(f"{site.url}/{name}", fetcher)
        assert isinstance(failure, Failure)
        assert failure.hint
