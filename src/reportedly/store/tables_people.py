"""The tables of people: who may use the review app, who is logged in, and which programs may ask for whom.

No password, session key or token is kept, only what tells whether one that is shown is right: an argon2 hash of a
password, which is chosen by a person, and the SHA-256 of a key of 256 random bits.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from reportedly.store.schema import UtcTime, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("changed", UtcTime, nullable=False),
    Column("removed", UtcTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("made", UtcTime, nullable=False),
    Column("seen", UtcTime, nullable=False),
    Column("idle_s", Integer, nullable=False),
    Column("expires", UtcTime, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("key_sha256", String(64), nullable=False, unique=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("used", UtcTime),
    Column("revoked", UtcTime),
)
