"""Corpora of events and mentions with labels of their own: WikiEvents, RAMS, MUC-4, re3d.

Their annotators were not asked for what the guide asks for: only some kinds are marked (RAMS: one event a text), and a
MUC-4 key names once each act that its makers call terrorist. What the reader finds beyond that can't be judged, so
these scores are recall; re3d alone marks every mention of its types. `events.toml` says which labels correspond; others
are not scored.

trigger        one-to-one; triggers touch
kind           of the triggers found, the kind is one of those that the label may be
argument       of all gold arguments of those events: the event found has a mention in the same role that touches it
slot filler    MUC-4: any of the filler's mentions touches a mention in that role of any event
confidence     MUC-4: of the organisations that a key blames, ours is one of the answers that the key allows
mention        re3d: one-to-one, Jaccard of code points >= .5; adjectives, and places inside our actors, left out
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from reportedly.evaluate.corpora.blame import Blamed, acts, blamed, confidence
from reportedly.evaluate.corpus import Result, read_lines, report_from, span_from
from reportedly.evaluate.metrics import Tally, at_least_half, jaccard, pair, touch
from reportedly.resolve.states import load_states
from reportedly.types import Event, Reading, Report, Span, Spans


@dataclass(frozen=True, slots=True)
class Happening:
    """A gold event: the kinds that its label may be, and its arguments as (role, mention)."""

    trigger: Span
    kinds: tuple[str, ...]
    arguments: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Triggers:
    """WikiEvents and RAMS: `NAME/SPLIT.jsonl`, with `events` or one `event` a line.

    `dev` names the file that serves as dev where the reader learnt from the corpus's own.
    """

    name: str
    dev: str = "dev"

    def items(self, folder: Path, split: str) -> list[tuple[Report, tuple[Happening, ...]]]:
        """The texts that have events whose type is listed, with those events."""
        kinds, roles = labels(self.name, "kinds"), labels(self.name, "roles")
        items = []
        for where, obj in read_lines(folder / self.name / f"{self.dev if split == 'dev' else split}.jsonl"):
            events = obj["events"] if "events" in obj else [obj["event"]]
            listed = tuple(h for h in (_happening(e, kinds, roles) for e in events) if h)
            if listed:
                items.append((report_from(obj, where), listed))
        return items

    def score(self, pairs: Sequence[tuple[tuple[Happening, ...], Reading]]) -> Result:
        """Recall of triggers and arguments; accuracy of kinds."""
        tally = Tally()
        for gold, reading in pairs:
            found = pair(gold, reading.events, lambda g, p: jaccard((g.trigger,), (p.trigger,)))
            tally.recall("trigger", len(found), len(gold))
            tally.accuracy("kind", *(p.kind in g.kinds for g, p in found))
            n_right = sum(touch((span,), mentions(p, role)) for g, p in found for role, span in g.arguments)
            tally.recall("argument", n_right, sum(len(g.arguments) for g in gold))
        return Result(tally.scores())


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one text: slot fillers as (role, all mentions), each once, and the organisations blamed."""

    fillers: frozenset[tuple[str, Spans]]
    blamed: tuple[Blamed, ...]


@dataclass(frozen=True, slots=True)
class Muc4:
    """`muc4/SPLIT.jsonl`."""

    name: str = "muc4"

    def items(self, folder: Path, split: str) -> list[tuple[Report, Keys]]:
        """The texts that tell of what the key calls a terrorist act."""
        roles = labels(self.name, "roles")
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            fillers: dict[tuple[int, str, int], list[Span]] = {}
            keys = [t for t in obj["templates"] if not t["optional"]]
            for number, template in enumerate(keys):
                for m in template["mentions"]:
                    fillers.setdefault((number, m["role"], m["fill"]), []).append(span_from(m))
            gold = frozenset((roles[role], tuple(sorted(spans))) for (_, role, _), spans in fillers.items())
            if gold:
                items.append((report_from(obj, where), Keys(gold, tuple(b for t in keys for b in blamed(t)))))
        return items

    def score(self, pairs: Sequence[tuple[Keys, Reading]]) -> Result:
        """Recall of fillers by role; accuracy of the confidence with which an organisation is blamed."""
        tally = Tally()
        for gold, reading in pairs:
            for role in ("agents", "targets", "weapons"):
                named = tuple(m for e in reading.events for m in mentions(e, role))
                fillers = [spans for r, spans in gold.fillers if r == role]
                tally.recall(f"slot filler: {role}", sum(touch(spans, named) for spans in fillers), len(fillers))
            answers = [(b, confidence(b, reading)) for b in gold.blamed]
            tally.accuracy("confidence", *(answer in b.answers for b, answer in answers))
            tally.accuracy("confidence, where blamed", *(a in b.answers for b, a in answers if acts(b, reading)))
        return Result(tally.scores())


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence of re3d with its mentions as (what they are, span)."""

    text: str
    mentions: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class Re3d:
    """`re3d/SPLIT.jsonl`, one sentence a line."""

    name: str = "re3d"

    def items(self, folder: Path, split: str) -> list[tuple[Report, Marked]]:
        """Every sentence."""
        types = labels(self.name, "mentions")
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            report = report_from(obj, where)
            listed = tuple((types[e["type"]], span_from(e)) for e in obj["entities"] if e["type"] in types)
            items.append((report, Marked(report.text, listed)))
        return items

    def score(self, pairs: Sequence[tuple[Marked, Reading]]) -> Result:
        """F1 of mentions by what they are.

        Adjectives ("Syrian") are nationalities in re3d, and a place inside the name of an organisation is no mention of
        its own, so ours of these kinds are left out.
        """
        tally, states = Tally(), load_states()
        for gold, reading in pairs:
            actors = tuple(a.text for a in reading.actors)
            places = [t.text for t in reading.toponyms if not any(t.text.touches(actor) for actor in actors)]
            found = {
                "places": [p for p in places if p.of(gold.text).lower() not in states.by_adjective],
                "times": [t.text for t in reading.times],
                "actors": list(actors),
            }
            for what, predicted in found.items():
                spans = [span for w, span in gold.mentions if w == what]
                right = pair(spans, predicted, lambda g, p: at_least_half((g,), (p,)))
                tally.f1(f"mention: {what}", len(right), len(spans), len(predicted))
        return Result(tally.scores())


def labels(corpus: str, what: str) -> dict[str, Any]:
    """A table of `events.toml`."""
    raw = resources.files("reportedly.evaluate.corpora").joinpath("events.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(raw)[corpus][what]
    return table


def mentions(event: Event, role: str) -> Spans:
    """The mentions in a role: agents, targets, places or weapons."""
    if role == "weapons":
        return event.weapons
    if role == "places":
        return tuple(p.text for p in event.places)
    return tuple(p.text for p in (event.agents if role == "agents" else event.targets))


def _happening(event: dict[str, Any], kinds: dict[str, Any], roles: dict[str, Any]) -> Happening | None:
    prefix = max((k for k in kinds if event["type"].startswith(k)), key=len, default=None)
    if prefix is None:
        return None
    arguments = tuple((roles[a["role"]], span_from(a)) for a in event["args"] if a["role"] in roles)
    return Happening(span_from(event["trigger"]), tuple(kinds[prefix]), arguments)


WIKIEVENTS = Triggers("wikievents")
RAMS = Triggers("rams", dev="test")
MUC4 = Muc4()
RE3D = Re3d()
