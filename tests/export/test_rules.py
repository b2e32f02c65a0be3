"""Rules that make rows: which figure, which version, which incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportedly.errors import SettingsError
from reportedly.export.records import Actor, Case, Finding, Place, Told
from reportedly.export.rules import PRESETS, Rule, choose_facts, make_rule, origins_of, refusal, status_of
from reportedly.export.tolls import RULES, count_toll, toll_of
from reportedly.types import Figure, Incident, Part, Span
from tests.export.rows import told

EFFECTS = ("killed", "injured")


def killed(low: int, high: int | None, who: str | None = "people") -> Figure:
    return Figure("killed", Span(0, 5), low, high, who)


def claim(number: int, *figures: Figure, origin: str | None = None, **changes: object) -> Told:
    """Claim `number`, told on March 3 + `number` in report `number`."""
    made = told(number, "air_strike")
    made = replace(made, claim=replace(made.claim, toll=figures, **changes))  # type: ignore[arg-type]
    return replace(made, origin=origin or made.origin)


def case(*tellings: Told, findings: tuple[Finding, ...] = ()) -> Case:
    return Case(Incident("incident-1", tuple(t.claim.id for t in tellings)), tellings, findings)


# 12 is told by two origins; 9 last; "at least 20" is open; 5 to 30 a range.
FIVE = (
    claim(1, killed(12, 12)),
    claim(2, killed(12, 12)),
    claim(3, killed(20, None)),
    claim(4, killed(5, 30)),
    claim(5, killed(9, 9)),
)


@pytest.mark.parametrize(
    ("rule", "best", "teller"),
    [("lowest", 5, "c4"), ("highest", 30, "c4"), ("median", 12, "c2"), ("latest", 9, "c5"), ("best", 12, "c2")],
)
def test_each_rule_chooses_its_figure(rule: str, best: int, teller: str) -> None:
    count = count_toll("killed", FIVE, rule)
    assert count is not None
    assert (count.low, count.best, count.high, count.claim, count.open) == (5, best, 30, teller, False)


def test_running_totals_are_no_toll_and_parts_go_with_theirs() -> None:
    women = Part(Span(1, 2), 4, 4, "women", "women")
    total = replace(killed(900, 900), running=True)
    told_of = claim(1, replace(killed(12, 12), parts=(women,)), total)
    count = count_toll("killed", [told_of, claim(2, total)], "best")
    assert count is not None
    assert (count.low, count.best, count.high, count.parts) == (12, 12, 12, (women,))
    assert count_toll("killed", [claim(2, total)], "best") is None


def test_two_copies_corroborate_nothing() -> None:
    """Best prefers what two origins say; a copy of one report is no second origin."""
    same = [claim(1, killed(12, 12), origin="a"), claim(2, killed(12, 12), origin="a"), claim(3, killed(9, 9))]
    count = count_toll("killed", same, "best")
    assert count is not None
    assert count.best == 9  # as many origins, as specific, but later


def test_one_voice_in_two_papers_corroborates_nothing() -> None:
    """A front and a paper that quotes it are one origin: another voice weighs as much."""
    front = [replace(claim(n, killed(61, None)), voice="front") for n in (1, 2)]
    count = count_toll("killed", [*front, replace(claim(3, killed(19, 19)), voice="clinic")], "best")
    assert count is not None
    assert count.best == 19  # as many origins, more specific
    count = count_toll("killed", [*front, replace(claim(3, killed(61, None)), voice="clinic")], "median")
    assert count is not None
    assert count.best == 61


def test_the_more_specific_wins_where_origins_tie() -> None:
    tellings = [claim(1, killed(12, 12)), claim(2, killed(24, 99)), claim(3, killed(9, None))]
    count = count_toll("killed", tellings, "best")
    assert count is not None
    assert count.best == 12


def test_median_takes_what_each_teller_last_said() -> None:
    """The committee said 40, then 10: only 10 counts. Of an even number of figures the lower middle one is taken."""
    tellings = [
        claim(1, killed(40, 40), origin="a", speaker="committee"),
        claim(2, killed(10, 10), origin="a", speaker="committee"),
        claim(3, killed(20, 20)),
        claim(4, killed(30, 30)),
        claim(5, killed(50, 50)),
    ]
    count = count_toll("killed", tellings, "median")
    assert count is not None
    assert count.best == 20


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "figures", [((3, 3),), ((3, None),), ((0, 12),), ((24, 99), (30, None)), ((5, 9), (1, 1), (7, None))]
)
def test_best_lies_between_low_and_high(rule: str, figures: tuple[tuple[int, int | None], ...]) -> None:
    count = count_toll("killed", [claim(n, killed(*f)) for n, f in enumerate(figures, 1)], rule)
    assert count is not None
    assert count.low <= count.best <= count.high


@pytest.mark.parametrize(
    ("figures", "low", "high"),
    [
        ((killed(3, 3, "soldiers"), killed(2, 2, "civilians")), 5, 5),
        ((killed(21, 21, "people"), killed(6, 6, "women")), 21, 21),
        ((killed(21, 21, None), killed(6, 6, "women")), 21, 21),
        ((killed(3, 3, "people"), killed(4, 4, "soldiers"), killed(5, 5, "police")), 12, 12),
        ((killed(3, None, "soldiers"), killed(2, 2, "civilians")), 5, None),
    ],
)
def test_figures_of_one_claim_are_parts_or_a_total(figures: tuple[Figure, ...], low: int, high: int | None) -> None:
    toll = toll_of(claim(1, *figures), "killed")
    assert toll is not None
    assert (toll.low, toll.high) == (low, high)


@pytest.mark.parametrize(
    ("figure", "side", "low"),
    [
        (killed(2, 2), None, 2),  # another report tells it: a version
        (killed(2, 2), "Lake Army", 2),  # a side tells it: a version
        (killed(3, 3), None, 3),  # not so few
        (killed(1, 1), None, 1),
        (killed(0, 0), None, 0),  # nobody was killed: a version
    ],
)
def test_versions_are_kept(figure: Figure, side: str | None, low: int) -> None:
    one = claim(1, figure, side=side)
    many = replace(claim(2, killed(19, 19)), report=one.report if side or low in (0, 3) else claim(2).report)
    count = count_toll("killed", [one, many], "lowest")
    assert count is not None
    assert count.low == low


@pytest.mark.parametrize("few", [killed(1, 1), killed(2, 2)])
def test_parts_are_no_versions(few: Figure) -> None:
    """Two of them died overnight, says a nurse in the report that tells of nineteen dead."""
    part, whole = claim(1, few), claim(2, killed(19, None))
    count = count_toll("killed", [part, replace(whole, report=part.report)], "lowest")
    assert count is not None
    assert (count.low, count.best, count.claims) == (19, 19, ("c2",))


def test_no_figure_is_no_toll() -> None:
    assert count_toll("injured", FIVE, "best") is None


def test_facts_come_from_what_is_asserted() -> None:
    """Someone denies with another kind, day and place: that is a version, but none of the row's facts."""
    denied = claim(5, status="denied", kind="clash", first=date(2021, 3, 9), last=date(2021, 3, 9))
    found = choose_facts(case(denied, claim(1, killed(3, 3))), Rule(), EFFECTS)
    assert (found.kind, found.status, found.first) == ("air_strike", "asserted", date(2021, 3, 2))
    assert status_of(case(denied)) == "denied"


