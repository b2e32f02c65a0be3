"""Draws what `reportedly show` prints as an SVG: python docs/picture.py REPORT FILE.svg

REPORT is any file that the reader takes, with one report in it; it is read with the shipped model.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from reportedly.cli.page import print_entry
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings
from reportedly.sources import read_paths
from reportedly.types import Entry, Failure, Report

WIDTH = 84

# Readable on white and on black pages alike; the shades pass for text on the picture's own background.
THEME = TerminalTheme(
    (250, 250, 247),
    (45, 45, 45),
    [(0, 0, 0), (176, 32, 32), (28, 120, 50), (150, 95, 0), (40, 80, 190), (150, 40, 140), (0, 115, 130), (90,) * 3],
    [(90,) * 3, (200, 50, 50), (90, 130, 0), (190, 120, 0), (90, 90, 210), (190, 80, 110), (0, 140, 190), (45,) * 3],
)

# Like rich's own frame without its buttons, and with the reader's fonts: its own are fetched from a host.
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
{lines}</defs>
<rect fill="#fafaf7" width="100%" height="100%" rx="8"/>
<g transform="translate({terminal_x}, {terminal_x})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main(report: str, picture: str) -> None:
    items = [item for item in read_paths([report]) if isinstance(item, Report)]
    result = Pipeline.load(Settings()).read(items[:1])[0]
    if isinstance(result, Failure):
        raise SystemExit(f"{result.where}: {result.cause}")
    out = Console(width=WIDTH, record=True, file=StringIO(), force_terminal=True, color_system="standard")
    print_entry(Entry(result[0], datetime.now(UTC), result[1]), out)
    drawn = out.export_svg(theme=THEME, code_format=FRAME, unique_id="show", font_aspect_ratio=0.6)
    Path(picture).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
