"""Verify finds what was altered by hand, table by table, and nothing where nothing was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import text

from reportedly.claims import make_claims
from reportedly.store import Ledger
from reportedly.store.codings import Assignment, Done, make_edit
from reportedly.store.incidents import linked_now
from reportedly.store.verify import Verified
from reportedly.types import ClaimLink, Failure, Incident, Judgement, Origin
from tests.store.conftest import emptied
from tests.store.older import take_back
from tests.store.records import LATER, RUN, read

NOW = datetime(2024, 5, 3, tzinfo=UTC)


def publish(ledger: Ledger, content: bytes) -> None:
    """A release of one file."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", content)
    files = {"rows.csv": sha256(content).hexdigest()}
    kept = {"settings": {"km": 25.0}, "counts": {"shown": 1}, "rows": {"incident-1": "a"}}
    ledger.add_release(by="Amina", title="First", files=files, archive=made.getvalue(), **kept)  # type: ignore[arg-type]


def fill(ledger: Ledger) -> None:
    """Something in every table that is checked."""
    ledger.add_run(RUN)
    ledger.add_run(LATER)
    ledger.add([read(1), read(2)], [Failure("in/x.txt", "source", "no text", "")], run=RUN.id)
    ledger.add([read(1, run=LATER), read(3), read(4)])
    own = {n: [c.id for c in read(n)[2]] for n in (1, 2, 3)}
    ledger.judge(Judgement("judgement-1", NOW, "Amina", "merge", (own[1][0], own[2][0])))
    ledger.judge(Judgement("judgement-2", NOW, "Amina", "undo", ("judgement-1",), "no"))
    together = Incident("incident-1", (own[1][0], own[2][0]), (ClaimLink(own[1][0], own[2][0], 3.0, (), "both"),))
    ledger.save_linking(
        linked_now("test", 0),
        neighbourhoods={own[1][0]: "a", own[2][0]: "a", own[3][0]: "b"},
        incidents=[together],
        origins=[Origin("origin-1", ("report-0001", "report-0002"))],
        stale=None,
    )
    ledger.edit(make_edit(by="Amina", report="report-0001", base=RUN.id, op="set", details={"x": 1}))
    ledger.assign([Assignment(NOW, "Boris", "report-0001", "Amina")])
    ledger.finish(Done(NOW, "Amina", "report-0001", RUN.id, 1))
    ledger.purge(["report-0004"], reason="asked for", by="Boris")
    publish(ledger, b"incident-1 told once")


def checked(ledger: Ledger, noted: str | None = None) -> Verified:
    return ledger.verify(make_claims, version="0.1.0", noted=noted)


def test_a_sound_ledger_is_sound(place: str) -> None:
    with Ledger.open(place) as ledger:
        fill(ledger)
        found = checked(ledger)
        head = ledger.log_head()
    assert found.faults == ()
    assert head is not None
    assert found.head == (head.seq, head.sha256)
    assert found.counted["reports"] == 3
    assert found.counted["readings"] == 4
    assert found.counted["log"] == head.seq


