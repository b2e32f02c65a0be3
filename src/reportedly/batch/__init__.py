"""Many reports at a time: batches in one process or several, units into a folder, here or on a Ray cluster."""

from reportedly.batch.local import Readers, open_pool, open_readers, read_all

__all__ = ["Readers", "open_pool", "open_readers", "read_all"]
