"""The place index: how names become keys, and how the index is built from the source files.

This file uses the standard library alone and imports nothing of the package, because the build hook (`hatch_build.py`)
loads it by its path, before the package is installed.

A *key* is a name without what spellings differ in: case, diacritics, apostrophes, hyphens, the Arabic article. A
*loose* key keeps the consonants alone ("Deir ez-Zor", "Dayr az Zawr", "Deir al-Zour" share one); it is there for the
countries whose names reach English through another script, and is asked only where the key finds nothing.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SCHEMA_VERSION = "2"
"""Raised with any change to the tables, the keys or the shown names: an index of another version is built anew."""

_ARTICLE = re.compile(r"\b(?:al|el|il|ul|ash|esh|ad|ed|ar|er|as|es|az|ez|at|et|an|en|us|ur|ud)[-\s](?=\w)")
_GLUED_ARTICLE = re.compile(r"\b(?:al|el)(?=[bcdfghjkmnqrstwyz][a-z]{3})")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`ʿʾʼ´ʻ\"“”."))
_MARKS = dict.fromkeys(map(ord, "‘`ʿʾʼ´ʻ’"))
_NOT_WORD = re.compile(r"[^\w]+")
_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "þ": "th"}
)

# Countries whose place names come to English through another script, or through several romanisations.
LOOSE_COUNTRIES = frozenset(
    "SYR IRQ YEM LBY EGY SDN SSD LBN JOR PSE ISR SAU KWT QAT ARE OMN BHR DZA TUN MAR ESH MRT TUR IRN AFG PAK IND "
    "BGD LKA NPL MMR UKR RUS BLR GEO ARM AZE KAZ KGZ TJK TKM UZB SOM ETH ERI DJI TCD MLI NER NGA CAF CHN PRK KOR THA "
    "KHM LAO SRB MKD BIH XKX BGR GRC CYP MNE MDA MNG".split()
)

# What a skeleton makes equal, in this order: letters that one sound is written with, then vowels go.
_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"kh|ck|q|c(?!h)", "k"),
        (r"ch|sh", "s"),
        (r"gh|dj|j", "g"),
        (r"dh", "d"),
        (r"th", "t"),
        (r"zh", "z"),
        (r"ph|v", "f"),
        (r"p", "b"),
        (r"(?<=\w)h", ""),
        (r"[aeiouwy]", ""),
        (r"(\w)\1+", r"\1"),
    )
)


def fold(name: str) -> str:
    """`name` in small letters without diacritics and apostrophes, words set apart by one space."""
    if not name.isascii():
        name = "".join(
            c for c in unicodedata.normalize("NFKD", name.translate(_SPECIAL)) if not unicodedata.combining(c)
        )
    return _NOT_WORD.sub(" ", name.translate(_APOSTROPHES).lower().replace("&", " and ")).strip()


def place_key(name: str) -> str:
    """The key of a place name: folded, Arabic articles dropped ("Al-Bab" and "el Bab" are "bab"); "" for no letters."""
    if not name.isascii():
        name = "".join(
            c for c in unicodedata.normalize("NFKD", name.translate(_SPECIAL)) if not unicodedata.combining(c)
        )
    plain = name.translate(_APOSTROPHES).lower()
    bare = _ARTICLE.sub("", plain)
    words = _NOT_WORD.sub(" ", bare.replace("&", " and ")).split()
    if words and words[0] in ("the", "st", "saint"):
        words = (["saint"] if words[0] != "the" else []) + words[1:] if len(words) > 1 else words
    return " ".join(words) or fold(name)


def loose_key(key: str) -> str:
    """The skeleton of a key: its consonants, one letter a sound, behind a "~". "" where fewer than three are left."""
    bones = _GLUED_ARTICLE.sub("", key).replace(" ", "")
    for pattern, to in _SOUNDS:
        bones = pattern.sub(to, bones)
    return "~" + bones if len(bones) >= 3 else ""


def likeness(key: str, other: str) -> float:
    """How alike two keys are spelt, 0 to 1: shared pairs of letters, twice, over all (Dice)."""
    a, b = key.replace(" ", ""), other.replace(" ", "")
    pairs, others = {a[i : i + 2] for i in range(len(a) - 1)}, {b[i : i + 2] for i in range(len(b) - 1)}
    return 2 * len(pairs & others) / max(1, len(pairs) + len(others))


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of a source file. `country` is ISO alpha-3; `rank` of a name is 0 for the main one, 1 for others."""

    id: str
    name: str
    aliases: tuple[str, ...]
    lat: float | None
    lon: float | None
    code: str
    country: str | None
    admin1: str | None
    admin2: str | None
    population: int


