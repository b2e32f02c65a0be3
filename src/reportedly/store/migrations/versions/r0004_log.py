"""The log and the tombstones. The log's first entries seal what the ledger holds already."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from reportedly.store.chain import START, entry_sha256

revision = "0004"
down_revision = "0003"

BY = "reportedly"


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_log"),
    )
    op.create_index("ix_log_action", "log", ["action"])
    _forever()
    op.create_table(
        "tombstones",
        sa.Column("report", sa.String, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("received_sha256", sa.String(64)),
        sa.Column("held", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("report", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_text_sha256", "tombstones", ["text_sha256"])
    _Chain(op.get_bind()).add("migration", {"from": down_revision, "to": revision})


def _forever() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION log_is_forever() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER log_is_forever BEFORE UPDATE OR DELETE ON log "
            "FOR EACH ROW EXECUTE FUNCTION log_is_forever()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER log_no_{verb.lower()} BEFORE {verb} ON log "
            "BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END"
        )


class _Chain:
    """The beginning of the log."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._seq = 0
        self._last = START

    def add(self, action: str, details: dict[str, Any]) -> None:
        self._seq += 1
        row: dict[str, Any] = {
            "seq": self._seq,
            "made": datetime.now(UTC).replace(tzinfo=None),
            "by": BY,
            "action": action,
            "subject": None,
            "details": details,
            "previous": self._last,
        }
        self._last = row["sha256"] = entry_sha256(row)
        names = ("seq", "by", "action", "subject", "previous", "sha256")
        log = sa.table("log", *map(sa.column, names), sa.column("made", sa.DateTime), sa.column("details", sa.JSON))
        self._connection.execute(sa.insert(log), [row])
