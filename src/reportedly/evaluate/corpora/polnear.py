"""PolNeAR 1.0.0: attributions in US political news (Newell, Margolin & Ruths, LREC 2018).

One statement is one attribution. PolNeAR is univocal: no token has two attributions, and in a passage where someone
tells what another said only the outer attribution is annotated. So a statement with `inside` can be neither right nor
wrong by this corpus, and is left out. Where several people annotated an article, the reading that agrees best with the
others is the gold.

token F1            tokens are runs of word characters or single other characters that aren't space; a token has a role
                    where any attribution's span of that role covers a part of it
whole attribution   one-to-one; content overlap (Jaccard of code points) >= .5, and sources overlapping or both empty
content alone       the same without regard to sources
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportedly.coded import pieces
from reportedly.evaluate.coded import QUOTATION_MARKS
from reportedly.evaluate.corpus import Result, read_lines, report_from, spans_from
from reportedly.evaluate.metrics import Miss, Tally, at_least_half, pair, touch
from reportedly.types import Reading, Report, Span, Spans, Statement

TOKEN = re.compile(r"\w+|[^\w\s]")
ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what by which words; `source` may be empty."""

    id: str
    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True, slots=True)
class Article:
    """What people annotated in one article."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class PolNeAR:
    """`polnear/SPLIT.jsonl`, one article a line."""

    name: str = "polnear"

    def items(self, folder: Path, split: str) -> list[tuple[Report, Article]]:
        """Every article."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            gold = (Attribution(a["id"], *(spans_from(a[role]) for role in ROLES)) for a in obj["attributions"])
            items.append((report_from(obj, where), Article(obj["id"], obj["text"], tuple(gold))))
        return items

    def score(self, pairs: Sequence[tuple[Article, Reading]]) -> Result:
        """Token F1 of each role, content alone, whole attributions."""
        tally = Tally()
        misses: list[Miss] = []
        for article, reading in pairs:
            gold, predicted = article.attributions, [s for s in reading.statements if s.inside is None]
            words = tokens(article.text)
            for role in ROLES:
                g = covered(words, (getattr(a, role) for a in gold))
                p = covered(words, (getattr(s, role) for s in predicted))
                tally.f1(f"token: {role}", len(g & p), len(g), len(p))
            contents = pair(gold, predicted, lambda g, p: at_least_half(g.content, p.content))
            whole = pair(gold, predicted, _alike)
            tally.f1("content alone", len(contents), len(gold), len(predicted))
            tally.f1("whole attribution", len(whole), len(gold), len(predicted))
            misses += _missed(article, predicted, whole=whole, contents=contents)
        return Result(tally.scores(), tuple(misses))


def tokens(text: str) -> Spans:
    """The tokens of a text, in order."""
    return tuple(Span(*m.span()) for m in TOKEN.finditer(text))


def covered(tokens: Spans, quotes: Iterable[Spans]) -> set[int]:
    """Which tokens any of the quotes touches, by their number."""
    spans = pieces(s for quote in quotes for s in quote)
    found: set[int] = set()
    at = 0
    for number, token in enumerate(tokens):
        while at < len(spans) and spans[at].end <= token.start:
            at += 1
        if at < len(spans) and spans[at].touches(token):
            found.add(number)
    return found


def _alike(g: Attribution, p: Statement) -> float:
    return at_least_half(g.content, p.content) if touch(g.source, p.source) else 0.0


Pairs = Sequence[tuple[Attribution, Statement]]


def _missed(article: Article, predicted: Sequence[Statement], *, whole: Pairs, contents: Pairs) -> list[Miss]:
    found, near, used = {g.id for g, _ in whole}, {g.id for g, _ in contents}, {p.id for _, p in whole}
    return [
        *(
            Miss(article.id, g.id, "attribution", _style(g, article.text), "other source" if g.id in near else None)
            for g in article.attributions
            if g.id not in found
        ),
        *(Miss(article.id, p.id, "attribution", None, _style(p, article.text)) for p in predicted if p.id not in used),
    ]


def _style(a: Attribution | Statement, text: str) -> str:
    quoted = a.content[0].of(text).startswith(QUOTATION_MARKS) if a.content else False
    return ("quoted" if quoted else "indirect") + ("" if a.source else ", no source")


POLNEAR = PolNeAR()
