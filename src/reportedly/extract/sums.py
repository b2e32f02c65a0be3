"""The toll of one incident, summed from the events of one report that tells of it.

A report counts the same people again and again: in the headline, by group, in a second sentence. So figures are summed
only where they count different people. Nothing is made up: each end of a sum is a sum of figures that were read.

what counts       what is told as having happened. Denied, planned, feared and demanded tolls are left out, as are
                  running totals ("so far", "in the last year"), and an event's own agents unless its sides fight
one mention       counted once, however many events it belongs to ("a bomb killed two")
one event         the sum of its figures, unless the largest is the sum of the others: then it is the total of its parts
same happening    of an event and what mentions it again the largest figure: later mentions repeat it or name a part
several           tolls of different happenings add up, unless the report gives the same figure again
no figure         whom a killing names: "shot dead the mayor" has no figure, and one dead
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from reportedly.extract.effects import INJURED, KILLED, sums_up, to_death, told_effect
from reportedly.extract.figures import is_counted, read_figure
from reportedly.language import load_language
from reportedly.types import Event, Figure, Span

Range = tuple[int, int | None]
"""Low and high, both included; `None` for an open range."""

_MUTUAL = frozenset({"clash"})
_WORD = re.compile(r"[^\W\d_]+")
_WORD_OR_END = re.compile(r"[^\W\d_]+|[.;]")
_APPOSED = re.compile(r",? (?:identified|namely)\b")
_WORD_OR_NUMBER = re.compile(r"\s*([^\W_]+)")
_ALSO = re.compile(
    r"[^.;,\n]{0,60}?\b(?:were|was|had|have|has)\s+(?:\w+\s+)?also\b|[^.;,\n]{0,60}?\balso\s+(?:died|\w+ed)\b"
)
_NEAR = 60


def sum_toll(events: Sequence[Event], effect: str, *, text: str) -> Range | None:
    """The toll of `effect` over the events of one report about one incident; `None` where nobody is told as hit."""
    tolls = _by_happening(_of_its_day(events, effect), effect, text)
    if tolls:
        return _add(tolls)
    named = [_named(e, effect, text, events) for e in events if e.status == "asserted"]
    toll = max((toll for toll in named if toll is not None), key=_size, default=None) or _plainly(effect, text)
    return _bodies(text) if toll is None and effect == KILLED else toll


def lead_toll(events: Sequence[Event], effect: str, *, text: str) -> Range | None:
    """The toll that the report leads with: the first that it tells; `None` where nobody is told as hit.

    A report that weighs what several sources say sums them up first ("between five and seven people were killed").
    """
    first = next((f for e in events if (f := _figures(e, effect, text))), None)
    return sum_toll(events, effect, text=text) if first is None else _event_toll(first)


def _by_happening(events: Sequence[Event], effect: str, text: str) -> list[Range]:
    """What each happening comes to, those told "also" beside it."""
    seen: list[Span] = []
    happenings: dict[str, list[Range]] = {}
    others: list[Range] = []
    for event in events:
        figures = [f for f in _figures(event, effect, text) if not any(f.text.touches(s) for s in seen)]
        if seen:
            figures = [f for f in figures if not _anaphoric(f, text)]
        if figures:
            also = bool(seen) and all(_also(f, text) for f in figures)
            seen += [f.text for f in figures]
            told = others if also else happenings.setdefault(event.same_as or event.id, [])
            told.append(_event_toll(figures))
    return list(dict.fromkeys(max(told, key=_size) for told in happenings.values())) + list(dict.fromkeys(others))


def _anaphoric(figure: Figure, text: str) -> bool:
    """Whether a figure takes up those told before: "the villagers", "two of them"; a plain plural adds nobody."""
    words = _WORD.findall(figure.text.of(text).lower())
    return (
        (figure.high is None and figure.low == 2) or words[-1:] == ["them"] or words[:1] == ["all"] or words == ["the"]
    )


def _also(figure: Figure, text: str) -> bool:
    """Whether others than before are counted: "two guards were also killed"."""
    return _ALSO.match(text, figure.text.end) is not None


def _figures(event: Event, effect: str, text: str) -> list[Figure]:
    """The event's figures that count for its incident."""
    if event.status != "asserted":
        return []
    doers = () if event.kind in _MUTUAL else event.agents
    hit = {p.text for p in event.targets}
    figures = [
        f
        for f in sorted(event.toll, key=lambda f: f.text)
        if f.effect == effect
        and not (any(f.text.touches(p.text) for p in doers) and not any(f.text.touches(s) for s in hit))
        and not (f.running or sums_up(f.text, text))
    ]
    figures = [f for f in figures if not _does(f, event, figures, text)]
    return [f for at, f in enumerate(figures) if not _repeats(f, figures[:at], text)]


def _repeats(figure: Figure, before: Sequence[Figure], text: str) -> bool:
    """Whether a figure is a part of an earlier one, or the same person in other words."""
    gaps = [text[f.text.end : figure.text.start].lower() for f in before if f.text.end <= figure.text.start]
    words = [_WORD.findall(gap) for gap in gaps]
    parts = load_language("en").figure_words["parts"]
    part = any(set(w[-2:]).intersection(parts) for w in words)
    named = any(len(g) < _NEAR and g.startswith(",") and "and" not in w for g, w in zip(gaps, words, strict=True))
    return part or (figure.high == 1 and named)


