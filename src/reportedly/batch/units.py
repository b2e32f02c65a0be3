"""Input cut into shards and units, the same way each time, whoever reads them.

A shard is one large file or many small ones; shards are opened side by side. A unit is some hundred reports of a shard,
what is read and written at a time: one file of readings. As both follow from the input alone, a run that lost a
process or a machine does the lost units again and gets the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from itertools import chain

from reportedly.errors import SettingsError
from reportedly.pipeline import Copies
from reportedly.sources import Item, Meter, read_paths
from reportedly.sources.walk import STDIN, walk
from reportedly.types import Failure, Report

SIZE = 256
"""Reports in a unit at most."""

SHARD = 64 * 2**20, 1000
"""A shard is full at so many bytes, or so many files."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are opened one after another. `failures` are the paths among them that can't be opened at all."""

    number: int
    paths: tuple[str, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """Some reports of a shard, in order, with the failures and counts that came between them."""

    shard: int
    number: int
    items: tuple[Item | Copies, ...]

    @property
    def name(self) -> str:
        """The name of the file that its readings go to."""
        return f"part-{self.shard:05d}-{self.number:05d}.parquet"

    @property
    def digest(self) -> str:
        """A hash of all that is in it."""
        made = hashlib.sha256()
        for item in self.items:
            made.update(repr((type(item).__name__, astuple(item))).encode("utf-8", "surrogatepass"))
        return made.hexdigest()


def make_shards(paths: Iterable[str]) -> Iterator[Shard]:
    """The files under `paths` in shards. Raises `SettingsError` for standard input, which can't be opened twice."""
    held: list[str] = []
    failures: list[Failure] = []
    size = number = 0
    for path in walk(paths):
        if isinstance(path, Failure):
            failures.append(path)
            continue
        if str(path) == STDIN:
            raise SettingsError("standard input can't be read in shards", where=STDIN, hint="give files or folders")
        try:
            more = path.stat().st_size
        except (OSError, ValueError):
            more = 0  # opening it will say why
        if held and (size + more > SHARD[0] or len(held) >= SHARD[1]):
            yield Shard(number, tuple(held), tuple(failures))
            held, failures, size, number = [], [], 0, number + 1
        held.append(str(path))
        size += more
    if held or failures:
        yield Shard(number, tuple(held), tuple(failures))


def digest_of(shards: Iterable[Shard]) -> str:
    """A hash of the names of all files, so that another input is not taken for the rest of this one."""
    made = hashlib.sha256()
    for shard in shards:
        for path in shard.paths:
            made.update(path.encode("utf-8", "surrogateescape") + b"\0")
    return made.hexdigest()


def make_units(
    shard: Shard,
    *,
    mapping: Mapping[str, str] | None = None,
    copies: str = "each",
    size: int = SIZE,
    meter: Meter | None = None,
) -> Iterator[Unit]:
    """The units of a shard, in order. `mapping` and `meter` as in `read_paths`, `copies` as in `Settings`.

    Copies stay together, so a unit may be larger than `size` by as many. One unit at least comes of a shard.
    """
    items: Iterable[Item | Copies] = chain(shard.failures, read_paths(shard.paths, mapping=mapping, meter=meter))
    if copies == "once":
        from reportedly.batch.near import gather

        items = gather(items)
    held: list[Item | Copies] = []
    count = number = 0
    for item in items:
        held.append(item)
        count += len(item.reports) if isinstance(item, Copies) else isinstance(item, Report)
        if count >= size or len(held) >= 4 * size:
            yield Unit(shard.number, number, tuple(held))
            held, count, number = [], 0, number + 1
    if held or number == 0:
        yield Unit(shard.number, number, tuple(held))

