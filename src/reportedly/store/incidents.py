"""The ledger's part for incidents: what linking makes of the claims, and what people decide about it.

Judgements are appended and never edited. Incidents, their links and origins follow from claims and judgements: each
linking replaces what it made before, as far as it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, func, insert, select

from reportedly.errors import LedgerError
from reportedly.store import rows, server, tables
from reportedly.store.base import PAGE, Database, batched, chosen_readings
from reportedly.store.bulk import put
from reportedly.store.codec import require_text
from reportedly.store.conditions import listed
from reportedly.store.entries import append
from reportedly.store.facts import forget_facts, forget_facts_of, forget_judged
from reportedly.store.seals import judgement_seal
from reportedly.types import Claim, ClaimLink, Incident, Judgement, Origin, Report

ACTIONS = ("merge", "split", "accept", "reject", "undo")


class Unknown(Enum):
    """That it isn't known with what a ledger was linked, and doesn't matter."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Linking:
    """With what the ledger was last linked: a hash that names linker and weights, and how many judgements it knew."""

    linker: str
    judgements: int
    made: datetime


class ClaimDays(NamedTuple):
    """What tells when a claim's happening was, without the rest of the claim."""

    claim: str
    report: str
    first: date | None
    last: date | None
    published: date | None


class IncidentTables(Database):
    """Judgements, incidents, links and origins of a ledger."""

    def judge(self, judgement: Judgement) -> None:
        """Appends a judgement; one whose id the ledger has is left as it is. `reportedly link` follows it later.

        Raises `LedgerError` for an action that there is not, or for one without subjects.
        """
        if judgement.action not in ACTIONS or not judgement.subjects:
            what = f"{judgement.action!r} of {len(judgement.subjects)} subjects is no judgement"
            raise LedgerError(
                what, where=self.name, hint=f"an action is one of {', '.join(ACTIONS)}, and needs subjects"
            )
        row = {
            "id": judgement.id,
            "made": judgement.made,
            "by": judgement.by,
            "action": judgement.action,
            "subjects": list(judgement.subjects),
            "note": judgement.note,
        }
        for text in (judgement.id, judgement.by, judgement.note or "", *judgement.subjects):
            require_text(text, "Judgement")

        def work(connection: Connection) -> None:
            if self._insert_new(connection, tables.judgements, [row]):
                forget_judged(connection, judgement)
                seals = {"judgements": {judgement.id: judgement_seal(row)}}
                self._seal(connection, "judgement", seals, by=judgement.by, subject=judgement.id)

        self._write(work)

    def judgements(self) -> tuple[Judgement, ...]:
        """Every judgement, in the order in which they came in."""
        with self._reading() as connection:
            found = connection.execute(select(tables.judgements).order_by(tables.judgements.c.seq))
            return tuple(map(_judgement, found))

    def judgements_about(self, subjects: Iterable[str]) -> tuple[Judgement, ...]:
        """The judgements that name one of these claims or incidents, and those that undo them, in order."""
        found: dict[int, Judgement] = {}
        asked = set(subjects)
        with self._reading() as connection:
            while asked:
                rows = _judged(connection, asked)
                asked = {j.id for seq, j in rows.items() if seq not in found}
                found |= rows
        return tuple(found[seq] for seq in sorted(found))

    def judgement_page(self, *, limit: int, skip: int = 0) -> tuple[int, tuple[Judgement, ...]]:
        """How many judgements there are, and `limit` of them after the first `skip`, the newest first."""
        j = tables.judgements
        with self._reading() as connection:
            total = connection.scalar(select(func.count()).select_from(j)) or 0
            found = connection.execute(select(j).order_by(j.c.seq.desc()).limit(limit).offset(skip))
            return total, tuple(map(_judgement, found))

    def linking(self) -> Linking | None:
        """With what the ledger was last linked; None where it never was."""
        with self._reading() as connection:
            return _linking(connection)

    def incidents(self) -> Iterator[Incident]:
        """Every incident, in order of id, with its links. Empty before the ledger was linked."""
        last = ""
        t = tables.linked.c
        while True:
            query = select(t.incident).where(t.incident > last).distinct().order_by(t.incident).limit(PAGE)
            with self._reading() as connection:
                ids = [str(i) for i in connection.scalars(query)]
                found = _incidents(connection, ids)
            yield from found
            if len(ids) < PAGE:
                return
            last = ids[-1]

    def incident(self, incident_id: str) -> Incident | None:
        """The incident with this id; None where there is none."""
        with self._reading() as connection:
            return next(iter(_incidents(connection, [incident_id])), None)

    def incidents_named(self, ids: Iterable[str]) -> Iterator[Incident]:
        """The incidents with these ids, in order of id, each once; those that there are not are left out."""
        for some in batched(sorted(set(ids)), PAGE):
            with self._reading() as connection:
                found = _incidents(connection, some)
            yield from found

    def incidents_of(self, claims: Iterable[str]) -> dict[str, str]:
        """The id of the incident that each of these claims belongs to; claims of none are left out."""
        found: dict[str, str] = {}
        t = tables.linked.c
        with self._reading() as connection:
            for some in batched(claims, PAGE):
                query = select(t.claim, t.incident).where(t.claim.in_(some), t.incident.is_not(None))
                found |= {row.claim: row.incident for row in connection.execute(query)}
        return found

    def claims_named(self, ids: Iterable[str]) -> dict[str, Claim]:
        """The claims with these ids, by id; of whatever run. Ids that the ledger has not are left out."""
        found: dict[str, Claim] = {}
        with self._reading() as connection:
            for some in batched(ids, PAGE):
                query = select(tables.claims).where(tables.claims.c.id.in_(some))
                found |= {row["id"]: rows.claim_of(row) for row in connection.execute(query).mappings()}
        return found

    def claim_days(self) -> Iterator[ClaimDays]:
        """Claim, report and days of every claim of the reports' newest readings, in no certain order."""
        chosen = chosen_readings(None).subquery()
        c, r = tables.claims.c, tables.reports.c
        query = (
            select(c.id, c.report, c.first, c.last, r.published)
            .join(tables.reports, r.id == c.report)
            .where(c.reading.in_(select(chosen.c.id)))
        )
        with self._reading() as connection:
            for row in connection.execute(query):
                yield ClaimDays(*row)

    def report_days(self) -> dict[str, tuple[date | None, str]]:
        """The day and the hash of the text of every report, by id."""
        r = tables.reports.c
        with self._reading() as connection:
            found = connection.execute(select(r.id, r.published, r.text_sha256))
            return {row.id: (row.published, row.text_sha256) for row in found}

    def reports_named(self, ids: Iterable[str]) -> Iterator[Report]:
        """The reports with these ids, in order of id."""
        for some in batched(sorted(set(ids)), PAGE):
            query = select(tables.reports).where(tables.reports.c.id.in_(some)).order_by(tables.reports.c.id)
            with self._reading() as connection:
                found = [rows.report_of(row) for row in connection.execute(query).mappings()]
            yield from found

    def origins(self) -> Iterator[Origin]:
        """Every origin, in order of id: reports that are one text. A report like no other is an origin of its own."""
        t = tables.origins
        with self._reading() as connection:
            found = connection.execute(select(t).order_by(t.c.origin, t.c.seq)).all()
        for origin, group in groupby(found, key=attrgetter("origin")):
            yield Origin(origin, tuple(row.report for row in group))

    def origins_of(self, reports: Iterable[str]) -> dict[str, str]:
        """The id of the origin of each of these reports; those that were never linked are left out."""
        o = tables.origins.c
        found: dict[str, str] = {}
        with self._reading() as connection:
            for some in batched(sorted(set(reports)), PAGE):
                rows_of = connection.execute(select(tables.origins).where(o.report.in_(some)))
                found |= {row.report: row.origin for row in rows_of}
        return found

    def neighbourhoods(self) -> dict[str, str]:
        """For each claim that was linked, the neighbourhood it was weighed in: claims tied by a chain of likely links.

        Claims of two neighbourhoods can't be of one incident, so only those that new claims touch are linked anew.
        """
        t = tables.linked.c
        with self._reading() as connection:
            return {row.claim: row.neighbourhood for row in connection.execute(select(t.claim, t.neighbourhood))}

    def save_linking(
        self,
        made: Linking,
        *,
        neighbourhoods: Mapping[str, str],
        incidents: Sequence[Incident],
        origins: Sequence[Origin] | None,
        stale: Iterable[str] | None,
        knew: Linking | Unknown | None = Unknown.UNKNOWN,
    ) -> bool:
        """Replaces, in one transaction, what linking made before.

        `neighbourhoods` are those of the claims that were weighed, `incidents` what they came to. What the ledger had
        of these claims and of the `stale` ones goes; with `stale` None everything goes. `origins` replace all, None
        none. A touched neighbourhood must be given whole. `knew` is the linking that all of this started from: where
        another program has linked the ledger since, nothing is stored, and it gives back False.
        """
        touched = None if stale is None else {*stale, *neighbourhoods}

        def work(connection: Connection) -> bool:
            server.take_turn(connection, server.LINKING)
            if knew is not Unknown.UNKNOWN and _linking(connection) != knew:
                return False
            gone = _forget(connection, touched)
            put(connection, tables.linked, _members(neighbourhoods, incidents))
            put(connection, tables.links, (_link_row(i.id, link) for i in incidents for link in i.links))
            moved: list[str] = []
            if origins is not None:
                moved = _moved(connection, origins)
                connection.execute(delete(tables.origins))
                listed = ({"report": r, "origin": o.id, "seq": n} for o in origins for n, r in enumerate(o.reports))
                put(connection, tables.origins, listed)
            if knew is None:
                _forget_removed(connection)
            connection.execute(delete(tables.linking))
            connection.execute(
                insert(tables.linking).values(linker=made.linker, judgements=made.judgements, made=made.made)
            )
            _forget_facts(connection, gone, moved)
            counts = {"claims": len(neighbourhoods), "incidents": len(incidents), "all": stale is None}
            details = {"linker": made.linker, "judgements": made.judgements, **counts}
            append(connection, "link", by=self.by, details=details)
            return True

        return self._write(work)

    def count_incidents(self) -> int:
        """How many incidents there are."""
        with self._reading() as connection:
            return connection.scalar(select(func.count(tables.linked.c.incident.distinct()))) or 0


