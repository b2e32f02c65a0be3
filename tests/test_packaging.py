"""The lock files: exact, complete, and without the name of any host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}
PIN = re.compile(
    r"^([a-z0-9._-]+)==([^ ;\\]+)(?: ;[^\\]*)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(name: str) -> dict[str, set[Version]]:
    """The versions of each package; there are several where they depend on the version of Python."""
    found: dict[str, set[Version]] = {}
    for package, version, _ in PIN.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(package), set()).add(Version(version))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_with_hashes_or_a_remark(name: str) -> None:
    left = PIN.sub("", (ROOT / name).read_text(encoding="utf-8"))
    assert [line for line in left.splitlines() if line.strip() and not line.strip().startswith("#")] == []
    assert "://" not in left


@pytest.mark.parametrize(("name", "extras"), LOCKS.items())
def test_the_lock_has_what_the_project_asks_for(name: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = pins(name)
    asked = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    for requirement in map(Requirement, asked):
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is missing: run `make lock`"
        assert all(version in requirement.specifier for version in versions), f"{requirement} is stale: run `make lock`"


def test_what_tests_need_is_what_runs() -> None:
    to_run, to_test = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {package: to_test.get(package) for package in to_run} == to_run
