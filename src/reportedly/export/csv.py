"""Tidy tables as CSV: incidents, claims and statements, one file each (RFC 4180, UTF-8, a header row)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, TextIO, TypeVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.fields import CLAIM, INCIDENT, STATEMENT, Field, Value, claim_rows, columns

if TYPE_CHECKING:
    import _csv

T = TypeVar("T")

LIST = "; "
"""What parts the entries of a list in a cell; a semicolon inside an entry becomes a comma."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvExport:
    """`incidents.csv`, `claims.csv` and `statements.csv`."""

    title: ClassVar[str] = "Tidy tables as CSV: incidents, claims, statements"
    files: ClassVar[tuple[str, ...]] = ("incidents.csv", "claims.csv", "statements.csv")
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "incidents.csv": columns(INCIDENT),
        "claims.csv": columns(CLAIM),
        "statements.csv": columns(STATEMENT),
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("the links between claims and their reasons", "a row has no place for them; jsonl has"),
        Lost("places beyond the most exact one", "a row has one place; jsonl has them all"),
        Lost("several figures for one effect in one claim", "they are summed, or the total is taken; jsonl has each"),
        Lost("a formula's meaning", "text that a spreadsheet would run (=, +, -, @ first) has an apostrophe before it"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """Two passes: one over the rows, for incidents and claims, one over the statements."""
        with out.text("incidents.csv") as incidents, out.text("claims.csv") as claims:
            put_incident, put_claim = table(incidents, INCIDENT), table(claims, CLAIM)
            for row in book.rows():
                put_incident.writerow([cell(f.get(row)) for f in INCIDENT])
                put_claim.writerows([cell(f.get(one)) for f in CLAIM] for one in claim_rows(row))
        with out.text("statements.csv") as statements:
            put = table(statements, STATEMENT)
            put.writerows([cell(f.get(said)) for f in STATEMENT] for said in book.statements())


class Dialect(csv.excel):
    """Commas, quotes where needed, and a line feed at the end of a row."""

    lineterminator = "\n"


def table(file: TextIO, fields: Iterable[Field[T]]) -> _csv.Writer:
    """A writer whose header row is written."""
    writer = csv.writer(file, dialect=Dialect)
    writer.writerow([f.name for f in fields])
    return writer


def cell(value: Value) -> str:
    """`value` as the text of a cell, "" for not stated. No text is run as a formula by a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = LIST.join(v.replace(";", ",") for v in value) if isinstance(value, list) else value
    return f"'{text}" if text.startswith(_FORMULA) else text