def test_the_version_of_most_origins_then_the_most_specific_then_the_latest() -> None:
    vague = replace(claim(1), agents=(Actor("aircraft"),), places=(Place("Lake", radius_km=90.0, lat=1.0, lon=2.0),))
    town = Place("Lake Town", radius_km=5.0, lat=1.0, lon=2.0)
    exact = replace(claim(2), agents=(Actor("Lake Army", id="army:NOR"),), places=(town,))
    found = choose_facts(case(vague, exact), Rule(), EFFECTS)
    assert [a.name for a in found.agents] == ["Lake Army"]
    assert found.place is not None
    assert found.place.name == "Lake Town"
    third = replace(claim(3), agents=(Actor("aircraft"),))
    assert [a.name for a in choose_facts(case(vague, exact, third), Rule(), EFFECTS).agents] == ["aircraft"]
    assert dict(found.chosen)["agents"] == "c2"


def test_a_vague_kind_gives_way() -> None:
    attack = claim(1, kind="attack")
    assert choose_facts(case(attack, claim(2, kind="shelling")), Rule(), EFFECTS).kind == "shelling"


@pytest.mark.parametrize(
    ("rule", "findings", "refused"),
    [
        (Rule(), (), False),
        (Rule(origins=2), (), False),
        (Rule(origins=3), (), True),
        # Agreement knows that one outlet only relays the other.
        (Rule(origins=2), (Finding("happened", "single", 1),), True),
        (Rule(acknowledged=True), (Finding("happened", "corroborated", 2),), True),
        (Rule(acknowledged=True), (Finding("happened", "acknowledged", 2),), False),
        (PRESETS["ibc"], (), False),
    ],
)
def test_rules_leave_incidents_out(rule: Rule, findings: tuple[Finding, ...], refused: bool) -> None:
    one = case(claim(1, killed(3, 3)), claim(2, killed(3, 3)), claim(3, origin="r2"), findings=findings)
    assert (refusal(one, choose_facts(one, rule, EFFECTS), rule) is not None) is refused
    assert origins_of(case(*one.told)) == 2


@pytest.mark.parametrize("preset", ["ged", "ibc"])
def test_lethal_presets_want_a_death(preset: str) -> None:
    rule = replace(PRESETS[preset], origins=1)
    for figures, wanted in (((killed(0, 0),), False), ((), False), ((killed(0, 4),), True)):
        one = case(claim(1, *figures))
        assert (refusal(one, choose_facts(one, rule, EFFECTS), rule) is None) is wanted


def test_presets_say_what_they_do_and_that_they_were_changed() -> None:
    assert PRESETS["ibc"].origins == 2
    assert any("two independent sources" in line for line in make_rule("ibc").notes())
    changed = make_rule("acled", toll="highest", origins=2)
    assert (changed.toll, changed.origins) == ("highest", 2)
    assert "changed" in changed.notes()[0]
    assert any("at least 2 independent origins" in line for line in changed.notes())


@pytest.mark.parametrize("given", [{"preset": "cia"}, {"toll": "mean"}, {"origins": 0}])
def test_wrong_rules_are_told(given: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        make_rule(**given)  # type: ignore[arg-type]
