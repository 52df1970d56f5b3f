"""Members who post a card of their own: what they read before, who sees it, how often, and where not."""

from __future__ import annotations

import datetime as dt

import pytest

from bots.discord import custom_id
from tests.bots.discord.test_people import signed
from tests.bots.discord.test_servers import moderator
from tests.discord_server.kinds import walk
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.places import PRIVATE_THREAD, PUBLIC_THREAD, STAGE, TEXT, VOICE
from tests.discord_server.state import Channel, Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE, TREES, CountedWork

OFFER = "Post it here"


async def shares(view: ChannelView, petition: str = SALESFORCE) -> None:
    await view.command("petition share", petition=petition)
    await view.press(OFFER)


async def is_offered(view: ChannelView, petition: str = SALESFORCE) -> bool:
    """True if the answer to the command has the button, and says who would see it."""
    await view.command("petition share", petition=petition)
    return OFFER in view.last.as_text()


def place(theatre: DiscordTheatre, kind: int, bot: Permission = MEMBER) -> Channel:
    """A channel of a kind, or a thread."""
    theatre.channel.bot = bot
    if kind == PUBLIC_THREAD:
        return theatre.guild.thread("place", theatre.channel)
    return theatre.guild.channel("place", bot, kind)


def cards(view: ChannelView) -> list[Message]:
    return [message for message in view.messages if not message.ephemeral]


async def refresh(theatre: DiscordTheatre, minutes: int = 2) -> None:
    theatre.world.now += dt.timedelta(minutes=minutes)
    await theatre.surface.servers.refresh()
    await theatre.server.settle()


