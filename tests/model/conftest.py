"""A tokenizer of BERT's kind with a vocabulary made in memory."""

from __future__ import annotations

import string

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """Every letter is a piece; a few words are whole ones."""
    pieces = ["[PAD]", "[UNK]", *"the army said shells fell".split(), *string.printable[:94]]
    pieces += [f"##{c}" for c in string.ascii_lowercase + string.digits]
    made = Tokenizer(WordPiece({p: i for i, p in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made
