"""Waiting for a database: until it works, but neither for a damaged one nor, where others must be heard, for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from bots.common.repeating import DatabaseReturn
from bots.common.service_threads import ServiceThreads
from core.errors import StorageDamagedError, StorageUnavailableError
from tests.bots.telegram.virtual_time import run

LONGEST = 60.0  # seconds


class HereAndNow:
    """Runs each call where it is asked for."""

    async def run(self, call: Callable[[], Any]) -> Any:
        return call()


def waiting_for(probe: Callable[[], object]) -> DatabaseReturn:
    return DatabaseReturn(cast("ServiceThreads", HereAndNow()), probe, LONGEST)


def away_until(end: float) -> Callable[[], None]:
    """A probe of a database that comes back at a time of the loop."""

    def probe() -> None:
        if asyncio.get_running_loop().time() < end:
            raise StorageUnavailableError("The database cannot be opened: gone.")

    return probe


def damaged() -> None:
    raise StorageDamagedError("The database is damaged: file is not a database.")


def test_it_waits_until_the_database_works() -> None:
    async def scene() -> float:
        await waiting_for(away_until(30)).wait()
        return asyncio.get_running_loop().time()

    assert run(scene()) == pytest.approx(30, abs=2.1)


def test_once_it_was_away_for_long_nobody_waits_until_it_works() -> None:
    async def scene() -> list[float]:
        database, ends = waiting_for(away_until(100)), []
        for _ in range(2):
            with pytest.raises(StorageUnavailableError):
                await database.wait()
            ends.append(asyncio.get_running_loop().time())
        await asyncio.sleep(60)
        await database.wait()
        return ends

    first, second = run(scene())
    assert first == pytest.approx(LONGEST, abs=2.1)
    assert second == pytest.approx(first, abs=0.01)


def test_nobody_waits_for_a_damaged_one() -> None:
    async def scene() -> None:
        promised: list[bool] = []

        async def promise() -> None:
            promised.append(True)

        async def call() -> None:
            damaged()

        with pytest.raises(StorageDamagedError):
            await waiting_for(damaged).repeat(call, promise)
        assert promised == []
        assert asyncio.get_running_loop().time() < 0.01

    run(scene())
