"""Events of one report: each trigger with its kind, status, agents, targets, places, times, weapons and toll."""

from __future__ import annotations

from reportedly.extract.statements import Said, innermost
from reportedly.extract.tolls import read_tolls
from reportedly.model.decode import Floats, Found
from reportedly.model.heads import Heads, least, sentence_reach
from reportedly.model.shape import EFFECTS
from reportedly.model.words import Words
from reportedly.types import Event, Link, Party, Span, Spans


def find_events(
    words: Words, projections: Floats, triggers: list[Found], heads: Heads, *, text: str, statements: tuple[Said, ...]
) -> tuple[Event, ...]:
    """The events of a report in text order, with ids e1, e2 …; names and days are still to be looked up."""
    at = [(b, e) for b, e, _ in triggers]
    roles = heads.roles(projections, "trigger", at, sentence_reach(words.sentence, at))
    kinds, again = heads.kinds(projections, at)
    statuses = heads.classify("status", heads.mean(heads.part(projections, "status"), at))
    first = first_mentions(again)
    found = []
    counted = [{effect: quoted(words, own[effect]) for effect in EFFECTS} for own in roles]
    for i, (begin, end, sure) in enumerate(triggers):
        quotes = {name: quoted(words, ranges) for name, ranges in roles[i].items() if name not in EFFECTS}
        found.append(
            Event(
                id=f"e{i + 1}",
                trigger=words.span(begin, end - 1),
                kind=kinds[i].label,
                status=statuses[i].label,
                agents=tuple(Party(s) for s in quotes["agents"]),
                targets=tuple(Party(s) for s in quotes["targets"]),
                places=tuple(Link(s, s.of(text)) for s in quotes["places"]),
                times=quotes["times"],
                weapons=quotes["weapons"],
                statement=innermost(statements, begin),
                same_as=None if first[i] == i else f"e{first[i] + 1}",
                score=least(sure, kinds[i].score),
            )
        )
    return read_tolls(found, counted, text)


def quoted(words: Words, ranges: list[Found]) -> Spans:
    """The characters of ranges of words, in text order."""
    return tuple(words.span(b, e - 1) for b, e, _ in ranges)


def first_mentions(again: list[int | None]) -> list[int]:
    """For each trigger the first mention of its happening: itself, or the end of the chain of earlier ones."""
    first: list[int] = []
    for i, earlier in enumerate(again):
        first.append(i if earlier is None else first[earlier])
    return first


def span_of(words: Words, found: Found) -> Span:
    """The characters of one range of words."""
    return words.span(found[0], found[1] - 1)
