"""Which names are those of private persons, and how they are taken out of every text that a file could hold.

A name is public where the authority of actors knows it (an organisation, a public figure), where an official speaks
under it, or where it says itself that it is a body ("Ministry", "Brigade"). Any other proper name of a speaker, an
agent or a target is taken for a private person's: a name too many is withheld rather than one too few. Descriptions
("two residents", "unidentified gunmen") name nobody; names inside them are looked at alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

PUBLIC_SPEAKERS = frozenset({"government", "military", "armed_group", "police", "igo"})
"""Speaker kinds that speak in an office, where it is known for which side: their names stay. Those of witnesses,
rescuers, activists and unknown people don't."""

WITHHELD = "[withheld]"

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_PARTICLES = frozenset({"al", "el", "bin", "ibn", "abu", "umm", "de", "da", "del", "von", "van", "der", "la", "le"})
_BODIES = frozenset(
    "academy administration agency air airlines alliance army assembly association authority base battalion board body "
    "brigade brigades bureau camp cathedral centre center church city clinic club coalition college command commission "
    "committee congress corps corporation council country court defence defense department directorate "
    "district division embassy force forces foundation front government governorate group guard guards "
    "hospital house institute intelligence jihad league line market media militia ministry mission "
    "mosque movement national nations navy network news observatory office organisation organization parliament party "
    "people police port post press province radio regiment region republic resistance river road school "
    "secretariat security senate service services society squadron staff state states station street television "
    "times town tribe tribunal troops tv un union united university unit village watch"
    "".split()
)
_NAMED_AFTER = frozenset(
    "army association bank board bureau commission committee congress council department directorate federation forces "
    "front government league ministry movement office organisation organization party republic secretariat state "
    "states union university"
    "".split()
)
"""Bodies whose name goes on after "of": what follows is their matter ("Ministry of Health") and nobody's name."""

_OF = re.compile(r"\s+(?:of|for|on)(?:\s+the)?\s+")
_ARTICLE = re.compile(r"(?:[ae]l|ul|a[dnrstz]|ash)[-'’ʼ](?=[^\W\d_])", re.IGNORECASE)
_OPENERS = frozenset(
    "a after an and as at before but by during for from he however if in it its many meanwhile most no of on our "
    "several she since some that the their there these they this those to two under we when while with"
    "".split()
)
"""Words that are written with a capital because a sentence begins with them."""

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sheikh", "sheik", "imam", "father", "sister", "brother", "haji"})


def fold(text: str) -> str:
    """Without case and diacritics: two spellings of one name are often the same then."""
    return text.lower() if text.isascii() else "".join(map(_fold_one, text))


