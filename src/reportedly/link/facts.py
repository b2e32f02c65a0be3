"""What linking looks at in a claim: days, places, sides, tolls and words, in a form that two claims can be compared in.

`facts_of` makes one `Facts` for each claim of a report; `merge` joins those of the claims that tell one happening.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reportedly.link.names import Names
from reportedly.types import Claim, Event, Link, Reading, Report, Span

Toll = tuple[str, int, int]
"""Effect, lowest and highest number; an open range ends at `OPEN`."""

OPEN = 10**9

_WORD = re.compile(r"[^\W\d_][\w’'-]*[^\W_]|\d+(?:[.,:]\d+)*")
_END = re.compile(r"[.!?][”\"’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])|\n+")
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|its|their|his|her|such)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)


_PARTS = {
    "morning": "dawn daybreak sunrise morning",
    "afternoon": "noon midday afternoon",
    "evening": "evening dusk sunset",
    "night": "night midnight overnight nightfall",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_HOUR = re.compile(r"\b(\d{1,2})(?::|\.)?(\d{2})?\s*(a\.?m\b|p\.?m\b|hours\b|o’clock|o'clock)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """One claim, or the claims of one report that tell one happening, as linking sees it.

    `key` is the (least) claim id, `claims` all of them. Days are ordinals. `places` are folded names, the most exact
    first, without names of states; `agents` and `targets` folded names. `words` are the rarer words of the sentences,
    `order`, `sentence` and `start` where the first claim stands in its report. `denied` says that every claim denies.
    """

    key: str
    claims: tuple[str, ...]
    report: str
    order: int
    sentence: int
    published: int | None
    kinds: tuple[str, ...]
    trigger: str
    definite: bool
    denied: bool
    unreal: bool
    statement: str | None
    first: int | None
    last: int | None
    places: tuple[str, ...]
    country: str | None
    point: tuple[float, float, float] | None
    agents: tuple[str, ...]
    targets: tuple[str, ...]
    weapons: tuple[str, ...]
    tolls: tuple[Toll, ...]
    words: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """Parts of the day: morning, afternoon, evening, night."""
    mentions_again: str | None = None
    """The key of the claim that the reader holds this one to mention again."""


def facts_of(report: Report, reading: Reading, claims: Sequence[Claim], names: Names) -> list[Facts]:
    """The facts of the claims of one reading, in its order. Claims of other events than the reading's are left out."""
    sentences = _sentences(report.text)
    events = {e.id: (n, e) for n, e in enumerate(reading.events)}
    keys = {c.event: c.id for c in claims}
    day = report.published.toordinal() if report.published else None
    made = []
    for claim in claims:
        if claim.event not in events:
            continue
        order, event = events[claim.event]
        at = _sentence_at(sentences, event.trigger.start)
        made.append(
            _facts(report, claim, event, order=order, at=at, published=day, span=sentences[at], names=names, keys=keys)
        )
    return made


def _facts(
    report: Report,
    claim: Claim,
    event: Event,
    *,
    order: int,
    at: int,
    published: int | None,
    span: Span,
    names: Names,
    keys: dict[str, str],
) -> Facts:
    text = report.text
    weapons = (_fold_words(w.of(text)) for w in event.weapons)
    return Facts(
        key=claim.id,
        claims=(claim.id,),
        report=report.id,
        order=order,
        sentence=at,
        published=published,
        kinds=(claim.kind,),
        trigger=names.stem(event.trigger.of(text)),
        definite=bool(_DEFINITE.search(text[max(0, event.trigger.start - 40) : event.trigger.start])),
        denied=claim.status == "denied",
        unreal=claim.status in ("planned", "possible", "demanded"),
        statement=claim.statement,
        first=_ordinal(claim.first),
        last=_ordinal(claim.last),
        places=_places(event.places, names),
        country=claim.country,
        point=_point(claim),
        agents=tuple(dict.fromkeys(n for a in claim.agents for n in names.parties(a))),
        targets=tuple(dict.fromkeys(n for a in claim.targets for n in names.parties(a))),
        weapons=tuple(dict.fromkeys(w for w in weapons if w)),
        tolls=tuple((f.effect, f.low, OPEN if f.high is None else f.high) for f in claim.toll if not f.running),
        words=rare_words(span.of(text), names),
        parts=parts_of_day(t.of(text) for t in event.times),
        mentions_again=keys.get(event.same_as) if event.same_as else None,
    )


