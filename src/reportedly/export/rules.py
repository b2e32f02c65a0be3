"""Rules that make rows: how the claims of an incident become one row, chosen when a file is written, never before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from reportedly.errors import SettingsError
from reportedly.export.records import STATUSES, Actor, Case, Count, Facts, Place, Told, independent
from reportedly.export.tolls import MEANINGS, RULES, count_toll

_VAGUE = frozenset({"attack", "killing", "advance", "destruction"})
"""Kinds that say less than others how something was done; another kind that is told as often wins over them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How claims become a row. `toll` is a key of `tolls.RULES`; `origins` the fewest independent ones that count.

    `acknowledged` wants the side that it speaks against to say it too; `deaths` wants a row to have somebody killed.
    `name` and `says` are those of a preset.
    """

    toll: str = "best"
    origins: int = 1
    acknowledged: bool = False
    deaths: bool = False
    name: str | None = None
    says: str = ""

    def notes(self) -> list[str]:
        """The rule in words, a line each."""
        lines = [f"Preset {self.name}: {self.says}."] if self.name else []
        lines.append(
            f"Toll ({self.toll}): {MEANINGS[self.toll]}. A range counts with its low end"
            + (" (its high end, where one is told)." if self.toll == "highest" else ".")
        )
        lines.append(
            "Low and high are the lowest and the highest figure that any shown claim gives. One or two people, told by "
            "nobody who speaks for a side in a report that tells of three times as many, are a part of the toll and no "
            "version of it."
        )
        lines.append(
            "Other facts: the version that the most independent origins tell, then the most specific, then "
            "the latest. Only claims of the row's own status count."
        )
        if self.origins > 1:
            lines.append(f"Only incidents that at least {self.origins} independent origins assert.")
        if self.acknowledged:
            lines.append("Only incidents that are acknowledged by the side they speak against.")
        if self.deaths:
            lines.append("Only incidents in which a shown claim counts at least one person killed.")
        return lines


PRESETS: Mapping[str, Rule] = MappingProxyType(
    {
        "acled": Rule(
            toll="lowest", name="acled",
            says="one origin is enough; where reports give several tolls the most conservative one stands",
        ),
        "ged": Rule(
            toll="best", deaths=True, name="ged",
            says="lethal incidents only; a low, a best and a high figure",
        ),
        "ibc": Rule(
            toll="lowest", origins=2, deaths=True, name="ibc",
            says="lethal incidents that two independent sources tell; the lowest figure, with the range kept",
        ),
    }
)  # fmt: skip


def make_rule(
    preset: str | None = None, *, toll: str | None = None, origins: int | None = None, acknowledged: bool = False
) -> Rule:
    """The preset, or the plain rule, with what is given changed. Raises `SettingsError` for an unknown name."""
    if preset is not None and preset not in PRESETS:
        raise SettingsError(f"no preset {preset!r}", where="--preset", hint=f"one of {', '.join(PRESETS)}")
    if toll is not None and toll not in RULES:
        raise SettingsError(f"no rule {toll!r}", where="--toll", hint=f"one of {', '.join(RULES)}")
    if origins is not None and origins < 1:
        raise SettingsError(f"{origins} origins", where="--require-origins", hint="at least 1")
    rule = PRESETS[preset] if preset else Rule()
    changed = replace(
        rule,
        toll=toll or rule.toll,
        origins=rule.origins if origins is None else origins,
        acknowledged=acknowledged or rule.acknowledged,
    )
    return changed if changed == rule or not rule.name else replace(changed, says=f"{rule.says}; changed as below")


def status_of(case: Case) -> str:
    """The surest status that a claim of the case has."""
    return min((t.claim.status for t in case.told), key=STATUSES.index)


def telling(case: Case) -> tuple[Told, ...]:
    """The claims that the facts of a row come from: those of the case's status."""
    status = status_of(case)
    return tuple(t for t in case.told if t.claim.status == status)


