"""An incident in another code book: which conditions hold for it, and the first row of the mapping that fits.

The rows, the classes of parties and the lists of words are data, in the ontology file. What each condition asks of an
incident is here, one line each. docs/how-to/ontology.md explains both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from reportedly.errors import SettingsError
from reportedly.export.records import Actor, Row
from reportedly.ontology import SAYS, CodeBook, MappingRow, Ontology, PartyClass

STATE = frozenset(("state_forces", "police", "state"))
"""Classes of parties that fight for a state."""

OF_STATES = STATE | {"coalition"}

CROWD = frozenset(("protesters", "rioters"))


@dataclass(frozen=True, slots=True)
class Party:
    """An agent or target, with the class it is taken for; `None` where nothing in its name or kind tells."""

    actor: Actor
    class_: PartyClass | None

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def armed(self) -> bool:
        return self.class_ is not None and self.class_.armed

    @property
    def unarmed(self) -> bool:
        return self.class_ is not None and not self.class_.armed

    def is_one_of(self, classes: Iterable[str]) -> bool:
        """Whether it is taken for one of these classes."""
        return self.class_ is not None and self.class_.name in classes


class Coder:
    """Puts incidents into the words of the code book `book` of `ontology`."""

    def __init__(self, ontology: Ontology, book: str) -> None:
        self.ontology = ontology
        self.book: CodeBook = ontology.mapping(book)
        lacking = set(ontology.conditions) - set(CONDITIONS)
        if lacking:
            raise SettingsError(
                f"has a condition that the program doesn't know: {min(lacking)!r}",
                where=f"ontology {ontology.id}",
                hint=f"it knows {', '.join(CONDITIONS)}, and says with a list of words",
            )

    def scene(self, row: Row) -> Scene:
        """The parties of `row` with their classes, and its words."""
        return Scene(row, self.ontology)

    def code(self, scene: Scene) -> MappingRow:
        """The first row of the mapping that fits: each kind has a last one that always does."""
        fits = (r for r in self.book.rows if scene.kind in r.kinds and all(scene.holds(name) for name in r.when))
        return next(fits, MappingRow((scene.kind,), unsaid=f"the ontology has no kind {scene.kind!r}"))


class Scene:
    """One incident as the conditions see it: the facts that the rule chose, with a class for each party."""

    def __init__(self, row: Row, ontology: Ontology) -> None:
        self.row = row
        self.ontology = ontology
        self.kind = row.facts.kind
        self.country = row.facts.place.country if row.facts.place else None
        self.agents = tuple(party_of(actor, ontology) for actor in row.facts.agents)
        self.targets = tuple(party_of(actor, ontology) for actor in row.facts.targets)

    @cached_property
    def hit(self) -> tuple[Party, ...]:
        """The targets, and those whom the tolls of killed and injured count."""
        told = (self.row.facts.toll(effect) for effect in ("killed", "injured"))
        counted = (Actor(count.who) for count in told if count is not None and count.who)
        return self.targets + tuple(party_of(actor, self.ontology) for actor in counted)

    @cached_property
    def words(self) -> str:
        """What is said of the deed itself: weapons and triggers, the trigger of the claim that gives the kind first."""
        chosen = dict(self.row.facts.chosen).get("kind")
        told = [t for t in self.row.told if t.claim.id == chosen] or list(self.row.told)
        return " ; ".join([*(t.trigger for t in told), *self.row.facts.weapons]).lower()

    def says(self, listed: str) -> bool:
        """Whether trigger or weapon has a word that begins as one of the list does."""
        return _begins(self.ontology.words[listed]).search(self.words) is not None

    def holds(self, condition: str) -> bool:
        """Whether a condition of a mapping's row holds."""
        if condition.startswith(SAYS):
            return self.says(condition.removeprefix(SAYS))
        return CONDITIONS[condition](self)

    def killed(self, *effects: str) -> bool:
        """Whether at least one person is told as suffering one of `effects`."""
        return any((count := self.row.facts.toll(effect)) is not None and count.high > 0 for effect in effects)

    def sides(self) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Agents and targets; of a mutual kind ("clashes between A and B") the first agent, and the others with the
        targets. Agents of other kinds act together."""
        if self.kind in self.ontology.mutual and len(self.agents) > 1:
            return self.agents[:1], self.agents[1:] + self.targets
        return self.agents, self.targets

    def armed_sides(self) -> tuple[tuple[Party, ...], tuple[Party, ...]] | None:
        """The armed people on each side, those whom tolls count included; `None` where one side has none."""
        first, second = self.sides()
        one = tuple(p for p in first if p.armed)
        other = tuple(p for p in second if p.armed) or tuple(p for p in self.hit if p.armed)
        return (one, other) if one and other else None


CONDITIONS: dict[str, Callable[[Scene], bool]] = {
    "two_armed": lambda s: s.armed_sides() is not None,
    "state_and_armed": lambda s: any(
        p.is_one_of((*STATE, "coalition")) for side in s.armed_sides() or () for p in side
    ),
    "armed_target": lambda s: any(p.armed for p in s.hit),
    "unarmed_target": lambda s: any(p.unarmed for p in s.hit) and not any(p.armed for p in s.hit),
    "protester_target": lambda s: any(p.is_one_of(CROWD) for p in s.hit),
    "named_sides": lambda s: not any(p.is_one_of(("unidentified_group",)) for p in s.agents + s.hit),
    "armed_agent": lambda s: any(p.armed for p in s.agents),
    "state_agent": lambda s: any(p.is_one_of((*STATE, "government")) for p in s.agents),
    "home_agent": lambda s: any(p.is_one_of(STATE) and not is_abroad(p, s.country) for p in s.agents),
    "police_agent": lambda s: any(p.is_one_of(("police",)) for p in s.agents),
    "group_agent": lambda s: any(p.armed and not p.is_one_of(OF_STATES) for p in s.agents),
    "killed": lambda s: s.killed("killed"),
    "hurt": lambda s: s.killed("killed", "injured"),
}
"""What each condition of the ontology asks of an incident."""


def party_of(actor: Actor, ontology: Ontology) -> Party:
    """The class an actor is taken for: by the authority's kind, else the first class with a word of its name."""
    for class_ in ontology.parties:
        if actor.kind is not None and actor.kind in class_.kinds:
            return Party(actor, class_)
    name = actor.name.lower()
    return Party(actor, next((c for c in ontology.parties if c.words and _whole(c.words).search(name)), None))


def is_abroad(party: Party, country: str | None) -> bool:
    """Whether a party of a state acts in another's country, as far as both are known."""
    return party.actor.country is not None and country is not None and party.actor.country != country


@lru_cache(maxsize=256)
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


@lru_cache(maxsize=256)
def _begins(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})")
