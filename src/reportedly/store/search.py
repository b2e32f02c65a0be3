"""Finding: the reports, statements and claims in which given words stand, or that meet given conditions.

What has the words is a passage: a statement, or a report as a whole. What meets the other conditions is a claim; for a
statement that tells no event, stance, speaker and days are held against the statement itself. A statement is found when
its own words and its own claims fit; a report when its words fit and one of its claims does. Only the newest reading of
a report counts. docs/how-to/find.md says the same for those who search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, func, or_, select

from reportedly.store.base import PAGE, Database, batched
from reportedly.store.codec import from_json
from reportedly.store.conditions import Conditions, Query
from reportedly.store.passages import quoted
from reportedly.store.rows import claim_of, report_of
from reportedly.store.tables import claims, passages, readings, reports, statements
from reportedly.store.words import Pieces, Term, marked, read_terms, words_of
from reportedly.types import Claim, Report, Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that was found, and the stretch of its words around what was looked for."""

    statement: Statement
    words: Pieces


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found: the statements and claims in it that fit, in text order.

    `words` is the stretch of the report around what was looked for; it is empty where a statement shows that already.
    Where only words were asked for, the claims are those of the statements.
    """

    report: Report
    statements: tuple[Said, ...]
    claims: tuple[Claim, ...]
    words: Pieces = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Some hits, best first (without words: by day, the newest first), and how many reports fit in all."""

    total: int
    hits: tuple[Hit, ...]


class SearchTables(Database):
    """The search of a ledger."""

    def find(self, query: Query, *, limit: int = 20, skip: int = 0) -> Found:
        """What meets `query`: `limit` reports after the first `skip`.

        Raises `SettingsError` for words that can't be looked for.
        """
        terms = read_terms(query.words)
        with self._reading() as connection:
            search = Search(connection, query, terms)
            total, ids = search.ranked(limit, skip)
            return Found(total, search.hits(ids))

    def claims_meeting(self, query: Query) -> set[str]:
        """The ids of the claims that meet all conditions of `query`, in reports that have its words."""
        terms = read_terms(query.words)
        with self._reading() as connection:
            return Search(connection, query, terms).claims()

    def claims_since(self, first: date, last: date) -> set[str]:
        """The ids of the claims of newest readings whose reports were published from `first` to `last`."""
        with self._reading() as connection:
            newest = Conditions(connection, Query()).newest
            joined = claims.join(reports, reports.c.id == claims.c.report)
            days = (reports.c.published >= first, reports.c.published <= last)
            query = select(claims.c.id).select_from(joined).where(claims.c.reading.in_(select(newest.c.id)), *days)
            return set(connection.scalars(query))

    def published(self, ids: Iterable[str]) -> dict[str, date | None]:
        """The day of each of these reports, by id; those that the ledger has not are left out."""
        days: dict[str, date | None] = {}
        with self._reading() as connection:
            for some in batched(ids, PAGE):
                query = select(reports.c.id, reports.c.published).where(reports.c.id.in_(some))
                days |= {row.id: row.published for row in connection.execute(query)}
        return days


class _Passage(NamedTuple):
    """A passage that fits: `record` is the statement's, None for the whole report."""

    report: str
    reading: int | None
    record: Any


