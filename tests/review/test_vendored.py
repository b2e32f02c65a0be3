"""Other people's files are as they were published."""

from __future__ import annotations

import hashlib
import re

from reportedly.review.pages import FOLDER

VENDOR = FOLDER / "static" / "vendor"
ROW = re.compile(r"^\| (\S+) \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_file_is_listed_and_as_published() -> None:
    listed = dict(ROW.findall((VENDOR / "VENDORED.md").read_text(encoding="utf-8")))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "VENDORED.md"
    }
    assert found == listed


def test_every_package_brings_its_licence() -> None:
    names = {path.name for path in VENDOR.iterdir()}
    assert len([name for name in names if name.endswith(".LICENSE.txt")]) == 6
