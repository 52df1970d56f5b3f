"""The tests' own time limit: it grows with the load, and what never happens ends with a reason."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from tests import patience


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processors, nothing to do, one test worker."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "1")
    _load_average(monkeypatch, 0.0)


def _load_average(monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (value, 0.0, 0.0))


@pytest.mark.parametrize(("average", "workers", "times"), [(0.0, 1, 1), (1.5, 2, 1), (10.0, 2, 5), (0.0, 8, 4)])
def test_the_limit_grows_with_the_load(
    monkeypatch: pytest.MonkeyPatch, average: float, workers: int, times: float
) -> None:
    _load_average(monkeypatch, average)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(workers))
    assert patience.limit() == patience.UNLOADED * times


def test_a_fakes_clock_goes_slower_under_load(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    clock = patience.SlowedClock()
    begun = clock()
    moment[0] += 3
    assert clock() - begun == pytest.approx(3)
    _load_average(monkeypatch, 10.0)
    moment[0] += 3
    assert clock() - begun == pytest.approx(3.6)


async def test_waiting_ends_when_the_condition_holds() -> None:
    looks = iter([False, False, True])
    await patience.until(lambda: next(looks))
    looks = iter([False, False, True])
    patience.until_blocking(lambda: next(looks))
    assert list(looks) == []
    moments = iter([False, True])

    async def asks_a_server() -> bool:
        return next(moments)

    await patience.until(asks_a_server)
    assert list(moments) == []


async def test_a_condition_that_never_holds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "UNLOADED", 0.03)
    with pytest.raises(TimeoutError, match="until pigs fly"):
        await patience.until(lambda: False, "pigs fly")
    with pytest.raises(TimeoutError, match="until pigs fly"):
        patience.until_blocking(lambda: False, "pigs fly")
    with pytest.raises(TimeoutError):
        async with patience.patience():
            await asyncio.Event().wait()


async def test_the_limit_grows_while_a_test_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "UNLOADED", 0.05)
    looks = 0

    def holds() -> bool:
        nonlocal looks
        looks += 1
        _load_average(monkeypatch, 1000.0)
        return looks == 10

    await patience.until(holds)
