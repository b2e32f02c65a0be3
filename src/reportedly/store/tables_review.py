"""The tables of what people do with a report in review: edits of a reading, who is to read what, and codings done.

Rows are added and never changed.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from reportedly.store.schema import UtcTime, metadata

edits = Table(
    "edits",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("report", String, ForeignKey("reports.id"), nullable=False),
    Column("base", String, ForeignKey("runs.id"), nullable=False),
    Column("op", String, nullable=False),
    Column("details", JSON, nullable=False),
    UniqueConstraint("id"),
    Index("ix_edits_report_by", "report", "by"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("report", String, ForeignKey("reports.id"), nullable=False),
    Column("person", String, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("scratch", Boolean, nullable=False),
    Column("standing", Boolean, nullable=False),
    Index("ix_assignments_report_person", "report", "person"),
    Index("ix_assignments_person", "person"),
)

codings = Table(
    "codings",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("report", String, ForeignKey("reports.id"), nullable=False),
    Column("base", String, ForeignKey("runs.id"), nullable=False),
    Column("edits", Integer, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("scratch", Boolean, nullable=False),
    Column("run", String, ForeignKey("runs.id")),
    Index("ix_codings_report_by", "report", "by"),
)
