"""Words, their offsets, and windows of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from reportedly.model.words import Words, make_words, pack, windows
from reportedly.text import split_sentences
from reportedly.types import Span


def words_of(text: str, tokenizer: Tokenizer) -> Words:
    return make_words(text, split_sentences(text), tokenizer)


def test_words_keep_their_code_points(tokenizer: Tokenizer) -> None:
    text = "🚀 The café’s cafe\u0301 fell.\r\nThe army said 12."
    words = words_of(text, tokenizer)
    shown = [Span(int(s), int(e)).of(text) for s, e in zip(words.start, words.end, strict=True)]
    assert shown == ["🚀", "The", "café", "’", "s", "cafe\u0301", "fell", ".", "The", "army", "said", "12", "."]
    assert words.sentence.tolist() == [0] * 8 + [1] * 5


def test_a_span_finds_the_words_it_touches(tokenizer: Tokenizer) -> None:
    words = words_of("The army said shells fell", tokenizer)
    assert words.at(Span(4, 8)) == (1, 2)
    assert words.at(Span(5, 10)) == (1, 3)
    assert words.at(Span(3, 4)) == (1, 1)
    assert words.span(1, 2) == Span(4, 13)


def test_an_empty_text_has_no_words(tokenizer: Tokenizer) -> None:
    words = words_of("", tokenizer)
    assert len(words) == 0
    assert list(windows(words, limit=10)) == []


@settings(max_examples=60, deadline=None)
@given(text=st.text("the army said fell.\n \u0301🚀", max_size=400), limit=st.integers(4, 40), first=st.integers(2, 40))
def test_windows_hold_every_word_once(tokenizer: Tokenizer, text: str, limit: int, first: int) -> None:
    words = words_of(text, tokenizer)
    ranges = list(windows(words, limit=limit, first_limit=min(first, limit)))
    assert [w for b, e in ranges for w in range(b, e)] == list(range(len(words)))
    if ranges:
        ids, at = pack(words, ranges, limit=limit)
        assert ids.shape[1] <= limit + 2
        whole = np.diff(words.first) <= limit
        assert (ids.reshape(-1)[at][whole] == words.pieces[words.first[:-1]][whole]).all()


def test_windows_end_with_sentences_where_they_can(tokenizer: Tokenizer) -> None:
    words = words_of("The army said. The shells fell. The army fell.", tokenizer)
    assert list(windows(words, limit=9)) == [(0, 8), (8, 12)]


def test_a_sentence_longer_than_a_window_is_cut(tokenizer: Tokenizer) -> None:
    words = words_of("army " * 10, tokenizer)
    assert list(windows(words, limit=4)) == [(0, 4), (4, 8), (8, 10)]
