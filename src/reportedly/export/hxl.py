"""HXL: CSV with a row of hashtags under the header, as humanitarian data are exchanged (hxlstandard.org, 1.1)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from reportedly.export.base import Book, Column, Lost, Output
from reportedly.export.csv import Dialect, cell
from reportedly.export.fields import Value
from reportedly.export.records import Place, Row

Field = tuple[str, str, str, Callable[[Row], Value]]
"""Header, hashtag, meaning, and what stands there."""


def _place(row: Row) -> Place:
    return row.facts.place or Place("")


def _toll(effect: str, what: str) -> Callable[[Row], Value]:
    def get(row: Row) -> Value:
        count = row.facts.toll(effect)
        value: Value = getattr(count, what) if count else None
        return value

    return get


def _tellers(row: Row) -> Value:
    return sorted({told.teller for told in row.told if told.teller})


def _outlets(row: Row) -> Value:
    return sorted({told.report.outlet for told in row.told if told.report.outlet})


_AFFECTED = (("killed", "#affected+killed"), ("injured", "#affected+injured"), ("missing", "#affected+missing"),
             ("captured", "#affected+captured"), ("displaced", "#affected+displaced"))  # fmt: skip

FIELDS: tuple[Field, ...] = (
    ("id", "#event+id", "the incident's id", lambda r: r.incident.id),
    ("first", "#date+start", "the first day on which it may have happened", lambda r: r.facts.first),
    ("last", "#date+end", "the last day on which it may have happened", lambda r: r.facts.last),
    ("kind", "#event+type", "its kind, a key of the ontology", lambda r: r.facts.kind),
    ("status", "#status+event", "the surest status that a claim has", lambda r: r.facts.status),
    ("agents", "#group+name+first", "who did it, as reported", lambda r: [a.name for a in r.facts.agents]),
    ("targets", "#group+name+second", "who suffered it, as reported", lambda r: [a.name for a in r.facts.targets]),
    ("place", "#loc+name", "the most exact place named", lambda r: _place(r).name or None),
    ("country", "#country+code+v_iso3", "ISO 3166-1 alpha-3", lambda r: _place(r).country),
    ("latitude", "#geo+lat", "degrees north, WGS 84", lambda r: _place(r).lat),
    ("longitude", "#geo+lon", "degrees east", lambda r: _place(r).lon),
    ("precision", "#geo+precision", "how exact the place is", lambda r: _place(r).precision),
    *(
        (f"{effect}_{what}", f"{tag}+{attribute}", f"{effect}: {meaning}", _toll(effect, what))
        for effect, tag in _AFFECTED
        for what, attribute, meaning in (
            ("low", "min", "the lowest figure that anyone tells"),
            ("best", "best", "the figure that the rule chose"),
            ("high", "max", "the highest figure that anyone tells"),
        )
    ),
    ("tellers", "#contact+name+teller", "who tells it: the speakers, or outlets in their own voice", _tellers),
    ("outlets", "#meta+source", "who published it", _outlets),
    ("origins", "#meta+origins+num", "independent origins", lambda r: r.origins),
    ("verdict", "#meta+verdict", "what agreement finds of its happening", lambda r: r.verdict("happened")),
)  # fmt: skip


class HxlExport:
    """`incidents.hxl.csv`."""

    title: ClassVar[str] = "HXL: one incident a row under a row of hashtags"
    files: ClassVar[tuple[str, ...]] = ("incidents.hxl.csv",)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {
        "incidents.hxl.csv": tuple(Column(f"{name} ({tag})", meaning) for name, tag, meaning, _ in FIELDS)
    }
    losses: ClassVar[Sequence[Lost]] = (
        Lost("each claim's own version and its offsets", "a row is an incident; csv and jsonl have the claims"),
        Lost("what agreement finds of single facts", "one verdict is shown, of the happening"),
        Lost("administrative areas and their p-codes", "the gazetteer's places carry none"),
    )
    happened: ClassVar[bool] = False

    def write(self, book: Book, out: Output) -> None:
        """One pass; header, hashtags, rows."""
        with out.text(self.files[0]) as file:
            writer = csv.writer(file, dialect=Dialect)
            writer.writerow([name for name, *_ in FIELDS])
            writer.writerow([tag for _, tag, *_ in FIELDS])
            for row in book.rows():
                writer.writerow([cell(get(row)) for *_, get in FIELDS])
