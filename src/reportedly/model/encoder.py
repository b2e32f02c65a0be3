"""The encoder and its heads, opened from a folder: words of many reports in, scores out. onnxruntime and numpy only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from reportedly.errors import ModelError
from reportedly.model.shape import Shape
from reportedly.model.words import Words, pack, windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]

FILES = ("reader.onnx", "cue_roles.onnx", "trigger_roles.onnx", "heads.npz", "tokenizer.json", "reader.json")
HINT = "install reportedly again, or give the folder of a trained model (settings: model)"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `reader.json` holds beside the shape.

    `window` is the most pieces of a window, at most what the weights were trained with; `biases` are added to the score
    of "outside" by tagger or role (a negative one finds more, a positive one fewer).
    """

    window: int
    biases: dict[str, float]


class Encoder:
    """The weights, opened. Its sessions are used by one thread at a time."""

    def __init__(
        self,
        sessions: dict[str, InferenceSession],
        tokenizer: Tokenizer,
        *,
        shape: Shape,
        settings: Settings,
        heads: dict[str, Floats],
        sha256: str,
    ) -> None:
        self._sessions = sessions
        self.tokenizer = tokenizer
        self.shape = shape
        self.settings = settings
        self.heads = heads
        self.sha256 = sha256

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> Self:
        """Opens the model in `folder`, or the shipped one. Raises `ModelError` where a file is missing or odd."""
        from onnxruntime import InferenceSession, SessionOptions

        at = folder or Path(str(resources.files("reportedly").joinpath("data/model")))
        missing = [name for name in FILES if not (at / name).is_file()]
        if missing:
            raise ModelError(f"has no {missing[0]}", where=str(at), hint=HINT)
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        faults: tuple[type[Exception], ...] = (ValueError, KeyError, TypeError, OSError, *session_errors())
        try:
            config = json.loads((at / "reader.json").read_text(encoding="utf-8"))
            shape = Shape.from_json(config["shape"])
            settings = Settings(int(config["window"]), {str(k): float(v) for k, v in config["biases"].items()})
            with np.load(at / "heads.npz", allow_pickle=False) as loaded:
                heads = {name: loaded[name].astype(np.float32) for name in loaded.files}
            tokenizer = open_tokenizer(at / "tokenizer.json")
            sessions = {
                name.removesuffix(".onnx"): InferenceSession(
                    str(at / name), options, providers=["CPUExecutionProvider"]
                )
                for name in FILES[:3]
            }
        except faults as error:
            raise ModelError(f"cannot be opened: {error}", where=str(at), hint=HINT) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(sessions, tokenizer, shape=shape, settings=settings, heads=heads, sha256=hash_files(at))

    def _run(self, session: str, feed: dict[str, Any]) -> Any:
        try:
            return self._sessions[session].run(None, feed)[0]
        except session_errors() as error:
            raise ModelError(
                f"failed on {next(iter(feed.values())).shape}: {error}", where=session, hint=HINT
            ) from error

    def roles(self, pivot: str, *, words: Floats, pivots: Floats, apart: Ints, length: Ints) -> Floats:
        """Logits (pivots, longest, roles, 3) of the words that cues or triggers reach (`pivot`: "cue" or "trigger").

        `words` (pivots, longest, …) and `pivots` (pivots, …) are parts of projections, `apart` (pivots, longest)
        distance buckets, `length` (pivots,) the words that are no padding.
        """
        feed = {"words": words, "pivots": pivots, "apart": apart.astype(np.int64), "length": length.astype(np.int64)}
        logits = self._run(f"{pivot}_roles", feed)
        return np.asarray(logits, dtype=np.float32).reshape(*words.shape[:2], -1, 3)

    def project(self, documents: Sequence[Words]) -> list[Floats]:
        """The projections (words, `shape.width`) of each document's words.

        Windows go through the session one at a time: on a CPU that is as fast as a batch, and nothing is padded.
        """
        limit = self.settings.window
        found = []
        for words in documents:
            rows = np.empty((len(words), self.shape.width), dtype=np.float32)
            for begin, end in windows(words, limit=limit):
                ids, at = pack(words, [(begin, end)], limit=limit)
                feed = {"ids": ids.astype(np.int64), "at": at[begin:end].astype(np.int64)}
                rows[begin:end] = self._run("reader", feed)
            found.append(rows)
        return found


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in a file. Raises `ValueError` where the file is damaged."""
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises no narrower class
        raise ValueError(f"{path.name}: {error}") from error


def session_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: each class stands alone, on `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NoSuchFile,
        state.RuntimeException,
    )


def hash_files(folder: Path) -> str:
    """SHA-256 over the model's files, in the order of `FILES`."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
