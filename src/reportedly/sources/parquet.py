"""Parquet: a table of reports, one a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reportedly.errors import SourceError
from reportedly.sources.base import Input, Item, Options, failed, sha256, short
from reportedly.sources.make import make_report
from reportedly.sources.metadata import find_columns, plain, read_fields
from reportedly.types import Report

_BEGINS = b"PAR1"
_ROWS = 256
_HINT = "write the file again, or give the reports as JSON Lines"


class ParquetSource:
    """Parquet files. Columns are named as in CSV; only those that hold a field are read, some rows at a time.

    A row has no bytes of its own: what is hashed as received is its fields as JSON, keys in order.
    """

    suffixes = (".parquet", ".pq")

    def suits(self, head: bytes) -> bool:
        """Whether `head` begins a Parquet file."""
        return head.startswith(_BEGINS)

    def read(self, file: Input, options: Options) -> Iterator[Item]:
        """The reports in `file`; their origin is `path#n`, the n-th row."""
        if not file.head:
            raise SourceError("the file is empty", where=file.where, hint="leave it out, or fetch it again")
        if file.path is None:
            raise SourceError("Parquet is read from its end", where=file.where, hint="give it as a file, not a pipe")
        number = 0
        for row in _rows(file, options):
            number += 1
            try:
                yield _report(row, where=f"{file.where}#{number}", options=options)
            except SourceError as error:
                yield failed(error)
        if number == 0:
            raise SourceError("the table has no rows", where=file.where, hint="leave it out, or fetch it again")


def _rows(file: Input, options: Options) -> Iterator[dict[str, Any]]:
    """Each row as the fields of a report, by the fields' names."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        cause, hint = "reading Parquet needs a package that is not installed", "pip install 'reportedly[archives]'"
        raise SourceError(cause, where=file.where, hint=hint) from error
    try:
        with ParquetFile(file.path, pre_buffer=False) as table:
            names = {plain(name): name for name in reversed(table.schema_arrow.names)}
            columns = find_columns(names, options.mapping)
            if "text" not in columns:
                there = ", ".join(short(name, 30) for name in table.schema_arrow.names[:12])
                cause = f"no column holds the text; there are: {there}"
                raise SourceError(cause, where=file.where, hint="say which one: --map text=COLUMN")
            for batch in table.iter_batches(batch_size=_ROWS, columns=sorted(set(columns.values()))):
                for row in batch.to_pylist():
                    yield {name: row[column] for name, column in columns.items()}
    except (ArrowException, OSError, ValueError) as error:
        cause = f"the Parquet file can't be read ({short(str(error), 80)})"
        raise SourceError(cause, where=file.where, hint=_HINT) from error


def _report(row: dict[str, Any], *, where: str, options: Options) -> Report:
    text = row.pop("text")
    if not isinstance(text, str):
        cause = "the row has no text" if text is None else f"the text is of type {type(text).__name__}"
        raise SourceError(cause, where=where, hint="leave the row out, or say which column: --map text=COLUMN")
    received = json.dumps({"text": text, **row}, sort_keys=True, default=str, ensure_ascii=True)
    return make_report(
        text, read_fields(row), where=where, received=sha256(received.encode("ascii")), limits=options.limits
    )
