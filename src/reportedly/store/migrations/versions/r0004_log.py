"""The log and the tombstones. The log's first entries seal what the ledger holds already."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from reportedly.store.chain import START, entry_sha256
from reportedly.store.seals import judgement_seal, reading_seal, report_seal, run_seal

revision = "0004"
down_revision = "0003"

BY = "reportedly"
PAGE = 200


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
    chain = _Chain(op.get_bind())
    chain.add("migration", {"from": down_revision, "to": revision})
    for seals in _Held(op.get_bind()).seals():
        chain.add("seal", {"seals": seals})


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


class _Held:
    """What the ledger holds, with its types as the database gives them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._tables = sa.MetaData()
        self._tables.reflect(connection)

    def seals(self) -> Iterator[dict[str, Any]]:
        """The seals of all of it, some at a time."""
        few: dict[str, Any] = {
            "runs": {row["id"]: run_seal(row) for row in self._rows("runs")},
            "judgements": {row["id"]: judgement_seal(row) for row in self._rows("judgements")},
            "failures": sorted(row["id"] for row in self._rows("failures")),
        }
        if found := {name: seals for name, seals in few.items() if seals}:
            yield found
        key = self._tables.tables["reports"].c.id
        last = ""
        while True:
            reports = self._rows("reports", key > last, order=[key], limit=PAGE)
            if reports:
                readings = self._readings([row["id"] for row in reports])
                yield {"reports": {row["id"]: report_seal(row) for row in reports}, "readings": readings}
            if len(reports) < PAGE:
                return
            last = reports[-1]["id"]

    def _readings(self, reports: list[str]) -> dict[str, dict[str, str]]:
        """The seals of the readings of these reports, by run and report."""
        found = self._rows("readings", self._tables.tables["readings"].c.report.in_(reports))
        numbers = [row["id"] for row in found]
        parts: dict[str, dict[int, list[dict[str, Any]]]] = {}
        for name in ("statements", "events", "claims"):
            c = self._tables.tables[name].c
            own = self._rows(name, c.reading.in_(numbers), order=[c.reading, c.seq])
            parts[name] = {number: list(rows) for number, rows in groupby(own, key=itemgetter("reading"))}
        seals: dict[str, dict[str, str]] = {}
        for row in found:
            said, told = ([r["record"] for r in parts[name].get(row["id"], [])] for name in ("statements", "events"))
            seal = reading_seal(row, statements=said, events=told, claims=parts["claims"].get(row["id"], []))
            seals.setdefault(row["run"], {})[row["report"]] = seal
        return seals

    def _rows(
        self, table: str, *tests: sa.ColumnElement[bool], order: Sequence[Any] = (), limit: int | None = None
    ) -> list[dict[str, Any]]:
        query = sa.select(self._tables.tables[table]).where(*tests).order_by(*order).limit(limit)
        return [dict(row) for row in self._connection.execute(query).mappings()]
