"""A folder of readings: one Parquet file a unit, and what the run was.

`run.json` says which run and which input the folder belongs to; a file `part-….parquet` appears whole or not at all;
`done.json` appears last and lists them. The folder may lie on this machine or at an address that pyarrow knows
(`s3://`, `gs://`, `hdfs://`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reportedly.batch.units import Unit
from reportedly.errors import ReportedlyError, SettingsError
from reportedly.pipeline import Read
from reportedly.store.codec import Shelf, dumps, from_json, to_json
from reportedly.types import Failure, Reading, Report, Run, Skipped

if TYPE_CHECKING:
    from pyarrow import Schema
    from pyarrow.fs import FileSystem

Result = Read | Failure | Skipped

_REPORT = tuple(f.name for f in fields(Report))
_RUN, _DONE = "run.json", "done.json"
_HINT = "pip install 'reportedly[archives]'"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of readings and what is in it, counted."""

    name: str
    digest: str
    reports: int
    statements: int
    events: int
    failures: tuple[tuple[str, int], ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    known: bool = False
    """Whether an earlier attempt had written it."""


class Folder:
    """The folder at `where`, a path or an address. It is made when the first part is written."""

    def __init__(self, where: str) -> None:
        self.where = where

    @cached_property
    def _place(self) -> tuple[FileSystem, str]:
        try:
            from pyarrow import ArrowException
            from pyarrow.fs import FileSystem, LocalFileSystem
        except ImportError as error:
            cause = "Parquet needs a package that is not installed"
            raise SettingsError(cause, where=self.where, hint=_HINT) from error
        if "://" not in self.where:
            return LocalFileSystem(), os.path.abspath(self.where)  # noqa: PTH100  (paths of pyarrow are strings)
        try:
            found: tuple[FileSystem, str] = FileSystem.from_uri(self.where)
        except (ArrowException, OSError, ValueError) as error:
            raise SettingsError(f"no such place: {error}", where=self.where, hint="give a folder's path") from error
        return found

    def begin(self, *, inputs: str, copies: str) -> None:
        """Say what the folder is for. Raises `SettingsError` where it was begun for something else."""
        wanted = {"inputs": inputs, "copies": copies}
        before = self._read_json(_RUN)
        if before is not None and {key: before.get(key) for key in wanted} != wanted:
            hint = "give another folder; or the same input and options, to finish it"
            raise SettingsError("the folder holds the readings of another input", where=self.where, hint=hint)
        if before is None:
            self._write_json(_RUN, wanted)

    def known(self, unit: Unit, run: str) -> Part | None:
        """The part of this unit, where the folder has it from this run; `None` where it must be read."""
        try:
            meta = self._meta(unit.name)
        except FileNotFoundError:
            return None
        if meta is None or meta["run"]["id"] != run or meta["part"]["digest"] != unit.digest:
            return None
        return _part(meta["part"], known=True)

    def write(self, unit: Unit, results: Sequence[Result], run: Run) -> Part:
        """Write the part of a unit. The same unit and results give the same bytes."""
        from pyarrow import Table
        from pyarrow.parquet import write_table

        part = count(unit, results)
        meta = dumps({"part": asdict(part), "run": to_json(run)})
        schema = _schema().with_metadata({"reportedly": meta})
        table = Table.from_pylist([_row(result) for result in results], schema=schema)
        system, folder = self._place
        system.create_dir(folder, recursive=True)
        # Written aside and moved: a part is whole, whatever ends the process.
        aside = f"{folder}/.{unit.name}.{os.getpid()}"
        with system.open_output_stream(aside) as stream:
            write_table(table, stream, compression="zstd")
        system.move(aside, f"{folder}/{unit.name}")
        return part

    def finish(self, parts: Sequence[Part]) -> None:
        """Say that all is there."""
        listed = [[part.name, part.digest] for part in sorted(parts, key=lambda part: part.name)]
        self._write_json(_DONE, {"parts": listed})

    def parts(self) -> tuple[tuple[str, ...], bool]:
        """The names of the parts in order, and whether the run was finished. Raises `SettingsError` for no folder."""
        from pyarrow.fs import FileSelector

        done = self._read_json(_DONE)
        if done is not None:
            return tuple(name for name, _ in done["parts"]), True
        system, folder = self._place
        try:
            listed = system.get_file_info(FileSelector(folder))
        except OSError as error:
            hint = "`reportedly read --out` makes one"
            raise SettingsError("there is no folder of readings", where=self.where, hint=hint) from error
        return tuple(sorted(f.base_name for f in listed if f.base_name.startswith("part-"))), False

    def read(self, name: str) -> tuple[Run, Iterator[Result]]:
        """The run of a part and what is in it, in order. Raises `ReportedlyError` where it is damaged."""
        try:
            meta = self._meta(name)
        except FileNotFoundError as error:
            raise self._damaged(name, "the part is missing") from error
        if meta is None:
            raise self._damaged(name, "the part is damaged")
        return from_json(Run, meta["run"]), self._results(name)

    def _results(self, name: str) -> Iterator[Result]:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        system, folder = self._place
        try:
            with system.open_input_file(f"{folder}/{name}") as stream, ParquetFile(stream) as table:
                for batch in table.iter_batches(batch_size=64):
                    yield from map(_result, batch.to_pylist())
        except (ArrowException, OSError, KeyError, ValueError) as error:
            raise self._damaged(name, f"the part is damaged ({error})") from error

    def _damaged(self, name: str, what: str) -> ReportedlyError:
        return ReportedlyError(what, where=f"{self.where}/{name}", hint="delete it and give `read --out` again")

    def _meta(self, name: str) -> dict[str, Any] | None:
        """What a part says of itself, `None` where it is damaged. Raises `FileNotFoundError` where there is none."""
        from pyarrow import ArrowException
        from pyarrow.parquet import read_schema

        system, folder = self._place
        try:
            with system.open_input_file(f"{folder}/{name}") as stream:
                meta: dict[str, Any] = json.loads(read_schema(stream).metadata[b"reportedly"])
        except FileNotFoundError:
            raise
        except (ArrowException, OSError, KeyError, TypeError, ValueError):
            return None
        return meta

    def _read_json(self, name: str) -> dict[str, Any] | None:
        system, folder = self._place
        try:
            with system.open_input_stream(f"{folder}/{name}") as stream:
                found: dict[str, Any] = json.loads(stream.read())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise self._damaged(name, "the file is damaged") from error
        return found

    def _write_json(self, name: str, value: dict[str, Any]) -> None:
        system, folder = self._place
        system.create_dir(folder, recursive=True)
        aside = f"{folder}/.{name}.{os.getpid()}"
        with system.open_output_stream(aside) as stream:
            stream.write(dumps(value).encode())
        system.move(aside, f"{folder}/{name}")


def count(unit: Unit, results: Sequence[Result]) -> Part:
    """What is in the results of a unit."""
    readings = [result[1] for result in results if isinstance(result, tuple)]
    failures: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for result in results:
        if isinstance(result, Failure):
            failures[result.cause] = failures.get(result.cause, 0) + 1
        elif isinstance(result, Skipped):
            skipped[result.reason] = skipped.get(result.reason, 0) + result.count
    return Part(
        name=unit.name,
        digest=unit.digest,
        reports=len(readings),
        statements=sum(len(r.statements) for r in readings),
        events=sum(len(r.events) for r in readings),
        failures=tuple(sorted(failures.items())),
        skipped=tuple(sorted(skipped.items())),
    )


def _part(value: dict[str, Any], *, known: bool) -> Part:
    pairs = {name: tuple((str(k), int(n)) for k, n in value[name]) for name in ("failures", "skipped")}
    return Part(**{**value, **pairs, "known": known})


def _schema() -> Schema:
    import pyarrow as pa

    words = [(name, pa.string()) for name in _REPORT if name != "published"]
    return pa.schema(
        [
            ("what", pa.string()), *words, ("published", pa.date32()), ("reading", pa.string()),
            ("where", pa.string()), ("stage", pa.string()), ("cause", pa.string()), ("hint", pa.string()),
            ("reason", pa.string()), ("count", pa.int64()),
        ]
    )  # fmt: skip


def _row(result: Result) -> dict[str, Any]:
    if isinstance(result, tuple):
        report, reading = result
        row = {name: getattr(report, name) for name in _REPORT}
        shelf = Shelf()
        record = to_json(reading, shelf)
        return {"what": "reading", **row, "reading": dumps({"record": record, "candidates": shelf.kept})}
    if isinstance(result, Failure):
        return {"what": "failure", **asdict(result)}
    return {"what": "skipped", **asdict(result)}


def _result(row: dict[str, Any]) -> Result:
    if row["what"] == "reading":
        report = Report(**{name: row[name] for name in _REPORT})
        kept = json.loads(row["reading"])
        return report, from_json(Reading, kept["record"], Shelf(kept["candidates"]))
    kind = Failure if row["what"] == "failure" else Skipped
    return kind(**{f.name: row[f.name] for f in fields(kind)})
