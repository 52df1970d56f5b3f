"""Signatures: the values, the signals against them, their review, and breakdowns of their number."""
