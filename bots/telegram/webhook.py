"""Updates by webhook: Telegram posts each, one after another of a chat, and again until it is answered with a 200.

That is what makes processes interchangeable: whichever gets an update, the one before it from the same chat has had its
effect stored and, unless Telegram itself is slow, its reply sent.
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
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError

from bots.common.patience import Backoff
from bots.telegram.polling import HandleUpdates
from bots.telegram.reading import WANTED, number_of, read
from bots.telegram.retrying import wait_after
from core.errors import StorageUnavailableError

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (its name)
AT_ONCE = 100  # updates in hand, and connections that Telegram is told to use
BODY_SECONDS = 10.0  # for the whole update to come in
REPLY_SECONDS = 3.0  # that the answer waits at most for the reply to go out


class Webhook:
    """The address that Telegram posts updates to.

    `secret` is what Telegram proves itself by; `replied` waits until all that an update gave rise to is sent.
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
        """Tell Telegram the address, and take what it posts there until cancelled. Raises InvalidToken."""
        await self._set_webhook()
        self._take = take
        try:
            await asyncio.Event().wait()
        finally:
            self._take = None  # what is posted from now on comes again, to any process

    async def finish(self) -> None:
        """Nothing is left to acknowledge: every update was answered."""

    async def post(self, request: web.Request) -> web.Response:
        """One update: 200 when its effect is on disk, 503 when that cannot be now, after which it comes again.

        There may be no room, the process may stop, or the database may be away.
        """
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return web.Response(status=401, text="This address is for Telegram alone.")
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
        """Tell Telegram the address, patiently. Every process does, since the last one to start knows the secret."""
        backoff = Backoff(log, "the webhook is not set")
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
                log.info("Telegram: updates come to %s", self._address)
                return


def _not_now() -> web.Response:
    return web.Response(status=503, headers={hdrs.RETRY_AFTER: "1"}, text="Not now.")


async def _body(request: web.Request) -> dict[str, Any]:
    """The update as JSON. Raises web.HTTPException for what Telegram never sends."""
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
