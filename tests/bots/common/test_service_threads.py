"""Service threads: in order, one failure alone, and what is away for a moment is asked again."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

import pytest
import sqlalchemy as sa

from bots.common.service_threads import ServiceThreads, Timer
from core.errors import StorageUnavailableError
from tests.patience import patience


@pytest.fixture(params=[1, 4])
def threads(request: pytest.FixtureRequest) -> Iterator[ServiceThreads]:
    """Service threads: one, as on SQLite, and with some."""
    threads = ServiceThreads(request.param)
    yield threads
    threads.close()


def fail() -> int:
    raise ValueError


async def test_everybody_gets_their_own_result(threads: ServiceThreads) -> None:
    results = await asyncio.gather(*(threads.run(lambda number=number: number) for number in range(200)))  # type: ignore[misc]
    assert results == list(range(200))


async def test_a_failure_is_one_callers(threads: ServiceThreads) -> None:
    calls = [threads.run(fail) if number == 5 else threads.run(str, number) for number in range(10)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(results[5], ValueError)
    assert [result for result in results if result is not results[5]] == [str(n) for n in range(10) if n != 5]


async def test_calls_of_one_thread_stay_in_order() -> None:
    threads, seen = ServiceThreads(1), list[int]()
    await asyncio.gather(*(threads.run(seen.append, number) for number in range(100)))
    threads.close()
    assert seen == list(range(100))


async def test_closing_drops_the_calls_that_wait() -> None:
    threads, gate, seen, faults = ServiceThreads(1), threading.Event(), list[str](), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    calls = [asyncio.create_task(threads.run(gate.wait)), asyncio.create_task(threads.run(seen.append, "begun"))]
    await asyncio.sleep(0)
    gate.set()
    threads.close()
    async with patience():
        await asyncio.wait(calls)
    assert (faults, seen) == ([], [])
    assert [call.cancelled() for call in calls] == [False, True]


async def test_a_call_after_the_end_is_cancelled() -> None:
    """A task that outlives the threads, such as a watcher, ends quietly when it asks again."""
    threads, seen = ServiceThreads(1), list[str]()
    threads.close()
    call = asyncio.create_task(threads.run(seen.append, "begun"))
    async with patience():
        await asyncio.wait([call])
    assert (call.cancelled(), seen) == (True, [])


async def test_a_call_whose_caller_left_is_not_begun() -> None:
    threads, gate, seen = ServiceThreads(1), threading.Event(), list[str]()
    first = asyncio.create_task(threads.run(gate.wait))
    second = asyncio.create_task(threads.run(seen.append, "begun"))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    await first
    assert await threads.run(str, 1) == "1"
    threads.close()
    assert seen == []


@pytest.mark.waits
async def test_a_database_that_comes_back_is_not_noticed_and_one_that_stays_away_is(threads: ServiceThreads) -> None:
    tries = iter([True, True, False])

    def flaky() -> str:
        if next(tries, True):
            raise StorageUnavailableError
        return "there"

    assert await threads.run(flaky) == "there"
    with pytest.raises(StorageUnavailableError):
        await threads.run(flaky)


async def test_calls_whose_common_end_failed_are_made_again_alone() -> None:
    gate, made, failures = threading.Event(), list[int](), iter([True])

    @contextmanager
    def together() -> Iterator[None]:
        yield
        if next(failures, False):
            made.clear()  # what was written is gone
            raise StorageUnavailableError

    threads = ServiceThreads(1, together)
    first = asyncio.create_task(threads.run(gate.wait))
    rest = [asyncio.create_task(threads.run(made.append, number)) for number in range(5)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *rest)
    threads.close()
    assert made == [0, 1, 2, 3, 4]


FAULTS = (
    sqlite3.DatabaseError("a name that nobody may read"),
    MemoryError("a name that nobody may read"),
    sa.exc.TimeoutError("a name that nobody may read"),
    StopIteration("a name that nobody may read"),
    SystemExit("a name that nobody may read"),
)


def _fails_at(moment: str, error: BaseException) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def together() -> Iterator[None]:
        if moment == "begin":
            raise error
        yield
        raise error

    return together


@pytest.mark.parametrize("moment", ["begin", "commit"])
@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
async def test_any_fault_of_the_common_transaction_reaches_every_caller(
    moment: str, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    gate = threading.Event()
    with closing(ServiceThreads(1, _fails_at(moment, error))) as threads:
        first = asyncio.create_task(threads.run(gate.wait))  # alone, and so without a common transaction
        rest = [asyncio.create_task(threads.run(str, number)) for number in range(5)]
        await asyncio.sleep(0)
        gate.set()
        async with patience():
            await first
            answers = await asyncio.gather(*map(_outcome, rest))
            assert await threads.run(str, 1) == "1", "the thread is free again"
    assert {type(answer) for answer in answers} <= {type(error), RuntimeError}
    assert any(type(answer).__name__ in caplog.text for answer in (*answers, error))
    assert "nobody may read" not in caplog.text


async def _outcome(task: asyncio.Task[str]) -> BaseException | None:
    await asyncio.wait([task])
    return task.exception()


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
async def test_any_fault_of_a_call_reaches_its_caller_and_leaves_the_others_alone(error: BaseException) -> None:
    def fails_so() -> str:
        raise error

    gate = threading.Event()
    with closing(ServiceThreads(1)) as threads:
        first = asyncio.create_task(threads.run(gate.wait))
        calls = [asyncio.create_task(threads.run(call)) for call in (str, fails_so, str)]
        await asyncio.sleep(0)
        gate.set()
        async with patience():
            await first
            answers = await asyncio.gather(*map(_outcome, calls))
    assert answers[0] is answers[2] is None
    assert isinstance(answers[1], type(error) | RuntimeError)


async def test_a_count_that_fails_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_: object) -> None:
        raise ValueError("a name that nobody may read")

    with closing(ServiceThreads(1, on_result=refuse)) as threads:
        async with patience():
            answers = await asyncio.gather(*(threads.run(str, number) for number in range(3)))
    assert answers == ["0", "1", "2"]
    assert "ValueError" in caplog.text
    assert "nobody may read" not in caplog.text


async def test_on_result_gets_committed_results_and_no_faults() -> None:
    results: list[object] = []
    threads = ServiceThreads(1, on_result=results.append)
    assert await threads.run(lambda: "stored") == "stored"
    with pytest.raises(ValueError, match="refused"):
        await threads.run(fails)
    threads.close()
    assert results == ["stored"]


def fails() -> None:
    raise ValueError("refused")


class SlowDatabase:
    """A database that is away, in a time of its own; an attempt takes `seconds` to fail."""

    def __init__(self, seconds: float) -> None:
        self.now, self.away, self._seconds, self._loop = 0.0, True, seconds, asyncio.get_running_loop()

    def timer(self) -> Timer:
        return Timer(lambda: self.now, self._pass)

    def _pass(self, seconds: float) -> None:
        """In a thread: let everyone who has an answer look at the clock, then let time pass."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result()
        self.now += seconds

    async def _settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    def call(self) -> str:
        if self.away:
            self._pass(self._seconds)
            raise StorageUnavailableError
        return "there"

    @contextmanager
    def together(self) -> Iterator[None]:
        self.call()
        yield

    async def person(self, threads: ServiceThreads) -> float:
        """Make a call; returns how long it took to fail."""
        asked = self.now
        with pytest.raises(StorageUnavailableError):
            await threads.run(self.call)
        return self.now - asked


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.5, 2.0])
@pytest.mark.parametrize("people", [1, 60, 500])
async def test_while_the_database_is_away_everybody_has_an_answer_in_time(
    seconds: float, people: int, *, shared: bool
) -> None:
    database = SlowDatabase(seconds)
    with closing(ServiceThreads(1, database.together if shared else nullcontext, timer=database.timer())) as threads:
        async with patience():
            asking = []
            for number in range(people):
                asking.append(asyncio.create_task(database.person(threads)))
                if number % 40 == 0:
                    await asyncio.sleep(0)
            waited = await asyncio.gather(*asking)
            # The thread may pass the time of one more attempt before the person looks at the clock.
            assert max(waited) <= 5.0 + seconds
            database.away = False
            assert await threads.run(database.call) == "there"


async def test_a_crowd_that_waited_for_other_reasons_is_tried_again_all_the_same() -> None:
    database, gate = SlowDatabase(0.1), threading.Event()
    with closing(ServiceThreads(1, database.together, timer=database.timer())) as threads:
        first = asyncio.create_task(threads.run(gate.wait))
        rest = [asyncio.create_task(threads.run(str, number)) for number in range(5)]
        await asyncio.sleep(0)
        database.now += 60.0  # the thread was busy, and the database was not away
        gate.set()
        async with patience():
            assert await asyncio.gather(*rest) == ["0", "1", "2", "3", "4"]
            await first
