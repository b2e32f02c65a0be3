"""Agents and targets by name. All reports are invented."""

from __future__ import annotations

import pytest

from reportedly.resolve.parties import PartyResolver
from reportedly.resolve.scene import Scene, read_scene
from reportedly.types import Event, Party, Report, Span
from tests.resolve.authorities import cast, coreference, table, words


def resolved(scene: Scene, *events: Event) -> tuple[Event, ...]:
    return PartyResolver(table(), words(), coreference()).resolve(scene, events, {}, cast=lambda: cast(scene))


def names(text: str, *mentions: tuple[str, str], kind: str = "attack", focus: str = "SYR") -> list[str | None]:
    """The names of `mentions` (words, "agent" or "target"), each of an event of its own."""
    events: list[Event] = []
    at = 0
    agents: tuple[Party, ...]
    targets: tuple[Party, ...]
    for number, (mention, role) in enumerate(mentions):
        start = text.index(mention, at)
        at = start
        party = Party(Span(start, start + len(mention)))
        agents, targets = ((party,), ()) if role == "agent" else ((), (party,))
        events.append(Event(f"e{number}", party.text, kind, "asserted", agents=agents, targets=targets))
    scene = read_scene(Report("r", text), table=table(), words=words(), focus=focus)
    done = resolved(scene, *events)
    return [(e.agents or e.targets)[0].name for e in done]


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Russian jets", "Russian Armed Forces"),
        ("Russian", "Russian Armed Forces"),
        ("Turkey", "Turkish Armed Forces"),
        ("regime forces", "Syrian Armed Forces"),
        ("ISIS militants", "Islamic State"),
        ("Syrian and Russian forces", "Syrian Armed Forces and Russian Armed Forces"),
        ("gunmen", "unidentified gunmen"),
        ("terrorist groups", "unidentified armed group"),
        ("four suicide bombers", "unidentified suicide bombers"),
    ],
)
def test_agents(mention: str, name: str) -> None:
    assert names(f"Then {mention} struck.", (mention, "agent")) == [name]


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("at least nine people", "people"),
        ("two women", "civilians"),
        ("the Syrian people", "people"),
        ("five children", "children"),
        ("positions of the Taliban", "Taliban"),
        ("the public and private houses", "private houses"),
        ("14", "people"),
    ],
)
def test_targets(mention: str, name: str) -> None:
    assert names(f"The attack hit {mention}.", (mention, "target")) == [name]


def test_a_state_talks_as_itself_and_fights_with_its_army() -> None:
    assert names("Turkey met them.", ("Turkey", "agent"), kind="talks") == ["Turkey"]
    assert names("Turkey hit them.", ("Turkey", "agent"), kind="air_strike") == ["Turkish Armed Forces"]


def test_the_militants_are_the_group_before() -> None:
    text = "Al-Shabaab held the town for a week. Then the militants left."
    assert names(text, ("the militants", "agent")) == ["al-Shabaab"]
    assert names("Then the militants left.", ("the militants", "agent")) == ["unidentified armed group"]


def test_pronouns_are_the_party_before() -> None:
    text = "Russian jets struck at noon. They struck again at night."
    assert names(text, ("Russian jets", "agent"), ("They", "agent")) == ["Russian Armed Forces"] * 2
    assert names("US raids went on.", ("US", "agent")) == ["United States Armed Forces"]


def test_names_carry_their_links() -> None:
    text = "Al-Shabaab attacked."
    event = Event("e", Span(0, 1), "attack", "asserted", agents=(Party(Span(0, 10)),))
    scene = read_scene(Report("r", text), table=table(), words=words(), focus="SOM")
    party = (
        PartyResolver(table(), words(), coreference())
        .resolve(scene, [event], {}, cast=lambda: cast(scene))[0]
        .agents[0]
    )
    assert party.link is not None
    assert party.link.best is not None
    assert party.link.best.id == "al-shabaab"


def test_both_sides_are_the_last_two_named() -> None:
    text = "Russia looked on. The Taliban fought Kenyan soldiers near Kalima. Both sides attacked again."
    assert names(text, ("Both sides", "agent")) == ["Taliban and Kenya Defence Forces"]
    assert names("Both sides attacked.", ("Both sides", "agent")) == ["sides"]


@pytest.mark.parametrize(
    ("text", "agents", "weapons", "kind"),
    [
        ("Syrian warplanes attacked Kalima.", ("Syrian warplanes",), (), "air_strike"),
        ("Rebels attacked Kalima with mortars.", ("Rebels",), ("mortars",), "shelling"),
        ("Troops and jets attacked Kalima.", ("Troops", "jets"), (), "attack"),
        ("Guards attacked the drones that they downed.", ("Guards",), ("drones that they downed",), "attack"),
        ("Rebels attacked Kalima.", ("Rebels",), (), "attack"),
    ],
)
def test_what_an_attack_is_done_with_tells_its_kind(
    text: str, agents: tuple[str, ...], weapons: tuple[str, ...], kind: str
) -> None:
    def spans(quotes: tuple[str, ...]) -> tuple[Span, ...]:
        return tuple(Span(text.index(q), text.index(q) + len(q)) for q in quotes)

    scene = read_scene(Report("r", text), table=table(), words=words(), focus="SYR")
    [trigger] = spans(("attacked",))
    event = Event("e1", trigger, "attack", "asserted", agents=tuple(map(Party, spans(agents))), weapons=spans(weapons))
    assert resolved(scene, event)[0].kind == kind


def test_they_are_the_party_that_was_seen_in_the_role() -> None:
    text = "Rebels shelled Kalima. Residents fled. On Monday they shelled the market again."
    found = names(text, ("Rebels", "agent"), ("Residents", "target"), ("they", "agent"), kind="shelling")
    assert found == ["Syrian rebels", "civilians", "Syrian rebels"]


def test_it_is_no_person() -> None:
    text = "Mayor Idris Walden met the Taliban. It attacked Kalima."
    assert names(text, ("the Taliban", "agent"), ("It", "agent"), focus="AFG") == ["Taliban", "Taliban"]
