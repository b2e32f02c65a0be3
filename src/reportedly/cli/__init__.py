"""The command line: one file a verb. Whatever is heavy is imported inside the verb that needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated

import typer

from reportedly import __version__
from reportedly.errors import ReportedlyError, SettingsError

VERBS = (
    *("read", "load", "show", "link", "incidents", "judge", "find"),
    *("review", "account", "watch", "digest", "export", "compare", "evaluate"),
    *("check", "verify", "purge", "copy", "bench", "fetch"),
)
"""In the order in which the help lists them; each is a module here with a function `register`."""

FAILED, USAGE = 1, 2
"""Exit status: something failed; the command was given wrongly."""


def build() -> typer.Typer:
    """The command with all of its verbs."""
    app = typer.Typer(
        name="reportedly",
        help="Reads news reports about armed conflict: who said what, who did what to whom, and in which words.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_top)
    for verb in VERBS:
        import_module(f"{__name__}.{verb}").register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit status.

    An error that reportedly raises on purpose is one line on stderr; a reader that closes the pipe ends us quietly.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding than UTF-8 shows what it lacks as an escape, and never ends the command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        build()(arguments, prog_name="reportedly")
    except ReportedlyError as error:
        from reportedly.cli.screen import say

        say(f"reportedly: {error}")
        sys.exit(USAGE if isinstance(error, SettingsError) else FAILED)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reportedly {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass
