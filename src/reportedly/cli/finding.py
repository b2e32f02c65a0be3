"""The job behind `reportedly find`: names to what the ledger knows them as, and what is found onto the screen."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from reportedly.cli.screen import WIDEST, console, many, plain, public_name, say, unicode_ready, visible
from reportedly.errors import LedgerError, SettingsError
from reportedly.types import Claim, Report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from reportedly.store import Ledger
    from reportedly.store.conditions import Near, Query
    from reportedly.store.search import Found, Hit, Said
    from reportedly.store.words import Pieces

_POINT = re.compile(r"\s*(?P<lat>[+-]?\d+(?:\.\d+)?)\s*[,;/ ]\s*(?P<lon>[+-]?\d+(?:\.\d+)?)\s*")
_CLAIMS = 4
"""Claims shown a statement; the others are counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asks for, in the user's words."""

    words: str = ""
    first: date | None = None
    last: date | None = None
    near: str | None = None
    within: float = 25.0
    kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    speaker: str | None = None
    stances: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


def run_find(ledger: str, asked: Asked, *, limit: int, as_json: bool) -> None:
    """Find, and print. Raises `SettingsError` for what is asked wrongly."""
    from reportedly.store import Ledger

    with Ledger.open(ledger, create=False) as store:
        query, notes = read_query(asked)
        if asked.verdicts:
            query = with_verdicts(store, query, asked.verdicts, ledger)
        found = store.find(query, limit=limit)
    for note in notes:
        say(note)
    if as_json:
        sys.stdout.buffer.write(json.dumps(to_json(found), ensure_ascii=False).encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    else:
        print_found(found, ledger, console())


def read_query(asked: Asked) -> tuple[Query, list[str]]:
    """The query, and what the user should know of how the names were taken."""
    from reportedly.ontology import load_ontology
    from reportedly.store.conditions import Query

    ontology = load_ontology()
    if asked.first and asked.last and asked.first > asked.last:
        raise SettingsError("--from is after --to", where=f"{asked.first} and {asked.last}", hint="swap them")
    notes: list[str] = []
    near = read_place(asked.near, asked.within, notes) if asked.near is not None else None
    query = Query(
        words=asked.words,
        first=asked.first,
        last=asked.last,
        near=near,
        kinds=_labels(asked.kinds, ontology.kinds, "--kind"),
        actors=read_actors(asked.actors, notes),
        speaker=asked.speaker,
        stances=_labels(asked.stances, ontology.stances, "--stance"),
    )
    return query, notes


def with_verdicts(store: Ledger, query: Query, verdicts: Sequence[str], ledger: str) -> Query:
    """`query` with the claims of incidents that have a fact with one of these verdicts for a further condition.

    Raises `SettingsError` for what is no verdict, `LedgerError` where the ledger was never linked.
    """
    from reportedly.desk.agreeing import claims_with_verdict
    from reportedly.link.agreement import VERDICTS

    wanted = _labels(verdicts, VERDICTS, "--verdict")
    if store.linking() is None:
        where = public_name(ledger)
        raise LedgerError("was never linked", where=where, hint=f"reportedly link {where} makes its incidents")
    return replace(query, claims=claims_with_verdict(store, store.claims_meeting(query), wanted))


def _labels(given: Sequence[str], known: Iterable[str], option: str) -> tuple[str, ...]:
    """Labels of the ontology, however blanks and case are written. Raises `SettingsError` for one that there is not."""
    from difflib import get_close_matches

    labels = list(known)
    found = []
    for word in given:
        label = re.sub(r"[\s-]+", "_", word.strip().lower())
        if label not in labels:
            near = get_close_matches(label, labels, n=3, cutoff=0.5) or labels
            raise SettingsError(f"there is no {word!r}", where=option, hint=f"e.g. {', '.join(near)}")
        found.append(label)
    return tuple(found)


def read_place(words: str, km: float, notes: list[str]) -> Near:
    """The circle round a place, by name or as "LAT,LON". Raises `SettingsError` where that is no place with a point."""
    from reportedly.resolve.authority import PlaceIndex
    from reportedly.resolve.places import PlaceResolver
    from reportedly.resolve.states import load_states
    from reportedly.resolve.words import load_words
    from reportedly.store.conditions import Near
    from reportedly.types import Span

    if point := _POINT.fullmatch(words):
        lat, lon = float(point["lat"]), float(point["lon"])
        if abs(lat) > 90 or abs(lon) > 180:
            raise SettingsError("is no point on the globe", where=f"--near {words}", hint="latitude first: 12.7,30.65")
        return Near(lat, lon, km)
    if not words.strip():
        raise SettingsError("names no place", where="--near", hint='e.g. --near "Tripoli, Lebanon"')
    whole = Span(0, len(words))
    link = PlaceResolver(PlaceIndex(), load_states(), load_words()).resolve(words, [whole])[whole]
    best = link.best
    if best is None or best.lat is None or best.lon is None:
        hint = "write it otherwise, or give LAT,LON"
        raise SettingsError("the gazetteer has no such place", where=f"--near {words}", hint=hint)
    if link.precision == "country":
        hint = "a country has no one point: name a town, or give LAT,LON"
        raise SettingsError("is a whole country", where=f"--near {words}", hint=hint)
    others = [f"{r.name} ({r.country})" for r in link.rivals if r.country and r.country != best.country]
    also = f"; not {', '.join(dict.fromkeys(others))}" if others else ""
    notes.append(f"Within {km:g} km of {best.name} ({best.country}, {best.lat:.3f}, {best.lon:.3f}){also}.")
    return Near(best.lat, best.lon, km)


def read_actors(given: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    """Every name that an actor and its parts go by; one that no table knows stands for itself alone."""
    if not given:
        return ()
    from reportedly.resolve.actors import ActorTable
    from reportedly.resolve.states import load_states
    from reportedly.resolve.words import load_words

    table = ActorTable(load_states(), load_words())
    names: list[str] = []
    for word in given:
        known = {name for candidate in table.lookup(word) for name in table.names_under(candidate.id)}
        names += sorted({word, *known})
        if len(known) > 1:
            notes.append(f"{word} with its parts: {many(len(known), 'name')}.")
        elif not known:
            notes.append(f"{word} is no known actor; only that very name is looked for.")
    return tuple(dict.fromkeys(names))


# The screen


def print_found(found: Found, ledger: str, out: Console) -> None:
    """Every hit: the report, who says what in it, and what happened by it."""
    from rich.padding import Padding

    from reportedly.cli.marks import ASCII, FULL

    signs = FULL if unicode_ready(out.encoding) else ASCII
    width = min(out.width, WIDEST)
    for hit in found.hits:
        out.print(_head(hit.report, signs.dot), width=width)
        if hit.words:
            out.print(Padding(_shown(hit.words), (0, 0, 0, 2)), width=width)
        for said in hit.statements:
            out.print(Padding(_said_line(said, signs.dash), (0, 0, 0, 2)), width=width)
            _print_claims([c for c in hit.claims if c.statement == said.statement.id], out, width)
        shown = {said.statement.id for said in hit.statements}
        _print_claims([c for c in hit.claims if c.statement not in shown], out, width, tellers=True)
        out.print()
    out.print(plain(_summary(found, ledger), style="dim"), width=width)


def _head(report: Report, dot: str) -> Text:
    from reportedly.digest.wording import day_words

    head = plain(report.title or " ".join(report.text.split()[:10]), style="bold")
    facts = [report.outlet, day_words(report.published) if report.published else None, report.id]
    return head.append("\n").append_text(plain(f" {dot} ".join(fact for fact in facts if fact), style="dim"))


def _said_line(said: Said, dash: str) -> Text:
    from reportedly.digest.wording import day_words, third_person

    statement = said.statement
    line = plain(statement.speaker or "somebody not named", style="bold cyan")
    described = [statement.side if statement.side != statement.speaker else None]
    described += [statement.speaker_kind.replace("_", " ") if statement.speaker_kind != "unknown" else None]
    known = ", ".join(word for word in described if word)
    line.append_text(plain(f" ({known})" if known else ""))
    line.append_text(plain(f" {dash} {third_person(statement.stance)}", style="italic"))
    line.append_text(plain(f", {day_words(statement.said_on)}" if statement.said_on else ""))
    return line.append("\n").append_text(_shown(said.words))


def _shown(words: Pieces) -> Text:
    """The pieces on one line, what was looked for in bold."""
    from rich.text import Text

    line = Text()
    for piece, mark in words:
        line.append(visible(piece).replace("\n", " "), "bold yellow" if mark else "")
    return line


def _print_claims(claims: Sequence[Claim], out: Console, width: int, *, tellers: bool = False) -> None:
    from rich.padding import Padding

    from reportedly.digest.wording import event_words

    for claim in claims[:_CLAIMS]:
        line = plain(event_words(claim), style="red")
        if tellers:
            line.append_text(plain(f"  by {claim.speaker or claim.outlet or 'nobody named'}", style="dim"))
        out.print(Padding(line, (0, 0, 0, 4)), width=width)
    if len(claims) > _CLAIMS:
        out.print(Padding(plain(f"and {many(len(claims) - _CLAIMS, 'more claim')}", style="dim"), (0, 0, 0, 4)))


def _summary(found: Found, ledger: str) -> str:
    name = public_name(ledger)
    if not found.hits:
        return "Nothing in the ledger meets this."
    first = found.hits[0].report.id
    more = f" of {found.total:,}; --limit shows more" if found.total > len(found.hits) else ""
    return f"{many(len(found.hits), 'report')}{more}. The first in full: reportedly show {name} {first}"


# JSON


def to_json(found: Found) -> dict[str, Any]:
    """What is found as JSON data; docs/how-to/find.md describes it."""
    return {"total": found.total, "hits": [_hit_json(hit) for hit in found.hits]}


def _hit_json(hit: Hit) -> dict[str, Any]:
    report = hit.report
    day = report.published.isoformat() if report.published else None
    return {
        "report": report.id,
        "title": report.title,
        "outlet": report.outlet,
        "published": day,
        "url": report.url,
        "words": _pieces_json(hit.words),
        "statements": [_said_json(said) for said in hit.statements],
        "claims": [_plain_json(asdict(claim)) for claim in hit.claims],
    }


def _said_json(said: Said) -> dict[str, Any]:
    return {**_plain_json(asdict(said.statement)), "words": _pieces_json(said.words)}


def _pieces_json(words: Pieces) -> list[dict[str, Any]]:
    return [{"text": piece, "marked": mark} for piece, mark in words]


def _plain_json(value: Any) -> Any:
    """Spans as `[start, end]`, days in ISO form."""
    if isinstance(value, dict):
        if value.keys() == {"start", "end"}:
            return [value["start"], value["end"]]
        return {key: _plain_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
