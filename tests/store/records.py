"""Readings for the ledger's tests: one written by hand, and any number made up by Hypothesis."""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from reportedly.claims import make_claims
from reportedly.ids import claim_id
from reportedly.types import (
    Candidate,
    Claim,
    Event,
    Figure,
    Link,
    Party,
    Reading,
    Report,
    Run,
    Span,
    Statement,
    When,
)

T = TypeVar("T")
Read = tuple[Report, Reading, Sequence[Claim]]

RUN = Run("run-1", "0.1.0", "model-a", "conflict", (("places", "aa"), ("actors", "bb")), (("window", "256"),))
LATER = replace(RUN, id="run-2", model="model-b")

TEXT = "The army said on Tuesday that shelling near Sarmada had killed at least nine people. Residents fled. 😀"


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


SARMADA = Candidate("geonames:1", "Sarmada", 1.5, "P", "SYR", 36.184, 36.722, (("name", 1.0), ("size", 0.5)))
RIVAL = Candidate("geonames:2", "Sarmada", 0.1, "P", "LBN", features=(("name", 0.1),))
PLACE = Link(span("Sarmada"), "Sarmada", SARMADA, (RIVAL,), "near", 5.0)


def read(number: int, *, run: Run = RUN, text: str = TEXT) -> Read:
    """Report `number` as `run` read it: a statement, two events, two claims."""
    report = Report(f"report-{number:04d}", text, "The Courier", date(2024, 5, 2), origin=f"in/{number}.txt")
    said = Statement(
        id="s1",
        source=(span("The army"),),
        cue=(span("said"),),
        content=(span("that shelling near Sarmada had killed at least nine people"),),
        stance="say",
        speaker_kind="military",
        speaker="the army",
        said_on=date(2024, 4, 30),
        score=0.75,
    )
    shelling = Event(
        id="e1",
        trigger=span("shelling"),
        kind="shelling",
        status="asserted",
        targets=(Party(span("at least nine people"), "people"),),
        places=(PLACE,),
        toll=(Figure("killed", span("at least nine people"), 9, None, "people"),),
        statement="s1",
        score=0.5,
    )
    fled = Event("e2", span("fled"), "displacement", "asserted", agents=(Party(span("Residents")),))
    reading = Reading(
        report=report.id,
        run=run.id,
        statements=(said,),
        events=(shelling, fled),
        times=(When(span("Tuesday"), "DATE", "2024-04-30", date(2024, 4, 30), date(2024, 4, 30), "report"),),
        toponyms=(PLACE,),
    )
    return report, reading, make_claims(report, reading)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def values(hint: Any, length: int) -> st.SearchStrategy[Any]:
    """Any value of the annotated type `hint`, its spans within a text of `length` code points."""
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: words,
        bool: st.booleans(),
        int: st.integers(0, 10**12),
        float: st.floats(allow_nan=False, allow_infinity=False),
        date: st.dates(),
        Span: st.lists(st.integers(0, length), min_size=2, max_size=2, unique=True).map(lambda v: Span(min(v), max(v))),
    }
    if hint in plain:
        return plain[hint]
    if is_dataclass(hint):
        return st.builds(hint, **of_fields(hint, length))  # type: ignore[arg-type]
    args = get_args(hint)
    if get_origin(hint) in (types.UnionType, Union):
        return st.one_of(st.none(), *(values(a, length) for a in args if a is not types.NoneType))
    assert get_origin(hint) is tuple
    if args[-1] is Ellipsis:
        return st.lists(values(args[0], length), max_size=2).map(tuple)
    return st.tuples(*(values(a, length) for a in args))


def of_fields(kind: Any, length: int) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(kind)
    return {f.name: values(hints[f.name], length) for f in fields(kind)}


def any_of(kind: type[T], length: int = 50) -> st.SearchStrategy[T]:
    return values(kind, length)


@st.composite
def readings(draw: st.DrawFn, report_id: str, run: str) -> Read:
    """A report and whatever a reading and its claims may hold, meaningful or not, with ids as the ledger wants them."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80))
    report = replace(draw(any_of(Report)), id=report_id, text=text)
    found = draw(any_of(Reading, len(text)))
    claims = draw(st.lists(any_of(Claim, len(text)), max_size=3))
    reading = replace(
        found,
        report=report_id,
        run=run,
        statements=tuple(replace(s, id=f"s{n}") for n, s in enumerate(found.statements)),
        events=tuple(replace(e, id=f"e{n}") for n, e in enumerate(found.events)),
    )
    made = (replace(c, id=claim_id(report_id, run, str(n)), report=report_id, run=run) for n, c in enumerate(claims))
    return report, reading, tuple(made)