async def test_a_member_reads_who_sees_it_before_they_post_and_everyone_sees_who_did(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada"), await theatre.person("Ben")
    await ada.view.command("petition share", petition=SALESFORCE)
    assert "Everyone here sees that you posted it. Nobody sees whether you signed." in ada.view.last.as_text()
    await ada.view.press(OFFER)
    (card,) = cards(ben.view)
    assert card.source is not None
    assert card.source.user is ada.view.user, "Discord itself shows who used the bot"
    assert not theatre.server.calls("POST", f"/channels/{theatre.channel.id}/messages")


async def test_the_share_screen_says_it_also_where_the_page_has_a_link(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await signed(ada.view)
    assert "Everyone here sees that you posted it." in ada.view.last.as_text()
    assert "Everyone here sees" not in (await in_private(theatre)).last.as_text(), "there's nobody else"


async def test_a_private_thread_that_the_bot_was_not_added_to(theatre: DiscordTheatre) -> None:
    mona = await moderator(theatre)
    thread = theatre.guild.thread("secret", theatre.channel)
    thread.kind, thread.with_bot = PRIVATE_THREAD, False
    view = ChannelView(theatre.server, mona.user, thread)
    await view.command("moderate post", petition=SALESFORCE)
    assert "I'm not in this private thread yet. Mention me in a message here" in view.last.as_text()
    thread.with_bot = True
    await view.command("moderate post", petition=SALESFORCE)
    assert "The card is posted." in "".join(message.as_text() for message in view.messages)


async def in_private(theatre: DiscordTheatre) -> ChannelView:
    dm = (await theatre.person("Cleo")).dm
    await dm.command("petition share", petition=SALESFORCE)
    return dm


async def test_one_card_a_person_channel_and_day(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada"), await theatre.person("Ben")
    await shares(ada.view)
    await shares(ada.view, TREES)
    assert "You've already posted a card in this channel today." in ada.view.last.as_text()
    assert ada.view.last.only_for is ada.view.user
    await shares(ben.view)
    another = ChannelView(theatre.server, ada.view.user, theatre.guild.channel("another"))
    await shares(another)
    assert [len(cards(view)) for view in (ada.view, another)] == [2, 1]
    await theatre.restart()
    theatre.world.now += dt.timedelta(hours=23)
    await shares(ada.view)
    assert len(cards(ada.view)) == 3, "it's another day"


async def test_a_tap_that_arrives_twice_posts_once(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.view.command("petition share", petition=SALESFORCE)
    theatre.server.redeliver(await ada.view.press(OFFER))
    await theatre.server.settle()
    assert len(cards(ada.view)) == 1


async def test_a_members_card_stays_current_and_works(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada"), await theatre.person("Ben")
    await shares(ada.view)
    (card,) = cards(ada.view)
    await ben.view.press_on(card, "Sign")
    await ben.view.submit({"Postal code": "90210", "Hand in your name?": "No"})
    await refresh(theatre)
    assert "1 person has signed" in card.as_text()


async def test_a_slow_answer_is_posted_and_kept_current_as_well(theatre: DiscordTheatre) -> None:
    await theatre.stop_bot()
    await theatre.start_bot(defer_after=0)
    ada = await theatre.person("Ada")
    await shares(ada.view)
    (card,) = cards(ada.view)
    with theatre.services.queries.cards() as stored:
        assert [each.message for each in stored.in_chat("discord", str(theatre.channel.id))] == [str(card.id)]


async def test_no_member_posts_where_the_moderators_card_is_nor_replaces_it(theatre: DiscordTheatre) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    assert await is_offered(ada.view)
    await mona.command("moderate post", petition=SALESFORCE)
    (card,) = cards(mona)
    await ada.view.press(OFFER)
    assert f"This channel already has the petition's card: https://discord.com/channels/{theatre.guild.id}" in (
        ada.view.last.as_text()
    )
    assert cards(mona) == [card]
    await shares(ada.view, TREES)
    assert len(cards(mona)) == 2, "that petition had no card"
    await mona.command("moderate post", petition=SALESFORCE)
    assert "This channel already has the card" in mona.last.as_text()


async def test_a_member_is_not_offered_what_the_moderators_card_forbids(theatre: DiscordTheatre) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    await mona.command("moderate post", petition=SALESFORCE)
    (card,) = cards(mona)
    await ada.view.press_on(card, "Share")
    assert OFFER not in ada.view.last.as_text(), "nor the sentence about it"
    assert "Share the petition" in ada.view.last.as_text()
    assert await is_offered(ada.view, TREES)
    assert await is_offered(ada.dm) is False
    assert await is_offered(ChannelView(theatre.server, ada.view.user, theatre.guild.channel("another")))
    assert not ada.view.failed


async def test_once_the_moderators_card_is_deleted_members_are_offered_to_post_again(theatre: DiscordTheatre) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    await mona.command("moderate post", petition=SALESFORCE)
    mona.delete(cards(mona)[0])
    assert not await is_offered(ada.view), "the bot isn't told, so it looks after this answer"
    assert await is_offered(ada.view)
    await mona.command("moderate post", petition=SALESFORCE)
    path = f"/channels/{theatre.channel.id}/messages/{cards(mona)[0].id}"
    for hours in (0, 0, 1):
        theatre.world.now += dt.timedelta(hours=hours)
        assert not await is_offered(ada.view)
    assert len(theatre.server.calls("GET", path)) == 2, "once an hour"


async def test_the_rules_cost_no_transaction(theatre: DiscordTheatre) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    assert isinstance(theatre.world.work, CountedWork)
    costs = list[int]()
    for who in ("All members, with “Post it here”", "Only moderators"):
        await mona.command("moderate share", who=who)
        await is_offered(ada.view)
        before = theatre.world.work.begun
        await is_offered(ada.view)
        costs.append(theatre.world.work.begun - before)
    assert costs == [3, 3], "the label of the server, its credit, and the screen"


async def test_no_button_makes_a_members_card_one_of_the_moderators(theatre: DiscordTheatre) -> None:
    """A button with the server's label once made the bot post a card instead of theirs."""
    ada, channel = await theatre.person("Ada"), str(theatre.channel.id)
    await ada.view.command("petition share", petition=SALESFORCE)
    label = theatre.services.community_label("discord", str(theatre.guild.id))
    for component in walk(ada.view.last.components):
        if component.get("label") == OFFER:
            component["custom_id"] = custom_id.to_post(SALESFORCE, label)
    await ada.view.press(OFFER)
    with theatre.services.queries.cards() as stored:
        (posted,) = stored.in_chat("discord", channel)
    assert not posted.by_moderators


async def test_moderators_choose_who_posts(theatre: DiscordTheatre) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    assert await is_offered(ada.view)
    await mona.command("moderate share", who="Only moderators")
    assert "Only moderators can now post cards in this server." in mona.last.as_text()
    await ada.view.press(OFFER)
    assert "In this server, only moderators post cards." in ada.view.last.as_text()
    assert cards(mona) == []
    assert not await is_offered(ada.view)
    await theatre.restart()
    await mona.command("moderate share", who="All members, with “Post it here”")
    assert "Members can now post a petition's card" in mona.last.as_text()
    await shares(ada.view)
    assert len(cards(mona)) == 1


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (TEXT, Permission.SEND_MESSAGES),
        (VOICE, Permission.CONNECT),
        (STAGE, Permission.SEND_MESSAGES),
        (PUBLIC_THREAD, Permission.SEND_MESSAGES_IN_THREADS),
    ],
)
async def test_who_may_not_write_in_a_channel_cannot_post_there(
    theatre: DiscordTheatre, kind: int, lacking: Permission
) -> None:
    ada = theatre.server.person(905, "Ada")
    theatre.guild.join(ada)
    view = ada.in_channel(place(theatre, kind))
    assert await is_offered(view)
    theatre.guild.join(ada, MEMBER & ~lacking)
    await view.press(OFFER)
    assert "You can't write in this channel" in view.last.as_text()
    assert not await is_offered(view)
    assert cards(view) == []


@pytest.mark.parametrize(
    ("kind", "bot", "named"),
    [
        (VOICE, MEMBER & ~Permission.CONNECT, "Connect"),
        (STAGE, MEMBER & ~(Permission.CONNECT | Permission.SEND_MESSAGES), "Connect and Send Messages"),
        (PUBLIC_THREAD, MEMBER & ~Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
        (PUBLIC_THREAD, MEMBER & ~Permission.SEND_MESSAGES, ""),
    ],
)
async def test_each_kind_of_channel_needs_its_own_permission(
    theatre: DiscordTheatre, kind: int, bot: Permission, named: str
) -> None:
    mona = theatre.server.person(900, "Mona")
    theatre.guild.join(mona, MEMBER | Permission.MANAGE_MESSAGES)
    view = mona.in_channel(place(theatre, kind, bot))
    await view.command("moderate post", petition=SALESFORCE)
    expected = f"please give me these permissions: {named}." if named else "The card is posted."
    assert expected in view.last.as_text() + "".join(message.as_text() for message in view.messages)
    assert len(cards(view)) == (0 if named else 1)


@pytest.mark.parametrize("code", [200000, 240000])
async def test_a_card_that_a_servers_rules_block_is_explained(theatre: DiscordTheatre, code: int) -> None:
    mona, ada = await moderator(theatre), await theatre.person("Ada")
    theatre.server.fail_next("POST", f"/channels/{theatre.channel.id}/messages", 400, code, "Blocked")
    await mona.command("moderate post", petition=SALESFORCE)
    assert "a server rule blocks it" in mona.last.as_text()
    await ada.view.command("petition share", petition=SALESFORCE)
    theatre.server.fail_next("POST", "/callback", 400, code, "Blocked")
    await ada.view.press(OFFER)
    assert "a server rule blocks it" in ada.view.last.as_text()
    assert ada.view.last.only_for is ada.view.user
    assert cards(mona) == []
