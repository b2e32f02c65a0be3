"""Reading into a folder on this machine: units in, parts out, in order, with processes that may die."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from reportedly.batch.local import Readers
from reportedly.batch.parts import Folder, Part, Result
from reportedly.batch.units import Shard, Unit, make_units
from reportedly.pipeline import Copies
from reportedly.sources import Item, Meter


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a unit among the items; `part` where the folder has it already, and no item came before."""

    unit: Unit
    part: Part | None


def read_into(
    folder: Folder,
    shards: Iterable[Shard],
    readers: Readers,
    *,
    mapping: Mapping[str, str] | None,
    copies: str,
    meter: Meter | None = None,
) -> Iterator[Part]:
    """Read `shards` into `folder`, giving each part when it is there, in order. What is there is not read again."""

    def items() -> Iterator[Item | Copies | _End]:
        for shard in shards:
            for unit in make_units(shard, mapping=mapping, copies=copies, meter=meter):
                part = folder.known(unit, readers.run.id)
                yield from unit.items if part is None else ()
                yield _End(unit, part)

    results: list[Result] = []
    for result in readers.read_all(items()):
        if isinstance(result, _End):
            yield result.part or folder.write(result.unit, results, readers.run)
            results = []
        else:
            results.append(cast(Result, result))
