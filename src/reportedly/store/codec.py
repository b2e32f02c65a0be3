"""Records to JSON and back, exactly: `from_json(Event, to_json(event, shelf), shelf) == event`.

A record is an object of its fields in the order of the class, those at their default left out; a `Span` is
`[start, end]`, a date its ISO form. A `Candidate` is a number, its place on the `Shelf` of the reading: the same few
candidates are weighed at mention after mention, and written out each time they would be most of a ledger.

Both ways check types, so that nothing enters the ledger that can't be read back: a string must be storable text (no
lone surrogate, and no NUL, which PostgreSQL refuses), a float finite. Any fault raises `LedgerError` naming class and
field. The functions for a class are made once, from its annotations.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable, Hashable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from reportedly.errors import LedgerError
from reportedly.types import Candidate, Span

Json = Any
"""What `json` reads and writes: None, bool, int, float, str, lists and string-keyed dicts of these."""

Change = Callable[[Any, "Shelf"], Any]
T = TypeVar("T")

HINT = "this is a fault in reportedly or a damaged ledger; please report it"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Shelf:
    """The candidates that one reading weighs, each once."""

    def __init__(self, kept: Iterable[Json] = ()) -> None:
        """A shelf of what `Shelf.kept` of another one gave. Raises `LedgerError` where it is no candidate."""
        self.kept: list[Json] = list(kept)
        """The candidates as JSON data, in the order of their numbers."""
        read = _record_reader(Candidate)
        self._all: list[Candidate] = [read(c, self) for c in self.kept]
        self._numbers: dict[Candidate, int] = {c: n for n, c in enumerate(self._all)}

    def number(self, candidate: Candidate) -> int:
        """The number of `candidate`, which is put on the shelf if it isn't there."""
        found = self._numbers.get(candidate)
        if found is None:
            self.kept.append(_record_writer(Candidate)(candidate, self))
            self._all.append(candidate)
            found = self._numbers[candidate] = len(self.kept) - 1
        return found

    def candidate(self, number: int) -> Candidate:
        """The candidate with this number. Raises `IndexError` where there is none."""
        return self._all[number]


def to_json(record: object, shelf: Shelf | None = None) -> Json:
    """`record`, a frozen dataclass of `types`, as JSON data. Raises `LedgerError` where a value isn't as declared.

    Candidates in it go to `shelf`; a record that can hold none needs no shelf.
    """
    kind: Any = type(record)
    return _writer(kind, kind.__name__)(record, shelf or Shelf())


def from_json(kind: type[T], value: Json, shelf: Shelf | None = None) -> T:
    """The record of class `kind` that `to_json` gave as `value`. Raises `LedgerError` where it is none."""
    hint: Any = kind
    return cast(T, _reader(hint, kind.__name__)(value, shelf or Shelf()))


def field_to_json(kind: type, name: str, value: object, shelf: Shelf | None = None) -> Json:
    """`value` of the field `name` of the record class `kind` as JSON data."""
    return _writer(_hints(kind)[name], f"{kind.__name__}.{name}")(value, shelf or Shelf())


def field_from_json(kind: type, name: str, value: Json, shelf: Shelf | None = None) -> Any:
    """The value of the field `name` of the record class `kind` that `field_to_json` gave as `value`."""
    return _reader(_hints(kind)[name], f"{kind.__name__}.{name}")(value, shelf or Shelf())


def require_text(value: str, where: str) -> None:
    """Raises `LedgerError` for a text that no ledger can hold: one with NUL or a lone surrogate in it."""
    _writer(str, where)(value, Shelf())


def dumps(value: Json) -> str:
    """The text of a JSON column: compact, keys in the order given, so that equal records give equal bytes."""
    return _ENCODER.encode(value)


def _fault(where: str, wanted: str, value: object) -> LedgerError:
    return LedgerError(f"{where}: {wanted} expected, not {value!r:.80}", hint=HINT)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _optional(hint: Any) -> Any | None:
    """X of `X | None`, else None."""
    if get_origin(hint) not in (types.UnionType, Union):
        return None
    args = [a for a in get_args(hint) if a is not types.NoneType]
    return args[0] if len(args) == 1 and len(get_args(hint)) == 2 else None


@cache
def _writer(hint: Hashable, where: str) -> Change:
    if inner := _optional(hint):
        write = _writer(inner, where)
        return lambda v, shelf: None if v is None else write(v, shelf)
    if hint is Span:
        return _span_writer(where)
    if hint is Candidate:
        return _candidate_writer(where)
    if is_dataclass(hint):
        return _record_writer(cast(type, hint))
    if get_origin(hint) is tuple:
        return _tuple_change(hint, where, _writer, tuple, list)
    return _plain(hint, where, date.isoformat)


