"""`reportedly evaluate`: how well the reader reads what people have annotated."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportedly.errors import SettingsError

if TYPE_CHECKING:
    from rich.table import Table

    from reportedly.evaluate.corpus import Corpus
    from reportedly.evaluate.scoreboard import Measured, Skipped
    from reportedly.settings import Settings

MOST_MISSES = 60
"""Rows of `--misses`; what comes after is rare."""

WIDE = 100
"""Columns of a terminal from which there is room to say whose the best figure is."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("evaluate")(evaluate)


def evaluate(
    corpora: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of all corpora, one folder in it for each.")
    ] = Path("../shared/corpora"),
    split: Annotated[str, typer.Option(metavar="NAME", help="Which part of each corpus.")] = "dev",
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="These corpora: a name, or several with commas between.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="Print what was missed, counted by kind.")] = False,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scoreboard as Markdown.")] = None,
    gold: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of coded reports that people made, or a folder.")
    ] = None,
    predicted: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same reports as a system coded them.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of other weights than the shipped ones.")
    ] = None,
    places: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A place index from `reportedly fetch gazetteer`.")
    ] = None,
    threads: Annotated[int, typer.Option(metavar="N", min=1, help="Threads of the model.")] = 1,
) -> None:
    """Read annotated corpora and print the scoreboard.

    Beside our figure stand the aim, what two people agree on, and the best figure of another system. Corpora that
    aren't there are skipped.

    With --gold the reader is measured on your own annotated reports instead; with --predicted too, no reader runs, and
    what any other system made of these reports is scored.
    """
    from reportedly.settings import Settings

    if predicted and not gold:
        raise SettingsError("--predicted needs --gold", hint="say what people made of the same reports")
    if write and gold:
        raise SettingsError("--write is for the corpora", hint="leave it out, or use --json")
    if gold and predicted:
        from reportedly.evaluate.scoreboard import compare

        _print([compare(gold, predicted)], [], as_json=as_json, misses=misses)
        return
    names = [name.strip() for listed in only or [] for name in listed.split(",") if name.strip()]
    chosen = _own(gold) if gold else _registered(names)
    measured, skipped, model_hash = _measure(
        chosen, corpora, split=split, settings=Settings(model=model, places=places, threads=threads)
    )
    _print(measured, skipped, as_json=as_json, misses=misses)
    if write:
        from reportedly.evaluate.scoreboard import as_markdown

        page = as_markdown(measured, skipped, split=split, commit=_commit(write), model=model_hash)
        write.write_text(page, encoding="utf-8")
    if not measured:
        raise typer.Exit(1)


def _own(path: Path) -> list[Corpus]:
    from reportedly.evaluate.corpora.coded import CodedFiles

    if not path.exists():
        raise SettingsError("is not there", where=str(path), hint="give a file of coded reports, or a folder of them")
    return [CodedFiles(str(path), path)]


def _registered(names: Sequence[str]) -> list[Corpus]:
    from reportedly.evaluate.corpus import registered

    return registered(names)


def _measure(
    chosen: Sequence[Corpus], folder: Path, *, split: str, settings: Settings
) -> tuple[list[Measured], list[Skipped], str]:
    """Measures the corpora that are there with the installed reader; also the hash of its weights."""
    from rich.progress import Progress

    from reportedly.cli.screen import console
    from reportedly.evaluate.scoreboard import Measured, Skipped, measure
    from reportedly.pipeline import Pipeline

    pipeline = Pipeline.load(settings)
    results: list[Measured | Skipped] = []
    with Progress(console=console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)
        for corpus in chosen:
            bar.update(task, description=f"Reading {corpus.name}")
            results.append(
                measure(corpus, folder, split=split, read=pipeline.read, advance=lambda n: bar.advance(task, n))
            )
    measured = [r for r in results if isinstance(r, Measured)]
    return measured, [r for r in results if isinstance(r, Skipped)], pipeline.run.model


def _print(measured: Sequence[Measured], skipped: Sequence[Skipped], *, as_json: bool, misses: bool) -> None:
    import json

    from reportedly.cli.screen import console, say
    from reportedly.evaluate.scoreboard import as_json as to_json
    from reportedly.evaluate.scoreboard import count_misses

    for s in skipped:
        say(f"skipped {s.corpus}: {s.cause}")
    for m in measured:
        if m.failures:
            say(f"{m.corpus}: {len(m.failures)} of {m.reports} could not be read, as {m.failures[0].cause}")
    if as_json:
        loaded = to_json(measured, skipped)
        if misses:
            for m in measured:
                loaded["corpora"][m.corpus]["misses"] = count_misses(m.result.misses)
        typer.echo(json.dumps(loaded, ensure_ascii=False))
        return
    screen = console()
    if measured:
        screen.print(_board(measured, wide=screen.width >= WIDE))
    for m in measured:
        if misses and m.result.misses:
            screen.print(_misses(m))


def _board(measured: Sequence[Measured], *, wide: bool) -> Table:
    """All scores, a section for each corpus. A wide table also says whose the best figure is."""
    from rich.table import Table

    from reportedly.cli.screen import many, plain
    from reportedly.evaluate.scoreboard import Published, figure, load_published

    published = load_published()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("score", no_wrap=True)
    for heading in ("ours", "P", "R", "aim", "people", "best", "of"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=5)
    if wide:
        table.add_column("best is by", no_wrap=True)
    for m in measured:
        table.add_row(plain(f"{m.corpus} ({many(m.reports, 'text')})", "bold"))
        for s in m.result.scores:
            p = published.get((m.corpus, s.name), Published())
            style = "" if p.aim is None or s.value is None else "green" if s.value >= p.aim else "yellow"
            values = [figure(s, v) for v in (s.precision, s.recall, p.aim, p.people, p.best)]
            cells = [
                plain(s.name if s.measure == "f1" else f"{s.name} ({s.measure})"),
                plain(figure(s, s.value), style),
            ]
            cells += [plain("" if v == "–" else v, "dim") for v in values]
            table.add_row(*cells, plain(f"{s.of:,}", "dim"), *([plain(p.best_by or "", "dim")] if wide else []))
        table.add_row()
    return table


def _misses(m: Measured) -> Table:
    from rich.table import Table

    from reportedly.cli.screen import plain
    from reportedly.evaluate.scoreboard import count_misses

    table = Table(
        "what", "gold", "read", title=f"{m.corpus}: missed, wrong or too much", box=None, title_justify="left"
    )
    table.add_column("times", justify="right")
    counts = count_misses(m.result.misses)
    for what, expected, got, n in counts[:MOST_MISSES]:
        table.add_row(plain(what), plain(expected), plain(got), plain(n))
    left = sum(n for *_, n in counts[MOST_MISSES:])
    if left:
        table.add_row(plain("others"), plain(""), plain(""), plain(left))
    return table


def _commit(path: Path) -> str:
    """The commit of the checkout that the page is written in, with "+" where files are changed; else "unknown"."""
    import subprocess

    command = ["git", "-C", str(path.resolve().parent), "describe", "--always", "--abbrev=12", "--dirty=+"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
