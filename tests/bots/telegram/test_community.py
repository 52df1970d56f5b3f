"""`/community` in groups: administrators see what their group brought, and nobody is exposed by it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bots.telegram.test_groups import group_of, links, one_petition
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.state import Chat

__all__ = ["one_petition"]


async def signs(theatre: TelegramTheatre, payload: str, *numbers: int) -> None:
    for number in numbers:
        person = theatre.server.person(100 + number, f"Person {chr(65 + number)}").private_chat()
        await person.send(f"/start {payload}")
        await person.send("90210")
        await person.press("Confirm")


async def payload_of(chat: ChatView) -> str:
    await chat.send("/petition@undersign_bot")
    return links(chat)[0].partition("start=")[2]


async def test_an_administrator_sees_total_and_days_from_five_on(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    payload = await payload_of(chat)
    await signs(theatre, payload, *range(4))
    await chat.send("/community")
    assert "Fewer than 5 people have signed through this community" in chat.last.text
    await signs(theatre, payload, 4)
    theatre.world.now += dt.timedelta(days=1)
    await signs(theatre, payload, *range(5, 9))
    await chat.send("/community@undersign_bot")
    text = chat.last.text
    assert "9 people have signed through this community." in text
    assert "November 23, 2026: +5" in text
    assert "November 24" not in text, "four on a day might identify a signer"
    assert "Each other day: fewer than 5" in text
    theatre.world.now += dt.timedelta(days=6)
    await chat.send("/community")
    assert "November 23" not in chat.last.text, "a week is over"


async def test_a_group_sees_only_what_it_brought_itself(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre)
    await signs(theatre, await payload_of(chat), *range(5))
    other = theatre.server.person(60, "Max")
    elsewhere = other.in_group(theatre.server.group("Others", [], admins=[other]))
    await elsewhere.send("/community")
    assert "Fewer than 5 people" in elsewhere.last.text


async def test_others_are_told_that_it_is_for_administrators_and_in_private_it_does_not_exist(
    theatre: TelegramTheatre,
) -> None:
    group, _ = group_of(theatre)
    member = theatre.server.person(51, "Member").in_group(group)
    await member.send("/community")
    assert member.last.text == "Only administrators of this group can use /community."
    alone = theatre.server.person(50, "Mod").private_chat()
    replies = []
    for line in ("/nosuchcommand", "/community"):
        await alone.send(line)
        replies.append(alone.last.text)
    assert replies[0] == replies[1]


async def test_an_administrator_who_stays_anonymous_is_one(theatre: TelegramTheatre) -> None:
    _, chat = group_of(theatre, supergroup=True)
    await chat.send_as(chat.chat, "/community")
    assert "Fewer than 5 people" in chat.last.text


async def test_a_member_who_writes_for_a_channel_is_none(theatre: TelegramTheatre) -> None:
    group, _ = group_of(theatre, supergroup=True)
    member = theatre.server.person(51, "Member").in_group(group)
    await member.send_as(Chat(-1_000_000_000_777, "channel", title="News"), "/community")
    assert member.last.text == "Only administrators of this group can use /community."


@pytest.mark.parametrize("status", [400, 403])
async def test_figures_stay_hidden_while_telegram_does_not_name_the_administrators(
    theatre: TelegramTheatre, status: int
) -> None:
    _, chat = group_of(theatre)
    theatre.server.fail_next("getChatAdministrators", status, "Bad Request: CHANNEL_PRIVATE")
    await chat.send("/community")
    assert chat.last.text.startswith("Telegram hasn't told me who administers this group")
    await chat.send("/community")
    assert "Fewer than 5 people" in chat.last.text


@pytest.mark.parametrize("menus", [True])
async def test_only_administrators_find_it_in_their_menu(theatre: TelegramTheatre) -> None:
    group, chat = group_of(theatre)
    await theatre.registered()
    member = theatre.server.person(51, "Member")
    assert "community" in chat.menu()
    assert "community" not in member.in_group(group).menu() + member.private_chat().menu()
