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

from reportedly.extract.figures import is_counted
from reportedly.language import load_language
from reportedly.types import Event, Figure, Span

KILLED, INJURED, TAKEN, DID = "killed", "injured", "taken", "did"
_SETTLED = frozenset({KILLED, INJURED})
_REACH = 160
"""Code points behind a mention that are looked at."""
_NEAR = 40
"""Code points before a mention that are looked at."""
_TO_DEATH = re.compile(r"\bto (?:the )?death\b", re.IGNORECASE)
_BREAK = re.compile(r"[.!?][\"'”’]?(?=\s+[\"'“‘]?[^\W\d_a-z]|\s*$)|\n")
_HOURS = r"\s+(?:\S+\s+)?(?:hours?|nights?)\b"
"""After "in the last": a time in which one incident may well have gone on."""
_SENTENCE = 400
"""Code points of a sentence that are looked at on either side of a mention."""
_TOKEN = re.compile(r"[^\W_]+|[.;:,\n]")


def settle_effects(events: Sequence[Event], text: str) -> tuple[Event, ...]:
    """The events with each toll of killed or injured under the effect that its own words tell.

    One whose words say that its people were taken or fled is dropped where some event has them as captured or missing.
    """
    marked = sorted({f.text for e in events for f in e.toll})
    held = [f.text for e in events for f in e.toll if f.effect not in _SETTLED]
    return tuple(replace(e, toll=_settled(e, marked, held, text)) if e.toll else e for e in events)


def _settled(event: Event, marked: Sequence[Span], held: Sequence[Span], text: str) -> tuple[Figure, ...]:
    killed, injured = (
        {f.text for f in event.toll if f.effect == effect and f.high != 1} for effect in (KILLED, INJURED)
    )
    both = {span for span in killed & injured if counts_both(span, text) or told_effect(span, marked, text) is None}
    kept: list[Figure] = []
    for figure in sorted(event.toll, key=lambda f: f.text.start - f.text.end):
        told = None if figure.effect not in _SETTLED or figure.text in both else told_effect(figure.text, marked, text)
        if told == DID or (told == TAKEN and any(span.touches(figure.text) for span in held)):
            continue
        settled = figure if told in {None, TAKEN} else replace(figure, effect=told or figure.effect)
        if not any(k.effect == settled.effect and k.text.touches(settled.text) for k in kept):
            kept.append(settled)
    return tuple(sorted(kept, key=lambda f: (f.effect != KILLED, f.effect != INJURED, f.effect, f.text)))


def told_effect(mention: Span, marked: Sequence[Span], text: str) -> str | None:
    """`killed`, `injured`, `taken` or `did` where the words beside a mention tell it; `None` where they don't.

    A verb right before it ("injuring two") goes before the first one that stands behind it in its clause, up to the
    next mention that counts somebody; the verb right before that one is its own. `did` are those who strike ("fifty
    men opened fire", "by two men"). `marked` are all such mentions.
    """
    words = _words("en")
    own = _TOKEN.findall(mention.of(text).lower())
    if own and own[-1] in words.effects and "of" not in own:  # "four dead", not "two of the injured"
        return words.effects[own[-1]]
    if own and own[-1] in words.deeds:
        return DID
    told = _told_before(mention, marked, text)
    if told is not None:
        return told
    end = min((m.start for m in marked if m.start >= mention.end), default=len(text))
    behind = _TOKEN.findall(text[mention.end : min(end, mention.end + _REACH)].lower())
    for at, word in enumerate(behind):
        if word in words.ends or word == "\n":
            break
        if word in words.harmed and words.be.intersection(behind[max(0, at - 2) : at]):
            then = next((w for w in behind[at + 1 : at + 5] if w in words.effects), None)
            if then is None:
                return KILLED if behind[at + 1 : at + 3] == ["to", "death"] else INJURED
        if word in words.deeds and not words.be.intersection(behind[max(0, at - 2) : at]):
            return DID if at < 4 else None
        if word not in words.effects:
            continue
        # "and hurt nine", "and injury of 9"
        last = behind[at + 1 :] in ([], ["of"]) and at and end < mention.end + _REACH
        if last and not words.be.intersection(behind[max(0, at - 2) : at]):
            break
        if word.endswith("ing") and behind[at + 1 : at + 2] and is_counted(behind[at + 1]):
            break  # "…, wounding several others"
        if words.effects[word] != TAKEN or behind[at + 1 : at + 2] not in (["and"], [","]):
            return words.effects[word]
    if behind and set(behind) <= words.joins and end < len(text):
        # "nine guards and two boys were hurt"
        return told_effect(next(m for m in marked if m.start == end), marked, text)
    return _of_list(mention, marked, text)