class Search:
    """One query on one connection."""

    def __init__(self, connection: Connection, query: Query, terms: Sequence[Term]) -> None:
        self._connection = connection
        self._query = query
        self._terms = terms
        self._words = words_of(connection.dialect.name)
        self._conditions = Conditions(connection, query)
        self._found = _kept(self._words.found(terms)) if terms else None

    def ranked(self, limit: int, skip: int) -> tuple[int, list[str]]:
        """How many reports fit, and the ids of those asked for, in order."""
        r = reports.c
        if self._found is None:
            fitting = self._without_words().cte("fitting")
            order: tuple[Any, ...] = (r.published.desc().nulls_last(), r.id)
        else:
            fitting = self._with_words().cte("fitting")
            order = (fitting.c.rank, r.id)
        counted = select(r.id, func.count().over()).join(fitting, fitting.c.report == r.id)
        rows = self._connection.execute(counted.order_by(*order).limit(limit).offset(skip)).all()
        if skip and not rows:
            return self._connection.scalar(select(func.count()).select_from(fitting)) or 0, []
        return (int(rows[0][1]) if rows else 0), [row[0] for row in rows]

    def _with_words(self) -> Select[Any]:
        assert self._found is not None
        rank = func.min(self._found.c.rank).label("rank")
        return self._passages(passages.c.report, rank).group_by(passages.c.report)

    def with_words(self) -> Select[Any]:
        """The ids of the reports that fit, as a query; there must be words."""
        return select(self._with_words().subquery().c.report)

    def _passages(self, *columns: Any) -> Select[Any]:
        """The passages that fit, beside their reports and statements."""
        assert self._found is not None
        p, s, fits = passages.c, statements.c, self._conditions
        joined = (
            self._found.join(passages, p.id == self._found.c.passage)
            .join(reports, reports.c.id == p.report)
            .outerjoin(statements, and_(s.reading == p.reading, s.seq == p.seq))
        )
        of_report = and_(p.reading.is_(None), fits.report_fits())
        of_statement = and_(fits.is_newest(p.reading), fits.statement_fits())
        return select(*columns).select_from(joined).where(or_(of_report, of_statement))

    def _without_words(self) -> Select[Any]:
        """The reports that fit, or one of whose statements does."""
        fits: ColumnElement[bool] = reports.c.id.in_(select(self._conditions.told.c.report))
        if not self._query.of_events:
            fits = or_(fits, reports.c.id.in_(self._statements().with_only_columns(statements.c.report)))
        if not self._query.of_events and not self._query.of_saying:
            fits = or_(fits, self._conditions.report_fits())
        return select(reports.c.id.label("report")).where(fits)

    def _statements(self) -> Select[Any]:
        joined = statements.join(reports, reports.c.id == statements.c.report)
        fits = self._conditions
        return select(statements).select_from(joined).where(fits.is_newest(statements.c.reading), fits.statement_fits())

    def claims(self) -> set[str]:
        """The claims that meet the conditions, in the reports that fit."""
        told = self._conditions.told
        query = select(told.c.id)
        if self._found is not None:
            fitting = self._with_words().cte("fitting")
            query = query.where(told.c.report.in_(select(fitting.c.report)))
        return set(self._connection.scalars(query))

    # What is shown of them

    def hits(self, ids: Sequence[str]) -> tuple[Hit, ...]:
        """What fits in these reports, in the same order."""
        rows = self._connection.execute(select(reports).where(reports.c.id.in_(ids))).mappings()
        found = {row["id"]: report_of(row) for row in rows}
        said, whole = self._said(found)
        told = self._told(ids)
        return tuple(self._hit(found[i], said[i], told[i], whole.get(i, ())) for i in ids)

    def _hit(self, report: Report, said: Sequence[Said], told: Sequence[Claim], whole: Pieces) -> Hit:
        of_statements = [claim for claim in told if any(claim.statement == one.statement.id for one in said)]
        narrow = said or not self._query.of_claims
        return Hit(report, tuple(said), tuple(of_statements if narrow else told), () if said else whole)

    def _said(self, found: Mapping[str, Report]) -> tuple[dict[str, list[Said]], dict[str, Pieces]]:
        """By report: the statements that fit, and the words of the report as a whole where that has what was asked."""
        rows = self._fitting_passages(list(found))
        texts = [_text(row, found[row.report]) for row in rows]
        shown = marked(texts, self._terms)
        said: dict[str, list[Said]] = defaultdict(list)
        whole = {}
        for row, words in zip(rows, shown, strict=True):
            if row.record is None:
                whole[row.report] = words
            else:
                said[row.report].append(Said(from_json(Statement, row.record), words))
        return said, whole

    def _fitting_passages(self, ids: Sequence[str]) -> list[_Passage]:
        if self._terms:
            p, s = passages.c, statements.c
            query = self._passages(p.report, p.reading, s.record).where(p.report.in_(ids)).order_by(p.report, p.seq)
            return [_Passage(*row) for row in self._connection.execute(query)]
        if not self._query.of_events and not self._query.of_saying:
            return []
        s = statements.c
        query = self._statements().where(s.report.in_(ids)).order_by(s.report, s.seq)
        return [_Passage(row.report, row.reading, row.record) for row in self._connection.execute(query)]

    def _told(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        # By reading, of which there is an index: a table that is asked for twenty reports need not be read through.
        own = select(readings.c.id).where(readings.c.report.in_(ids))
        query = self._conditions.claims_that_fit(claims).where(claims.c.reading.in_(own))
        by_report: dict[str, list[Claim]] = defaultdict(list)
        for row in self._connection.execute(query.order_by(claims.c.report, claims.c.seq)).mappings():
            by_report[row["report"]].append(claim_of(row))
        return by_report


def _kept(found: Select[Any]) -> CTE:
    """The passages with the words, looked for once: FTS5 can't rank inside a larger query."""
    return found.cte("found").prefix_with("MATERIALIZED")


def _text(row: _Passage, report: Report) -> str:
    return report.text if row.record is None else quoted(row.record, report.text)
