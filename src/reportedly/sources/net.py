"""One exchange with one web server, within limits: to a public address, so many bytes, so many seconds.

The name of a host is looked up once, the address is checked, and that very address is connected to: a name that means
another address a moment later gains nothing. Redirects are left to the caller, who checks each anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from reportedly.errors import SourceError
from reportedly.sources.base import short, size

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

AGAIN = "it is tried again later"
PRIVATE = "addresses of private networks are left alone; `reportedly watch --allow-private` reads them"

_CHUNK = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_RESERVED = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
"""What of it is for protocols and examples (IANA's registry of special addresses)."""

_RESERVED_IPV4 = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
_ISATAP = (0x00005EFE, 0x02005EFE)
"""How the second half of an ISATAP address begins (RFC 5214), before the IPv4 address."""


@dataclass(frozen=True, slots=True)
class NetLimits:
    """How much one exchange may take. `seconds` are for all of it, `silence` for any one wait for the server."""

    bytes: int = 8 * 2**20
    seconds: float = 40.0
    silence: float = 15.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Address:
    """A URL in its parts. `target` is path and query, `origin` scheme, host and port."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """What robots.txt and the pace hold for."""
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class FetchError(SourceError):
    """A page or feed could not be fetched.

    `lasting`: asking again is no use. `wait_s`: for how long the server asks to be left alone.
    """

    def __init__(
        self, what: str, *, where: str, hint: str = AGAIN, lasting: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.lasting = lasting
        self.wait_s = wait_s


def read_address(url: str, *, base: str | None = None) -> Address:
    """The parts of a URL, relative to `base` where it is not whole.

    Raises `FetchError` for what is no web address, and for one with a user's name in it.
    """
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    shown = short(url, 200)
    hint = "only http:// and https:// addresses are fetched"
    try:
        whole = urljoin(base, url.strip()) if base else url.strip()
        parts = parse_url(whole)
        host = (parts.host or "").strip("[]")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except (LocationParseError, ValueError) as error:
        raise FetchError("is no address", where=shown, hint=hint, lasting=True) from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError("is no web address", where=shown, hint=hint, lasting=True)
    if parts.auth:
        raise FetchError("has a user's name in it", where=shown, hint="give the address without it", lasting=True)
    named = f"[{host}]" if ":" in host else host
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query is not None else "")
    clean = f"{parts.scheme}://{named}" + (f":{parts.port}" if parts.port else "") + target
    return Address(clean, parts.scheme, host, port, target)


def look_up(address: Address, *, allow_private: bool) -> str:
    """The IP address of the host. Raises `FetchError` where it is unknown, or lies in a private network.

    All addresses of the host are looked at, not only the one that is given back. This machine's own are private too:
    what a wall keeps from the Internet may be open to the machine itself.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {address.host} is not found", where=address.url) from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not allow_private and not all(is_public(one) and not _is_own(one) for one in addresses):
        raise FetchError("lies in a private network", where=address.url, hint=PRIVATE, lasting=True)
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, also by the IPv4 address that an IPv6 one may carry.

    An IPv6 address is that only where addresses are given out at all (2000::/3, RFC 4291), or where a NAT64 stands for
    IPv4. Python's own tables differ from version to version, so for IPv6 they are not asked.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in one for one in _RESERVED_IPV4)
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    low = int(ip) & (2**64 - 1)
    if ip in _NAT64 or low >> 32 in _ISATAP:
        inner.append(ipaddress.IPv4Address(low & 0xFFFFFFFF))
    if not all(is_public(str(one)) for one in inner if one is not None):
        return False
    if ip.ipv4_mapped is not None or ip in _NAT64:
        return True
    return ip in _GIVEN_OUT and not any(ip in one for one in _RESERVED)


def _is_own(address: str) -> bool:
    """Whether it is one of this machine's own: then what is sent there leaves from the very address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))  # nothing is sent
            return bool(probe.getsockname()[0] == str(ipaddress.ip_address(address)))
    except OSError:
        return False


def exchange(address: Address, ip: str, headers: Mapping[str, str], limits: NetLimits) -> Answer:
    """GET `address` from the server at `ip`. Raises `FetchError` for whatever goes wrong on the way."""
    from urllib3.exceptions import HTTPError

    ends = time.monotonic() + limits.seconds
    connection = _connection(address, ip, limits)
    try:
        connection.connect()
        with _cut_at(connection, limits.seconds):
            connection.request(
                "GET", address.target, headers={"Host": _host(address), **headers}, preload_content=False
            )
            response = connection.getresponse()
            body = b"" if response.status in (304, 204) else _body(response, address.url, limits, ends)
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, found, body)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= ends:
            raise FetchError(f"took longer than {limits.seconds:g} seconds", where=address.url) from error
        cause = short(str(error).rsplit(": ", 1)[-1] or type(error).__name__)
        raise FetchError(f"can't be fetched: {cause}", where=address.url) from error
    finally:
        connection.close()


def _connection(address: Address, ip: str, limits: NetLimits) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if address.scheme == "http":
        return HTTPConnection(ip, address.port, timeout=limits.silence)
    # The certificate must be the host's, not the address's.
    return HTTPSConnection(
        ip,
        address.port,
        timeout=limits.silence,
        cert_reqs="CERT_REQUIRED",
        server_hostname=address.host,
        assert_hostname=address.host,
    )


def _host(address: Address) -> str:
    named = f"[{address.host}]" if ":" in address.host else address.host
    usual = address.port == (443 if address.scheme == "https" else 80)
    return named if usual else f"{named}:{address.port}"


@contextmanager
def _cut_at(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Ends the exchange after so many seconds, also one that a server keeps alive with a byte now and then."""

    # Kept here: of a server that says it will close, the connection lets go of its socket before the body is read.
    sock = connection.sock

    def cut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _body(response: BaseHTTPResponse, url: str, limits: NetLimits, ends: float) -> bytes:
    """The body, unpacked as it comes, so that a small file that unpacks to a huge one is stopped early."""
    parts: list[bytes] = []
    length = 0
    while part := response.read(_CHUNK, decode_content=True):
        parts.append(part)
        length += len(part)
        if length > limits.bytes:
            hint = "save it by hand and read the file, if it is worth it"
            raise FetchError(f"is larger than {size(limits.bytes)}", where=url, hint=hint, lasting=True)
        if time.monotonic() >= ends:
            break
    if time.monotonic() >= ends:
        # A body without a length that was cut off looks whole.
        raise FetchError(f"took longer than {limits.seconds:g} seconds", where=url)
    return b"".join(parts)
