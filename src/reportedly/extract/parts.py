"""Sub-figures: those of a toll's people of whom the report says more ("17 people, including 3 children").

A part stands in the mention itself ("11 men and 4 women"), in a list behind it ("…, among them two medics", "(7 police,
2 civilians)"), as a share of it ("seven of them women"), or in a sentence of its own ("The dead include two children").
It belongs to the nearest figure before it that can hold it. What is a part is no toll, whatever the model takes it for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reportedly.extract.figures import is_counted, read_figure
from reportedly.language import load_language
from reportedly.types import Event, Part, Span

GROUPS = ("children", "women", "men", "civilians", "combatants")
"""What `Part.group` may be; who is several of them ("women fighters") is the last that the words name."""

_REACH = 110
"""Code points between a figure and the words that open its parts, in one sentence."""
_FAR = 400
"""The same for parts in a sentence of their own."""
_LONGEST = 60
"""Code points of one part."""
_SENTENCE = re.compile(r"[.!?](?=\s+[^\W\d_a-z]|\s*$)|\n")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_COMMA = re.compile(r"\s*(?:,\s*(?:and\s+)?|\band\s+)")
_ITEM_END = re.compile(r"[,.;:()–—\n]|\s-\s|$")


@dataclass(frozen=True, slots=True)
class _Zone:
    """Parts that one piece of text lists: `opens` where it begins, `effect` whose they are if it says so."""

    opens: int
    parts: tuple[Part, ...]
    effect: str | None = None


def with_parts(events: Sequence[Event], text: str) -> tuple[Event, ...]:
    """The events, each toll with its parts; a toll that is a part of another of the same effect is dropped."""
    hosts = sorted({(f.text, f.effect, f.low, f.high) for e in events for f in e.toll}, key=lambda h: h[0])
    if not hosts:
        return tuple(events)
    found: dict[tuple[Span, str], list[Part]] = {}
    for span, effect, low, _ in hosts:
        listed = _listed(span, text)
        if listed and sum(p.low for p in listed) == low:
            found[span, effect] = list(listed)
    for zone in sorted((*_zones(text), *_brackets(hosts, text)), key=lambda zone: zone.opens):
        # What is a part already holds no parts.
        taken = [p.text for parts in found.values() for p in parts]
        free = [h for h in hosts if not any(t.touches(h[0]) and (t == h[0] or not h[0].holds(t)) for t in taken)]
        host = _host(zone, free, text)
        for span, effect, _, _ in free if host else ():
            if span == host:
                found.setdefault((span, effect), []).extend(zone.parts)
    return tuple(_parted(e, found) for e in events) if found else tuple(events)


def _parted(event: Event, found: dict[tuple[Span, str], list[Part]]) -> Event:
    kept = []
    for figure in event.toll:
        part = any(
            effect == figure.effect and span != figure.text and any(p.text.touches(figure.text) for p in parts)
            for (span, effect), parts in found.items()
        )
        if not part:
            own = _apart(found.get((figure.text, figure.effect), ()))
            kept.append(replace(figure, parts=own) if own else figure)
    return replace(event, toll=tuple(kept))


def _apart(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts in text order, of those that touch the first found."""
    kept: list[Part] = []
    for part in parts:
        if not any(part.text.touches(k.text) for k in kept):
            kept.append(part)
    return tuple(sorted(kept, key=lambda p: p.text))


def _host(zone: _Zone, hosts: Sequence[tuple[Span, str, int, int | None]], text: str) -> Span | None:
    """The nearest figure before a zone that counts enough people to hold its parts."""
    least = max(p.low for p in zone.parts)
    end = bisect_left(hosts, zone.opens, key=lambda h: h[0].start)
    for span, effect, low, high in reversed(hosts[:end]):
        near = min(span.end, zone.opens)
        far = zone.effect is not None
        if zone.opens - near > (_FAR if far else _REACH) or (not far and _SENTENCE.search(text, near, zone.opens)):
            return None
        if (zone.effect or effect) != effect or (low < 2 and high is not None) or (high is not None and least > high):
            continue
        return span
    return None


