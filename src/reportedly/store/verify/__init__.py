"""Checking a ledger from end to end, offline: that nothing in it was altered, left out or slipped in.

In this order: the file itself, the chain of the log, every report and reading against its seal in the log, the columns
and claims against the records that they follow from, what people decided, references, incidents, the index of words.
All of it sees the ledger at one moment, however many write meanwhile, and no more than a page of it is in memory.
"""

from reportedly.store.verify.check import Verified, verify
from reportedly.store.verify.view import Fault

__all__ = ["Fault", "Verified", "verify"]
