"""What the app is started with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Progress = Callable[[int, int], None]
"""Called with how many reports are read and how many there are."""

Reader = Callable[[Sequence[Path], Progress], None]
"""Reads files into the ledger and links it. Whoever starts the app brings it, so that the app knows no model."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one upload may bring, and how long a reading may take."""

    upload_bytes: int = 20_000_000
    upload_files: int = 200
    reading_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """`ledger` is a path or URL, `title` its name as it may be shown. `tiles` is a URL with {z}, {x} and {y}, or None:
    no map but the shipped one. `reader` is None where nothing can be read in. `secret` signs what browsers carry.
    """

    ledger: str
    title: str
    host: str = "127.0.0.1"
    port: int = 8470
    secret: str | None = None
    tiles: str | None = None
    reader: Reader | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the app."""
        return self.host in LOOPBACK
