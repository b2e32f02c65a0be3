"""Fetching from the web as a guest should: who asks is named, robots.txt is kept, a host is never hurried.

This and `net` are the only modules that use the network. `reportedly watch` uses them, and `reportedly review` where
somebody gives it the address of a page to read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from reportedly import __version__
from reportedly.errors import SettingsError
from reportedly.sources.base import short
from reportedly.sources.net import AGAIN, Address, Answer, FetchError, NetLimits, exchange, look_up, read_address

if TYPE_CHECKING:
    from protego import Protego

TOKEN = "reportedly"
"""The name that robots.txt knows us by."""

_ROBOTS = NetLimits(bytes=512 * 1024)
_ROBOTS_DAYS_S = 24 * 3600.0
_LONGEST_CRAWL_DELAY_S = 120.0
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the last address (after redirects), the bytes, their media type in lower case, and their version."""

    url: str
    body: bytes
    kind: str
    etag: str | None = None
    modified: str | None = None


@dataclass(slots=True)
class _Host:
    """What is known of a server: its robots.txt (None: not asked yet), since when, and when it may be asked next."""

    robots: Protego | None = None
    read_at: float = 0.0
    next_at: float = 0.0


def user_agent(contact: str | None) -> str:
    """How we introduce ourselves; `contact` is an e-mail address or that of a page.

    Raises `SettingsError` for one that can't be sent.
    """
    if contact is not None and not (contact.isascii() and contact.isprintable() and 3 <= len(contact) <= 200):
        hint = "give an e-mail address, or the address of a page about you"
        raise SettingsError("is no contact", where=f"--contact {short(contact)}", hint=hint)
    return f"{TOKEN}/{__version__}" + (f" (+{contact})" if contact else "")


@dataclass(slots=True)
class Fetcher:
    """Fetches pages, one at a time. Remembers, while it lives, what each server allows and when it was last asked.

    `pace_s` is the least time between two requests to one server; a longer one that its robots.txt asks for is kept.
    `now` and `sleep` are for tests.
    """

    agent: str
    allow_private: bool = False
    pace_s: float = 3.0
    limits: NetLimits = field(default_factory=NetLimits)
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Page | None:
        """The page at `url`; None where it is still the version that `etag` or `modified` name.

        Raises `FetchError` where it can't be had: see its `lasting` and `wait_s`.
        """
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        address = read_address(url)
        for _ in range(self.limits.redirects + 1):
            self._ask_robots(address)
            answer = self._exchange(address, headers, self.limits)
            if answer.status not in _REDIRECTS:
                return _page(address, answer)
            address = _redirected(address, answer)
        raise FetchError("leads from page to page without end", where=url, lasting=True)

    def _exchange(self, address: Address, headers: dict[str, str], limits: NetLimits) -> Answer:
        """One request, when the server's turn has come."""
        host = self._hosts.setdefault(address.origin, _Host())
        ip = look_up(address, allow_private=self.allow_private)
        wait = host.next_at - self.now()
        if wait > 0:
            self.sleep(wait)
        sent = {"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*", **headers}
        try:
            return exchange(address, ip, sent, limits)
        finally:
            host.next_at = self.now() + self._pace(host)

    def _pace(self, host: _Host) -> float:
        asked = host.robots.crawl_delay(TOKEN) if host.robots else None
        return max(self.pace_s, min(asked or 0.0, _LONGEST_CRAWL_DELAY_S))

    # robots.txt (RFC 9309)

    def _ask_robots(self, address: Address) -> None:
        """Raises `FetchError` where the server's robots.txt forbids the page, or can't be had just now."""
        host = self._hosts.setdefault(address.origin, _Host())
        if host.robots is None or self.now() - host.read_at > _ROBOTS_DAYS_S:
            host.robots = self._read_robots(address)
            host.read_at = self.now()
            host.next_at = max(host.next_at, self.now() + self._pace(host))
        if not host.robots.can_fetch(address.url, TOKEN):
            hint = "the site asks programs to stay away from it: read it yourself, or ask the site"
            raise FetchError("is forbidden by the site's robots.txt", where=address.url, hint=hint, lasting=True)

    def _read_robots(self, address: Address) -> Protego:
        """The rules of a server: none where it has no file; while it fails to answer, nothing may be fetched."""
        from protego import Protego

        at = read_address("/robots.txt", base=address.url)
        for _ in range(self.limits.redirects + 1):
            answer = self._exchange(at, {}, _ROBOTS)
            if answer.status in _REDIRECTS:
                at = _redirected(at, answer)
                continue
            if answer.status >= 500 or answer.status == 429:
                what = f"the site's robots.txt can't be read ({answer.status})"
                raise FetchError(what, where=address.url, wait_s=_asked_wait(answer))
            return Protego.parse(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")
        return Protego.parse("")


def _page(address: Address, answer: Answer) -> Page | None:
    if answer.status == 304:
        return None
    if answer.status == 200:
        kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        return Page(address.url, answer.body, kind, answer.headers.get("etag"), answer.headers.get("last-modified"))
    if answer.status in _BUSY:
        raise FetchError(f"the server answers {answer.status}", where=address.url, wait_s=_asked_wait(answer))
    hint = "check the address in a browser"
    raise FetchError(f"the server answers {answer.status}", where=address.url, hint=hint, lasting=True)


def _redirected(address: Address, answer: Answer) -> Address:
    if "location" not in answer.headers:
        raise FetchError("leads nowhere", where=address.url, lasting=True)
    return read_address(answer.headers["location"], base=address.url)


def _asked_wait(answer: Answer) -> float | None:
    """Seconds that the server asks us to wait, given as such or as a date."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), 7 * 24 * 3600.0)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    return max(0.0, min(wait.total_seconds(), 7 * 24 * 3600.0))


__all__ = ["AGAIN", "FetchError", "Fetcher", "Page", "user_agent"]
