"""A stand-in for the model: it finds what a pattern can find, and fails where the text tells it to.

Its rules: "X said that Y." is a statement; `shelled`, `killed` and `arrested` are events. The words ODD, BROKEN, DIE,
DIE-ONCE, SLOW and HANG in a text make it raise a ValueError, raise a ModelError, end its process, end it the first
time, take its time, and take an hour.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from reportedly.errors import ModelError
from reportedly.pipeline import Pipeline
from reportedly.settings import Settings
from reportedly.types import Event, Extraction, Reading, Report, Span, Statement

SAYING = re.compile(r"(?P<source>[A-Z]\w*(?: [A-Za-z]+)*?) (?P<cue>said) that (?P<content>[^.]+)")
KINDS = {"shelled": "shelling", "killed": "killing", "arrested": "arrest"}
HAPPENING = re.compile("|".join(KINDS))


class FakeReader:
    model_hash = "f" * 64

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        self.calls.append([report.id for report in reports])
        for report in reports:
            misbehave(report)
        return [found_in(report.text) for report in reports]


class FakeResolver:
    authorities = (("places", "a" * 64),)

    def resolve(self, report: Report, extraction: Extraction, *, run: str) -> Reading:
        if "UNRESOLVABLE" in report.text:
            raise KeyError("Atlantis")
        return Reading(report.id, run, extraction.statements, extraction.events)


def misbehave(report: Report) -> None:
    if "ODD" in report.text:
        raise ValueError("nobody expects an odd text")
    if "BROKEN" in report.text:
        raise ModelError("the weights are broken", where="weights.onnx", hint="install them again")
    if "DIE-ONCE" in report.text:
        scar = Path(report.origin or "")
        if not scar.exists():
            scar.touch()
            os._exit(9)
    elif "SLOW" in report.text:
        time.sleep(0.1)
    elif "HANG" in report.text:
        time.sleep(3600)
    elif "DIE" in report.text:
        os._exit(9)


def found_in(text: str) -> Extraction:
    statements = tuple(
        Statement(
            id=f"s{number}",
            source=(Span(*m.span("source")),),
            cue=(Span(*m.span("cue")),),
            content=(Span(*m.span("content")),),
            stance="say",
            speaker_kind="unknown",
        )
        for number, m in enumerate(SAYING.finditer(text), start=1)
    )
    events = tuple(
        Event(
            id=f"e{number}",
            trigger=Span(*m.span()),
            kind=KINDS[m.group()],
            status="asserted",
            statement=next((s.id for s in statements if s.content[0].holds(Span(*m.span()))), None),
        )
        for number, m in enumerate(HAPPENING.finditer(text), start=1)
    )
    return Extraction((), statements, events, ())


def load_fake(settings: Settings) -> Pipeline:
    """A pipeline without a model; a function of a module, so that other processes can load it too."""
    return Pipeline(FakeReader(), FakeResolver(), ontology="0" * 64, copies=settings.copies)


def load_refused(settings: Settings) -> Pipeline:
    raise ModelError("the weights are missing", where="model", hint="install the package again")


def load_dead(settings: Settings) -> Pipeline:
    os._exit(7)
