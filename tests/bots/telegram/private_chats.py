"""Private chats with the bot, for tests on Telegram."""

from __future__ import annotations

from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.world import SALESFORCE


def chat_of(theatre: TelegramTheatre, number: int = 7, name: str = "Suzie", language: str = "en") -> ChatView:
    return theatre.server.person(number, name, language_code=language).private_chat()


async def signed(theatre: TelegramTheatre, number: int = 7, name: str = "Suzie") -> ChatView:
    chat = chat_of(theatre, number, name)
    await chat.send(f"/start {SALESFORCE}")
    await chat.press("Sign")
    await chat.send("90210")
    await chat.press("Confirm")
    return chat
