"""Cards that can't be edited for now: lost permissions, threads that rest, and published cards with their limits."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from tests.bots.discord.test_servers import moderator
from tests.discord_server.permissions import POSTER, Permission
from tests.discord_server.places import NEWS
from tests.discord_server.state import Channel, Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE, TREES

HOUR = dt.timedelta(hours=1)


async def posted(theatre: DiscordTheatre, channel: Channel, **options: bool) -> Message:
    mona = await moderator(theatre)
    view = ChannelView(theatre.server, mona.user, channel)
    await view.command("moderate post", petition=SALESFORCE, **options)
    return next(message for message in view.messages if not message.ephemeral)


async def signs(theatre: DiscordTheatre) -> None:
    """Someone signs elsewhere, so that all cards show an old count."""
    dm = (await theatre.person("Ada")).dm
    await dm.command("petition sign", petition=SALESFORCE)
    await dm.submit({"Postal code": "90210", **UNNAMED})
    await dm.press("Confirm")


async def passes(theatre: DiscordTheatre, time: dt.timedelta, step: dt.timedelta = HOUR) -> list[dt.datetime]:
    """Let time pass in steps; returns when the bot tried to edit the card."""
    end, tried = theatre.world.now + time, list[dt.datetime]()
    while theatre.world.now < end:
        theatre.world.now += step
        before = len(theatre.server.calls("PATCH", "/channels/"))
        await theatre.surface.servers.refresh()
        await theatre.surface.queue.empty()
        tried += [theatre.world.now] * (len(theatre.server.calls("PATCH", "/channels/")) - before)
    return tried


def turn_calendar(theatre: DiscordTheatre) -> None:
    """Let Discord's limits by the hour follow the time that the test sets."""

    def now() -> float:
        return theatre.world.now.timestamp()

    theatre.server.world.calendar = now


def lines(caplog: pytest.LogCaptureFixture, words: str = "a card was not refreshed") -> list[str]:
    return [record.getMessage() for record in caplog.records if words in record.getMessage()]


