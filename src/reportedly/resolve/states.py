"""The states of the world as a table: names, adjectives, peoples, capitals, and words that stand for governments; and
which of them a text names."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from reportedly.errors import AuthorityError


@dataclass(frozen=True, slots=True)
class State:
    """One row of `states.tsv`. `iso3` is ISO 3166-1 alpha-3; `neighbours` are iso3 too."""

    iso3: str
    iso2: str
    geonameid: str
    name: str
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    capital: str | None
    metonyms: tuple[str, ...]
    army: str | None
    police: str | None
    continent: str
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class States:
    """The table, and what each word in it says: keys are lower case, values iso3."""

    rows: Mapping[str, State]
    by_name: Mapping[str, str]
    by_adjective: Mapping[str, str]
    by_metonym: Mapping[str, str]
    id: str
    sha256: str

    def country_of(self, word: str) -> str | None:
        """The state that a name, an adjective or a people's name means, if any."""
        key = word.lower()
        return self.by_name.get(key) or self.by_adjective.get(key)


def load_states() -> States:
    """The shipped table. Raises `AuthorityError` where it is missing or its columns are wrong."""
    file = resources.files("reportedly").joinpath("data/authorities/states.tsv")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise AuthorityError("can't be read", where="states.tsv", hint="install the package again") from error
    rows: dict[str, State] = {}
    for line in csv.DictReader(raw.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        rows[line["iso3"]] = _state(line)
    return States(
        rows=MappingProxyType(rows),
        by_name=_words(rows, "name"),
        by_adjective=_words(rows, "adjective"),
        by_metonym=_words(rows, "metonym"),
        id="states",
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _state(line: dict[str, str]) -> State:
    def many(column: str) -> tuple[str, ...]:
        return tuple(word for word in line[column].split("|") if word)

    try:
        return State(
            iso3=line["iso3"],
            iso2=line["iso2"],
            geonameid=line["geonameid"],
            name=line["name"],
            aliases=many("aliases"),
            adjectives=many("adjectives"),
            people=many("people"),
            capital=line["capital"] or None,
            metonyms=many("metonyms"),
            army=line["army"] or None,
            police=line["police"] or None,
            continent=line["continent"],
            neighbours=many("neighbours"),
        )
    except KeyError as error:
        raise AuthorityError(f"has no column {error}", where="states.tsv", hint="install the package again") from error


def _words(rows: Mapping[str, State], which: str) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for state in rows.values():
        if which == "name":
            found = (state.name, *state.aliases)
        elif which == "adjective":
            found = (*state.adjectives, *state.people)
        else:
            found = (*state.metonyms, *((state.capital,) if state.capital else ()))
        for word in found:
            words.setdefault(word.lower(), state.iso3)
    return MappingProxyType(words)


def countries_named(text: str, states: States) -> Counter[str]:
    """How often the text names each state, by name, adjective or people."""
    counts: Counter[str] = Counter()
    for match in _CAPITALS.finditer(text):
        words = match.group().split()
        at = 0
        while at < len(words):
            for size in (4, 3, 2, 1):
                if at + size > len(words):
                    continue
                country = states.country_of(" ".join(words[at : at + size]).removesuffix("'s").removesuffix("’s"))
                if country:
                    counts[country] += 1
                    at += size - 1
                    break
            at += 1
    return counts


def outlet_states(outlet: str, states: States) -> Counter[str]:
    """The states that an outlet's name points to, by name, adjective or capital ("Concord Evening (Freetown)")."""
    counts = countries_named(outlet, states)
    for word in re.findall(r"[A-Z][\w’'-]*", outlet):
        country = states.by_metonym.get(word.lower())
        if country:
            counts[country] += 1
    return counts


_CAPITALS = re.compile(r"[A-Z][\w’'.-]*(?:\s(?:of\s|the\s|and\s)?[A-Z][\w’'.-]*)*")
