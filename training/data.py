"""The corpora as examples: words, and labels as ranges of words. What a corpus does not annotate is `None`."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from reportedly.model.shape import EFFECTS, MENTIONS, Shape
from reportedly.model.words import Words, make_words
from reportedly.text import split_sentences
from reportedly.types import Span

DRILLS = Path(__file__).parent.parent / "corpus" / "drills.jsonl"
Range = tuple[int, int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and what hangs on it. A role that is not annotated is absent; `stance` and `speaker_kind` are -1 then."""

    at: Range
    roles: dict[str, list[Range]]
    stance: int = -1
    speaker_kind: int = -1


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger and its event. `kinds` may be several (any of them is right) or none (not known).

    `again` are the indices of the earlier triggers that mention the same happening, empty for none, `None` for not
    known. `soft` says that the ranges of the roles hold the head words but not the whole noun phrases.
    """

    at: Range
    roles: dict[str, list[Range]]
    kinds: tuple[int, ...] = ()
    status: int = -1
    again: tuple[int, ...] | None = None
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One report. `tags` and `mentions` hold ranges by tagger; absent: not annotated. `unsure` teach no trigger."""

    id: str
    corpus: str
    words: Words
    tags: dict[str, list[Range]]
    mentions: dict[str, list[Range]]
    cues: list[Cue]
    triggers: list[Trigger]
    unsure: list[Range]
    soft_mentions: bool = False


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file. Lines end at "\\n" only: U+2028 may stand inside a string."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


class Maker:
    """Makes examples of each corpus's rows; keeps the tokenizer, the shape and the label maps together."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape) -> None:
        self.tokenizer, self.shape = tokenizer, shape
        self.maps = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))

    def words(self, text: str) -> Words:
        return make_words(text, split_sentences(text), self.tokenizer)

    def coded(self, row: Row, corpus: str) -> Example:
        """A report annotated to the guide: every label."""
        words = self.words(row["text"])
        at = ranges_of(words)
        statements = [s for s in row["statements"] if at(s["cue"])]
        cues = [
            Cue(
                at(s["cue"])[0],
                {"source": at(s["source"]), "content": at(s["content"]), "told_to": at(s["told_to"])},
                self.shape.stances.index(s["stance"]),
                self.shape.speaker_kinds.index(s["speaker_kind"]),
            )
            for s in statements
        ]
        events = sorted(row["events"], key=lambda e: e["trigger"][0])
        triggers = [self._trigger(e, i, events, at) for i, e in enumerate(events)]
        mentions = {
            "actor": [r for t in triggers for role in ("agents", "targets") for r in t.roles[role]],
            "place": [r for t in triggers for r in t.roles["places"]],
            "time": [r for t in triggers for r in t.roles["times"]],
            "figure": [r for t in triggers for role in EFFECTS for r in t.roles[role]],
            "weapon": [r for t in triggers for r in t.roles["weapons"]],
        }
        tags = {
            "cue": [c.at for c in cues],
            "source": at([q for s in row["statements"] for q in s["source"] or []]),
            "content": at([q for s in row["statements"] if not s.get("inside") for q in s["content"]]),
            "trigger": [t.at for t in triggers],
        }
        return Example(row["id"], corpus, words, tags, mentions, cues, triggers, [])

    def _trigger(self, event: Row, index: int, events: list[Row], at: Callable[[Any], list[Range]]) -> Trigger:
        roles = {role: at([p["text"] for p in event[role] if p["text"]]) for role in ("agents", "targets", "places")}
        roles |= {role: at(event[role]) for role in ("times", "weapons")}
        roles |= {
            effect: at([t["text"] for t in event["toll"] if t["effect"] == effect and t["text"]]) for effect in EFFECTS
        }
        first = event["same_as"] or event["id"]
        again = tuple(j for j, e in enumerate(events[:index]) if (e["same_as"] or e["id"]) == first)
        kinds = (self.shape.kinds.index(event["kind"]),)
        return Trigger(at([event["trigger"]])[0], roles, kinds, self.shape.statuses.index(event["status"]), again)

    def polnear(self, row: Row) -> Example:
        """Attributions: source, cue, content; never nested."""
        words = self.words(row["text"])
        at = ranges_of(words)
        quotes = lambda part: [[p["start"], p["end"]] for p in part]  # noqa: E731
        cues = [
            Cue(whole(found), {"source": at(quotes(a["source"])), "content": at(quotes(a["content"]))})
            for a in row["attributions"]
            if (found := at(quotes(a["cue"])))
        ]
        tags = {
            "cue": [c.at for c in cues],
            "source": at([q for a in row["attributions"] for q in quotes(a["source"])]),
            "content": at([q for a in row["attributions"] for q in quotes(a["content"])]),
        }
        return Example(row["id"], "polnear", words, tags, {}, cues, [], [])

    def events(self, row: Row, corpus: str) -> Example:
        """WikiEvents and RAMS: triggers with their type's kinds; arguments as head words."""
        words = self.words(row["text"])
        at = ranges_of(words)
        maps = self.maps[corpus]
        triggers, unsure = [], []
        for event in row["events"] if "events" in row else [row["event"]]:
            found = at([event["trigger"]["start"], event["trigger"]["end"]])
            kinds = next(
                (k for t, k in sorted(maps["kinds"].items(), reverse=True) if event["type"].startswith(t)), None
            )
            if not found:
                continue
            if kinds is None:
                unsure += found
                continue
            roles: dict[str, list[Range]] = {role: [] for role in ("agents", "targets", "places", "weapons")}
            for arg in event["args"]:
                if arg["role"] in maps["roles"]:
                    roles[maps["roles"][arg["role"]]] += at([arg["start"], arg["end"]])
            triggers.append(Trigger(found[0], roles, tuple(self.shape.kinds.index(k) for k in kinds), soft=True))
        triggers.sort(key=lambda t: t.at)
        tags = {"trigger": [t.at for t in triggers]} if corpus == "wikievents" else {}
        return Example(row["id"], corpus, words, tags, {}, [], triggers, unsure)

    def muc4(self, row: Row) -> Example:
        """Key strings of the templates: who and what with; not all of them, so they say yes and never no."""
        words = self.words(row["text"])
        at, maps = ranges_of(words), self.maps["muc4"]["mentions"]
        mentions: dict[str, list[Range]] = {m: [] for m in set(maps.values())}
        for template in row["templates"]:
            for m in template["mentions"]:
                if m["role"] in maps:
                    mentions[maps[m["role"]]] += at([m["start"], m["end"]])
        return Example(row["id"], "muc4", words, {}, mentions, [], [], [], soft_mentions=True)

    def re3d(self, row: Row) -> Example:
        """Entities of ten types, complete."""
        words = self.words(row["text"])
        at, maps = ranges_of(words), self.maps["re3d"]["mentions"]
        mentions: dict[str, list[Range]] = {m: [] for m in MENTIONS}
        for e in row["entities"]:
            if e["type"] in maps:
                mentions[maps[e["type"]]] += at([e["start"], e["end"]])
        return Example(row["id"], "re3d", words, {}, mentions, [], [], [])


