"""Edits, assignments and codings: what people do with a report in review."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _edits()
    _assignments()
    _codings()


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("base", sa.String, nullable=False),
        sa.Column("op", sa.String, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_edits"),
        sa.UniqueConstraint("id", name="uq_edits_id"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_edits_report"),
        sa.ForeignKeyConstraint(["base"], ["runs.id"], name="fk_edits_base"),
    )
    op.create_index("ix_edits_report_by", "edits", ["report", "by"])


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("blind", sa.Boolean, nullable=False),
        sa.Column("scratch", sa.Boolean, nullable=False),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_assignments"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_assignments_report"),
    )
    op.create_index("ix_assignments_report_person", "assignments", ["report", "person"])
    op.create_index("ix_assignments_person", "assignments", ["person"])


def _codings() -> None:
    op.create_table(
        "codings",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("base", sa.String, nullable=False),
        sa.Column("edits", sa.Integer, nullable=False),
        sa.Column("blind", sa.Boolean, nullable=False),
        sa.Column("scratch", sa.Boolean, nullable=False),
        sa.Column("run", sa.String),
        sa.PrimaryKeyConstraint("seq", name="pk_codings"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_codings_report"),
        sa.ForeignKeyConstraint(["base"], ["runs.id"], name="fk_codings_base"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_codings_run"),
    )
    op.create_index("ix_codings_report_by", "codings", ["report", "by"])