def _does(figure: Figure, event: Event, figures: Sequence[Figure], text: str) -> bool:
    """Whether a figure stands as subject before an active verb that has its own: "50 men killed a guard"."""
    between = _WORD.findall(text[figure.text.end : event.trigger.start].lower())
    objects = (*(f.text for f in figures), *(p.text for p in event.targets))
    follows = any(0 <= span.start - event.trigger.end < 3 for span in objects)
    return (
        follows
        and figure.text.end <= event.trigger.start
        and not set(load_language("en").figure_words["be"]).intersection(between)
    )


def _of_its_day(events: Sequence[Event], effect: str) -> list[Event]:
    """The events but those that the text dates before the first one with a toll: "as in the blast of June 18"."""
    main = next((e.first for e in events if e.first and any(f.effect == effect for f in e.toll)), None)
    return [e for e in events if not (main and e.when_basis == "text" and e.last and e.last < main)]


def _named(event: Event, effect: str, text: str, events: Sequence[Event]) -> Range | None:
    """Those hit that an event names without counting them: its targets, if its own words or theirs tell the effect."""
    marked = sorted({t.text for e in events for t in e.targets} | {f.text for e in events for f in e.toll})
    words = load_language("en").figure_words
    trigger = set(_WORD.findall(event.trigger.of(text).lower()))
    near = set(_WORD.findall(text[event.trigger.end : event.trigger.end + _NEAR].lower().split(".")[0]))
    own = bool(trigger.intersection(words[effect])) if effect in words else False
    own |= effect == KILLED and event.kind == "shooting" and "dead" in near
    own |= effect == KILLED and to_death(text, event.trigger.start)
    if effect == INJURED and trigger.intersection(words["harmed"]):
        own = not to_death(text, event.trigger.end) and not any(f.effect == KILLED for f in event.toll)
    total: list[Range] = []
    end = None
    for target in sorted((p.text for p in event.targets), key=lambda t: t.start):
        gap = None if end is None else text[end : target.start].lower()
        end = target.end
        if gap is not None and len(gap) < _NEAR and "and" not in _WORD.findall(gap):
            continue  # the same person in other words: "a trader, Ali Omar"
        if own or told_effect(target, marked, text) == effect:
            total.append(_count(target.of(text)))
    return _add(total) if total else None


def _plainly(effect: str, text: str) -> Range | None:
    """The first figure that plain words give: what stands before "were injured", or behind "injuring", in a clause."""
    words = _all_effects()
    if effect not in words.values():
        return None
    start = 0
    for match in _WORD_OR_END.finditer(text):
        word = match[0].lower()
        if (
            word in {".", ";"}
            and text[match.end() : match.end() + 1].isspace()
            and not _abbreviates(text, match.start())
        ):
            start = match.end()
        if words.get(word) == effect and not sums_up(Span(*match.span()), text):
            behind = _APPOSED.split(text[match.end() : match.end() + _NEAR].split(".")[0])[0]
            follows = _WORD_OR_NUMBER.match(behind)
            active = word.endswith("ing") or (follows is not None and is_counted(follows[1].lower()))
            toll = read_figure(behind) if active and behind.strip() else _before(text[start : match.start()])
            if toll is not None:
                return toll
        if word in words:
            start = match.end()
    return None


def _bodies(text: str) -> Range | None:
    """The dead of whom bodies are told: "the body of a clerk was found", "two bodies", "the bodies of three men"."""
    bodies = "|".join(load_language("en").figure_words["bodies"])
    match = re.search(
        rf"\b(\w+\s+)?(?:[\w-]+\s+){{0,2}}?({bodies})\b(?:\s+of\s+([^.,;]{{1,40}}))?", text, re.IGNORECASE
    )
    if match is None:
        return None
    count = read_figure(match[1]) if match[1] and is_counted(match[1].strip().lower()) else None
    whose = match[3].split() if match[3] else []
    if whose and is_counted(whose[0].lower()):
        return read_figure(match[3])
    return count or (1, 1)


def _before(clause: str) -> Range | None:
    """What a clause before its verb counts: its first piece that counts anybody, without names."""
    clause = _APPOSED.split(clause.strip(" ,").removeprefix("and "))[0]
    pieces = [piece.strip() for piece in clause.split(",") if piece.strip()]
    counted = (p for p in pieces if any(is_counted(w.lower()) for w in _WORD_OR_NUMBER.findall(p)))
    piece = next(counted, pieces[0] if pieces else "")
    return read_figure(piece) if piece else None


def _abbreviates(text: str, at: int) -> bool:
    """Whether the full stop at `at` ends an initial: "D. K. Omar"."""
    return text[at - 1 : at].isupper() and not text[max(at - 2, 0) : at - 1].isalnum()


@cache
def _all_effects() -> dict[str, str]:
    lists = load_language("en").figure_words
    return {word: effect for effect in ("killed", "injured") for word in lists[effect]}


def _count(words: str) -> Range:
    """How many a target's words count; a name is one, whatever it ends in."""
    first = words.split()[0].lower()
    if words[0].isupper() and first not in load_language("en").numbers:
        return 1, 1
    return read_figure(words) or (1, 1)


def _event_toll(figures: Sequence[Figure]) -> Range:
    largest = max(figures, key=lambda f: f.low)
    others = sum(f.low for f in figures) - largest.low
    if len(figures) > 2 and largest.low == others:
        return largest.low, largest.high
    return _add((f.low, f.high) for f in figures)


def _add(tolls: Iterable[Range]) -> Range:
    low, high = 0, 0
    open_ended = False
    for least, most in tolls:
        low += least
        high += most or 0
        open_ended |= most is None
    return low, None if open_ended else high


def _size(toll: Range) -> tuple[int, int]:
    return toll[0], toll[1] or toll[0]
