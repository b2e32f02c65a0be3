"""Which place a mention means: what the words and the report say decides."""

from __future__ import annotations

import pytest

from reportedly.resolve.place_offset import kilometres
from reportedly.resolve.place_phrase import read_phrase
from reportedly.resolve.places import RADIUS
from reportedly.types import Link, Span
from tests.resolve.authorities import place_resolver, states, words


def links(text: str, *mentions: str) -> list[Link]:
    """The links of `mentions`, each at its first place in `text`."""
    spans = [Span(text.index(m), text.index(m) + len(m)) for m in mentions]
    found = place_resolver().resolve(text, spans)
    return [found[span] for span in spans]


def link(text: str, mention: str) -> Link:
    return links(text, mention)[0]


def country(found: Link) -> str | None:
    return found.best.country if found.best else None


@pytest.mark.parametrize(
    ("mention", "name", "cue"),
    [
        ("the eastern Syrian province of Deir al-Zor", "Deir al-Zor", "province"),
        ("the southern rebel-held neighbourhood of Sheikh Said", "Sheikh Said", "quarter"),
        ("Aleppo city", "Aleppo", "city"),
        ("the town", "", "city"),
        ("ISIL-controlled Raqqa", "Raqqa", None),
        ("Syrias Idlib province", "Idlib", "province"),
    ],
)
def test_phrases(mention: str, name: str, cue: str | None) -> None:
    phrase = read_phrase(mention, Span(0, len(mention)), words(), states())
    assert (phrase.name, phrase.cue) == (name, cue)
    assert phrase.generic == (name == "")


def test_the_report_decides_between_namesakes() -> None:
    assert (
        country(link("Clashes broke out in Tripoli, Libyan officials said. Libya has two governments.", "Tripoli"))
        == "LBY"
    )
    assert (
        country(link("Clashes broke out in Tripoli, the Lebanese army said. Lebanon is on edge.", "Tripoli")) == "LBN"
    )


def test_what_stands_behind_decides() -> None:
    assert country(link("He lives in Paris, Texas, and works there.", "Paris")) == "USA"
    assert country(link("He lives in Paris and works there.", "Paris")) == "FRA"


def test_the_kind_word_decides() -> None:
    text = "Fighting went on in Homs province. Syria said so."
    found = link(text, "Homs province")
    assert found.precision == "province"
    assert found.name == "Homs Governorate"


def test_a_country_is_a_country() -> None:
    found = link("Turkey is a small town in nobody's mind; Turkey said it would act.", "Turkey")
    assert (country(found), found.precision, found.radius_km) == ("TUR", "country", RADIUS["country"])


@pytest.mark.parametrize("adjective", ["Syrian", "Turkish", "Congolese"])
def test_demonyms(adjective: str) -> None:
    assert link(f"The {adjective} army moved.", adjective).precision == "country"


def test_near_is_less_exact() -> None:
    assert link("Shelling was heard near Kharkiv in Ukraine.", "Kharkiv").precision == "near"
    assert link("Shelling was heard in Kharkiv in Ukraine.", "Kharkiv").precision == "exact"


@pytest.mark.parametrize(
    "name", ["Shuja'iyya", "Maghazi", "Robotyne", "Zamzam", "Eastern Ghouta", "Bint Jbeil", "Bunagana"]
)
def test_the_hand_list_knows_what_war_reports_name(name: str) -> None:
    found = link(f"Shells fell on {name} on Monday.", name)
    assert found.best is not None
    assert found.best.lat is not None


def test_an_unknown_quarter_is_its_towns() -> None:
    found = link("A shell hit the Quxanda neighbourhood of Aleppo in Syria.", "the Quxanda neighbourhood of Aleppo")
    assert found.best is not None
    assert (found.name, found.best.country, found.precision) == ("Quxanda", "SYR", "district")


def test_an_unknown_name_is_of_the_reports_country_alone() -> None:
    found = link("Syrian media said that Syria's army took Quxandapur.", "Quxandapur")
    assert found.best is not None
    assert (found.name, found.best.country, found.precision) == ("Quxandapur", "SYR", "country")


def test_nothing_is_said_plainly() -> None:
    found = link("They met in Quxandapur.", "Quxandapur")
    assert (found.best, found.name, found.precision, found.radius_km) == (None, "Quxandapur", None, None)


