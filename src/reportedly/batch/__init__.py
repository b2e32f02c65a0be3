"""Many reports at a time: batches in one process, or in several on the same machine."""

from reportedly.batch.local import Readers, open_readers, read_all

__all__ = ["Readers", "open_readers", "read_all"]
