"""The tolls of a report's events, from the words that the model takes for them.

The words come to numbers (`figures`), the words beside them say what became of those counted (`effects`), one number
for killed and injured alike opens downwards, and what is a part of another toll goes there (`parts`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reportedly.extract.effects import INJURED, KILLED, counts_both, settle_effects, sums_up, told_effect
from reportedly.extract.figures import is_counted, read_figure
from reportedly.extract.parts import with_parts
from reportedly.language import load_language
from reportedly.types import Event, Figure, Span, Spans

_BOUND = 30
"""Code points before a mention in which a bound word may begin."""
_CHANGE = 60
"""Code points before a mention in which a correction may begin."""
_TO = re.compile(r"\bto\s+")
_COUNTED = re.compile(r"\s+([^\W_][^\W_,.]*(?:[.,]\d+)*)(?:\s+(?![^\W\d_]+ing\b|in\b|of\b|at\b)[^\W\d_]+)?")
_HURTS = frozenset("clash air_strike shelling bombing shooting killing abuse attack riot protest advance".split())
"""Kinds of events that kill and injure."""
_DOUBT = 0.25
"""An event is about as sure as another that is not surer by so much."""
_LAST = re.compile(r"[^\W\d_]+(?=,?\s+$)")
_BOTH = (KILLED, INJURED)


def read_tolls(events: Sequence[Event], quotes: Sequence[Mapping[str, Spans]], text: str) -> tuple[Event, ...]:
    """The events with their tolls; `quotes` are each event's mentions by effect, as the model gives them."""
    found = []
    for event, own in zip(events, quotes, strict=True):
        read = tuple(f for effect, spans in own.items() for f in tolls(effect, spans, text))
        found.append(replace(event, toll=read) if read or event.toll else event)
    marked = sorted({f.text for e in found for f in e.toll})
    if not marked:
        return tuple(found)
    widened = [replace(e, toll=widen(e.toll, marked, text)) if e.toll else e for e in found]
    return with_parts(once(settle_effects(widened, text), text), text)


def tolls(effect: str, spans: Spans, text: str) -> list[Figure]:
    """A toll for each mention that counts something."""
    if not spans:
        return []
    alone = _bounds("en").bound
    whole = joined([complete(span, text) for span in spans], text)
    valid = [new for span in whole if (new := corrected(span, text)) and not alone.fullmatch(new.of(text))]
    read = [(span, read_figure(span.of(text))) for span in valid]
    return [Figure(effect, span, *figure, running=sums_up(span, text)) for span, figure in read if figure is not None]


def once(events: Sequence[Event], text: str) -> tuple[Event, ...]:
    """The events with each figure at one of them: "a bomb killed two" has one toll, whichever words tell the event.

    A figure stays at the surest event; of those that are about as sure, where the verb beside it is the event
    ("killed"), else at a deed that hurts, and there at the nearest.
    """
    claims: dict[tuple[Span, str], list[tuple[int, Figure]]] = {}
    for at, event in enumerate(events):
        for figure in event.toll:
            claims.setdefault((figure.text, figure.effect), []).append((at, figure))
    homes: dict[tuple[Span, str], int] = {}
    for key, held in claims.items():
        surest = max(events[at].score or 0.0 for at, _ in held)
        sure = [(at, figure) for at, figure in held if (events[at].score or 0.0) > surest - _DOUBT]
        homes[key] = min(sure, key=lambda one: _rank(events[one[0]], one[1], text))[0]
    return tuple(
        replace(e, toll=tuple(f for f in e.toll if homes[f.text, f.effect] == at)) if e.toll else e
        for at, e in enumerate(events)
    )


def _rank(event: Event, figure: Figure, text: str) -> tuple[bool, bool, int]:
    """How far a figure is from an event."""
    words = load_language("en").figure_words
    tells = figure.effect in words and not set(words[figure.effect]).isdisjoint(event.trigger.of(text).lower().split())
    apart = max(figure.text.start - event.trigger.end, event.trigger.start - figure.text.end)
    return not tells, figure.effect in _BOTH and event.kind not in _HURTS, apart


def joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Mentions in text order, those that touch or have but a space between them as one: "two women" "cadres"."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start <= kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(span.end, kept[-1].end))
        elif kept and text[kept[-1].end : span.start] == " " and not _counts(span, text):
            kept[-1] = Span(kept[-1].start, span.end)
        elif not _names_a_unit(span, text):
            kept.append(span)
    return kept


def _counts(span: Span, text: str) -> bool:
    return is_counted(span.of(text).split()[0].lower())


