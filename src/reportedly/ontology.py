"""The ontology: which kinds, statuses, stances, speaker kinds and effects there are, read from a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from reportedly.errors import SettingsError

SECTIONS = ("kinds", "statuses", "stances", "speaker_kinds", "effects")


@dataclass(frozen=True, slots=True)
class Ontology:
    """Labels with their meanings, in the file's order. `sha256` is the hash of the file's bytes."""

    id: str
    version: str
    sha256: str
    kinds: dict[str, str]
    statuses: dict[str, str]
    stances: dict[str, str]
    speaker_kinds: dict[str, str]
    effects: dict[str, str]


def load_ontology(path: Path | None = None) -> Ontology:
    """The ontology at `path`, or the one that is shipped. Raises `SettingsError` where a section is missing."""
    name = str(path) if path else "conflict.toml"
    raw = path.read_bytes() if path else resources.files("reportedly").joinpath("data/ontologies/conflict.toml").read_bytes()
    try:
        loaded = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"is no TOML: {error}", where=name, hint="see docs/how-to/ontology.md") from error
    missing = [s for s in SECTIONS if not isinstance(loaded.get(s), dict)]
    if missing:
        raise SettingsError(f"has no [{missing[0]}]", where=name, hint=f"an ontology has the sections {', '.join(SECTIONS)}")
    return Ontology(
        id=str(loaded.get("id", name)),
        version=str(loaded.get("version", "1")),
        sha256=hashlib.sha256(raw).hexdigest(),
        **{s: {str(k): str(v) for k, v in loaded[s].items()} for s in SECTIONS},
    )
