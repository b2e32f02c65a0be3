"""What a run of the reader can be told: which weights, how many threads, how much at a time."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from reportedly.errors import SettingsError

COPIES = ("each", "once")
"""What may be done about near copies: read each, or one of them for all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one run; the defaults are what `reportedly read` uses.

    `model`, `ontology` and `places` are paths that replace the shipped ones. `threads` is for the model inside one
    process. `batch` is how many reports go through the model together and into the ledger in one transaction; a batch
    is cut short at `batch_characters`, so that one book-long text does not hold up fifteen others.
    `patience` is how many seconds a process of several may take for a batch, beside a second for every 2,000 characters
    in it, before it is ended. `copies` is "each", every report is read, or "once", near copies are read once.
    Raises `SettingsError` where a number is below 1, a path is not there, or `copies` is neither.
    """

    model: Path | None = None
    ontology: Path | None = None
    places: Path | None = None
    threads: int = 1
    batch: int = 16
    batch_characters: int = 120_000
    patience: int = 60
    copies: str = "each"

    def __post_init__(self) -> None:
        if self.copies not in COPIES:
            raise SettingsError(f"copies is {self.copies!r}", hint=f"one of {', '.join(COPIES)}")
        for name in ("threads", "batch", "batch_characters", "patience"):
            value = getattr(self, name)
            if value < 1:
                raise SettingsError(f"{name} is {value}", hint="it must be at least 1")
        for name, kind in (("model", "folder"), ("ontology", "file"), ("places", "file")):
            path: Path | None = getattr(self, name)
            if path is not None and not (path.is_dir() if kind == "folder" else path.is_file()):
                raise SettingsError(f"the {name} {kind} is not there", where=str(path), hint="check the path")


def user_folder() -> Path:
    """Where this user keeps what reportedly makes for them; it may not be there yet."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "reportedly"