def linked_now(linker: str, judgements: int) -> Linking:
    """A `Linking` of this moment."""
    return Linking(linker, judgements, datetime.now(UTC))


def _linking(connection: Connection) -> Linking | None:
    row = connection.execute(select(tables.linking)).first()
    return Linking(row.linker, row.judgements, row.made) if row else None


def _forget_removed(connection: Connection) -> None:
    """Removes what a first linking made of claims that were purged while it was worked out.

    Of later ones purging itself sees to it that they are done again.
    """
    claims, linked, links = tables.claims.c, tables.linked, tables.links
    connection.execute(delete(linked).where(~exists().where(claims.id == linked.c.claim)))
    for side in (links.c.left, links.c.right):
        connection.execute(delete(links).where(~exists().where(claims.id == side)))
    there = exists().where(tables.reports.c.id == tables.origins.c.report)
    connection.execute(delete(tables.origins).where(~there))


def _members(neighbourhoods: Mapping[str, str], incidents: Sequence[Incident]) -> Iterator[dict[str, Any]]:
    places = {c: (i.id, n) for i in incidents for n, c in enumerate(i.claims)}
    for claim, neighbourhood in neighbourhoods.items():
        incident, seq = places.get(claim, (None, None))
        yield {"claim": claim, "neighbourhood": neighbourhood, "incident": incident, "seq": seq}


