"""Trains the reader: python training/train.py --corpora DIR --base DIR --out runs/NAME

`--base` holds the encoder to start from (tokenizer.json, model.safetensors of all-MiniLM-L6-v2); `--start` goes on from
earlier checkpoints instead, the mean of their weights where there are several. One pass over a plan: every corpus as
many times as the plan says, shuffled, the ones that teach only a part in the earlier part of the run. All is seeded.
About an hour on two cores with bf16.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import torch
from batch import collate, loss
from data import Example, Maker, cut, load
from network import Network
from safetensors.torch import load_file
from tokenizers import Tokenizer

from reportedly.model.shape import Shape
from reportedly.ontology import load_ontology

# plan: corpus: (times through it, from where in the run, until where). The first plan teaches everything; the second
# goes on from it with the corpora that carry every label, and enough of PolNeAR not to forget it.
PLANS = {
    "first": {
        "polnear": (3.5, 0.0, 1.0),
        "wikievents": (3.0, 0.0, 0.6),
        "rams": (1.0, 0.0, 0.5),
        "muc4": (1.0, 0.0, 0.4),
        "re3d": (3.0, 0.0, 0.8),
        "coded": (16.0, 0.1, 1.0),
        "invented": (16.0, 0.1, 1.0),
    },
    "second": {
        "polnear": (0.35, 0.0, 1.0),
        "re3d": (1.0, 0.0, 1.0),
        "coded": (5.0, 0.0, 1.0),
        "invented": (5.0, 0.0, 1.0),
        "drills": (5.0, 0.0, 1.0),
    },
}


def plan(
    corpora: dict[str, list[tuple[Example, ...]]], rng: random.Random, *, name: str, scale: float
) -> list[Example]:
    """The examples of the whole run in order; of a report with versions, the plain one half of the time."""
    placed = []
    for corpus, (times, low, high) in PLANS[name].items():
        reports = corpora[corpus]
        for i in range(round(times * scale * len(reports))):
            versions = reports[i % len(reports)]
            x = versions[0] if len(versions) == 1 or rng.random() < 0.5 else rng.choice(versions[1:])
            placed.append((low + (high - low) * rng.random(), len(placed), x))
    return [x for _, _, x in sorted(placed, key=lambda p: p[:2])]


def batches(examples: list[Example], rng: random.Random, *, pieces: int) -> list[list[Example]]:
    """Runs of examples of about `pieces` pieces together; longer ones are cut at random."""
    found: list[list[Example]] = [[]]
    size = 0
    for x in examples:
        x = cut(x, pieces * 3 // 4, rng)
        if size + len(x.words.pieces) > pieces and found[-1]:
            found.append([])
            size = 0
        found[-1].append(x)
        size += len(x.words.pieces)
    return found


def mean_weights(checkpoints: list[Path]) -> dict[str, torch.Tensor]:
    """The mean of the weights of several runs from one start: a little better than any of them, at no cost."""
    loaded = [torch.load(path, weights_only=True)["weights"] for path in checkpoints]
    return {k: torch.stack([w[k].float() for w in loaded]).mean(0) for k in loaded[0]}


def plain(args: argparse.Namespace) -> dict[str, object]:
    """The settings to keep with the weights: folders by their names only, since paths mean nothing elsewhere."""
    kept = {k: v for k, v in vars(args).items() if k not in {"corpora", "base", "out"}}
    return kept | {"start": [path.parent.name for path in args.start]}


def optimiser(net: Network, args: argparse.Namespace) -> torch.optim.AdamW:
    encoder = list(net.encoder.parameters())
    known = {id(p) for p in encoder}
    heads = [p for p in net.parameters() if id(p) not in known]
    groups = [{"params": encoder, "lr": args.lr}, {"params": heads, "lr": args.head_lr}]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def arguments() -> argparse.Namespace:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--out", type=Path, required=True)
    cli.add_argument("--plan", choices=PLANS, default="first")
    cli.add_argument("--start", type=Path, nargs="*", default=[], help="checkpoints to go on from")
    cli.add_argument("--scale", type=float, default=1.0, help="times the epochs of every corpus")
    cli.add_argument("--lr", type=float, default=2e-4)
    cli.add_argument("--head-lr", type=float, default=1e-3)
    cli.add_argument("--pieces", type=int, default=2200, help="pieces a step")
    cli.add_argument("--class-weight", type=float, default=2.0, help="weight of kinds, stances … in the loss")
    cli.add_argument("--mask", type=float, default=0.04, help="share of pieces that are hidden")
    cli.add_argument("--average", type=float, default=0.998, help="decay of the running mean of the weights")
    cli.add_argument("--seed", type=int, default=1)
    return cli.parse_args()


def prepare(args: argparse.Namespace, rng: random.Random) -> tuple[Network, list[list[Example]]]:
    """The network as it starts, and the examples of every step."""
    tokenizer = Tokenizer.from_file(str(args.base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    o = load_ontology()
    shape = Shape(tuple(o.kinds), tuple(o.statuses), tuple(o.stances), tuple(o.speaker_kinds))
    net = Network(shape)
    net.encoder.load_minilm(load_file(args.base / "model.safetensors"))
    if args.start:
        net.load_state_dict(mean_weights(args.start))
    corpora = load(args.corpora, Maker(tokenizer, shape), rng)
    return net, batches(plan(corpora, rng, name=args.plan, scale=args.scale), rng, pieces=args.pieces)


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    net, steps = prepare(args, rng)
    optim = optimiser(net, args)
    warm, last = max(1, round(0.08 * len(steps))), len(steps)
    rate = torch.optim.lr_scheduler.LambdaLR(optim, lambda i: min((i + 1) / warm, max(0.0, (last - i) / (last - warm))))
    average = torch.optim.swa_utils.get_ema_multi_avg_fn(args.average)
    mean = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=average)
    print(f"{last} steps, {sum(p.numel() for p in net.parameters()) / 1e6:.1f} M parameters", flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    settings = plain(args) | {"epochs": PLANS[args.plan]}
    began, log = time.time(), {}
    net.train()
    for i, examples in enumerate(steps, 1):
        batch = collate(examples, net, rng, limit=rng.choice((126, 190, 254)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            total, parts = loss(net, batch, mask=args.mask, class_weight=args.class_weight)
        if not math.isfinite(total.item()):
            raise SystemExit(f"step {i}: the loss is {total.item()}")
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optim.step()
        rate.step()
        optim.zero_grad(set_to_none=True)
        if i > last // 4:  # the mean leaves out what the first steps are still far from
            mean.update_parameters(net)
        log = {k: 0.98 * log.get(k, v) + 0.02 * v for k, v in parts.items()} | {
            k: log[k] for k in log.keys() - parts.keys()
        }
        if i % 50 == 0:
            print(
                f"{i}/{last} {time.time() - began:.0f}s  " + "  ".join(f"{k} {v:.4f}" for k, v in sorted(log.items()))
            )
        if i % 500 == 0 or i == last:
            weights = mean.module.state_dict() if i > last // 4 else net.state_dict()
            saved = {"weights": weights, "shape": net.shape.to_json(), "settings": settings, "step": i}
            torch.save(saved, args.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
