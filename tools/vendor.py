"""Copies what the web app needs of other people's JavaScript from npm packages into the package, and lists it.

`make vendor` runs it; it needs npm and a network. Versions are fixed here. Files are copied as published, never built
or altered; VENDORED.md names each with its package, version, licence and SHA-256, which a test compares.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/reportedly/review/static/vendor"


@dataclass(frozen=True)
class Package:
    """A package of npm: `files` are (path in the package, name here); `about` says what it is used for."""

    name: str
    version: str
    licence: str
    about: str
    files: tuple[tuple[str, str], ...]
    licence_file: str = "LICENSE"


PACKAGES = (
    Package(
        "htmx.org", "2.0.11", "0BSD", "parts of pages that are fetched anew", (("dist/htmx.min.js", "htmx.min.js"),)
    ),
    Package(
        "maplibre-gl", "6.17.0", "BSD-3-Clause", "maps",
        (
            ("dist/maplibre-gl.mjs", "maplibre-gl.mjs"),
            ("dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs"),
            ("dist/maplibre-gl.css", "maplibre-gl.css"),
        ),
        "LICENSE.txt",
    ),
    Package("d3", "7.9.2", "ISC", "what Plot is built on", (("dist/d3.min.js", "d3.min.js"),)),
    Package("@observablehq/plot", "0.6.17", "ISC", "charts", (("dist/plot.umd.min.js", "plot.umd.min.js"),)),
    Package(
        "topojson-client", "3.1.0", "ISC", "reads the base map",
        (("dist/topojson-client.min.js", "topojson-client.min.js"),),
    ),
    Package(
        "world-atlas", "2.0.2", "ISC; the data, Natural Earth's, are in the public domain", "the base map",
        (("countries-50m.json", "countries-50m.json"),),
    ),
)  # fmt: skip


def main() -> None:
    """Fetch, copy, list."""
    TARGET.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Other people's files",
        "",
        "Copied from npm by `make vendor` (tools/vendor.py), as published. The licence of each is beside its files.",
        "",
        "| file | package | version | licence | for | sha256 |",
        "|---|---|---|---|---|---|",
    ]
    for package in PACKAGES:
        archive = fetch(package)
        short = package.name.rpartition("/")[2].removesuffix(".org")
        for path, name in (*package.files, (package.licence_file, f"{short}.LICENSE.txt")):
            content = archive[path]
            (TARGET / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            cells = (name, package.name, package.version, package.licence, package.about, f"`{digest}`")
            lines.append(f"| {' | '.join(cells)} |")
    (TARGET / "VENDORED.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def fetch(package: Package) -> dict[str, bytes]:
    """The files of the package, by their path in it."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.name}@{package.version}"
        command = ["npm", "pack", "--silent", wanted]
        made = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        data = (Path(folder) / made.stdout.strip().splitlines()[-1]).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = {}
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                found[member.name.partition("/")[2]] = file.read()
    return found


if __name__ == "__main__":
    main()