def _told_before(mention: Span, marked: Sequence[Span], text: str) -> str | None:
    """What the words right before a mention tell, as `told_effect`."""
    words = _words("en")
    start = max((m.end for m in marked if m.end <= mention.start), default=0)
    before = _TOKEN.findall(text[max(start, mention.start - _NEAR) : mention.start].lower())
    if before[-1:] == [":"]:  # "Killed: 10"
        before.pop()
    # "two killed, nine hurt": the verb of those before it
    headline = len(before) == 1 and 0 < start > mention.start - _NEAR
    following = _TOKEN.findall(text[mention.end : mention.end + _NEAR].lower())[:1]
    own_verb = before[-1:] and not before[-1].endswith("ing") and words.effects.get("".join(following)) in _SETTLED
    if (
        before
        and before[-1] in words.active
        and not (headline or own_verb)
        and not words.be.intersection(before[-2:-1])
    ):
        return words.effects[before[-1]]
    if before and before[-1] in words.doers:
        return DID
    if before[-2:] == ["to", "death"]:  # "stabbed to death a clerk"
        return KILLED
    hits = before[:-1] if before[-1:] == ["up"] else before
    if hits and hits[-1] in words.harmed and not words.be.intersection(hits[-2:-1]):
        return KILLED if to_death(text, mention.end) else INJURED
    return None


def _of_list(mention: Span, marked: Sequence[Span], text: str) -> str | None:
    """The verb right before the list in which a mention stands: "killed a guard, two boys as well as a clerk"."""
    words = _words("en")
    first = mention
    for earlier in reversed([m for m in marked if m.end <= mention.start]):
        between = _TOKEN.findall(text[earlier.end : first.start].lower())
        if not set(between) <= words.joins:
            break
        first = earlier
    before = _TOKEN.findall(text[max(0, first.start - _NEAR) : first.start].lower())
    if first == mention or not before or before[-1] not in words.active or words.be.intersection(before[-2:-1]):
        return None
    return words.effects[before[-1]]


def sums_up(mention: Span, text: str) -> bool:
    """Whether the sentence of a mention sums up many incidents: "so far this year", "since 2011"."""
    start = max(
        (m.end() for m in _BREAK.finditer(text, max(0, mention.start - _SENTENCE), mention.start)), default=None
    )
    start = max(0, mention.start - _SENTENCE) if start is None else start
    stop = _BREAK.search(text, mention.end, mention.end + _SENTENCE)
    return _running("en").search(text, start, stop.start() if stop else mention.end + _SENTENCE) is not None


@cache
def _running(code: str) -> re.Pattern[str]:
    language = load_language(code)
    phrases = sorted(language.figure_words["running"], key=len, reverse=True)
    months = "|".join(re.escape(m) for m in language.months if len(m) > 3)
    return re.compile(
        rf"\b(?:{'|'.join(phrases)}|since\s+(?:\d{{4}}|(?:{months})\b(?:\s+\d{{4}})?))\b(?!{_HOURS})", re.IGNORECASE
    )


def to_death(text: str, at: int) -> bool:
    """Whether those told of right before `at` died of it: "beat two men to death"."""
    return _TO_DEATH.search(text[at : at + _NEAR].split(".")[0]) is not None


def counts_both(mention: Span, text: str) -> str | None:
    """How one mention counts killed and injured alike: "or" ("50 casualties", "50 killed or injured"), "and", or not.

    A verb with those it counts behind it is none of the two: "five were killed and wounded three".
    """
    words = _words("en")
    own = _TOKEN.findall(mention.of(text).lower())
    if words.casualties.intersection(own):
        return "or"
    before: list[str] = _TOKEN.findall(text[max(0, mention.start - _NEAR) : mention.start].lower())
    if words.pair(before[-3:]):
        return before[-2]
    behind: list[str] = _TOKEN.findall(text[mention.end : mention.end + _REACH].lower())
    if own and own[-1] in words.effects:  # "15 killed or wounded", of which the mention has the first two words
        behind.insert(0, own[-1])
    first = next((at for at, w in enumerate(behind) if w in words.effects or w in words.ends or w == "\n"), 0)
    pair, follows = behind[first : first + 3], behind[first + 3 : first + 4]
    return pair[1] if words.pair(pair) and not (follows and is_counted(follows[0])) else None


@dataclass(frozen=True, slots=True)
class _Words:
    effects: dict[str, str]
    active: frozenset[str]
    ends: frozenset[str]
    be: frozenset[str]
    joins: frozenset[str]
    casualties: frozenset[str]
    harmed: frozenset[str]
    doers: frozenset[str]
    deeds: frozenset[str]

    def pair(self, tokens: Sequence[str]) -> bool:
        """Whether these are the words for two effects with "or" or "and" between them."""
        if len(tokens) != 3 or tokens[1] not in {"or", "and"}:
            return False
        return {self.effects.get(tokens[0]), self.effects.get(tokens[2])} == _SETTLED


@cache
def _words(code: str) -> _Words:
    lists = load_language(code).figure_words
    effects = {word: effect for effect in (KILLED, INJURED, TAKEN) for word in lists[effect]}
    active = frozenset(w for w, effect in effects.items() if effect in _SETTLED and w not in {"died", "wounds"})
    return _Words(
        effects=effects,
        active=active,
        ends=frozenset(lists["clause_ends"]),
        be=frozenset(lists["be"]),
        joins=frozenset({"and", ",", "as", "well"}),
        casualties=frozenset(lists["casualties"]),
        harmed=frozenset(lists["harmed"]),
        doers=frozenset(lists["doers"]),
        deeds=frozenset(lists["deeds"]),
    )
