"""Whom a pronoun or "the official" means: each that the report names gets a score, the sum of named weights.

The weights are learnt from coded reports (`training/coref.py`) and lie in `data/coref/coref.toml`, by feature and bin;
a bin that isn't listed weighs 0. "Nobody who is named" has the score 0, so a description points to the best only if
that is above 0; a pronoun always points to the best. See docs/how-it-decides/speakers.md.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from reportedly.errors import AuthorityError
from reportedly.resolve.cast import Cast, Known
from reportedly.resolve.words import NameWords
from reportedly.types import Span, Spans

PRONOUNS = ("pronoun", "party")
"""Forms that always point to somebody."""

REACH = 6
"""How many sentences back somebody described, who was not heard, may be meant."""

OPENS = 12
"""How many characters into what somebody says a pronoun still opens it ("said that they …")."""

NEAR = 25
"""How many characters into a sentence a name still stands near its opening."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """Words that point to somebody named elsewhere, as the source of a statement or as a party to an event.

    `form` is "pronoun", "party" for a pronoun that is an agent or a target of an event, or how a description is
    determined: the, this, owned, indefinite, bare. `head` is the pronoun's class or the noun; `telling` what else a
    description says, folded; `speaks_as` the speaker kind of the statement; `outer` who speaks the statement around
    it, and `into` how many characters into that the words stand; `side` for whom somebody so described speaks;
    `content` what is said. A party has its `role`, agent or target, and all parties `seen` before it, last last, each
    with its role.
    """

    start: int
    form: str
    head: str
    plural: bool
    telling: frozenset[str]
    speaks_as: str
    outer: str | None
    side: str | None
    into: int | None
    content: Spans
    role: str = ""
    seen: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One of those that words may point to, with its features ("feature: bin") and their sum."""

    known: Known
    features: tuple[str, ...]
    score: float