def merge(several: Sequence[Facts]) -> Facts:
    """The facts of claims of one report that tell one happening, given in any order: everything that any of them says.

    Days are those that most of the dated ones share; a summary's or a guess's longer range doesn't widen them.
    """
    if len(several) == 1:
        return several[0]
    ordered = sorted(several, key=lambda f: (f.order, f.key))
    head = ordered[0]
    first, last = _common_days(ordered)
    point = next((f.point for f in sorted(ordered, key=lambda f: (f.point is None, f.point and f.point[2]))), None)
    return Facts(
        key=min(f.key for f in ordered),
        claims=tuple(sorted(c for f in ordered for c in f.claims)),
        report=head.report,
        order=head.order,
        sentence=head.sentence,
        published=head.published,
        kinds=_by_count(k for f in ordered for k in f.kinds),
        trigger=head.trigger,
        definite=head.definite,
        denied=all(f.denied for f in ordered),
        unreal=all(f.unreal for f in ordered),
        statement=head.statement,
        first=first,
        last=last,
        places=_places_of(ordered),
        country=next((f.country for f in ordered if f.country), None),
        point=point,
        agents=_by_count(a for f in ordered for a in f.agents),
        targets=_by_count(a for f in ordered for a in f.targets),
        weapons=_by_count(a for f in ordered for a in f.weapons),
        tolls=tuple(dict.fromkeys(t for f in ordered for t in f.tolls)),
        words=_by_count(w for f in ordered for w in f.words),
        parts=_by_count(p for f in ordered for p in f.parts),
    )


def rare_words(text: str, names: Names) -> tuple[str, ...]:
    """The words of `text` that tell it from others: names, numbers and what is seldom written, folded, each once."""
    folded = (names.stem(m.group()) for m in _WORD.finditer(text))
    return tuple(dict.fromkeys(w for w in folded if names.weight(w) > 0))


def parts_of_day(times: Iterable[str]) -> tuple[str, ...]:
    """The parts of the day that time expressions name: "Tuesday night" is night, "at 6.30 a.m." morning."""
    found: dict[str, None] = {}
    for words in times:
        found |= dict.fromkeys(_PART_OF[w] for w in _fold_words(words).split() if w in _PART_OF)
        for hour, _, half in _HOUR.findall(words):
            at = int(hour) % 12 + 12 if half.lower().startswith("p") else int(hour)
            found[
                "night" if at < 4 or at >= 21 else "morning" if at < 12 else "afternoon" if at < 17 else "evening"
            ] = None
    return tuple(found)


def _places(links: Iterable[Link], names: Names) -> tuple[str, ...]:
    found = (names.place(link.best.name if link.best else link.name) for link in links)
    return tuple(dict.fromkeys(p for p in found if p))


def _places_of(ordered: Sequence[Facts]) -> tuple[str, ...]:
    exact = [f.places[0] for f in ordered if f.places]
    wider = [p for f in ordered for p in f.places[1:]]
    return tuple(dict.fromkeys([*_by_count(e for e in exact if e not in wider), *_by_count(exact), *wider]))


def _common_days(ordered: Sequence[Facts]) -> tuple[int | None, int | None]:
    days = [(f.first, f.last) for f in ordered if f.first is not None and f.last is not None]
    if not days:
        return None, None
    counted = sorted(set(days), key=lambda d: (-days.count(d), d[1] - d[0], d))
    return counted[0]


def _by_count(values: Iterable[str]) -> tuple[str, ...]:
    listed = list(values)
    first = {v: n for n, v in reversed(list(enumerate(listed)))}
    return tuple(sorted(first, key=lambda v: (-listed.count(v), first[v])))


def _point(claim: Claim) -> tuple[float, float, float] | None:
    if claim.lat is None or claim.lon is None:
        return None
    return claim.lat, claim.lon, claim.radius_km or 0.0


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _fold_words(words: str) -> str:
    return " ".join(words.casefold().split())


def _sentences(text: str) -> list[Span]:
    """Roughly the sentences of `text`: where they begin matters here, not their exact ends."""
    starts = [0, *(m.end() for m in _END.finditer(text) if m.end() < len(text))]
    return [Span(a, b) for a, b in zip(starts, [*starts[1:], max(1, len(text))], strict=True)]


def _sentence_at(sentences: Sequence[Span], place: int) -> int:
    low, high = 0, len(sentences)
    while high - low > 1:
        middle = (low + high) // 2
        if sentences[middle].start <= place:
            low = middle
        else:
            high = middle
    return low
