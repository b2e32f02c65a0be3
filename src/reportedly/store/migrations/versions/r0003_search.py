"""Passages and the index of their words. What the ledger holds already is indexed on the way."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PAGE = 500


def upgrade() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("reading", sa.Integer),
        sa.Column("seq", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_passages_report"),
        sa.ForeignKeyConstraint(["reading"], ["readings.id"], name="fk_passages_reading"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE passages ADD COLUMN words tsvector")
        op.execute("CREATE INDEX ix_passages_words ON passages USING gin (words)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE passage_words USING fts5"
            "(head, body, content = '', tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    op.create_index("ix_passages_report", "passages", ["report"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    number = 0
    for report, title, text, statements in _reports(connection):
        rows = [{"id": (number := number + 1), "report": report, "reading": None, "seq": None}]
        words = [{"id": number, "head": title or "", "body": text}]
        for s in statements:
            rows.append({"id": (number := number + 1), "report": report, "reading": s.reading, "seq": s.seq})
            head = " ".join(filter(None, (s.speaker, s.side)))
            words.append({"id": number, "head": head, "body": _quoted(s.record, text)})
        connection.execute(
            sa.text("INSERT INTO passages (id, report, reading, seq) VALUES (:id, :report, :reading, :seq)"), rows
        )
        # PostgreSQL's column is filled afterwards, when the text search configuration is there.
        if connection.dialect.name == "sqlite":
            index = "INSERT INTO passage_words (rowid, head, body) VALUES (:id, :head, :body)"
            connection.execute(sa.text(index), words)
    if connection.dialect.name == "postgresql":
        sequence = "pg_get_serial_sequence('passages', 'id')"
        connection.execute(sa.text(f"SELECT setval({sequence}, coalesce(max(id), 0) + 1, false) FROM passages"))


def _reports(connection: sa.Connection) -> Iterator[tuple[str, str | None, str, list[Any]]]:
    """Id, title and text of every report, with its statements, those of all readings."""
    reports = sa.table("reports", sa.column("id"), sa.column("title"), sa.column("text"))
    names = ("report", "reading", "seq", "speaker", "side")
    statements = sa.table("statements", *map(sa.column, names), sa.column("record", sa.JSON))
    last = ""
    while True:
        page = sa.select(reports).where(reports.c.id > last).order_by(reports.c.id).limit(PAGE)
        found = connection.execute(page).all()
        c = statements.c
        ids = [row.id for row in found]
        query = sa.select(statements).where(c.report.in_(ids)).order_by(c.report, c.reading, c.seq)
        said = {report: list(rows) for report, rows in groupby(connection.execute(query), key=lambda row: row.report)}
        for row in found:
            yield row.id, row.title, row.text, said.get(row.id, [])
        if len(found) < PAGE:
            return
        last = found[-1].id


def _quoted(record: dict[str, Any], text: str) -> str:
    """The words of a statement in the order of the text, those between its pieces left out where they are many."""
    spans = sorted(tuple(span) for name in ("source", "cue", "content", "told_to") for span in record.get(name, ()))
    words, last = "", None
    for start, end in spans:
        if last is not None and start < last:
            start = last
        if end <= start:
            continue
        between = text[last:start] if last is not None else ""
        words += (between if len(between) <= 6 else " … ") + text[start:end]
        last = end
    return words
