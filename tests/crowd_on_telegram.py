"""Actions of people on Telegram about a crowd's petitions; the fake server refuses what is too large."""

from __future__ import annotations

import datetime as dt

from core.messages import Message
from tests.crowd import Crowd
from tests.crowd_names import LONGEST_COMMUNITY, words_of
from tests.crowd_stage import credit
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Person
from tests.telegram_server import Message as Posted
from tests.telegram_server.channels import share_channel
from tests.telegram_server.keyboards import buttons
from tests.world import catalog

_IN_GROUP = (
    "/petition", "/petition {slug}", "/petition move", "/petition move {slug}", "/petition language",
    "/petition language es", "/petition language en", "/count", "/community", "/milestone on", "/milestone",
    "/milestone off", "/help", "/stats",
)  # fmt: skip
_TYPED = ("/start", "/start {slug}", "hello", "/help", "/mysignatures", "/mydata", "/privacy", "/stats", "/nonsense")


async def play_on_telegram(theatre: TelegramTheatre, crowd: Crowd) -> None:
    """Let people use all that groups, channels, inline mode, and private chats offer; nothing may be refused."""
    slug, long = next(iter(crowd.every), "nowhere"), words_of(crowd.script, LONGEST_COMMUNITY)
    olga = theatre.server.person(99, "Olga", language_code=crowd.locale)
    dina = theatre.server.person(51, "Dina", language_code=crowd.locale)
    for text in _TYPED:
        await olga.private_chat().send(text.format(slug=slug))
        await _tap_first(olga.private_chat())
    await dina.private_chat().send("/start")
    await _in_group(theatre, olga, dina, long, slug)
    await _in_channel(theatre, olga, long, crowd.locale)
    await _inline(theatre, dina, crowd.locale)
    refused = [
        (call.method, call.description, str(call.params)[:200]) for call in theatre.server.log if call.status >= 400
    ]
    assert not refused, refused


async def _in_group(theatre: TelegramTheatre, olga: Person, dina: Person, title: str, slug: str) -> None:
    group = theatre.server.group(title, [dina], admins=[olga], supergroup=True)
    credit(theatre, theatre.services.community_label("telegram", str(group.chat.id)))
    admin, member = olga.in_group(group), dina.in_group(group)
    for text in _IN_GROUP:
        theatre.world.now += dt.timedelta(minutes=2)  # so that the group may get another line
        await admin.send(text.format(slug=slug))
    await member.send("/community")
    if slug in theatre.world.petitions:
        await admin.send(f"/petition {slug}")
        await _tap_all(member)
        await group.upgrade()
        theatre.world.now += dt.timedelta(minutes=2)
        await theatre.groups.cards.refresh()


async def _tap_all(view: ChatView) -> None:
    """Tap every button of the newest card that is not a link."""
    card = next(message for message in reversed(view.public) if _callbacks(message))
    for words in _callbacks(card):
        await view.tap(card, words)


async def _tap_first(view: ChatView) -> None:
    """Tap the first button of the newest message that is not a link, if it has any."""
    for words in _callbacks(view.last)[:1]:
        await view.tap(view.last, words)


def _callbacks(message: Posted) -> list[str]:
    every = (button for row in buttons(message.reply_markup) for button in row)
    return [button["text"] for button in every if "callback_data" in button]


async def _in_channel(theatre: TelegramTheatre, olga: Person, title: str, locale: str) -> None:
    """Post from the offer in private, and by Telegram's own list of channels."""
    channel, chat = theatre.server.channel(title, olga), olga.private_chat()
    await channel.promote_bot()
    offer = chat.last
    for text in ("/petition", "/petition nowhere", "/milestone on", "/milestone", "/help"):
        await channel.post(text)
    theatre.world.now += dt.timedelta(minutes=2)  # so that the channel may get another card
    for row in buttons(offer.reply_markup)[:1]:
        await chat.tap(offer, row[0]["text"])
    await chat.send("/help")
    await chat.press(catalog().text(Message("telegram.post_in_channel"), locale))
    theatre.world.now += dt.timedelta(minutes=2)
    for row in buttons(chat.chat.keyboard)[:1]:
        await share_channel(chat, row[0]["text"], channel)


async def _inline(theatre: TelegramTheatre, dina: Person, locale: str) -> None:
    """Look at all results, send the first, read it, and let the bot refresh it."""
    results = await dina.inline("")
    assert len(results) == len(theatre.world.petitions)
    for result in results[:1]:
        await dina.tap(await dina.choose(result), catalog().text(Message("button.read"), locale))
        theatre.world.now += dt.timedelta(minutes=2)
        await theatre.surface.inline.refresher.refresh()
