"""Members of groups who sign there, for tests on Telegram."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.keyboards import Button, buttons
from tests.telegram_server.state import Chat
from tests.telegram_server.world import Api


async def configured(theatre: TelegramTheatre, mode: str, api: Api) -> None:
    """Start the bot again with a setting, on a server of a version of the Bot API."""
    settings = theatre.services.settings.model_copy(update={"telegram_ephemeral": mode})
    theatre.services = replace(theatre.services, settings=settings)
    theatre.server.world.api = api
    await theatre.restart()


async def member_of(theatre: TelegramTheatre, number: int = 7, name: str = "Suzie Q", *, card: bool = True) -> ChatView:
    """A member of the group Tenants, in which the card has been posted if there is to be one."""
    world = theatre.server.world
    chat = next((chat for chat in world.chats.values() if chat.title == "Tenants"), None) or _group(theatre)
    first, _, last = name.partition(" ")
    person = theatre.server.person(number, first, last or None)
    chat.statuses[number] = "member"
    view = ChatView(theatre.server, person.account, chat)
    if card:
        await post_card(theatre, view)
    return view


def _group(theatre: TelegramTheatre) -> Chat:
    """A new group, on a server whose time stops, since a tap would be too old after 15 seconds of a slow machine."""
    now = theatre.server.world.clock()
    theatre.server.world.clock = lambda: now
    return theatre.server.group("Tenants", [], admins=[theatre.server.person(50, "Mod")], supergroup=True).chat


async def post_card(theatre: TelegramTheatre, view: ChatView) -> None:
    """Let the moderator post a card, a minute after the last one."""
    theatre.world.now += dt.timedelta(minutes=2)
    await ChatView(theatre.server, theatre.server.world.accounts[50], view.chat).send("/petition")


def buttons_of(chat: ChatView) -> list[Button]:
    """The buttons of the bot's newest message that this person sees."""
    return [button for row in buttons(chat.last.markup) for button in row]


async def signs_here(chat: ChatView, code: str = "90210") -> None:
    """Sign in the group: tap Sign, answer the question, and confirm."""
    await chat.press("Sign")
    await chat.send(code, reply_to=chat.last)
    await chat.press("Confirm")