@pytest.mark.parametrize("code", [50001, 50013])
async def test_lost_permissions_are_waited_for_a_week(
    theatre: DiscordTheatre, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    card = await posted(theatre, theatre.channel)
    await signs(theatre)
    theatre.server.fail_next("PATCH", f"/messages/{card.id}", 403, code, "Missing", times=99)
    assert len(await passes(theatre, dt.timedelta(days=6))) > 8
    assert lines(caplog) == [f"a card was not refreshed: status 403, code {code}"]
    theatre.server.heal()
    await passes(theatre, dt.timedelta(days=1, hours=1))
    assert "1 person has signed" in card.as_text()


async def test_after_more_than_a_week_without_permission_a_card_is_forgotten(theatre: DiscordTheatre) -> None:
    card = await posted(theatre, theatre.channel)
    await signs(theatre)
    theatre.channel.bot = Permission.NONE
    await passes(theatre, dt.timedelta(days=9), step=3 * HOUR)
    theatre.channel.bot = POSTER
    assert await passes(theatre, dt.timedelta(days=2), step=3 * HOUR) == []
    assert "1 person has signed" not in card.as_text()


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 50083), (403, 160005), (400, 50024), (400, 30046), (400, 200000), (400, 240000)],
    ids=["50083", "160005", "50024", "30046", "200000", "240000"],
)
async def test_a_card_in_a_resting_thread_is_tried_less_and_less_and_at_once_when_it_is_used(
    theatre: DiscordTheatre, status: int, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    thread = theatre.guild.thread("place", theatre.channel)
    card = await posted(theatre, thread)
    await signs(theatre)
    if code == 50083:
        thread.archived = True
    elif code == 160005:
        thread.locked = True
    else:
        theatre.server.fail_next("PATCH", f"/messages/{card.id}", status, code, "Not now", times=999)
    first = await passes(theatre, HOUR, dt.timedelta(minutes=2))
    later = await passes(theatre, dt.timedelta(days=20), step=3 * HOUR)
    assert 4 < len(first) < 12, "the pauses double"
    assert len([each for each in later if each > theatre.world.now - dt.timedelta(days=10)]) in (9, 10), "one a day"
    assert lines(caplog) == [f"a card was not refreshed: status {status}, code {code}"]
    thread.archived = thread.locked = False
    theatre.server.heal()
    ben = (await theatre.person("Ben")).view
    await ChannelView(theatre.server, ben.user, thread).press_on(card, "Read")
    assert len(await passes(theatre, dt.timedelta(minutes=2), dt.timedelta(minutes=2))) == 1
    assert "1 person has signed" in card.as_text()


@pytest.mark.parametrize(("status", "code"), [(404, 10003), (404, 10008)])
async def test_what_no_longer_exists_is_forgotten(theatre: DiscordTheatre, status: int, code: int) -> None:
    card = await posted(theatre, theatre.channel)
    await signs(theatre)
    theatre.server.fail_next("PATCH", f"/messages/{card.id}", status, code, "Unknown")
    assert len(await passes(theatre, dt.timedelta(days=2), 4 * HOUR)) == 1


async def test_a_published_card_is_edited_three_times_an_hour_and_never_refused(theatre: DiscordTheatre) -> None:
    turn_calendar(theatre)
    card = await posted(theatre, theatre.guild.channel("announcements", kind=NEWS), publish=True)
    assert card.published
    tried = list[dt.datetime]()
    for _ in range(12):
        await signs(theatre)
        tried += await passes(theatre, dt.timedelta(minutes=15), dt.timedelta(minutes=3))
    for each in tried:
        assert len([other for other in tried if each <= other <= each + HOUR]) <= 3
    assert len(tried) >= 7
    assert {call.status for call in theatre.server.calls("PATCH", "/channels/")} == {200}


async def test_a_card_that_a_moderator_publishes_by_hand_is_treated_alike(theatre: DiscordTheatre) -> None:
    turn_calendar(theatre)
    card = await posted(theatre, theatre.guild.channel("announcements", kind=NEWS))
    card.flags |= 1
    for _ in range(2):
        await signs(theatre)
        tried = await passes(theatre, dt.timedelta(minutes=10), dt.timedelta(minutes=2))
    assert tried == [], "the first edit said that it is published"


async def test_the_wait_that_the_body_names_is_kept(theatre: DiscordTheatre) -> None:
    """The headers name one second; the body's wait is longer than the library itself would wait."""
    turn_calendar(theatre)
    card = await posted(theatre, theatre.guild.channel("announcements", kind=NEWS))
    card.flags |= 1
    card.published_edits = [theatre.world.now.timestamp()] * 3
    await signs(theatre)
    ends = theatre.world.now + HOUR
    first = await passes(theatre, dt.timedelta(minutes=2), dt.timedelta(minutes=2))
    assert len(first) == 1
    with theatre.services.queries.cards() as cards:
        (stored,) = cards.in_chat("discord", str(card.channel.id))
    assert stored.rests_until == ends
    # From the last quarter of the hour on, the library itself would wait, in real time.
    assert await passes(theatre, dt.timedelta(minutes=42), dt.timedelta(minutes=3)) == []
    assert await passes(theatre, dt.timedelta(minutes=15), dt.timedelta(minutes=3)) == []
    await theatre.restart()
    assert len(await passes(theatre, dt.timedelta(minutes=4), dt.timedelta(minutes=2))) == 1
    assert "1 person has signed" in card.as_text()


async def test_what_discord_does_not_publish_is_posted_all_the_same(theatre: DiscordTheatre) -> None:
    mona = await moderator(theatre)
    news = theatre.guild.channel("announcements", kind=NEWS)
    view = ChannelView(theatre.server, mona.user, news)
    theatre.server.fail_next("POST", "/crosspost", 429, retry_after=1800)
    await view.command("moderate post", petition=SALESFORCE, publish=True)
    texts = "".join(message.as_text() for message in view.messages)
    assert "The card is posted, but Discord won't let me publish it" in texts
    await view.command("moderate post", petition=SALESFORCE, publish=True)
    assert "published to the servers that follow this channel" in view.last.as_text()
    (card,) = (message for message in view.messages if not message.ephemeral)
    assert card.published
    await mona.command("moderate post", petition=SALESFORCE, publish=True)
    assert "Only posts in announcement channels can be published" in mona.last.as_text()


async def test_a_published_card_that_was_deleted_is_posted_again_although_it_may_not_be_edited_now(
    theatre: DiscordTheatre,
) -> None:
    news = theatre.guild.channel("announcements", kind=NEWS)
    card = await posted(theatre, news, publish=True)
    view = ChannelView(theatre.server, next(iter(theatre.guild.state.members.values())).user, news)
    await view.command("moderate post", petition=SALESFORCE)
    assert "This channel already has the card" in view.last.as_text()
    assert not theatre.server.calls("PATCH", "/channels/"), "looking counts as no edit"
    card.deleted = True
    await view.command("moderate post", petition=SALESFORCE)
    assert len([message for message in view.messages if not message.ephemeral]) == 1


async def test_removing_takes_the_cards_of_this_channel_away(theatre: DiscordTheatre) -> None:
    mona = await moderator(theatre)
    await mona.command("moderate remove")
    assert "There's no card in this channel." in mona.last.as_text()
    card = await posted(theatre, theatre.channel)
    await mona.command("moderate remove")
    assert "The card is removed." in mona.last.as_text()
    assert card.deleted
    await signs(theatre)
    assert await passes(theatre, HOUR, dt.timedelta(minutes=10)) == []


async def test_a_card_in_a_locked_thread_is_not_removed_until_it_is_open(theatre: DiscordTheatre) -> None:
    thread = theatre.guild.thread("place", theatre.channel)
    card = await posted(theatre, thread)
    mona = await moderator(theatre)
    view = ChannelView(theatre.server, mona.user, thread)
    thread.locked = True
    await view.command("moderate remove")
    assert "If this thread is archived or locked, reopen it and try again." in view.last.as_text()
    thread.locked = False
    await view.command("moderate remove")
    assert card.deleted


async def test_moderators_choose_the_language_of_all_cards_in_their_server(theatre: DiscordTheatre) -> None:
    cards = [await posted(theatre, theatre.channel), await posted(theatre, theatre.guild.channel("another"))]
    mona = await moderator(theatre)
    choices = await mona.complete("moderate language", "language", "esp")
    assert [(choice["name"], choice["value"]) for choice in choices] == [("Español", "es")]
    await mona.command("moderate language", language="Klingon " * 700)
    assert "I don't speak “Klingon" in mona.last.as_text()
    await mona.command("moderate language", language="es")
    assert "posts in this server are now in Español." in mona.last.as_text()
    await passes(theatre, dt.timedelta(minutes=4), dt.timedelta(minutes=2))
    assert all("Firmar" in card.as_text() for card in cards)


async def test_only_the_cards_of_the_petition_that_a_moderator_names_are_removed(theatre: DiscordTheatre) -> None:
    card = await posted(theatre, theatre.channel)
    mona = await moderator(theatre)
    await mona.command("moderate post", petition=TREES)
    await mona.command("moderate remove")
    assert "choose one under “petition”" in mona.last.as_text()
    await mona.command("moderate remove", petition=TREES)
    assert [message for message in mona.messages if not message.ephemeral] == [card]
