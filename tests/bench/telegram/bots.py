"""`python -m tests.bench.telegram.bots KIND ROOT`: one of the bots that are compared, polling a server at ROOT."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bots.bootstrap import build
from bots.desk import Desk
from bots.log import start_logging
from bots.run import settle_memory
from bots.settings import load_settings
from bots.telegram.budgets import Budget, Budgets
from bots.telegram.limiter import Limiter
from bots.telegram.surface import TelegramSurface
from bots.telegram.transport import AiohttpRequest

TOKEN = "7654321:TestTokenOfTheLoadServer_0123456789"
UNDERSIGN, STOCK, OURS_BELOW = "Undersign", "stock echo bot", "echo bot on our transport"
_OPEN = Budget(1e6, 1e6)


def undersign(root: str) -> None:
    """The application as `undersign run telegram` has it, but for a limiter that never has to wait."""
    settings = load_settings()
    start_logging(settings.log_level)
    services = build(settings)
    desk = Desk(services.database.writers, services.database.together)
    limiter = Limiter(Budgets(_OPEN, _OPEN, _OPEN))
    surface = TelegramSurface(services, desk, TOKEN, root, limiter)
    settle_memory()
    asyncio.run(_until_stopped(surface))
    desk.close()
    services.close()


async def _until_stopped(surface: TelegramSurface) -> None:
    running = asyncio.ensure_future(surface.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


def stock(root: str) -> None:
    """python-telegram-bot as its examples have it, handling updates concurrently."""
    _echo(ApplicationBuilder(), root)


def stock_on_our_transport(root: str) -> None:
    """The same on aiohttp."""
    calls, polls = AiohttpRequest(connections=100), AiohttpRequest(connections=1)
    _echo(ApplicationBuilder().request(calls).get_updates_request(polls), root)


def _echo(builder: ApplicationBuilder, root: str) -> None:  # type: ignore[type-arg]
    async def reply(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    application = builder.token(TOKEN).base_url(f"{root}/bot").concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, reply))
    application.run_polling()


KINDS: Mapping[str, Callable[[str], None]] = {
    UNDERSIGN: undersign,
    STOCK: stock,
    OURS_BELOW: stock_on_our_transport,
}

if __name__ == "__main__":
    KINDS[sys.argv[1]](sys.argv[2])
