"""Brings an older ledger to the newest schema. Imports Alembic, so `connect` loads it only where it is needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, *, folder: Path = FOLDER, to: str = "head") -> None:
    """Runs the migrations of `folder` that the ledger behind `connection` lacks, inside the caller's transaction.

    All of them, or those up to the revision `to`.
    """
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
