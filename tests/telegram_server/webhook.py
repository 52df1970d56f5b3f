"""Posts updates to the bot's webhook and tries again until it answers with a 2xx.

As the Bot API server does: updates of one kind and chat one after another, those that fail again and again before the
next of them, after the seconds that the answer asks for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp

from tests.telegram_server.errors import ApiError
from tests.telegram_server.params import Params
from tests.telegram_server.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class WebhookPoster:
    """Delivers pending updates while a webhook is set, several at a time as Telegram does."""

    def __init__(
        self, world: World, call: Callable[[str, Params], Awaitable[Any]], retry_seconds: float = 0.05
    ) -> None:
        self._world = world
        self._call = call
        self._retry_seconds = retry_seconds
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with aiohttp.ClientSession() as session:
            try:
                while True:
                    await self._world.pulse.until(lambda: bool(self._due()))
                    for number in self._due():
                        self._busy[number] = asyncio.create_task(self._deliver(session, number))
            finally:
                for task in self._busy.values():
                    task.cancel()

    def _due(self) -> list[int]:
        if not self._world.webhook.get("url"):
            return []
        free = int(self._world.webhook["max_connections"]) - len(self._busy)
        pending = self._world.updates.pending
        first: dict[tuple[str, int], int] = {}
        for number in sorted(pending):
            first.setdefault(_queue(pending[number]), number)
        return [number for number in first.values() if number not in self._busy][: max(0, free)]

    async def _deliver(self, session: aiohttp.ClientSession, number: int) -> None:
        try:
            wait = await self._post(session, number)
            if wait is None:
                self._world.updates.acknowledge(number)
            else:
                await asyncio.sleep(wait)
        finally:
            del self._busy[number]
            self._world.pulse.beat()

    async def _post(self, session: aiohttp.ClientSession, number: int) -> float | None:
        """Post an update; return None if the bot took it, else the seconds until the next attempt."""
        hook = self._world.webhook
        headers = {SECRET_HEADER: hook["secret_token"]} if hook["secret_token"] else {}
        update = self._world.updates.pending[number]
        try:
            async with session.post(hook["url"], json=update, headers=headers) as response:
                if response.ok:
                    await self._obey(response)
                    return None
                wait = float(response.headers.get("Retry-After", self._retry_seconds))
                failure = f"Wrong response from the webhook: {response.status} {response.reason}"
        except aiohttp.ClientError:
            wait, failure = self._retry_seconds, "Connection failed"
        hook |= {"last_error_date": self._world.now(), "last_error_message": failure}
        return wait

    async def _obey(self, response: aiohttp.ClientResponse) -> None:
        """Carry out the call in the body of a webhook's answer; the bot never gets its result."""
        if response.content_type != "application/json":
            return
        body = await response.json()
        if isinstance(body, dict) and "method" in body:
            with suppress(ApiError):
                await self._call(body.pop("method"), Params(body))


def _queue(update: dict[str, Any]) -> tuple[str, int]:
    """Queue of an update; those of one queue (messages of a chat, taps of a person) are posted one by one."""
    kind = next(name for name in update if name != "update_id")
    who = update[kind].get("chat") or update[kind].get("from") or {}
    return kind, int(who.get("id", 0))
