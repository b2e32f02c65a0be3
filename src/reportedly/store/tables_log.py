"""The tables of trust: what was done, as a chain of hashes, and what was removed for good."""

from __future__ import annotations

from sqlalchemy import DDL, JSON, Column, Integer, String, Table, event
from sqlalchemy.schema import ExecutableDDLElement

from reportedly.store.schema import UtcTime, metadata

log = Table(
    "log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False, index=True),
    Column("subject", String),
    Column("details", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("report", String, primary_key=True),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("text_sha256", String(64), nullable=False, index=True),
    Column("received_sha256", String(64)),
    Column("held", JSON, nullable=False),
)

# An entry is never changed or taken away, not even by a program that has lost its way.
_FOREVER = (
    *(
        (
            "sqlite",
            f"CREATE TRIGGER log_no_{verb.lower()} BEFORE {verb} ON log "
            "BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END",
        )
        for verb in ("UPDATE", "DELETE")
    ),
    (
        "postgresql",
        "CREATE OR REPLACE FUNCTION log_is_forever() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is only added to'; END $$",
    ),
    (
        "postgresql",
        "CREATE TRIGGER log_is_forever BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION log_is_forever()",
    ),
)
for _dialect, _sql in _FOREVER:
    _ddl: ExecutableDDLElement = DDL(_sql)  # type: ignore[no-untyped-call]
    event.listen(log, "after_create", _ddl.execute_if(dialect=_dialect))
