"""Order within a chat: each chat's work runs one piece after another, different chats at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Any


class PerChatQueue:
    """Runs each chat's coroutines one after another, and forgets a chat with nothing to do."""

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._waiting: dict[Hashable, int] = {}
        self._pauses: dict[Hashable, asyncio.Event] = {}
        self._on_error = on_error

    def put(self, chat: Hashable, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[None]:
        """Run this after all other work of the chat."""
        more = self._pauses.pop(chat, None)
        if more:
            more.set()
        task = asyncio.create_task(self._run(chat, self._last.get(chat), work))
        self._last[chat] = task
        self._waiting[chat] = self._waiting.get(chat, 0) + 1
        return task

    def put_after_pause(self, chat: Hashable, work: Callable[[], Awaitable[Any]], seconds: float) -> None:
        """Run this after all other work of the chat and a pause, unless more work is put before the pause is over.

        `idle` doesn't wait for the pause, but `empty` does.
        """
        more = asyncio.Event()

        async def after_pause() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await more.wait()
            if not more.is_set():
                self._pauses.pop(chat, None)
                await work()

        self.put(chat, after_pause)
        self._pauses[chat] = more

    def behind(self, chat: Hashable) -> int:
        """The number of pieces of work that wait for the running one."""
        return max(0, self._waiting.get(chat, 0) - 1)

    def busy(self, chat: Hashable) -> bool:
        """True while anything of the chat is running or waiting."""
        return chat in self._last

    async def idle(self, chat: Hashable) -> None:
        """Wait until the chat has nothing to do."""
        while chat in self._last and chat not in self._pauses:
            await asyncio.wait([self._last[chat]])

    async def empty(self) -> None:
        """Wait until no chat has anything to do."""
        while self._last:
            await asyncio.wait(list(self._last.values()))

    async def _run(self, chat: Hashable, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            if before:
                await asyncio.wait([before])
            await work()
        except Exception as error:  # noqa: BLE001  (reported, and the chat goes on)
            self._on_error(error)
        finally:
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._waiting[chat], self._last[chat]
