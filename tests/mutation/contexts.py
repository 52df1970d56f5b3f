"""A pytest plugin for the measuring run: names each test to coverage, and records its duration and whether it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

FAILED, DURATIONS = ".failed", ".durations"
_HERE = Path(__file__).parents[2]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Name the test under way, here and to the processes that it starts."""
    measuring = coverage.Coverage.current()
    if measuring:
        measuring.switch_context(item.nodeid)
        (_HERE / f".test-{os.getpid()}").write_text(item.nodeid, encoding="utf-8")
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down how long a test takes, and if it fails on the whole product: then it says nothing about a mutant."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the reports of all workers come to one process
    if report.failed:
        with (_HERE / FAILED).open("a", encoding="utf-8") as failed:
            failed.write(f"{report.nodeid}\n")
    if report.when == "call":
        with (_HERE / DURATIONS).open("a", encoding="utf-8") as durations:
            durations.write(f"{report.duration}\t{report.nodeid}\n")


def pytest_sessionfinish() -> None:
    """Store what was found, since a worker may be ended before its interpreter is."""
    measuring = coverage.Coverage.current()
    if measuring:
        measuring.save()
