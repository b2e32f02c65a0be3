"""Tidy tables as Parquet: the columns of the CSV tables with their types, lists as lists. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import ModuleType
from typing import Any, ClassVar, TypeVar

from reportedly.errors import SettingsError
from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.fields import CLAIM, INCIDENT, STATEMENT, Field, claim_rows, columns

T = TypeVar("T")

BATCH = 2_000
"""Records a row group: as many as are in memory at once."""


class ParquetExport:
    """`incidents.parquet`, `claims.parquet` and `statements.parquet`."""

    title: ClassVar[str] = "Tidy tables as Parquet: incidents, claims, statements"
    files: ClassVar[tuple[str, ...]] = ("incidents.parquet", "claims.parquet", "statements.parquet")
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "incidents.parquet": columns(INCIDENT),
        "claims.parquet": columns(CLAIM),
        "statements.parquet": columns(STATEMENT),
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("the links between claims and their reasons", "a row has no place for them; jsonl has"),
        Lost("places beyond the most exact one", "a row has one place; jsonl has them all"),
        Lost("several figures for one effect in one claim", "they are summed, or the total is taken; jsonl has each"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """Three passes, one a table. Raises `SettingsError` where pyarrow isn't installed."""
        arrow, parquet = _pyarrow()
        _write(arrow, parquet, out, self.files[0], INCIDENT, book.rows())
        _write(arrow, parquet, out, self.files[1], CLAIM, chain.from_iterable(map(claim_rows, book.rows())))
        _write(arrow, parquet, out, self.files[2], STATEMENT, book.statements())


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        hint = "pip install 'reportedly[parquet]', or write csv, which needs nothing more"
        raise SettingsError("Parquet needs the package pyarrow", where="--to parquet", hint=hint) from error
    return pyarrow, parquet


def _write(  # one argument for each of the two modules, which are there or not
    arrow: Any, parquet: Any, out: Output, name: str, fields: Sequence[Field[T]], records: Iterable[T]
) -> None:
    types = {
        "text": arrow.string(),
        "day": arrow.date32(),
        "whole": arrow.int64(),
        "real": arrow.float64(),
        "truth": arrow.bool_(),
        "list": arrow.list_(arrow.string()),
    }
    schema = arrow.schema(
        [arrow.field(f.name, types[f.type], metadata={"description": f.meaning}) for f in fields]
    )  # fmt: skip
    with out.binary(name) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _batched(records):
            made = {f.name: arrow.array([f.get(r) for r in some], type=types[f.type]) for f in fields}
            writer.write_table(arrow.Table.from_pydict(made, schema=schema))


def _batched(records: Iterable[T]) -> Iterator[list[T]]:
    left = iter(records)
    while some := list(islice(left, BATCH)):
        yield some