def _zones(text: str) -> Iterator[_Zone]:
    """Every list of parts in the text, in text order."""
    words = _words("en")
    for match in words.openers.finditer(text):
        parts = _items(text, match.end())
        if parts:
            yield _Zone(match.start(), parts, words.subjects.get((match["subject"] or match["who"] or "").lower()))
    for match in words.shares.finditer(text):
        part = _share(match, text)
        if part:
            yield _Zone(part.text.start, (part,), words.subjects.get((match["subject"] or "").lower()))


def _brackets(hosts: Sequence[tuple[Span, str, int, int | None]], text: str) -> Iterator[_Zone]:
    """Lists right behind a figure: "(7 police, 2 civilians)", "– three men and a boy –", ", three men and a boy,"."""
    for span, _, low, high in hosts:
        opens = _words("en").bracket.match(text, span.end)
        parts = _items(text, opens.end()) if opens else ()
        if not opens or not parts or any(p.text.of(text).isdecimal() for p in parts):
            continue
        total = sum(p.low for p in parts)
        grouped = not opens[0].rstrip().endswith(",") and all(p.group for p in parts)
        if total == low or (grouped and (high is None or total <= high)):
            yield _Zone(opens.start(), parts)


def _share(match: re.Match[str], text: str) -> Part | None:
    """ "seven of them women", "three of whom were children", "two of the dead"."""
    begin = _count_before(text, match.start())
    if begin is None:
        return None
    count = read_figure(text[begin : match.start()])
    end = _item_end(text, match.end())
    who = text[match.end() : end].strip()
    if count is None:
        return None
    group = _words("en").group_of(who)
    if group is None and match["subject"] is None:
        return None
    return Part(Span(begin, match.start()), *count, who=who if group else None, group=group)


def _count_before(text: str, end: int) -> int | None:
    """Where the number or "most" starts that stands right before `end`; `None` where none does."""
    words = list(_WORD.finditer(text, max(0, end - 30), end))
    begin = None
    for match in reversed(words):
        if text[match.end() : end if begin is None else begin].strip():
            break
        if not is_counted(match[0].lower()):
            break
        begin = match.start()
    return begin


def _items(text: str, at: int) -> tuple[Part, ...]:
    """The parts listed from `at` on: counted nouns with commas and "and" between them."""
    found: list[Part] = []
    while True:
        while at < len(text) and text[at] in " :":
            at += 1
        end = _item_end(text, at)
        part = _item(text, at, end)
        if part is not None:
            found.append(part)
        elif not text[at : at + 1].isupper():  # a name counts one, and is no figure
            return tuple(found)
        joint = _COMMA.match(text, end)
        if joint is None:
            return tuple(found)
        at = joint.end()


def _item(text: str, at: int, end: int) -> Part | None:
    words = text[at:end].strip()
    lists = _words("en")
    tokens = [w.lower() for w in _WORD.findall(words)]
    if not tokens or lists.no_part.intersection(tokens) or not lists.opens(words, tokens[0]):
        return None
    after = [w.lower() for w in _WORD.findall(text[end : end + 30])[:2]]
    if after and after[0] in lists.be and lists.verbs.intersection(after[1:]) and text[end : end + 1] != ",":
        return None  # "and three were injured": a toll of its own
    count = read_figure(words)
    if count is None or count[0] == 0:
        return None
    return Part(Span(at, at + len(words)), *count, who=_who(words), group=lists.group_of(words))


def _who(words: str) -> str | None:
    """What those in a part are called, without their number, their age and their names."""
    lists = _words("en")
    kept = [w for w in _WORD.findall(words) if not is_counted(w.lower()) and w.lower() not in lists.ages]
    own = next((at for at, w in enumerate(kept) if w[0].isupper() and at and kept[at - 1].islower()), len(kept))
    named = all(w[0].isupper() for w in kept[:own]) and not lists.ages.isdisjoint(_LETTERS.findall(words.lower()))
    return None if named else " ".join(kept[:own]) or None


