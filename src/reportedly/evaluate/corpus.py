"""What a corpus is to the scoreboard, and how the registered ones are found."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from reportedly.coded import pieces
from reportedly.errors import CorpusError, SettingsError
from reportedly.evaluate.metrics import Miss, Score
from reportedly.types import Reading, Report, Span, Spans

GROUP = "reportedly.corpora"


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one corpus, and what was missed where the corpus tells it."""

    scores: tuple[Score, ...]
    misses: tuple[Miss, ...] = ()


class Corpus(Protocol):
    """Texts that people annotated. What the annotation of one text is, only the corpus itself knows."""

    @property
    def name(self) -> str:
        """The name that `--only` takes; usually the folder's."""
        ...

    def items(self, folder: Path, split: str) -> list[tuple[Report, Any]]:
        """Reports with their annotation, from the folder of all corpora.

        Raises `FileNotFoundError` where the corpus or the split isn't there, `CorpusError` where it is damaged.
        """
        ...

    def score(self, pairs: Sequence[tuple[Any, Reading]]) -> Result:
        """The scores over all (annotation, reading) pairs."""
        ...


def registered(only: Sequence[str] = ()) -> list[Corpus]:
    """The registered corpora in the order of `only`, or all by name. Raises `SettingsError` for an unknown name."""
    found = {e.name: e for e in entry_points(group=GROUP)}
    unknown = [name for name in only if name not in found]
    if unknown:
        raise SettingsError(f"no corpus is called {unknown[0]!r}", hint=f"there are: {', '.join(sorted(found))}")
    return [found[name].load() for name in only or sorted(found)]


def read_objects(path: Path) -> Iterator[tuple[str, object]]:
    """Where each object of a file stands, and the object; a `CorpusError` stands for a part that is no JSON.

    A file called *.json holds one object or a list of them; any other is JSON Lines, cut at line feeds alone (JSON
    strings may hold the other characters at which `str.splitlines` cuts). Raises `OSError` where there is no such file.
    """
    raw = path.read_bytes().removeprefix(BOM_UTF8)
    whole = path.suffix == ".json"
    parts = (
        [(str(path), raw)] if whole else [(f"{path}:{n}", p) for n, p in enumerate(raw.split(b"\n"), 1) if p.strip()]
    )
    for where, part in parts:
        try:
            loaded = json.loads(part.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            yield where, CorpusError(f"is no JSON: {error}", where=where, hint="it must be JSON in UTF-8")
            continue
        if whole and isinstance(loaded, list):
            yield from ((f"{where}#{n}", obj) for n, obj in enumerate(loaded, start=1))
        else:
            yield where, loaded


def read_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """As `read_objects`, but raises `CorpusError` at the first part that isn't a JSON object."""
    for where, obj in read_objects(path):
        if isinstance(obj, CorpusError):
            raise obj
        if not isinstance(obj, dict):
            raise CorpusError("is no JSON object", where=where, hint="each report is one object")
        yield where, obj


def report_from(obj: Mapping[str, Any], where: str) -> Report:
    """The report of a line with `id`, `text` and, where known, `date` and `title`; a date that is no day is none."""
    try:
        published = date.fromisoformat(str(obj.get("date"))[:10])
    except ValueError:
        published = None
    return Report(
        id=str(obj["id"]), text=obj["text"], published=published, title=obj.get("title"), lang="en", origin=where
    )


def span_from(obj: Mapping[str, Any]) -> Span:
    """The span of an object with `start` and `end`."""
    return Span(obj["start"], obj["end"])


def spans_from(listed: Sequence[Mapping[str, Any]]) -> Spans:
    """The pieces of a list of objects with `start` and `end`, in text order."""
    return pieces(span_from(o) for o in listed)