def whole(pieces: list[Range]) -> Range:
    """One range for a cue in pieces: all of it if little lies between them ("has already said"), else the first."""
    begin, end = pieces[0]
    for b, e in pieces[1:]:
        if b - end > 3:
            break
        end = e
    return begin, end


def ranges_of(words: Words) -> Callable[[Any], list[Range]]:
    """A function from quotes (`[start, end]` or a list of them, or `None`) to ranges of words; empty ones left out."""

    def at(quotes: Any) -> list[Range]:
        if not quotes:
            return []
        if isinstance(quotes[0], int):
            quotes = [quotes]
        found = [words.at(Span(*q)) for q in quotes]
        return [r for r in found if r[0] < r[1]]

    return at


# Some outlets' texts reach archives without commas, apostrophes or quotation marks; copies that have lost them teach
# the reader to do without. Each mark with the chance that a copy loses it.
_LOST = {",": 0.8, "'": 0.9, "\u2019": 0.9, '"': 0.4, "\u201c": 0.4, "\u201d": 0.4, ":": 0.3}


def without_marks(row: Row, rng: random.Random) -> Row:
    """A copy of a row whose text has lost marks of a few kinds, with every offset moved to match."""
    lost = {mark for mark, chance in _LOST.items() if rng.random() < chance}
    if "\u201c" in lost or "\u201d" in lost:
        lost |= {"\u201c", "\u201d"}
    text = row["text"]
    kept = np.fromiter((c not in lost for c in text), dtype=bool, count=len(text))
    moved = np.concatenate([[0], np.cumsum(kept)])
    shorter = "".join(c for c in text if c not in lost)

    def move(value: Any) -> Any:
        if isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value):
            return [int(moved[value[0]]), int(moved[value[1]])]
        if isinstance(value, list):
            return [move(v) for v in value]
        if isinstance(value, dict):
            if type(value.get("start")) is int:
                return value | {"start": int(moved[value["start"]]), "end": int(moved[value["end"]])}
            return {k: move(v) for k, v in value.items()}
        return value

    return {k: (shorter if k == "text" else move(v)) for k, v in row.items()}


