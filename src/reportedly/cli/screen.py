"""What every verb shares for writing to a terminal: consoles, and text from outside made harmless.

Text of a report, a file name or an error may hold anything: bytes that move the cursor or recolour the screen, marks
that turn the direction of writing, brackets that rich takes for markup. `visible` makes the first two readable, and
whatever comes from outside is put on the screen as `rich.text.Text`, which knows no markup.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDEST = 100
"""Columns that running text uses at most: longer lines are hard to read."""


@cache
def _pictures() -> dict[int, str]:
    """For `str.translate`: control characters as their pictures, invisible marks of direction as their code points."""
    table = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
    table[0x7F] = "\u2421"
    # C1 controls, the marks that reorder what follows on the line, line and paragraph separators, and lone surrogates,
    # which no terminal can be sent.
    ranges = ((0x80, 0xA0), (0x200E, 0x2010), (0x2028, 0x202F), (0x2066, 0x206A), (0xD800, 0xE000))
    for first, end in ranges:
        table |= {code: f"<U+{code:04X}>" for code in range(first, end)}
    table[0x9] = "    "
    return table


def visible(text: str) -> str:
    """`text` with nothing in it that a terminal would obey. Line ends of all kinds become `\\n`."""
    return text.replace("\r\n", "\n").translate(_pictures())


def plain(text: object, style: str = "") -> Text:
    """Words from outside as rich text: no markup in it counts. `None` is a dash."""
    from rich.text import Text

    return Text("–" if text is None else visible(str(text)).replace("\n", " "), style=style)


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console that neither guesses at highlights nor reads markup or `:names:` of emoji."""
    from rich.console import Console

    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def say(message: str) -> None:
    """One line on stderr, for notices and errors; it stays one line whatever the message holds."""
    print(visible(message).replace("\n", " "), file=sys.stderr, flush=True)


def public_name(ledger: str) -> str:
    """The ledger's path or URL as it may be shown: a password in it is starred."""
    starred = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", ledger)
    return re.sub(r"([?&][^=&]*password=)[^&]*", r"\1***", starred)


def unicode_ready(stream_encoding: str | None) -> bool:
    """Whether a stream of this encoding can carry the signs that we draw with."""
    return (stream_encoding or "").lower().replace("-", "").replace("_", "").startswith("utf")


def many(count: int, noun: str) -> str:
    """"1 report", "2,000 reports"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