def read_places(path: Path) -> Iterator[PlaceRow]:
    """The rows of `places.tsv.gz`: ids are differences from the row before, points in thousandths of a degree."""
    last = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for line in lines:
            step, name, aliases, lat, lon, code, country, admin1, admin2, population = line.rstrip("\n").split("\t")
            last += int(step)
            yield PlaceRow(
                id=str(last), name=name, aliases=tuple(aliases.split("|")) if aliases else (),
                lat=int(lat) / 1000 if lat else None, lon=int(lon) / 1000 if lon else None, code=code,
                country=country or None, admin1=admin1 or None, admin2=admin2 or None, population=int(population or 0),
            )  # fmt: skip


def read_hand(path: Path) -> Iterator[PlaceRow]:
    """The rows of the hand list. One whose id is a GeoNames number gives that place its usual name and aliases."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            yield PlaceRow(
                id=row["id"], name=row["name"], aliases=tuple(a for a in row["aliases"].split("|") if a),
                lat=float(row["lat"]) if row["lat"] else None, lon=float(row["lon"]) if row["lon"] else None,
                code=row["kind"], country=row["country"] or None, admin1=row["parent"] or None, admin2=None,
                population=int(row["population"] or 0),
            )  # fmt: skip


TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, lat REAL, lon REAL,
    code TEXT NOT NULL, country TEXT, admin1 TEXT, admin2 TEXT, population INTEGER NOT NULL);
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, rank INTEGER NOT NULL,
    spelt TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
"""