def _names_a_unit(span: Span, text: str) -> bool:
    """Whether a mention's number belongs to the word before it: "company 6 of the front"."""
    before = _LAST.search(text, max(0, span.start - _BOUND), span.start)
    return (
        text[span.start].isdecimal()
        and before is not None
        and before[0].lower() in load_language("en").figure_words["units_named"]
    )


def complete(mention: Span, text: str) -> Span:
    """A mention with the bound words before it and, where it is but such words itself, with what they bind.

    "15 people" behind "at least", "another" before "645,000"; "five" behind "one of the" is that one.
    """
    bounds = _bounds("en")
    before = bounds.before.search(text, max(0, mention.start - _BOUND), mention.start)
    start = before.start() if before else mention.start
    share = bounds.share.search(text, max(0, start - _BOUND), start)
    if share and is_counted(share[1].lower()):
        start = share.start()
    bracket = mention.of(text).find("(")
    if bracket > 0 and ")" not in mention.of(text):
        mention = Span(mention.start, mention.start + bracket)
    age = bounds.age.match(text, mention.end)
    if age and mention.of(text)[-1].isdecimal():  # "a 30" of "a 30-year-old clerk"
        return Span(start, age.end())
    if not bounds.alone.fullmatch(mention.of(text)):
        return Span(start, mention.end)
    counted = _COUNTED.match(text, mention.end)
    return Span(start, counted.end() if counted and is_counted(counted[1].lower()) else mention.end)


def corrected(mention: Span, text: str) -> Span | None:
    """The figure that holds where one is corrected: of "raised from 19 to 22" the 22; `None` for the one given up."""
    bounds = _bounds("en")
    change = bounds.change.search(text, max(0, mention.start - _CHANGE), mention.end)
    if change is None:
        return mention
    later = _TO.search(mention.of(text))
    if later:
        return Span(mention.start + later.end(), mention.end)
    return None if change.end() >= mention.start else mention


@dataclass(frozen=True, slots=True)
class _Bounds:
    before: re.Pattern[str]
    alone: re.Pattern[str]
    share: re.Pattern[str]
    bound: re.Pattern[str]
    change: re.Pattern[str]
    age: re.Pattern[str]


@cache
def _bounds(code: str) -> _Bounds:
    language = load_language(code)
    phrases = [p for name in ("at_least", "more_than", "up_to", "fewer_than") for p in language.bounds[name]]
    # "over" and "from" before a number are as often prepositions.
    sure = "|".join(p.replace(" ", r"\s+") for p in phrases if " " in p or p in language.figure_words["bound_alone"])
    alone = "|".join([*phrases, *language.bounds["about"], *language.figure_words["one"]])
    return _Bounds(
        re.compile(rf"\b(?:{sure})\s+(?:{'|'.join(language.bounds['about'])})?\s*$", re.IGNORECASE),
        re.compile(rf"(?:{alone})(?:\s+(?:{alone}))?", re.IGNORECASE),
        re.compile(
            rf"\b([^\W_]+)\s+of\s+(?:the|these|those|{'|'.join(language.figure_words['owners'])})\s+$", re.IGNORECASE
        ),
        re.compile("|".join(["the", *phrases]), re.IGNORECASE),
        re.compile(
            rf"\b(?:{'|'.join(language.figure_words['revised'])})\b(?:\s+[^\W\d_]+){{0,6}}?\s+from\s+", re.IGNORECASE
        ),
        re.compile(
            rf"[-\s](?:{'|'.join(language.figure_words['age_units'])})[-\s](?:{'|'.join(language.figure_words['old'])})\b(?:\s[^\W\d_]+)?"
        ),
    )


def widen(toll: Sequence[Figure], marked: Sequence[Span], text: str) -> tuple[Figure, ...]:
    """One event's figures, those of killed and injured at once under both effects and opened downwards.

    "50 killed or injured", "50 casualties": each effect is 0 to 50, as the guide has it. So is what the model takes for
    both where no word tells which; but a single person is one who was injured and died, and where civilians "were
    killed and injured" some are surely either.
    """
    killed, injured = ({f.text for f in toll if f.effect == effect} for effect in _BOTH)
    joint: dict[Span, bool] = {}
    for figure in toll:
        if figure.effect in _BOTH and figure.high != 1:
            how = counts_both(figure.text, text)
            unsaid = figure.text in killed & injured and told_effect(figure.text, marked, text) not in _BOTH
            if how or unsaid:
                joint[figure.text] = how != "and" or figure.high is not None
    kept: list[Figure] = []
    for figure in toll:
        opened = figure.effect in _BOTH and figure.text in joint
        low = 0 if joint.get(figure.text) else figure.low
        both = [replace(figure, effect=effect, low=low) for effect in _BOTH] if opened else [figure]
        kept += [f for f in both if f not in kept]
    return tuple(kept)
