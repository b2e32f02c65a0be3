"""Takes the words of a place mention apart: the name, what kind of place they call it, and what it lies in or near."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportedly.resolve.states import States
from reportedly.resolve.words import NameWords
from reportedly.types import Span

_TOKEN = re.compile(r"[^\s,;:()\[\]\"“”]+|,")
_POSSESSIVE = re.compile(r"(?:['’]s?|(?<=[a-z])['’])$")
_SMALL = re.compile(
    r"^(?:al|el|ash|ad|ar|as|es|ez|az|an|at|de|del|la|le|les|du|da|do|dos|san|bin|ibn|abu|umm|um|von|van|der)$|^(?:al|el|ash|ad|ar|as|es|ez|az|an|at)[-–‑]",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"-(?:held|controlled|occupied|besieged|run|ruled|dominated|populated|majority|stricken|torn|ravaged|inhabited|infested|administered)$"
)
_HELD_BY = re.compile(r"\s(?:held|controlled|seized|run|ruled|occupied|besieged)\s+by\s")
"""What follows is no place: "the villages held by the Dawn Front"."""

_LINK = frozenset(("of", "in", "near", "to", "at", "from", "into", "around", "outside", "on", "between", "towards"))


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """A place mention, taken apart.

    `name` is the proper name as written ("" where there is none); `forms` are what to look up, best first; `cue` is the
    class that the words give it ("province"); `containers` are names that it is said to lie in; `near` says that the
    words point beside the name; `generic` that they hold no name ("the city"); `demonym` is the iso3 of an adjective.
    """

    name: str
    forms: tuple[str, ...]
    cue: str | None
    containers: tuple[str, ...]
    near: bool
    generic: bool
    demonym: str | None


def read_phrase(text: str, span: Span, words: NameWords, states: States) -> PlacePhrase:
    """The phrase at `span` of `text`; the words beside it are looked at for "province" and for ", Country"."""
    surface = _HELD_BY.split(span.of(text))[0]
    tokens = _words(surface, states)
    chunks, cue = _chunks(tokens, words)
    demonyms = [states.by_adjective[c.lower()] for c in chunks if c.lower() in states.by_adjective]
    places = [c for c in chunks if c.lower() not in states.by_adjective or c.lower() in states.by_name]
    before, after = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 60]
    near = _is_near(surface, before, words)
    outside, cue_after = _context(after, words)
    if not places:
        demonym = demonyms[0] if demonyms else None
        whole = " ".join(tokens)
        return PlacePhrase(
            whole if demonym else "", (whole,) if demonym else (), cue, (), near, demonym is None, demonym
        )
    head, inner = _head(tokens, places)
    containers = tuple(inner) + tuple(outside) + tuple(c for c in chunks if c.lower() in states.by_adjective)
    return PlacePhrase(head, _forms(surface, head, words), cue or cue_after, containers, near, False, None)


def _words(surface: str, states: States) -> list[str]:
    """The words and commas of a mention; a possessive ending is a word of its own, even without its apostrophe."""
    found: list[str] = []
    for token in _TOKEN.findall(surface):
        bare = _POSSESSIVE.sub("", token)
        if bare == token and token.endswith("s") and token[:-1].lower() in states.by_name:
            bare = token[:-1]
        found += [bare, "'s"] if bare and bare != token else [bare] if bare else []
    return found


def _chunks(tokens: list[str], words: NameWords) -> tuple[list[str], str | None]:
    """Runs of name words, and the class of the first kind word outside them, or at the end of one."""
    chunks: list[list[str]] = [[]]
    cue: str | None = None
    for token in tokens:
        low = token.lower()
        if _COMPOUND.search(low):
            continue
        if low in words.place_classes:
            if cue is None or cue == "area":
                cue = words.place_classes[low]
            if token[0].isupper() and chunks[-1]:
                chunks[-1].append(token)
            else:
                chunks.append([])
        elif (
            (token[0].isupper() and low not in words.place_plain)
            or _SMALL.match(token)
            or (token[0].isdigit() and chunks[-1])
        ):
            chunks[-1].append(token)
        else:
            chunks.append([])
    found = []
    for chunk in chunks:
        while chunk and _SMALL.fullmatch(chunk[-1]) and chunk[-1].islower() and "-" not in chunk[-1]:
            chunk.pop()
        if chunk and not all(t.lower() in words.directions or t.lower() in words.place_plain for t in chunk):
            found.append(" ".join(chunk))
    return found, cue


def _head(tokens: list[str], places: list[str]) -> tuple[str, list[str]]:
    """The name that is meant and those that hold it: "X in Y" and "X, Y" mean X; "Y's X" and "Y X" mean X too."""
    if len(places) == 1:
        return places[0], []
    first = places[0].split()[-1]
    at = tokens.index(first) if first in tokens else 0
    following = tokens[at + 1 : at + 4]
    if any(t == "," or t.lower() in _LINK for t in following):
        return places[0], places[1:]
    return places[-1], places[:-1]


def _forms(surface: str, head: str, words: NameWords) -> tuple[str, ...]:
    """What to look up: the words as they stand, the name, the name without kind words, and without directions."""
    forms = [surface, head]
    parts = head.split()
    while len(parts) > 1 and parts[-1].lower() in words.place_classes:
        parts = parts[:-1]
        forms.append(" ".join(parts))
    while len(parts) > 1 and (parts[0].lower() in words.place_classes or parts[0].lower() in words.directions):
        parts = parts[1:]
        forms.append(" ".join(parts))
    return tuple(dict.fromkeys(forms))


def _is_near(surface: str, before: str, words: NameWords) -> bool:
    low = " " + surface.lower() + " "
    if any(f" {w} " in low for w in words.near):
        return True
    tail = before.lower().rstrip()
    return any(tail.endswith(" " + w) for w in words.near)


def _context(after: str, words: NameWords) -> tuple[list[str], str | None]:
    """Names that follow as containers (", Texas", "in Idlib province"), and a kind word right behind the name."""
    cue = None
    match = re.match(r"\s+([a-z]+)\b", after)
    if match and match.group(1) in words.place_classes:
        cue = words.place_classes[match.group(1)]
        after = after[match.end() :]
    match = _FOLLOWS.match(after)
    return ([match.group(1)] if match else []), cue


_SIDE = r"(?:north|south|east|west|central|rural|(?:north|south)[- ]?(?:east|west))(?:ern)?"
_NAME = r"(?:al-|el-|ash-|ad-|ar-)?[A-Z][\w’'-]*(?:\s+(?:al-|el-|de\s|ez-)?[A-Z][\w’'-]*){0,2}"
_FOLLOWS = re.compile(
    rf"(?:\s*,\s*(?:in\s+|a\s+\w+\s+in\s+)?|\s*\(|\s+(?:in|of)\s+)(?:the\s+)?(?:{_SIDE}\s+)?({_NAME})"
)
