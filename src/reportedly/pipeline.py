"""The order of the stages, and the promise that one bad report never ends a run.

`Pipeline` alone knows which stage follows which: text, model and extract (`Reader`), then resolve (`Resolver`), and
claims. What a stage raises over one report becomes a `Failure` that names the stage and the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from reportedly import __version__
from reportedly.errors import ModelError, ReportedlyError
from reportedly.ids import run_id
from reportedly.types import Claim, Extraction, Failure, Reading, Report, Run

if TYPE_CHECKING:
    from reportedly.settings import Settings

FAULTS = (ReportedlyError, ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError)
"""What a stage may raise over one odd text without ending the run.

These are the errors that data can provoke: a number out of range, a missing key, a `None` that nobody expected, nesting
too deep. Errors of the machine (`OSError`, `MemoryError`) and the user's interrupt hold for every report that follows;
they go up.
"""

HINT = "the rest of the run is not affected; please report it with the text if it may be shared"

Read = tuple[Report, Reading]


@dataclass(frozen=True, slots=True)
class Copies:
    """Near copies of one text: the first is read, and what is found in it is carried over to the others."""

    reports: tuple[Report, ...]


class Extracts(Protocol):
    """The model and the rules: `extract.Reader` is the one that is shipped."""

    @property
    def model_hash(self) -> str:
        """SHA-256 of the weights."""
        ...

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """One extraction for each report, in the same order."""
        ...


class Resolves(Protocol):
    """What looks names, dates and places up: `resolve.Resolver` is the one that is shipped."""

    @property
    def authorities(self) -> tuple[tuple[str, str], ...]:
        """Id and SHA-256 of every authority that was consulted."""
        ...

    def resolve(self, report: Report, extraction: Extraction, *, run: str) -> Reading:
        """The reading that follows from the extraction."""
        ...


class Pipeline:
    """Reads reports. `run` names everything that the result depends on."""

    def __init__(self, reader: Extracts, resolver: Resolves, *, ontology: str, copies: str = "each") -> None:
        """`ontology` is the SHA-256 of the ontology file that the labels come from; `copies` as in `Settings`."""
        self._reader = reader
        self._resolver = resolver
        settings = () if copies == "each" else (("copies", copies),)
        self.run = make_run(
            model=reader.model_hash, ontology=ontology, authorities=resolver.authorities, settings=settings
        )

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Open model, ontology and authorities. Raises `ReportedlyError` where one is missing or damaged."""
        from reportedly.extract import Reader
        from reportedly.ontology import load_ontology
        from reportedly.resolve import Resolver

        ontology = load_ontology(settings.ontology)
        reader = Reader.load(settings.model, threads=settings.threads)
        resolver = Resolver.load(settings.places)
        return cls(reader, resolver, ontology=ontology.sha256, copies=settings.copies)

    def read(self, reports: Sequence[Report]) -> list[Read | Failure]:
        """Read `reports` together; the result has one item for each, in the same order.

        Where the batch fails as a whole, each report is tried on its own, so that the failure lands on the one that
        causes it.
        """
        faults = [text_fault(report) for report in reports]
        sound = [report for report, fault in zip(reports, faults, strict=True) if fault is None]
        results = iter(self._read_sound(sound) if sound else ())
        return [fault if fault is not None else next(results) for fault in faults]

    def read_copies(self, reports: Sequence[Report]) -> list[Read | Failure]:
        """Read near copies of `reports[0]`, the result in the same order: the model reads the first of them only.

        What it found is carried over to the others, and it reads what only they have. Names, places and days are looked
        up for each, with its own outlet and date. Where carrying over fails, the report is read as any other.
        """
        from reportedly.extract.copies import carry_over

        first, *others = reports
        if text_fault(first) is not None:
            return self.read(reports)
        try:
            [model] = self._reader.extract([first])
        except FAULTS:
            return self.read(reports)
        results: list[Read | Failure] = [self._resolve(first, model)]
        for other in others:
            fault = text_fault(other)
            if fault is not None:
                results.append(fault)
                continue
            try:
                carried = carry_over(first, model, other, self._reader.extract)
            except FAULTS:
                results += self.read([other])
            else:
                results.append(self._resolve(other, carried))
        return results

    def _read_sound(self, reports: Sequence[Report]) -> list[Read | Failure]:
        try:
            extractions = self._reader.extract(reports)
            if len(extractions) != len(reports):
                raise ModelError(f"the reader gave {len(extractions)} results for {len(reports)} reports")
        except FAULTS as error:
            if len(reports) == 1:
                return [failure_from(error, reports[0], stage="model" if isinstance(error, ModelError) else "extract")]
            return [result for report in reports for result in self._read_sound([report])]
        return [self._resolve(report, found) for report, found in zip(reports, extractions, strict=True)]

    def _resolve(self, report: Report, found: Extraction) -> Read | Failure:
        try:
            return report, self._resolver.resolve(report, found, run=self.run.id)
        except FAULTS as error:
            return failure_from(error, report, stage="resolve")


def claims_of(report: Report, reading: Reading) -> tuple[Claim, ...] | Failure:
    """The claims in `reading`, or the failure to make them."""
    from reportedly.claims import make_claims

    try:
        return make_claims(report, reading)
    except FAULTS as error:
        return failure_from(error, report, stage="claims")


def make_run(
    *, model: str, ontology: str, authorities: tuple[tuple[str, str], ...], settings: tuple[tuple[str, str], ...] = ()
) -> Run:
    """The run that these parts make. Its id is a hash of them, so the same parts always give the same id.

    Threads, jobs and batch sizes are left out: they change how long the reading takes, not what is read.
    """
    made = run_id(version=__version__, model=model, ontology=ontology, authorities=authorities, settings=settings)
    return Run(made, __version__, model, ontology, tuple(sorted(authorities)), tuple(sorted(settings)))


def text_fault(report: Report) -> Failure | None:
    """Why no stage can work on this text, or `None`: it says nothing, or it cannot be written as UTF-8."""
    where = report.origin or report.id
    if not report.text.strip():
        return Failure(where, "text", "the text is empty", "leave the report out, or give its text")
    try:
        report.text.encode("utf-8")
    except UnicodeEncodeError as error:
        cause = f"half of a surrogate pair at character {error.start}"
        return Failure(where, "text", cause, "the file was cut or badly converted; export it again as UTF-8")
    return None


def failure_from(error: Exception, report: Report, *, stage: str) -> Failure:
    """`error`, raised by `stage` over `report`, as a record."""
    where = report.origin or report.id
    if isinstance(error, ReportedlyError):
        cause = f"{error.where}: {error.what}" if error.where else error.what
        return Failure(where, stage, cause, error.hint or HINT)
    return Failure(where, stage, f"{type(error).__name__}: {error}", HINT)
