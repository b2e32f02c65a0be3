"""Names as linking compares them: folded, with their hierarchy, and how rare a word is."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_TOKEN = re.compile(r"[^\W_]+")
_AND = re.compile(r"\s+(?:and|&)\s+|\s*,\s*")

_EMPTY = frozenset("the of and a an in for by to from al el de la unidentified unnamed unknown".split())
"""Words that tell no name from another."""

_COMMON_NOUNS = frozenset(
    "armed forces force army military police group groups government authorities national people rebel rebels militants"
    " gunmen civilian civilians security soldiers troops fighters militia front party movement state air navy".split()
)
"""Words that many actors share: not enough to say that two are related."""


@dataclass(frozen=True)
class Names:
    """What is known of names. Made by `load_names`; holds nothing that changes."""

    states: Mapping[str, str]
    """Folded names and adjectives of states → iso3."""
    parents: Mapping[str, str]
    """Folded name of an actor → folded name of the actor it is part of, or the iso3 of its state."""
    weights: Mapping[str, float]
    """Common words → how much it says that two texts share it, 0 to 1; words not listed weigh 1."""

    def place(self, name: str) -> str | None:
        """The folded name of a place, None for a state."""
        folded = fold(name)
        return None if not folded or folded in self.states else folded

    def parties(self, name: str) -> tuple[str, ...]:
        """The folded names in an agent's or target's name; "A and B" are two."""
        return tuple(f for part in _AND.split(name) if (f := fold(part)))

    def related(self, party: str) -> tuple[str, ...]:
        """What a folded name is known by: its own telling words, its state, and the same of what it is part of."""
        found: dict[str, None] = {}
        at: str | None = party
        seen: set[str] = set()
        while at and at not in seen:
            seen.add(at)
            found |= dict.fromkeys(self._telling(at))
            at = self.parents.get(at)
        return tuple(found)

    def _telling(self, party: str) -> Iterator[str]:
        if party.isupper():
            yield party
            return
        if party in self.states:
            yield self.states[party]
            return
        for word in party.split():
            if word in self.states:
                yield self.states[word]
            elif word not in _EMPTY and word not in _COMMON_NOUNS:
                yield stem(word)

    def weight(self, word: str) -> float:
        """How much it says that two texts share this folded word, 0 to 1."""
        known = self.weights.get(word)
        if known is not None:
            return known
        return 0.0 if len(word) < 2 else 1.0

    def stem(self, words: str) -> str:
        """The folded stem of the last word of a phrase: "air strikes" and "strike" share it."""
        tokens = fold(words).split()
        return stem(tokens[-1]) if tokens else ""


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Lower case, no accents, no punctuation, no article."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    tokens = _TOKEN.findall(plain.replace("'s ", " ").replace("’s ", " ").replace("'", "").replace("’", ""))
    return " ".join(t for n, t in enumerate(tokens) if not (n == 0 and t in ("the", "a", "an")))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A word without its commonest endings. Rough on purpose: it is only compared with other stems."""
    for ending in ("ings", "ing", "ers", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and ending in ("ing", "ed", "ers", "ings") else cut
    return word


def load_names() -> Names:
    """The names of the shipped authorities, and the shipped list of common words."""
    states: dict[str, str] = {}
    for row in _table("data/authorities/states.tsv"):
        listed = f"{row['name']}|{row['aliases']}|{row['adjectives']}"
        states |= {fold(n): row["iso3"] for n in listed.split("|") if n}
    rows = list(_table("data/authorities/actors.tsv"))
    name_of = {row["id"]: fold(row["name"]) for row in rows}
    parents = {}
    for row in rows:
        parent = row["parent"] or ""
        above = name_of.get(parent) or (parent.rsplit(":", 1)[-1] if ":" in parent else None)
        if above:
            parents[fold(row["name"])] = above
    weights = {row["word"]: float(row["weight"]) for row in _table("data/link/words.tsv")}
    return Names(states, parents, weights)


def _table(path: str) -> Iterator[dict[str, str]]:
    with resources.files("reportedly").joinpath(path).open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
