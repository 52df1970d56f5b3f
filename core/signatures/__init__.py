"""Signatures: their values, the signals against them, their review, and their breakdowns."""