def select(example: Example, keep: np.ndarray) -> Example:
    """The example with only the words where `keep` is true: ranges are moved, empty ones dropped."""
    moved = np.concatenate([[0], np.cumsum(keep)]).astype(np.int32)
    w = example.words
    pieces = np.repeat(keep, np.diff(w.first))
    first = np.concatenate([[0], np.cumsum(np.diff(w.first)[keep])]).astype(np.int32)
    words = Words(w.pieces[pieces], first, w.start[keep], w.end[keep], w.sentence[keep])

    def move(ranges: list[Range]) -> list[Range]:
        found = [(int(moved[b]), int(moved[e])) for b, e in ranges]
        return [r for r in found if r[0] < r[1]]

    def roles(of: dict[str, list[Range]]) -> dict[str, list[Range]]:
        return {k: move(v) for k, v in of.items()}

    stay = {i: n for n, i in enumerate(i for i, t in enumerate(example.triggers) if move([t.at]))}
    triggers = [
        replace(
            t,
            at=move([t.at])[0],
            roles=roles(t.roles),
            again=None if t.again is None else tuple(stay[j] for j in t.again if j in stay),
        )
        for i, t in enumerate(example.triggers)
        if i in stay
    ]
    cues = [replace(c, at=move([c.at])[0], roles=roles(c.roles)) for c in example.cues if move([c.at])]
    return replace(
        example,
        words=words,
        tags=roles(example.tags),
        mentions=roles(example.mentions),
        cues=cues,
        triggers=triggers,
        unsure=move(example.unsure),
    )


def cut(example: Example, most: int, rng: random.Random) -> Example:
    """A run of whole sentences of at most about `most` pieces, at random, of an example that is longer."""
    w = example.words
    if len(w.pieces) <= most:
        return example
    sentences = np.unique(w.sentence)
    begin = int(np.searchsorted(w.sentence, rng.choice(sentences)))
    begin = min(begin, int(np.searchsorted(w.first, max(0, len(w.pieces) - most))))
    end = int(np.searchsorted(w.first, w.first[begin] + most, side="right")) - 1
    keep = np.zeros(len(w), dtype=bool)
    keep[begin:end] = True
    return select(example, keep)


def load(corpora: Path, maker: Maker, rng: random.Random) -> dict[str, list[tuple[Example, ...]]]:
    """All training examples by corpus; each is a tuple of versions of one report (as it is, and without marks)."""

    def versions(rows: list[Row], make: Callable[[Row], Example], marks: bool = False) -> Iterator[tuple[Example, ...]]:
        for row in rows:
            yield (make(row), make(without_marks(row, rng)), make(without_marks(row, rng))) if marks else (make(row),)

    rows = lambda name: read_rows(corpora / name)  # noqa: E731
    relevant = lambda row: any(not t["optional"] for t in row["templates"])  # noqa: E731
    return {
        "coded": list(versions(rows("coded/train.jsonl"), lambda r: maker.coded(r, "coded"))),
        "invented": list(versions(rows("invented/train.jsonl"), lambda r: maker.coded(r, "invented"), marks=True)),
        "drills": list(versions(read_rows(DRILLS), lambda r: maker.coded(r, "drills"), marks=True)),
        "polnear": list(versions(rows("polnear/train.jsonl"), maker.polnear, marks=True)),
        "wikievents": list(versions(rows("wikievents/train.jsonl"), lambda r: maker.events(r, "wikievents"))),
        "rams": list(versions(rows("rams/dev.jsonl"), lambda r: maker.events(r, "rams"))),
        "muc4": list(versions([r for r in rows("muc4/train.jsonl") if relevant(r)], maker.muc4)),
        "re3d": list(versions(rows("re3d/train.jsonl"), maker.re3d)),
    }
