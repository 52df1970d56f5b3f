"""The fake server treats topics as Telegram does."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest

from tests.bots.telegram.bots import bot_on
from tests.telegram_server import TelegramServer
from tests.telegram_server.forum import GENERAL


async def test_a_message_goes_to_its_topic_unless_that_is_closed_deleted_or_unknown(server: TelegramServer) -> None:
    owner = server.person(50, "Mod")
    group = server.group("Tenants", [owner], supergroup=True)
    news = group.open_topic("News")
    async with bot_on(server.root) as bot:
        sent = await bot.send_message(group.chat.id, "Here", message_thread_id=news)
        assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (news, True, True)
        assert [each.text for each in owner.in_topic(group, news).messages] == ["Here"]
        assert (await bot.send_message(group.chat.id, "There")).message_thread_id is None
        assert [each.text for each in owner.in_topic(group, GENERAL).messages] == ["There"]
        for unknown in (GENERAL, 999):
            with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
                await bot.send_message(group.chat.id, "Lost", message_thread_id=unknown)
        group.close_topic(news)
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await bot.send_message(group.chat.id, "Late", message_thread_id=news)
        await sent.edit_text("Edited")  # the bot's own message can still change
        group.delete_topic(news)
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await sent.edit_text("Gone")
        with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
            await bot.send_message(group.chat.id, "Gone", message_thread_id=news)
        group.close_topic(GENERAL)
        with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
            await bot.send_message(group.chat.id, "Late")


async def test_an_administrator_bot_may_write_in_a_closed_topic(server: TelegramServer) -> None:
    group = server.group("Tenants", [server.person(50, "Mod")], bot="administrator", supergroup=True)
    news = group.open_topic("News")
    group.close_topic(news)
    async with bot_on(server.root) as bot:
        assert (await bot.send_message(group.chat.id, "Here", message_thread_id=news)).message_thread_id == news


async def test_a_group_without_topics_has_no_threads(server: TelegramServer) -> None:
    group = server.group("Tenants", [server.person(50, "Mod")])
    async with bot_on(server.root) as bot:
        with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
            await bot.send_message(group.chat.id, "Lost", message_thread_id=7)
