"""The tables, in SQLAlchemy Core. docs/reference/ledger.md says what each column holds.

Rows are added and never changed, but for those of `linked`, `links`, `origins` and `linking`: they follow from the
claims and the judgements, and are made anew as these come in. Statements, events and readings have a `record` column,
the exact record in the form of `codec`; the columns beside it repeat what queries ask for. A change here needs a
migration in `migrations/versions` and its revision in `REVISIONS`; a test compares what the two make.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    JSON,
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.schema import ExecutableDDLElement

from reportedly.store.schema import VERSION_TABLE as VERSION_TABLE
from reportedly.store.schema import UtcTime as UtcTime
from reportedly.store.schema import metadata as metadata
from reportedly.store.tables_facts import incident_actors as incident_actors
from reportedly.store.tables_facts import incident_facts as incident_facts
from reportedly.store.tables_facts import incident_tellers as incident_tellers
from reportedly.store.tables_facts import release_archives as release_archives
from reportedly.store.tables_facts import releases as releases
from reportedly.store.tables_log import log as log
from reportedly.store.tables_log import tombstones as tombstones
from reportedly.store.tables_review import assignments as assignments
from reportedly.store.tables_review import codings as codings
from reportedly.store.tables_review import edits as edits

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every schema that this program knows, oldest first; the last is the one it works with."""

version = Table(
    VERSION_TABLE,
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),  # as Alembic names it
)

reports = Table(
    "reports",
    metadata,
    Column("id", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("outlet", String),
    Column("published", Date),
    Column("title", String),
    Column("url", String),
    Column("lang", String),
    Column("origin", String),
    Column("received_sha256", String(64)),
    Column("added", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("model", String, nullable=False),
    Column("ontology", String, nullable=False),
    Column("authorities", JSON, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("added", UtcTime, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report", String, ForeignKey("reports.id"), nullable=False),
    Column("run", String, ForeignKey("runs.id"), nullable=False),
    Column("record", JSON, nullable=False),
    Column("added", UtcTime, nullable=False),
    UniqueConstraint("report", "run"),
)

statements = Table(
    "statements",
    metadata,
    Column("reading", Integer, ForeignKey("readings.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False),
    Column("report", String, nullable=False),
    Column("stance", String, nullable=False),
    Column("speaker", String, index=True),
    Column("side", String),
    Column("speaker_kind", String, nullable=False),
    Column("said_on", Date),
    Column("inside", String),
    Column("score", Double),
    Column("record", JSON, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("reading", Integer, ForeignKey("readings.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False),
    Column("report", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("trigger_start", Integer, nullable=False),
    Column("trigger_end", Integer, nullable=False),
    Column("statement", String),
    Column("same_as", String),
    Column("place", String),
    Column("place_id", String),
    Column("country", String),
    Column("lat", Double),
    Column("lon", Double),
    Column("first", Date),
    Column("last", Date),
    Column("score", Double),
    Column("record", JSON, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", String, primary_key=True),
    Column("reading", Integer, ForeignKey("readings.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("report", String, nullable=False),
    Column("run", String, nullable=False),
    Column("event", String, nullable=False),
    Column("statement", String),
    Column("outlet", String),
    Column("speaker", String),
    Column("side", String),
    Column("speaker_kind", String),
    Column("told_to", String),
    Column("stance", String),
    Column("said_on", Date),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("agents", JSON, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("place", String),
    Column("country", String),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", String),
    Column("radius_km", Double),
    Column("first", Date),
    Column("last", Date),
    Column("toll", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("score", Double),
    UniqueConstraint("reading", "seq"),
)

failures = Table(
    "failures",
    metadata,
    Column("id", String, primary_key=True),
    Column("location", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("hint", String, nullable=False),
    Column("run", String, ForeignKey("runs.id")),
    Column("added", UtcTime, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("note", String),
    UniqueConstraint("id"),
)

linking = Table(
    "linking",
    metadata,
    Column("linker", String, primary_key=True),
    Column("judgements", Integer, nullable=False),
    Column("made", UtcTime, nullable=False),
)

linked = Table(
    "linked",
    metadata,
    Column("claim", String, primary_key=True),
    Column("neighbourhood", String, nullable=False, index=True),
    Column("incident", String, index=True),
    Column("seq", Integer),
)

links = Table(
    "links",
    metadata,
    Column("left", String, primary_key=True),
    Column("right", String, primary_key=True),
    Column("incident", String, nullable=False, index=True),
    Column("score", Double, nullable=False),
    Column("features", JSON, nullable=False),
    Column("reason", String, nullable=False),
    Column("judgement", String),
)

origins = Table(
    "origins",
    metadata,
    Column("report", String, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("seq", Integer, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report", String, ForeignKey("reports.id"), nullable=False, index=True),
    Column("reading", Integer, ForeignKey("readings.id")),
    Column("seq", Integer),
)

# The index of words itself is what only one database or the other has: FTS5 without the texts, which are in `reports`,
# or a `tsvector` in the row of the passage.
_WORDS = (
    (
        "sqlite",
        "CREATE VIRTUAL TABLE passage_words USING fts5"
        "(head, body, content = '', tokenize = 'porter unicode61 remove_diacritics 2')",
    ),
    ("postgresql", "ALTER TABLE passages ADD COLUMN words tsvector"),
    ("postgresql", "CREATE INDEX ix_passages_words ON passages USING gin (words)"),
)
for _dialect, _sql in _WORDS:
    _ddl: ExecutableDDLElement = DDL(_sql)  # type: ignore[no-untyped-call]
    event.listen(passages, "after_create", _ddl.execute_if(dialect=_dialect))
