"""Distribution of the tests over workers, of which `-n auto` starts more than there are processors.

Tests that start processes wait for most of their time. Half of the workers begin with them, so that the other half keep
the processors busy meanwhile, and none of them is left over when everything else is done.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from itertools import groupby, islice

import pytest

MORE = 4  # workers beyond the number of processors; each costs seconds, since each collects the tests


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Let processors have something to do while tests wait; with `-n logical`, start a worker for each of them."""
    processors = os.cpu_count() or 1
    return processors if config.option.numprocesses == "logical" else workers_on(processors)


def workers_on(processors: int) -> int:
    """Number of workers for tests that wait for half of their time."""
    return min(2 * processors, processors + MORE)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None]:
    """Don't search for garbage among what collecting creates: the tests need it to the end.

    Afterwards, search among what is old only now and then.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], 50)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests for `--dist worksteal`, which gives each worker an equal part of the list."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        waiting = [item for item in items if item.get_closest_marker("process")]
        others = [item for item in items if not item.get_closest_marker("process")]
        items[:] = dealt(waiting, others, workers)


def dealt(waiting: list[pytest.Item], others: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The tests in equal parts, one after another; every other part begins with some of those that wait.

    Tests of a module stay together if they wait, because they may share a fixture.
    """
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for _, module in groupby(waiting, lambda item: item.path):
        min(hands[::2], key=len).extend(module)
    rest, left = iter(others), len(waiting) + len(others)
    ordered: list[pytest.Item] = []
    for number, hand in enumerate(hands):
        share = left // (workers - number)
        left -= share
        ordered += [*hand, *islice(rest, max(0, share - len(hand)))]
    return [*ordered, *rest]
