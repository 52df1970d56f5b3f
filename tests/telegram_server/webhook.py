"""Posts updates to the bot's webhook and tries again until it answers with a 2xx."""

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
        waiting = [number for number in sorted(self._world.updates.pending) if number not in self._busy]
        return waiting[: max(0, free)]

    async def _deliver(self, session: aiohttp.ClientSession, number: int) -> None:
        try:
            if await self._post(session, number):
                self._world.updates.acknowledge(number)
            else:
                await asyncio.sleep(self._retry_seconds)
        finally:
            del self._busy[number]
            self._world.pulse.beat()

    async def _post(self, session: aiohttp.ClientSession, number: int) -> bool:
        hook = self._world.webhook
        headers = {SECRET_HEADER: hook["secret_token"]} if hook["secret_token"] else {}
        update = self._world.updates.pending[number]
        try:
            async with session.post(hook["url"], json=update, headers=headers) as response:
                if response.ok:
                    await self._obey(response)
                    return True
                failure = f"Wrong response from the webhook: {response.status} {response.reason}"
        except aiohttp.ClientError:
            failure = "Connection failed"
        hook |= {"last_error_date": self._world.now(), "last_error_message": failure}
        return False

    async def _obey(self, response: aiohttp.ClientResponse) -> None:
        """A webhook may answer with one call as its body; its result is never told."""
        if response.content_type != "application/json":
            return
        body = await response.json()
        if isinstance(body, dict) and "method" in body:
            with suppress(ApiError):
                await self._call(body.pop("method"), Params(body))
