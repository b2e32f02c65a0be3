"""The index of words: which passages hold the words of a query, how well, and where in them.

One small interface, two databases. SQLite keeps an FTS5 table without the texts (they are in `reports`), PostgreSQL a
`tsvector` in the row of the passage; both find "shelling" for "shelled", and both take a text for the same words
(`plain_words` does for PostgreSQL what FTS5 does by itself). A query is never handed on as it was typed: it is taken
apart here (`read_terms`), and each term is quoted for the database, so no sign in it has a power there.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, Float, Integer, Select, bindparam, column, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from reportedly.errors import SettingsError
from reportedly.store.server import CONFIGURATION, state_of
from reportedly.store.tables import passages as table

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement

Pieces = tuple[tuple[str, bool], ...]
"""A stretch of text in pieces, each with whether it is what was looked for."""

LONGEST = 1000
"""Characters in a query."""

MOST = 32
"""Terms in a query."""

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""FTS5's: word stems of English, letters without case and accents. The migrations repeat it."""

_AROUND = 30
"""Words of a passage that are shown."""

_SAFE = 60_000
"""Characters whose words always fit into a `tsvector`."""

_TOO_LARGE = "54000"
"""The SQLSTATE of what PostgreSQL has no room for."""

# Two characters that no text has a use for stand for beginning and end of a mark; in a text they are replaced.
_OPEN, _CLOSE = "\ue000", "\ue001"
_UNMARKED = {ord(_OPEN): "\ufffd", ord(_CLOSE): "\ufffd", 0: "\ufffd"}
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*?)')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase to find. `prefix`: its last word may go on; `excluded`: a passage must not have it."""

    words: str
    prefix: bool = False
    excluded: bool = False


def read_terms(query: str) -> tuple[Term, ...]:
    """The terms of a query as people type it: words, "a phrase", `begin*` and `-without`; every other sign is text.

    Words of signs alone ("—", emoji) can't be found and are left out. Raises `SettingsError` for a query that is too
    long, or that holds no word to find.
    """
    if len(query) > LONGEST:
        hint = f"at most {LONGEST} characters are looked for"
        raise SettingsError(f"the query is {len(query):,} characters long", hint=hint)
    clean = query.translate(_QUOTES).replace("\0", " ").encode("utf-8", "replace").decode()
    terms = []
    for match in _TERM.finditer(clean):
        words = match["phrase"] if match["phrase"] is not None else match["word"]
        prefix = bool(match["star"]) or (match["phrase"] is None and words.endswith("*"))
        words = " ".join(words.rstrip("*").split())
        if any(map(str.isalnum, words)):
            terms.append(Term(words, prefix, excluded=bool(match["minus"])))
    if len(terms) > MOST:
        raise SettingsError(f"the query has {len(terms)} words", hint=f"at most {MOST} are looked for")
    if clean.strip() and not any(not term.excluded for term in terms):
        hint = 'e.g. hospital "air strike" -drill'
        raise SettingsError("the query has no word to find", where=query.strip()[:60], hint=hint)
    return tuple(terms)


@dataclass(frozen=True, slots=True)
class Passage:
    """What the index points at: a report as a whole, or the statement `seq` of a reading; its heading and its text."""

    report: str
    reading: int | None
    seq: int | None
    head: str
    body: str


