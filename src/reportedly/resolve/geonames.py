"""A larger place index, from a GeoNames dump that the user has (https://download.geonames.org/export/dump/).

The shipped index is taken over whole, with its usual names and hand list; what the dump has beyond it is added. Files
are read line by line and names are sorted by SQLite on disk, so memory stays small whatever the dump's size. Lines that
are broken are counted by cause and left out.
"""

from __future__ import annotations

import hashlib
import io
import math
import sqlite3
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from reportedly.errors import AuthorityError
from reportedly.resolve.gazetteer import SCHEMA_VERSION, TABLES, PlaceRow, index_hash, keys_of, place_key, usual_name

PLACES = "AP"
"""The feature classes that are taken unless told otherwise: units of administration, and towns and villages."""

CLASSES = "AHLPRSTUV"
"""All feature classes of GeoNames."""

LONGEST = 1 << 16
"""Bytes of a line. GeoNames' own are under 15,000; a file without line ends must not fill the memory."""

STEP = 2_000
"""Lines between two writes, and between two calls of `advance`."""

ARTICLES = ("al-", "el-", "ad-", "ar-", "as-", "ash-", "at-", "az-", "an-", "al ", "el ", "'", "’", "`", "s-", "s'")

Advance = Callable[[int, int], None]
"""Told how many bytes of how many have been read, over all files."""


class Line(NamedTuple):
    """Columns of a line of a dump that are used."""

    number: int
    row: PlaceRow


@dataclass(frozen=True, slots=True)
class Built:
    """An index that was built: its identity, how many places and names it has, how many of the places the shipped one
    lacks, and how many lines were left out, by cause."""

    path: Path
    sha256: str
    places: int
    added: int
    names: int
    faults: Mapping[str, int]


def build_larger(
    dumps: Sequence[Path],
    out: Path,
    *,
    shipped: Path,
    countries: Mapping[str, str],
    alternates: Sequence[Path] = (),
    classes: Collection[str] = PLACES,
    advance: Advance = lambda read, of: None,
) -> Built:
    """Write the index `out` from the one at `shipped` and from `dumps`, in one go: no half of one is ever seen.

    `dumps` are allCountries or country files, `alternates` alternateNames files; text or zip. `countries` maps ISO
    alpha-2 to alpha-3. Raises `AuthorityError` where a file can't be read or holds no place, or `out` can't be written.
    """
    base = index_hash(shipped)
    if base is None:
        raise AuthorityError("can't be used", where=str(shipped), hint="install the package again: that builds it")
    half, scratch = out.with_name(out.name + ".part"), out.with_name(out.name + ".names")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for rest in (half, scratch):
            rest.unlink(missing_ok=True)
        with closing(sqlite3.connect(half, isolation_level=None)) as index:
            builder = _Builder(index, base, countries, frozenset(classes), advance)
            builder.begin(shipped, scratch)
            builder.sizes([*dumps, *alternates])
            for path in dumps:
                builder.add_places(path)
            for path in alternates:
                builder.add_names(path)
            built = builder.finish(out)
        half.replace(out)
    except (OSError, sqlite3.Error) as error:
        raise AuthorityError(
            f"can't be written: {error}", where=str(out), hint="check the path, the rights and the room on the disk"
        ) from error
    finally:
        for rest in (half, scratch):
            rest.unlink(missing_ok=True)
    return built


