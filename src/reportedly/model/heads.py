"""The heads in numpy: the same sums as `training/network.py`, over the projections that the encoder gives.

A *pivot* is a cue or a trigger: a range of words, whose vector is the mean of its words' parts. A pivot *reaches* a
range of words around it, and each role of each reached word gets a BIO label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportedly.model.decode import Floats, Found, Ints, find_ranges, log_softmax
from reportedly.model.encoder import Encoder
from reportedly.model.shape import distance_buckets

Range = tuple[int, int]

GROUP = 16
"""Pivots that go through the role taggers together."""

FAR = 300
"""Words. No sentence that was written to be read has so many; one that hasn't must not take the machine's memory."""

TOGETHER = 1000
"""Triggers that are weighed against one another; a report of news has fifty."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A label and its probability, 0 to 1."""

    label: str
    score: float


class Heads:
    """Applies the heads' small matrices. Nothing is kept between calls."""

    def __init__(self, encoder: Encoder) -> None:
        self.shape = encoder.shape
        self.biases = encoder.settings.biases
        self._encoder = encoder
        self._w = encoder.heads

    def part(self, projections: Floats, name: str) -> Floats:
        """One named part of projections (words, width)."""
        return np.asarray(self.shape.part(projections, name))

    def tag(self, projections: Floats, sentence: Ints) -> dict[str, list[Found]]:
        """Ranges of every tagger and kind of mention, by name. `sentence` (words,) is each word's sentence."""
        names = self.shape.taggers + self.shape.mentions
        logits = np.concatenate([self.part(projections, "tags"), self.part(projections, "mentions")], 1)
        logits = logits.reshape(len(logits), len(names), 3)
        starts = _starts(sentence)
        lengths = np.diff(np.append(starts, len(sentence)))
        padded = np.zeros((len(starts), lengths.max(initial=0), len(names), 3), dtype=np.float32)
        row = np.repeat(np.arange(len(starts)), lengths)
        padded[row, np.arange(len(sentence)) - starts[row]] = logits
        flat = padded.transpose(2, 0, 1, 3).reshape(-1, padded.shape[1], 3)
        bias = np.repeat([self.biases.get(n, 0.0) for n in names], len(starts)).astype(np.float32)
        found = find_ranges(flat, np.tile(lengths, len(names)), bias=bias)
        return {
            name: [
                (b + int(s), e + int(s), p)
                for s, f in zip(starts, found[i * len(starts) :], strict=False)
                for b, e, p in f
            ]
            for i, name in enumerate(names)
        }

    def mean(self, part: Floats, ranges: list[Range]) -> Floats:
        """Mean vectors (ranges, width) of one part over each range of words; zeros for an empty range."""
        rows = [part[b:e].mean(0) if e > b else np.zeros(part.shape[1], dtype=np.float32) for b, e in ranges]
        return np.stack(rows) if rows else np.zeros((0, part.shape[1]), dtype=np.float32)

    def roles(
        self, projections: Floats, pivot: str, at: list[Range], reach: list[Range]
    ) -> list[dict[str, list[Found]]]:
        """For each pivot (`pivot` is "cue" or "trigger"), the ranges of each role among the words it reaches."""
        names = self.shape.cue_roles if pivot == "cue" else self.shape.trigger_roles
        result: list[dict[str, list[Found]]] = [{} for _ in at]
        if not at:
            return result
        means = self.mean(self.part(projections, f"{pivot}_pivot"), at)
        word = self.part(projections, f"{pivot}_word")
        lengths = np.asarray([e - b for b, e in reach])
        order = np.argsort(lengths, kind="stable")
        # Pivots of like length go together, so that little is padded.
        for group in np.array_split(order, -(-len(order) // GROUP)):
            longest = int(lengths[group].max())
            index = np.asarray([reach[i][0] for i in group])[:, None] + np.arange(longest)[None, :]
            apart = distance_buckets(index - np.asarray([at[i][0] for i in group])[:, None])
            parts = word[np.minimum(index, len(word) - 1)]
            logits = self._encoder.roles(pivot, words=parts, pivots=means[group], apart=apart, length=lengths[group])
            flat = logits.transpose(0, 2, 1, 3).reshape(-1, longest, 3)
            bias = np.tile([self.biases.get(n, 0.0) for n in names], len(group)).astype(np.float32)
            found = find_ranges(flat, np.repeat(lengths[group], len(names)), bias=bias)
            for row, i in enumerate(group):
                begin, rows = reach[i][0], found[row * len(names) : (row + 1) * len(names)]
                result[i] = {n: [(b + begin, e + begin, p) for b, e, p in f] for n, f in zip(names, rows, strict=True)}
        return result

    def classify(self, name: str, vectors: Floats) -> list[Classified]:
        """The likeliest label of each vector (…, class_hidden) by a head: status, stance or speaker_kind."""
        labels = {
            "status": self.shape.statuses,
            "stance": self.shape.stances,
            "speaker_kind": self.shape.speaker_kinds,
        }[name]
        logp = log_softmax(np.maximum(vectors, 0.0) @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"])
        return [Classified(labels[int(i)], float(np.exp(p[i]))) for p, i in zip(logp, logp.argmax(1), strict=True)]

    def kinds(self, projections: Floats, at: list[Range]) -> tuple[list[Classified], list[int | None]]:
        """The kind of each trigger of one report, in text order, and the earlier one (index) that it mentions again.

        Each is weighed against each, so of very many only those are that are near one another.
        """
        kinds: list[Classified] = []
        again: list[int | None] = []
        for begin in range(0, len(at), TOGETHER):
            some, earlier = self._kinds(projections, at[begin : begin + TOGETHER])
            kinds += some
            again += [None if i is None else i + begin for i in earlier]
        return kinds, again

    def _kinds(self, projections: Floats, at: list[Range]) -> tuple[list[Classified], list[int | None]]:
        hidden = self.mean(self.part(projections, "kind"), at)
        asks, answers = (self.mean(self.part(projections, f"context_{n}"), at) for n in ("asks", "answers"))
        seen = np.exp(log_softmax(asks @ answers.T / np.float32(asks.shape[1] ** 0.5)))
        hidden = hidden + seen @ hidden @ self._w["kind_context.weight"].T
        own = np.maximum(hidden, 0.0) @ self._w["kind.weight"].T + self._w["kind.bias"]
        asks = self.mean(self.part(projections, "again_asks"), at)
        answers = self.mean(self.part(projections, "again_answers"), at)
        position = np.asarray([b for b, _ in at])
        apart = position[None, :] - position[:, None]
        score = asks @ answers.T / np.float32(asks.shape[1] ** 0.5) + self._w["again_distance"][distance_buckets(apart)]
        score = np.where(apart < 0, score, np.float32(-1e4))
        none = np.broadcast_to(self._w["again_none"], (len(at), 1)) + np.float32(self.biases.get("again", 0.0))
        likely = np.exp(log_softmax(np.concatenate([none, score], 1)))
        logp = log_softmax(own + self._w["echo"] * (likely[:, 1:] @ own))
        kinds = [
            Classified(self.shape.kinds[int(i)], float(np.exp(p[i]))) for p, i in zip(logp, logp.argmax(1), strict=True)
        ]
        return kinds, [int(i) - 1 if i else None for i in likely.argmax(1)]


def sentence_reach(sentence: Ints, at: list[Range], *, before: int = 0, after: int = 0) -> list[Range]:
    """The words of each pivot's own sentence and of so many sentences `before` and `after` it, at most `FAR` away."""
    found = []
    for begin, end in at:
        own = int(sentence[begin])
        low = int(np.searchsorted(sentence, own - before))
        high = int(np.searchsorted(sentence, own + after, side="right"))
        found.append((max(low, begin - FAR), min(high, end + FAR)))
    return found


def _starts(sentence: Ints) -> Ints:
    """Where each sentence starts; one of more than `FAR` words starts again after so many."""
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    lengths = np.diff(np.append(starts, len(sentence)))
    if lengths.max(initial=0) <= FAR:
        return starts
    return np.concatenate([np.arange(s, s + n, FAR) for s, n in zip(starts, lengths, strict=True)])


def least(*scores: float) -> float:
    """The least of the confidences that a record rests on, to four places."""
    return round(min(scores), 4)