def _forget(connection: Connection, claims: set[str] | None) -> list[str] | None:
    """Removes what linking made of these claims, or of all. The incidents that are gone; None for all."""
    if claims is None:
        connection.execute(delete(tables.linked))
        connection.execute(delete(tables.links))
        return None
    t = tables.linked.c
    gone: set[str] = set()
    for some in batched(sorted(claims), PAGE):
        # Every claim of a touched incident is among `claims`: incidents lie within neighbourhoods.
        found = select(t.incident).where(t.claim.in_(some), t.incident.is_not(None)).distinct()
        theirs = list(connection.scalars(found))
        connection.execute(delete(tables.links).where(tables.links.c.incident.in_(theirs)))
        connection.execute(delete(tables.linked).where(t.claim.in_(some)))
        gone.update(theirs)
    return sorted(gone)


def _moved(connection: Connection, origins: Sequence[Origin]) -> list[str]:
    """The reports whose origin is another now."""
    before = {r.report: r.origin for r in connection.execute(select(tables.origins.c.report, tables.origins.c.origin))}
    return sorted(r for o in origins for r in o.reports if before.get(r, o.id) != o.id)


def _forget_facts(connection: Connection, gone: list[str] | None, moved: list[str]) -> None:
    """Removes the facts of incidents that are `gone`, and of those that tell of `moved` reports: facts count origins.

    It comes last, for whoever judges waits for it.
    """
    forget_facts(connection, gone)
    c = tables.claims.c
    for some in batched(moved, PAGE):
        forget_facts_of(connection, select(c.id).where(c.report.in_(some)))


def _judged(connection: Connection, subjects: set[str]) -> dict[int, Judgement]:
    """The judgements that name one of `subjects`, by their place."""
    j = tables.judgements
    dialect = connection.dialect.name
    of = func.json_each(j.c.subjects) if dialect == "sqlite" else func.json_array_elements_text(j.c.subjects)
    named = of.table_valued("value").alias("named")
    query = select(j).where(exists(select(1).select_from(named).where(named.c.value.in_(listed(subjects, dialect)))))
    return {row.seq: _judgement(row) for row in connection.execute(query)}


def _judgement(row: Any) -> Judgement:
    return Judgement(row.id, row.made, row.by, row.action, tuple(str(s) for s in row.subjects), row.note)


def _incidents(connection: Connection, ids: Sequence[str]) -> list[Incident]:
    t, k = tables.linked.c, tables.links.c
    members = connection.execute(select(t.incident, t.claim).where(t.incident.in_(ids)).order_by(t.incident, t.seq))
    claims = {i: tuple(row.claim for row in group) for i, group in groupby(members, key=attrgetter("incident"))}
    found = connection.execute(select(tables.links).where(k.incident.in_(ids)).order_by(k.incident, k.left, k.right))
    links = {i: tuple(_link_of(row) for row in group) for i, group in groupby(found, key=attrgetter("incident"))}
    return [Incident(i, claims[i], links.get(i, ())) for i in sorted(claims)]


def _link_row(incident: str, link: ClaimLink) -> dict[str, Any]:
    return {
        "left": link.left,
        "right": link.right,
        "incident": incident,
        "score": link.score,
        "features": [list(f) for f in link.features],
        "reason": link.reason,
        "judgement": link.judgement,
    }


def _link_of(row: Any) -> ClaimLink:
    features = tuple((str(name), float(value)) for name, value in row.features)
    return ClaimLink(row.left, row.right, row.score, features, row.reason, row.judgement)
