"""The first schema.

A migration says what a schema was, not what it is: it repeats the columns and never imports `store.tables`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sources()
    _findings()
    _claims()
    _failures()


def _sources() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("outlet", sa.String),
        sa.Column("published", sa.Date),
        sa.Column("title", sa.String),
        sa.Column("url", sa.String),
        sa.Column("lang", sa.String),
        sa.Column("origin", sa.String),
        sa.Column("received_sha256", sa.String(64)),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("ontology", sa.String, nullable=False),
        sa.Column("authorities", sa.JSON, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )


def _findings() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
        sa.UniqueConstraint("report", "run", name="uq_readings_report_run"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_readings_report"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_readings_run"),
    )
    op.create_table(
        "statements",
        sa.Column("reading", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("stance", sa.String, nullable=False),
        sa.Column("speaker", sa.String),
        sa.Column("side", sa.String),
        sa.Column("speaker_kind", sa.String, nullable=False),
        sa.Column("said_on", sa.Date),
        sa.Column("inside", sa.String),
        sa.Column("score", sa.Double),
        sa.Column("record", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("reading", "seq", name="pk_statements"),
        sa.ForeignKeyConstraint(["reading"], ["readings.id"], name="fk_statements_reading"),
    )
    op.create_table(
        "events",
        sa.Column("reading", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("trigger_start", sa.Integer, nullable=False),
        sa.Column("trigger_end", sa.Integer, nullable=False),
        sa.Column("statement", sa.String),
        sa.Column("same_as", sa.String),
        sa.Column("place", sa.String),
        sa.Column("place_id", sa.String),
        sa.Column("country", sa.String),
        sa.Column("lat", sa.Double),
        sa.Column("lon", sa.Double),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("score", sa.Double),
        sa.Column("record", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("reading", "seq", name="pk_events"),
        sa.ForeignKeyConstraint(["reading"], ["readings.id"], name="fk_events_reading"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("reading", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        *(sa.Column(name, sa.String) for name in ("statement", "outlet", "speaker", "side", "speaker_kind", "told_to")),
        sa.Column("stance", sa.String),
        sa.Column("said_on", sa.Date),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("agents", sa.JSON, nullable=False),
        sa.Column("targets", sa.JSON, nullable=False),
        sa.Column("place", sa.String),
        sa.Column("country", sa.String),
        sa.Column("lat", sa.Double),
        sa.Column("lon", sa.Double),
        sa.Column("precision", sa.String),
        sa.Column("radius_km", sa.Double),
        sa.Column("first", sa.Date),
        sa.Column("last", sa.Date),
        sa.Column("toll", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("score", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sa.UniqueConstraint("reading", "seq", name="uq_claims_reading_seq"),
        sa.ForeignKeyConstraint(["reading"], ["readings.id"], name="fk_claims_reading"),
    )


def _failures() -> None:
    op.create_table(
        "failures",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("location", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("hint", sa.String, nullable=False),
        sa.Column("run", sa.String),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_failures_run"),
    )
