"""Stories of Telegram groups: cards in topics, and a moderator's week."""

from __future__ import annotations

import datetime as dt

import pytest

from core.petition.petition import Decision, PetitionStatus
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import Message
from tests.telegram_server.forum import GENERAL
from tests.world import SALESFORCE, TREES

pytestmark = pytest.mark.parametrize("theatre", ["telegram"], indirect=True)


async def pass_minutes(theatre: TelegramTheatre, minutes: int = 2) -> None:
    """Let the bot look for cards to refresh once a minute."""
    for _ in range(minutes):
        theatre.world.now += dt.timedelta(seconds=61)
        await theatre.groups.cards.refresh()
        await theatre.surface.deliveries.empty()


def win(theatre: TelegramTheatre) -> None:
    with theatre.world.work() as work:
        victory = Decision(PetitionStatus.VICTORY, words="They ended the contract.", since=theatre.world.now)
        work.decisions.save(SALESFORCE, victory)
        work.commit()


def texts_of_buttons(message: Message) -> list[str]:
    return [each["text"] for row in (message.markup or {}).get("inline_keyboard", []) for each in row]


async def test_in_a_topic(theatre: TelegramTheatre) -> None:
    """Two topics talk about the petition; one closes; the victory reaches both cards and the one in General."""
    del theatre.world.petitions[TREES]
    mona, dina = theatre.server.person(50, "Mona"), theatre.server.person(51, "Dina")
    group = theatre.server.group("Tenants", [dina], admins=[mona], supergroup=True)
    news, chat = group.open_topic("News"), group.open_topic("Chat")
    in_news, in_chat, general = (dina.in_topic(group, topic) for topic in (news, chat, GENERAL))
    for topic in (in_news, in_chat, general):
        await topic.send("/petition")
        assert topic.last.text.startswith("Tell Salesforce"), "each has a card of its own"
    cards = [topic.last for topic in (in_news, in_chat, general)]
    await in_chat.send("/petition")
    assert in_chat.last.reply_to is cards[1]
    group.close_topic(news)
    await mona.in_topic(group, news).send("/petition")
    assert in_news.last is cards[0], "the bot may not write in a closed topic"
    win(theatre)
    await pass_minutes(theatre, 4)
    for card in cards:
        assert "They ended the contract." in card.text
        assert "Sign" not in texts_of_buttons(card)


async def test_a_moderators_week(theatre: TelegramTheatre) -> None:
    """Mona adds the bot, chooses a language, moves the card, and reads of the victory on it."""
    del theatre.world.petitions[TREES]
    mona, dina = theatre.server.person(50, "Mona"), theatre.server.person(51, "Dina")
    group = theatre.server.group("Vecinas", [dina], admins=[mona], supergroup=True, bot="left")
    await group.add_bot()
    chat, members = mona.in_group(group), dina.in_group(group)
    monday = chat.last
    assert "Be the first to sign." in monday.text
    await chat.send("/petition language")
    assert "/petition language es: Español" in chat.last.text
    await chat.send("/petition language español")
    assert chat.last.text.startswith("Hecho.")
    await pass_minutes(theatre)
    assert "Sé la primera persona en firmar." in monday.text
    await members.send("/petition move")
    assert monday.text.startswith("Tell Salesforce"), "members move nothing"
    await members.send("/petition")
    assert members.last.reply_to is monday
    await chat.send("/petition move")
    thursday = chat.last
    assert monday.text == "Esta tarjeta está ahora más abajo."
    assert texts_of_buttons(monday) == ["Ir a la tarjeta"]
    win(theatre)
    await pass_minutes(theatre)
    assert "¡Victoria!" in thursday.text
    assert "Firmar" not in texts_of_buttons(thursday)
    await chat.delete(thursday)
    await members.send("/petition")
    assert "They ended the contract." in members.last.text, "what is asked for comes back, as it is now"