def _item_end(text: str, at: int) -> int:
    """Where the item that starts at `at` ends: at a mark, a joining "and", or a word that goes on otherwise."""
    lists = _words("en")
    stop = _ITEM_END.search(text, at, min(len(text), at + _LONGEST))
    limit = stop.start() if stop else min(len(text), at + _LONGEST)
    for match in _WORD.finditer(text, at, limit):
        word = match[0].lower()
        if match.start() > at and (word == "and" or word in lists.ends):
            return at + len(text[at : match.start()].rstrip())
    return limit


def _listed(mention: Span, text: str) -> tuple[Part, ...]:
    """The parts of a mention that is a list itself: "11 men and 4 women"."""
    words = mention.of(text)
    if " and " not in words and "," not in words:
        return ()
    parts = _items(text[: mention.end], mention.start)
    return parts if len(parts) > 1 else ()


@dataclass(frozen=True, slots=True)
class _Lists:
    bracket: re.Pattern[str]
    bound: re.Pattern[str]
    openers: re.Pattern[str]
    shares: re.Pattern[str]
    subjects: dict[str, str]
    groups: dict[str, str]
    no_part: frozenset[str]
    ages: frozenset[str]
    owners: frozenset[str]
    ends: frozenset[str]
    be: frozenset[str]
    verbs: frozenset[str]

    def opens(self, words: str, first: str) -> bool:
        """Whether words begin with a number, a bound and one ("at least one child"), or an owner ("his wife")."""
        return is_counted(first) or first in self.owners or self.bound.match(words) is not None

    def group_of(self, words: str) -> str | None:
        """The group that the last word of these that names one stands for."""
        named = [self.groups[w] for w in _WORD.findall(words.lower()) if w in self.groups]
        return named[-1] if named else None


@cache
def _words(code: str) -> _Lists:
    language = load_language(code)
    lists = language.figure_words
    subjects = {w: effect for effect in ("killed", "injured") for w in lists[f"part_subjects_{effect}"]}
    subject = rf"(?P<subject>{'|'.join(subjects)})"
    openers = "|".join(w.replace(" ", r"\s+") for w in sorted(lists["part_openers"], key=len, reverse=True))
    be = "|".join(lists["be"])
    them = "|".join(w.replace(" ", r"\s+") for w in lists["of_them"])
    verbs = "|".join(w for effect in ("killed", "injured") for w in lists[effect])
    bounds = "|".join(p for name in ("at_least", "more_than", "up_to", "about") for p in language.bounds[name])
    return _Lists(
        bound=re.compile(rf"(?:{bounds})\s+\w", re.IGNORECASE),
        bracket=re.compile(rf"(?:\s+(?:{verbs}))?\s*(?:\(|,?\s+[–—-]\s+|,\s+)", re.IGNORECASE),
        openers=re.compile(
            rf"\b(?:(?:among|amongst|of)\s+(?:the|those)\s+{subject}(?:\s+(?:{be}))?|the\s+(?P<who>{'|'.join(subjects)})\s+"
            rf"(?:include|included|includes)|(?:{openers})(?:\s+(?:{be}))?)\b",
            re.IGNORECASE,
        ),
        shares=re.compile(rf"\s(?:(?:{them})|of\s+(?:the|those)\s+{subject})\b(?:\s+(?:{be}))?", re.IGNORECASE),
        subjects=subjects,
        groups={w: group for group in GROUPS for w in lists[group]},
        no_part=frozenset(lists["no_part"]),
        ages=frozenset({*lists["age_units"], *lists["old"]}),
        owners=frozenset(lists["owners"]) - {"the"},
        ends=frozenset(
            {
                *lists["part_ends"],
                *lists["stops"],
                *lists["be"],
                *lists["clause_ends"],
                *lists["killed"],
                *lists["injured"],
            }
        ),
        be=frozenset(lists["be"]),
        verbs=frozenset({*lists["killed"], *lists["injured"], *lists["taken"]}),
    )
