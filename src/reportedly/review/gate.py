"""How often a password may be tried: a few times at once, then ever more slowly, for each account and each network.

Kept in memory, in a fixed number of places that names and networks are spread over by a keyed hash: no flood of made-up
names makes it grow, or pushes out what is remembered of a real one. Two that share a place share its waits, seldom.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PLACES = 2**16


@dataclass(frozen=True, slots=True)
class Pace:
    """`free` tries at once; after that each failure doubles the wait, up to `longest_s`. All is forgotten after
    `quiet_s` without a try."""

    free: int
    longest_s: float
    quiet_s: float = 3600.0

    def wait(self, tries: int) -> float:
        """Seconds to wait after so many tries that failed."""
        return 0.0 if tries < self.free else min(2.0 ** min(tries - self.free, 30), self.longest_s)


ACCOUNT = Pace(free=5, longest_s=300.0)
"""Five minutes at the longest: whoever wants to keep somebody out by failing in their name has to keep at it."""

NETWORK = Pace(free=20, longest_s=900.0)


@dataclass(slots=True)
class _Count:
    tries: int = 0
    last: float = 0.0


@dataclass(slots=True)
class LoginGate:
    """Asked before each password is looked at. Safe to use from several threads."""

    now: Callable[[], float] = time.monotonic
    _counts: dict[int, _Count] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def enter(self, name: str, address: str) -> float:
        """0 where the password may be looked at, else how many seconds to wait.

        A try counts as failed until `passed` says otherwise, so that many at the same moment gain nothing.
        """
        now = self.now()
        with self._lock:
            both = [(self._count(key, pace, now), pace) for key, pace in self._keys(name, address)]
            wait = max(count.last + pace.wait(count.tries) - now for count, pace in both)
            if wait > 0:
                return wait
            for count, _ in both:
                count.tries += 1
                count.last = now
        return 0.0

    def passed(self, name: str, address: str) -> None:
        """The password was right: the account starts afresh, and the try doesn't count for the network."""
        with self._lock:
            (account, pace), (network, slower) = self._keys(name, address)
            self._count(account, pace, self.now()).tries = 0
            count = self._count(network, slower, self.now())
            count.tries = max(0, count.tries - 1)

    def _count(self, key: int, pace: Pace, now: float) -> _Count:
        count = self._counts.setdefault(key, _Count(last=now))
        if now - count.last > pace.quiet_s:
            count.tries = 0
        return count

    def _keys(self, name: str, address: str) -> tuple[tuple[int, Pace], tuple[int, Pace]]:
        return (self._place(b"a", name), ACCOUNT), (self._place(b"n", network_of(address)), NETWORK)

    def _place(self, kind: bytes, value: str) -> int:
        digest = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, person=kind, digest_size=8)
        return (int.from_bytes(digest.digest()) % _PLACES) * 2 + (kind == b"n")


def network_of(address: str) -> str:
    """An address without what tells one machine from its neighbours: the first 24 bits of IPv4, 48 of IPv6.

    It is what the gate counts and the log keeps. An address that is none is "unknown".
    """
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
