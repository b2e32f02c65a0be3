"""The reference of the exports as Markdown, made from the exports themselves.

`python -m reportedly.export.reference` prints it; docs/reference/exports.md is that print, and a test holds the two
equal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from reportedly.export import formats, load_export
from reportedly.export.base import Export
from reportedly.export.profiles import PROFILES
from reportedly.export.rules import PRESETS
from reportedly.export.tolls import MEANINGS

HEAD = """\
# Exports

This page is made from the program (`make docs`); edit the texts in `src/reportedly/export/`.

How to choose among them is told in [Write the files that others read](../how-to/export.md). Beside the files of a
format stand `NOTES.md`, on how they were made, and `LOSS.md`, on what they can't say and what was left out.
"""


def reference() -> str:
    """The whole page."""
    loaded = {name: load_export(name) for name in formats()}
    lines = [HEAD, "## Formats", ""]
    lines += _table(
        ("format", "what it is", "files"), [(f"[{n}](#{n})", e.title, _code(e.files)) for n, e in loaded.items()]
    )
    lines += ["", "## Rules for the toll", ""]
    lines += _table(("`--toll`", "the figure that becomes the toll"), [(f"`{n}`", m) for n, m in MEANINGS.items()])
    lines += ["", "## Presets", ""]
    presets = [(f"`{n}`", rule.says, f"`{rule.toll}`", str(rule.origins)) for n, rule in PRESETS.items()]
    lines += _table(("`--preset`", "rule", "toll", "independent origins at least"), presets)
    lines += ["", "## Profiles", ""]
    for name, profile in PROFILES.items():
        said = " ".join(profile.notes()[1:]).replace(" had passed on None", " must have passed")
        lines += [f"* `{name}`: {said}"]
    for name, export in loaded.items():
        lines += ["", f"## {name}", "", *_format(export)]
    return "\n".join([*lines, ""])


def _format(export: Export) -> Iterator[str]:
    yield f"{export.title}."
    if export.happened:
        yield ""
        yield "A row means that something happened: what nobody asserts is left out."
    for table, columns in export.columns.items():
        yield from ("", f"### {table}", "")
        yield from _table(("column", "what stands there"), [(f"`{c.name}`", c.meaning) for c in columns])
    yield from ("", "What it can't say:", "")
    yield from (f"* {lost.what}: {lost.why}" for lost in export.losses)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *cells]]


if __name__ == "__main__":
    sys.stdout.write(reference())