class _Builder:
    """One build. Places have their GeoNames id for a number, those of the hand list negative ones."""

    def __init__(
        self, index: sqlite3.Connection, base: str, countries: Mapping[str, str], classes: frozenset[str],
        advance: Advance,
    ) -> None:  # fmt: skip
        self._index = index
        self._countries = countries
        self._classes = classes
        self._advance = advance
        self._faults: Counter[str] = Counter()
        self._shipped: frozenset[int] = frozenset()
        self._read = self._total = 0
        kept = "".join(sorted(classes))
        self._digest = hashlib.sha256(f"larger places {SCHEMA_VERSION} {base} {kept}\n".encode())

    def begin(self, shipped: Path, scratch: Path) -> None:
        run = self._index.execute
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-65536"):
            run(f"PRAGMA {pragma}")
        self._index.executescript(TABLES)
        run("ATTACH ? AS scratch", (str(scratch),))
        run("PRAGMA scratch.journal_mode=OFF")
        run("PRAGMA scratch.synchronous=OFF")
        run("CREATE TABLE scratch.name (key TEXT, place INTEGER, rank INTEGER, spelt TEXT)")
        run("ATTACH ? AS old", (f"{shipped.resolve()}",))
        run("BEGIN")
        number = "CASE WHEN p.id LIKE 'geonames:%' THEN CAST(substr(p.id, 10) AS INTEGER) ELSE -p.number END"
        run(
            f"INSERT INTO main.place SELECT {number}, id, name, lat, lon, code, country, admin1, admin2, population "
            "FROM old.place p"
        )
        run(
            f"INSERT INTO scratch.name SELECT n.key, {number}, n.rank, n.spelt FROM old.name n "
            "JOIN old.place p ON p.number = n.place"
        )
        run("COMMIT")
        run("DETACH old")
        self._shipped = frozenset(n for (n,) in run("SELECT number FROM main.place"))

    def sizes(self, paths: Sequence[Path]) -> None:
        """Open every file once, so that a wrong name is told before an hour's work."""
        for path in paths:
            with open_dump(path) as (_, size):
                self._total += size

    def add_places(self, path: Path) -> None:
        found = 0
        places: list[tuple[object, ...]] = []
        names: list[tuple[str, int, int, str | None]] = []
        for columns in self._lines(path, 19):
            try:
                line = read_line(columns, self._countries, self._classes)
            except ValueError as error:
                self._faults[str(error)] += 1
                continue
            found += 1
            if line is None:
                continue
            number, row = line
            point = (row.lat, row.lon, row.code, row.country, row.admin1, row.admin2, row.population)
            places.append((number, f"geonames:{number}", usual_name(row), *point))
            least = int(number in self._shipped)  # a name that the shipped index calls another stays so
            names += [(key, number, max(rank, least), spelt) for key, (rank, spelt) in keys_of(row).items()]
            if len(places) >= STEP:
                self._write(places, names)
        self._write(places, names)
        if not found:
            raise AuthorityError(
                "holds no place",
                where=str(path),
                hint="give allCountries or a country's file, as GeoNames has them; alternateNames goes to --names",
            )

    def _write(self, places: list[tuple[object, ...]], names: list[tuple[str, int, int, str | None]]) -> None:
        self._index.execute("BEGIN")
        self._index.executemany("INSERT OR IGNORE INTO main.place VALUES (?,?,?,?,?,?,?,?,?,?)", places)
        self._index.executemany("INSERT INTO scratch.name VALUES (?,?,?,?)", names)
        self._index.execute("COMMIT")
        places.clear()
        names.clear()

    def add_names(self, path: Path) -> None:
        """Names of an alternateNames file for the places that are there; a preferred English one is then the name."""
        found = 0
        names: list[tuple[str, int, int, str | None]] = []
        for columns in self._lines(path, 4):
            try:
                number, name = int(columns[1]), columns[3].strip()
            except ValueError:
                self._faults["no id"] += 1
                continue
            found += 1
            language = columns[2]
            if not name or not is_language(language) or not kept_names("", [name]):
                continue
            place = self._index.execute("SELECT country, code FROM main.place WHERE number = ?", (number,)).fetchone()
            if place is None:
                continue
            row = PlaceRow(str(number), name, (), None, None, place[1], place[0], None, None, 0)
            names += [(key, number, max(rank, 1), spelt) for key, (rank, spelt) in keys_of(row).items()]
            if language == "en" and columns[4:5] == ["1"] and number not in self._shipped:
                self._index.execute("UPDATE main.place SET name = ? WHERE number = ?", (name, number))
            if len(names) >= STEP:
                self._write([], names)
        self._write([], names)
        if not found:
            raise AuthorityError("holds no name", where=str(path), hint="give alternateNames or alternateNamesV2")

    def _lines(self, path: Path, least: int) -> Iterator[list[str]]:
        """The columns of each sound line; counts the others."""
        with open_dump(path) as (file, _):
            number = 0
            try:
                for number, raw in enumerate(_raw_lines(file), start=1):
                    self._digest.update(raw)
                    self._read += len(raw)
                    if number % STEP == 0:
                        self._advance(min(self._read, self._total), self._total)
                    if len(raw) > LONGEST:
                        self._faults["line too long"] += 1
                        continue
                    try:
                        columns = raw.decode("utf-8").rstrip("\r\n").split("\t")
                    except UnicodeDecodeError:
                        self._faults["not UTF-8"] += 1
                        continue
                    if len(columns) >= least:
                        yield columns
                    elif columns != [""]:
                        self._faults["too few columns"] += 1
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise _unreadable(path, f"is damaged behind line {number}: {error}") from error

    def finish(self, out: Path) -> Built:
        run = self._index.execute
        self._advance(self._total, self._total)
        run("BEGIN")
        run(
            "INSERT INTO main.name SELECT key, place, MIN(rank), MIN(spelt) FROM scratch.name "
            "GROUP BY key, place ORDER BY key, place"
        )
        sha256 = self._digest.hexdigest()
        meta = {"schema": SCHEMA_VERSION, "sha256": sha256, "id": "places"}
        self._index.executemany("INSERT INTO main.meta VALUES (?, ?)", sorted(meta.items()))
        run("COMMIT")
        places = int(run("SELECT COUNT(*) FROM main.place").fetchone()[0])
        names = int(run("SELECT COUNT(*) FROM main.name").fetchone()[0])
        run("DETACH scratch")
        return Built(out, sha256, places, places - len(self._shipped), names, dict(self._faults))


