"""The ontology: which kinds, statuses, stances, speaker kinds and effects there are, read from a TOML file.

The same file says how our kinds are said in other people's code books (`mappings`). Readings don't depend on that, so
the ontology's hash is of the labels and their meanings alone.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from reportedly.errors import SettingsError

SECTIONS = ("kinds", "statuses", "stances", "speaker_kinds", "effects")
HINT = "see docs/how-to/ontology.md"
SAYS = "says "
"""How a condition begins that asks for one of the `[words]` in the trigger or the weapon."""


@dataclass(frozen=True, slots=True)
class PartyClass:
    """What a party can be taken for: the authority's `kinds` that mean it, and whole words of a name that do.

    `codes` are what it is called in code books, by their names.
    """

    name: str
    about: str
    armed: bool
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, book: str) -> str:
        """What the code book calls it; "" where the ontology doesn't say."""
        return dict(self.codes).get(book, "")


@dataclass(frozen=True, slots=True)
class MappingRow:
    """Events of these kinds for which every condition of `when` holds have these codes in the code book.

    `codes` are in the order of the mapping's `codes` ("" where the report doesn't settle one), or `None` where the code
    book has no place for them; `unsaid` then says why.
    """

    kinds: tuple[str, ...]
    when: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    unsaid: str = ""


@dataclass(frozen=True, slots=True)
class CodeBook:
    """How our kinds are said in one code book: the names of its codes, and rows of which the first that fits counts."""

    name: str
    about: str
    codes: tuple[str, ...]
    rows: tuple[MappingRow, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """Labels with their meanings, in the file's order.

    `sha256` is the hash of id, version, labels and meanings. The rest says how events are said in other code books:
    `mutual` are kinds whose agents stand on both sides; `conditions` with their meanings, `parties` in the order in
    which they are tried, `words` by list, `mappings` by code book. An ontology without them can't be exported to those.
    """

    id: str
    version: str
    sha256: str
    kinds: dict[str, str]
    statuses: dict[str, str]
    stances: dict[str, str]
    speaker_kinds: dict[str, str]
    effects: dict[str, str]
    mutual: tuple[str, ...] = ()
    conditions: dict[str, str] = field(default_factory=dict)
    parties: tuple[PartyClass, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mappings: dict[str, CodeBook] = field(default_factory=dict)

    def mapping(self, name: str) -> CodeBook:
        """The code book of this name. Raises `SettingsError` where the ontology doesn't map to it."""
        if name not in self.mappings:
            raise SettingsError(f"has no [mappings.{name}]", where=f"ontology {self.id}", hint=HINT)
        return self.mappings[name]


def load_ontology(path: Path | None = None) -> Ontology:
    """The ontology at `path`, or the one that is shipped.

    Raises `SettingsError` where a section is missing, or a mapping names a kind, a condition or a list of words that
    the file doesn't have, gives another number of codes, or leaves a kind without a last row.
    """
    name = str(path) if path else "conflict.toml"
    shipped = resources.files("reportedly").joinpath("data/ontologies/conflict.toml")
    raw = path.read_bytes() if path else shipped.read_bytes()
    try:
        loaded = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"is no TOML: {error}", where=name, hint=HINT) from error
    missing = [s for s in SECTIONS if not isinstance(loaded.get(s), dict)]
    if missing:
        hint = f"an ontology has the sections {', '.join(SECTIONS)}"
        raise SettingsError(f"has no [{missing[0]}]", where=name, hint=hint)
    sections = {s: {str(k): str(v) for k, v in loaded[s].items()} for s in SECTIONS}
    identity, version = str(loaded.get("id", name)), str(loaded.get("version", "1"))
    ontology = Ontology(
        id=identity,
        version=version,
        sha256=_hash(identity, version, sections),
        kinds=sections["kinds"],
        statuses=sections["statuses"],
        stances=sections["stances"],
        speaker_kinds=sections["speaker_kinds"],
        effects=sections["effects"],
        **_rest(loaded, name),
    )
    fault = next(_faults(ontology), None)
    if fault:
        raise SettingsError(fault, where=name, hint=HINT)
    return ontology


def _hash(identity: str, version: str, sections: dict[str, dict[str, str]]) -> str:
    # Lists, because the order of labels counts.
    whole = [identity, version, [[name, list(labels.items())] for name, labels in sections.items()]]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=True).encode("ascii")).hexdigest()


def _rest(loaded: dict[str, Any], name: str) -> dict[str, Any]:
    """The fields that say how events are said elsewhere."""
    try:
        return {
            "mutual": _strings(loaded.get("mutual", [])),
            "conditions": {str(k): str(v) for k, v in loaded.get("conditions", {}).items()},
            "parties": tuple(
                PartyClass(
                    name=key,
                    about=str(p["about"]),
                    armed=bool(p["armed"]),
                    kinds=_strings(p["kinds"]),
                    words=_strings(p["words"]),
                    codes=tuple((str(book), str(code)) for book, code in p.get("codes", {}).items()),
                )
                for key, p in loaded.get("parties", {}).items()
            ),
            "words": {str(key): _strings(listed) for key, listed in loaded.get("words", {}).items()},
            "mappings": {key: _book(key, table) for key, table in loaded.get("mappings", {}).items()},
        }
    except (AttributeError, KeyError, TypeError) as error:
        cause = f"a mapping, party or list of words is not of the right form: {error}"
        raise SettingsError(cause, where=name, hint=HINT) from error


def _book(name: str, table: dict[str, Any]) -> CodeBook:
    rows = tuple(
        MappingRow(
            _strings(row["kinds"]),
            _strings(row.get("when", [])),
            _strings(row["codes"]) if "codes" in row else None,
            str(row.get("unsaid", "")),
        )
        for row in table["rows"]
    )
    return CodeBook(name, str(table["about"]), _strings(table["codes"]), rows)


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise TypeError(f"{value!r} is no list of strings")
    return tuple(value)


def _faults(ontology: Ontology) -> Iterator[str]:
    yield from (f"mutual has no such kind: {kind!r}" for kind in ontology.mutual if kind not in ontology.kinds)
    known = set(ontology.conditions) | {SAYS + name for name in ontology.words}
    for book in ontology.mappings.values():
        settled: set[str] = set()
        for number, row in enumerate(book.rows, start=1):
            where = f"row {number} of [mappings.{book.name}]"
            yield from (f"{where} has no such kind: {kind!r}" for kind in row.kinds if kind not in ontology.kinds)
            yield from (f"{where} has no such condition: {name!r}" for name in row.when if name not in known)
            yield from (f"{where} is never reached for {kind!r}" for kind in row.kinds if kind in settled)
            if (row.codes is None) is not bool(row.unsaid):
                yield f"{where} has neither or both of codes and unsaid"
            if row.codes is not None and len(row.codes) != len(book.codes):
                yield f"{where} has {len(row.codes)} codes, not {len(book.codes)}"
            settled |= set() if row.when else set(row.kinds)
        yield from (
            f"[mappings.{book.name}] has no last row for {kind!r}" for kind in ontology.kinds if kind not in settled
        )
