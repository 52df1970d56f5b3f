"""Milestone posts on Discord: where moderators want them, what arrives, and what is published."""

from __future__ import annotations

import pytest

from core.outbox import NewEntry
from core.outreach.milestones import CROSSED
from tests.bots.discord.test_announcements import delivered, outcomes
from tests.bots.discord.test_servers import moderator
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.places import NEWS, PRIVATE_THREAD, PUBLIC_THREAD, STAGE, TEXT, VOICE
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE


def cross(theatre: DiscordTheatre, number: int = 100) -> None:
    with theatre.world.work() as work:
        payload = {"petition": SALESFORCE, "number": number}
        work.outbox.put([NewEntry(CROSSED, f"{SALESFORCE}:{number}", theatre.world.now, payload)])
        work.commit()


async def test_a_server_whose_moderator_wants_milestones_gets_one(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate milestones status")
    assert "I don't post milestones in this server." in view.last.as_text()
    await view.command("moderate milestones on")
    assert f"I post in <#{theatre.channel.id}> each time the count passes a milestone: 100" in view.last.as_text()
    assert view.last.ephemeral
    cross(theatre)
    await delivered(theatre)
    post = view.last
    assert "100 people have signed!" in post.as_text()
    assert not post.ephemeral
    ada = (await theatre.person("Ada")).view
    await ada.press_on(post, "Sign")
    await ada.submit({"Postal code": "90210", **UNNAMED})
    await ada.press("Confirm")
    with theatre.world.work() as work:
        label = theatre.services.community_label("discord", str(theatre.guild.id))
        assert work.tallies.credited(SALESFORCE, label) == 1
    await view.command("moderate milestones off")
    assert "I don't post milestones in this server." in view.last.as_text()
    cross(theatre, 1000)
    await delivered(theatre)
    assert outcomes(theatre, "milestone.discord") == {"done": 1}


async def test_a_moderator_names_another_channel_which_gets_the_posts_from_then_on(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate milestones on")
    elsewhere = news_channel(view, theatre)
    for _ in range(2):
        await view.command("moderate milestones on", channel=elsewhere.channel)
    await view.command("moderate milestones status")
    assert f"I post in <#{elsewhere.channel.id}> each time" in view.last.as_text()
    cross(theatre)
    await delivered(theatre)
    assert "100 people have signed!" in elsewhere.last.as_text()
    assert view.last.ephemeral, "the first channel got nothing"


async def test_posts_in_an_announcement_channel_are_published_if_moderators_want(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate milestones on", publish=True)
    assert "Only posts in announcement channels can be published" in view.last.as_text()
    news = theatre.guild.channel("announcements", kind=NEWS)
    await view.command("moderate milestones on", channel=news, publish=True)
    assert f"I post in <#{news.id}> each time" in view.last.as_text()
    assert "I also publish each post" in view.last.as_text()
    cross(theatre)
    await delivered(theatre)
    (post,) = news.messages.values()
    assert post.published
    theatre.server.fail_next("POST", "/crosspost", 429, retry_after=1800)
    cross(theatre, 1000)
    await delivered(theatre)
    assert [each.published for each in news.messages.values()] == [True, False], "posted, though not published"
    theatre.server.heal()
    await view.command("moderate milestones on", channel=news)
    cross(theatre, 10_000)
    await delivered(theatre)
    assert [each.published for each in news.messages.values()] == [True, False, False], "nobody asked for it"
    assert outcomes(theatre, "milestone.discord") == {"done": 3}


@pytest.mark.parametrize(
    ("kind", "bot", "named"),
    [
        (TEXT, Permission.VIEW_CHANNEL, "View Channel and Send Messages"),
        (VOICE, MEMBER & ~Permission.CONNECT, "View Channel, Connect, and Send Messages"),
        (STAGE, Permission.NONE, "View Channel, Connect, and Send Messages"),
        (PUBLIC_THREAD, MEMBER & ~Permission.SEND_MESSAGES_IN_THREADS, "View Channel and Send Messages in Threads"),
    ],
)
async def test_a_channel_that_the_bot_may_not_write_in_is_named_with_its_permissions(
    theatre: DiscordTheatre, kind: int, bot: Permission, named: str
) -> None:
    view = await moderator(theatre)
    place = theatre.guild.channel("place", bot, kind)
    await view.command("moderate milestones on", channel=place)
    assert f"I can't post in <#{place.id}> yet" in view.last.as_text()
    assert f"these permissions: {named}." in view.last.as_text()
    await view.command("moderate milestones status")
    assert "I don't post milestones" in view.last.as_text()


async def test_here_only_the_permissions_that_are_missing_are_named(
    theatre: DiscordTheatre,
) -> None:
    mona = await moderator(theatre)
    voice = theatre.guild.channel("voice", MEMBER & ~Permission.CONNECT, VOICE)
    view = ChannelView(theatre.server, mona.user, voice)
    await view.command("moderate milestones on")
    assert "I can't post in this channel yet." in view.last.as_text()
    assert "these permissions: Connect." in view.last.as_text()


async def test_a_thread_that_is_closed_to_the_bot_is_named_with_the_reason(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    thread = theatre.guild.thread("talk", theatre.channel)
    thread.locked = True
    await view.command("moderate milestones on", channel=thread)
    assert f"Discord won't let me post in <#{thread.id}>. It may be locked" in view.last.as_text()
    thread.locked, thread.kind, thread.with_bot = False, PRIVATE_THREAD, False
    await view.command("moderate milestones on", channel=thread)
    assert f"I'm not in <#{thread.id}> yet, which is a private thread. Mention me" in view.last.as_text()
    thread.with_bot = True
    await view.command("moderate milestones on", channel=thread)
    assert f"I post in <#{thread.id}>" in view.last.as_text()


async def test_a_moderator_who_may_not_write_somewhere_cannot_make_the_bot_write_there(theatre: DiscordTheatre) -> None:
    rights = Permission.MANAGE_MESSAGES | Permission.VIEW_CHANNEL | Permission.USE_APPLICATION_COMMANDS
    view = await moderator(theatre, rights)
    await view.command("moderate milestones on", channel=theatre.guild.channel("news"))
    assert "You can't write in" in view.last.as_text()
    with theatre.world.work() as work:
        assert work.milestones.followers() == ()


def news_channel(view: ChannelView, theatre: DiscordTheatre) -> ChannelView:
    return ChannelView(theatre.server, view.user, theatre.guild.channel("news"))


async def test_a_channel_without_permission_says_so_and_a_deleted_one_is_not_tried_again(
    theatre: DiscordTheatre,
) -> None:
    view = await moderator(theatre)
    theatre.channel.bot = Permission.VIEW_CHANNEL
    await view.command("moderate milestones on")
    assert "Send" in view.last.as_text()
    theatre.channel.bot = MEMBER
    await view.command("moderate milestones on")
    theatre.channel.bot = Permission.NONE
    cross(theatre, 100)
    await delivered(theatre)
    assert outcomes(theatre, "milestone.discord") == {"Code50001": 1}
    theatre.channel.bot = MEMBER
    cross(theatre, 1000)
    await delivered(theatre)
    assert outcomes(theatre, "milestone.discord") == {"Code50001": 1, "done": 1}, "the permission came back"
    del theatre.server.world.channels[theatre.channel.id]
    for number in (10_000, 100_000):
        cross(theatre, number)
        await delivered(theatre)
    assert outcomes(theatre, "milestone.discord") == {"Code50001": 1, "done": 1, "Blocked": 1}


async def test_the_language_that_moderators_choose_is_that_of_later_cards_and_of_milestones_already_on(
    theatre: DiscordTheatre,
) -> None:
    view = await moderator(theatre)
    await view.command("moderate milestones on")
    await view.command("moderate language", language="es")
    cross(theatre)
    await delivered(theatre)
    assert "¡Ya han firmado 100 personas!" in view.last.as_text()
    await view.command("moderate post", petition=SALESFORCE)
    cards = [message for message in view.messages if not message.ephemeral]
    assert "[Firmar]" in cards[-1].as_text()
