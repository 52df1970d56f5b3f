"""Updates by webhook: Telegram posts each chat's updates in order, and repeats each until it gets a 200.

That makes processes interchangeable: when one gets an update, the effect of the chat's previous update is stored and,
unless Telegram itself is slow, its reply has been sent.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bots.common.patience import FIRST_WAIT, LONGEST_WAIT
from bots.telegram.polling import HandleUpdates
from bots.telegram.reading import WANTED, read

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (its name)
AT_ONCE = 100  # updates handled at a time, and the number of connections that Telegram may use
REPLY_SECONDS = 3.0  # for which the answer waits for the reply to go out


class Webhook:
    """The address that Telegram posts updates to.

    `secret` proves that a post comes from Telegram; `replied` waits until everything that an update caused is sent.
    """

    def __init__(self, bot: Bot, public_url: str, secret: str, replied: Callable[[Update], Awaitable[None]]) -> None:
        self._bot, self._address, self._secret, self._replied = bot, public_url + PATH, secret, replied
        self._take: HandleUpdates | None = None
        self._in_hand = 0

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for the web server."""
        return [web.post(PATH, self.post)]

    async def run(self, take: HandleUpdates) -> None:
        """Tell Telegram the address, and handle its posts until cancelled. Raises InvalidToken."""
        await self._set_webhook()
        self._take = take
        try:
            await asyncio.Event().wait()
        finally:
            self._take = None  # updates posted from now on come again, to any process

    async def finish(self) -> None:
        """Do nothing: every update was already answered."""

    async def post(self, request: web.Request) -> web.Response:
        """Handle one update: 200 when its effect is on disk, 503 if there is no room or the process is stopping."""
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
            return web.Response(status=401, text="This address is only for Telegram.")
        if self._take is None or self._in_hand >= AT_ONCE:
            return web.Response(status=503, headers={"Retry-After": "1"}, text="Not now.")
        self._in_hand += 1
        try:
            await self._handle(self._take, await _body(request))
        finally:
            self._in_hand -= 1
        return web.Response()

    async def _handle(self, take: HandleUpdates, written: dict[str, Any]) -> None:
        update = read(written, self._bot)
        if update is None:
            return
        await take([update])
        with suppress(TimeoutError):
            async with asyncio.timeout(REPLY_SECONDS):
                await self._replied(update)

    async def _set_webhook(self) -> None:
        """Tell Telegram the address, with retries. Every process does, so Telegram has the latest secret."""
        wait = FIRST_WAIT
        while True:
            try:
                await self._bot.set_webhook(
                    self._address, max_connections=AT_ONCE, allowed_updates=WANTED, secret_token=self._secret
                )
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("the webhook is not set: %s; trying again", error.message)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                log.info("Telegram: updates arrive at %s", self._address)
                return


async def _body(request: web.Request) -> dict[str, Any]:
    """The update as JSON. Raises web.HTTPException for anything that Telegram never sends."""
    try:
        update = json.loads(await request.read())
    except ValueError:
        raise web.HTTPBadRequest(text="This is not an update.") from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise web.HTTPBadRequest(text="This is not an update.")
    return update
