"""Updates by long polling: fetched in order, and acknowledged when the effect of all of them is on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bots.common.patience import FIRST_WAIT, LONGEST_WAIT
from bots.telegram.reading import WANTED, read
from bots.telegram.transport import AiohttpRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 50
ANSWER_SECONDS = 5
MOST_UPDATES = 100
HandleUpdates: TypeAlias = Callable[[Sequence[Update]], Awaitable[None]]
"""Handles updates; returns when the effect of all of them is on disk."""


class Polling:
    """Asks Telegram for new updates, again and again."""

    def __init__(self, request: AiohttpRequest, bot: Bot, address: str) -> None:
        self._request, self._bot, self._address = request, bot, address
        self._offset = self._fetched = 0

    async def run(self, take: HandleUpdates) -> None:
        """Poll until cancelled. Raises InvalidToken."""
        wait = FIRST_WAIT
        while True:
            try:
                await take(await self._fetch())
                self._offset, wait = self._fetched, FIRST_WAIT
                continue
            except InvalidToken:
                raise
            except Conflict as conflict:
                if "webhook" in conflict.message:
                    await self._end_webhook()
                else:
                    log.warning("another process is polling with the same token: stop it or this one; trying again")
            except TelegramError as error:
                log.warning("Telegram cannot be reached: %s; trying again", error.message)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def finish(self) -> None:
        """Acknowledge the fetched updates, all of them on disk; if this fails, they come again and change nothing."""
        self._offset = self._fetched
        if self._offset:
            with suppress(TelegramError):
                await self._waiting(seconds=0, limit=1)

    async def _end_webhook(self) -> None:
        """Stop Telegram from posting to an address that the settings no longer name."""
        with suppress(TelegramError):
            await self._bot.delete_webhook()
            log.info("Telegram: removed the webhook; polling from now on")

    async def _fetch(self) -> list[Update]:
        """The waiting updates, in order."""
        waiting = await self._waiting(seconds=POLL_SECONDS, limit=MOST_UPDATES)
        self._fetched = max([self._fetched, *(int(written["update_id"]) + 1 for written in waiting)])
        return [update for written in waiting if (update := read(written, self._bot))]

    async def _waiting(self, seconds: int, limit: int) -> list[dict[str, Any]]:
        """Updates that are waiting or arrive within this many seconds. Asking acknowledges all before the offset."""
        wanted = {"offset": self._offset, "limit": limit, "timeout": seconds, "allowed_updates": WANTED}
        # Not with the library's method, which parses, and logs, what it gets.
        updates: list[dict[str, Any]] = await self._request.post_json(self._address, wanted, seconds + ANSWER_SECONDS)
        return updates
