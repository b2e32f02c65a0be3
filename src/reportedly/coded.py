"""Coded reports: the annotation guide's JSON, read into records, written from records, and checked.

`from_coded` reads both of the guide's forms: the hand form, whose quotes are strings (`"said@@3"`), and the resolved
form of corpora and machine output, whose quotes are `[start, end]` in code points. `to_coded` writes the resolved form.
docs/reference/coded-report.md is the schema. The optional `incident` (of an event) and `origin` (of a report) join
reports with one another; they are checked here but have no place in the records of a single report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, TypeGuard, TypeVar

from reportedly.errors import CorpusError
from reportedly.ontology import Ontology, load_ontology
from reportedly.types import Candidate, Event, Figure, Link, Part, Party, Reading, Report, Span, Spans, Statement, When

Coded = dict[str, Any]
"""One coded report as `json` gives it."""

GOLD = "gold"
"""The run of a reading that names none: people made it."""

GEONAMES = "geonames:"
"""How ids of GeoNames begin in `Candidate.id`; the guide's `geonameid` is the number that follows."""

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
T = TypeVar("T")


def to_coded(report: Report, reading: Reading) -> Coded:
    """The resolved form: every quote is `[start, end]`, several pieces are a list of such pairs."""
    return {
        "id": report.id,
        "outlet": report.outlet,
        "published": _iso(report.published),
        "title": report.title,
        "lang": report.lang,
        **({"url": report.url} if report.url else {}),
        "text": report.text,
        "run": reading.run,
        "statements": [_statement(s) for s in reading.statements],
        "events": [_event(e) for e in reading.events],
        "times": [
            {"text": _pair(t.text), "type": t.timex, "value": t.value, "start": _iso(t.first), "end": _iso(t.last)}
            for t in reading.times
        ],
        "toponyms": [{**_place(t), "name": t.best.name if t.best else None} for t in reading.toponyms],
        "actors": [_actor(a) for a in reading.actors],
    }


def from_coded(obj: object, *, where: str, ontology: Ontology | None = None) -> tuple[Report, Reading]:
    """The records of a coded report in either form, entries in the file's order.

    `where` (a path, `:line`) becomes the report's `origin`. Raises `CorpusError` with the first fault of `check`.
    """
    reader = _Reader(obj, ontology or load_ontology())
    report, reading = reader.report(where), reader.reading()
    if reader.faults or report is None:
        more = f" (and {len(reader.faults) - 1} more)" if len(reader.faults) > 1 else ""
        raise CorpusError(reader.faults[0] + more, where=where, hint="`reportedly check corpus` lists every fault")
    return report, reading


def check(obj: object, *, ontology: Ontology | None = None) -> list[str]:
    """Every fault in a coded report of either form, one line each: `id: field: what is wrong`. Empty where it is sound.

    Beyond the guide's own checker it refuses an entry without an id or a mention without words, an id used twice, a
    statement that lies inside itself, and an end that is before its start.
    """
    reader = _Reader(obj, ontology or load_ontology())
    reader.report("")
    reader.reading()
    return reader.faults


