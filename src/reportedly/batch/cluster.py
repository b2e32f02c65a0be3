"""Reading into a folder on a Ray cluster: shards are opened by tasks, units read by actors that hold a model each.

The input and the folder must be reachable under the same names from every machine. An actor reads in a process of its
own (`Pool`), so a report that kills or hangs the process costs that report and not the actor; a machine that dies costs
the units in hand, which Ray gives to others. As a part appears whole, and the same for whoever writes it, nothing is
lost and nothing comes twice.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from reportedly.batch.local import Load, open_pool
from reportedly.batch.parts import Folder, Part
from reportedly.batch.units import Shard, make_units
from reportedly.errors import SettingsError
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings

_BLOCK = 2 * 2**20
"""Bytes of units that go to an actor together: one or two. Ray's own measure would keep most actors waiting."""

_HINT = "pip install 'reportedly[ray]'"


class ReadUnit:
    """The actor: a unit in, its part written, the part's counts out."""

    def __init__(self, settings: Settings, where: str, load: Load) -> None:
        self._open = ExitStack()
        self._readers = self._open.enter_context(open_pool(settings, jobs=1, load=load))
        self._folder = Folder(where)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        return {"part": [pickle.dumps(self._read(unit)) for unit in batch["unit"]]}

    def _read(self, packed: bytes) -> Part:
        unit = pickle.loads(packed)
        known = self._folder.known(unit, self._readers.run.id)
        if known is not None:
            return known
        return self._folder.write(unit, list(self._readers.read_all(unit.items)), self._readers.run)


def read_on_cluster(
    where: str,
    shards: Iterable[Shard],
    *,
    settings: Settings,
    mapping: Mapping[str, str] | None,
    jobs: int | None = None,
    address: str | None = None,
    load: Load = Pipeline.load,
) -> Iterator[Part]:
    """Read `shards` into the folder `where`, giving each part when it is there, in no certain order.

    `address` is that of a cluster; without one Ray is started here, and ended afterwards. `jobs` is how many actors at
    most; where it is `None`, as many as there is room for, and the cluster may grow. Raises `SettingsError` where Ray
    is not installed or can't be reached.
    """
    ray = _ray()
    started = not ray.is_initialized()
    if started:
        try:
            ray.init(address=address, log_to_driver=False, include_dashboard=False, logging_level="error")
        except (ConnectionError, RuntimeError, ValueError) as error:
            cause, hint = f"the cluster can't be reached: {error}", "start it with `ray up` or `ray start --head`"
            raise SettingsError(cause, where=address or "ray", hint=hint) from error
    try:
        yield from _read(ray, where, list(shards), settings=settings, mapping=mapping, jobs=jobs, load=load)
    finally:
        if started:
            ray.shutdown()


def _ray() -> Any:
    # Ray reports its use to its makers unless it is told not to; this program calls nobody. Its own log is in files.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise SettingsError("Ray is not installed", where="--engine ray", hint=_HINT) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


def _read(
    ray: Any,
    where: str,
    shards: list[Shard],
    *,
    settings: Settings,
    mapping: Mapping[str, str] | None,
    jobs: int | None,
    load: Load,
) -> Iterator[Part]:
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = _BLOCK
    context.enable_progress_bars = False

    def units(row: dict[str, bytes]) -> Iterator[dict[str, bytes]]:
        for unit in make_units(pickle.loads(row["shard"]), mapping=mapping, copies=settings.copies):
            yield {"unit": pickle.dumps(unit)}

    rows = [{"shard": pickle.dumps(shard)} for shard in shards]
    opened = ray.data.from_items(rows, override_num_blocks=len(rows)).flat_map(units, num_cpus=0.25)
    read = opened.map_batches(
        ReadUnit,
        fn_constructor_kwargs={"settings": settings, "where": where, "load": load},
        batch_size=1,
        # Opening shards takes a quarter of a core; the actors get what is left.
        num_cpus=0.75,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=jobs),
    )
    for row in read.iter_rows():
        yield pickle.loads(row["part"])
