"""Order within a chat, and answers that wait for the rest of what a person sends."""

from __future__ import annotations

import asyncio

from bots.common.per_chat_queue import PerChatQueue
from tests.patience import patience

LONG, SHORT = 3600.0, 0.0


class Desk:
    """A queue, and the names of the work that was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.errors: list[BaseException] = []
        self.queue = PerChatQueue(self.errors.append)

    async def work(self, name: str) -> None:
        """Do it."""
        self.done.append(name)


async def test_after_a_pause_only_the_last_is_done() -> None:
    desk = Desk()
    for name in "abc":
        desk.queue.put_after_pause(1, lambda name=name: desk.work(name), LONG)  # type: ignore[misc]
    desk.queue.put_after_pause(2, lambda: desk.work("other"), SHORT)
    desk.queue.put(1, lambda: desk.work("d"))
    async with patience():
        await desk.queue.empty()
    assert sorted(desk.done) == ["d", "other"]
    assert desk.errors == []


async def test_a_pause_ends_by_itself_and_waits_for_earlier_work() -> None:
    desk, gate = Desk(), asyncio.Event()

    async def first() -> None:
        await gate.wait()
        await desk.work("first")

    desk.queue.put(1, first)
    desk.queue.put_after_pause(1, lambda: desk.work("second"), SHORT)
    gate.set()
    async with patience():
        await desk.queue.empty()
    assert desk.done == ["first", "second"]
    assert not desk.queue.busy(1)


async def test_whoever_waits_for_a_chat_does_not_wait_for_its_pause() -> None:
    desk = Desk()
    desk.queue.put_after_pause(1, lambda: desk.work("late"), LONG)
    async with patience():
        await desk.queue.idle(1)
    assert desk.done == []
    desk.queue.put(1, lambda: desk.work("next"))
    async with patience():
        await desk.queue.idle(1)
    assert desk.done == ["next"]
