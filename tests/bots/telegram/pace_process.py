"""A process of the bot that sends without a pause, in reply and in the background."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from pathlib import Path

from telegram.error import TelegramError

from bots.app.bootstrap import build
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.process import Process
from bots.telegram.calls import Calls
from bots.telegram.limiter import BACKGROUND, REPLY, shared_limiter
from bots.telegram.transport import AiohttpRequest
from tests.telegram_server import TOKEN

AT_ONCE = 8


def send_forever(root: str, folder: Path, chats: range) -> None:
    """Send to these chats in turn, each seldom enough for its own limit, until killed."""
    asyncio.run(_send_forever(root, folder, chats))


async def _send_forever(root: str, folder: Path, chats: range) -> None:
    with closing(build(Settings(data_dir=folder, organizers="telegram:99"))) as services:
        threads = ServiceThreads(services.database.writers, services.database.together)
        request = AiohttpRequest()
        await request.initialize()
        calls = Calls(request, Process(services, threads).share(shared_limiter), f"{root}/bot{TOKEN}")

        async def send(first: int) -> None:
            while True:
                for chat in chats[first::AT_ONCE]:
                    with suppress(TelegramError):
                        values = {"chat_id": chat, "text": f"Hello, {chat}"}
                        await calls.post("sendMessage", values, BACKGROUND if chat % 4 == 0 else REPLY)

        await asyncio.gather(*map(send, range(AT_ONCE)))
