"""Statements of one report: each cue with its source, its content, whom it was told to, its stance and speaker kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

from reportedly.model.decode import Floats, Found
from reportedly.model.heads import Heads, Range, least, sentence_reach
from reportedly.model.words import Words
from reportedly.types import Spans, Statement

CUE_REACH = (2, 3)
"""Sentences before and after the cue's own in which its content may lie; the network was trained with the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the words that it covers: what events need to find their teller."""

    statement: Statement
    cue: Range
    content: tuple[Range, ...]

    @property
    def size(self) -> int:
        """Words of content."""
        return sum(e - b for b, e in self.content)

    def holds(self, word: int) -> bool:
        """Whether the content holds this word."""
        return any(b <= word < e for b, e in self.content)


def find_statements(
    words: Words, projections: Floats, cues: list[Found], heads: Heads, *, text: str
) -> tuple[Said, ...]:
    """The statements of a report in text order, with ids s1, s2 …; a cue that no content hangs on makes none."""
    at = [(b, e) for b, e, _ in cues]
    roles = heads.roles(
        projections, "cue", at, sentence_reach(words.sentence, at, before=CUE_REACH[0], after=CUE_REACH[1])
    )
    sources = [max(r["source"], key=lambda f: f[2], default=None) for r in roles]
    stances = heads.classify("stance", heads.mean(heads.part(projections, "stance"), at))
    speaking = heads.mean(heads.part(projections, "speaker_cue"), at)
    speaking = speaking + heads.mean(
        heads.part(projections, "speaker_source"), [(s[0], s[1]) if s else (0, 0) for s in sources]
    )
    speakers = heads.classify("speaker_kind", speaking)
    contents = [outside(r["content"], cue) for r, cue in zip(roles, at, strict=True)]
    contents = [worded(pieces, text, words) for pieces in disjoint(contents, cues)]
    found = []
    for i, (begin, end, sure) in enumerate(cues):
        content, source = contents[i], sources[i]
        if not content:
            continue
        scores = [sure, *(f[2] for f in content), *([source[2]] if source else [])]
        statement = Statement(
            id="", source=spans(words, [source] if source else []), cue=spans(words, [(begin, end, sure)]),
            content=spans(words, content), told_to=spans(words, roles[i]["told_to"]), stance=stances[i].label,
            speaker_kind=speakers[i].label, score=least(*scores),
        )  # fmt: skip
        found.append(Said(statement, (begin, end), tuple((b, e) for b, e, _ in content)))
    return nested(sorted(found, key=lambda s: (min(s.cue, s.content[0]), s.cue)))


def outside(content: list[Found], cue: Range) -> list[Found]:
    """The pieces of content without the cue's own words: a piece that covers the cue is cut in two."""
    pieces = []
    for begin, end, sure in content:
        if end <= cue[0] or begin >= cue[1]:
            pieces.append((begin, end, sure))
            continue
        pieces += [(b, e, sure) for b, e in ((begin, cue[0]), (cue[1], end)) if b < e]
    return pieces


def disjoint(contents: list[list[Found]], cues: list[Found]) -> list[list[Found]]:
    """The same contents, with words that two of them claim left to the surer piece.

    Contents may share words only where one statement lies inside the other, that is, holds its cue.
    """
    result = [list(pieces) for pieces in contents]
    for i, j in combinations(range(len(contents)), 2):
        if _holds(contents[i], cues[j]) or _holds(contents[j], cues[i]):
            continue
        for x in list(result[i]):
            for y in list(result[j]):
                if x[0] < y[1] and y[0] < x[1]:
                    loser, piece, other = (j, y, x) if x[2] * cues[i][2] >= y[2] * cues[j][2] else (i, x, y)
                    result[loser] = [q for p in result[loser] for q in (outside([p], other[:2]) if p == piece else [p])]
    return result


def _holds(content: list[Found], cue: Found) -> bool:
    return any(b <= cue[0] < e for b, e, _ in content)


def worded(pieces: list[Found], text: str, words: Words) -> list[Found]:
    """The pieces that hold a letter or a digit: a lone quotation mark says nothing."""
    return [p for p in pieces if any(c.isalnum() for c in words.span(p[0], p[1] - 1).of(text))]


def nested(found: list[Said]) -> tuple[Said, ...]:
    """The same statements, numbered, each knowing the innermost statement whose content holds its cue."""
    named = [replace(s, statement=replace(s.statement, id=f"s{i}")) for i, s in enumerate(found, 1)]
    result = []
    for said in named:
        outer = min(
            (o for o in named if o is not said and o.holds(said.cue[0]) and o.size > said.size),
            key=lambda o: o.size,
            default=None,
        )
        result.append(replace(said, statement=replace(said.statement, inside=outer.statement.id)) if outer else said)
    return tuple(result)


def spans(words: Words, found: list[Found]) -> Spans:
    """The characters of ranges of words."""
    return tuple(words.span(b, e - 1) for b, e, _ in sorted(found))


def innermost(statements: tuple[Said, ...], word: int) -> str | None:
    """The id of the smallest statement whose content holds `word`, or `None`: the report's own voice."""
    holding = [s for s in statements if s.holds(word)]
    return min(holding, key=lambda s: s.size).statement.id if holding else None
