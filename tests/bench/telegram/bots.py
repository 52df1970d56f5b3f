"""`python -m tests.bench.telegram.bots KIND ROOT`: one of the bots that are compared, on a server at ROOT."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping

from aiohttp import web
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.common.settings import load_settings
from bots.services import Services
from bots.telegram.budgets import Budget, Budgets
from bots.telegram.limiter import Limiter
from bots.telegram.surface import TelegramSurface
from bots.telegram.transport import AiohttpRequest
from bots.telegram.webhook import PATH
from tests.bench.load import UNDERSIGN, product

TOKEN = "7654321:TestTokenOfTheLoadServer_0123456789"
POSTED_TO = "Undersign by webhook"
STOCK, OURS_BELOW = "stock echo bot", "echo bot on our transport"
ECHO_POSTED_TO = "echo bot by webhook on our transport"
_OPEN = Budget(1e6, 1e6)


def undersign(root: str) -> None:
    """The application as `undersign run telegram` has it, but for a limiter that never has to wait."""
    product.run(lambda services, threads: TelegramSurface(services, threads, TOKEN, root, _open_limiter()).run())


def undersign_posted_to(root: str) -> None:
    """The same by webhook, at the port of the settings, with the product's own limiter."""

    async def both(services: Services, threads: ServiceThreads) -> None:
        listener = Listener(services.settings.web_host, services.settings.web_port or 0)
        surface = TelegramSurface(services, threads, TOKEN, root, listener=listener)
        await asyncio.gather(surface.run(), listener.run())

    product.run(both)


def _open_limiter() -> Limiter:
    return Limiter(Budgets(_OPEN, _OPEN, _OPEN))


def stock(root: str) -> None:
    """python-telegram-bot as its examples have it, handling updates concurrently."""
    _echo(ApplicationBuilder(), root)


def stock_on_our_transport(root: str) -> None:
    """The same on aiohttp."""
    calls, polls = AiohttpRequest(connections=100), AiohttpRequest(connections=1)
    _echo(ApplicationBuilder().request(calls).get_updates_request(polls), root)


def echo_posted_to(root: str) -> None:
    """The same by webhook, at the port of the settings; a post is answered when the echo has gone out."""
    asyncio.run(_echo_by_webhook(root))


async def _echo_by_webhook(root: str) -> None:
    calls, settings = AiohttpRequest(connections=100), load_settings()
    application = _echoing(ApplicationBuilder().request(calls).updater(None), root)

    async def take(post: web.Request) -> web.Response:
        await application.process_update(Update.de_json(await post.json(), application.bot))
        return web.Response()

    listener = Listener(settings.web_host, settings.web_port or 0)
    listener.add([web.post(PATH, take)])
    async with application, asyncio.TaskGroup() as tasks:
        tasks.create_task(listener.run())
        await listener.listening.wait()
        await application.bot.set_webhook(settings.public_url + PATH, secret_token="unchecked")


def _echo(builder: ApplicationBuilder, root: str) -> None:  # type: ignore[type-arg]
    _echoing(builder.concurrent_updates(True), root).run_polling()


def _echoing(builder: ApplicationBuilder, root: str) -> Application:  # type: ignore[type-arg]
    async def reply(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    application = builder.token(TOKEN).base_url(f"{root}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, reply))
    return application


KINDS: Mapping[str, Callable[[str], None]] = {
    UNDERSIGN: undersign,
    POSTED_TO: undersign_posted_to,
    STOCK: stock,
    OURS_BELOW: stock_on_our_transport,
    ECHO_POSTED_TO: echo_posted_to,
}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2])
