"""Tests that wait are dealt out to the workers, and come first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from tests.distribution import dealt, workers_on


@dataclass(frozen=True)
class Test:
    """A test, as far as its place in the order depends on it."""

    __test__ = False
    path: Path
    number: int


def of(module: str, count: int) -> list[pytest.Item]:
    return [cast("pytest.Item", Test(Path(module), number)) for number in range(count)]


def test_every_other_worker_begins_with_tests_that_wait() -> None:
    a, b, others = of("a", 2), of("b", 3), of("c", 19)
    assert dealt([*a, *b], others, 4) == [*a, *others[:4], *others[4:10], *b, *others[10:13], *others[13:]]


@pytest.mark.parametrize(("waiting", "others", "workers"), [(0, 5, 4), (9, 0, 4), (9, 2, 3), (1, 1, 8), (50, 301, 4)])
def test_every_test_is_dealt_once(waiting: int, others: int, workers: int) -> None:
    slow, quick = of("a", waiting), of("b", others)
    ordered = cast("list[Any]", dealt(slow, quick, workers))
    assert len(ordered) == waiting + others
    assert set(ordered) == {*slow, *quick}


@pytest.mark.parametrize(("processors", "workers"), [(1, 2), (2, 4), (16, 20)])
def test_there_are_more_workers_than_processors(processors: int, workers: int) -> None:
    assert workers_on(processors) == workers
