"""The last step of every source: text and metadata to a `Report`, or the reason why they make none."""

from __future__ import annotations

from reportedly.errors import SourceError
from reportedly.ids import report_id
from reportedly.language import UNDETERMINED, detect
from reportedly.sources.base import Limits, short
from reportedly.sources.metadata import Metadata, complete
from reportedly.types import Report

_LONGEST_ID = 500


def make_report(text: str, known: Metadata, *, where: str, received: str, limits: Limits) -> Report:
    """The report with this text, exactly as it stands.

    `where` becomes its origin and `received` its `received_sha256`. What `known` lacks is looked for in the text.
    Raises `SourceError` for a text that is empty, too long, not English, or can't be stored.
    """
    _refuse_text(text, where, limits)
    lang = _language(text, known.lang, where)
    known = complete(known, text)
    for name in ("id", "outlet", "title", "url"):
        _refuse_unstorable(getattr(known, name) or "", name, where)
    made = known.id if known.id is not None else report_id(text, outlet=known.outlet)
    if len(made) > _LONGEST_ID:
        hint = f"give an id of at most {_LONGEST_ID} characters, or none"
        raise SourceError(f"the id is {len(made)} characters long", where=where, hint=hint)
    return Report(
        id=made,
        text=text,
        outlet=known.outlet,
        published=known.published,
        title=known.title,
        url=known.url,
        lang=lang,
        origin=where,
        received_sha256=received,
    )


def _refuse_text(text: str, where: str, limits: Limits) -> None:
    if not text.strip():
        raise SourceError("the text is empty", where=where, hint="leave the report out, or fetch its text again")
    if len(text) > limits.text:
        cause = f"the text is {len(text):,} characters long; {limits.text:,} are read at most"
        raise SourceError(cause, where=where, hint="split it into its reports: this is hardly one article")
    _refuse_unstorable(text, "text", where)
    if not any(map(str.isalpha, text)):
        hint = "leave it out, or check that the right column or file is read"
        raise SourceError("the text has no words", where=where, hint=hint)


def _refuse_unstorable(value: str, name: str, where: str) -> None:
    """Raise `SourceError` for half of a surrogate pair, which UTF-8 can't write, and NUL, which databases refuse."""
    if "\0" in value:
        cause = f"the {name} has a NUL at character {value.index(chr(0))}"
        raise SourceError(cause, where=where, hint="export it again without control characters")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        cause = f"the {name} has half of a surrogate pair at character {error.start}"
        raise SourceError(cause, where=where, hint="it was cut or badly converted: export it again as UTF-8") from error


def _language(text: str, stated: str | None, where: str) -> str | None:
    """The language to record. The text itself has more to say than a label; the label decides only in doubt."""
    found = detect(text)
    label = (stated or "").strip().lower().replace("_", "-")
    label = "" if label in ("und", "mul", "unknown") else label
    foreign = found if found not in ("en", UNDETERMINED) else None
    if found == UNDETERMINED and label and not label.startswith("en"):
        foreign = label
    if foreign is not None:
        cause = f"the text is not English (it seems to be {short(foreign, 20)!r})"
        raise SourceError(cause, where=where, hint="only English is read: leave it out, or translate it first")
    if found == "en" and not label.startswith("en"):
        return "en"
    return stated
