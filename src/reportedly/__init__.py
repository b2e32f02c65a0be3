"""Reportedly turns news reports about armed conflict into event data in which every fact keeps its speaker."""

__version__ = "0.1.0"
