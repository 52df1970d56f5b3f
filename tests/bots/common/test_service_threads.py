"""The desk: in order, one failure alone, and what is away for a moment is asked again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bots.common.service_threads import Desk
from core.errors import StorageUnavailableError


@pytest.fixture(params=[1, 4])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk with one thread, as on SQLite, and with some."""
    found = Desk(request.param)
    yield found
    found.close()


def fail() -> int:
    raise ValueError


async def test_everybody_gets_their_own_result(desk: Desk) -> None:
    results = await asyncio.gather(*(desk.run(lambda number=number: number) for number in range(200)))  # type: ignore[misc]
    assert results == list(range(200))


async def test_a_failure_is_one_callers(desk: Desk) -> None:
    calls = [desk.run(fail) if number == 5 else desk.run(str, number) for number in range(10)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(results[5], ValueError)
    assert [one for one in results if one is not results[5]] == [str(n) for n in range(10) if n != 5]


async def test_calls_of_one_thread_stay_in_order() -> None:
    desk, seen = Desk(1), list[int]()
    await asyncio.gather(*(desk.run(seen.append, number) for number in range(100)))
    desk.close()
    assert seen == list(range(100))


async def test_a_call_nobody_waits_for_any_more_is_not_begun() -> None:
    desk, gate, seen = Desk(1), threading.Event(), list[str]()
    first = asyncio.create_task(desk.run(gate.wait))
    second = asyncio.create_task(desk.run(seen.append, "begun"))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    await first
    assert await desk.run(str, 1) == "1"
    desk.close()
    assert seen == []


async def test_a_database_that_comes_back_is_not_noticed_and_one_that_stays_away_is(desk: Desk) -> None:
    tries = iter([True, True, False])

    def flaky() -> str:
        if next(tries, True):
            raise StorageUnavailableError
        return "there"

    assert await desk.run(flaky) == "there"
    with pytest.raises(StorageUnavailableError):
        await desk.run(flaky)


async def test_calls_whose_common_end_failed_are_made_again_alone() -> None:
    gate, made, failures = threading.Event(), list[int](), iter([True])

    @contextmanager
    def together() -> Iterator[None]:
        yield
        if next(failures, False):
            made.clear()  # what was written is gone
            raise StorageUnavailableError

    desk = Desk(1, together)
    first = asyncio.create_task(desk.run(gate.wait))
    rest = [asyncio.create_task(desk.run(made.append, number)) for number in range(5)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *rest)
    desk.close()
    assert made == [0, 1, 2, 3, 4]


async def test_who_is_told_hears_results_that_last_and_no_faults() -> None:
    told: list[object] = []
    desk = Desk(1, told=told.append)
    assert await desk.run(lambda: "stored") == "stored"
    with pytest.raises(ValueError, match="refused"):
        await desk.run(fails)
    desk.close()
    assert told == ["stored"]


def fails() -> None:
    raise ValueError("refused")
