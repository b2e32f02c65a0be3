"""Scores of readings against coded reports: statements, events, arguments, and whole records.

statement   one-to-one; contents overlap (Jaccard of code points >= .5), cues touch, sources touch (or both have none)
trigger     one-to-one; triggers touch
event       one-to-one; triggers touch and the kind is the same
argument    of any event, matched or not: same role, event matched, mention Jaccard >= .5
record      a matched event whose status and statement are right, in which each role that gold fills (agents, targets,
            places, toll) holds at least one right entry, and no role that gold leaves empty is filled
Accuracies are over matched pairs; relay, said_on, toll and date are F1 over all. A teller that was matched to no gold
statement counts as the report's own voice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from reportedly.evaluate.metrics import Miss, Tally, at_least_half, jaccard, pair, touch
from reportedly.types import Event, Link, Party, Reading, Statement

ROLES = ("agents", "targets", "places")
QUOTATION_MARKS = tuple("\"“”„«»‘’'")
EMPTY_WORDS = frozenset({"the", "of", "a", "an", "unnamed"})


def score_readings(triples: Iterable[tuple[str, Reading, Reading]], tally: Tally) -> list[Miss]:
    """Adds each (text, gold reading, predicted reading) to `tally`; returns what was missed.

    The text is needed to tell in the misses whether a statement is quoted.
    """
    misses: list[Miss] = []
    for text, gold, predicted in triples:
        said = _score_statements(text, gold, predicted, tally=tally, misses=misses)
        _score_events(gold, predicted, tally, said=said, misses=misses)
    return misses


def same_name(a: str | None, b: str | None) -> bool:
    """Whether at least half of the words of the two names are shared (case, order and empty words don't count)."""
    x, y = _name_key(a), _name_key(b)
    return x == y or bool(x and y and len(x & y) / len(x | y) >= 0.5)


def _name_key(name: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (name or "").lower())) - EMPTY_WORDS


def _alike(g: Statement, p: Statement) -> float:
    content = jaccard(g.content, p.content)
    return content if content >= 0.5 and touch(g.cue, p.cue) and touch(g.source, p.source) else 0.0


def _score_statements(
    text: str, gold: Reading, predicted: Reading, *, tally: Tally, misses: list[Miss]
) -> dict[str, str]:
    """Adds the statements; returns the gold id of each predicted one that was matched."""
    gs, ps = gold.statements, predicted.statements
    pairs = pair(gs, ps, _alike)
    contents = pair(gs, ps, lambda g, p: at_least_half(g.content, p.content))
    tally.f1("statement", len(pairs), len(gs), len(ps))
    tally.f1("statement (content only)", len(contents), len(gs), len(ps))
    for what in ("speaker", "side", "speaker_kind", "stance"):
        tally.accuracy(what)
    for g, p in pairs:
        tally.accuracy("speaker", same_name(g.speaker, p.speaker))
        tally.accuracy("side", same_name(g.side, p.side))
        for what in ("speaker_kind", "stance"):
            expected, got = getattr(g, what), getattr(p, what)
            tally.accuracy(what, expected == got)
            misses += [Miss(gold.report, g.id, what, expected, got)] if expected != got else []
    relays = sum(bool(g.told_to and p.told_to) and touch(g.told_to, p.told_to) for g, p in pairs)
    tally.f1("relay", relays, sum(bool(g.told_to) for g in gs), sum(bool(p.told_to) for p in ps))
    dated = sum(g.said_on is not None and g.said_on == p.said_on for g, p in pairs)
    tally.f1("said_on", dated, sum(g.said_on is not None for g in gs), sum(p.said_on is not None for p in ps))
    found, used = {g.id for g, _ in pairs}, {p.id for _, p in pairs}
    near = {g.id: p for g, p in contents}
    for g in (g for g in gs if g.id not in found):
        misses.append(Miss(gold.report, g.id, "statement", _shape(g, text), _what_differs(g, near.get(g.id))))
    misses += [Miss(gold.report, p.id, "statement", None, _shape(p, text)) for p in ps if p.id not in used]
    return {p.id: g.id for g, p in pairs}


def _what_differs(g: Statement, p: Statement | None) -> str | None:
    """Why a predicted statement with the right content isn't the gold one; `None` where there is none."""
    if p is None:
        return None
    wrong = [what for what, a, b in (("cue", g.cue, p.cue), ("source", g.source, p.source)) if not touch(a, b)]
    return f"other {' and '.join(wrong)}" if wrong else "paired with another"


