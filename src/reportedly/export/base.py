"""What every export shares: the book that it reads, the folder that it writes to, and how losses are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol, TextIO

from reportedly.export.records import Row, Said
from reportedly.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file and what stands in it, for the reference page."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that a format can't say, and why: one line of LOSS.md. `count` is `None` where it is no number."""

    what: str
    why: str
    count: int | None = None


class Book(Protocol):
    """What is exported, as often as it is asked for, in the same order each time; never whole in memory."""

    ontology: Ontology
    title: str
    """The ledger's name as it may be shown."""

    def rows(self) -> Iterator[Row]:
        """The incidents that rule and profile let through, in order of their ids."""
        ...

    def statements(self) -> Iterator[Said]:
        """The statements that the profile lets through, in order of report id, then of the text."""
        ...


@dataclass(slots=True)
class Output:
    """The folder that an export writes to, and what it has to say about what it left out."""

    folder: Path
    losses: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    left_claims: Counter[str] = field(default_factory=Counter)

    def text(self, name: str) -> AbstractContextManager[TextIO]:
        """A file in UTF-8 to write to; line ends are written as given."""
        return (self.folder / name).open("w", encoding="utf-8", newline="")

    def binary(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file of bytes to write to."""
        return (self.folder / name).open("wb")

    def leave(self, row: Row, why: str) -> None:
        """Count an incident that the format has no place for: "kind aid: ACLED doesn't code relief"."""
        self.left[why] += 1
        self.left_claims[why] += len(row.told)

    def lost(self, what: str, why: str, count: int = 1) -> None:
        """Count something that the file doesn't say: "incidents of kind aid", "ACLED has no type for them"."""
        self.losses[what, why] += count


class Export(Protocol):
    """A format. A package offers one under the entry point group `reportedly.exports`: a class without arguments.

    `title` is what it is, in a line. `files` are the names that it writes. `columns` says for each table what its
    columns hold, in order. `losses` are what the format can never say. `happened` is set where a row means that
    something happened: incidents that nobody asserts are then left out (and counted) before `write` sees them.
    """

    title: ClassVar[str]
    files: ClassVar[tuple[str, ...]]
    columns: ClassVar[Mapping[str, tuple[Column, ...]]]
    losses: ClassVar[Sequence[Lost]]
    happened: ClassVar[bool]

    def write(self, book: Book, out: Output) -> None:
        """Write the files. Memory does not grow with the number of rows. Raises `SettingsError` for a missing extra."""
        ...
