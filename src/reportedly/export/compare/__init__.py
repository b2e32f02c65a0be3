"""Our incidents beside events that people coded from the same war: ACLED's table or UCDP GED's.

`theirs` reads the file, `ours` puts incidents into its code book, `match` pairs the two, `differ` says where the fields
of a pair differ. Neither side is taken for the truth.
"""

from __future__ import annotations

from reportedly.export.compare.differ import Difference, Field, differences
from reportedly.export.compare.match import Comparison, Limits, Pair, by_chance, compare
from reportedly.export.compare.ours import our_events
from reportedly.export.compare.records import Happening, Where
from reportedly.export.compare.theirs import Theirs, read_events

__all__ = [
    "Comparison",
    "Difference",
    "Field",
    "Happening",
    "Limits",
    "Pair",
    "Theirs",
    "Where",
    "by_chance",
    "compare",
    "differences",
    "our_events",
    "read_events",
]
