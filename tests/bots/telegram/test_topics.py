"""Private chats with topics: everything goes to the topic that the person wrote or tapped in."""

from __future__ import annotations

import pytest

from tests.bots.telegram.private_chats import chat_of
from tests.bots.telegram.storage_trouble import away
from tests.bots.telegram.test_announcements import delivered
from tests.deliveries import announce
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.world import SALESFORCE


def topics(messages: ChatView) -> list[int | None]:
    return [message.topic for message in messages.chat.messages.values()]


async def test_a_signer_stays_in_the_topic_that_they_wrote_in(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    topic = chat.new_topic()
    await topic.send(f"/start {SALESFORCE}")
    for button in ("Sources", "Back to the petition", "Sign"):
        await topic.press(button)
    await topic.send("90210")
    await topic.press("Confirm")
    await topic.press("More")
    await topic.send("/mydata")
    assert "document" in topic.messages[-2].extra
    assert set(topics(chat)) == {topic.topic}


async def test_a_conversation_can_go_on_in_another_topic(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    first, second = chat.new_topic(), chat.new_topic()
    await first.send(f"/start {SALESFORCE}")
    await second.send("/help")
    assert "What would you like to do?" in second.last.text
    assert first.last.reply_markup, "each topic keeps the buttons of its last screen"
    await first.press("Sign")
    assert "What would you like to do?" in first.last.text, "as in any other old message"
    await first.press("Sign")
    assert "postal code" in first.last.text
    await second.send("90210")
    await second.press("Confirm")
    assert theatre.world.counted() == 1


async def test_pictures_go_to_the_topic(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    await chat.send(f"/start {SALESFORCE}--club--sign")
    await chat.send("90210")
    await chat.press("Confirm")
    olga = chat_of(theatre, 99, "Olga").new_topic()
    await olga.send(f"/chart {SALESFORCE}")
    assert any("photo" in message.extra for message in olga.messages)
    assert set(topics(olga)) == {olga.topic}


async def test_without_its_topic_the_answer_comes_in_the_chat(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    topic = chat.new_topic()
    await topic.send(f"/start {SALESFORCE}")
    topic.close_topic()
    await topic.send("/mydata")
    assert chat.last.topic is None
    assert "What we store, and who sees it" in chat.last.text
    assert "document" in chat.messages[-2].extra, "and the file, too"


async def test_an_announcement_comes_without_a_topic(theatre: TelegramTheatre) -> None:
    chat = chat_of(theatre)
    topic = chat.new_topic()
    await topic.send(f"/start {SALESFORCE}--club--sign")
    await topic.send("90210")
    await topic.press("Updates here")
    await topic.press("Confirm")
    announce(theatre.world)
    await delivered(theatre)
    assert (chat.last.topic, "Come on Friday!" in chat.last.text) == (None, True)
    await chat.press("Stop updates")
    assert chat.last.topic is None


async def test_an_apology_comes_in_the_topic(theatre: TelegramTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = chat_of(theatre).new_topic()
    with away(theatre.world, monkeypatch):
        await topic.send(f"/start {SALESFORCE}")
        assert "Try again in a minute" in topic.last.text
