"""Facts of incidents for the pages, and releases. The facts are made when they are first asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "incident_facts",
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("place", sa.String),
        sa.Column("country", sa.String),
        sa.Column("lat", sa.Double),
        sa.Column("lon", sa.Double),
        sa.Column("precision", sa.String),
        sa.Column("radius_km", sa.Double),
        sa.Column("agents", sa.JSON, nullable=False),
        sa.Column("targets", sa.JSON, nullable=False),
        sa.Column("tolls", sa.JSON, nullable=False),
        sa.Column("killed", sa.Integer),
        sa.Column("verdict", sa.String),
        sa.Column("verdicts", sa.JSON, nullable=False),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.Column("revised", sa.Boolean, nullable=False),
        sa.Column("acknowledged", sa.Boolean, nullable=False),
        sa.Column("corroborated", sa.Boolean, nullable=False),
        sa.Column("single", sa.Boolean, nullable=False),
        sa.Column("claims", sa.Integer, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("origins", sa.Integer, nullable=False),
        sa.Column("reviewed", sa.String, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("incident", name="pk_incident_facts"),
    )
    op.create_index("ix_incident_facts_first", "incident_facts", ["first"])
    op.create_table(
        "incident_actors",
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("incident", "name", name="pk_incident_actors"),
    )
    op.create_index("ix_incident_actors_name", "incident_actors", ["name"])
    _tellers()
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("manifest", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
    )
    op.create_table(
        "release_archives",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_release_archives"),
        sa.ForeignKeyConstraint(["number"], ["releases.number"], name="fk_release_archives_number"),
    )
    op.create_index("ix_statements_speaker", "statements", ["speaker"])


def _tellers() -> None:
    op.create_table(
        "incident_tellers",
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("speaker_kind", sa.String, nullable=False),
        sa.Column("own_voice", sa.Boolean, nullable=False),
        sa.Column("claims", sa.Integer, nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
        sa.Column("denies", sa.Boolean, nullable=False),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.Column("acknowledged", sa.Boolean, nullable=False),
        sa.Column("last", sa.Date),
        sa.PrimaryKeyConstraint("incident", "who", "side", name="pk_incident_tellers"),
    )
    op.create_index("ix_incident_tellers_who_side", "incident_tellers", ["who", "side"])
    op.create_index("ix_incident_tellers_side", "incident_tellers", ["side"])
