"""The tables of what pages ask for: a row of facts for each incident, and the releases that were published.

Facts follow from claims, links and judgements. A row that is there is right: whatever changes an incident removes its
row in the same transaction, and whoever made the change has it made anew (`desk.facts`).
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Double, ForeignKey, Index, Integer, LargeBinary, String, Table

from reportedly.store.schema import UtcTime, metadata

incident_facts = Table(
    "incident_facts",
    metadata,
    Column("incident", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("first", Date, index=True),
    Column("last", Date),
    Column("place", String),
    Column("country", String),
    Column("lat", Double),
    Column("lon", Double),
    Column("precision", String),
    Column("radius_km", Double),
    Column("agents", JSON, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("tolls", JSON, nullable=False),
    Column("killed", Integer),
    Column("verdict", String),
    Column("verdicts", JSON, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("revised", Boolean, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("corroborated", Boolean, nullable=False),
    Column("single", Boolean, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("origins", Integer, nullable=False),
    Column("reviewed", String, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("score", Double),
    Column("added", UtcTime, nullable=False),
)

incident_actors = Table(
    "incident_actors",
    metadata,
    Column("incident", String, primary_key=True),
    Column("name", String, primary_key=True, index=True),
)

incident_tellers = Table(
    "incident_tellers",
    metadata,
    Column("incident", String, primary_key=True),
    Column("who", String, primary_key=True),
    Column("side", String, primary_key=True, index=True),
    Column("speaker_kind", String, nullable=False),
    Column("own_voice", Boolean, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("denies", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("last", Date),
    Index("ix_incident_tellers_who_side", "who", "side"),
)

releases = Table(
    "releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made", UtcTime, nullable=False),
    Column("by", String, nullable=False),
    Column("title", String, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("manifest", JSON, nullable=False),
)

release_archives = Table(
    "release_archives",
    metadata,
    Column("number", Integer, ForeignKey("releases.number"), primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