@cache
def _reader(hint: Hashable, where: str) -> Change:
    if inner := _optional(hint):
        read = _reader(inner, where)
        return lambda v, shelf: None if v is None else read(v, shelf)
    if hint is Span:
        return _span_reader(where)
    if hint is Candidate:
        return _candidate_reader(where)
    if is_dataclass(hint):
        return _record_reader(cast(type, hint))
    if get_origin(hint) is tuple:
        return _tuple_change(hint, where, _reader, list, tuple)
    if hint is date:
        return _day_reader(where)
    return _plain(hint, where, None)


def _span_writer(where: str) -> Change:
    def write(v: Any, _: Shelf) -> Json:
        if type(v) is not Span or type(v.start) is not int or type(v.end) is not int or not 0 <= v.start < v.end:
            raise _fault(where, "a span", v)
        return [v.start, v.end]

    return write


def _span_reader(where: str) -> Change:
    def read(v: Json, _: Shelf) -> Span:
        if type(v) is not list or len(v) != 2 or type(v[0]) is not int or type(v[1]) is not int or not 0 <= v[0] < v[1]:
            raise _fault(where, "a span", v)
        return Span(v[0], v[1])

    return read


def _candidate_writer(where: str) -> Change:
    def write(v: Any, shelf: Shelf) -> Json:
        if type(v) is not Candidate:
            raise _fault(where, "a candidate", v)
        return shelf.number(v)

    return write


def _candidate_reader(where: str) -> Change:
    def read(v: Json, shelf: Shelf) -> Candidate:
        if type(v) is not int or not 0 <= v < len(shelf.kept):
            raise _fault(where, "the number of a candidate", v)
        return shelf.candidate(v)

    return read


def _day_reader(where: str) -> Change:
    def read(v: Json, _: Shelf) -> date:
        try:
            return date.fromisoformat(v)
        except (TypeError, ValueError) as error:
            raise _fault(where, "a day", v) from error

    return read


def _plain(hint: Any, where: str, day: Callable[[date], str] | None) -> Change:
    """Text, numbers and truth values go as they are, checked; days by `day`."""

    def text(v: Any, _: Shelf) -> str:
        if type(v) is not str:
            raise _fault(where, "text", v)
        if "\0" in v or not (v.isascii() or _is_unicode(v)):
            raise _fault(where, "text without NUL and lone surrogates", v)
        return v

    def real(v: Any, _: Shelf) -> float:
        if not isinstance(v, float | int) or isinstance(v, bool) or not math.isfinite(v):
            raise _fault(where, "a finite number", v)
        return float(v)

    def exactly(v: Any, _: Shelf) -> Any:
        if type(v) is not hint:
            raise _fault(where, hint.__name__, v)
        return day(v) if day and hint is date else v

    if hint is str:
        return text
    if hint is float:
        return real
    if hint in (int, bool, date):
        return exactly
    raise TypeError(f"{where}: no JSON form for {hint!r}")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _tuple_change(
    hint: Any, where: str, change: Callable[[Any, str], Change], came: type[Any], goes: Callable[[list[Any]], Any]
) -> Change:
    """For `tuple[X, ...]` and `tuple[X, Y]`: each entry changed, the whole from `came` (tuple or list) to `goes`."""
    args = get_args(hint)
    if len(args) == 2 and args[1] is Ellipsis:
        each = change(args[0], where)

        def many(v: Any, shelf: Shelf) -> Any:
            if not isinstance(v, came):
                raise _fault(where, f"a {came.__name__}", v)
            return goes([each(x, shelf) for x in v])

        return many
    each_of = [change(a, where) for a in args]

    def some(v: Any, shelf: Shelf) -> Any:
        if not isinstance(v, came) or len(v) != len(each_of):
            raise _fault(where, f"{len(each_of)} values", v)
        return goes([f(x, shelf) for f, x in zip(each_of, v, strict=True)])

    return some


@cache
def _record_writer(kind: type) -> Change:
    steps = [
        (f.name, f.default is not MISSING, f.default, _writer(_hints(kind)[f.name], f"{kind.__name__}.{f.name}"))
        for f in fields(kind)
    ]

    def write(v: Any, shelf: Shelf) -> Json:
        if type(v) is not kind:
            raise _fault(kind.__name__, f"a {kind.__name__}", v)
        out = {}
        for name, has_default, default, change in steps:
            value = getattr(v, name)
            if has_default and value == default:
                continue
            out[name] = change(value, shelf)
        return out

    return write


@cache
def _record_reader(kind: type) -> Change:
    readers = {f.name: _reader(_hints(kind)[f.name], f"{kind.__name__}.{f.name}") for f in fields(kind)}

    def read(v: Json, shelf: Shelf) -> Any:
        if type(v) is not dict:
            raise _fault(kind.__name__, "an object", v)
        try:
            return kind(**{name: readers[name](value, shelf) for name, value in v.items()})
        except (KeyError, TypeError) as error:  # a field that isn't one, or one that is missing
            raise _fault(kind.__name__, "its fields", sorted(v)) from error

    return read
