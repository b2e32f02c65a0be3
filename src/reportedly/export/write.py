"""Writing an export: its files, NOTES.md on how they were made, LOSS.md on what they can't say.

The folder appears when all is written: a run that is cut short leaves nothing behind that looks finished.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from reportedly import __version__
from reportedly.errors import SettingsError
from reportedly.export.base import Export, Lost, Output
from reportedly.export.book import Holdings, Rows
from reportedly.export.profiles import Profile
from reportedly.export.rules import Rule
from reportedly.export.veil import Veil
from reportedly.ontology import Ontology

NOTES, LOSS = "NOTES.md", "LOSS.md"


def write_export(
    export: Export,
    folder: Path,
    holdings: Holdings,
    *,
    name: str,
    rule: Rule,
    profile: Profile,
    ontology: Ontology,
    known: Callable[[str], bool] = lambda name: False,
    replace: bool = False,
    written: Callable[[Path, Rows], None] = lambda folder, rows: None,
) -> Rows:
    """Write the export `name` of a ledger to `folder`, which must not exist, or, with `replace`, be an export.

    `known` tells whether an authority of actors knows a name. `written` is called when all is written, with the folder
    as it is just before it takes its place: what it raises keeps the export from appearing. Raises `SettingsError`
    where the folder can't be used.
    """
    _check(folder, replace=replace)
    veil = Veil(profile, holdings.entries(), known=known)
    rows = Rows(holdings, rule=rule, veil=veil, ontology=ontology, happened=export.happened)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=_parent(folder)))
    try:
        made.chmod(0o755)
        output = Output(made)
        export.write(rows, output)
        rows.leave(output.left, output.left_claims)
        (made / NOTES).write_text(_notes(export, rows, name, rule, profile, veil), encoding="utf-8", newline="\n")
        loose = holdings.loose()
        (made / LOSS).write_text(_loss(export, output, rows, name, loose.items()), encoding="utf-8", newline="\n")
        written(made, rows)
        _take_place(made, folder)
    finally:
        if made.exists():
            shutil.rmtree(made)
    return rows


def _take_place(made: Path, folder: Path) -> None:
    """Put `made` where `folder` is. At every moment the old one or the new one is whole, though under another name."""
    if not folder.exists():
        made.rename(folder)
        return
    old = made.with_name(made.name + "-old")
    folder.rename(old)
    made.rename(folder)
    shutil.rmtree(old)


def _check(folder: Path, *, replace: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SettingsError("is a file", where=str(folder), hint="--out names a folder")
    inside = {path.name for path in folder.iterdir()}
    if inside and not (replace and {NOTES, LOSS} <= inside):
        what = "holds an export already" if {NOTES, LOSS} <= inside else "holds other files"
        hint = "add --replace" if {NOTES, LOSS} <= inside else "give another folder with --out"
        raise SettingsError(what, where=str(folder), hint=hint)


def _parent(folder: Path) -> Path:
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise SettingsError("there is no such folder", where=str(parent), hint="make it first, or give another --out")
    return parent


def _notes(export: Export, rows: Rows, name: str, rule: Rule, profile: Profile, veil: Veil) -> str:
    lines = [f"# How this export was made: {name}", "", f"{export.title}.", ""]
    lines += [f"- Made by reportedly {__version__} from the ledger {rows.title}."]
    lines += [f"- Ontology {rows.ontology.id}, version {rows.ontology.version}, sha256 {rows.ontology.sha256}."]
    lines += [f"- {rows.shown} incidents with {rows.shown_claims} claims. Every claim is somebody's; none is averaged."]
    lines += ["", "## The rule that made the rows", "", *(f"- {line}" for line in rule.notes())]
    if export.happened:
        lines += ["- Only incidents that somebody asserts: a row of this format means that something happened."]
    lines += ["", "## Who it is for, and what is therefore withheld", "", *(f"- {line}" for line in profile.notes())]
    if profile.names:
        lines += [f"- Names withheld: {len(veil.names)}."]
    if profile.coarsen_km is not None:
        lines += [f"- Names of places withheld: {len(veil.places)}."]
    if rows.removed:
        lines += [f"- Reports removed from the ledger for good, of which nothing is here: {rows.removed}."]
    for table, columns in export.columns.items():
        lines += ["", f"## {table}", "", *_table(("column", "meaning"), [(c.name, c.meaning) for c in columns])]
    lines += ["", f"{LOSS} beside this file says what the export leaves out.", ""]
    return "\n".join(lines)


def _loss(export: Export, output: Output, rows: Rows, name: str, loose: Iterable[tuple[str, int]]) -> str:
    lines = [f"# What this export doesn't say: {name}", ""]
    left = [(why, str(n), str(rows.left_claims[why])) for why, n in sorted(rows.left.items())]
    lines += ["## Rows left out", ""]
    lines += _table(("why", "incidents", "claims"), left) if left else ["None."]
    hidden = [(why, str(n)) for why, n in loose if n]
    if rows.hidden:
        hidden.append(("rejected on review, or not let through by the profile, in incidents that are shown",
                       str(rows.hidden)))  # fmt: skip
    lines += ["", "## Claims not shown", "", "Beside those of the rows left out:", ""]
    lines += _table(("why", "claims"), hidden) if hidden else ["None."]
    lost = [*export.losses, *(Lost(what, why, n) for (what, why), n in sorted(output.losses.items()))]
    lines += ["", "## What the format can't say", ""]
    lines += _table(("what", "why", "how many"), [_lost(one) for one in lost]) if lost else ["Nothing is known."]
    return "\n".join([*lines, ""])


def _lost(lost: Lost) -> tuple[str, str, str]:
    return lost.what, lost.why, "" if lost.count is None else str(lost.count)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar in a cell is escaped."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *cells]]
