"""Removes the buttons of messages that were answered below: after everything else that is to be sent to their chat."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from cachetools import LRUCache
from telegram.error import TelegramError

from bots.telegram.calls import Calls
from bots.telegram.place import Place

log = logging.getLogger(__name__)

REMEMBERED = 2000  # messages; the buttons of any more may stay, and a tap on one shows the current screen


class Tidying:
    """Takes buttons away when a chat has been quiet for long enough to need none of its allowance."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._retired: LRUCache[tuple[int, int], None] = LRUCache(REMEMBERED)
        self._tasks: dict[tuple[int, int], asyncio.Task[None]] = {}

    def retire(self, place: Place, number: int) -> None:
        """Take the buttons of a message away soon, or never if too many wait."""
        key = (place.chat, number)
        self._retired[key] = None
        if key not in self._tasks and len(self._tasks) < REMEMBERED:
            task = self._tasks[key] = asyncio.create_task(self._take_buttons(*key))
            task.add_done_callback(partial(self._forget, key))

    def is_retired(self, place: Place, number: int) -> bool:
        """True if the message was answered below, whether or not it still has its buttons."""
        return (place.chat, number) in self._retired

    def revive(self, place: Place, number: int) -> None:
        """Leave the buttons of a message alone, since it is about to get new ones."""
        self._retired.pop((place.chat, number), None)
        task = self._tasks.pop((place.chat, number), None)
        if task:
            task.cancel()

    async def empty(self) -> None:
        """Wait until no message waits."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def stop(self) -> None:
        """Leave the buttons that are still there."""
        for task in self._tasks.values():
            task.cancel()
        await self.empty()

    async def _take_buttons(self, chat: int, number: int) -> None:
        try:
            await self._calls.take_keyboard(chat, number)
        except TelegramError as error:
            log.debug("an old message's buttons could not be removed: %s", type(error).__name__)

    def _forget(self, key: tuple[int, int], task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
