"""Judgements, and what linking makes: incidents, their links, origins."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _judgements()
    _linked()
    _links()
    _origins()


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("note", sa.String),
        sa.PrimaryKeyConstraint("seq", name="pk_judgements"),
        sa.UniqueConstraint("id", name="uq_judgements_id"),
    )


def _linked() -> None:
    op.create_table(
        "linking",
        sa.Column("linker", sa.String, nullable=False),
        sa.Column("judgements", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("linker", name="pk_linking"),
    )
    op.create_table(
        "linked",
        sa.Column("claim", sa.String, nullable=False),
        sa.Column("neighbourhood", sa.String, nullable=False),
        sa.Column("incident", sa.String),
        sa.Column("seq", sa.Integer),
        sa.PrimaryKeyConstraint("claim", name="pk_linked"),
    )
    op.create_index("ix_linked_neighbourhood", "linked", ["neighbourhood"])
    op.create_index("ix_linked_incident", "linked", ["incident"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("left", sa.String, nullable=False),
        sa.Column("right", sa.String, nullable=False),
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("features", sa.JSON, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("judgement", sa.String),
        sa.PrimaryKeyConstraint("left", "right", name="pk_links"),
    )
    op.create_index("ix_links_incident", "links", ["incident"])


def _origins() -> None:
    op.create_table(
        "origins",
        sa.Column("report", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("report", name="pk_origins"),
    )
    op.create_index("ix_origins_origin", "origins", ["origin"])
