"""Fetches updates by long polling, in order, and acknowledges them once the effect of all of them is on disk.

An answer that comes at once but brings nothing new would cause a busy loop. After it, polling waits as after an error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bots.common.health import ComponentHealth
from bots.common.patience import FIRST_WAIT, Backoff
from bots.telegram.reading import WANTED, Incoming, number_of, read
from bots.telegram.retrying import wait_after
from bots.telegram.transport import AiohttpRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 50
ANSWER_SECONDS = 5
MOST_UPDATES = 100
HandleUpdates: TypeAlias = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Handles updates; returns when the effect of all of them is on disk."""


class Polling:
    """Asks Telegram for new updates, again and again. `health` is told of every answer, and of trouble."""

    def __init__(self, request: AiohttpRequest, bot: Bot, address: str, health: ComponentHealth) -> None:
        self._request, self._bot, self._address, self._health = request, bot, address, health
        self._offset = self._fetched = 0
        self._last: frozenset[int] = frozenset()  # numbers in the last answer

    async def run(self, take: HandleUpdates) -> None:
        """Poll until cancelled. Raises InvalidToken."""
        trouble, idling = Backoff(log, "Telegram", self._health), Backoff(log, "Telegram")
        while True:
            try:
                moved_on = await self._poll(take, trouble)
            except InvalidToken:
                raise
            except TelegramError as error:
                await wait_after(error, trouble)
                continue
            if moved_on:
                idling.over()
            else:
                await idling.pause("nothing new", "its answers bring nothing new")

    async def _poll(self, take: HandleUpdates, trouble: Backoff) -> bool:
        """Handle waiting updates; False if the next poll should wait a while. Removes a webhook that is in the way."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            waiting = await self._waiting(seconds=POLL_SECONDS, limit=MOST_UPDATES)
        except Conflict as conflict:
            if "webhook" not in conflict.message:
                raise Conflict("another process is polling with the same token: stop it or this one") from None
            await self._bot.delete_webhook()
            raise Conflict("removed a webhook that is no longer in the settings") from None
        trouble.over()
        moved_on = await self._take(waiting, take)
        return moved_on or (not waiting and clock() - begun >= FIRST_WAIT)

    async def _take(self, waiting: Sequence[object], take: HandleUpdates) -> bool:
        """Handle what wasn't in the last answer, and acknowledge all; False if nothing is past the last offset."""
        numbers = [number_of(written) for written in waiting]
        known = frozenset(number for number in numbers if number is not None)
        new = [written for written, number in zip(waiting, numbers, strict=True) if number in known - self._last]
        moved_on, self._last = any(number >= self._offset for number in known), known
        if moved_on and None in numbers:
            log.warning("skipped updates without a number: %d", numbers.count(None))
        # No update has a lower number than those before it, unless Telegram starts over at a random number.
        self._fetched = max(known, default=self._fetched - 1) + 1
        await take([update for written in new if (update := read(written, self._bot))])
        self._offset = self._fetched
        return moved_on

    async def finish(self) -> None:
        """Acknowledge the fetched updates, all of them on disk; if this fails, they arrive again and change nothing."""
        self._offset = self._fetched
        if self._offset:
            with suppress(TelegramError):
                await self._waiting(seconds=0, limit=1)

    async def _waiting(self, seconds: int, limit: int) -> list[Any]:
        """Updates that are waiting or arrive within this many seconds. Asking acknowledges all before the offset."""
        wanted = {"offset": self._offset, "limit": limit, "timeout": seconds, "allowed_updates": WANTED}
        # Not with the library's method, which parses and logs what it gets.
        updates: list[Any] = await self._request.post_json(self._address, wanted, seconds + ANSWER_SECONDS)
        return updates
