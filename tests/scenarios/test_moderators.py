"""Stories of moderators: what their community achieved, and what stays hidden from them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.discord_server.permissions import MEMBER, Permission
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.scenarios.stage import TelegramTheatre, Theatre
from tests.telegram_server import ChatView
from tests.world import SALESFORCE, TREES


@pytest.mark.parametrize("theatre", ["telegram", "discord"], indirect=True)
async def test_mona_posts_the_card_and_sees_what_her_community_brought(theatre: Theatre) -> None:
    """The terminal has no communities."""
    del theatre.world.petitions[TREES]
    if isinstance(theatre, TelegramTheatre):
        await _in_a_group(theatre)
    else:
        assert isinstance(theatre, DiscordTheatre)
        await _in_a_server(theatre)


async def _in_a_group(theatre: TelegramTheatre) -> None:
    mona, dina = theatre.server.person(50, "Mona"), theatre.server.person(51, "Dina")
    group = theatre.server.group("Tenants", [dina], admins=[mona])
    chat = mona.in_group(group)
    await chat.send("/petition")
    assert chat.last.markup
    payload = chat.last.markup["inline_keyboard"][1][0]["url"].partition("start=")[2]
    for number in range(5):
        assert "through this community." not in await _reply_to_community(theatre, chat)
        person = theatre.server.person(100 + number, "Ada").private_chat()
        await person.send(f"/start {payload}")
        await person.send("90210")
        await person.press("Confirm")
    assert "5 people have signed through this community." in await _reply_to_community(theatre, chat)
    await dina.in_group(group).send("/community")
    assert chat.last.text == "Only administrators of this group can use /community."


async def _reply_to_community(theatre: TelegramTheatre, chat: ChatView) -> str:
    theatre.world.now += dt.timedelta(minutes=1)
    await chat.send("/community")
    return chat.last.text


async def _in_a_server(theatre: DiscordTheatre) -> None:
    mona = theatre.server.person(900, "Mona", "en-US")
    theatre.guild.join(mona, MEMBER | Permission.MANAGE_MESSAGES)
    view = mona.in_channel(theatre.channel)
    await view.command("moderate post", petition=SALESFORCE)
    card = view.last
    for number in range(5):
        await view.command("moderate community")
        assert "through this community." not in view.last.as_text()
        ada = (await theatre.person(f"Ada {chr(65 + number)}")).view
        await ada.press_on(card, "Sign")
        await ada.submit({"Postal code": "90210", **UNNAMED})
        await ada.press("Confirm")
    await view.command("moderate community")
    assert "5 people have signed through this community." in view.last.as_text()
    assert view.last.only_for is view.user
