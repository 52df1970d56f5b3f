"""The limit that processes keep together once Telegram asks for it, and the order in which calls get places."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.telegram.budgets import Allowance, Budgets
from bots.telegram.shared_pace import LOOK_EVERY, SharedPace
from core.errors import StorageUnavailableError
from tests.bots.telegram import pace_process
from tests.bots.telegram.virtual_time import run
from tests.command import fork
from tests.patience import load, until
from tests.telegram_server import TelegramServer

PROCESSES, CHATS = 3, 300
WATCHED = 3.0  # seconds


class OneRow:
    """Places in one loop: the time up to which they are taken, and the end of the slow time."""

    def __init__(self) -> None:
        self.until = self.slow_until = 0.0
        self.is_away = False

    def reserve(self, _: str, calls: int, per_second: float, burst: float) -> float:
        now = self._now()
        self.until = max(self.until, now) + calls / per_second
        return max(0.0, self.until - now - burst / per_second)

    def slow_down(self, _: str, seconds: float) -> None:
        self.slow_until = max(self.slow_until, self._now() + seconds)

    def slowed_for(self, _: str) -> float:
        return max(0.0, self.slow_until - self._now())

    def _now(self) -> float:
        if self.is_away:
            raise StorageUnavailableError("The database cannot be opened: gone.")
        return asyncio.get_running_loop().time()


async def at_once(call: Callable[..., Any], /, *args: Any) -> Any:
    """Run a call where we are."""
    return call(*args)


def paces(row: OneRow, processes: int = PROCESSES) -> list[SharedPace]:
    return [SharedPace(row, at_once, 30, 10) for _ in range(processes)]


async def enter_all(paces: list[SharedPace], calls: int, *, background: bool = False) -> list[float]:
    """The times at which calls of each process are let through."""
    times: list[float] = []

    async def enter(pace: SharedPace) -> None:
        await pace.enter(background=background)
        times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(enter(pace) for _ in range(calls) for pace in paces))
    return times


def test_processes_together_keep_to_one_limit() -> None:
    times = run(enter_all(paces(OneRow()), 100))
    assert max(times) == pytest.approx((300 - 10) / 30, abs=0.01)
    assert all(sum(second <= when < second + 1 for when in times) <= 30 + 10 for second in times)


def test_a_reply_never_waits_behind_an_announcement() -> None:
    async def scene() -> None:
        (pace,) = paces(OneRow(), 1)
        background = asyncio.create_task(enter_all([pace], 100, background=True))
        await asyncio.sleep(1)
        replies = await enter_all([pace], 20)
        assert max(replies) - 1 < 25 / 30
        assert max(await background) == pytest.approx((120 - 10) / 30, abs=0.01)

    run(scene())


def test_a_call_that_is_cancelled_gives_its_place_to_the_next() -> None:
    async def scene() -> None:
        (pace,) = paces(OneRow(), 1)
        await enter_all([pace], 10)
        cancelled = [asyncio.create_task(pace.enter(background=False)) for _ in range(5)]
        waiting = asyncio.create_task(enter_all([pace], 5))
        await asyncio.sleep(0)
        for task in cancelled:
            task.cancel()
        assert max(await waiting) <= 10 / 30 + 0.01

    run(scene())


def test_without_the_database_each_keeps_to_its_own_limit() -> None:
    row = OneRow()
    row.is_away = True
    assert max(run(enter_all(paces(row), 100))) < 0.01


def test_all_slow_down_once_one_was_asked_to_and_stop_when_it_is_over() -> None:
    async def scene() -> list[bool]:
        first, second = (Allowance(Budgets(), pace) for pace in paces(OneRow(), 2))
        for each in (first, second):
            await each.enter(1, background=False, longest_hold=60)
        for chat in range(1, 6):
            first.hold(chat, 1)
        await asyncio.sleep(2 * LOOK_EVERY)
        slow = [second._is_slowed]
        await asyncio.sleep(62)
        return [*slow, first._is_slowed, second._is_slowed]

    assert run(scene()) == [True, False, False]


@pytest.mark.process
async def test_three_processes_keep_to_thirty_a_second_once_telegram_asked_for_it(tmp_path: Path) -> None:
    with closing(build(Settings(data_dir=tmp_path, organizers="telegram:99"))):
        pass  # the database is there
    async with TelegramServer() as server, AsyncExitStack() as stack:
        for number in range(1, PROCESSES * CHATS + 1):
            server.person(number, "P").private_chat().chat.started = True
        for number in range(PROCESSES):
            chats = range(number * CHATS + 1, (number + 1) * CHATS + 1)
            process = fork(pace_process.send_forever, server.root, tmp_path, chats)
            stack.callback(process.join)
            stack.callback(process.kill)
        await until(lambda: {chat_of(call) // CHATS for call in server.calls("sendMessage")} >= set(range(PROCESSES)))
        for chat in range(2, 7):
            server.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, chat_id=chat)
        await until(lambda: sum(call.status == 429 for call in server.calls("sendMessage")) == 5)
        await asyncio.sleep(2 * LOOK_EVERY * load())
        server.limit(overall=(30, 30), chat=(1000, 1000))
        begun = len(server.calls("sendMessage"))
        await asyncio.sleep(WATCHED)
        later = server.calls("sendMessage")[begun:]
    assert {call.status for call in later} == {200}
    assert len(later) > WATCHED * 30 / 2 / load()


def chat_of(call: Any) -> int:
    return int(call.params["chat_id"]) - 1
