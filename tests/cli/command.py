"""The command with the stand-in for the model: called here, or as a program (`python -m tests.cli.command`)."""

from __future__ import annotations

import signal
from functools import partial

import pytest

import reportedly.batch
from reportedly.batch.local import open_pool, open_readers
from reportedly.cli import main
from tests.fakes import load_fake

fake_readers = partial(open_readers, load=load_fake)
fake_pool = partial(open_pool, load=load_fake)


def status_of(*arguments: str) -> int:
    """Run the command here; its exit status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reportedly.batch, "open_readers", fake_readers)
        patch.setattr(reportedly.batch, "open_pool", fake_pool)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
    return int(ended.value.code or 0)


if __name__ == "__main__":
    # A build may run in the background of a shell, which then has its children ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reportedly.batch.open_readers, reportedly.batch.open_pool = fake_readers, fake_pool
    main()
