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

from aiohttp import hdrs, web
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bots.common.health import ComponentHealth
from bots.common.patience import Backoff
from bots.telegram.polling import HandleUpdates
from bots.telegram.reading import WANTED, Incoming, number_of, read
from bots.telegram.retrying import wait_after
from core.errors import StorageUnavailableError

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (its name)
AT_ONCE = 100  # updates handled at a time, and the number of connections that Telegram may use
BODY_SECONDS = 10.0  # for the whole update to arrive
ASK_EVERY = 30.0  # seconds between two looks whether Telegram can be reached
REPLY_SECONDS = 3.0  # for which the answer waits for the reply to go out


class Webhook:
    """The address that Telegram posts updates to.

    `secret` proves that a post comes from Telegram; `replied` waits until everything that an update caused is sent.
    `ask` makes a call that changes nothing, to see whether Telegram answers; `health` is told the result.
    """

    def __init__(
        self, bot: Bot, public_url: str, secret: str, replied: Callable[[Incoming], Awaitable[None]],
        ask: Callable[[], Awaitable[object]], health: ComponentHealth,
    ) -> None:  # fmt: skip
        self._bot, self._address, self._secret, self._replied = bot, public_url + PATH, secret, replied
        self._ask, self._health = ask, health
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
            await self._keep_asking()
        finally:
            self._take = None  # updates posted from now on come again, to any process

    async def finish(self) -> None:
        """Do nothing: every update was already answered."""

    async def post(self, request: web.Request) -> web.Response:
        """Handle one update: 200 when its effect is on disk, 503 if that is impossible now, and it should come again.

        There may be no room, the process may be stopping, or the database may be away.
        """
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return web.Response(status=401, text="This address is only for Telegram.")
        if self._take is None or self._in_hand >= AT_ONCE:
            return _not_now()
        self._in_hand += 1
        try:
            await self._handle(self._take, await _body(request))
        except StorageUnavailableError:
            return _not_now()
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
        backoff = Backoff(log, "Telegram", self._health)
        while True:
            try:
                await self._bot.set_webhook(
                    self._address, max_connections=AT_ONCE, allowed_updates=WANTED, secret_token=self._secret
                )
            except InvalidToken:
                raise
            except TelegramError as error:
                await wait_after(error, backoff)
            else:
                backoff.over()
                log.info("Telegram: updates arrive at %s", self._address)
                return

    async def _keep_asking(self) -> None:
        """Look now and then whether Telegram can be reached: without posts, nothing else shows that."""
        backoff = Backoff(log, "Telegram", self._health)
        while True:
            await asyncio.sleep(ASK_EVERY)
            while not await self._answers(backoff):
                pass

    async def _answers(self, backoff: Backoff) -> bool:
        """Ask Telegram once. Return True if it answers; otherwise wait a while first, then return False."""
        try:
            await self._ask()
        except InvalidToken:
            raise
        except TelegramError as error:
            await wait_after(error, backoff)
            return False
        backoff.over()
        return True


def _not_now() -> web.Response:
    return web.Response(status=503, headers={hdrs.RETRY_AFTER: "1"}, text="Not now.")


async def _body(request: web.Request) -> dict[str, Any]:
    """The update as JSON. Raises web.HTTPException for anything that Telegram never sends."""
    if request.content_type != "application/json" or request.headers.get(hdrs.CONTENT_ENCODING):
        raise web.HTTPUnsupportedMediaType(text="An update is plain JSON.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            written = (await request.read()).decode()
        update = json.loads(written)
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The update did not come in time.") from None
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="This is not an update.") from None
    if number_of(update) is None:
        raise web.HTTPBadRequest(text="This is not an update.")
    return dict(update)