def test_the_town_is_the_last_one_named() -> None:
    first, second = links("Troops entered Manbij in Syria. They left the town at night.", "Manbij", "the town")
    assert first.best is not None
    assert second.best is not None
    assert second.best.id == first.best.id


def test_scores_are_sums_of_named_features_and_rivals_are_kept() -> None:
    found = link("Clashes broke out in Tripoli, Libyan officials said.", "Tripoli")
    assert found.best is not None
    assert found.rivals
    for candidate in (found.best, *found.rivals):
        assert candidate.score == pytest.approx(sum(value for _, value in candidate.features), abs=1e-3)
    assert found.best.score >= found.rivals[0].score


def test_the_same_text_gives_the_same_links() -> None:
    text = "From Goma to Sake and on to Masisi in Congo, the road was cut near Kibumba."
    names = ("Goma", "Sake", "Masisi", "Congo", "Kibumba")
    assert links(text, *names) == links(text, *names)


def test_kilometres() -> None:
    assert kilometres(0, 0, 0, 1) == pytest.approx(111.2, abs=0.2)
    assert kilometres(36.2, 37.16, 36.2, 37.16) == 0


@pytest.mark.parametrize(
    ("text", "mention", "km", "bearing"),
    [
        ("Shells hit a post seven km east of Daraa city in Syria.", "Daraa city", 7, 90),
        ("Shells hit a post 10 miles (16 km) to the north of the city of Daraa, Syria.", "Daraa", 16.09, 0),
        ("They met 15 km to the south-west of Daraa in Syria.", "15 km to the south-west of Daraa", 15, 225),
    ],
)  # fmt: skip
def test_a_distance_and_a_direction_move_the_point(text: str, mention: str, km: float, bearing: float) -> None:
    (plain,) = links("Daraa lies in Syria.", "Daraa")
    found = link(text, mention)
    assert plain.best is not None and found.best is not None  # noqa: PT018
    assert found.best.id == plain.best.id
    assert dict(found.best.features)["bearing"] == bearing
    assert plain.best.lat and plain.best.lon and found.best.lat and found.best.lon  # noqa: PT018
    assert kilometres(plain.best.lat, plain.best.lon, found.best.lat, found.best.lon) == pytest.approx(km, rel=0.02)
    assert (found.precision, found.radius_km) == ("near", max(5.0, round(km / 2, 1)))


def test_a_distance_alone_widens_the_radius() -> None:
    found = link("The depot lies 40 kilometers (25 miles) away from the city of Homs, Syria.", "the city of Homs")
    assert (found.precision, found.radius_km) == ("near", 40.0)
    assert link("The depot is 40 km from Homs in Syria.", "Syria").precision == "country"
    assert link("The army took 40 square kilometres. Homs, in Syria, is calm.", "Homs").precision == "exact"


def test_an_unknown_village_is_placed_by_its_distance_from_a_known_town() -> None:
    homs, found = links("Clashes in Zuqruqa village 20 km east of Homs city, Syria.", "Homs city", "Zuqruqa village")
    assert (found.name, found.precision, found.radius_km) == ("Zuqruqa", "near", 10.0)
    assert found.best is not None
    assert homs.best is not None
    assert (found.best.lat, found.best.lon) == (homs.best.lat, homs.best.lon)


def test_between_two_towns() -> None:
    one, other = links("A lorry was hit on the road between Banihal and Srinagar in India.", "Banihal", "Srinagar")
    assert one.best is not None
    assert other.best is not None
    assert (one.name, other.name) == ("Banihal", "Srinagar")
    assert (one.best.lat, one.best.lon) == (other.best.lat, other.best.lon)
    assert one.precision == "route"
    assert one.radius_km == pytest.approx(40, abs=2)
    road = link(
        "A lorry was hit in India on the road between Banihal and Srinagar.", "the road between Banihal and Srinagar"
    )
    assert (road.precision, road.radius_km) == ("route", one.radius_km)
    land, _ = links("Clashes broke out between Homs and Hama in Syria.", "Homs", "Hama")
    assert land.precision == "near"
    assert land.radius_km == pytest.approx(22.6, abs=1)


@pytest.mark.parametrize("words", ["along the road from Homs to Palmyra", "on the highway linking Homs with Palmyra"])
def test_a_road_from_one_town_to_another(words: str) -> None:
    one, other = links(f"A convoy was hit {words} in Syria.", "Homs", "Palmyra")
    assert one.best is not None
    assert other.best is not None
    assert (one.best.lat, one.best.lon) == (other.best.lat, other.best.lon)
    assert one.precision == "route"
    assert one.radius_km == pytest.approx(72, abs=1)


