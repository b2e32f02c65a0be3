"""Examples to arrays, and the network's output on them to one loss: every label's negative log-likelihood, a word."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from data import Example, Range
from network import Network, RoleTagger
from torch import Tensor
from torch.nn import functional as F

from reportedly.model.shape import B, I, O, distance_buckets
from reportedly.model.words import pack, windows

UNKNOWN, EITHER = -100, 3  # labels: teaches nothing; begin or inside, whichever
CUE_REACH = (2, 3)  # sentences before and after the cue's own in which its content may lie


@dataclass(slots=True)
class Batch:
    """Flat arrays over the words of all examples of one step; the names follow `Example`."""

    ids: list[np.ndarray] = field(default_factory=list)
    at: list[np.ndarray] = field(default_factory=list)
    tags: list[np.ndarray] = field(default_factory=list)
    mentions: list[np.ndarray] = field(default_factory=list)
    cues: Pivots = field(default_factory=lambda: Pivots())
    triggers: Pivots = field(default_factory=lambda: Pivots())
    stance: list[int] = field(default_factory=list)
    speaker_kind: list[int] = field(default_factory=list)
    sources: list[tuple[int, int]] = field(default_factory=list)
    kinds: list[tuple[int, ...]] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    again: list[tuple[int, ...] | None] = field(default_factory=list)
    document: list[int] = field(default_factory=list)
    words: int = 0


@dataclass(slots=True)
class Pivots:
    """Pivots (cues or triggers) as (pivot, word) members, and for each the words that it reaches with their labels."""

    count: int = 0
    position: list[int] = field(default_factory=list)
    members: list[tuple[int, int]] = field(default_factory=list)
    reach: list[Range] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)

    def add(self, at: Range, reach: Range, offset: int, labels: np.ndarray) -> None:
        """A pivot at the words `at` that reaches the words of `reach`; `labels` (reach, roles)."""
        self.members += [(self.count, offset + w) for w in range(*at)]
        self.position.append(offset + at[0])
        self.reach.append((offset + reach[0], offset + reach[1]))
        self.labels.append(labels)
        self.count += 1


def bio(length: int, ranges: list[Range] | None, *, start: int = 0, soft: bool = False) -> np.ndarray:
    """BIO labels of `length` words from word `start`. Soft ranges say "either", and "unknown" for the words around."""
    if ranges is None:
        return np.full(length, UNKNOWN)
    labels = np.full(length, O)
    for b, e in ranges:
        if soft:
            near = labels[max(0, b - start - 8) : max(0, e - start + 8)]
            near[near == O] = UNKNOWN
    for b, e in ranges:
        b, e = max(b - start, 0), min(e - start, length)
        if b < e:
            labels[b:e] = EITHER if soft else I
            if not soft:
                labels[b] = B
    return labels


def collate(examples: list[Example], net: Network, rng: random.Random, *, limit: int) -> Batch:
    """One batch of examples; windows of at most `limit` pieces whose edges move from one epoch to the next."""
    batch, shape, packs = Batch(), net.shape, []
    for number, x in enumerate(examples):
        ranges = list(windows(x.words, limit=limit, first_limit=rng.randint(limit // 3, limit)))
        packs.append(pack(x.words, ranges, limit=limit))
        n, sentence, offset = len(x.words), x.words.sentence, batch.words
        tags = np.stack([bio(n, x.tags.get(t)) for t in shape.taggers])
        for b, e in x.unsure:
            tags[shape.taggers.index("trigger"), b:e] = UNKNOWN
        batch.tags.append(tags)
        mentions = np.stack([bio(n, x.mentions.get(m), soft=x.soft_mentions) for m in shape.mentions])
        if x.soft_mentions:
            mentions[mentions == O] = UNKNOWN
        batch.mentions.append(mentions)
        for c in x.cues:
            s = sentence[c.at[0]]
            reach = (
                int(np.searchsorted(sentence, s - CUE_REACH[0])),
                int(np.searchsorted(sentence, s + CUE_REACH[1], side="right")),
            )
            labels = np.stack([bio(reach[1] - reach[0], c.roles.get(r), start=reach[0]) for r in shape.cue_roles], 1)
            batch.cues.add(c.at, reach, offset, labels)
            batch.stance.append(c.stance)
            batch.speaker_kind.append(c.speaker_kind)
            batch.sources += [(len(batch.stance) - 1, offset + w) for r in c.roles["source"] for w in range(*r)]
        first = len(batch.kinds)
        for t in x.triggers:
            s = sentence[t.at[0]]
            reach = (int(np.searchsorted(sentence, s)), int(np.searchsorted(sentence, s, side="right")))
            labels = np.stack(
                [bio(reach[1] - reach[0], t.roles.get(r), start=reach[0], soft=t.soft) for r in shape.trigger_roles], 1
            )
            batch.triggers.add(t.at, reach, offset, labels)
            batch.kinds.append(t.kinds)
            batch.status.append(t.status)
            batch.again.append(None if t.again is None else tuple(first + j for j in t.again))
            batch.document.append(number)
        batch.words += n
    longest = max(ids.shape[1] for ids, _ in packs)
    rows = 0
    for ids, at in packs:
        width = ids.shape[1]
        batch.ids.append(np.pad(ids, ((0, 0), (0, longest - width))))
        batch.at.append((rows + at // width) * longest + at % width)
        rows += len(ids)
    return batch


def nll(logits: Tensor, labels: Tensor) -> Tensor:
    """Summed negative log-likelihood of BIO `labels`; `EITHER` is begin or inside, and `UNKNOWN` counts nothing."""
    logp = logits.float().log_softmax(-1)
    sure = F.nll_loss(
        logp.reshape(-1, 3),
        labels.where(labels != EITHER, torch.full_like(labels, UNKNOWN)).reshape(-1),
        reduction="sum",
    )
    either = logp[..., [B, I]].logsumexp(-1)
    return sure - (either * (labels == EITHER)).sum()


def pooled(part: Tensor, members: list[tuple[int, int]], count: int) -> Tensor:
    """Means of `part` (words, width) over the member words of each of `count` pivots; zeros where there are none."""
    out = part.new_zeros(count, part.shape[1])
    if members:
        index = torch.as_tensor(np.asarray(members))
        out = out.index_add(0, index[:, 0], part[index[:, 1]])
        size = torch.bincount(index[:, 0], minlength=count).clamp(min=1)
        out = out / size[:, None]
    return out


def role_loss(tagger: RoleTagger, pivots: Pivots, word: Tensor, pivot: Tensor) -> Tensor:
    """`word`, `pivot`: the two parts of all words' projections. Pivots go through in groups of like length."""
    means, total = pooled(pivot, pivots.members, pivots.count), word.new_zeros(())
    lengths = np.asarray([e - b for b, e in pivots.reach])
    order = np.argsort(lengths, kind="stable")
    for group in np.array_split(order, max(1, len(order) // 16)):
        longest = lengths[group].max()
        index = np.asarray([pivots.reach[i][0] for i in group])[:, None] + np.arange(longest)[None, :]
        apart = distance_buckets(index - np.asarray(pivots.position)[group, None])
        labels = np.stack(
            [np.pad(pivots.labels[i], ((0, longest - lengths[i]), (0, 0)), constant_values=UNKNOWN) for i in group]
        )
        index = np.minimum(index, len(word) - 1)
        logits = tagger(
            word[torch.as_tensor(index)],
            means[torch.as_tensor(group)],
            torch.as_tensor(apart),
            torch.as_tensor(lengths[group]),
        )
        total = total + nll(logits.view(*labels.shape, 3), torch.as_tensor(labels))
    return total


def class_loss(logits: Tensor, labels: list[int]) -> Tensor:
    return F.cross_entropy(
        logits, torch.as_tensor(labels).where(torch.as_tensor(labels) >= 0, torch.tensor(UNKNOWN)), reduction="sum"
    )


def loss(net: Network, batch: Batch, *, mask: float, class_weight: float) -> tuple[Tensor, dict[str, float]]:
    """The loss a word, and its parts. `mask` is the share of pieces that are hidden from the network."""
    ids = torch.as_tensor(np.concatenate(batch.ids)).long()
    hidden = (torch.rand(ids.shape) < mask) & (ids > 102)
    x = net.words(ids.masked_fill(hidden, 103), torch.as_tensor(np.concatenate(batch.at)).long()).float()
    part, parts = net.shape.part, {}
    tags = part(x, "tags").view(len(x), -1, 3)
    parts["tags"] = nll(tags, torch.as_tensor(np.concatenate(batch.tags, 1).T))
    mentions = part(x, "mentions").view(len(x), -1, 3)
    parts["mentions"] = nll(mentions, torch.as_tensor(np.concatenate(batch.mentions, 1).T)) * 0.5
    if batch.cues.count:
        c = batch.cues
        parts["cue roles"] = role_loss(net.cue_roles, c, part(x, "cue_word"), part(x, "cue_pivot"))
        stance = pooled(part(x, "stance"), c.members, c.count)
        parts["stance"] = class_loss(net.stance(F.relu(stance)), batch.stance) * class_weight
        speaker = pooled(part(x, "speaker_cue"), c.members, c.count) + pooled(
            part(x, "speaker_source"), batch.sources, c.count
        )
        parts["speaker kind"] = class_loss(net.speaker_kind(F.relu(speaker)), batch.speaker_kind) * class_weight
    if batch.triggers.count:
        t = batch.triggers
        parts["trigger roles"] = role_loss(net.trigger_roles, t, part(x, "trigger_word"), part(x, "trigger_pivot"))
        means = pooled(x, t.members, t.count)
        kinds, again = net.kinds(means, torch.as_tensor(batch.document), torch.as_tensor(t.position))
        allowed = torch.full_like(kinds, -1e4)
        for i, k in enumerate(batch.kinds):
            allowed[i, list(k)] = 0.0
        parts["kind"] = -(kinds.log_softmax(-1) + allowed).logsumexp(-1).sum() * class_weight
        parts["status"] = class_loss(net.status(F.relu(part(means, "status"))), batch.status) * class_weight
        parts["again"] = again_loss(again, batch.again)
    return sum(parts.values(), x.new_zeros(())) / batch.words, {
        k: float(v.detach()) / batch.words for k, v in parts.items()
    }


def again_loss(again: Tensor, earlier: list[tuple[int, ...] | None]) -> Tensor:
    """Any earlier mention of the same happening is right; column 0 where there is none."""
    right = torch.full_like(again, -1e4)
    for i, e in enumerate(earlier):
        right[i, [1 + j for j in e] if e else 0 if e is not None else slice(None)] = 0.0
    return -(again.log_softmax(-1) + right).logsumexp(-1).sum()


def numbers(batch: Batch) -> dict[str, Any]:
    """Sizes of a batch, for a log."""
    return {
        "words": batch.words,
        "windows": sum(map(len, batch.ids)),
        "cues": batch.cues.count,
        "triggers": batch.triggers.count,
    }
