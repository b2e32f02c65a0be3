"""Text to sentences, quotations, words and windows; every one of them with its offsets into the report's text."""

from reportedly.text.quotes import quoted_spans
from reportedly.text.sentences import split_sentences

__all__ = ["quoted_spans", "split_sentences"]