def sources_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over the source files' bytes and the schema's version: the identity of the index made from them."""
    digest = hashlib.sha256(f"reportedly places {SCHEMA_VERSION}\n".encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keys_of(row: PlaceRow) -> dict[str, tuple[int, str | None]]:
    """The keys under which a place is found, each with its rank (0 main name, 1 another, 2 loose) and, for a loose one,
    the key that it was made from."""
    keys: dict[str, tuple[int, str | None]] = {}
    for number, name in enumerate((row.name, *row.aliases)):
        for form in dict.fromkeys((name, _bare(name, row.code))):
            key = place_key(form)
            if len(key) > 1:
                keys.setdefault(key, (min(number, 1), None))
    if row.country in LOOSE_COUNTRIES:
        for key in list(keys):
            loose = loose_key(key)
            if loose:
                keys.setdefault(loose, (2, key))
    return keys


_GENERIC = re.compile(
    r"^(?:(?:muḩāfaz̧at|provincia|province|département|departamento|region|région|governorate|state|wilaya|wilāyat|"
    r"raion|oblast|gobernación|estado|cantón|municipio|arrondissement|kabupaten|kota|amphoe|distrito|comuna|nohiya|"
    r"commune|district)\s+(?:d[eiou]s?\s+|of\s+|d['’]|do\s+|da\s+)?)|"
    r"\s+(?:province|governorate|district|state|region|county|oblast|rayon|raion|department|division|prefecture|city|"
    r"municipality|sub-?district|township|tehsil|qarku|krai|wilaya|regency|nahiyah|mudiriyat|kraj|krays|shi|xian|qu)$",
    re.IGNORECASE,
)


def _bare(name: str, code: str) -> str:
    """The name of an administrative unit without its generic word ("Helmand Province" is "Helmand")."""
    if not code.startswith("ADM"):
        return name
    bare = _GENERIC.sub("", name)
    return bare if len(bare) > 2 else name


def build(source: Path, hand: Path, target: Path) -> None:
    """Write the index `target` from the two source files, in one go, so that no half of one is ever seen."""
    rows = {row.id: row for row in read_places(source)}
    named: dict[str, PlaceRow] = {}
    for row in read_hand(hand):
        known = rows.pop(row.id, None)
        named[row.id] = _merged(known, row) if known else row
    shown = {**{id_: usual_name(row) for id_, row in rows.items()}, **{id_: row.name for id_, row in named.items()}}
    half = target.with_suffix(".part")
    half.unlink(missing_ok=True)
    index = sqlite3.connect(half)
    try:
        index.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096;" + TABLES)
        _fill(index, [*named.values(), *rows.values()], shown)
        meta = {"schema": SCHEMA_VERSION, "sha256": sources_hash((source, hand)), "id": "places"}
        index.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
        index.commit()
    finally:
        index.close()
    half.replace(target)


_GENERIC_ENGLISH = ("Governorate", "Province", "Oblast", "State", "Region", "County", "District", "Department")
_SUN_ARTICLE = re.compile(r"^(?:Al|Ar|As|Ash|Ad|At|Ath|Az|An|El|Et|Es) (?=[A-Z])")


def usual_name(row: PlaceRow) -> str:
    """The name in plain English spelling: no diacritics, one form of the Arabic article ("Ar Rastān" is "Al-Rastan"),
    and for a first-level unit the alternate name with an English generic word, where there is one."""
    name = row.name
    if row.code == "ADM1":
        name = next((a for a in row.aliases if a.endswith(_GENERIC_ENGLISH) and a.isascii()), name)
    if row.country in LOOSE_COUNTRIES:
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        name = _SUN_ARTICLE.sub("Al-", name.translate(_MARKS))
    return name


def _merged(known: PlaceRow, hand: PlaceRow) -> PlaceRow:
    """A place of the gazetteer with the hand list's usual name, more aliases, and what it says of kind and point."""
    return PlaceRow(
        id=known.id, name=hand.name, aliases=(*hand.aliases, known.name, *known.aliases),
        lat=hand.lat if hand.lat is not None else known.lat, lon=hand.lon if hand.lon is not None else known.lon,
        code=hand.code or known.code, country=hand.country or known.country, admin1=known.admin1, admin2=known.admin2,
        population=hand.population or known.population,
    )  # fmt: skip


def _fill(index: sqlite3.Connection, rows: list[PlaceRow], shown: dict[str, str]) -> None:
    places = []
    names: list[tuple[str, int, int, str | None]] = []
    for number, row in enumerate(rows, start=1):
        id_ = row.id if ":" in row.id else f"geonames:{row.id}"
        point = (row.lat, row.lon, row.code, row.country, row.admin1, row.admin2, row.population)
        places.append((number, id_, shown[row.id], *point))
        names += [(key, number, rank, spelt) for key, (rank, spelt) in keys_of(row).items()]
    index.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", places)
    names.sort(key=_by_key)
    index.executemany("INSERT INTO name VALUES (?,?,?,?)", names)


def _by_key(name: tuple[str, int, int, str | None]) -> tuple[str, int]:
    return name[:2]


def index_hash(path: Path) -> str | None:
    """The identity that an index was built with; `None` for no index, a damaged one, or one of another schema."""
    if not path.is_file():
        return None
    try:
        index = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            meta = dict(index.execute("SELECT name, value FROM meta").fetchall())
        finally:
            index.close()
    except sqlite3.Error:
        return None
    return str(meta["sha256"]) if meta.get("schema") == SCHEMA_VERSION else None


def build_if_stale(folder: Path) -> Path:
    """Build `folder/places.sqlite` from the source files beside it unless it is up to date; its path."""
    source, hand, target = folder / "places.tsv.gz", folder / "places_hand.tsv", folder / "places.sqlite"
    if source.is_file() and index_hash(target) != sources_hash((source, hand)):
        build(source, hand, target)
    return target