def origins_of(case: Case) -> int:
    """How many independent origins tell it: as agreement counts them, else those of the telling claims."""
    found = next((f.origins for f in case.findings if f.fact == "happened"), None)
    return independent(telling(case)) if found is None else found


def refusal(case: Case, facts: Facts, rule: Rule) -> str | None:
    """Why the rule makes no row of the case; `None` where it makes one."""
    if rule.origins > 1 and origins_of(case) < rule.origins:
        return f"fewer than {rule.origins} independent origins tell it"
    if rule.acknowledged and not any(f.fact == "happened" and f.verdict == "acknowledged" for f in case.findings):
        return "not acknowledged by the side it speaks against"
    killed = facts.toll("killed")
    if rule.deaths and (killed is None or killed.high < 1):
        return "nobody is told to have been killed"
    return None


def choose_facts(case: Case, rule: Rule, effects: Sequence[str]) -> Facts:
    """The facts of a row. `case.told` may not be empty. `effects` are those that tolls are counted for, in order."""
    told = telling(case)
    kind = _choose(told, lambda t: t.claim.kind, lambda t: t.claim.kind in _VAGUE)
    when = _choose([t for t in told if t.claim.first], lambda t: (t.claim.first, t.claim.last), _days)
    where = _choose([t for t in told if t.places], _spot, _radius)
    agents = _choose([t for t in told if t.agents], lambda t: _names(t.agents), lambda t: -_known(t.agents))
    targets = _choose([t for t in told if t.targets], lambda t: _names(t.targets), lambda t: -_known(t.targets))
    weapons = _choose([t for t in told if t.weapons], lambda t: t.weapons, lambda t: -len(t.weapons))
    tolls = tuple(c for c in (count_toll(e, told, rule.toll) for e in effects) if c is not None)
    picked = (("kind", kind), ("when", when), ("where", where), ("agents", agents), ("targets", targets))
    return Facts(
        kind=kind.claim.kind if kind else told[0].claim.kind,
        status=told[0].claim.status,
        first=when.claim.first if when else None,
        last=when.claim.last if when else None,
        agents=agents.agents if agents else (),
        targets=targets.targets if targets else (),
        place=where.places[0] if where else None,
        weapons=weapons.weapons if weapons else (),
        tolls=tolls,
        chosen=tuple((fact, one.claim.id) for fact, one in picked if one) + _counted(tolls),
    )


def _choose(told: Sequence[Told], version: Callable[[Told], Hashable], vague: Callable[[Told], float]) -> Told | None:
    """The claim whose version the most origins tell, then the least vague, then the latest; `None` of none."""
    same: dict[Hashable, list[Told]] = {}
    for one in told:
        same.setdefault(version(one), []).append(one)
    origins = {key: independent(tellers) for key, tellers in same.items()}
    newest = date.min.toordinal()
    return min(
        told,
        key=lambda t: (
            -origins[version(t)], vague(t), -(t.day.toordinal() if t.day else newest), t.claim.id,
        ),
        default=None,
    )  # fmt: skip


def _counted(tolls: Sequence[Count]) -> tuple[tuple[str, str], ...]:
    return tuple((count.effect, count.claim) for count in tolls)


def _days(told: Told) -> float:
    first, last = told.claim.first, told.claim.last
    return (last - first).days if first and last else float("inf")


def _spot(told: Told) -> Hashable:
    place = told.places[0]
    return place.id or (place.name if place.lat is None or place.precision != "coarsened" else (place.lat, place.lon))


def _radius(told: Told) -> float:
    """How wide the place is; of two as wide the one with a name comes first."""
    place: Place = told.places[0]
    if place.lat is None or place.radius_km is None:
        return float("inf")
    return place.radius_km + (0.0 if place.name else 0.01)


def _names(actors: Sequence[Actor]) -> frozenset[str]:
    return frozenset(a.id or a.name.casefold() for a in actors)


def _known(actors: Sequence[Actor]) -> int:
    return sum(a.id is not None for a in actors)