class Words(Protocol):
    """The index of words of one database."""

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        """Store these passages and index their words; the heading weighs more."""
        ...

    def index(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        """Index the words of passages that are stored, by number, and not indexed yet."""
        ...

    def remove(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        """Take passages and their words away, so that no trace of the words is left in the index."""
        ...

    def wrong(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> list[int]:
        """The numbers of those passages that are not indexed, or under other words than these."""
        ...

    def found(self, terms: Sequence[Term]) -> Select[Any]:
        """The passages that hold every term: `passage`, and `rank`, the lower the better."""
        ...


def words_of(dialect: str) -> Words:
    """The index of the database with this SQLAlchemy name."""
    return PostgresWords() if dialect == "postgresql" else SqliteWords()


class SqliteWords:
    """FTS5: a contentless table `passage_words`, its rowid the number of the passage."""

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        made = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        keys = [{"report": p.report, "reading": p.reading, "seq": p.seq} for p in passages]
        if keys:
            numbers = connection.scalars(made, keys).all()
            self.index(connection, list(zip(numbers, passages, strict=True)))

    def index(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        rows = [{"id": number, "head": p.head, "body": p.body} for number, p in passages]
        if rows:
            made = "INSERT INTO passage_words (rowid, head, body) VALUES (:id, :head, :body)"
            connection.execute(text(made), rows)

    def remove(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        rows = [{"id": number, "head": p.head, "body": p.body} for number, p in passages]
        if not rows:
            return
        gone = "INSERT INTO passage_words (passage_words, rowid, head, body) VALUES ('delete', :id, :head, :body)"
        connection.execute(text(gone), rows)
        # Until the parts of the index are merged, the words stand in it beside a note that they are gone.
        connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('optimize')"))
        for row in rows:
            connection.execute(delete(table).where(table.c.id == row["id"]))

    def wrong(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> list[int]:
        listed: BindParameter[Any] = bindparam("listed", [number for number, _ in passages], expanding=True)
        sizes = text("SELECT id, sz FROM passage_words_docsize WHERE id IN :listed").bindparams(listed)
        there = {row.id: bytes(row.sz) for row in connection.execute(sizes)}
        # FTS5 keeps no texts here, but how many words each has: counted anew, they must be the same.
        with closing(sqlite3.connect(":memory:")) as memory:
            memory.execute(
                f"CREATE VIRTUAL TABLE counted USING fts5(head, body, content = '', tokenize = '{TOKENIZER}')"
            )
            rows = [(number, p.head, p.body) for number, p in passages]
            memory.executemany("INSERT INTO counted (rowid, head, body) VALUES (?, ?, ?)", rows)
            counted = dict(memory.execute("SELECT id, sz FROM counted_docsize").fetchall())
        return [number for number, _ in passages if there.get(number) != counted[number]]

    def found(self, terms: Sequence[Term]) -> Select[Any]:
        sql = "SELECT rowid AS passage, bm25(passage_words, 2.0, 1.0) AS rank FROM passage_words"
        match = text(f"{sql} WHERE passage_words MATCH :terms").bindparams(terms=fts5(terms))
        rows = match.columns(column("passage", Integer), column("rank", Float)).subquery("matching")
        return select(rows.c.passage, rows.c.rank)


class PostgresWords:
    """A column `words` of type `tsvector` in `passages`."""

    _VECTOR = f"setweight(to_tsvector('{CONFIGURATION}', :head), 'A') || to_tsvector('{CONFIGURATION}', :body)"
    _ADD = f"INSERT INTO passages (report, reading, seq, words) VALUES (:report, :reading, :seq, {_VECTOR})"
    _INDEX = f"UPDATE passages SET words = {_VECTOR} WHERE id = :id"

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        rows = [{"report": p.report, "reading": p.reading, "seq": p.seq, **_told(p)} for p in passages]
        self._store(connection, self._ADD, rows)

    def index(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        self._store(connection, self._INDEX, [{"id": number, **_told(p)} for number, p in passages])

    def remove(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> None:
        for number, _ in passages:
            connection.execute(delete(table).where(table.c.id == number))

    def wrong(self, connection: Connection, passages: Sequence[tuple[int, Passage]]) -> list[int]:
        other = f"words IS NULL OR (:whole AND words IS DISTINCT FROM {self._VECTOR})"
        query = text(f"SELECT 1 FROM passages WHERE id = :id AND ({other})")
        asked = [(number, {"id": number, "whole": len(p.body) <= _SAFE, **_told(p)}) for number, p in passages]
        return [number for number, row in asked if connection.execute(query, row).first()]

    def found(self, terms: Sequence[Term]) -> Select[Any]:
        asked = _tsquery(terms)
        words: ColumnElement[Any] = column("words")
        rank = -func.ts_rank_cd(words, asked, 1)
        columns: tuple[Any, Any] = (column("id").label("passage"), rank.label("rank"))
        return select(*columns).select_from(text("passages")).where(words.op("@@")(asked))

    def _store(self, connection: Connection, sql: str, rows: list[dict[str, Any]]) -> None:
        short = [row for row in rows if len(row["body"]) <= _SAFE]
        if short:
            connection.execute(text(sql), short)
        for row in rows:
            if len(row["body"]) > _SAFE:
                self._store_long(connection, sql, row)

    def _store_long(self, connection: Connection, sql: str, row: dict[str, Any]) -> None:
        """A `tsvector` holds a megabyte of different words: of a text with more, the beginning is indexed."""
        body = row["body"]
        while True:
            try:
                with connection.begin_nested():
                    connection.execute(text(sql), [{**row, "body": body}])
                return
            except DBAPIError as error:
                if state_of(error) != _TOO_LARGE or len(body) <= _SAFE:
                    raise
                body = body[: len(body) // 2]


def marked(texts: Sequence[str], terms: Sequence[Term]) -> list[Pieces]:
    """The stretch of each text around what was looked for, or its beginning where nothing of it is there.

    The index has no texts, so those few that are shown are indexed anew, in memory, by SQLite for every database.
    """
    wanted = [Term(term.words, term.prefix) for term in terms if not term.excluded]
    query = " OR ".join(map(_fts5_term, wanted))
    sql = f"SELECT rowid, snippet(shown, 0, '{_OPEN}', '{_CLOSE}', '…', {_AROUND}) FROM shown WHERE shown MATCH ?"
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE shown USING fts5(body, tokenize = '{TOKENIZER}')")
        rows = [(number, words.translate(_UNMARKED)) for number, words in enumerate(texts, 1)]
        memory.executemany("INSERT INTO shown (rowid, body) VALUES (?, ?)", rows)
        found = dict(memory.execute(sql, (query,)).fetchall()) if wanted else {}
    return [pieces(found[n]) if n in found else beginning(words) for n, words in enumerate(texts, 1)]


class _Folded(dict[int, str]):
    """What each character is to FTS5's tokenizer: part of a word, without case and accent; a gap; or nothing."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        category = unicodedata.category(sign)
        if 0x300 <= code <= 0x331:
            folded = ""
        elif category[0] in "LN" or category == "Co":
            base = unicodedata.normalize("NFD", sign)[0]
            folded = (base if base.isascii() else sign).lower()
        else:
            folded = " "
        self[code] = folded
        return folded


def plain_words(words: str) -> str:
    """The words of a text as FTS5 takes it apart, a blank between each two."""
    return words.translate(_folded())


@cache
def _folded() -> _Folded:
    return _Folded()


def _told(passage: Passage) -> dict[str, str]:
    return {"head": plain_words(passage.head), "body": plain_words(passage.body)}


def fts5(terms: Sequence[Term]) -> str:
    """The terms in FTS5's own language, each a quoted string."""
    wanted = " AND ".join(_fts5_term(term) for term in terms if not term.excluded)
    unwanted = " OR ".join(_fts5_term(term) for term in terms if term.excluded)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _fts5_term(term: Term) -> str:
    quoted = '"' + term.words.replace('"', '""') + '"'
    return quoted + "*" if term.prefix else quoted


def _tsquery(terms: Sequence[Term]) -> ColumnElement[Any]:
    """The terms as PostgreSQL's `tsquery`, made by its own functions of bound strings."""
    whole: Any = None
    for term in terms:
        words = plain_words(term.words)
        if term.prefix:
            # The one form that has a syntax; there are letters, digits and blanks alone between the quotes.
            one: Any = func.to_tsquery(CONFIGURATION, f"'{words}':*")
        else:
            one = func.phraseto_tsquery(CONFIGURATION, words)
        if term.excluded:
            one = func.tsquery_not(one)
        whole = one if whole is None else whole.op("&&")(one)
    asked: ColumnElement[Any] = whole
    return asked


def pieces(marked: str) -> Pieces:
    """A text with the two signs of marks in it, in pieces; white space is single blanks."""
    parts: list[tuple[str, bool]] = []
    for number, part in enumerate(marked.split(_OPEN)):
        inside, _, after = part.partition(_CLOSE) if number else ("", "", part)
        parts += [(inside, True), (after, False)]
    return tuple((re.sub(r"\s+", " ", words), mark) for words, mark in parts if words)


def beginning(words: str) -> Pieces:
    """The first words of a text."""
    first = words.split(maxsplit=_AROUND)
    short = " ".join(first[:_AROUND]) + (" …" if len(first) > _AROUND else "")
    return ((short, False),) if short else ()
