"""The bar that `reportedly read` shows while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from reportedly.cli.screen import console, many

if TYPE_CHECKING:
    from reportedly.cli.reading import Outcome
    from reportedly.sources import Meter

WIDE = 120
"""Columns from which there is room for the commonest cause of failure."""


@contextmanager
def bar(meter: Meter | None = None) -> Iterator[Callable[[Outcome], None]]:
    """A bar on stderr that goes away at the end; with `meter` it fills, and tells how long it will take."""
    time_left = [TimeRemainingColumn()] if meter is not None and meter.total else []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, *time_left, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("Loading the model", total=None)

        def advance(outcome: Outcome) -> None:
            # Short, so that the line never fills an 80-column terminal: one that does is not wiped after a Ctrl-C.
            words = [many(outcome.read, "report")]
            if outcome.known:
                words.append(f"{outcome.known:,} known")
            if outcome.failed:
                [(cause, count)] = outcome.causes.most_common(1)
                commonest = f" ({count:,}: {cause[:40]})" if shown.console.width >= WIDE else ""
                words.append(f"{outcome.failed:,} failed{commonest}")
            seconds = shown.tasks[0].elapsed
            if seconds and outcome.read:
                words.append(f"{outcome.read / seconds:.1f} a second")
            total, drawn = (meter.total, meter.drawn) if meter is not None else (None, 0)
            shown.update(task, description=", ".join(words), total=total, completed=drawn if total else 0)

        yield advance
