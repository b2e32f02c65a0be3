"""The network: one BERT-shaped encoder, one projection of its word vectors, and small heads over the projections.

Everything that the run time needs per word is one matrix product (`project`), so the ONNX graph ends there; the heads
over cues and triggers are a few small matrices that `reportedly.model.heads` applies in numpy, the same sums as here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reportedly.model.shape import N_DISTANCES, Shape, distance_buckets


class Layer(nn.Module):
    """One post-norm transformer layer, as BERT has it."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, t, w = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.dropout(self.out(a.transpose(1, 2).reshape(b, t, w))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Piece ids (windows, pieces) to vectors (windows, pieces, width); id 0 pads."""

    def __init__(
        self,
        *,
        vocabulary: int = 30522,
        width: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        positions: int = 512,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(positions, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(width, heads, inner, dropout) for _ in range(layers))

    def forward(self, ids: Tensor) -> Tensor:
        mask = (ids == 0)[:, None, None, :].float() * -1e4
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))[None]
        x = self.dropout(self.norm(x))
        mask = mask.to(x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_minilm(self, weights: dict[str, Tensor]) -> None:
        """Takes the weights of all-MiniLM-L6-v2 under their Hugging Face names."""
        w = {k.removeprefix("bert."): v.float() for k, v in weights.items()}
        own = {
            "words.weight": w["embeddings.word_embeddings.weight"],
            "positions.weight": w["embeddings.position_embeddings.weight"]
            + w["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": w["embeddings.LayerNorm.weight"],
            "norm.bias": w["embeddings.LayerNorm.bias"],
        }
        for i in range(len(self.layers)):
            for kind in ("weight", "bias"):
                at = f"encoder.layer.{i}."
                parts = [w[f"{at}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
                own[f"layers.{i}.qkv.{kind}"] = torch.cat(parts)
                own[f"layers.{i}.out.{kind}"] = w[f"{at}attention.output.dense.{kind}"]
                own[f"layers.{i}.norm1.{kind}"] = w[f"{at}attention.output.LayerNorm.{kind}"]
                own[f"layers.{i}.up.{kind}"] = w[f"{at}intermediate.dense.{kind}"]
                own[f"layers.{i}.down.{kind}"] = w[f"{at}output.dense.{kind}"]
                own[f"layers.{i}.norm2.{kind}"] = w[f"{at}output.LayerNorm.{kind}"]
        self.load_state_dict(own)


class RoleTagger(nn.Module):
    """BIO labels of each role for the words that a pivot reaches: a pivot is a cue or a trigger, a mean over its words.

    The words are mixed with the pivot (a sum and a product) and with their distance from it; then one small layer lets
    them see one another as this pivot's words.
    """

    def __init__(self, hidden: int, roles: int, dropout: float) -> None:
        super().__init__()
        self.distance = nn.Embedding(N_DISTANCES, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.layer = Layer(hidden, 4, 2 * hidden, dropout)
        self.out = nn.Linear(hidden, roles * 3)

    def forward(self, words: Tensor, pivots: Tensor, apart: Tensor, length: Tensor) -> Tensor:
        """Logits (pivots, longest, roles * 3).

        `words` (pivots, longest, 2 * hidden) and `pivots` (pivots, 2 * hidden) have an added and a multiplied half;
        `apart` (pivots, longest) are distance buckets; `length` (pivots,) tells how many words are no padding.
        """
        h = self.distance.embedding_dim
        mixed = words[..., :h] + pivots[:, None, :h] + self.distance(apart) + words[..., h:] * pivots[:, None, h:]
        mask = (torch.arange(words.shape[1]) >= length[:, None])[:, None, None, :].to(mixed.dtype) * -1e4
        return self.out(self.layer(self.norm(mixed), mask))


class Network(nn.Module):
    """The encoder and its heads; `shape` names the slices of the projection."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(dropout=dropout)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(384, shape.width)
        self.cue_roles = RoleTagger(shape.cue_hidden, len(shape.cue_roles), dropout)
        self.trigger_roles = RoleTagger(shape.trigger_hidden, len(shape.trigger_roles), dropout)
        self.kind = nn.Linear(shape.class_hidden, len(shape.kinds))
        self.status = nn.Linear(shape.class_hidden, len(shape.statuses))
        self.stance = nn.Linear(shape.class_hidden, len(shape.stances))
        self.speaker_kind = nn.Linear(shape.class_hidden, len(shape.speaker_kinds))
        self.kind_context = nn.Linear(shape.class_hidden, shape.class_hidden, bias=False)
        self.again_distance = nn.Parameter(torch.zeros(N_DISTANCES))
        self.again_none = nn.Parameter(torch.zeros(1))
        self.echo = nn.Parameter(torch.tensor(1.0))
        nn.init.zeros_(self.kind_context.weight)
        nn.init.normal_(self.project.weight, std=0.02)
        nn.init.zeros_(self.project.bias)

    def words(self, ids: Tensor, at: Tensor) -> Tensor:
        """Projections (words, shape.width) of the words whose first pieces stand at the flat indices `at` of `ids`."""
        vectors = self.encoder(ids).reshape(-1, 384)[at]
        return self.project(self.dropout(vectors))

    def kinds(self, triggers: Tensor, document: Tensor, position: Tensor) -> tuple[Tensor, Tensor]:
        """Kind logits (triggers, kinds) and "mentions again" logits (triggers, 1 + triggers).

        A trigger's kind is read off its own words, off the report's other triggers (an attention over them), and off
        the kinds of those that it may mention again.

        `triggers` are mean projections; `document` (triggers,) tells which stand in one report; `position` (triggers,)
        is the word index. Column 0 of the second is "no earlier mention"; later and foreign triggers are -1e4.
        """
        part = self.shape.part
        same = document[:, None] == document[None, :]
        asks, answers = part(triggers, "context_asks"), part(triggers, "context_answers")
        score = torch.where(same, asks @ answers.T / asks.shape[1] ** 0.5, -1e4)
        context = self.kind_context(score.softmax(1) @ part(triggers, "kind"))
        own = self.kind(F.relu(part(triggers, "kind") + context))
        asks, answers = part(triggers, "again_asks"), part(triggers, "again_answers")
        score = asks @ answers.T / asks.shape[1] ** 0.5
        score = score + self.again_distance[distance_buckets(position[None, :] - position[:, None])]
        earlier = same & (position[None, :] < position[:, None])
        score = torch.where(earlier, score, torch.full_like(score, -1e4))
        again = torch.cat([self.again_none.expand(len(triggers), 1), score], 1)
        likely = again.softmax(1)[:, 1:]
        return own + self.echo * (likely @ own), again
