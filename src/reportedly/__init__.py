"""Turns news reports about armed conflict into event data in which every fact keeps its speaker.

`from reportedly import Ledger` opens a ledger in a notebook or a script; importing the package alone loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportedly.frames import Ledger as Ledger

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "Ledger":
        from reportedly.frames import Ledger

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
