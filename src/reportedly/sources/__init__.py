"""Reports from files: text, JSON Lines, CSV, Parquet, web pages, feeds, web archives, and whatever a plug-in reads.

`read_paths` is the way in. No file makes it raise: what can't be read is a `Failure` among the reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from reportedly.errors import SettingsError, SourceError
from reportedly.sources.base import Input, Item, Limits, Meter, Options, Source, failed
from reportedly.types import Failure

__all__ = ["GROUP", "Input", "Item", "Limits", "Meter", "Options", "Source", "load_sources", "measure", "read_paths"]

GROUP = "reportedly.sources"
"""The entry point group in which packages offer sources."""

COUNTED = 200_000
"""Files whose sizes are asked for at most, to tell how much there is to read."""

_FALLBACK = "text"


def read_paths(
    paths: Iterable[str],
    *,
    mapping: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    meter: Meter | None = None,
) -> Iterator[Item]:
    """The reports in files, folders and (as `-`) standard input, in order, and a `Failure` for what can't be read.

    What web archives hold beside reports is counted by reason, as `Skipped`.

    `mapping` names the column or key that holds a field (`{"text": "body"}`). Reports come one at a time and are not
    kept; `meter` is told how far the files were drawn. The same report in two places comes twice, with one id. Raises
    `SettingsError`, before anything is read, for a mapping of a field that reports don't have, or a source that can't
    be loaded.
    """
    from reportedly.sources.metadata import FIELDS

    options = Options(dict(mapping or {}), limits or Limits())
    for name, column in options.mapping.items():
        if name not in FIELDS:
            hint = f"a field is one of {', '.join(FIELDS)}; write --map text=body for texts in a column 'body'"
            raise SettingsError(f"reports have no field {name!r}", where=f"--map {name}={column}", hint=hint)
    return _read_all(list(paths), load_sources(), options, meter or Meter())


def measure(paths: Iterable[str]) -> int | None:
    """Bytes of all files under `paths`; `None` where that can't be told, or there are more than `COUNTED`."""
    from reportedly.sources.walk import STDIN, walk

    total = 0
    for number, path in enumerate(walk(paths)):
        if number == COUNTED or str(path) == STDIN:
            return None
        if isinstance(path, Path):
            try:
                total += path.stat().st_size
            except (OSError, ValueError):
                continue  # reading it will say why
    return total


def load_sources() -> dict[str, Source]:
    """Every installed source under its name. Raises `SettingsError` where one can't be loaded."""
    from importlib.metadata import entry_points

    sources: dict[str, Source] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            sources[entry.name] = entry.load()()
        except (ImportError, AttributeError, TypeError) as error:
            cause = f"the source {entry.name!r} can't be loaded: {error}"
            hint = "update the package that offers it, or uninstall it"
            raise SettingsError(cause, where=entry.value, hint=hint) from error
    if _FALLBACK not in sources:
        raise SettingsError("no sources are installed", where=GROUP, hint="install the package: pip install .")
    return sources


def _read_all(
    paths: Sequence[str], sources: Mapping[str, Source], options: Options, meter: Meter
) -> Iterator[Item]:
    from reportedly.sources.walk import walk

    for path in walk(paths):
        if isinstance(path, Failure):
            yield path
        else:
            yield from _read_file(path, sources, options, meter)


def _read_file(path: Path, sources: Mapping[str, Source], options: Options, meter: Meter) -> Iterator[Item]:
    from reportedly.sources.walk import open_input, unreadable

    whole = {suffix for source in sources.values() for suffix in source.suffixes if suffix.count(".") > 1}
    try:
        file = open_input(path, whole=whole, meter=meter)
        with file.stream:
            yield from choose(file, sources).read(file, options)
    except SourceError as error:
        yield failed(error)
    except OSError as error:
        yield failed(unreadable(error, path))


def choose(file: Input, sources: Mapping[str, Source]) -> Source:
    """The source for `file`: by the ending of its name, else by how it begins, else plain text.

    A file that is named as text but begins as a web page is one: pages get saved that way.
    """
    text = sources[_FALLBACK]
    named = next((source for source in sources.values() if file.suffix in source.suffixes), None)
    if named is not None and named is not text:
        return named
    candidates = [sources["html"]] if named is text and "html" in sources else [] if named is text else sources.values()
    return next((source for source in candidates if source.suits(file.head)), text)
