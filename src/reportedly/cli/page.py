"""One report on the screen: its head, its marked text, and who says what in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from reportedly.cli.marks import (
    ASCII,
    EVENT,
    FULL,
    Signs,
    children,
    kind_label,
    marked_text,
    speaker_colours,
    speaker_of,
)
from reportedly.cli.screen import WIDEST, many, plain, unicode_ready
from reportedly.types import Entry, Event, Figure, Link, Party, Reading, Report, Spans, Statement

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

QUOTED = 160
"""Characters of a statement's content that the list repeats; the whole of it stands in the text above."""


def print_entry(entry: Entry, out: Console) -> None:
    """The report of `entry` with its newest reading, if it has one."""
    from rich.padding import Padding

    width = min(out.width, WIDEST)
    signs = FULL if unicode_ready(out.encoding) else ASCII
    reading = entry.reading or Reading(entry.report.id, run="")
    out.print(_head(entry.report, signs), width=width)
    out.print(Padding(marked_text(entry.report, reading, signs), (1, 2)), width=width)
    if entry.reading is None:
        out.print(plain("No run has read this report yet.", style="dim"))
        return
    out.print(_legend(signs), width=width)
    out.print()
    out.print(who_says_what(entry.report, reading, signs), width=width)
    counts = f"{many(len(reading.statements), 'statement')}, {many(len(reading.events), 'event')}"
    out.print()
    out.print(plain(f"{counts}; read by run {reading.run}", style="dim"))


def who_says_what(report: Report, reading: Reading, signs: Signs) -> Tree:
    """Every statement under its speaker, inner ones under the outer; below each the events that it tells."""
    from rich.tree import Tree

    tree = Tree(plain("Who says what", style="bold"), guide_style="dim")
    numbers = {statement.id: number for number, statement in enumerate(reading.statements, start=1)}
    events = {event.id: event for event in reading.events}
    colours = speaker_colours(report, reading)
    inside = children(reading)

    def grow(branch: Tree, statement: Statement) -> None:
        number = signs.number(numbers[statement.id])
        label = _statement_line(report, statement, number, colour=colours[statement.id], signs=signs)
        leaf = branch.add(label)
        _add_events(leaf, report, events, statement.id, signs)
        for inner in inside.get(statement.id, []):
            grow(leaf, inner)

    for statement in inside.get(None, []):
        grow(tree, statement)
    if any(event.statement not in numbers for event in reading.events):
        leaf = tree.add(plain("The report itself", style="bold").append_text(plain(_in_brackets(report.outlet))))
        own = {key: event for key, event in events.items() if event.statement not in numbers}
        for event in own.values():
            leaf.add(_event_line(report, event, events, signs))
    if not reading.statements and not reading.events:
        tree.add(plain("Nothing was found in this report.", style="dim"))
    return tree


def _add_events(leaf: Tree, report: Report, events: Mapping[str, Event], statement: str, signs: Signs) -> None:
    for event in events.values():
        if event.statement == statement:
            leaf.add(_event_line(report, event, events, signs))


def _head(report: Report, signs: Signs) -> Text:
    from rich.text import Text

    head = plain(report.title or report.id, style="bold underline")
    facts = [report.outlet, day(report.published) if report.published else None, report.id if report.title else None]
    lines = [f" {signs.dot} ".join(fact for fact in facts if fact), report.url or report.origin or ""]
    return Text("\n").join([head, *(plain(line, style="dim") for line in lines if line)])


def _legend(signs: Signs) -> Text:
    from rich.text import Text

    one = signs.number(1)
    tag = f"{signs.before_kind}kind{signs.after_kind}"
    return Text.assemble(
        ("  ", ""),
        (f"speaker{one}", "bold cyan"),
        ("  ", ""),
        (f"[what it says]{one}", "cyan"),
        ("  ", ""),
        ("event", f"{EVENT} underline"),
        (tag, "red"),
        style="dim",
    )


