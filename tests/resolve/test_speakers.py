"""Who speaks, and for whom. All reports are invented."""

from __future__ import annotations

from datetime import date

import pytest

from reportedly.resolve.scene import read_scene
from reportedly.resolve.speakers import SpeakerResolver, told_by
from reportedly.types import Report, Span, Statement
from tests.resolve.authorities import cast, coreference, table, words

Who = tuple[str | None, str | None]


def speakers(text: str, *sources: tuple[str, str], focus: str | None = "SYR", outlet: str | None = None) -> list[Who]:
    """Speaker and side of each of `sources` (words, speaker kind), found one after another in `text`."""
    statements, at = [], 0
    for number, (source, kind) in enumerate(sources):
        start = text.index(source, at)
        at = start + 1
        spans = (Span(start, start + len(source)),) if source else ()
        statements.append(Statement(f"s{number}", spans, (), (Span(start, start + 1),), "say", kind))
    report = Report("r", text, outlet=outlet, published=date(2016, 5, 4))
    scene = read_scene(report, table=table(), words=words(), focus=focus)
    resolver = SpeakerResolver(table(), words(), coreference())
    named = resolver.resolve(scene, statements, lambda: cast(scene, statements=statements))
    return [(s.speaker, s.side) for s in told_by(statements, named)]


@pytest.mark.parametrize(
    ("source", "kind", "who"),
    [
        ("Russian Foreign Minister Sergei Lavrov", "government", ("Sergei Lavrov", "Russia")),
        ("The Syrian Observatory for Human Rights", "ngo", ("Syrian Observatory for Human Rights",) * 2),
        ("Ankara", "government", ("Turkish government", "Turkey")),
        ("Syria", "government", ("Syrian government", "Syria")),
        ("the army", "military", ("Syrian Armed Forces", "Syrian Armed Forces")),
        ("A source at Dunaya Police Command", "police", ("unnamed Dunaya Police Command source", "Syria")),
        ("a spokesman for the Taliban", "armed_group", ("unnamed Taliban spokesman", "Taliban")),
        ("local sources in the town", "witness", ("unnamed local sources", None)),
        ("Dr Karim Antaki, a surgeon", "medical", ("Karim Antaki", None)),
        ("a resident", "witness", ("unnamed resident", None)),
        ("Western diplomats", "government", ("unnamed Western diplomats", None)),
        ("SANA reporter", "media", ("unnamed SANA reporter", "Syria")),
        ("AFP", "media", ("AFP", "AFP")),
        ("a witness named Rafiq", "witness", ("Rafiq", None)),
        ("A group known as the Local Coordination Committees", "ngo", ("Local Coordination Committees",) * 2),
        ("Dunaya Regional Police", "police", ("Dunaya Regional Police", "Syria")),
        ("medics and residents", "witness", ("unnamed medics and residents", None)),
        ("an official from the local council", "government", ("unnamed local council official", "Syria")),
        ("the commander of the 334th Brigade", "military", ("unnamed 334th Brigade commander", "Syrian Armed Forces")),
        ("Government and opposition forces", "military", ("Syrian Armed Forces", "Syrian Armed Forces")),
        ("SORH", "ngo", ("Syrian Observatory for Human Rights", "Syrian Observatory for Human Rights")),
        ("a surgeon at the Kalima University Antaki", "medical", ("Antaki", None)),
    ],
)  # fmt: skip
def test_named_and_described(source: str, kind: str, who: Who) -> None:
    assert speakers(f"{source} said that the road was open.", (source, kind)) == [who]


def test_a_surname_is_the_full_name_before() -> None:
    text = "Colonel Idris Walden, of the Kenyan army, said it was over. Walden said more. He would not say when."
    kind = "military"
    found = speakers(
        text, ("Colonel Idris Walden, of the Kenyan army", kind), ("Walden", kind), ("He", kind), focus="KEN"
    )
    assert found == [("Idris Walden", "Kenya Defence Forces")] * 3


def test_a_public_figures_surname() -> None:
    assert speakers("Lavrov said no.", ("Lavrov", "government")) == [("Sergei Lavrov", "Russia")]


def test_she_is_not_he() -> None:
    text = "Mr Peter Hull said yes. Ms Anna Wood said no. He said it again. She said it again."
    found = speakers(text, *[(s, "witness") for s in ("Mr Peter Hull", "Ms Anna Wood", "He", "She")], focus=None)
    assert [speaker for speaker, _ in found] == ["Peter Hull", "Anna Wood", "Peter Hull", "Anna Wood"]


def test_it_is_an_organisation() -> None:
    text = "UNICEF said so. Peter Hull, a farmer, said so too. It added that schools were shut."
    found = speakers(text, ("UNICEF", "igo"), ("Peter Hull", "witness"), ("It", "igo"))
    assert found[2] == ("UNICEF", "UNICEF")


