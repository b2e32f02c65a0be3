"""How far the tellers of an incident agree: for each fact the versions, who holds each, and a verdict by these rules.

Nothing is averaged, and nobody is called a liar: a verdict says how the versions stand to each other, and not which of
them is true.

Facts
    happened · who (did it) · whom (it was done to) · where · when · for each effect (killed, injured …) how many

Voices and origins
    A *voice* is whoever stands behind a claim: the side that a named speaker speaks for, else the speaker; the outlet
    for what a report says itself; an unnamed speaker is one voice in each text, or with each outlet that they told it
    to. Two claims are of independent *origins* where neither the voice nor the text (`origins`) is the same. So an army
    quoted by three papers is one origin, and so is an agency's report printed by three.

Verdicts, the first that fits:

    disputed        Two versions that are held now can't both be true, or one teller denies what another says.
                    The ministry says that nine died, a doctor that fourteen did.
    revised         A teller changed their version to one that can't be true beside the old one, and nobody else
                    contradicts it. The police say that three were hurt, the next day that five were.
    acknowledged    Someone else says it, and the side that it speaks against says it too: those who did it, or, of a
                    loss, those who suffered it. Residents say that the army shelled the school; the army confirms it.
    corroborated    Two or more independent origins hold it. A hospital tells one agency and a witness another.
    single          One origin holds it, in however many reports. One agency's story in five papers.

What can't both be true: that it happened and that it didn't; sides that are neither the same nor part of one another
(but two sides that each say it of the other fought, and contradict nobody); dead who were fighters and dead who were
none; places farther apart than they are exact; days more than one day apart; numbers of the same people whose ranges
don't meet. "Unidentified gunmen" contradict nobody, nor does "at least nine" a count of twelve, nor do versions
that one voice holds side by side. What is only planned, demanded or feared is no version of what happened.
Acknowledged are only that it happened, who did it, and the tolls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from reportedly.link.contradictions import (
    HAPPENED,
    TOLL,
    WHEN,
    WHERE,
    WHOM,
    Rule,
    agents_told,
    known_by,
    tolls_told,
    who_rule,
)
from reportedly.link.names import Names
from reportedly.link.voices import Heard, independent, voice, who_says
from reportedly.types import Holder, Version

V = TypeVar("V")

VERDICTS = ("disputed", "revised", "acknowledged", "corroborated", "single")
"""In the order in which they are tried."""

FACTS = ("happened", "who", "whom", "where", "when")
"""The facts that every incident may have; the effects of its tolls come after them."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The verdict on one fact: `origins` is the number of independent origins of the version that has most of them.

    `versions` stand in order of their origins, most first; `reason` says why the verdict is what it is.
    """

    fact: str
    verdict: str
    origins: int
    versions: tuple[Version, ...]
    reason: str


def agree(heard: Iterable[Heard], names: Names) -> tuple[Agreement, ...]:
    """The verdicts on one incident, in the order of `FACTS`, then by effect. Facts that nobody tells are left out.

    The order of `heard` doesn't matter.
    """
    known = [h for h in heard if h.claim.status in ("asserted", "denied")]
    ordered = sorted(known, key=lambda h: (h.day or date.max, h.claim.id))
    asserted = [h for h in ordered if h.claim.status == "asserted"]
    at_stake = _AtStake.of(asserted, names)
    found = [
        _judge("happened", [(h, h.claim.status) for h in ordered], HAPPENED, at_stake),
        _judge("who", agents_told(ordered, names), who_rule(names), at_stake),
        _judge("whom", [(h, h.claim.targets) for h in asserted if h.claim.targets], WHOM, at_stake),
        _judge("where", [(h, h.claim) for h in asserted if h.claim.place or h.claim.lat is not None], WHERE, at_stake),
        _judge("when", [(h, h.claim) for h in asserted if h.claim.first], WHEN, at_stake),
    ]
    effects = sorted({f.effect for h in asserted for f in h.claim.toll if not f.running})
    for effect in effects:
        found.append(_judge(effect, tolls_told(asserted, effect), TOLL, at_stake))
    return tuple(a for a in found if a)


@dataclass(frozen=True)
class _AtStake:
    """Who is said to have done it, by which side, and who suffered it, by what they are known by."""

    names: Names
    agents: frozenset[tuple[frozenset[str], str]]
    targets: frozenset[str]

    @classmethod
    def of(cls, asserted: Sequence[Heard], names: Names) -> _AtStake:
        agents = {(_side(h, names), r) for h in asserted for a in h.claim.agents for r in known_by(a, names)}
        targets = {r for h in asserted for t in h.claim.targets for r in known_by(t, names)}
        return cls(names, frozenset(agents), frozenset(targets))

    def speaks_against(self, heard: Heard, what: str | None) -> bool:
        """Whether the claim speaks against the very side that makes it, as others have it."""
        own = _side(heard, self.names)
        if what is None or not own:
            return False
        if any(r in own for side, r in self.agents if not side & own):
            return True
        return what == "both" and bool(own & self.targets)


def _side(heard: Heard, names: Names) -> frozenset[str]:
    return frozenset(known_by(heard.claim.side, names)) if heard.claim.side else frozenset()


# The verdict on one fact


def _judge(fact: str, told: Sequence[tuple[Heard, V]], rule: Rule[V], at_stake: _AtStake) -> Agreement | None:
    """The verdict on one fact from what each claim says of it, in order of their days. None where nobody says it."""
    if not told:
        return None
    grouped: list[list[tuple[Heard, V]]] = []
    for one in told:
        home = next((g for g in grouped if rule.same(g[0][1], one[1])), None)
        if home is None:
            grouped.append([one])
        else:
            home.append(one)
    changed = _changed(grouped, rule)
    pairs = [(g, _version(g, rule, {v for v, n in changed if n == k})) for k, g in enumerate(grouped)]
    pairs.sort(key=lambda p: (-p[1].origins, p[1].value))
    versions = tuple(v for _, v in pairs)
    current = [(g, v) for g, v in pairs if any(h.now for h in v.holders)]
    clash = _first_clash(current, rule)
    if clash:
        verdict, reason = "disputed", f"{_holds(clash[0])}; {_holds(clash[1])}"
    elif changed:
        verdict, reason = "revised", _revision(grouped, min(changed), rule)
    else:
        verdict, reason = _agreed(current, rule, at_stake)
    return Agreement(fact, verdict, versions[0].origins, versions, reason)


def _agreed(
    current: Sequence[tuple[list[tuple[Heard, V]], Version]], rule: Rule[V], at_stake: _AtStake
) -> tuple[str, str]:
    """acknowledged, corroborated or single, and why, where no versions clash: then they all count together."""
    heard = [h for group, _ in current for h, _ in group]
    own = [h for h in heard if at_stake.speaks_against(h, rule.against)]
    others = {voice(h) for h in heard if not at_stake.speaks_against(h, "both")}
    if own and others:
        return "acknowledged", f"{who_says(own[0])} says so too, though it speaks against their own side"
    count = max(independent([h for h, _ in group]) for group, _ in current)
    if count > 1:
        return "corroborated", f"{count} independent origins say so"
    reports = len({h.claim.report for h in heard})
    return "single", "one origin" + (f", in {reports} reports" if reports > 1 else "")


def _revision(grouped: Sequence[Sequence[tuple[Heard, V]]], changed: tuple[str, int], rule: Rule[V]) -> str:
    who, number = changed
    mine = [(h.day or date.min, h.claim.id, h, v) for group in grouped for h, v in group if voice(h) == who]
    *_, teller, value = max(mine, key=lambda m: m[:2])
    return f"{who_says(teller)} now says {rule.words(value)!r}, and no longer {rule.words(grouped[number][0][1])!r}"


def _changed(grouped: Sequence[Sequence[tuple[Heard, V]]], rule: Rule[V]) -> set[tuple[str, int]]:
    """Each voice with the version (by number) that it no longer holds: it said another later that clashes with it."""
    last: dict[str, tuple[date, V]] = {}
    for group in grouped:
        for h, value in group:
            day = h.day
            if day and (voice(h) not in last or day >= last[voice(h)][0]):
                last[voice(h)] = (day, value)
    found = set()
    for number, group in enumerate(grouped):
        for who in {voice(h) for h, _ in group}:
            days = [h.day for h, _ in group if voice(h) == who]
            if who in last and all(d and d < last[who][0] for d in days) and rule.clash(group[0][1], last[who][1]):
                found.add((who, number))
    return found


def _first_clash(
    current: Sequence[tuple[list[tuple[Heard, V]], Version]], rule: Rule[V]
) -> tuple[Version, Version] | None:
    for n, (group, version) in enumerate(current):
        for other, second in current[n + 1 :]:
            one, two = {voice(h) for h, _ in group}, {voice(h) for h, _ in other}
            apart = len(one | two) > 1 if rule.exclusive else not one & two
            if apart and rule.clash(group[0][1], other[0][1]):
                return version, second
    return None


def _version(group: Sequence[tuple[Heard, V]], rule: Rule[V], past: set[str]) -> Version:
    by_voice: dict[str, list[Heard]] = {}
    for h, _ in group:
        by_voice.setdefault(voice(h), []).append(h)
    holders = tuple(_holder(own, now=who not in past) for who, own in by_voice.items())
    return Version(rule.words(group[0][1]), holders, independent([h for h, _ in group]))


def _holder(own: Sequence[Heard], *, now: bool) -> Holder:
    through = dict.fromkeys(
        t for h in own for t in (h.claim.told_to, h.claim.outlet if h.claim.statement else None) if t
    )
    days = [h.day for h in own if h.day]
    return Holder(
        who=who_says(own[0]),
        side=next((h.claim.side for h in own if h.claim.side), None),
        through=tuple(through),
        since=min(days, default=None),
        claims=tuple(dict.fromkeys(h.claim.id for h in own)),
        now=now,
    )


def _holds(version: Version) -> str:
    now = [h.who for h in version.holders if h.now]
    more = f" and {len(now) - 2} more" if len(now) > 2 else ""
    return f"{', '.join(now[:2])}{more}: {version.value}"
