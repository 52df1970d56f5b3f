"""Tests of the English in this repository."""
