"""Effort of random tests: all of it in `make check`, and a tenth in `make test`, which has to be quick."""

from __future__ import annotations

import os

SHARE = float(os.environ.get("EFFORT", "1"))
"""The part of the usual steps, examples and people; 1 unless EFFORT says otherwise."""


def scaled(whole: int) -> int:
    """Return this run's share of `whole`, at least 1."""
    return max(1, round(whole * SHARE))
