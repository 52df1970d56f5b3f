"""The calls that each action costs, as docs/design/discord.md lists them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.places import NEWS
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE

PETITION: dict[str, Any] = {"petition": SALESFORCE}


@pytest.fixture
async def mona(theatre: DiscordTheatre) -> ChannelView:
    """A moderator in an announcement channel of a server whose name the bot has learned today."""
    person = theatre.server.person(900, "Mona")
    theatre.guild.join(person, MEMBER | Permission.MANAGE_MESSAGES)
    view = person.in_channel(theatre.guild.channel("news", kind=NEWS))
    await view.command("petition count", **PETITION)
    return view


async def calls(theatre: DiscordTheatre, action: Awaitable[object]) -> int:
    """The number of calls that an action costs."""
    before = len(theatre.server.log)
    await action
    return len(theatre.server.log) - before


@pytest.mark.parametrize(
    ("command", "options", "cost"),
    [
        ("moderate post", PETITION, 4),
        ("moderate post", {**PETITION, "publish": True}, 5),
        ("moderate remove", PETITION, 2),
        ("moderate share", {"who": "Only moderators"}, 3),
        ("moderate language", {"language": "es"}, 3),
        ("moderate milestones on", {}, 4),
        ("moderate milestones status", {}, 2),
        ("moderate milestones off", {}, 2),
        ("moderate community", PETITION, 1),
    ],
)
async def test_a_moderators_command(
    theatre: DiscordTheatre, mona: ChannelView, command: str, options: dict[str, Any], cost: int
) -> None:
    assert await calls(theatre, mona.command(command, **options)) == cost
    if command == "moderate post":
        assert await calls(theatre, mona.command("moderate remove")) == 2 + 1


@pytest.mark.parametrize("name", ["show", "sign", "read", "sources", "share", "count"])
async def test_a_members_command(theatre: DiscordTheatre, mona: ChannelView, name: str) -> None:
    assert await calls(theatre, mona.command(f"petition {name}", **PETITION)) == 1


async def test_a_members_card_and_a_file_of_data(theatre: DiscordTheatre, mona: ChannelView) -> None:
    await mona.command("petition share", **PETITION)
    assert await calls(theatre, mona.press("Post it here")) == 1
    assert await calls(theatre, mona.complete("petition show", "petition", "sales")) == 1
    assert await calls(theatre, mona.command("mydata")) == 2


async def test_an_organizers_command(theatre: DiscordTheatre) -> None:
    dm = (await theatre.organizer()).dm()
    for line in (f"!link {SALESFORCE} flyer", f"!chart {SALESFORCE}", f"!announce {SALESFORCE} Hello", "!help"):
        dm.say(line)
        assert await calls(theatre, dm.settle()) == 1, line


async def test_an_organizers_command_in_their_server(theatre: DiscordTheatre) -> None:
    olga = await theatre.organizer()
    theatre.guild.allow("organize", olga)
    view = olga.in_channel(theatre.channel)
    for command, options in (("stats", PETITION), ("link", {**PETITION, "label": "flyer"}), ("review", PETITION)):
        assert await calls(theatre, view.command(f"organize {command}", **options)) == 1, command
    await view.command("organize announce")
    assert await calls(theatre, view.press("Write it in a form")) == 1
    assert await calls(theatre, view.submit({"Your announcement": "Hello!"})) == 1
