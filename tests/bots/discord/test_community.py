"""`/petition community`: those who may manage a server see what it brought, alone, and nobody is exposed by it."""

from __future__ import annotations

import datetime as dt

import pytest

from core.signatures.signature import Signer
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE, TREES

MANAGER = MEMBER | Permission.MANAGE_GUILD


async def manager(theatre: DiscordTheatre, permissions: Permission = MANAGER, language: str = "en-US") -> ChannelView:
    person = theatre.server.person(900, "Mona", language)
    theatre.guild.join(person, permissions)
    return person.in_channel(theatre.channel)


async def signs(theatre: DiscordTheatre, count: int) -> None:
    for _ in range(count):
        view = (await theatre.person("Ada")).view
        await view.command("petition sign", petition=SALESFORCE)
        await view.submit({"Postal code": "90210", **UNNAMED})
        await view.press("Confirm")


async def test_a_manager_sees_the_servers_total_and_days_from_five_on(theatre: DiscordTheatre) -> None:
    view = await manager(theatre)
    await signs(theatre, 4)
    await view.command("petition community", petition=SALESFORCE)
    assert "Fewer than 5 people have signed through this community" in view.last.as_text()
    await signs(theatre, 1)
    theatre.world.now += dt.timedelta(days=2)
    await signs(theatre, 1)
    await view.command("petition community", petition=SALESFORCE)
    text = view.last.as_text()
    assert "6 people have signed through this community." in text
    assert "November 23, 2026" in text
    assert "November 25" not in text
    assert "fewer than 5" in text
    assert view.last.only_for is view.user


async def test_without_a_petition_all_are_listed(theatre: DiscordTheatre) -> None:
    view = await manager(theatre)
    await view.command("petition community")
    text = view.last.as_text()
    for slug in (SALESFORCE, TREES):
        assert theatre.world.petitions[slug].text("en").title in text.replace("\\", "")


@pytest.mark.parametrize("permissions", [MEMBER, MEMBER | Permission.MANAGE_MESSAGES])
async def test_others_read_who_may_use_it(theatre: DiscordTheatre, permissions: Permission) -> None:
    view = await manager(theatre, permissions)
    await view.command("petition community", petition=SALESFORCE)
    assert "Only members who can manage this server can use this command." in view.last.as_text()
    assert view.last.only_for is view.user


async def test_outside_of_a_server_there_is_none(theatre: DiscordTheatre) -> None:
    person = theatre.server.person(901, "Mona")
    theatre.guild.join(person, MANAGER)
    view = person.dm()
    await view.command("petition community", petition=SALESFORCE)
    assert "Use this command in a server you manage." in view.last.as_text()


async def test_the_reply_is_in_the_managers_language(theatre: DiscordTheatre) -> None:
    view = await manager(theatre, language="es-ES")
    assert "/petición comunidad - Las firmas recibidas a través de este servidor" in "\n".join(view.menu())
    await view.command("petition community", petition=SALESFORCE)
    assert "menos de 5 personas" in view.last.as_text()


async def test_asking_begins_no_conversation(theatre: DiscordTheatre) -> None:
    view = await manager(theatre)
    await view.command("petition community", petition=SALESFORCE)
    with theatre.world.work() as work:
        assert work.signers.find(Signer("discord", str(view.user.id))) is None