def test_a_ledger_of_an_older_schema_is_sealed_and_sound(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        fill(ledger)
    with closing(sqlite3.connect(path)) as raw, raw:
        take_back(raw, "0003")
        raw.execute("DELETE FROM judgements")
    with Ledger.open(path) as ledger:
        assert checked(ledger).faults == ()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "ledger.db"
    with Ledger.open(where) as ledger:
        fill(ledger)
    return where


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as somebody has it who knows how to get round what the database refuses."""
    with closing(sqlite3.connect(path)) as raw, raw:
        for verb in ("update", "delete"):
            raw.execute(f"DROP TRIGGER log_no_{verb}")
        yield raw


ALTERED = [
    ("UPDATE log SET by = 'someone' WHERE seq = 3", "log 3: was altered"),
    ("UPDATE log SET made = '2020-01-01 00:00:00.000000' WHERE seq = 2", "log 2: was altered"),
    ("UPDATE log SET details = '{}' WHERE seq = 1", "log 1: was altered"),
    ("UPDATE log SET previous = sha256 WHERE seq = 4", "log 4: doesn't follow"),
    ("DELETE FROM log WHERE seq = 5", "log 5: is missing"),
    ("DELETE FROM log WHERE seq = 1", "log 1: is missing"),
    ("DELETE FROM log", "log: is empty"),
    ("UPDATE reports SET text = replace(text, 'nine', 'ten') WHERE id = 'report-0002'", "report-0002: its text"),
    ("UPDATE reports SET outlet = 'The Herald' WHERE id = 'report-0002'", "reports report-0002: was altered"),
    ("UPDATE reports SET published = 'soon' WHERE id = 'report-0002'", "reports report-0002: it, or a reading"),
    ("UPDATE reports SET received_sha256 = 'ff' WHERE id = 'report-0002'", "reports report-0002: was altered"),
    ("UPDATE readings SET record = '{}' WHERE id = 2", "report-0002 run-1: was altered"),
    ("UPDATE readings SET record = '[' WHERE id = 2", "reports report-0002: it, or a reading of it, can't be decoded"),
    ("UPDATE statements SET record = replace(record, 'say', 'deny') WHERE reading = 2", "readings report-0002 run-1"),
    ("UPDATE statements SET speaker = 'the rebels' WHERE reading = 2", "statements report-0002 s1: its 'speaker'"),
    ("DELETE FROM statements WHERE reading = 2", "report-0002 run-1: was altered"),
    ("UPDATE events SET record = replace(record, '[', '{') WHERE reading = 2", "can't be decoded"),
    ("UPDATE events SET kind = 'protest' WHERE reading = 2 AND seq = 0", "its 'kind' doesn't follow"),
    ("DELETE FROM events WHERE reading = 2 AND seq = 1", "report-0002 run-1: was altered"),
    ("UPDATE claims SET speaker = 'the rebels' WHERE reading = 2 AND seq = 0", "report-0002 run-1: was altered"),
    ("UPDATE claims SET evidence = '[[5, 100000]]' WHERE reading = 2 AND seq = 0", "a span ends at 100000"),
    ("DELETE FROM claims WHERE reading = 2 AND seq = 0", "linked claim-"),
    ("UPDATE runs SET model = 'another' WHERE id = 'run-1'", "runs run-1: was altered"),
    ("UPDATE failures SET cause = 'none'", "failures"),
    ("DELETE FROM failures", "is in the log"),
    ("UPDATE judgements SET note = 'yes' WHERE seq = 2", "judgements judgement-2: was altered"),
    ("DELETE FROM judgements WHERE seq = 1", "judgements judgement-2: is about judgement-1"),
    ("DELETE FROM judgements WHERE seq = 2", "judgements judgement-2: is in the log"),
    ("UPDATE tombstones SET reason = 'for fun'", "tombstones report-0004: was altered"),
    ("DELETE FROM tombstones", "tombstones report-0004: is in the log"),
    ("UPDATE edits SET details = '{\"x\":2}'", "edits 1: was altered"),
    ("DELETE FROM edits", "edits report-0001 1: is in the log"),
    ("UPDATE assignments SET person = 'Carla'", "assignments 1: was altered"),
    ("UPDATE codings SET edits = 7", "codings 1: was altered"),
    ("DELETE FROM codings", "codings report-0001 1: is in the log"),
    ("UPDATE releases SET title = 'Second'", "releases 1: was altered"),
    ("DELETE FROM releases", "releases 1: is in the log"),
    ("UPDATE release_archives SET content = x'00'", "release_archives 1: its files are not those"),
    ("UPDATE linked SET claim = 'claim-x' WHERE seq = 1", "linked claim-x: there is no such claim"),
    ("UPDATE linked SET seq = 0 WHERE seq = 1", "linked incident-1: two of its claims"),
    ("UPDATE links SET incident = 'incident-9'", "its left claim is not of its incident"),
    ("UPDATE origins SET report = 'report-0009' WHERE seq = 1", "origins report-0009: there is no such report"),
    ("DELETE FROM passages WHERE id = 2", "report-0001 s1: the statement is not in the index"),
    ("DELETE FROM passages WHERE reading IS NULL AND report = 'report-0002'", "report-0002: the report is not"),
    ("UPDATE passages SET seq = 7 WHERE id = 2", "passages 2: it is of no statement"),
    ("INSERT INTO passages (report, reading, seq) VALUES ('report-0002', NULL, NULL)", "in the index twice"),
    ("DELETE FROM passage_words_docsize WHERE id = 3", "passages 3: the index has other words"),
    ("UPDATE passage_words_docsize SET sz = x'0101' WHERE id = 3", "passages 3: the index has other words"),
    ("DELETE FROM reports WHERE id = 'report-0002'", "its report is not in reports"),
    ("INSERT INTO runs SELECT 'run-9', version, model, ontology, authorities, settings, added FROM runs LIMIT 1",
     "runs run-9: the log knows nothing of it"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "named"), ALTERED, ids=[sql for sql, _ in ALTERED])
def test_what_was_altered_by_hand_is_named(path: Path, sql: str, named: str) -> None:
    with by_hand(path) as raw:
        assert raw.execute(sql).rowcount
    with Ledger.open(path, create=False) as ledger:
        found = checked(ledger)
    assert any(named in str(fault) for fault in found.faults), [str(f) for f in found.faults]
    if named.startswith("log"):
        assert named in str(found.faults[0]), "the first broken link is named first"


def test_a_report_that_was_slipped_in_is_named(path: Path) -> None:
    with by_hand(path) as raw:
        raw.execute("INSERT INTO reports SELECT 'report-0009', text, text_sha256, outlet, published, title, url, lang,"
                    " origin, received_sha256, added FROM reports WHERE id = 'report-0002'")  # fmt: skip
    with Ledger.open(path) as ledger:
        assert "reports report-0009: the log knows nothing of it" in map(str, checked(ledger).faults)


def test_a_page_that_was_overwritten_is_named(path: Path) -> None:
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_log_action'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    data[root * size - 30 : root * size - 10] = b"x" * 20
    path.write_bytes(data)
    with Ledger.open(path, create=False) as ledger:
        assert str(checked(ledger).faults[0]).startswith("file")


def test_a_chain_that_was_written_anew_lacks_the_hash_that_was_noted(path: Path, tmp_path: Path) -> None:
    with Ledger.open(path) as ledger:
        head = ledger.log_head()
        assert head is not None
        ledger.log("login", by="Amina")
        assert checked(ledger, noted=head.sha256.upper()).faults == ()
    with Ledger.open(tmp_path / "other.db") as ledger:
        fill(ledger)
        assert "has no entry with the hash that was noted" in str(checked(ledger, noted=head.sha256).faults[0])


def test_a_ledger_that_may_only_be_read_is_checked(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with Ledger.open(path, create=False) as ledger:
            assert checked(ledger).faults == ()
    finally:
        path.parent.chmod(0o755)


def test_many_faults_are_counted_and_some_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.add_run(RUN)
        ledger.add([read(n) for n in range(1, 120)])
    with by_hand(path) as raw:
        raw.execute("UPDATE reports SET published = ?", (date(2020, 1, 1).isoformat(),))
        raw.execute("DELETE FROM passages")
    with Ledger.open(path) as ledger:
        found = checked(ledger)
    assert len([f for f in found.faults if "was altered" in f.what]) == 119
    assert any("99 more" in f.what for f in found.faults)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE log SET \"by\" = 'someone' WHERE seq = 3", "log 3: was altered"),
        ("UPDATE reports SET text = replace(text, 'nine', 'ten') WHERE id = 'report-0002'", "report-0002: its text"),
        ("UPDATE claims SET speaker = 'the rebels' WHERE reading = 2 AND seq = 0", "report-0002 run-1: was altered"),
        ("UPDATE passages SET words = NULL WHERE id = 3", "passages 3: the index has other words"),
        (
            "UPDATE passages SET words = to_tsvector('english', 'x') WHERE id = 3",
            "passages 3: the index has other words",
        ),
    ],
)
def test_what_was_altered_on_a_server_is_named(postgres: str, sql: str, named: str) -> None:
    with Ledger.open(emptied(postgres)) as ledger:
        fill(ledger)
        with ledger._writing() as connection:
            connection.execute(text("ALTER TABLE log DISABLE TRIGGER log_is_forever"))
            assert connection.execute(text(sql)).rowcount
        assert any(named in str(fault) for fault in checked(ledger).faults)