def _statement_line(report: Report, statement: Statement, number: str, *, colour: str, signs: Signs) -> Text:
    """Number, speaker, side and kind, what it does ("denies"), to whom and when; on the next line the words."""
    from rich.text import Text

    speaker = speaker_of(statement, report.text)
    line = Text()
    line.append_text(plain(number + " ", style=colour))
    line.append_text(plain(speaker or "somebody not named", style=f"bold {colour}"))
    described = [statement.side if statement.side != speaker else None, statement.speaker_kind.replace("_", " ")]
    line.append_text(plain(_in_brackets(", ".join(word for word in described if word and word != "unknown"))))
    line.append_text(plain(f" {signs.dash} {third_person(statement.stance)}", style="italic"))
    if statement.told_to:
        line.append_text(plain(" to " + _words(report, statement.told_to, signs)))
    if statement.said_on:
        line.append_text(plain(f", {day(statement.said_on)}"))
    content = _words(report, statement.content, signs)
    if content:
        short = content
        if len(content) > QUOTED:
            short = content[:QUOTED].rsplit(" ", 1)[0].rstrip(".,;:") + signs.ellipsis
        before, after = signs.quotes
        quoted = short if short[0] in "“”\"'‘«" else f"{before}{short}{after}"
        line.append("\n").append_text(plain(quoted, style=colour))
    return line


def _event_line(report: Report, event: Event, events: Mapping[str, Event], signs: Signs) -> Text:
    """Kind and status, who to whom, where, when, toll, weapons; parts that nobody states are left out."""
    from rich.text import Text

    agents, targets = _names(report, event.agents), _names(report, event.targets)
    parts = [
        " ".join([agents, signs.arrow, targets] if targets else [agents]).strip(),
        _places(report, event.places),
        _days(event, signs),
        ", ".join(_toll(figure, targets, signs) for figure in event.toll),
        "with " + ", ".join(span.of(report.text) for span in event.weapons) if event.weapons else "",
    ]
    line = Text()
    line.append_text(plain(kind_label(event), style=EVENT))
    line.append_text(plain(f" {signs.quotes[0]}{event.trigger.of(report.text)}{signs.quotes[1]}", style="dim"))
    said = f" {signs.dot} ".join(part for part in parts if part)
    if said:
        line.append_text(plain("  " + said))
    first = events.get(event.same_as or "")
    if first is not None:
        again = f"  (the same as {signs.quotes[0]}{first.trigger.of(report.text)}{signs.quotes[1]})"
        line.append_text(plain(again, style="dim"))
    return line


def third_person(verb: str) -> str:
    """ "denies" for "deny": labels of stances are verbs."""
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + "s"


def day(value: date) -> str:
    """7 Nov 2023"""
    return f"{value.day} {value:%b} {value.year}"


def _days(event: Event, signs: Signs) -> str:
    first, last = event.first, event.last
    if first and last and first != last:
        return f"{day(first)} {signs.dash} {day(last)}"
    if first or last:
        known = first or last
        return day(known) if known else ""
    return ""


def _toll(figure: Figure, targets: str, signs: Signs) -> str:
    """ "at least 9 killed (farmers), 3 children among them"; who they are is left out where the targets say so."""
    low, high = figure.low, figure.high
    if high is None:
        count = f"at least {low:,}"
    elif low == high:
        count = f"{low:,}"
    elif low == 0:
        count = f"up to {high:,}"
    else:
        count = f"{low:,}{signs.dash}{high:,}"
    parts = (
        f"{'at least ' if p.high is None else ''}{p.low:,} {p.who or p.group}" for p in figure.parts if p.who or p.group
    )
    of_these = f", {listed} among them" if (listed := " and ".join(parts)) else ""
    over_time = " over some time" if figure.running else ""
    return (
        f"{count} {figure.effect}{over_time}" + (_in_brackets(figure.who) if figure.who != targets else "") + of_these
    )


def _names(report: Report, parties: Iterable[Party]) -> str:
    return ", ".join(dict.fromkeys(party.name or party.text.of(report.text) for party in parties))


def _places(report: Report, places: Iterable[Link]) -> str:
    named = list(places)
    countries = {place.best.country for place in named if place.best and place.best.country}
    words = ", ".join(place.name or place.text.of(report.text) for place in named)
    return words + _in_brackets(", ".join(sorted(countries)))


def _words(report: Report, spans: Spans, signs: Signs) -> str:
    return f" {signs.ellipsis} ".join(span.of(report.text) for span in spans)


def _in_brackets(words: str | None) -> str:
    return f" ({words})" if words else ""
