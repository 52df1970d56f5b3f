"""`/moderate community`: moderators see what their server brought, alone, and nobody is exposed by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.petition.envelope import with_digests
from core.services.community import MOST_LISTED
from core.signatures.signature import Signer
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE, TREES, catalog, petitions

MODERATOR = MEMBER | Permission.MANAGE_MESSAGES


async def moderator(theatre: DiscordTheatre, language: str = "en-US") -> ChannelView:
    person = theatre.server.person(900, "Mona", language)
    theatre.guild.join(person, MODERATOR)
    return person.in_channel(theatre.channel)


async def signs(theatre: DiscordTheatre, count: int) -> None:
    for _ in range(count):
        view = (await theatre.person("Ada")).view
        await view.command("petition sign", petition=SALESFORCE)
        await view.submit({"Postal code": "90210", **UNNAMED})
        await view.press("Confirm")


async def test_a_moderator_sees_the_servers_total_and_days_from_five_on(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await signs(theatre, 4)
    await view.command("moderate community", petition=SALESFORCE)
    assert "Fewer than 5 people have signed through this community" in view.last.as_text()
    await signs(theatre, 1)
    theatre.world.now += dt.timedelta(days=2)
    await signs(theatre, 1)
    await view.command("moderate community", petition=SALESFORCE)
    text = view.last.as_text()
    assert "6 people have signed through this community." in text
    assert "November 23, 2026" in text
    assert "November 25" not in text
    assert "fewer than 5" in text
    assert view.last.only_for is view.user


async def test_without_a_petition_all_are_listed(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate community")
    text = view.last.as_text()
    for slug in (SALESFORCE, TREES):
        assert theatre.world.petitions[slug].text("en").title in text.replace("\\", "")


async def test_with_many_petitions_the_reply_says_how_to_see_another(theatre: DiscordTheatre) -> None:
    view, how = await moderator(theatre), "To see another petition, send /moderate community again"
    for count, is_left_out in ((MOST_LISTED, False), (MOST_LISTED + 1, True)):
        for number in range(count - len(theatre.world.petitions)):
            named = replace(petitions()[SALESFORCE], slug=f"p{count}-{number}")
            theatre.world.petitions[named.slug] = with_digests(named, catalog())
        await view.command("moderate community")
        text = view.last.as_text()
        assert (how in text, "And one more." in text) == (is_left_out, is_left_out)
    await view.command("moderate community", petition=SALESFORCE)
    assert how not in view.last.as_text()


async def test_the_reply_is_in_the_moderators_language(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre, language="es-ES")
    assert "/moderar comunidad - Ver cuántas personas firmaron" in "\n".join(view.menu())
    await view.command("moderate community", petition=SALESFORCE)
    assert "menos de 5 personas" in view.last.as_text()


async def test_asking_begins_no_conversation(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate community", petition=SALESFORCE)
    with theatre.world.work() as work:
        assert work.signers.find(Signer("discord", str(view.user.id))) is None
