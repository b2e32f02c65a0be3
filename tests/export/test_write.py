"""Writing an export: the folder, its notes, its losses, and that nothing is kept in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from reportedly.errors import SettingsError
from reportedly.export import Book, Case, Column, Lost, Output, Said, load_export
from reportedly.export.book import NOT_ASSERTED, Rows
from reportedly.export.profiles import make_profile
from reportedly.export.rules import make_rule
from reportedly.export.write import write_export
from reportedly.ontology import load_ontology
from reportedly.types import Entry
from tests.export.test_profiles import export
from tests.export.village import AS_OF, Village


class Broken:
    """An export whose disk fills up."""

    title: ClassVar[str] = "Broken"
    files: ClassVar[tuple[str, ...]] = ("x.txt",)
    columns: ClassVar[Mapping[str, tuple[Column, ...]]] = {"x.txt": ()}
    losses: ClassVar[Sequence[Lost]] = ()
    happened: ClassVar[bool] = True

    def write(self, book: Book, out: Output) -> None:
        with out.text("x.txt") as file:
            for row in book.rows():
                file.write(row.incident.id)
                raise OSError("no space left on device")


def test_what_is_cut_short_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space"):
        write_export(
            Broken(),
            tmp_path / "out",
            Village(),
            name="broken",
            rule=make_rule(),
            profile=make_profile("internal", as_of=AS_OF),
            ontology=load_ontology(),
        )
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_replaced_only_when_asked(tmp_path: Path) -> None:
    export(tmp_path / "out", "csv", "internal")
    settings = {
        "name": "jsonl",
        "rule": make_rule(),
        "profile": make_profile("internal", as_of=AS_OF),
        "ontology": load_ontology(),
    }
    with pytest.raises(SettingsError, match="--replace"):
        write_export(load_export("jsonl"), tmp_path / "out", Village(), **settings)  # type: ignore[arg-type]
    write_export(load_export("jsonl"), tmp_path / "out", Village(), replace=True, **settings)  # type: ignore[arg-type]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"incidents.jsonl", "NOTES.md", "LOSS.md"}


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").touch()
    (tmp_path / "file").touch()
    for name in ("out", "file", "missing/out"):
        with pytest.raises(SettingsError):
            write_export(
                load_export("csv"),
                tmp_path / name,
                Village(),
                name="csv",
                rule=make_rule(),
                profile=make_profile("internal", as_of=AS_OF),
                ontology=load_ontology(),
                replace=True,
            )
    assert (tmp_path / "out" / "thesis.txt").exists()


def test_notes_and_losses(tmp_path: Path) -> None:
    write_export(
        load_export("hxl"),
        tmp_path / "out",
        Village(),
        name="hxl",
        rule=make_rule("ibc"),
        profile=make_profile("internal", as_of=AS_OF),
        ontology=load_ontology(),
    )
    notes = (tmp_path / "out" / "NOTES.md").read_text(encoding="utf-8")
    assert "Preset ibc: lethal incidents that two independent sources tell" in notes
    assert "Toll (lowest)" in notes
    assert "#affected+killed+best" in notes
    loss = (tmp_path / "out" / "LOSS.md").read_text(encoding="utf-8")
    assert "| fewer than 2 independent origins tell it | 2 | 3 |" in loss
    assert "| of no one incident | 2 |" in loss
    assert "| each claim's own version and its offsets |" in loss


def test_formats_of_happenings_leave_plans_out(tmp_path: Path) -> None:
    rows = export(tmp_path / "out", "acled", "internal")
    assert rows.left == {NOT_ASSERTED: 1}
    assert rows.left_claims == {NOT_ASSERTED: 2}


class Large(Village):
    """The village's first incident, many times."""

    title = "large"

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._first = next(super().cases())

    def cases(self) -> Iterator[Case]:
        for number in range(self._count):
            incident = replace(self._first.incident, id=f"incident-{number:06d}")
            told = tuple(
                replace(t, claim=replace(t.claim, id=f"claim-{number:06d}-{n}")) for n, t in enumerate(self._first.told)
            )
            yield replace(self._first, incident=incident, told=told)

    def entries(self) -> list[Entry]:
        return []

    def statements(self) -> Iterator[Said]:
        return iter(())


def peak(to: str, folder: Path, count: int) -> int:
    """The most memory that writing `count` incidents takes, in bytes."""
    holdings = Large(count)
    tracemalloc.start()
    rows = export(folder, to, "internal", holdings)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows.shown == count
    return most


@pytest.mark.parametrize("to", ["csv", "jsonl", "geojson", "hxl"])
def test_exports_stream(to: str, tmp_path: Path) -> None:
    """Six hundred incidents of five claims would be more than 6 MB if they were kept."""
    assert peak(to, tmp_path / "out", 600) < 1_500_000


def test_rows_can_be_read_again() -> None:
    from reportedly.export.veil import Veil

    rows = Rows(
        Village(),
        rule=make_rule(),
        veil=Veil(make_profile("internal", as_of=AS_OF)),
        ontology=load_ontology(),
        happened=True,
    )
    assert [r.number for r in rows.rows()] == [r.number for r in rows.rows()] == [1, 2]
    assert rows.left == {NOT_ASSERTED: 1}
