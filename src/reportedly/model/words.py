"""A report as the model's words: pieces, where each word starts, its offsets, its sentence; and windows of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reportedly.types import Sentence, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
START, STOP = 101, 102  # BERT's [CLS] and [SEP]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a report, in order: runs of letters or digits, or single marks, as the tokenizer parts them.

    `pieces` are ids without [CLS] and [SEP]; word `i` has the pieces `first[i]` to `first[i + 1]` (`first` has one
    entry more than there are words) and the characters `start[i]` to `end[i]`, and stands in sentence `sentence[i]`.
    """

    pieces: Array
    first: Array
    start: Array
    end: Array
    sentence: Array

    def __len__(self) -> int:
        return len(self.start)

    def span(self, first: int, last: int) -> Span:
        """The characters from word `first` to word `last`, both included."""
        return Span(int(self.start[first]), int(self.end[last]))

    def at(self, span: Span) -> tuple[int, int]:
        """The half-open range of words that share a character with `span`."""
        low = int(np.searchsorted(self.end, span.start, side="right"))
        return low, int(np.searchsorted(self.start, span.end, side="left"))


def make_words(text: str, sentences: tuple[Sentence, ...], tokenizer: Tokenizer) -> Words:
    """Cuts `text` into words. The tokenizer must have truncation and padding switched off."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    number = np.asarray(encoded.word_ids, dtype=np.int32)
    offsets = np.asarray(encoded.offsets, dtype=np.int32).reshape(-1, 2)
    heads = np.flatnonzero(np.diff(number, prepend=-1)) if len(number) else np.zeros(0, dtype=np.int64)
    first = np.append(heads, len(number)).astype(np.int32)
    start = offsets[heads, 0]
    end = offsets[first[1:] - 1, 1]
    if not text.isascii():
        end = np.asarray([_past_marks(text, int(e)) for e in end], dtype=np.int32)
    starts = np.asarray([s.span.start for s in sentences], dtype=np.int32)
    sentence = np.searchsorted(starts, start, side="right").astype(np.int32) - 1
    return Words(np.asarray(encoded.ids, dtype=np.int32), first, start, end, np.maximum(sentence, 0))


def _past_marks(text: str, end: int) -> int:
    """The end of a word with the combining marks that follow: the tokenizer strips accents and leaves them out."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def windows(words: Words, *, limit: int, first_limit: int | None = None) -> Iterator[tuple[int, int]]:
    """Half-open ranges of words, together all of them: whole sentences, up to `limit` pieces a window.

    A sentence longer than a window is cut. `first_limit` bounds the first window instead: training moves the edges so.
    """
    begin, room = 0, first_limit or limit
    count = len(words)
    while begin < count:
        top = int(words.first[begin]) + room
        end = int(np.searchsorted(words.first, top, side="right")) - 1
        end = max(min(end, count), begin + 1)
        if end < count and words.sentence[end] == words.sentence[end - 1]:
            edge = int(np.searchsorted(words.sentence, words.sentence[end], side="left"))
            end = edge if edge > begin else end
        yield begin, end
        begin, room = end, limit


def pack(words: Words, ranges: list[tuple[int, int]], *, limit: int) -> tuple[Array, Array]:
    """Piece ids (windows, longest), 0 for padding, and the flat index of each word's first piece in them.

    A word of more pieces than a window holds keeps the first `limit`.
    """
    longest = max(min(int(words.first[e] - words.first[b]), limit) for b, e in ranges) + 2
    ids = np.zeros((len(ranges), longest), dtype=np.int32)
    at = np.empty(len(words), dtype=np.int32)
    for row, (begin, end) in enumerate(ranges):
        pieces = words.pieces[words.first[begin] : words.first[end]][:limit]
        ids[row, 0], ids[row, 1 : len(pieces) + 1], ids[row, len(pieces) + 1] = START, pieces, STOP
        at[begin:end] = row * longest + 1 + (words.first[begin:end] - words.first[begin])
    return ids, at
