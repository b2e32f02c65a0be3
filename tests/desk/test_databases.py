"""What pages ask for is the same on every database, in the same order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from reportedly.desk.facts import renew_facts
from reportedly.desk.linking import link_ledger
from reportedly.store import Ledger
from reportedly.store.copying import copy_ledger
from reportedly.store.facts import ORDERS, VERDICTS
from reportedly.store.filter import Filter
from reportedly.types import Judgement
from tests.link.stories import linker
from tests.link.test_linker import day, many
from tests.review.ledgers import RUN
from tests.store.conftest import emptied

NOON = datetime(2024, 5, 9, 12, tzinfo=UTC)

FILTERS = [
    Filter(),
    Filter(words="market"),
    Filter(first=date(2024, 5, 2), last=date(2024, 5, 3)),
    Filter(box=(-180.0, -90.0, 180.0, 90.0)),
    Filter(box=(30.0, 10.0, 40.0, 50.0)),
    Filter(kinds=("air_strike", "shelling")),
    Filter(verdicts=VERDICTS),
    Filter(reviewed=("no", "part")),
    Filter(since=date(2024, 5, 1)),
]


def asked(ledger: Ledger) -> dict[str, Any]:
    """All that facts can be asked for."""
    said: dict[str, Any] = {}
    for wanted in FILTERS:
        name = wanted.address
        for order in ORDERS:
            said[f"{name} {order}"] = ledger.find_incidents(wanted, order=order)
        said[f"{name} ids"] = ledger.ids_of(wanted)
        said[f"{name} claims"] = ledger.claims_of(wanted)
        said[f"{name} counts"] = ledger.count_found(wanted), ledger.count_kinds(wanted), ledger.count_days(wanted)
        said[f"{name} points"] = ledger.points(wanted)
    for role in ("actor", "speaker"):
        said[role] = [ledger.names_told(role, letters=letters) for letters in ("", "AR", "%")]
    said["tellers"] = {i: ledger.tellers_of(i) for i in ledger.ids_of(Filter())}
    said["queue"] = ledger.queue(today=date(2024, 6, 1))
    return said | {"newest": ledger.newest_added(), "missing": ledger.without_facts()}


@pytest.fixture
def both(tmp_path: Path, postgres: str) -> Any:
    with Ledger.open(tmp_path / "file.db") as file, Ledger.open(emptied(postgres)) as server:
        file.add_run(RUN)
        file.add([*many(9), *day()])
        link_ledger(file, linker())
        copy_ledger(file, server)
        yield file, server


def test_facts_are_found_and_counted_alike(both: tuple[Ledger, Ledger]) -> None:
    file, server = both
    assert len(file.ids_of(Filter())) > 5
    assert asked(server) == asked(file)


def test_facts_are_made_alike(both: tuple[Ledger, Ledger]) -> None:
    """After a judgement, and after linking anew."""
    file, server = both
    for ledger in both:
        ids = ledger.ids_of(Filter())
        ledger.judge(Judgement("j", NOON, "Ann", "accept", (ids[0],)))
        assert ids[0] in ledger.without_facts()
        assert renew_facts(ledger) == 1
    assert asked(server) == asked(file)
    for ledger in both:
        link_ledger(ledger, linker(), anew=True)
    assert asked(server) == asked(file)
    assert [i.claims for i in server.incidents()] == [i.claims for i in file.incidents()]


def test_facts_of_an_older_state_are_not_kept(both: tuple[Ledger, Ledger]) -> None:
    for ledger in both:
        ids = ledger.ids_of(Filter())
        facts, basis = list(ledger.facts_named(ids[:1]).values()), ledger.facts_basis()
        assert ledger.save_facts(facts, basis=basis)
        ledger.judge(Judgement("j", NOON, "Ann", "reject", (ids[0],)))
        assert ledger.save_facts(facts, basis=basis)
        assert ledger.without_facts() == [ids[0]], "somebody judged it since"
        assert ledger.save_facts(facts, basis=ledger.facts_basis())
        assert ledger.without_facts() == []
        link_ledger(ledger, linker(), anew=True)
        assert not ledger.save_facts(facts, basis=basis), "it was linked since"