class Coreference:
    """The scorer. `sha256` is the hash of its weights."""

    def __init__(self, weights: Mapping[str, float], words: NameWords, *, sha256: str = "") -> None:
        self.weights = MappingProxyType(dict(weights))
        self._words = words
        self.sha256 = sha256

    @classmethod
    def load(cls, words: NameWords) -> Coreference:
        """The shipped weights. Raises `AuthorityError` where they can't be used."""
        try:
            raw = resources.files("reportedly").joinpath("data/coref/coref.toml").read_bytes()
            table = tomllib.loads(raw.decode("utf-8"))
            weights = {f"{feature}: {bin_}": float(w) for feature, bins in table.items() for bin_, w in bins.items()}
        except (OSError, tomllib.TOMLDecodeError, AttributeError, TypeError, ValueError) as error:
            hint = "install the package again"
            raise AuthorityError(f"can't be used: {error!r}", where="coref.toml", hint=hint) from error
        return cls(weights, words, sha256=hashlib.sha256(raw).hexdigest())

    def somebody_new(self, form: str, noun: str) -> bool:
        """Whether a description ("a resident", "officials") points to nobody, whoever else is named."""
        return form in ("indefinite", "bare") and self._noun_class(noun) in ("title", "person", "source")

    def choose(self, pointing: Pointing, known: Sequence[Known], cast: Cast) -> Known | None:
        """The likeliest of `known`, or `None` where none is likely."""
        best = max(self.weigh(pointing, known, cast), key=lambda w: w.score, default=None)
        if best is None or (best.score <= 0 and pointing.form not in PRONOUNS):
            return None
        return best.known

    def weigh(self, pointing: Pointing, known: Sequence[Known], cast: Cast) -> list[Weighed]:
        """Every one of `known` that could be meant, with its score; in the order of `known`."""
        since = cast.starts[max(cast.sentence_of(pointing.start) - REACH, 0)]
        near = [one for one in known if one.kind != "description" or one.heard is not None or one.at[0] >= since]
        fitting = [one for one in near if self._possible(pointing, one)]
        lasts = [one.last(pointing.start) for one in fitting]
        recent = sorted((at for at in lasts if at is not None), reverse=True)
        order = {at: rank for rank, at in reversed(list(enumerate(recent)))}
        called = [pointing.form not in PRONOUNS and self._called(pointing.head, one) for one in fitting]
        who = self._noun_class(pointing.head)
        weighed = []
        for one, last, so in zip(fitting, lasts, called, strict=True):
            features = self._features(pointing, one, last, 99 if last is None else order[last], cast)
            if any(called):
                alone = "alone" if called.count(True) == 1 else "and others"
                features = (*features, f"called so: {alone} {who}" if so else f"another is called so: {one.kind}")
            weighed.append(Weighed(one, features, sum(self.weights.get(f, 0.0) for f in features)))
        return weighed

    def _possible(self, pointing: Pointing, one: Known) -> bool:
        """Whether `one` may be meant at all; what is named only later must be named by the words."""
        if pointing.form in PRONOUNS:
            if one.last(pointing.start) is None:
                return False
            if pointing.head in ("he", "she", "who"):
                single = one.kind == "description" and not one.plural and not one.words.isdisjoint(self._words.people)
                return (one.kind == "person" or single) and self._sex(pointing.head, one) != "no"
            if pointing.head == "it":
                return one.kind != "person"
            return one.kind != "person" or (one.heard is not None and pointing.form == "pronoun")
        described = one.heard is not None and one.heard.kind == "description"
        if described and pointing.form in ("indefinite", "bare"):
            return False  # "a resident" is another than the resident of before
        if self._noun_class(pointing.head) in ("title", "person", "source"):
            return described or one.kind == "person"  # "a spokesman for the army" is not the army
        return one.kind != "description" or one.heard is not None

    def _sex(self, pronoun: str, one: Known) -> str:
        """Whether titles, nouns and the given name fit "he" or "she"."""
        told = one.titles | {one.name.lower().split()[0]}
        if one.heard is not None or one.kind == "description":
            told |= one.words if one.heard is None else one.heard.words
        male, female = not told.isdisjoint(self._words.male), not told.isdisjoint(self._words.female)
        if male == female or pronoun == "who":
            return "open"
        return "yes" if male == (pronoun == "he") else "no"

    def _features(self, pointing: Pointing, one: Known, last: int | None, order: int, cast: Cast) -> tuple[str, ...]:
        who = pointing.head if pointing.form in PRONOUNS else self._noun_class(pointing.head)
        if pointing.form == "party":
            who = f"party {who}"
        sort = one.actor.kind if one.actor is not None and one.kind != "person" else ""
        turn = "never" if one.turn is None else str(min(one.turn, 3))
        here = cast.sentence_of(pointing.start)
        away = "later" if last is None else _distance(here - cast.sentence_of(last))
        found = [
            f"kind: {who} {one.kind}",
            f"turn: {who} {turn}",
            f"away: {who} {away}",
            f"order: {who} {min(order, 5)}",
            f"turn and away: {turn} {away}",
            f"named: {'once' if len(one.at) == 1 else 'twice' if len(one.at) == 2 else 'more'} {one.kind}",
            _in_role(pointing, one, who)
            if pointing.form == "party"
            else f"speaks as: {who} {self._speaks(pointing.speaks_as, one, sort)}",
        ]
        if sort:
            found.append(f"sort: {who} {sort}")
        if last is not None:
            quoted = cast.quoted(last) and (one.heard is None or one.heard.start != last)
            if last in cast.modifying:
                found.append(f"before a noun: {who}")
            found.append(f"place: {_opening(last, cast)}{' quoted' if quoted else ''}")
        if any(span.start <= at < span.end for span in pointing.content for at in one.at):
            found.append("in what is said: yes")
        if pointing.outer is not None and one.name == pointing.outer:
            opens = pointing.into is not None and pointing.into < OPENS
            found.append(f"around: {who}{' opening' if opens else ''}")
        if one.heard is not None and one.heard.kind == "description" and one.heard.speaker == "unnamed source":
            found.append("nobody: yes")
        if pointing.form in PRONOUNS:
            found.append(f"sex: {self._sex(pointing.head, one)}" if pointing.head in ("he", "she") else
                         f"number: {who} {'plural' if one.plural else 'one'} {one.kind}")  # fmt: skip
        else:
            found += self._described(pointing, one, sort, who=who)
        return tuple(found)

    def _described(self, pointing: Pointing, one: Known, sort: str, *, who: str) -> list[str]:
        """What the words of a description say for one or against it."""
        sign = self._sign(pointing, one, sort)
        heard = "heard" if one.heard is not None else "named"
        shared = "nothing told" if not pointing.telling else "no" if one.words.isdisjoint(pointing.telling) else "yes"
        number = "same" if one.plural == pointing.plural else "other"
        beyond = self._beyond(pointing, one)
        later = [f"later: {shared} {sign}"] if one.last(pointing.start) is None else []
        side = one.heard.side if one.heard is not None else one.actor.name if one.actor is not None else None
        beside = "open" if pointing.side is None or side is None else "same" if side == pointing.side else "other"
        return [
            f"side: {beside} {one.kind}",
            f"form: {pointing.form} {heard} {one.kind}",
            f"sign: {who} {one.kind} {sign}",
            f"sign and form: {sign} {pointing.form}",
            f"sign and heard: {sign} {heard}",
            f"told: {shared} {sign}",
            f"told and kind: {shared} {one.kind}",
            f"number: {number} {one.kind}",
            f"beyond: {'more' if beyond else 'nothing'} {heard} {one.kind}",
            *later,
            f"who: {who} {one.kind} {pointing.form}",
        ]

    def _called(self, noun: str, one: Known) -> bool:
        """Whether one was heard by this noun."""
        stem = noun.rstrip("s")
        return one.heard is not None and any(w.rstrip("s") == stem for w in one.heard.words)

    def _beyond(self, pointing: Pointing, one: Known) -> bool:
        """Whether a description tells more than is known of `one`."""
        return bool(pointing.telling - one.words - set(one.name.lower().split()))

    def _sign(self, pointing: Pointing, one: Known, sort: str) -> str:
        """The best reason that the noun gives to be a name for `one`."""
        stem, role = pointing.head.rstrip("s"), role_of(pointing.head)
        if self._called(pointing.head, one):
            return "called so"
        if one.kind == "person":
            if any(role_of(t) == role for t in one.titles):
                return "title"
            offices = one.titles - self._words.honorifics - self._words.male - self._words.female
            return "other title" if offices else "no title"
        if any(w.rstrip("s") == stem for w in one.name.lower().split()):
            return "in name"
        kinds = self._words.described_kinds.get(pointing.head, ())
        if kinds and sort:
            return "apt" if sort in kinds else "inapt"
        return "beside" if pointing.head in one.words else "none"

    def _noun_class(self, noun: str) -> str:
        """Nouns for people, for bodies, for documents, and the rest."""
        words = self._words
        if noun in words.issued or noun in words.documents:
            return "document"
        if noun in words.described_kinds:
            return "body"
        if noun.startswith(("source", "official", "spokes")):
            return "source"
        if noun in words.people:
            return "title" if noun in words.titles else "person"
        return "thing"

    def _speaks(self, kind: str, one: Known, sort: str) -> str:
        """Whether one speaks, or could speak, as a speaker of this kind."""
        if one.heard is not None:
            return "heard the same" if one.heard.speaks_as == kind else "heard other"
        kinds = self._words.actor_kinds.get(kind, ())
        if not sort or not kinds:
            return "unheard"
        return "apt" if sort in kinds else "inapt"


def _in_role(pointing: Pointing, one: Known, who: str) -> str:
    """How many parties were seen since one was, and whether that was in the same role."""
    for turn, (span, role) in enumerate(reversed(pointing.seen)):
        if any(span.start <= at < span.end for at in one.at):
            return f"party: {who} {min(turn, 4)} {'same' if role == pointing.role else 'other'} role"
    return f"party: {who} never"


def _distance(sentences: int) -> str:
    return str(sentences) if sentences < 3 else "3-5" if sentences < 6 else "6+"


def _opening(offset: int, cast: Cast) -> str:
    """Whether an offset is at the opening of its sentence, near it, or within."""
    into = offset - cast.starts[cast.sentence_of(offset)]
    return "opening" if into < 5 else "near opening" if into < NEAR else "within"


def role_of(word: str) -> str:
    """A role without what sex and number add: "spokeswoman", "spokesman" and "spokespersons" are one."""
    if not word.endswith(("man", "men", "person", "persons", "people")):
        return word  # most words, and this is asked of many
    return re.sub(r"(?:wom[ae]n|m[ae]n|persons?|people)$", "", word) or word
