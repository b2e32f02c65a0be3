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

from reportedly.evaluate.corpus import Result, read_lines, report_from, spans_from
from reportedly.evaluate.metrics import Tally, at_least_half, pair, pieces, touch
from reportedly.types import Reading, Report, Span, Spans, Statement

TOKEN = re.compile(r"\w+|[^\w\s]")
ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what by which words; `source` may be empty."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True, slots=True)
class Article:
    """What people annotated in one article; its tokens are needed to count."""

    tokens: Spans
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class PolNeAR:
    """`polnear/SPLIT.jsonl`, one article a line."""

    name: str = "polnear"

    def items(self, folder: Path, split: str) -> list[tuple[Report, Article]]:
        """Every article."""
        items = []
        for where, obj in read_lines(folder / self.name / f"{split}.jsonl"):
            gold = (Attribution(*(spans_from(a[role]) for role in ROLES)) for a in obj["attributions"])
            items.append((report_from(obj, where), Article(tokens(obj["text"]), tuple(gold))))
        return items

    def score(self, pairs: Sequence[tuple[Article, Reading]]) -> Result:
        """Token F1 of each role, content alone, whole attributions."""
        tally = Tally()
        for article, reading in pairs:
            gold, predicted = article.attributions, [s for s in reading.statements if s.inside is None]
            for role in ROLES:
                g = covered(article.tokens, (getattr(a, role) for a in gold))
                p = covered(article.tokens, (getattr(s, role) for s in predicted))
                tally.f1(f"token: {role}", len(g & p), len(g), len(p))
            contents = pair(gold, predicted, lambda g, p: at_least_half(g.content, p.content))
            tally.f1("content alone", len(contents), len(gold), len(predicted))
            tally.f1("whole attribution", len(pair(gold, predicted, _alike)), len(gold), len(predicted))
        return Result(tally.scores())


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


POLNEAR = PolNeAR()
