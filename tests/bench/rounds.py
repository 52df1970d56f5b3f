"""Measuring in rounds: what is compared runs in turn, so that a slow moment of the machine hits both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Measure = Callable[[], float]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Series:
    """Results of one measure, round by round."""

    numbers: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.numbers)

    def ratio_to(self, baseline: Series) -> float:
        """The median of the ratios within each round."""
        return median(number / other for number, other in zip(self.numbers, baseline.numbers, strict=True))


def in_turn(title: str, rounds: int, measures: Sequence[Measure]) -> list[Series]:
    """Run all measures in every round, first to last and then last to first."""
    results: list[list[float]] = [[] for _ in measures]
    for number in progress(range(rounds), title, rounds):
        order = range(len(measures)) if number % 2 == 0 else reversed(range(len(measures)))
        for index in order:
            results[index].append(measures[index]())
    return [Series(tuple(numbers)) for numbers in results]


def progress(items: Iterable[Item], title: str, total: int) -> Iterable[Item]:
    """Iterate over the items, with a progress bar on standard error if that is a terminal."""
    console = Console(stderr=True)
    return track(items, title, total, console=console, transient=True, disable=not console.is_terminal)


def seconds(action: Callable[[], object]) -> float:
    """Time an action, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
