"""In groups, the bot always answers when it is addressed: to one person where it can, and never about a person."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bots.telegram.groups import configured, member_of, post_card
from tests.bots.telegram.test_groups import one_petition
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Person
from tests.telegram_server.world import Api

__all__ = ["one_petition"]

pytestmark = pytest.mark.parametrize("menus", [True])

COMMANDS = ("/count", "/help", "/milestone on", "/community", "/milestone", "/sign@undersign_bot")


async def moderator(theatre: TelegramTheatre) -> ChatView:
    """The administrator of a group, as they see it."""
    view = await member_of(theatre, card=False)
    return ChatView(theatre.server, theatre.server.world.accounts[50], view.chat)


async def proven(theatre: TelegramTheatre, view: ChatView) -> None:
    """Let the server show that it can send ephemeral messages, and wait for the menus that follow."""
    await post_card(theatre, view)
    await theatre.registered()
    theatre.surface.registered.clear()
    await view.press("Read")
    await theatre.registered()


@pytest.mark.parametrize("api", ["10.0", "10.3"])
async def test_commands_are_answered_by_a_line_until_the_server_has_shown_what_it_can(
    theatre: TelegramTheatre, api: Api
) -> None:
    theatre.server.world.api = api
    chat = await moderator(theatre)
    await theatre.registered()
    for line in COMMANDS:
        theatre.world.now += dt.timedelta(minutes=1)
        before = len(chat.public)
        await chat.send(line)
        assert len(chat.public) == before + 2, line
        assert not any(name in chat.last.text for name in ("Mod", "50", "Suzie")), line


async def test_then_nobody_else_sees_command_and_answer(theatre: TelegramTheatre) -> None:
    chat = await moderator(theatre)
    await proven(theatre, chat)
    public = list(chat.public)
    for line in COMMANDS[:-1]:
        sent = await chat.send(line)
        assert sent.ephemeral_id, line
        assert chat.last.ephemeral_id, line
        assert chat.last.position > sent.position, line
    assert chat.public == public
    assert chat.last.text.startswith("To get a post here each time")
    await chat.send("/petition")
    assert len(chat.public) == len(public) + 2, "the card is for everyone"


async def test_the_menus_say_so_only_while_the_server_is_trusted(theatre: TelegramTheatre) -> None:
    chat = await moderator(theatre)
    await theatre.registered()
    assert not any(command.get("is_ephemeral") for command in chat.commands())
    await proven(theatre, chat)
    alone = [command["command"] for command in chat.commands() if command.get("is_ephemeral")]
    assert alone == ["count", "help", "community", "milestone"]
    await configured(theatre, "off", "10.3")
    await theatre.registered()
    assert not any(command.get("is_ephemeral") for command in chat.commands())


async def test_an_ephemeral_command_never_gets_a_public_answer(theatre: TelegramTheatre) -> None:
    chat = await moderator(theatre)
    await proven(theatre, chat)
    public = list(chat.public)
    theatre.server.fail_next("sendMessage", 400, "Bad Request: EPHEMERAL_MESSAGE_NOT_ALLOWED", times=9)
    for line in COMMANDS[:-1]:
        await chat.send(line)
    assert chat.public == public


async def test_a_member_who_may_not_use_a_command_reads_it_in_private(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre, card=False)
    alone = Person(theatre.server, chat.person).private_chat()
    await alone.send("/start")
    for line in ("/community", "/milestone off"):
        await chat.send(line)
        assert alone.last.text == f"Only administrators of this group can use {line.split()[0]}."
    assert all(message.sender is chat.person for message in chat.public)


async def test_a_bot_that_administers_the_group_tells_members_there_alone(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre)
    chat.chat.statuses[theatre.server.world.bot.id] = "administrator"
    await chat.press("Read")
    public = len(chat.public)
    theatre.server.world.commands.clear()
    await chat.send("/community")
    assert chat.last.text == "Only administrators of this group can use /community."
    assert chat.last.ephemeral_id
    assert len(chat.public) == public + 1


@pytest.mark.parametrize("words", ["Bad Request: TOPIC_CLOSED", "Bad Request: not enough rights to send text messages"])
@pytest.mark.parametrize("line", ["/petition", "/count", "/help"])
async def test_what_the_bot_may_not_write_it_reports_in_private(
    theatre: TelegramTheatre, words: str, line: str
) -> None:
    chat = await member_of(theatre, card=False)
    alone = Person(theatre.server, chat.person).private_chat()
    await alone.send("/start")
    theatre.server.fail_next("sendMessage", 400, words, chat_id=chat.chat.id, times=3)
    await chat.send(line)
    assert alone.last.text.startswith("I can't answer you in “Tenants”: I may not write there, or the topic is closed.")


async def test_repeated_commands_do_not_fill_the_group(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre, card=False)
    alone = Person(theatre.server, chat.person).private_chat()
    await alone.send("/start")
    for _ in range(20):
        await chat.send("/count")
    said = [message for message in chat.public if message.sender is not chat.person]
    assert len(said) == 5
    assert alone.last.text == said[-1].text, "the others were answered in private"
    theatre.world.now += dt.timedelta(minutes=1)
    await chat.send("/count")
    assert len(chat.public) == 20 + 5 + 2


async def test_what_is_addressed_to_another_bot_or_nobody_gets_no_answer(theatre: TelegramTheatre) -> None:
    chat = await member_of(theatre, card=False)
    for line in ("hello", "/sign", "/help@other_bot", "/sign@other_bot", "/stats"):
        await chat.send(line)
    assert len(chat.public) == 5
    await chat.send("/stats@undersign_bot")
    assert chat.last.text.startswith("In a group, send /petition to see a petition")
