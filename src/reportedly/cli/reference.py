"""The reference of the command line as Markdown, made from the commands themselves.

`python -m reportedly.cli.reference` prints it; docs/reference/cli.md is that print, and a test holds the two equal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import typer

from reportedly.cli import build

HEAD = """\
# Command line

This page is made from the program (`make docs`); edit the texts in `src/reportedly/cli/`.
"""


def reference() -> str:
    """The whole page."""
    command: Any = typer.main.get_command(build())
    return HEAD + "".join(_sections(command, "reportedly", depth=1))


def _sections(command: Any, path: str, *, depth: int) -> Iterator[str]:
    """A section for `command` and one for each of its verbs. Typer does not promise its classes, so they are `Any`."""
    verbs: dict[str, Any] = getattr(command, "commands", {})
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and "--help" not in p.opts]
    title = f"\n{'#' * depth} {path}\n" if depth > 1 else ""
    usage = " ".join([path, *(_argument(p) for p in arguments), *(["[OPTIONS]"] if options else [])])
    yield f"{title}\n    {usage + (' VERB …' if verbs else '')}\n"
    if command.help:
        yield f"\n{_one_line(cleandoc(command.help))}\n"
    if arguments or options:
        yield "\n| | |\n| --- | --- |\n"
        yield from (f"| `{_cell(_argument(p))}` | {p.help} |\n" for p in arguments)
        yield from (f"| `{_cell(_option(p))}` | {p.help}{_default(p)} |\n" for p in options)
    for name, verb in verbs.items():
        yield from _sections(verb, f"{path} {name}", depth=depth + 1)


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _option(parameter: Any) -> str:
    """`--jobs N`; after a switch nothing but what turns it off."""
    name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return name if parameter.is_flag else f"{name} {parameter.metavar or 'VALUE'}"


def _cell(text: str) -> str:
    """A bar in a table's cell must be escaped, also in code."""
    return text.replace("|", "\\|")


def _default(parameter: Any) -> str:
    default = getattr(parameter.default, "value", parameter.default)
    if parameter.is_flag and parameter.secondary_opts:
        return f" Default: `{(parameter.opts if default else parameter.secondary_opts)[0]}`."
    if parameter.is_flag or default is None or default == [] or callable(default):
        return ""
    return f" Default: `{default}`."


def _one_line(text: str) -> str:
    """Paragraphs without their line breaks."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    sys.stdout.write(reference())
