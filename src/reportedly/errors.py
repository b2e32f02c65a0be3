"""One family of errors. A message says what happened, where, and what to do about it."""

from __future__ import annotations


class ReportedlyError(Exception):
    """Any error that reportedly raises on purpose.

    `what` happened, `where` (a path, with `:line`; a URL; a setting) and a `hint`: what the user can do.
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f" ({self.hint})" if self.hint else "")


class SourceError(ReportedlyError):
    """A file, or one report in it, could not be read."""


class ModelError(ReportedlyError):
    """The model's files are missing, damaged or of another version."""


class AuthorityError(ReportedlyError):
    """A gazetteer or another authority is missing or damaged."""


class LedgerError(ReportedlyError):
    """The ledger could not be opened, was made by a newer version, or refused a write."""


class SettingsError(ReportedlyError):
    """A setting, an option or an ontology file is wrong."""


class CorpusError(ReportedlyError):
    """A coded report breaks the annotation guide's form."""


class EditError(ReportedlyError):
    """What a reviewer asked for can't be done to this reading."""
