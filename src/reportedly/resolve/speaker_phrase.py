"""Takes the words that name a speaker apart: person, organisation, description or pronoun, and whom they speak for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportedly.resolve.actors import Actor, ActorTable, Match, Token
from reportedly.resolve.name_runs import GAP, NameRun, gap_before, is_name, name_runs
from reportedly.resolve.words import NameWords

_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """The words of a source, taken apart.

    `kind` is pronoun, person, actor (a known one), organisation (one that no table knows) or description; `all` are
    its words, folded; `name` the person's or organisation's name as written; `actor` the known actor that is named: the
    speaker itself, or the one that a person or a described speaker belongs to; `affiliation` the same where no table
    knows it; `head` the head noun in small letters (the pronoun's class for a pronoun); `words` a description without
    its determiners; `owned` says that a possessive makes it definite ("Iran's foreign minister").
    """

    kind: str
    name: str | None = None
    actor: Actor | None = None
    affiliation: str | None = None
    head: str = ""
    words: str = ""
    plural: bool = False
    definite: bool = False
    owned: bool = False
    all: frozenset[str] = frozenset()


def read_source(
    text: str,
    tokens: Sequence[Token],
    *,
    table: ActorTable,
    words: NameWords,
    focus: str | None,
    published: date | None,
) -> SourcePhrase:
    """The phrase that `tokens` of `text` are. `focus` is the state that bare bodies ("the army") belong to."""
    if not tokens:
        return SourcePhrase("description")
    first = tokens[0].folded
    alone = len(tokens) == 1 or tokens[1].folded.endswith(("self", "selves"))
    if alone and first in words.pronouns and (first == "i" or not tokens[0].word.isupper()):
        return SourcePhrase("pronoun", head=words.pronouns[first], plural=words.pronouns[first] in ("they", "we"))
    called = next((i for i, t in enumerate(tokens[:-1]) if i and t.folded in words.calling), None)
    if called is not None:
        after = called + 1 + (tokens[called + 1].folded == "as")
        if after < len(tokens) and (tokens[after].word[0].isupper() or tokens[after].folded == "the"):
            phrase = read_source(text, tokens[after:], table=table, words=words, focus=focus, published=published)
            if phrase.kind != "description":
                return phrase
    inner = _told_through(tokens, words)
    if inner:
        phrase = read_source(text, tokens[inner:], table=table, words=words, focus=focus, published=published)
        known = phrase.kind in ("person", "organisation", "actor")
        named = known and not (phrase.actor and phrase.actor.kind == "state")
        group = phrase.head in words.people or phrase.head in words.organisations
        if named or (tokens[inner - 1].folded == "by" and group):
            return phrase
    if len(tokens) > 2 and first == "one" and tokens[1].folded == "of":
        phrase = read_source(text, tokens[2:], table=table, words=words, focus=focus, published=published)
        if phrase.kind == "description" and phrase.words:
            return replace(phrase, words=_singular(phrase.words), definite=False)
    shared = _sharing(tokens)
    if shared:
        phrase = read_source(text, shared, table=table, words=words, focus=focus, published=published)
        if phrase.kind == "actor":
            return phrase
    matches = table.matches(tokens, focus=focus, published=published)
    head = head_at(text, tokens, words, matches)
    person = _person(text, tokens, matches, words, table.states.by_metonym)
    if person is not None:
        phrase = _person_phrase(tokens, person, matches, table, _affiliation(text, tokens, matches, words))
    else:
        phrase = _other_phrase(text, tokens, matches, head, words, table)
    return replace(phrase, all=frozenset(t.folded for t in tokens))


def _sharing(tokens: Sequence[Token]) -> list[Token]:
    """The first of two who share a noun ("government and opposition forces"): its word with the noun."""
    at = next((i for i, t in enumerate(tokens) if t.folded == "and"), 0)
    plain = [t for t in tokens[:at] if t.folded != "the"]
    if len(plain) != 1 or len(tokens) - at != 3 or not tokens[-1].word.islower():
        return []
    return [*plain, tokens[-1]]


def _told_through(tokens: Sequence[Token], words: NameWords) -> int:
    """Where the issuer of a document begins: behind the "by" or "from" of "a video posted by activists"; 0 for none."""
    document = next((i for i, t in enumerate(tokens[:4]) if t.folded in words.documents), None)
    if document is None:
        return 0
    for at in range(document + 1, len(tokens) - 1):
        if tokens[at].folded in ("by", "from"):
            return at + 1
        if tokens[at].folded == "and":
            break
    return 0


def _singular(words: str) -> str:
    """A description with its last word in the singular."""
    if words.endswith("men"):
        return words[:-2] + "an"
    if words.endswith("ies"):
        return words[:-3] + "y"
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def head_at(text: str, tokens: Sequence[Token], words: NameWords, matches: Sequence[Match]) -> int:
    """The index of the head noun: the last word before a preposition, a relative clause or a comma."""
    covered = {i for m in matches for i in range(m.first, m.last)}
    first = next((i for i, t in enumerate(tokens) if t.folded not in words.dropped), 0)
    for at in range(first + 1, len(tokens)):
        if at in covered and at - 1 in covered and any(m.first < at < m.last for m in matches):
            continue
        low, before = tokens[at].folded, tokens[at - 1].folded
        breaking = (low in words.breaks or low in words.belonging) and not tokens[at].word.isupper()
        if low == "and" and _goes_on_to_people(text, tokens, at, words):
            continue
        if breaking or GAP.search(text[tokens[at - 1].end : tokens[at].start]):
            return at - 1
        if low in ("a", "an", "another", "the") and before not in words.dropped:
            return at - 1  # an apposition whose comma is lost
        participle = low.endswith(("ing", "ed")) and tokens[at].word.islower()
        if participle and (before in words.people or before in words.documents):
            return at - 1
    return len(tokens) - 1


def _goes_on_to_people(text: str, tokens: Sequence[Token], at: int, words: NameWords) -> bool:
    """Whether "and" joins two descriptions of people ("local and media sources", "rebels and activists")."""
    end = at + 1
    if end < len(tokens) and tokens[end].folded in words.dropped:
        return False
    stops = words.breaks | words.belonging
    while end < len(tokens) and tokens[end].folded not in stops and not gap_before(text, tokens, end):
        end += 1
    return tokens[end - 1].folded in words.people | words.documents


def _person(
    text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords, metonyms: Collection[str]
) -> Match | NameRun | None:
    """The person named: a known one, or a run of name words that isn't a place's or an organisation's."""
    known = [m for m in matches if m.actor.kind == "person"]
    for run in name_runs(text, tokens, matches, words):
        at = run.first - 1
        while at > 0 and tokens[at].folded in words.dropped and tokens[at].folded not in words.belonging:
            at -= 1
        if at >= 0 and tokens[at].folded in words.belonging and not run.titled:
            tail = _name_at_end(tokens, run, words)
            if tail is not None:
                return tail
            continue
        if _is_organisation(tokens, run, words):
            continue
        size = run.last - run.first
        inside = next((m for m in known if run.first <= m.first and m.last <= run.last), None)
        if inside and (inside.last - inside.first == size or size == 1):
            return inside
        following = tokens[run.last].folded if run.last < len(tokens) else ""
        alone = run.first <= 1 and (not following or following in ("a", "an") or gap_before(text, tokens, run.last))
        if alone and size == 1 and run.first and tokens[0].folded == "the" and not run.titled:
            continue  # "the Collective" is nobody's surname
        if alone and size == 1 and " ".join(t.word for t in tokens[run.first : run.last]).lower() in metonyms:
            return None
        if size >= 2 or run.titled or (alone and size == 1):
            return run
    return None


def _name_at_end(tokens: Sequence[Token], run: NameRun, words: NameWords) -> NameRun | None:
    """The person at the end of a source that has lost a comma ("a surgeon at Kalima University Hospital Karim Antaki").

    It begins behind the organisation's noun, or at a given name.
    """
    if run.last != len(tokens):
        return None
    given = (words.male | words.female) - words.roles
    for at in range(run.last - 1, run.first, -1):
        if tokens[at - 1].folded in words.organisations or tokens[at].folded in given:
            return NameRun(at, run.last, False) if tokens[at].folded not in words.organisations else None
    return None


def _is_organisation(tokens: Sequence[Token], run: NameRun, words: NameWords) -> bool:
    run_words = [t.folded for t in tokens[run.first : run.last]]
    return (
        run_words[-1] in words.organisations
        or (len(run_words) > 1 and any(w in words.organisations or w in words.directions for w in run_words))
        or (len(run_words) == 1 and tokens[run.first].word.isupper() and len(run_words[0]) > 1)
    )


def _person_phrase(
    tokens: Sequence[Token],
    person: Match | NameRun,
    matches: Sequence[Match],
    table: ActorTable,
    affiliation: str | None,
) -> SourcePhrase:
    name = " ".join(_POSSESSIVE.sub("", t.word) for t in tokens[person.first : person.last])
    name = name[:-1] if name.endswith(".") and len(name.split()[-1]) > 4 else name
    actor = next((m.actor for m in _by_weight(matches)), None)
    if isinstance(person, Match) and actor is None and person.actor.parent:
        actor = table.get(person.actor.parent)
    if isinstance(person, Match) and (" " in name or person.actor.name == name):
        name = person.actor.name
    return SourcePhrase("person", name=name, actor=actor, affiliation=affiliation, head="person")


def _by_weight(matches: Sequence[Match]) -> list[Match]:
    """Organisations first, then states' bodies, then states; persons never."""
    order = {"alias": 0, "body": 1, "bare body": 3, "state": 2}
    return sorted(
        (m for m in matches if m.actor.kind != "person"),
        key=lambda m: (2 if m.actor.kind == "state" else order[m.how], m.first),
    )


def _other_phrase(
    text: str, tokens: Sequence[Token], matches: Sequence[Match], head: int, words: NameWords, table: ActorTable
) -> SourcePhrase:
    noun = tokens[head].folded
    definite = tokens[0].folded in ("the", "this", "that", "these", "those")
    owned = not definite and tokens[0].folded not in words.dropped and _has_owner(tokens[:head], matches)
    plural = noun.endswith("s") or noun in ("people", "men", "women", "media", "police")
    covering = next((m for m in matches if m.first <= head < m.last), None)
    affiliation = _affiliation(text, tokens, matches, words)
    telling = [m for m in matches if m.how != "bare body" or tokens[m.last - 1].folded not in words.people]
    behind = [m for m in telling if m.first > head and m.actor.kind not in ("person", "state")]
    issued = behind if noun in words.issued and behind else _by_weight(telling)
    actor = next((m.actor for m in issued), None)
    kinds = words.described_kinds.get(noun, ())
    if covering is None or covering.how != "alias":
        apt = next((m for m in matches if m.how == "alias" and m.actor.kind in kinds), None)
        covering = apt or covering
    people = noun in words.people and not (covering and covering.how == "alias")
    if covering is not None and not people:
        return SourcePhrase("actor", covering.actor.name, covering.actor, None, noun, "", plural, definite)
    runs = () if people else name_runs(text, tokens, matches, words)
    run = next((r for r in runs if r.first <= head < r.last), None)
    if run is not None and not _common_noun(tokens, run, words):
        name = _organisation_name(text, tokens, run, words)
        return SourcePhrase("organisation", _POSSESSIVE.sub("", name), actor, None, noun, "", plural, definite)
    said = _describe(text, tokens, head, matches, words)
    return SourcePhrase("description", None, actor, affiliation, noun, said, plural, definite, owned=people and owned)


def _has_owner(tokens: Sequence[Token], matches: Sequence[Match]) -> bool:
    """Whether a possessive is among the words, with its apostrophe or, behind a state, without."""
    states = {m.last - 1 for m in matches if m.actor.kind == "state"}
    return any(_POSSESSIVE.search(t.word) or (i in states and t.word.endswith("s")) for i, t in enumerate(tokens))


def _kept_as_written(tokens: Sequence[Token], i: int, match: Match) -> bool:
    """Whether a described speaker keeps the words for its actor: an acronym, and a name with a common noun in it."""
    if tokens[i].word.isupper():
        return match.actor.kind not in ("armed_group", "military")
    small = [t for t in tokens[match.first : match.last] if t.word.islower() and len(t.word) > 3]
    return bool(small)


def _common_noun(tokens: Sequence[Token], run: NameRun, words: NameWords) -> bool:
    """Whether a run of one word begins a sentence ("Organizers of"), is a counted plural, or a noun ("Monitor")."""
    token = tokens[run.first]
    if run.last - run.first == 1 and token.folded in words.described_kinds:
        return True  # "Monitor says": a headline's capital
    if run.last - run.first > 1 or token.word.isupper() or token.folded in words.organisations:
        return False
    after = tokens[run.last].folded if run.last < len(tokens) else ""
    counted = run.first > 0 and tokens[run.first - 1].folded in words.dropped and token.folded.endswith("s")
    return (run.first == 0 and after in words.belonging) or counted


def _organisation_name(text: str, tokens: Sequence[Token], run: NameRun, words: NameWords) -> str:
    """The run with the capitalised words before it, and what "for" or "of" ties to it behind."""
    start, end = run.first, run.last
    while (
        start
        and is_name(tokens[start - 1], words)
        and tokens[start - 1].folded != "the"
        and not gap_before(text, tokens, start)
    ):
        start -= 1
    while end + 1 < len(tokens) and tokens[end].folded in ("for", "of", "and") and not gap_before(text, tokens, end):
        after = end + 1
        while after < len(tokens) and is_name(tokens[after], words) and not gap_before(text, tokens, after):
            after += 1
        if after == end + 1:
            break
        end = after
    return text[tokens[start].start : tokens[end - 1].end]


def _affiliation(text: str, tokens: Sequence[Token], matches: Sequence[Match], words: NameWords) -> str | None:
    """An organisation that no table knows ("a source at Aleppo Police Command")."""
    for run in name_runs(text, tokens, matches, words):
        if _is_organisation(tokens, run, words):
            return _organisation_name(text, tokens, run, words)
    return None


def _describe(text: str, tokens: Sequence[Token], head: int, matches: Sequence[Match], words: NameWords) -> str:
    """The description without determiners, known actors by their names, and what follows "at" or "for" put first."""
    plain = [i for i in range(head + 1) if tokens[i].folded not in words.dropped and not tokens[i].folded.isdigit()]
    said = _named(tokens, plain, matches)
    first = tokens[0]
    if plain and plain[0] == 0 and first.folded not in words.stateless and not any(m.first == 0 for m in matches):
        said = said[:1].lower() + said[1:] if first.word[1:].islower() else said
    return f"{_owner(text, tokens, head, matches, words)} {said}".strip()


def _owner(text: str, tokens: Sequence[Token], head: int, matches: Sequence[Match], words: NameWords) -> str:
    """The organisation after "at", "for" or "of", the place after "in" ("unnamed Homs activists")."""
    start = head + 1
    if start + 1 >= len(tokens) or tokens[start].folded not in words.belonging:
        return ""
    end = start + 1
    while end < len(tokens) and not gap_before(text, tokens, end):
        inside = any(m.first <= end < m.last and m.actor.kind != "state" for m in matches)
        linking = tokens[end].folded in ("the", "of", "and") or (
            end == start + 1 and tokens[end].folded in words.directions
        )
        if not (inside or linking or is_name(tokens[end], words) or tokens[end].word[0].isdigit()):
            break
        end += 1
    owned = [i for i in range(start + 1, end) if tokens[i].folded != "the"] or _common_owner(text, tokens, head, words)
    if not owned:
        return ""
    if tokens[start].folded == "in" and tokens[owned[-1]].folded not in words.organisations:
        places = [i for i in owned if tokens[i].folded not in words.directions | words.place_classes.keys()]
        kept = 1 if head == 0 or tokens[head - 1].folded in words.dropped else 2
        if places and all(is_name(tokens[i], words) for i in places):
            return " ".join(tokens[i].word for i in places[:2][-kept:])
    known = any(m.first <= owned[-1] < m.last and m.actor.kind != "state" for m in matches)
    if (
        tokens[start].folded in ("at", "for", "of", "from", "with")
        or known
        or tokens[owned[-1]].folded in words.organisations
    ):
        return _named(tokens, owned, matches)
    return ""


def _common_owner(text: str, tokens: Sequence[Token], head: int, words: NameWords) -> list[int]:
    """The words of an organisation without a name, for whom an official or a source behind a preposition speaks ("an
    official from the autonomous administration"); none for other nouns."""
    office = tokens[head].folded.startswith(("source", "official", "officer", "member", "spokes", "representative"))
    if not office or tokens[head + 1].folded not in ("at", "for", "from", "of"):
        return []
    owned: list[int] = []
    for at in range(head + 2, min(head + 7, len(tokens))):
        low = tokens[at].folded
        if (
            gap_before(text, tokens, at)
            or low in words.belonging
            or low in words.breaks
            or not tokens[at].word.islower()
        ):
            return []
        if low not in words.dropped:
            owned.append(at)
        if low in words.organisations:
            return owned
    return []


def _named(tokens: Sequence[Token], which: Sequence[int], matches: Sequence[Match]) -> str:
    """The words of the tokens `which`; a known actor's are its name."""
    said: list[str] = []
    for i in which:
        match = next(
            (m for m in matches if m.how == "alias" and m.first <= i < m.last and m.actor.kind != "state"), None
        )
        if match is None or _kept_as_written(tokens, i, match):
            said.append(_POSSESSIVE.sub("", tokens[i].word))
            if any(m.first <= i < m.last and f"{m.actor.name}s" == said[-1] for m in matches):
                said[-1] = said[-1][:-1]  # "Irans": texts lose their apostrophes
        elif not said or said[-1] != match.actor.name:
            said.append(match.actor.name)
    return " ".join(said)