def test_going_from_one_town_to_another_is_no_road() -> None:
    found = links("Troops who held the road went from Homs to Palmyra in Syria.", "Homs", "Palmyra")
    assert [town.precision for town in found] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Shells hit Aleppo province, Syria.", "Aleppo province", "Aleppo Governorate"),
        ("Clashes in the province of Deir Ezzor, Syria.", "the province of Deir Ezzor", "Deir ez-Zor Governorate"),
        ("Clashes in the city of Deir Ezzor, Syria.", "the city of Deir Ezzor", "Deir ez-Zor"),
    ],
)
def test_a_province_is_no_city_of_its_name_nor_one_that_sounds_alike(text: str, mention: str, name: str) -> None:
    found = link(text, mention)
    assert found.name == name
    assert found.precision == ("exact" if "city" in mention else "province")


@pytest.mark.parametrize(
    ("mention", "name", "precision"),
    [
        ("the country", "Syria", "country"),
        ("the west of the country", "Syria", "country"),
        ("the Syrian capital", "Damascus", "exact"),
        ("the capital", "Damascus", "exact"),
        ("the mainly Kurdish town", "Manbij", "exact"),
        ("villages held by ISIL", "Manbij", "exact"),
    ],
)
def test_what_a_report_calls_without_a_name(mention: str, name: str, precision: str) -> None:
    text = f"Syria's army shelled Manbij. In {mention} shells fell too."
    _, found = links(text, "Manbij", mention)
    assert (found.name, found.precision) == (name, precision)


def test_a_country_without_a_name_in_a_report_about_none() -> None:
    assert link("Shells fell in the country.", "the country").best is None


def test_a_road_that_is_named_for_its_ends() -> None:
    found = link("A convoy was hit on the Damascus-Homs highway in Syria.", "the Damascus-Homs highway")
    assert (found.name, found.precision) == ("Damascus–Homs", "route")
    assert found.best is not None
    assert found.best.lat == pytest.approx(34.12, abs=0.05)
    lost = link("A convoy was hit on the Qanx-Uxpal highway in Syria.", "the Qanx-Uxpal highway")
    assert lost.precision == "country"


@pytest.mark.parametrize("mention", ["the Euphrates", "the east bank of the Euphrates near Raqqa"])
def test_a_river_near_a_town_is_where_the_town_is(mention: str) -> None:
    text = "Shells fell on the east bank of the Euphrates near Raqqa, in Syria."
    raqqa = link(text, "Raqqa")
    found = link(text, mention)
    assert found.name == "Euphrates"
    assert found.best is not None
    assert raqqa.best is not None
    assert (found.best.lat, found.best.lon) == (raqqa.best.lat, raqqa.best.lon)
    assert (found.precision, found.radius_km) == ("near", 15.0)
    assert link("They crossed the Euphrates in Syria.", "the Euphrates").precision == "route"


def test_so_far_into_a_place_moves_nothing_and_is_told() -> None:
    town = link("Rebels pushed twelve kilometres into Saraqib, in Syria.", "Saraqib")
    plain = link("Rebels pushed into Saraqib, in Syria.", "Saraqib")
    assert town.best is not None
    assert plain.best is not None
    assert (town.best.lat, town.best.lon) == (plain.best.lat, plain.best.lon)
    assert (town.precision, town.radius_km) == ("near", 12.0)
    assert dict(town.best.features)["kilometres inside"] == 12
    state = link("They stood 5 km inside Syrian territory.", "Syrian territory")
    assert state.best is not None
    assert (state.precision, state.radius_km) == ("country", 400.0)
    assert dict(state.best.features)["kilometres inside"] == 5
    assert "kilometres inside" not in dict((link("They walked 5 km in Syria.", "Syria").best or state.best).features)


def test_an_unknown_place_of_a_country_is_no_nearer_than_the_country() -> None:
    found = link("A bomb went off in Quxandapur, Syria.", "Quxandapur")
    assert (found.name, found.precision) == ("Quxandapur", "country")


def test_between_two_capitals_is_no_stretch_of_land() -> None:
    assert [found.precision for found in links("Talks between Moscow and Kyiv failed.", "Moscow", "Kyiv")] == [
        "exact"
    ] * 2
