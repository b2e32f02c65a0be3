"""The bar that `reportedly read` shows while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from reportedly.cli.screen import console, many

if TYPE_CHECKING:
    from reportedly.cli.reading import Outcome


@contextmanager
def bar() -> Iterator[Callable[[Outcome], None]]:
    """A bar on stderr that goes away at the end. Sources are read as needed, so how much is to come is not known."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("Loading the model", total=None)

        def advance(outcome: Outcome) -> None:
            # Short, so that the line never fills an 80-column terminal: one that does is not wiped after a Ctrl-C.
            words = [many(outcome.read, "report")]
            if outcome.known:
                words.append(f"{outcome.known:,} known")
            if outcome.failures:
                words.append(f"{len(outcome.failures):,} failed")
            seconds = shown.tasks[0].elapsed
            if seconds and outcome.read:
                words.append(f"{outcome.read / seconds:.1f} a second")
            shown.update(task, description=", ".join(words))

        yield advance
