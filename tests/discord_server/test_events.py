"""Events that a bot gets about messages, its own too; and roles, which count from the next interaction."""

import discord
import pytest

from tests.discord_server import MEMBER, DiscordServer, Permission
from tests.discord_server.conftest import Call
from tests.discord_server.errors import Json
from tests.discord_server.events import Action, create_interaction
from tests.discord_server.sessions import Session
from tests.discord_server.state import COMMAND

EVERYTHING = 1 << 0 | 1 << 9 | 1 << 12  # the intents for guilds, and for messages in guilds and in private


@pytest.fixture
def session(server: DiscordServer) -> Session:
    """A session without a socket, which keeps what it was sent."""
    made = Session("session", (0, 1), EVERYTHING, None)
    server.gateway.sessions.append(made)
    return made


def told(session: Session) -> list[tuple[str, Json]]:
    """The events so far; none of them twice."""
    history, session.history = session.history, []
    return history


async def test_a_bot_hears_what_it_wrote_itself(server: DiscordServer, call: Call, session: Session) -> None:
    dm = server.person(1, "Ada").dm()
    path = f"/channels/{dm.channel.id}/messages"
    _, sent = await call("POST", path, {"content": "a"})
    await call("PATCH", f"{path}/{sent['id']}", {"content": "b"})
    await call("DELETE", f"{path}/{sent['id']}")
    (created, made), (updated, changed), (deleted, gone) = told(session)
    assert (created, updated, deleted) == ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE")
    assert (made["content"], changed["content"]) == ("a", "b")
    assert made["author"]["bot"]
    assert gone == {"id": sent["id"], "channel_id": str(dm.channel.id)}


async def test_what_people_do_in_private_is_heard_with_the_intent_for_it(
    server: DiscordServer, session: Session
) -> None:
    dm = server.person(1, "Ada").dm()
    said = dm.say("hi")
    dm.edit(said, "hello")
    dm.pin(said)
    dm.delete(said)
    events = told(session)
    assert [event for event, _ in events] == [
        "MESSAGE_CREATE", "MESSAGE_UPDATE", "CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_CREATE", "MESSAGE_DELETE",
    ]  # fmt: skip
    assert events[3][1]["pinned"]
    assert events[4][1]["type"] == discord.MessageType.pins_add.value
    assert events[4][1]["message_reference"]["message_id"] == str(said.id)
    session.intents = 1 << 0 | 1 << 9
    dm.pin(dm.say("again"))
    assert not told(session)


async def test_in_a_guild_the_words_of_people_are_hidden(server: DiscordServer, session: Session) -> None:
    ada = server.person(1, "Ada")
    guild = server.guild("Riverside", [ada])
    view = ada.in_channel(guild.channel())
    view.edit(view.say("hi"), "hello")
    bodies = [body for event, body in told(session) if event.startswith("MESSAGE_")]
    assert [body["content"] for body in bodies] == ["", ""]
    assert {body["guild_id"] for body in bodies} == {str(guild.id)}


async def test_typing_shows_for_ten_seconds_or_until_the_message(server: DiscordServer, call: Call) -> None:
    dm = server.person(1, "Ada").dm()
    path = f"/channels/{dm.channel.id}"
    assert await call("POST", f"{path}/typing") == (204, None)
    assert dm.sees_typing
    server.skip(10)
    assert not dm.sees_typing
    await call("POST", f"{path}/typing")
    await call("POST", f"{path}/messages", {"content": "a"})
    assert not dm.sees_typing


async def test_a_thread_archives_itself_after_a_day_until_someone_writes_in_it(
    server: DiscordServer, call: Call
) -> None:
    ada = server.person(1, "Ada")
    guild = server.guild("Riverside", [ada])
    thread = guild.thread("Elms", guild.channel(bot=MEMBER))
    thread.bot |= Permission.SEND_MESSAGES_IN_THREADS
    path = f"/channels/{thread.id}/messages"
    _, sent = await call("POST", path, {"content": "a"})
    edit = ("PATCH", f"{path}/{sent['id']}", {"content": "b"})
    server.skip(86_000)
    assert (await call(*edit))[0] == 200
    server.skip(1_000)
    assert (await call(*edit))[1]["code"] == 50083, "an edit does not count as use"
    ada.in_channel(thread).say("still here?")
    assert (await call(*edit))[0] == 200
    server.skip(90_000)
    assert (await call(*edit))[1]["code"] == 50083
    await call("POST", path, {"content": "c"})
    assert (await call(*edit))[0] == 200
    thread.locked = True
    assert (await call(*edit))[1]["code"] == (await call("POST", path, {"content": "d"}))[1]["code"] == 160005


async def test_a_role_counts_from_the_next_interaction(server: DiscordServer) -> None:
    ada = server.person(1, "Ada")
    guild = server.guild("Riverside", [ada])
    channel, role = guild.channel(), guild.role("Moderators", Permission.MANAGE_MESSAGES)

    def held() -> Permission:
        made = create_interaction(server.world, ada.user, channel, Action(COMMAND, {"name": "petition"}))
        assert made.payload["channel"]["permissions"] == made.payload["member"]["permissions"]
        return Permission(int(made.payload["member"]["permissions"]))

    assert held() == MEMBER
    guild.give(ada, role)
    assert held() == MEMBER | Permission.MANAGE_MESSAGES
    role.permissions = Permission.MANAGE_GUILD
    assert held() == MEMBER | Permission.MANAGE_GUILD
    guild.take(ada, role)
    assert held() == MEMBER
