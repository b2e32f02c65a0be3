"""When two versions of a fact are one version, and when they can't both be true. `agreement` has the rules in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from reportedly.link.names import Names, fold
from reportedly.link.voices import Heard
from reportedly.types import Claim, Figure

V = TypeVar("V")

_ARMED = frozenset(
    "militant militants terrorist terrorists fighter fighters rebel rebels soldier soldiers troops gunman gunmen"
    " insurgent insurgents army military police policemen officers commander combatants forces militia militiamen"
    " militias guards mercenaries paramilitaries armed jihadists recruits conscripts".split()
)
_UNARMED = frozenset(
    "civilian civilians resident residents villager villagers farmer farmers child children woman women worshipper"
    " worshippers worker workers doctor doctors nurse nurses patient patients student students pupil pupils journalist"
    " journalists passenger passengers mourners refugees displaced monks families family pilgrims shoppers drivers"
    " traders herders fishermen miners teachers nuns priests protesters".split()
)


@dataclass(frozen=True)
class Rule(Generic[V]):
    """How one fact is compared: `same` and `clash` of two values, `words` for one, and which side it speaks against."""

    same: Callable[[V, V], bool]
    clash: Callable[[V, V], bool]
    words: Callable[[V], str]
    against: str | None = None
    """Whom it speaks against: those who did it (agents), or also those who suffered it (both)."""
    exclusive: bool = False
    """Whether even a voice that says both doesn't make them go together: a yes and a no."""


def known_by(name: str, names: Names) -> tuple[str, ...]:
    """What a name is known by, "A and B" by both: names with a part in common are related."""
    return tuple(r for part in names.parties(name) for r in names.related(part))


@dataclass(frozen=True)
class Did:
    """That `agents` did it to `targets`, or (not `asserted`) that they did not."""

    asserted: bool
    agents: tuple[str, ...]
    targets: tuple[str, ...]


def agents_told(ordered: Sequence[Heard], names: Names) -> list[tuple[Heard, Did]]:
    """Who did it, for each claim that names someone known; a denial says that they did not."""
    told = []
    for h in ordered:
        named = tuple(a for a in h.claim.agents if "unidentified" not in a.casefold())
        if named and any(known_by(a, names) for a in named):
            told.append((h, Did(h.claim.status == "asserted", named, h.claim.targets)))
    return told


def who_rule(names: Names) -> Rule[Did]:
    def related(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        of_a = {r for x in a for r in (*known_by(x, names), fold(x))}
        return any(r in of_a for x in b for r in (*known_by(x, names), fold(x)))

    def clash(a: Did, b: Did) -> bool:
        if related(a.agents, b.agents):
            return a.asserted != b.asserted
        fought = related(a.agents, b.targets) or related(b.agents, a.targets)
        return a.asserted and b.asserted and not fought

    return Rule(
        same=lambda a, b: a.asserted == b.asserted and related(a.agents, b.agents),
        clash=clash,
        words=lambda v: ("" if v.asserted else "not ") + ", ".join(dict.fromkeys(v.agents)),
        against="agents",
        exclusive=True,
    )


HAPPENED: Rule[str] = Rule(
    same=lambda a, b: a == b,
    clash=lambda a, b: a != b,
    words=lambda v: "it happened" if v == "asserted" else "it did not happen",
    against="agents",
    exclusive=True,
)


def _kind_of_people(listed: Iterable[str]) -> str | None:
    """armed, unarmed, or None where the words say neither or both."""
    words = {w for name in listed for w in fold(name).split()}
    armed, unarmed = bool(words & _ARMED), bool(words & _UNARMED)
    return None if armed == unarmed else "armed" if armed else "unarmed"


def _whom_clash(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    one, other = _kind_of_people(a), _kind_of_people(b)
    return one is not None and other is not None and one != other


WHOM: Rule[tuple[str, ...]] = Rule(
    same=lambda a, b: {fold(x) for x in a} == {fold(x) for x in b},
    clash=_whom_clash,
    words=lambda v: ", ".join(dict.fromkeys(v)),
)


def _where_clash(a: Claim, b: Claim) -> bool:
    if a.country and b.country and a.country != b.country:
        return True
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    half = math.sin(math.radians(a.lat - b.lat) / 2) ** 2
    half += (
        math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * math.sin(math.radians(a.lon - b.lon) / 2) ** 2
    )
    apart = 12742 * math.asin(math.sqrt(min(1.0, half)))
    return apart > 10 + (a.radius_km or 0) + (b.radius_km or 0)


WHERE: Rule[Claim] = Rule(
    same=lambda a, b: fold(a.place or "") == fold(b.place or "") and a.country == b.country,
    clash=_where_clash,
    words=lambda c: c.place or "a point on the map",
)


def _days(claim: Claim) -> tuple[date, date]:
    first = claim.first or claim.last or date.min
    return first, claim.last or first


def _when_clash(a: Claim, b: Claim) -> bool:
    (first_a, last_a), (first_b, last_b) = _days(a), _days(b)
    return max((first_a - last_b).days, (first_b - last_a).days) > 1


WHEN: Rule[Claim] = Rule(
    same=lambda a, b: _days(a) == _days(b),
    clash=_when_clash,
    words=lambda c: " to ".join(dict.fromkeys(d.isoformat() for d in _days(c))),
)


@dataclass(frozen=True)
class Counted:
    """A figure; `part` says that its claim counts others beside it, so that it is no total."""

    figure: Figure
    part: bool

    @property
    def who(self) -> str:
        return fold(self.figure.who or "")


def tolls_told(asserted: Sequence[Heard], effect: str) -> list[tuple[Heard, Counted]]:
    told = []
    for h in asserted:
        own = [f for f in h.claim.toll if f.effect == effect and not f.running]
        told += [(h, Counted(f, len(own) > 1)) for f in own]
    return told


def _comparable(a: Counted, b: Counted) -> bool:
    """Whether both count the same people: some count the soldiers, some the civilians, some all of them."""
    if a.who == b.who:
        return True
    return not a.part and not b.part and _kind_of_people([a.who]) == _kind_of_people([b.who])


def _toll_clash(a: Counted, b: Counted) -> bool:
    x, y = a.figure, b.figure
    return _comparable(a, b) and ((x.high is not None and x.high < y.low) or (y.high is not None and y.high < x.low))


def figure_words(figure: Figure) -> str:
    """9, at least 9, up to 9, or 9 to 12; and of whom."""
    if figure.high is None:
        number = f"at least {figure.low}"
    elif figure.low == figure.high:
        number = str(figure.low)
    else:
        number = f"up to {figure.high}" if figure.low == 0 else f"{figure.low} to {figure.high}"
    return f"{number} {figure.effect}" + (f" ({figure.who})" if figure.who else "")


TOLL: Rule[Counted] = Rule(
    same=lambda a, b: (a.figure.low, a.figure.high) == (b.figure.low, b.figure.high) and _comparable(a, b),
    clash=_toll_clash,
    words=lambda v: figure_words(v.figure),
    against="both",
)
