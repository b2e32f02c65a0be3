"""The shipped authorities, loaded once for all tests of this folder."""

from __future__ import annotations

from functools import cache

from reportedly.resolve.actors import ActorTable
from reportedly.resolve.authority import PlaceIndex
from reportedly.resolve.coreference import Coreference
from reportedly.resolve.places import PlaceResolver
from reportedly.resolve.states import States, load_states
from reportedly.resolve.words import NameWords, load_words


@cache
def states() -> States:
    return load_states()


@cache
def words() -> NameWords:
    return load_words()


@cache
def index() -> PlaceIndex:
    return PlaceIndex()


@cache
def table() -> ActorTable:
    return ActorTable(states(), words())


@cache
def place_resolver() -> PlaceResolver:
    return PlaceResolver(index(), states(), words())


@cache
def coreference() -> Coreference:
    return Coreference.load(words())
