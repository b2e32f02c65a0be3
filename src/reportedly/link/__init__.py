"""Linking: which claims tell of one happening, which reports are one text, and how far the claims agree."""