@lru_cache(4096)
def _fold_one(char: str) -> str:
    """A character at a time, so that what is found in a folded text can be found in the text itself."""
    return "".join(c for c in unicodedata.normalize("NFKD", char.casefold()) if not unicodedata.combining(c))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, folded; a hyphen or an apostrophe parts them as in a web address."""
    return tuple(_WORD.findall(fold(text)))


def _words_at(text: str) -> list[tuple[int, int, str]]:
    """Start, end (in `text`) and folded form of each word."""
    if text.isascii():
        return [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text.lower())]
    folded, places = [], []
    for place, char in enumerate(text):
        form = _fold_one(char)
        folded.append(form)
        places += [place] * len(form)
    places.append(len(text))
    words = []
    for m in _WORD.finditer("".join(folded)):
        end = places[m.end() - 1] + 1
        while end < len(text) and not _fold_one(text[end]):  # marks that belong to the last letter
            end += 1
        words.append((places[m.start()], end, m.group()))
    return words


def proper_names(text: str, *, public: Set[tuple[str, ...]]) -> Iterator[str]:
    """The runs of capitalised words in a name or description that may be a private person's name.

    `public` holds names, as `words_of` gives them, that need no hiding: actors that the authority knows, places. A run
    that holds a word for a body is none, and neither is a single word before a plain one ("Syrian rebels").
    """
    text = unicodedata.normalize("NFC", text)
    end, body = 0, False
    for start, run, alone in _runs(text):
        length = len(run)
        run = _without_opener(run)
        words = words_of(run)
        matter = body and _OF.fullmatch(text[end:start]) is not None
        end, body = start + length, any(w in _NAMED_AFTER for w in words) or matter
        if not words or words in public or matter or any(w in _BODIES for w in words):
            continue
        if len(words) > 1 or alone:
            yield run


def _runs(text: str) -> Iterator[tuple[int, str, bool]]:
    """Where a run of capitalised words begins, and the run, particles inside it included, titles before it not; and
    whether it may be a name though it is one word: nothing follows it, or a title stands before it."""
    run: list[re.Match[str]] = []
    titled = False
    for piece in [*_PIECE.finditer(text), None]:
        word = piece.group() if piece else ""
        joined = not run or piece is None or text[run[-1].end() : piece.start()].strip(" .") == ""
        if piece and joined and fold(word) in _TITLES and not run:
            titled = True
            continue
        if piece and joined and (_is_capital(word) or (run and fold(word) in _PARTICLES)):
            run.append(piece)
            continue
        while run and not _is_capital(run[-1].group()):
            run.pop()
        if run:
            ends = not text[run[-1].end() :].strip(" .,)")
            yield (
                run[0].start(),
                text[run[0].start() : run[-1].end()],
                titled or ends or (piece is not None and not joined),
            )
        titled = False
        run = [piece] if piece and _is_capital(word) else []


def _without_opener(run: str) -> str:
    first, _, rest = run.partition(" ")
    return rest.lstrip() if rest and fold(first) in _OPENERS else run


def _is_capital(word: str) -> bool:
    """Whether a word is written as a name is: a capital first, or after an article ("al-Rashid"), or no case at all."""
    return not word[0].islower() or ((m := _ARTICLE.match(word)) is not None and word[m.end()].isupper())


class Withheld:
    """Names that may not leave the ledger, and the knife that takes them out of a text."""

    def __init__(
        self,
        names: Iterable[str] = (),
        *,
        public: Set[tuple[str, ...]] = frozenset(),
        figures: Set[tuple[str, ...]] = frozenset(),
    ) -> None:
        """`public` are names whose words stay where only a part of a withheld name is met. In `figures`, names of
        several words that the authority of actors knows, a withheld name of one word stays.
        """
        self._figures: dict[str, list[tuple[str, ...]]] = {}
        for figure in sorted(figures, key=lambda f: (-len(f), f)):
            if len(figure) > 1:
                self._figures.setdefault(figure[0], []).append(figure)
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._parts: set[str] = set()
        self._public = {w for name in public for w in name}
        self.names: set[tuple[str, ...]] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Withhold `name` from now on."""
        words = words_of(name)
        if sum(map(len, words)) < 2 or words in self.names:  # a lone letter is no name, and stands in many words
            return
        self.names.add(words)
        ways = self._by_first.setdefault(words[0], [])
        ways.append(words)
        ways.sort(key=len, reverse=True)
        self._parts.update(w for w in words if len(w) > 2 and w not in _PARTICLES | _BODIES | self._public)

    def __len__(self) -> int:
        return len(self.names)

    def holds(self, name: str) -> bool:
        """Whether this very name is withheld."""
        return words_of(name) in self.names

    def clean(self, text: str, *, parts: bool = False) -> str:
        """`text` with every withheld name replaced by `WITHHELD`, however it is spelt, cased or joined.

        With `parts` each capitalised word of a withheld name goes too, as a surname that stands alone does in a quote.
        """
        if not self.names:
            return text
        found = _words_at(text)
        pieces, at, n = [], 0, 0
        while n < len(found):
            length = self._length(text, found, n, parts)
            if length < 2 and (figure := _longest(self._figures, found, n)):
                n += figure
                continue
            if not length:
                n += 1
                continue
            pieces += [text[at : found[n][0]], WITHHELD]
            at = found[n + length - 1][1]
            n += length
        return "".join([*pieces, text[at:]])

    def _length(self, text: str, found: list[tuple[int, int, str]], n: int, parts: bool) -> int:
        """How many words from the n-th on are a withheld name."""
        start, _, word = found[n]
        if length := _longest(self._by_first, found, n):
            return length
        return int(parts and word in self._parts and not text[start].islower())


def _longest(names: Mapping[str, Sequence[tuple[str, ...]]], found: Sequence[tuple[int, int, str]], n: int) -> int:
    """How many words from the n-th on are a name of `names`, by first word, the longest first; 0 for none."""
    for words in names.get(found[n][2], ()):
        if tuple(w for _, _, w in found[n : n + len(words)]) == words:
            return len(words)
    return 0
