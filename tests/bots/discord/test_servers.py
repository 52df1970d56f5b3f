"""Cards in servers: who may post them, that they work for months, and when they stop."""

from __future__ import annotations

import datetime as dt

import pytest

from core.signatures.signature import SignatureStatus
from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE

MODERATOR = MEMBER | Permission.MANAGE_MESSAGES


async def moderator(
    theatre: DiscordTheatre, permissions: Permission = MODERATOR, language: str = "en-US"
) -> ChannelView:
    person = theatre.server.person(900, "Mona", language)
    theatre.guild.join(person, permissions)
    return person.in_channel(theatre.channel)


async def posted(theatre: DiscordTheatre) -> Message:
    view = await moderator(theatre)
    await view.command("moderate post", petition=SALESFORCE)
    return view.last


async def sign_on(view: ChannelView, card: Message) -> None:
    await view.press_on(card, "Sign")
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")


async def test_a_card_works_for_everybody_and_after_a_restart(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    ada, ben = (await theatre.person("Ada")).view, (await theatre.person("Ben")).view
    await sign_on(ada, card)
    await theatre.restart()
    await sign_on(ben, card)
    assert theatre.world.counted() == 2
    assert not card.edits, "a signer does not change the card that everyone sees"
    signatures = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    (label,) = {signature.label for signature in signatures}
    assert label == theatre.services.community_label("discord", str(theatre.guild.id)), "the server"
    for words, then in (
        ("Read", "page 1 of 2"),
        ("Sources", "cites 3 sources"),
        ("Share", "Share the petition"),
    ):
        await ada.press_on(card, words)
        assert then in ada.last.as_text()
        assert ada.last.only_for is ada.user


@pytest.mark.parametrize(
    ("server", "moderators", "expected"), [("es-ES", "en-US", "Firmar"), ("en-US", "es-ES", "Sign")]
)
async def test_a_card_is_in_the_servers_language_or_else_the_petitions(
    theatre: DiscordTheatre, server: str, moderators: str, expected: str
) -> None:
    mona = theatre.server.person(904, "Mona", moderators)
    guild = theatre.server.guild("Elsewhere", moderators=[mona], locale=server)
    view = mona.in_channel(guild.channel())
    await view.command("moderate post", petition=SALESFORCE)
    card = next(message for message in view.messages if not message.ephemeral)
    assert expected in card.as_text()


async def test_its_count_is_refreshed_at_most_once_a_minute(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    for number, name in enumerate(("Ada", "Ben")):
        await sign_on((await theatre.person(name)).view, card)
        for _ in range(2):
            theatre.world.now += dt.timedelta(seconds=31)
            await theatre.surface.servers.refresh()
            await theatre.server.settle()
        assert len(theatre.server.calls("PATCH", f"/messages/{card.id}")) == number + 1
    assert "2 people have signed" in card.as_text()


@pytest.mark.parametrize("missing", ["message", "channel", "permission"])
async def test_refreshing_stops_when_the_card_is_deleted(
    theatre: DiscordTheatre, missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    card = await posted(theatre)
    await sign_on((await theatre.person("Ada")).view, card)
    if missing == "message":
        (await moderator(theatre)).delete(card)
    elif missing == "channel":
        del theatre.server.world.channels[theatre.channel.id]
    else:
        theatre.channel.bot = Permission.NONE
    for _ in range(2):
        theatre.world.now += dt.timedelta(minutes=2)
        await theatre.surface.servers.refresh()
        await theatre.server.settle()
    passing = missing == "permission"  # it may come back, so the bot tries again
    assert len(theatre.server.calls("PATCH", "/channels/")) == (2 if passing else 1)
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


async def test_asking_again_leads_to_the_card_and_posts_it_anew_only_if_it_was_deleted(
    theatre: DiscordTheatre,
) -> None:
    view = await moderator(theatre)
    card = await posted(theatre)
    for _ in range(2):
        theatre.world.now += dt.timedelta(minutes=2)
        await sign_on((await theatre.person(f"P{_}")).view, card)
        await theatre.surface.servers.refresh()
        await theatre.server.settle()
    await view.command("moderate post", petition=SALESFORCE)
    link = f"https://discord.com/channels/{theatre.guild.id}/{theatre.channel.id}/{card.id}"
    assert f"This channel already has the card: {link}" in view.last.as_text()
    view.delete(card)
    await view.command("moderate post", petition=SALESFORCE)
    assert "The card is posted" in view.messages[-2].as_text() + view.last.as_text()


async def test_a_card_whose_post_was_answered_by_silence_is_posted_once(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    theatre.server.drop_next("POST", f"/channels/{theatre.channel.id}/messages", applied=True)
    await view.command("moderate post", petition=SALESFORCE)
    assert len([message for message in view.messages if not message.ephemeral]) == 1
    assert any("The card is posted" in message.as_text() for message in view.messages)


async def test_a_card_of_a_removed_petition_says_so(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    petition = theatre.world.petitions.pop(SALESFORCE)
    ada = (await theatre.person("Ada")).view
    await ada.press_on(card, "Sign")
    assert "There's no petition by that name here" in ada.last.as_text()
    theatre.world.petitions[SALESFORCE] = petition


async def test_a_refresh_that_failed_for_a_moment_is_made_again(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    await sign_on((await theatre.person("Ada")).view, card)
    theatre.server.fail_next("PATCH", "/messages/", 400, 0, "Something else")
    for _ in range(2):
        theatre.world.now += dt.timedelta(minutes=2)
        await theatre.surface.servers.refresh()
        await theatre.server.settle()
    assert "1 person has signed" in card.as_text()


async def test_only_moderators_are_offered_the_command_in_servers_with_the_bot(
    theatre: DiscordTheatre,
) -> None:
    mona = await moderator(theatre)
    assert "/moderate post - Post a petition's card in this channel" in mona.menu()
    ada = await theatre.person("Ada")
    elsewhere = theatre.server.guild("Elsewhere", bot=False)
    max_ = theatre.server.person(901, "Max", installed=True)
    elsewhere.join(max_, MODERATOR)
    for view in (ada.view, ada.dm, max_.dm(), max_.in_channel(elsewhere.channel("general"))):
        assert not [line for line in view.menu() if line.startswith("/moderate")]
        assert [line for line in view.menu() if line.startswith("/petition show")]


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (Permission.NONE, "View Channel and Send Messages"),
        (Permission.VIEW_CHANNEL, "give me these permissions: Send Messages."),
    ],
)
async def test_missing_permissions_are_named_before_posting(
    theatre: DiscordTheatre, allowed: Permission, expected: str
) -> None:
    theatre.channel.bot = allowed
    view = await moderator(theatre)
    await view.command("moderate post", petition=SALESFORCE)
    assert expected in view.last.as_text()
    assert not theatre.server.calls("POST", "/messages")


async def test_a_second_card_at_once_is_not_posted_nor_one_for_a_redelivered_command(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    interaction = await view.command("moderate post", petition=SALESFORCE)
    theatre.server.redeliver(interaction)
    await theatre.server.settle()
    await view.command("moderate post", petition=SALESFORCE)
    assert "This channel already has the card" in view.last.as_text()
    assert len(theatre.server.calls("POST", "/messages")) == 1


async def test_with_several_petitions_the_moderator_is_asked_which(theatre: DiscordTheatre) -> None:
    view = await moderator(theatre)
    await view.command("moderate post")
    assert "Which petition?" in view.last.as_text()


async def test_the_servers_own_count_shows_from_five_on(theatre: DiscordTheatre) -> None:
    card = await posted(theatre)
    for number in range(5):
        view = (await theatre.person(f"Person {'ABCDE'[number]}")).view
        await sign_on(view, card)
        await view.command("petition count", petition=SALESFORCE)
        assert ("through this server" in view.last.as_text()) == (number == 4)
    assert "5 people have signed through this server." in view.last.as_text()


async def test_the_servers_name_is_kept_for_organizers(theatre: DiscordTheatre) -> None:
    await posted(theatre)
    assert [each.title for each in theatre.services.queries.communities()] == ["Riverside"]
