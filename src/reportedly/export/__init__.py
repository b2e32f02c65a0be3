"""Ledgers to the files that others read: one file a format, each with notes on how it was made and what it can't say.

Exports see records and the ontology only; whoever calls them brings the ledger's incidents as `Case` records.
"""

from __future__ import annotations

from reportedly.errors import SettingsError
from reportedly.export.base import Book, Column, Export, Lost, Output
from reportedly.export.records import Actor, Case, Count, Facts, Finding, Place, Row, Said, Told

__all__ = [
    "GROUP",
    "Actor",
    "Book",
    "Case",
    "Column",
    "Count",
    "Export",
    "Facts",
    "Finding",
    "Lost",
    "Output",
    "Place",
    "Row",
    "Said",
    "Told",
    "formats",
    "load_export",
]

GROUP = "reportedly.exports"
"""The entry point group in which packages offer exports."""


def formats() -> tuple[str, ...]:
    """The formats that are installed, sorted."""
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_export(name: str) -> Export:
    """The export of this name. Raises `SettingsError` where there is none or it can't be loaded."""
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        raise SettingsError(f"no format {name!r}", where="--to", hint=f"one of {', '.join(sorted(found))}")
    try:
        export: Export = found[name].load()()
    except (ImportError, AttributeError, TypeError) as error:
        hint = "update the package that offers it, or uninstall it"
        cause = f"the export {name!r} can't be loaded: {error}"
        raise SettingsError(cause, where=found[name].value, hint=hint) from error
    return export
