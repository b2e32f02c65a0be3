"""The shipped authorities, loaded once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reportedly.resolve.actors import ActorTable
from reportedly.resolve.authority import PlaceIndex
from reportedly.resolve.cast import Cast
from reportedly.resolve.coreference import Coreference
from reportedly.resolve.places import PlaceResolver
from reportedly.resolve.scene import Scene
from reportedly.resolve.states import States, load_states
from reportedly.resolve.words import NameWords, load_words
from reportedly.text import split_sentences
from reportedly.types import Mention, Statement


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


def cast(scene: Scene, *, statements: Sequence[Statement] = (), mentions: Sequence[Mention] = ()) -> Cast:
    """Who is named in a report."""
    return Cast(scene, words(), statements=statements, sentences=split_sentences(scene.text), mentions=mentions)
