"""What became of those counted, by the words beside them.

The model reads each event by itself. So one mention may be killed for one trigger and injured for another, or the men
who attack may pass for their victims. Where the words right beside a mention say what became of those counted ("three
others were injured", "killing two"), they decide; where they say nothing, the model's reading stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from reportedly.language import load_language
from reportedly.types import Event, Figure, Span

KILLED, INJURED, TAKEN = "killed", "injured", "taken"
_SETTLED = frozenset({KILLED, INJURED})
_REACH = 160
"""Code points behind a mention that are looked at."""
_NEAR = 40
"""Code points before a mention that are looked at."""
_TOKEN = re.compile(r"[^\W_]+|[.;:,\n]")


def settle_effects(events: Sequence[Event], text: str) -> tuple[Event, ...]:
    """The events with each toll of killed or injured under the effect that its own words tell.

    One whose words say that its people were taken or fled is dropped where some event has them as captured or missing.
    """
    marked = sorted({f.text for e in events for f in e.toll})
    held = [f.text for e in events for f in e.toll if f.effect not in _SETTLED]
    return tuple(replace(e, toll=_settled(e, marked, held, text)) if e.toll else e for e in events)


def _settled(event: Event, marked: Sequence[Span], held: Sequence[Span], text: str) -> tuple[Figure, ...]:
    both = {f.text for f in event.toll if f.effect == KILLED} & {f.text for f in event.toll if f.effect == INJURED}
    kept: list[Figure] = []
    for figure in sorted(event.toll, key=lambda f: f.text.start - f.text.end):
        told = None if figure.effect not in _SETTLED or figure.text in both else told_effect(figure.text, marked, text)
        if told == TAKEN and any(span.touches(figure.text) for span in held):
            continue
        settled = figure if told in {None, TAKEN} else replace(figure, effect=told or figure.effect)
        if not any(k.effect == settled.effect and k.text.touches(settled.text) for k in kept):
            kept.append(settled)
    return tuple(sorted(kept, key=lambda f: (f.effect != KILLED, f.effect != INJURED, f.effect, f.text)))


def told_effect(mention: Span, marked: Sequence[Span], text: str) -> str | None:
    """`killed`, `injured` or `taken` where the words beside a mention tell it; `None` where they don't.

    A verb right before it ("injuring two") goes before the first one that stands behind it in its clause, up to the
    next mention that counts somebody; the verb right before that one is its own. `marked` are all such mentions.
    """
    words = _words("en")
    own = _TOKEN.findall(mention.of(text).lower())
    if own and own[-1] in words.effects and "of" not in own:  # "four dead", not "two of the injured"
        return words.effects[own[-1]]
    start = max((m.end for m in marked if m.end <= mention.start), default=0)
    before = _TOKEN.findall(text[max(start, mention.start - _NEAR) : mention.start].lower())
    if before[-1:] == [":"]:  # "Killed: 10"
        before.pop()
    # "two killed, nine hurt": the verb of those before it
    headline = len(before) == 1 and 0 < start > mention.start - _NEAR
    if before and before[-1] in words.active and not headline and not words.be.intersection(before[-2:-1]):
        return words.effects[before[-1]]
    end = min((m.start for m in marked if m.start >= mention.end), default=len(text))
    behind = _TOKEN.findall(text[mention.end : min(end, mention.end + _REACH)].lower())
    for at, word in enumerate(behind):
        if word in words.ends or word == "\n":
            break
        if word not in words.effects:
            continue
        last = (
            behind[at + 1 :] in ([], ["of"]) and at and end < mention.end + _REACH
        )  # "and hurt nine", "and injury of 9"
        if last and not words.be.intersection(behind[max(0, at - 2) : at]):
            break
        if words.effects[word] != TAKEN or behind[at + 1 : at + 2] not in (["and"], [","]):
            return words.effects[word]
    if behind and set(behind) <= words.joins and end < len(text):
        # "nine guards and two boys were hurt"
        return told_effect(next(m for m in marked if m.start == end), marked, text)
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    effects: dict[str, str]
    active: frozenset[str]
    ends: frozenset[str]
    be: frozenset[str]
    joins: frozenset[str]


@cache
def _words(code: str) -> _Words:
    lists = load_language(code).figure_words
    effects = {word: effect for effect in (KILLED, INJURED, TAKEN) for word in lists[effect]}
    active = frozenset(w for w, effect in effects.items() if effect in _SETTLED and w not in {"died", "wounds"})
    return _Words(effects, active, frozenset(lists["clause_ends"]), frozenset(lists["be"]), frozenset({"and", ","}))
