"""The ladder of goals."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count


def next_goal(first: int, counted: int) -> int:
    """The first goal until it is reached, then the next of 10, 25, 50, 100, 250, 500, 1k ..."""
    if counted < first:
        return first
    ladder: Iterator[int] = (step * 10**power // 10 for power in count(1) for step in (10, 25, 50))
    return next(goal for goal in ladder if goal > counted)
