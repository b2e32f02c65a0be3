from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from reportedly.cli.marks import ASCII, marked_text
from reportedly.cli.page import print_entry
from reportedly.store import Ledger
from reportedly.types import Entry, Event, Failure, Figure, Party, Reading, Report, Run, Span, Statement
from tests.cli.command import status_of

TEXT = 'An officer said the mayor denied that shells hit "the ward". Two nurses told Radio Rahad that nobody was hurt.'


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def statement(number: int, words: tuple[str, str, str], *, inside: str | None = None, stance: str = "say") -> Statement:
    source, cue, content = ((span(piece),) for piece in words)
    return Statement(f"s{number}", source, cue, content, stance, "unknown", inside=inside)


READING = Reading(
    "rahad",
    "run",
    statements=(
        statement(1, ("An officer", "said", 'the mayor denied that shells hit "the ward"')),
        statement(2, ("the mayor", "denied", 'shells hit "the ward"'), inside="s1", stance="deny"),
        Statement(
            "s3",
            (span("Two nurses"),),
            (span("told"),),
            (span("nobody was hurt"),),
            "say",
            "medical",
            told_to=(span("Radio Rahad"),),
            said_on=date(2024, 3, 7),
        ),
    ),
    events=(
        Event(
            "e1",
            span("hit"),
            "shelling",
            "denied",
            targets=(Party(span('"the ward"')),),
            toll=(Figure("killed", span("shells"), 9, None, "people"), Figure("injured", span("shells"), 0, 12)),
            statement="s2",
            first=date(2024, 3, 5),
            last=date(2024, 3, 6),
        ),
    ),
)
REPORT = Report("rahad", TEXT, outlet="Radio Rahad", published=date(2024, 3, 7), title="The ward")


def shown(report: Report, reading: Reading | None, width: int = 80) -> str:
    out = Console(width=width, highlight=False, markup=False, emoji=False, record=True, force_terminal=False)
    with out.capture() as captured:
        print_entry(Entry(report, datetime(2024, 3, 8, tzinfo=UTC), reading), out)
    return captured.get()



def test_marks_are_nested_and_carry_the_number_of_their_statement() -> None:
    assert marked_text(REPORT, READING).plain == (
        'An officer¹ said [the mayor² denied that [shells hit‹shelling, denied› "the ward"]²]¹. '
        "Two nurses³ told Radio Rahad that [nobody was hurt]³."
    )


def test_two_speakers_that_end_at_one_place_keep_their_numbers_apart() -> None:
    twice = (statement(1, ("An officer", "said", "shells")), statement(2, ("An officer", "said", "hit")))
    assert marked_text(REPORT, Reading("rahad", "run", twice)).plain.startswith("An officer¹,² said")


def test_marks_over_the_same_words_close_in_reverse() -> None:
    same = span("shells hit")
    said = [Statement(f"s{n}", (), (), (same,), "say", "unknown", inside={2: "s1"}.get(n)) for n in (1, 2)]
    reading = Reading("rahad", "run", tuple(said), (Event("e1", same, "shelling", "asserted"),))
    assert "[[shells hit‹shelling›]²]¹" in marked_text(REPORT, reading).plain


def test_without_colour_and_unicode_nothing_is_lost() -> None:
    plain = marked_text(REPORT, READING, ASCII).plain
    assert plain.isascii()
    assert '[shells hit<shelling, denied> "the ward"](2)](1)' in plain


def test_each_speaker_has_a_colour_of_its_own_and_keeps_it() -> None:
    marked = marked_text(REPORT, READING)
    colours = {str(s.style) for s in marked.spans if "bold" in str(s.style) and "red" not in str(s.style)}
    assert len(colours) == 3


def test_who_says_what_follows_the_text() -> None:
    page = " ".join(shown(REPORT, READING, width=100).replace("│", "").split())
    assert "² the mayor – denies" in page
    assert "³ Two nurses (medical) – says to Radio Rahad, 7 Mar 2024" in page
    assert "at least 9 killed (people), up to 12 injured" in page
    assert "5 Mar 2024 – 6 Mar 2024" in page
    assert page.index("¹ An officer") < page.index("² the mayor") < page.index("³ Two nurses")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = shown(REPORT, READING, width).splitlines()
    assert max(len(line) for line in lines) <= min(width, 100)


def test_a_report_cannot_drive_the_terminal() -> None:
    hostile = "\x1b[31mRed\x07 \x9b2J \u202etxt.exe [bold]An officer[/bold] :bomb: [link=file:///etc]x[/link]\x00 so."
    page = shown(Report("r\x1b", hostile, title="\x1b]0;owned\x07[red]t[/red]", outlet="\x1b[2J"), None)
    assert not [character for character in page if ord(character) < 32 and character != "\n"]
    assert "\x9b" not in page
    assert "\u202e" not in page
    for words in ("␛[31mRed␇", "<U+009B>2J", "[bold]An officer[/bold] :bomb:", "[red]t[/red]", "[link=file:///etc]x[/link]"):
        assert words in page


def test_line_ends_of_windows_are_line_ends() -> None:
    assert marked_text(Report("r", "one\r\ntwo\rthree"), Reading("r", "run")).plain == "one\ntwo␍three"


def test_a_span_outside_the_text_is_passed_over() -> None:
    beyond = Statement("s1", (Span(900, 950),), (), (), "say", "unknown")
    assert marked_text(REPORT, Reading("rahad", "run", (beyond,))).plain == TEXT


def filled(path: Path, *reports: Report) -> str:
    with Ledger.open(path) as ledger:
        ledger.add_run(Run("run", "1", "m", "o"))
        ledger.add([(r, Reading(r.id, "run"), ()) for r in reports], failures=[Failure("x", "source", "gone", "")])
    return str(path)


def test_the_table_names_every_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = filled(tmp_path / "l.db", REPORT, Report("f" * 40, "Long " * 100))
    assert status_of("show", ledger) == 0
    out = capsys.readouterr().out
    assert "rahad " in out
    assert "f" * 12 + " " in out
    assert "2 reports" in out
    assert max(map(len, out.replace(ledger, "").splitlines())) <= 80


def test_an_empty_ledger_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("show", filled(tmp_path / "l.db")) == 0
    assert "reportedly read PATH" in " ".join(capsys.readouterr().out.split())


def test_a_report_is_found_by_the_beginning_of_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = filled(tmp_path / "l.db", REPORT, Report("rahab", TEXT + "."))
    assert status_of("show", ledger, "rahad") == 0
    assert "The ward" in capsys.readouterr().out
    assert status_of("show", ledger, "raha") == 1
    assert "2 reports begin with 'raha': rahab, rahad" in capsys.readouterr().err
    assert status_of("show", ledger, "rahid") == 1
    assert "did you mean" in capsys.readouterr().err


def test_a_missing_ledger_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("show", str(tmp_path / "none.db")) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none.db").exists()
