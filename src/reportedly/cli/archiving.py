"""The jobs behind `reportedly read --out` and `reportedly load`: a folder of readings, made and put into a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from reportedly.cli.reading import (
    INTERRUPTED,
    Job,
    Known,
    Outcome,
    chunks,
    metered,
    print_failures,
    print_outcome,
    progress,
)
from reportedly.cli.screen import console, many, public_name, say
from reportedly.errors import ReportedlyError, SettingsError

if TYPE_CHECKING:
    from reportedly.batch.parts import Folder, Part
    from reportedly.batch.units import Shard
    from reportedly.settings import Settings
    from reportedly.sources import Meter
    from reportedly.store import Ledger

ENGINES = ("local", "ray")

BATCH = 256
"""Readings in a transaction of `load`."""


def run_archive(
    paths: Sequence[str],
    *,
    out: str,
    engine: str,
    jobs: int | None,
    address: str | None,
    mapping: Mapping[str, str] | None,
    settings: Settings,
) -> int:
    """Read `paths` into the folder `out`, print what came of it, and return the exit status."""
    from reportedly.batch.parts import Folder
    from reportedly.batch.units import digest_of, make_shards

    if engine not in ENGINES:
        raise SettingsError(f"no engine {engine!r}", where="--engine", hint=f"one of {', '.join(ENGINES)}")
    shards = list(make_shards(paths))
    folder = Folder(out)
    folder.begin(inputs=digest_of(shards), copies=settings.copies)
    outcome, parts, stopped = Outcome(), [], False
    meter = metered(paths)
    try:
        with progress(meter) as advance:
            if engine == "ray":
                made = _on_cluster(out, shards, meter, jobs=jobs, address=address, mapping=mapping, settings=settings)
            else:
                made = _here(folder, shards, meter, jobs=jobs or 1, mapping=mapping, settings=settings)
            for part in made:
                parts.append(part)
                _add(outcome, part)
                advance(outcome)
        folder.finish(parts)
    except KeyboardInterrupt:
        stopped = True
    print_outcome(outcome, out, console(), then=f"Put them into a ledger with: reportedly load {out}")
    if stopped:
        say(f"Stopped. {out} is sound and holds all that is counted above; the same command reads the rest.")
        return INTERRUPTED
    return 1 if outcome.failed else 0


def _here(
    folder: Folder,
    shards: Sequence[Shard],
    meter: Meter,
    *,
    jobs: int,
    mapping: Mapping[str, str] | None,
    settings: Settings,
) -> Iterator[Part]:
    from reportedly.batch import open_pool
    from reportedly.batch.here import read_into

    with open_pool(settings, jobs=jobs) as readers:
        yield from read_into(folder, shards, readers, mapping=mapping, copies=settings.copies, meter=meter)


def _on_cluster(
    out: str,
    shards: Sequence[Shard],
    meter: Meter,
    *,
    jobs: int | None,
    address: str | None,
    mapping: Mapping[str, str] | None,
    settings: Settings,
) -> Iterator[Part]:
    from reportedly.batch.cluster import read_on_cluster

    # Files are drawn on other machines: how far is told by the shards of which parts have come.
    seen: set[str] = set()
    made = read_on_cluster(out, shards, settings=settings, mapping=mapping, jobs=jobs, address=address)
    for part in made:
        shard = part.name.split("-")[1]
        if shard not in seen and meter.total:
            seen.add(shard)
            meter.drawn = meter.total * len(seen) // len(shards)
        yield part


def _add(outcome: Outcome, part: Part) -> None:
    if part.known:
        outcome.known += part.reports
    else:
        outcome.read += part.reports
        outcome.statements += part.statements
        outcome.events += part.events
    outcome.causes.update(dict(part.failures))
    outcome.skipped.update(dict(part.skipped))


def run_load(folder: str, *, ledger: str) -> int:
    """Put the readings in `folder` into the ledger, say what came of it, and return the exit status."""
    from reportedly.batch.parts import Folder
    from reportedly.sources import Meter
    from reportedly.store import Ledger

    source = Folder(folder)
    names, finished = source.parts()
    if not finished:
        say(f"{folder} isn't finished: what is there is loaded, and the same command loads what comes.")
    outcome, stopped, damaged = Outcome(), False, 0
    meter = Meter(len(names))
    try:
        with Ledger.open(ledger) as store, progress(meter) as advance:
            for number, name in enumerate(names, 1):
                try:
                    _load_part(source, name, store, outcome)
                except ReportedlyError as error:
                    if error.where != f"{folder}/{name}":
                        raise
                    say(f"reportedly: {error}")
                    damaged += 1
                meter.drawn = number
                advance(outcome)
            store.log("import", details={"parts": len(names), "reports": outcome.read, "failures": outcome.failed})
    except KeyboardInterrupt:
        stopped = True
    shown = public_name(ledger)
    print_failures(outcome, shown, console(stderr=True))
    print_outcome(outcome, shown, console())
    if damaged:
        say(f"{many(damaged, 'part')} could not be read; give `read --out` again, then this command.")
    if stopped:
        say(f"Stopped. {shown} is sound and holds all that is counted above; the same command loads the rest.")
        return INTERRUPTED
    return 1 if damaged else 0


def _load_part(source: Folder, name: str, store: Ledger, outcome: Outcome) -> None:
    """Store what is in one part, some readings a transaction. What the ledger has from this run is left out."""
    run, results = source.read(name)
    job = Job(store, run, outcome)
    for chunk in chunks(results, BATCH):
        known = store.known([result[0].id for result in chunk if isinstance(result, tuple)], run.id)
        job.keep([Known(r[0]) if isinstance(r, tuple) and r[0].id in known else r for r in chunk])