def test_descriptions_point_back() -> None:
    text = "A military source told a reporter that it was quiet. The source said nobody was hurt."
    found = speakers(text, ("A military source", "military"), ("The source", "military"))
    assert found == [("unnamed military source", "Syrian Armed Forces")] * 2


def test_a_monitoring_group_is_the_one_named_later() -> None:
    text = "Nine people died, a monitoring group said. The Syrian Observatory for Human Rights said it was an air raid."
    found = speakers(text, ("a monitoring group", "ngo"), ("The Syrian Observatory for Human Rights", "ngo"))
    assert found[0] == found[1]


def test_short_forms() -> None:
    text = "The Syrian National Coalition called for talks. The Coalition said it would come."
    found = speakers(text, ("The Syrian National Coalition", "civil_society"), ("The Coalition", "civil_society"))
    assert found == [("Syrian National Coalition", "Syrian National Coalition")] * 2


def test_a_statement_by_somebody() -> None:
    text = "A statement by the Turkish army said that two soldiers died."
    assert speakers(text, ("A statement by the Turkish army", "military")) == [("Turkish Armed Forces",) * 2]


def test_what_an_organisation_publishes_it_says_itself() -> None:
    found = speakers("We call on all sides to stop.", ("We", "civil_society"), outlet="Dunaya Workers Union")
    assert found == [("Dunaya Workers Union", "Dunaya Workers Union")]
    assert speakers("We call on all sides to stop.", ("We", "unknown"), outlet="Dunaya Daily News") == [
        ("unnamed source", None)
    ]


def test_nobody_named() -> None:
    assert speakers("It was reportedly quiet.", ("", "unknown")) == [("unnamed source", None)]


def test_no_source_ends_in_an_error() -> None:
    for source in ("“”", "—", "...", "40", "the", "'s", "@handle", "A. B."):
        assert len(speakers(f"{source} said so.", (source, "unknown"))) == 1


@pytest.mark.parametrize(
    ("text", "source", "kind", "name"),
    [
        ("Acting UNICEF director Alba Lund is in Kalima. Shells fell, the UNICEF director said.", "the UNICEF director",
         "igo", "Alba Lund"),
        ("Tariq Odeh, the mayor of Kalima, left. The town’s mayor said he would return.", "The town’s mayor",
         "government", "Tariq Odeh"),
        ("The regional commander Tariq Odeh left. The police commander stayed, he said.", "The police commander",
         "police", "unnamed police commander"),
        ("Prime minister Tariq Odeh left. The chief minister said nothing.", "The chief minister",
         "government", "unnamed chief minister"),
        ("Captain Tariq Odeh left. The resident said so.", "The resident", "witness", "unnamed resident"),
    ],
)  # fmt: skip
def test_an_office_is_whoever_the_text_says_holds_it(text: str, source: str, kind: str, name: str) -> None:
    assert speakers(text, (source, kind))[0][0] == name


def test_an_office_that_nobody_is_given_is_that_of_a_person_heard() -> None:
    text = "Alba Lund said no. The secretary said it again. Governor Tariq Odeh agreed. An envoy did not."
    kind = "government"
    found = speakers(
        text, ("Alba Lund", kind), ("The secretary", kind), ("Governor Tariq Odeh", kind), ("An envoy", kind)
    )
    assert [name for name, _ in found] == ["Alba Lund", "Alba Lund", "Tariq Odeh", "unnamed envoy"]


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("An amateur video posted online by activists", "civil_society", "unnamed activists"),
        ("data from the Taliban", "armed_group", "Taliban"),
        ("one of the elders", "civil_society", "unnamed elder"),
        ("Syrias health minister", "government", "unnamed Syria health minister"),
    ],
)
def test_whose_words_they_are(source: str, kind: str, name: str) -> None:
    assert speakers(f"It was over, {source} said.", (source, kind))[0][0] == name


def test_a_name_from_the_middle_of_a_full_name() -> None:
    text = "Lul Wanda Karo spoke. Gen. Wanda said more."
    kind = "military"
    assert [who for who, _ in speakers(text, ("Lul Wanda Karo", kind), ("Gen. Wanda", kind))] == ["Lul Wanda Karo"] * 2


def test_of_both_sides_the_first_counts() -> None:
    text = "The Taliban fought the Kenyan army. Both sides said they had won."
    assert speakers(text, ("Both sides", "armed_group"), focus="KEN") == [("Taliban", "Taliban")]


def test_a_mediums_own_reporter_is_named_after_it() -> None:
    text = "Our reporter in Kalima said that shops were open."
    assert speakers(text, ("Our reporter in Kalima", "media"), outlet="Kalima Herald") == [
        ("unnamed Kalima Herald Kalima reporter", "Kalima Herald")
    ]


def test_a_part_of_the_publishers_name_is_the_publisher() -> None:
    text = "The Collective said that roads were shut."
    found = speakers(text, ("The Collective", "ngo"), outlet="Collective for Rights in Kalima Network")
    assert found == [("Collective for Rights in Kalima Network",) * 2]