def _shape(s: Statement, text: str) -> str:
    """What makes a statement easy or hard to find."""
    quoted = s.content[0].of(text).startswith(QUOTATION_MARKS)
    marks = [("nested", s.inside), ("pieces", len(s.content) > 1), ("no source", not s.source), ("no cue", not s.cue)]
    return ", ".join(["quoted" if quoted else "indirect", *(word for word, is_so in marks if is_so)])


def _mentions(e: Event, role: str) -> tuple[Party | Link, ...]:
    if role == "places":
        return e.places
    return e.agents if role == "agents" else e.targets


def _right_mentions(g: Event, p: Event, role: str) -> int:
    return len(pair(_mentions(g, role), _mentions(p, role), lambda a, b: at_least_half((a.text,), (b.text,))))


def _tolls(e: Event) -> Counter[tuple[str, int, int | None]]:
    return Counter((f.effect, f.low, f.high) for f in e.toll)


def _score_events(gold: Reading, predicted: Reading, tally: Tally, *, said: dict[str, str], misses: list[Miss]) -> None:
    gs, ps = gold.events, predicted.events
    triggers = pair(gs, ps, lambda g, p: jaccard((g.trigger,), (p.trigger,)))
    pairs = pair(gs, ps, lambda g, p: jaccard((g.trigger,), (p.trigger,)) if g.kind == p.kind else 0.0)
    tally.f1("trigger", len(triggers), len(gs), len(ps))
    tally.f1("event", len(pairs), len(gs), len(ps))
    for what in ("status", "told by"):
        tally.accuracy(what)
    records = 0
    for g, p in pairs:
        records += _score_pair(gold.report, g, p, tally=tally, said=said, misses=misses)
    for role in ROLES:
        n_gold, n_predicted = (sum(len(_mentions(e, role)) for e in events) for events in (gs, ps))
        tally.f1("argument", 0, n_gold, n_predicted)
        tally.f1(f"argument: {role}", 0, n_gold, n_predicted)
    tally.f1("toll", 0, sum(len(e.toll) for e in gs), sum(len(e.toll) for e in ps))
    tally.f1("date", 0, sum(e.first is not None for e in gs), sum(e.first is not None for e in ps))
    tally.f1("record", records, len(gs), len(ps))
    found, used = {g.id for g, _ in pairs}, {p.id for _, p in pairs}
    other = {g.id: p.kind for g, p in triggers}
    misses += [Miss(gold.report, g.id, "event", g.kind, other.get(g.id)) for g in gs if g.id not in found]
    named = {p.id for _, p in triggers} | used
    misses += [Miss(gold.report, p.id, "event", None, p.kind) for p in ps if p.id not in named]


def _score_pair(report: str, g: Event, p: Event, *, tally: Tally, said: dict[str, str], misses: list[Miss]) -> bool:
    """Adds what a matched pair of events has right; returns whether the whole record is right."""
    spoken = said.get(p.statement) == g.statement if p.statement else g.statement is None
    tally.accuracy("status", g.status == p.status)
    tally.accuracy("told by", spoken)
    if g.status != p.status:
        misses.append(Miss(report, g.id, "status", g.status, p.status))
    if not spoken:
        misses.append(Miss(report, g.id, "told by", _teller(g), _teller(p)))
    whole = spoken and g.status == p.status
    for role in ROLES:
        right = _right_mentions(g, p, role)
        tally.f1("argument", right, 0, 0)
        tally.f1(f"argument: {role}", right, 0, 0)
        n_gold, n_predicted = len(_mentions(g, role)), len(_mentions(p, role))
        whole &= bool(right) if n_gold else not n_predicted
        misses += [Miss(report, g.id, role, role, None)] * (n_gold - right)
        misses += [Miss(report, g.id, role, None, role)] * (n_predicted - right)
    tolls = (_tolls(g) & _tolls(p)).total()
    tally.f1("toll", tolls, 0, 0)
    whole &= bool(tolls) if g.toll else not p.toll
    misses += [Miss(report, g.id, "toll", effect, None) for effect, _, _ in (_tolls(g) - _tolls(p)).elements()]
    misses += [Miss(report, g.id, "toll", None, effect) for effect, _, _ in (_tolls(p) - _tolls(g)).elements()]
    same_days = (g.first, g.last) == (p.first, p.last)
    tally.f1("date", int(g.first is not None and same_days), 0, 0)
    if not same_days:
        misses.append(Miss(report, g.id, "date", _dated(g), _dated(p)))
    return whole


def _teller(e: Event) -> str:
    return "a statement" if e.statement else "the report"


def _dated(e: Event) -> str | None:
    if e.first is None:
        return None
    return "a day" if e.first == e.last else "several days"
