"""Measures of a reading against what people annotated. See docs/reference/evaluate.md."""
