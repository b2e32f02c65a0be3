"""The ledger, which keeps reports, readings, statements, events, claims, runs and failures in one database."""

from reportedly.store.ledger import Ledger

__all__ = ["Ledger"]
