from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.ids import report_id

TEXT = "Two shells hit the market."


def test_same_report_has_one_id_for_ever() -> None:
    assert report_id(TEXT) == report_id(TEXT)
    # Written out: an id that changes makes every ledger read everything again.
    assert report_id(TEXT) == "report-9ade32b52905026ecd9b2556"
    assert report_id(TEXT, outlet="AFP") == "report-624608b54a29048c32d9968f"


def test_text_and_outlet_make_the_id() -> None:
    made = {report_id(TEXT), report_id(TEXT + " "), report_id(TEXT, outlet="AFP"), report_id(TEXT, outlet="AP")}
    assert len(made) == 4


def test_half_a_surrogate_pair_has_no_id() -> None:
    with pytest.raises(UnicodeEncodeError):
        report_id("\ud800")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.text())
def test_ids_are_short_and_plain(text: str, outlet: str | None) -> None:
    assert re.fullmatch(r"report-[0-9a-f]{24}", report_id(text, outlet=outlet))
