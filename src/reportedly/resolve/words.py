"""The words around names, as one frozen record, read from `data/languages/en_names.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from reportedly.errors import AuthorityError

PRONOUNS = ("he", "she", "it", "they", "we", "i", "who")


@dataclass(frozen=True, slots=True)
class NameWords:
    """Word lists for places, actors and speakers, in small letters. `sha256` is the hash of the file's bytes.

    `regions` are parts of the world with their adjectives, `sites` what names of streets and buildings end in,
    `common` English words that are names of places too, `small` those that are never looked up alone.

    `roles` are titles and nouns for people together; `never_last` and `never_first` what no person's name ends in or
    begins with.
    """

    sha256: str
    place_classes: dict[str, str]
    place_plain: frozenset[str]
    directions: frozenset[str]
    near: tuple[str, ...]
    distance_units: dict[str, float]
    distance_fillers: tuple[str, ...]
    bearings: dict[str, float]
    titles: frozenset[str]
    roles: frozenset[str]
    never_last: frozenset[str]
    never_first: frozenset[str]
    particles: frozenset[str]
    pronouns: dict[str, str]
    people: frozenset[str]
    documents: frozenset[str]
    dropped: frozenset[str]
    belonging: frozenset[str]
    breaks: frozenset[str]
    organisations: frozenset[str]
    issued: frozenset[str]
    bare_bodies: frozenset[str]
    own_name: frozenset[str]
    outlets: frozenset[str]
    calling: frozenset[str]
    honorifics: frozenset[str]
    owners: frozenset[str]
    calendar: frozenset[str]
    stateless: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    not_names: tuple[str, ...]
    actor_kinds: dict[str, tuple[str, ...]]
    described_kinds: dict[str, tuple[str, ...]]
    title_kinds: dict[str, str]
    former: frozenset[str]
    parties: dict[str, str]
    armed_kinds: frozenset[str]
    both: frozenset[str]
    equipment: frozenset[str]
    aircraft: frozenset[str]
    guns: frozenset[str]
    downed: frozenset[str]
    regions: frozenset[str]
    sites: frozenset[str]
    before_places: frozenset[str]
    common: frozenset[str]
    small: frozenset[str]


def load_words(language: str = "en") -> NameWords:
    """The shipped words of `language`. Raises `AuthorityError` where the file is missing or lacks a section."""
    name = f"{language}_names.toml"
    try:
        raw = resources.files("reportedly").joinpath(f"data/languages/{name}").read_bytes()
        table: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
        speaker = table["speaker"]
        return NameWords(
            sha256=hashlib.sha256(raw).hexdigest(),
            place_classes={word: kind for kind, words in table["place"].items() for word in words},
            place_plain=frozenset(table["place_adjectives"]["plain"]),
            directions=frozenset(table["place_adjectives"]["directions"]),
            near=tuple(table["place_adjectives"]["near"]),
            distance_units={unit: float(km) for unit, km in table["distance"]["units"].items()},
            distance_fillers=tuple(table["distance"]["fillers"]),
            bearings={side: float(degrees) for side, degrees in table["bearings"].items()},
            titles=frozenset(speaker["titles"]),
            roles=frozenset([*speaker["titles"], *speaker["people"]]),
            never_last=frozenset([*speaker["titles"], *speaker["people"]]) - frozenset(speaker["organisations"]),
            never_first=frozenset(
                word for part in ("titles", "dropped", "belonging", "breaks", "calendar") for word in speaker[part]
            ),
            particles=frozenset(speaker["particles"]),
            pronouns={word: who for who in PRONOUNS for word in speaker[who]},
            people=frozenset(speaker["people"]),
            documents=frozenset(speaker["documents"]),
            dropped=frozenset(speaker["dropped"]),
            belonging=frozenset(speaker["belonging"]),
            breaks=frozenset(speaker["breaks"]),
            organisations=frozenset(speaker["organisations"]),
            bare_bodies=frozenset(speaker["bare_bodies"]),
            own_name=frozenset(speaker["own_name"]),
            outlets=frozenset(speaker["outlets"]),
            calling=frozenset(speaker["calling"]),
            honorifics=frozenset(speaker["honorifics"]),
            owners=frozenset(speaker["owners"]),
            calendar=frozenset(speaker["calendar"]),
            stateless=frozenset(speaker["stateless"]),
            female=frozenset(speaker["female"]),
            male=frozenset(speaker["male"]),
            issued=frozenset(speaker["issued"]),
            not_names=tuple(speaker["not_names"]),
            actor_kinds={kind: tuple(kinds) for kind, kinds in table["actor_kinds"].items()},
            described_kinds={words: tuple(kinds) for words, kinds in table["speaker_kinds"].items()},
            title_kinds={
                word: kind for kind, words in table["title_kinds"].items() if kind != "former" for word in words
            },
            former=frozenset(table["title_kinds"]["former"]),
            parties={word: name for name, words in table["party"].items() for word in words},
            equipment=frozenset(table["party_events"]["equipment"]),
            aircraft=frozenset(table["party_events"]["aircraft"]),
            guns=frozenset(table["party_events"]["guns"]),
            downed=frozenset(table["party_events"]["downed"]),
            armed_kinds=frozenset(table["party_events"]["armed"]),
            both=frozenset(table["party_events"]["both"]),
            regions=frozenset(table["toponym"]["regions"]),
            sites=frozenset(table["toponym"]["sites"]),
            before_places=frozenset(table["toponym"]["before"]),
            common=frozenset(table["toponym"]["common"]),
            small=frozenset(table["toponym"]["small"]),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise AuthorityError(f"can't be used: {error!r}", where=name, hint="install the package again") from error
