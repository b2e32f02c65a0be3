"""The import table: which part of the package may know of which. Imports run one way.

A part is a folder or a module right under `reportedly`. Every import counts, wherever it stands: inside a function,
and for type checkers alone, too. To add a part, add its line here and in ARCHITECTURE.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportedly

PACKAGE = Path(reportedly.__file__).parent

RECORDS = {"types", "errors"}
KNOWLEDGE = RECORDS | {"ids", "settings", "ontology", "language"}
READS = KNOWLEDGE | {"text", "model", "extract", "resolve", "claims", "pipeline"}

ALLOWED: dict[str, set[str]] = {
    "types": set(),
    "errors": set(),
    "ids": RECORDS,
    "settings": RECORDS,
    "ontology": RECORDS,
    "language": RECORDS,
    # The way of a report, each knowing what stands before it.
    "text": KNOWLEDGE,
    "model": KNOWLEDGE | {"text"},
    "extract": KNOWLEDGE | {"text", "model"},
    "resolve": KNOWLEDGE | {"text", "model", "extract"},
    "claims": KNOWLEDGE | {"text", "model", "extract", "resolve"},
    "pipeline": READS - {"pipeline"},
    # What comes in and goes out sees records and ontology only, so a ledger opens without the model. Sources also give
    # ids to reports that come without one, and refuse languages that the reader can't read.
    "sources": RECORDS | {"ontology", "ids", "language"},
    "store": RECORDS | {"ontology", "ids"},
    "export": RECORDS | {"ontology"},
    "link": RECORDS | {"ontology", "ids"},
    "digest": RECORDS | {"export"},
    "coded": RECORDS | {"ontology"},
    # What joins these over an open ledger; of `resolve` it asks only which names an authority knows.
    "desk": RECORDS | {"ontology", "ids", "text", "resolve", "store", "link", "export"},
    # A ledger for notebooks; the package itself names it, and loads it when it is asked for.
    "frames": RECORDS | {"ontology", "store", "link", "export", "desk"},
    "": {"frames"},
    "review": RECORDS
    | {"ontology", "ids", "language", "text", "claims", "sources", "store", "link", "export", "digest", "desk"},
    # What sits on the pipeline.
    "batch": READS | {"sources", "store", "link"},
    "evaluate": READS | {"coded", "batch", "link"},
    "cli": READS | {"sources", "store", "digest", "export", "link", "desk", "coded", "review", "batch", "evaluate"},
}

HOMES: dict[str, set[str]] = {
    "alembic": {"store"},
    "argon2": {"store"},
    "fastapi": {"review"},
    "jinja2": {"review"},
    "onnxruntime": {"model"},
    "rich": {"cli"},
    "sqlalchemy": {"store"},
    "starlette": {"review"},
    "tokenizers": {"model"},
    "protego": {"sources"},
    "fastwarc": {"sources"},
    "ray": {"batch"},
    "trafilatura": {"sources"},
    "typer": {"cli"},
    "urllib3": {"sources"},
    "uvicorn": {"review"},
    # Training alone may need these; nothing that is installed does.
    "torch": set(),
    "transformers": set(),
}
"""Packages that only these parts import: what is slow to load, or would tie a part to a way of showing things."""

SLOW = set(
    "alembic argon2 fastapi feedparser jinja2 numpy onnxruntime protego py3langid sqlalchemy starlette tokenizers"
    " trafilatura urllib3 uvicorn yaml".split()
)


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(file: Path) -> str:
    """The part that a file belongs to; "" for `reportedly/__init__.py`."""
    inside = file.relative_to(PACKAGE).with_suffix("").parts
    return "" if inside == ("__init__",) else inside[0]


def imported(nodes: Iterator[ast.AST], file: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that the import statements among `nodes` name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = file.relative_to(PACKAGE.parent).parent.parts
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            # `from reportedly import text` names a part, `from reportedly.types import Span` what is in one.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported: not those in functions, nor those for type checkers."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not checking:
            waiting += ast.iter_child_nodes(node)


def faults(file: Path, source: str) -> list[str]:
    part = part_of(file)
    found = []
    for line, name in imported(ast.walk(ast.parse(source)), file):
        top, *rest = name.split(".")
        where = f"{file.relative_to(PACKAGE.parent)}:{line}: {part or 'reportedly'} imports {name}"
        if top == "reportedly":
            other = rest[0] if rest else ""
            if other in ALLOWED and other != part and other not in ALLOWED.get(part, set()):
                found.append(where)
            elif other not in ALLOWED and other not in ("", "__version__"):
                found.append(f"{where}, which is in no part of the table")
        elif part not in HOMES.get(top, {part}):
            found.append(f"{where}, whose home is {' and '.join(sorted(HOMES[top])) or 'training'}")
    return found


def test_every_part_has_its_line() -> None:
    parts = {part_of(file) for file in files()} - {""}
    assert parts <= set(ALLOWED), f"without a line in the table: {sorted(parts - set(ALLOWED))}"


def test_the_table_runs_one_way() -> None:
    """No part may, by way of others, import itself."""
    reach = {part: set(others) for part, others in ALLOWED.items()}
    for _ in ALLOWED:
        reach = {part: others.union(*(reach[o] for o in others)) for part, others in reach.items()}
    assert [part for part, others in reach.items() if part in others] == []


@pytest.mark.parametrize("file", files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_are_in_the_table(file: Path) -> None:
    assert faults(file, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", sorted((PACKAGE / "cli").rglob("*.py")), ids=lambda f: f.name)
def test_verbs_import_inside_their_commands(file: Path) -> None:
    """`--help` answers at once: a verb's module loads the command line and the records, and no more."""
    quick = {"", "__version__", "cli", "types", "errors"}
    found = []
    for line, name in imported(at_import(ast.parse(file.read_text(encoding="utf-8"))), file):
        top, *rest = name.split(".")
        if top in SLOW or (top == "reportedly" and (rest[0] if rest else "") not in quick):
            found.append(f"{file.name}:{line}: imports {name}")
    assert found == []


@pytest.mark.parametrize(
    ("module", "source", "faulty"),
    [
        ("types.py", "import reportedly.errors", True),
        ("text/x.py", "from reportedly.types import Span", False),
        ("text/x.py", "from reportedly import __version__", False),
        ("text/x.py", "from reportedly import model", True),
        ("text/x.py", "from ..model import encoder", True),
        ("text/x.py", "from .. import model", True),
        ("text/x.py", "from . import windows", False),
        ("text/x.py", "def f():\n    import reportedly.extract.times", True),
        ("text/x.py", "if TYPE_CHECKING:\n    from reportedly.pipeline import Pipeline", True),
        ("store/x/y.py", "from reportedly.store.tables import reports", False),
        ("store/x/y.py", "from ...resolve import places", True),
        ("store/x.py", "from reportedly.nowhere import a", True),
        ("store/x.py", "from sqlalchemy.orm import Session", False),
        ("evaluate/x.py", "def f():\n    import torch.nn", True),
        ("extract/x.py", "import onnxruntime as ort", True),
        ("__init__.py", "from reportedly.pipeline import Pipeline", True),
    ],
)
def test_the_test_finds_what_it_should(module: str, source: str, faulty: bool) -> None:
    assert bool(faults(PACKAGE / module, source)) is faulty
