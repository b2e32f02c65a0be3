"""Quotation marks of several styles."""

from __future__ import annotations

import pytest

from reportedly.text import quoted_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "we left" and went.', ['"we left"']),
        ("He said “we left” twice: “we did”.", ["“we left”", "“we did”"]),
        ("« Nous partons », he said", ["« Nous partons »"]),
        ("„Wir gehen“, he said", ["„Wir gehen“"]),
        ("``It is over'' he said", ["``It is over''"]),
        ("the army's post wasn’t hit", []),
        ("“It goes on.\n\n“And on,” he said.", ["“It goes on.", "“And on,”"]),
        ('an open "quote that never ends', ['"quote that never ends']),
    ],
)
def test_quoted_spans(text: str, expected: list[str]) -> None:
    assert [q.of(text) for q in quoted_spans(text)] == expected