def read_line(columns: Sequence[str], countries: Mapping[str, str], classes: Collection[str]) -> Line | None:
    """A line of a dump in its 19 columns; `None` for a class that is not wanted, and for units that are no more.

    Raises `ValueError` that says what is wrong with it.
    """
    id_, name, _, aliases, lat, lon, feature, code, iso2, _, admin1, admin2, _, _, population, *_ = columns
    if not (id_.isascii() and id_.isdigit() and 0 < int(id_[:20]) < 1 << 53):
        raise ValueError("no id")
    if feature not in classes:
        return None
    if code.startswith(("ADM", "PCL")) and code.endswith("H"):
        return None
    name = name.strip()
    if not name or "\0" in name or len(name) > 200:
        raise ValueError("no name")
    try:
        point = float(lat), float(lon)
    except ValueError:
        raise ValueError("no point") from None
    if not (math.isfinite(sum(point)) and abs(point[0]) <= 90 and abs(point[1]) <= 180):
        raise ValueError("point out of range")
    people = int(population) if population.isascii() and population.isdigit() and len(population) < 11 else 0
    row = PlaceRow(
        id=id_, name=name, aliases=tuple(kept_names(name, aliases.split(","))), lat=point[0], lon=point[1],
        code=code or ("PPL" if feature == "P" else feature), country=countries.get(iso2), admin1=admin1 or None,
        admin2=admin2 or None, population=people,
    )  # fmt: skip
    return Line(int(id_), row)


def kept_names(name: str, others: Sequence[str]) -> list[str]:
    """Of a place's other names those that add a key, in their order: no other script, no machine's romanisation."""
    seen = {place_key(name)}
    kept = []
    for other in others:
        if not other or len(other) > 60 or not _is_latin(other):
            continue
        if other[0].islower() and not other.lower().startswith(ARTICLES):
            continue  # a machine's romanisation
        key = place_key(other)
        if len(key) > 1 and key not in seen:
            seen.add(key)
            kept.append(other)
    return kept


def _is_latin(name: str) -> bool:
    return name.isascii() or all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in name)


def is_language(code: str) -> bool:
    """Whether the third column of alternateNames says a language, not a link, a postcode or an airport's letters."""
    return len(code) <= 3 or "-" in code or code in ("abbr", "piny")


@contextmanager
def open_dump(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """The text in `path`, a text file or a zip of one, and its size in bytes. Raises `AuthorityError`."""
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                yield file, path.stat().st_size
            return
        with zipfile.ZipFile(path) as archive:
            texts = [i for i in archive.infolist() if i.filename.lower().endswith(".txt")]
            texts = [i for i in texts if "readme" not in i.filename.lower()]
            if not texts:
                raise _unreadable(path, "has no text file in it")
            largest = max(texts, key=lambda i: i.file_size)
            with archive.open(largest) as packed, io.BufferedReader(cast(io.RawIOBase, packed), 1 << 16) as file:
                yield file, largest.file_size
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        # A zip with a password is a RuntimeError, one of an unknown method a NotImplementedError.
        raise _unreadable(path, f"can't be read: {error}") from error


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of `file`; of one that is too long its first `LONGEST` + 1 bytes."""
    while raw := file.readline(LONGEST + 1):
        yield raw
        rest = raw
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 1)


def _unreadable(path: Path, what: str) -> AuthorityError:
    return AuthorityError(what, where=str(path), hint="download it again from download.geonames.org/export/dump")
