"""Whom words point to, by the shipped weights and by weights of the tests' own. All reports are invented."""

from __future__ import annotations

import pytest

from reportedly.resolve.cast import Cast, Known
from reportedly.resolve.coreference import Coreference, Pointing
from reportedly.resolve.scene import Heard, Scene, read_scene
from reportedly.types import Report, Span, Statement
from tests.resolve import authorities
from tests.resolve.authorities import coreference, table, words
from tests.resolve.test_speakers import speakers

TEXT = (
    "Mayor Idris Walden met the Rapid Support Forces in Kalima. Two local residents watched. "
    "Farmers said that the road was open. Walden left."
)


def scene(text: str = TEXT) -> Scene:
    return read_scene(Report("r", text), table=table(), words=words(), focus="SDN")


def cast(text: str = TEXT, *, statements: tuple[Statement, ...] = ()) -> Cast:
    return authorities.cast(scene(text), statements=statements)


def pointing(head: str, text: str, *, form: str = "pronoun", kind: str = "unknown") -> Pointing:
    end = len(text)
    return Pointing(end, form, head, False, frozenset(), kind, outer=None, side=None, into=None, content=())


def named(known: list[Known]) -> dict[str, str]:
    return {one.name: one.kind for one in known}


def test_a_cast_has_persons_actors_and_people_described() -> None:
    known = cast().known(())
    assert named(known) == {
        "Idris Walden": "person",
        "Rapid Support Forces": "actor",
        "Two local residents": "description",
        "Farmers": "description",
    } | {one.name: one.kind for one in known if one.kind == "state"}
    walden = next(one for one in known if one.name == "Idris Walden")
    assert walden.at == (TEXT.index("Idris"), TEXT.rindex("Walden"))
    assert walden.titles == {"mayor"}


def test_a_source_is_known_once_it_is_heard() -> None:
    at = TEXT.index("Farmers")
    said = Statement("s1", (Span(at, at + 7),), (), (Span(at + 18, at + 30),), "say", "witness")
    before = cast(statements=(said,)).known(())
    assert "Farmers" not in named(before)
    heard = Heard(at, "description", "unnamed farmers", None, None, "farmers", True)
    after = cast(statements=(said,)).known((heard,))
    assert next(one for one in after if one.name == "unnamed farmers").turn == 0


def test_a_score_is_the_sum_of_the_weights_of_its_features() -> None:
    weights = {"kind: it actor": 2.0, "away: it 1": 0.5, "kind: it state": -1.0}
    text = "The Rapid Support Forces left Kalima. "
    scorer = Coreference(weights, words())
    [best, *_] = sorted(scorer.weigh(pointing("it", text), cast(text).known(()), cast(text)), key=lambda w: -w.score)
    assert best.known.name == "Rapid Support Forces"
    assert best.score == sum(weights.get(f, 0.0) for f in best.features) >= 2.0


def test_nobody_is_meant_by_a_description_without_a_good_score() -> None:
    text = "The Rapid Support Forces left Kalima. "
    known = cast(text).known(())
    for weight, meant in ((1.0, True), (-1.0, False)):
        scorer = Coreference({"kind: body actor": weight}, words())
        found = scorer.choose(pointing("group", text, form="the"), known, cast(text))
        assert (found is not None) is meant


def test_sex_rules_out_and_a_body_is_no_he() -> None:
    text = "Ms Anna Wood met the Rapid Support Forces. "
    known = cast(text).known(())
    scorer = Coreference({}, words())
    assert [w.known.name for w in scorer.weigh(pointing("he", text), known, cast(text))] == []
    assert [w.known.name for w in scorer.weigh(pointing("she", text), known, cast(text))] == ["Anna Wood"]
    assert "Anna Wood" not in [w.known.name for w in scorer.weigh(pointing("it", text), known, cast(text))]


def test_the_shipped_weights_know_their_features() -> None:
    """A weight that no feature has would be one of another program."""
    shipped = coreference()
    known = cast().known(())
    features = {
        feature.split(": ")[0]
        for head, form in (("it", "pronoun"), ("he", "pronoun"), ("group", "the"), ("official", "the"))
        for weighed in shipped.weigh(pointing(head, TEXT, form=form), known, cast())
        for feature in weighed.features
    }
    assert {"kind", "turn", "away", "order", "named", "speaks as", "form", "sign", "told"} <= features
    assert all(any(name.startswith(f"{f}: ") for name in shipped.weights) for f in features)


@pytest.mark.parametrize(
    ("text", "sources", "last"),
    [
        (
            "The Rapid Support Forces said that they left. The force said that it would return.",
            (("The Rapid Support Forces", "armed_group"), ("The force", "armed_group")),
            "Rapid Support Forces",
        ),
        (
            "Turkey's foreign ministry said so. It said that talks went on.",
            (("Turkey's foreign ministry", "government"), ("It", "igo")),  # the kind may be wrong
            "Turkish Ministry of Foreign Affairs",
        ),
        (
            "A spokesman for the Kalima Council said no. Doctors Without Borders did not. The spokesman said it again.",
            (
                ("A spokesman for the Kalima Council", "government"),
                ("Doctors Without Borders", "ngo"),
                ("The spokesman", "government"),
            ),
            "unnamed Kalima Council spokesman",
        ),
        (
            "A resident of Kalima said no. Another resident said yes.",
            (("A resident of Kalima", "witness"), ("Another resident", "witness")),
            "unnamed resident",
        ),
    ],
)  # fmt: skip
def test_whom_words_point_to(text: str, sources: tuple[tuple[str, str], ...], last: str) -> None:
    assert speakers(text, *sources, focus="SDN")[-1][0] == last
