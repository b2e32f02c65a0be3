"""Turns checkpoints into the files that are shipped: python training/export.py --run runs/NAME … --base DIR --out DIR

Several runs from one start are averaged first.

fp32 and int8 (per channel, the encoder's matrices only) are both written for comparison: `--fp32` keeps the first.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from network import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from train import mean_weights

from reportedly.model.shape import Shape

WINDOW = 126
BIASES = {"trigger": 0.8}
"""Added to "outside" by tagger: at the end of training the triggers are found too freely (chosen on the dev splits)."""


class Graph(nn.Module):
    """What the run time needs of the network: piece ids and first pieces in, projections out."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, at: Tensor) -> Tensor:
        return self.net.words(ids, at)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--run", type=Path, nargs="+", required=True)
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--out", type=Path, required=True)
    cli.add_argument("--fp32", action="store_true")
    args = cli.parse_args()
    checkpoints = [run / "checkpoint.pt" for run in args.run]
    saved = torch.load(checkpoints[0], weights_only=True)
    net = Network(Shape.from_json(saved["shape"]))
    weights = mean_weights(checkpoints)
    net.load_state_dict(weights)
    net.eval()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "reader.onnx"
        example = (torch.randint(1000, 2000, (1, 40)), torch.arange(1, 30))
        torch.onnx.export(
            Graph(net),
            example,
            str(plain),
            input_names=["ids", "at"],
            output_names=["words"],
            dynamo=False,
            opset_version=17,
            dynamic_axes={"ids": {0: "windows", 1: "pieces"}, "at": {0: "count"}, "words": {0: "count"}},
        )
        if args.fp32:
            shutil.copy(plain, args.out / "reader.onnx")
        else:
            quantize_dynamic(
                plain,
                args.out / "reader.onnx",
                per_channel=True,
                weight_type=QuantType.QInt8,
                nodes_to_exclude=project_nodes(plain),
            )
    for name, hidden in (("cue_roles", net.shape.cue_hidden), ("trigger_roles", net.shape.trigger_hidden)):
        export_roles(getattr(net, name), hidden, args.out / f"{name}.onnx")
    heads = {
        k: v.numpy()
        for k, v in weights.items()
        if not k.startswith(("encoder.", "project.", "cue_roles.", "trigger_roles."))
    }
    np.savez_compressed(
        args.out / "heads.npz", **{k: v.astype(np.float16 if v.ndim > 1 else np.float32) for k, v in heads.items()}
    )
    tokenizer = json.loads((args.base / "tokenizer.json").read_text(encoding="utf-8")) | {
        "truncation": None,
        "padding": None,
    }
    (args.out / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    kept = ("plan", "epochs", "scale", "lr", "head_lr", "pieces", "mask", "average", "seed")
    made = {k: saved["settings"][k] for k in kept if k in saved["settings"]} | {"averaged_runs": len(args.run)}
    config = {"shape": saved["shape"], "window": WINDOW, "biases": BIASES, "made": made}
    (args.out / "reader.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for file in sorted(args.out.iterdir()):
        print(f"{file.name} {file.stat().st_size / 1e6:.2f} MB")


def export_roles(tagger: nn.Module, hidden: int, path: Path) -> None:
    """The part that runs once for each cue or trigger, in fp32: it is small."""
    example = (
        torch.rand(2, 9, 2 * hidden),
        torch.rand(2, 2 * hidden),
        torch.randint(0, 9, (2, 9)),
        torch.tensor([9, 5]),
    )
    names = ["words", "pivots", "apart", "length"]
    axes = {
        "words": {0: "p", 1: "t"},
        "pivots": {0: "p"},
        "apart": {0: "p", 1: "t"},
        "length": {0: "p"},
        "logits": {0: "p", 1: "t"},
    }
    torch.onnx.export(
        tagger,
        example,
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamo=False,
        opset_version=17,
        dynamic_axes=axes,
    )


def project_nodes(path: Path) -> list[str]:
    """The last matrix product: its numbers are the heads' features, and it is small, so it stays fp32."""
    import onnx

    nodes = onnx.load(path).graph.node
    return [n.name for n in nodes if n.op_type in {"Gemm", "MatMul"} and "/project/" in n.name]


if __name__ == "__main__":
    main()