def pieces(spans: Iterable[Span]) -> Spans:
    """The same code points as `spans`, in text order, pieces that share code points joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and joined[-1].touches(span):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [_pair(s) for s in spans]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _score(score: float | None) -> Coded:
    return {} if score is None else {"score": round(score, 4)}


def _statement(s: Statement) -> Coded:
    return {
        "id": s.id,
        "source": _pairs(s.source),
        "cue": _pairs(s.cue),
        "content": _pairs(s.content),
        "speaker": s.speaker,
        "side": s.side,
        "speaker_kind": s.speaker_kind,
        "told_to": _pairs(s.told_to),
        "stance": s.stance,
        "said_on": _iso(s.said_on),
        "inside": s.inside,
        **_score(s.score),
    }


def _event(e: Event) -> Coded:
    return {
        "id": e.id,
        "trigger": _pair(e.trigger),
        "kind": e.kind,
        "status": e.status,
        "agents": [{"text": _pair(p.text), "name": p.name} for p in e.agents],
        "targets": [{"text": _pair(p.text), "name": p.name} for p in e.targets],
        "places": [_place(p) for p in e.places],
        "times": _pairs(e.times),
        "start": _iso(e.first),
        "end": _iso(e.last),
        "weapons": _pairs(e.weapons),
        "toll": [_figure(f) for f in e.toll],
        "statement": e.statement,
        "same_as": e.same_as,
        **_score(e.score),
    }


def _figure(f: Figure) -> Coded:
    coded: Coded = {"effect": f.effect, "text": _pair(f.text), "low": f.low, "high": f.high, "who": f.who}
    if f.parts:
        coded["parts"] = [
            {"text": _pair(p.text), "low": p.low, "high": p.high, "who": p.who, "group": p.group} for p in f.parts
        ]
    return coded | {"running": True} if f.running else coded


def _place(link: Link) -> Coded:
    best = link.best
    number = best.id.removeprefix(GEONAMES) if best and best.id.startswith(GEONAMES) else ""
    return {
        "text": _pair(link.text),
        "name": best.name if best else link.name,
        "country": best.country if best else None,
        "geonameid": int(number) if number.isdecimal() else None,
        "lat": best.lat if best else None,
        "lon": best.lon if best else None,
        "precision": link.precision,
        "radius_km": link.radius_km,
    }


def _actor(link: Link) -> Coded:
    best = link.best
    return {
        "text": _pair(link.text),
        "name": best.name if best else link.name,
        "id": best.id if best else None,
        "kind": best.kind if best else None,
    }


class _Reader:
    """One coded report being read: what is sound becomes records, what is not becomes a line in `faults`."""

    def __init__(self, obj: object, ontology: Ontology) -> None:
        self.ontology = ontology
        self.faults: list[str] = []
        self.raw: Coded = obj if isinstance(obj, dict) else {}
        self.text: str = self.raw["text"] if isinstance(self.raw.get("text"), str) else ""
        if not isinstance(obj, dict):
            self.fault("report", "is no JSON object")

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self.raw.get('id', '?')}: {where}: {what}")

    def report(self, origin: str) -> Report | None:
        if not self.raw:
            self.fault("report", "is empty")
            return None
        if not isinstance(self.raw.get("id"), str) or not self.raw["id"]:
            self.fault("id", "missing")
        if not self.text:
            self.fault("text", "missing or empty")
        self.words("origin", self.raw.get("origin"))
        return Report(
            id=str(self.raw.get("id")),
            text=self.text,
            outlet=self.words("outlet", self.raw.get("outlet")),
            published=self.day("published", self.raw.get("published")),
            title=self.words("title", self.raw.get("title")),
            url=self.words("url", self.raw.get("url")),
            lang=self.words("lang", self.raw.get("lang")),
            origin=origin,
        )

    def reading(self) -> Reading:
        statements, events = self.entries("statements", self.raw), self.entries("events", self.raw)
        said, told = self.ids("statements", statements), self.ids("events", events)
        read = tuple(self.statement(s, said) for s in statements)
        self.refuse_circles(read)
        return Reading(
            report=str(self.raw.get("id")),
            run=self.words("run", self.raw.get("run")) or GOLD,
            statements=read,
            events=tuple(self.event(e, said, told) for e in events),
            times=self.every("times", self.when),
            toponyms=self.every("toponyms", self.place),
            actors=self.every("actors", self.actor),
        )

    def words(self, where: str, value: object) -> str | None:
        if value is None or isinstance(value, str):
            return value
        self.fault(where, f"not a string: {value!r}")
        return None

    def number(self, where: str, value: object) -> float | None:
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.fault(where, f"not a number: {value!r}")
        return None

    def day(self, where: str, value: object) -> date | None:
        if value is None:
            return None
        try:
            if isinstance(value, str) and ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(where, f"not an ISO date: {value!r}")
        return None

    def one_of(self, where: str, value: object, allowed: Collection[str]) -> str:
        if not isinstance(value, str) or value not in allowed:
            self.fault(where, f"{value!r} is none of {' '.join(allowed)}")
        return str(value)

    def entries(self, role: str, raw: Coded, where: str | None = None) -> list[Coded]:
        value = raw.get(role)
        listed = value if isinstance(value, list) else []
        if (value is not None and not isinstance(value, list)) or not all(isinstance(v, dict) for v in listed):
            self.fault(where or role, "not a list of objects")
        return [v for v in listed if isinstance(v, dict)]

    def ids(self, role: str, entries: list[Coded]) -> set[str]:
        ids = [e.get("id") for e in entries]
        if not all(isinstance(i, str) and i for i in ids):
            self.fault(role, "an entry has no id")
        known = {i for i in ids if isinstance(i, str)}
        for i in sorted(k for k in known if ids.count(k) > 1):
            self.fault(role, f"the id {i!r} is used more than once")
        return known

    def ref(self, where: str, value: object, known: set[str], what: str = "such statement") -> str | None:
        if value is None or (isinstance(value, str) and value in known):
            return value
        self.fault(where, f"no {what}: {value!r}")
        return None

    def quote(self, where: str, value: object) -> Span | None:
        """The span of one quote in either form; `None` and a fault where it is none."""
        if _is_pair(value):
            start, end = value
            if 0 <= start < end <= len(self.text):
                return Span(start, end)
            self.fault(where, f"offsets {value} lie outside the text")
        elif isinstance(value, str):
            return self.find(where, value)
        else:
            self.fault(where, f"no quote: {value!r}")
        return None

    def find(self, where: str, value: str) -> Span | None:
        """The span of a hand-written quote, `words` or `words@@n`: the n-th occurrence, as whole words if any is."""
        words, _, nth = value.partition("@@")
        starts = [m.start() for m in re.finditer(re.escape(words), self.text)] if words else []
        starts = [s for s in starts if self.is_whole(s, words)] or starts
        if not starts:
            self.fault(where, f"not in the text: {words!r}")
        elif not nth and len(starts) > 1:
            self.fault(where, f"occurs {len(starts)} times, add @@n: {words!r}")
        elif nth and not (nth.isdecimal() and 1 <= int(nth) <= len(starts)):
            self.fault(where, f"occurs only {len(starts)} times: {value!r}")
        else:
            start = starts[int(nth or 1) - 1]
            return Span(start, start + len(words))
        return None

    def is_whole(self, start: int, words: str) -> bool:
        before, after = self.text[max(start - 1, 0) : start], self.text[start + len(words) :][:1]
        return not (before.isalnum() and words[0].isalnum()) and not (after.isalnum() and words[-1].isalnum())

    def quotes(self, where: str, value: object) -> list[Span]:
        """The spans of none, one or several quotes, in the order of the file."""
        if value is None:
            return []
        listed = value if isinstance(value, list) and not _is_pair(value) else [value]
        return [q for q in (self.quote(where, v) for v in listed) if q]

    def pieces(self, where: str, value: object) -> Spans:
        """The pieces of one quote, in text order; pieces that share code points are joined."""
        return pieces(self.quotes(where, value))

    def statement(self, s: Coded, known: set[str]) -> Statement:
        w = str(s.get("id", "s?"))
        content = self.pieces(f"{w}.content", s.get("content"))
        if not content:
            self.fault(f"{w}.content", "empty")
        return Statement(
            id=w,
            source=self.pieces(f"{w}.source", s.get("source")),
            cue=self.pieces(f"{w}.cue", s.get("cue")),
            content=content,
            stance=self.one_of(f"{w}.stance", s.get("stance"), self.ontology.stances),
            speaker_kind=self.one_of(f"{w}.speaker_kind", s.get("speaker_kind"), self.ontology.speaker_kinds),
            told_to=self.pieces(f"{w}.told_to", s.get("told_to")),
            inside=self.ref(f"{w}.inside", s.get("inside"), known),
            speaker=self.words(f"{w}.speaker", s.get("speaker")),
            side=self.words(f"{w}.side", s.get("side")),
            said_on=self.day(f"{w}.said_on", s.get("said_on")),
            score=self.number(f"{w}.score", s.get("score")),
        )

    def refuse_circles(self, statements: Iterable[Statement]) -> None:
        outer = {s.id: s.inside for s in statements}
        for start in outer:
            seen, at = {start}, outer[start]
            while at is not None and at not in seen:
                seen.add(at)
                at = outer.get(at)
            if at == start:
                self.fault(f"{start}.inside", "the statement lies inside itself")

    def event(self, e: Coded, said: set[str], told: set[str]) -> Event:
        w = str(e.get("id", "e?"))
        # Where the trigger is at fault the placeholder never leaves this class, but the other faults are still found.
        trigger = self.quote(f"{w}.trigger", e.get("trigger")) or Span(0, 1)
        first, last = self.day(f"{w}.start", e.get("start")), self.day(f"{w}.end", e.get("end"))
        if first and last and last < first:
            self.fault(f"{w}.end", f"{last} is before the start, {first}")
        self.words(f"{w}.incident", e.get("incident"))
        return Event(
            id=w,
            trigger=trigger,
            kind=self.one_of(f"{w}.kind", e.get("kind"), self.ontology.kinds),
            status=self.one_of(f"{w}.status", e.get("status"), self.ontology.statuses),
            agents=self.of_event(e, "agents", self.party),
            targets=self.of_event(e, "targets", self.party),
            places=self.of_event(e, "places", self.place),
            times=tuple(self.quotes(f"{w}.times", e.get("times"))),
            weapons=tuple(self.quotes(f"{w}.weapons", e.get("weapons"))),
            toll=self.of_event(e, "toll", self.figure),
            statement=self.ref(f"{w}.statement", e.get("statement"), said),
            same_as=self.ref(f"{w}.same_as", e.get("same_as"), told - {w}, "other event"),
            first=first,
            last=last,
            score=self.number(f"{w}.score", e.get("score")),
        )

    def of_event(self, e: Coded, role: str, read: Callable[[str, Coded], T | None]) -> tuple[T, ...]:
        where = f"{e.get('id', 'e?')}.{role}"
        return _kept(read(where, entry) for entry in self.entries(role, e, where))

    def every(self, role: str, read: Callable[[str, Coded], T | None]) -> tuple[T, ...]:
        return _kept(read(role, entry) for entry in self.entries(role, self.raw))

    def party(self, where: str, p: Coded) -> Party | None:
        span = self.quote(where, p.get("text"))
        name = self.words(f"{where}.name", p.get("name"))
        return Party(span, name) if span else None

    def place(self, where: str, p: Coded) -> Link | None:
        span = self.quote(where, p.get("text"))
        name, country = self.words(f"{where}.name", p.get("name")), self.words(f"{where}.country", p.get("country"))
        number = self.number(f"{where}.geonameid", p.get("geonameid"))
        lat, lon = self.number(f"{where}.lat", p.get("lat")), self.number(f"{where}.lon", p.get("lon"))
        if span is None:
            return None
        best = None
        if name and (country or number is not None or lat is not None):
            # A place that people named has no id; it is told from others by its name and country alone.
            key = f"{GEONAMES}{number:.0f}" if number is not None else f"name:{name}"
            best = Candidate(key, name, 1.0, country=country, lat=lat, lon=lon)
        return Link(
            text=span,
            name=name or span.of(self.text),
            best=best,
            precision=self.words(f"{where}.precision", p.get("precision")),
            radius_km=self.number(f"{where}.radius_km", p.get("radius_km")),
        )

    def actor(self, where: str, a: Coded) -> Link | None:
        span = self.quote(where, a.get("text"))
        name, key = self.words(f"{where}.name", a.get("name")), self.words(f"{where}.id", a.get("id"))
        kind = self.words(f"{where}.kind", a.get("kind"))
        if span is None:
            return None
        best = Candidate(key, name, 1.0, kind=kind) if key and name else None
        return Link(text=span, name=name or span.of(self.text), best=best)

    def when(self, where: str, t: Coded) -> When | None:
        span = self.quote(where, t.get("text"))
        first, last = self.day(f"{where}.start", t.get("start")), self.day(f"{where}.end", t.get("end"))
        timex, value = self.words(f"{where}.type", t.get("type")), self.words(f"{where}.value", t.get("value"))
        return When(span, timex, value, first, last) if span else None

    def figure(self, where: str, t: Coded) -> Figure | None:
        effect = self.one_of(f"{where}.effect", t.get("effect"), self.ontology.effects)
        counted = self.counted(where, t)
        listed = self.entries("parts", t, f"{where}.parts") if t.get("parts") is not None else ()
        parts = _kept(self.part(f"{where}.parts", entry) for entry in listed)
        running = t.get("running", False)
        if not isinstance(running, bool):
            self.fault(f"{where}.running", f"{running!r} is not true or false")
        return Figure(effect, *counted, parts=parts, running=running is True) if counted else None

    def part(self, where: str, p: Coded) -> Part | None:
        counted, group = self.counted(where, p), self.words(f"{where}.group", p.get("group"))
        return Part(*counted, group=group) if counted else None

    def counted(self, where: str, t: Coded) -> tuple[Span, int, int | None, str | None] | None:
        """The quote, low, high and `who` of a toll or a part of one."""
        span = self.quote(f"{where}.text", t.get("text"))
        low, high, who = t.get("low"), t.get("high"), self.words(f"{where}.who", t.get("who"))
        if not _is_count(low) or not (high is None or (_is_count(high) and high >= low)):
            self.fault(where, f"low {low!r} and high {high!r} are no range")
            return None
        return (span, low, high, who) if span else None


def _kept(entries: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(e for e in entries if e is not None)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_pair(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, int) for v in value)
