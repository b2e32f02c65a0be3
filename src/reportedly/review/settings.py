"""What the app is started with."""

from __future__ import annotations

from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be brought in at once, how much may wait, and how long a reading may take."""

    upload_bytes: int = 20_000_000
    upload_files: int = 200
    text_characters: int = 1_000_000
    waiting: int = 20
    reading_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What `reportedly review` was told.

    `ledger` is a path or URL, `title` its name as it may be shown. `secret` signs what browsers carry; `public_url` is
    the address at which people reach the app where that is not this machine's own. `tiles` is a URL with {z}, {x} and
    {y}, or None: no map but the shipped one. `reader` is a command that reads an order (`jobs.Order`) into the
    ledger; None where nothing can be read in. The app knows no model: it starts the command, which does.
    """

    ledger: str
    title: str
    host: str = "127.0.0.1"
    port: int = 8470
    secret: str | None = field(default=None, repr=False)
    public_url: str | None = None
    tiles: str | None = None
    reader: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the app."""
        return self.host in LOOPBACK
